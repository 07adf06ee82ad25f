"""The JavaScript around the FEEL interpreter: what is closed off, and the one function Python calls."""

PRELUDE = """
"use strict";
// FEEL has no clock here: a step's time comes in as a variable. What date(y, m, d) builds on is fixed.
// Local times are times of Asia/Shanghai, whatever the machine's zone.
Date.now = () => 0;
Date.prototype.getTimezoneOffset = () => -480;
"""

HARNESS = """
"use strict";
(function () {
  const { evaluate, unaryTest, parseExpression, parseUnaryTests, date } = feelin;
  const TAG = "$feel";
  const MAX_NODES = 100000, MAX_TEXT = 1000000, MAX_DEPTH = 60;

  function revive(value) {
    if (Array.isArray(value)) return value.map(revive);
    if (value === null || typeof value !== "object") return value;
    switch (value[TAG]) {
      case "date": return date(value.value);
      case "instant": return date(value.value).toLocal();
      case "context": return reviveContext(value.value);
    }
    return reviveContext(value);
  }

  function reviveContext(value) {
    const context = {};
    for (const key of Object.keys(value)) if (key !== "__proto__") context[key] = revive(value[key]);
    return context;
  }

  // now() and today() are hidden behind nulls, unless a variable has the name.
  const namesOf = (context) => ({ now: null, today: null, ...reviveContext(context) });

  // Results: JSON values, dates and instants; times of day and durations as ISO text; anything else is refused.
  function preserve(value, budget, depth) {
    if (value === undefined || value === null) return null;
    if (--budget.nodes < 0 || depth > MAX_DEPTH) throw new Error("the result is too large");
    switch (typeof value) {
      case "boolean": return value;
      case "number": return Number.isFinite(value) ? value : null;
      case "string":
        budget.text -= value.length;
        if (budget.text < 0) throw new Error("the result is too large");
        return value;
      case "object": break;
      default: throw new Error("the result is a function, not a value");
    }
    if (Array.isArray(value)) return value.map((item) => preserve(item, budget, depth + 1));
    if (value.isLuxonDateTime) return preserveTime(value);
    if (value.isLuxonDuration) return value.toISO();
    if (Object.getPrototypeOf(value) !== Object.prototype) throw new Error("the result is not a value");
    const result = {};
    for (const key of Object.keys(value)) if (key !== "__proto__") result[key] = preserve(value[key], budget, depth + 1);
    return TAG in result ? { [TAG]: "context", value: result } : result;
  }

  function preserveTime(value) {
    if (!value.isValid) return null;
    if (value.year < 1 || value.year > 9999) throw new Error("the date is out of range");
    if (value.year === 1900 && value.month === 1 && value.day === 1) {
      return value.toISOTime({ includeOffset: false, suppressMilliseconds: true });
    }
    const midnight = value.hour === 0 && value.minute === 0 && value.second === 0 && value.millisecond === 0;
    if (midnight && value.zone.type === "fixed" && value.zone.fixed === 0) {
      return { [TAG]: "date", value: value.toISODate() };
    }
    return { [TAG]: "instant", value: value.toISO() };
  }

  function outcome(run) {
    try {
      const { value, warnings } = run();
      const kept = warnings.slice(0, 20).map((warning) => [warning.type, String(warning.message).slice(0, 200)]);
      return [preserve(value, { nodes: MAX_NODES, text: MAX_TEXT }, 0), kept, null];
    } catch (error) {
      return [null, [], String(error && error.message).slice(0, 300)];
    }
  }

  function answer(kind, text, context) {
    switch (kind) {
      case "expression": return outcome(() => evaluate(text, context));
      case "unary-test": return outcome(() => unaryTest(text, context));
      case "pattern":
        return outcome(() => ({ value: new RegExp(text).test(String(context["?"])), warnings: [] }));
    }
    return [null, [], "unknown kind " + kind];
  }

  globalThis.answerAll = function (json) {
    const { context, scopes, requests } = JSON.parse(json);
    const common = namesOf(context), revived = scopes.map(reviveContext);
    return JSON.stringify(requests.map(([kind, text, scope]) =>
      answer(kind, text, mentioned(text, scope === null ? [common] : [common, revived[scope]]))));
  };

  // The interpreter walks all of its context for every expression, so it gets only names that occur in the text.
  function mentioned(text, contexts) {
    const bare = text.replace(/\\s+/g, ""), seen = {};
    for (const context of contexts) {
      for (const name of Object.keys(context)) {
        if (name === "?" || bare.includes(name.replace(/\\s+/g, ""))) seen[name] = context[name];
      }
    }
    return seen;
  }

  // Decision tables in one crossing: inputs, then per rule its cells until one fails, then outputs of matching rules.
  globalThis.matchRules = function (json) {
    const { context, inputs, rules, first } = JSON.parse(json);
    const common = namesOf(context);
    const values = [], found = [];
    for (const [text, type, allowed, alias] of inputs) {
      let value;
      try {
        value = evaluate(text, common).value;
        if (value === undefined) value = null;
        if (type === "date" && typeof value === "string") value = date(value);
        if (type === "date" && value !== null && value.isLuxonDateTime && !value.isValid) value = undefined;
      } catch (error) {
        return JSON.stringify({ failed: ["input", values.length, null, String(error.message).slice(0, 300)] });
      }
      if (value === undefined) return JSON.stringify({ failed: ["input", values.length, null, "not a date"] });
      const cell = { ...common, "?": value };
      if (alias) cell[alias] = value;
      const fits = allowed === null || value === null || unaryTest(allowed, cell).value === true;
      values.push({ value, cell, fits });
    }
    for (let row = 0; row < rules.length; row++) {
      const [cells, outputs] = rules[row];
      let matches = true;
      for (let column = 0; matches && column < cells.length; column++) {
        if (cells[column] === null) continue;
        try {
          matches = unaryTest(cells[column], values[column].cell).value === true;
        } catch (error) {
          return JSON.stringify({ failed: ["cell", row, column, String(error.message).slice(0, 300)] });
        }
      }
      if (!matches) continue;
      found.push([row, outputs.map((text) => text === null ? [null, [], null] : outcome(() => evaluate(text, common)))]);
      if (first) break;
    }
    const seen = values.map(({ value, fits }) => [...outcome(() => ({ value, warnings: [] })), fits]);
    return JSON.stringify({ inputs: seen, found });
  };

  // -- checks at deployment ---------------------------------------------------------------------------------

  const builtins = new Map();
  function isBuiltin(name) {
    if (!builtins.has(name)) {
      let known = false;
      try { known = typeof evaluate(name, {}).value === "function"; } catch (_error) { known = false; }
      builtins.set(name, known);
    }
    return builtins.get(name);
  }

  // A tree of [name, from, to, isError, children] to walk with the names that are bound at each place.
  function treeOf(kind, text) {
    const tree = (kind === "unary-test" ? parseUnaryTests : parseExpression)(text, {});
    const root = { children: [] };
    const stack = [root];
    tree.iterate({
      enter(node) {
        const entry = { name: node.type.name, from: node.from, to: node.to, error: node.type.isError, children: [] };
        stack[stack.length - 1].children.push(entry);
        stack.push(entry);
      },
      leave() { stack.pop(); },
    });
    return root.children[0];
  }

  globalThis.checkAll = function (json) {
    return JSON.stringify(JSON.parse(json).map(([kind, text]) => {
      const problems = [], names = new Set();
      const report = (code, node) => problems.push([code, node.from, node.to, text.slice(node.from, node.to).slice(0, 60)]);
      const nameOf = (node) => text.slice(node.from, node.to).replace(/`/g, "").replace(/\\s+/g, " ").trim();

      if (kind === "pattern") {
        try { new RegExp(text); } catch (error) { problems.push(["pattern", 0, text.length, String(error.message)]); }
        return [problems, []];
      }

      function walk(node, bound) {
        if (node.error) { report("syntax", node); return; }
        const children = node.children;
        switch (node.name) {
          case "NumericLiteral":
            if (/e/i.test(nameOf(node))) report("exponent", node);
            return;
          case "VariableName":
            if (!bound.has(nameOf(node)) && !isBuiltin(nameOf(node))) names.add(nameOf(node));
            return;
          case "PathExpression":
            if (children.length) walk(children[0], bound);
            for (const child of children.slice(1)) if (child.name !== "VariableName") walk(child, bound);
            return;
          case "FunctionInvocation": {
            const [target, ...rest] = children;
            if (target.name === "VariableName" && !bound.has(nameOf(target))) {
              const called = nameOf(target);
              if (called === "now" || called === "today") report("clock", target);
              else if (!isBuiltin(called)) report("function", target);
            } else walk(target, bound);
            for (const child of rest) walk(child, bound);
            return;
          }
          case "NamedParameter":
            for (const child of children) if (child.name !== "ParameterName") walk(child, bound);
            return;
          case "InstanceOfExpression":
            if (children.length) walk(children[0], bound);
            report("instance-of", node);
            return;
          case "FilterExpression": {
            if (children.length) walk(children[0], bound);
            const inner = new Set([...bound, "item"]);
            const before = new Set(names);
            for (const child of children.slice(1)) walk(child, inner);
            // a name in a filter may be a member of the items: nothing is known of those
            for (const name of names) if (!before.has(name)) names.delete(name);
            return;
          }
          case "ForExpression":
          case "QuantifiedExpression": {
            const inner = new Set(bound);
            if (node.name === "ForExpression") inner.add("partial");
            for (const child of children) {
              if (child.name !== "InExpressions") { walk(child, inner); continue; }
              for (const clause of child.children) {
                for (const part of clause.children) if (part.name !== "Name") walk(part, inner);
                for (const part of clause.children) if (part.name === "Name") inner.add(nameOf(part));
              }
            }
            return;
          }
          case "FunctionDefinition": {
            const inner = new Set(bound);
            for (const child of children) {
              if (child.name === "FormalParameters") {
                for (const parameter of child.children) {
                  const named = parameter.children.find((part) => part.name === "ParameterName");
                  if (named) inner.add(nameOf(named));
                }
              } else walk(child, inner);
            }
            return;
          }
          case "Context": {
            const inner = new Set(bound);
            for (const entry of children) {
              if (entry.name !== "ContextEntry") { walk(entry, inner); continue; }
              for (const part of entry.children) if (part.name !== "Key") walk(part, inner);
              for (const part of entry.children) if (part.name === "Key") inner.add(nameOf(part));
            }
            return;
          }
        }
        for (const child of children) walk(child, bound);
      }

      try { walk(treeOf(kind, text), new Set()); } catch (error) {
        problems.push(["syntax", 0, text.length, String(error.message).slice(0, 60)]);
      }
      return [problems, [...names]];
    }));
  };

  for (const shared of [Object, Array, JSON, Map, Set, RegExp, Object.prototype, Array.prototype, feelin]) {
    Object.freeze(shared);
  }
  return true;
})();
"""
