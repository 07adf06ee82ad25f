/** Completing several tasks with one form: which forms allow it, what is filled in for all, and what each keeps as its own. */
import type { FormComponent } from "../task/form/component";

type Values = Record<string, unknown>;

/** Questions that many cases may answer alike. Amounts, files and rows belong to one case. */
const ALIKE = new Set(["radio", "select", "checkbox", "checklist", "taglist", "datetime"]);
const WORDS = new Set(["textfield", "textarea"]);
const SILENT = new Set(["text", "html", "separator", "spacer", "group", "image"]);

/** Returns whether a form allows several tasks to be completed at once: all that it must know may be the same in every case. */
export function allowsSeveral(components: readonly FormComponent[]): boolean {
  let asks = false;
  const suits = (component: FormComponent): boolean => {
    if (component.components && component.type === "group") return component.components.every(suits);
    if (SILENT.has(component.type)) return true;
    if (WORDS.has(component.type)) return !component.validate?.required;
    // what is offered to choose from hangs on the case where the form does not list it
    if (!ALIKE.has(component.type) || component.valuesKey || component.valuesExpression) return false;
    asks = true;
    return true;
  };
  return components.every(suits) && asks;
}

const isEmpty = (value: unknown) => value === null || value === undefined || value === "" || (Array.isArray(value) && !value.length);
const isEqual = (one: unknown, other: unknown) => JSON.stringify(one ?? null) === JSON.stringify(other ?? null);

/** Returns the values that all tasks know alike: what the common form begins with. */
export function commonValues(known: readonly Values[]): Values {
  const [first = {}, ...others] = known;
  return Object.fromEntries(Object.entries(first).filter(([name, value]) => !isEmpty(value) && others.every((each) => isEqual(each[name], value))));
}

/** Returns what one task is completed with: what was entered for all, and where nothing was, what this task knows itself. */
export function ownValues(entered: Values, begun: Values, known: Values): Values {
  return Object.fromEntries(
    Object.entries(entered).map(([name, value]) => {
      const isUntouched = isEqual(value, begun[name]) || isEmpty(value) || (value === false && isEmpty(begun[name]));
      return [name, isUntouched && !isEmpty(known[name]) ? known[name] : value];
    }),
  );
}
