"""Reads the decisions of a DMN file; whatever is wrong becomes a finding, never an exception."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from engine.dmn.decision import Decision, Literal, Output, Table, source_of
from engine.dmn.reporting import Report
from engine.dmn.tables import TableDraft, read_table
from engine.dmn.type_refs import Type
from engine.dmn.xml import child, children, read_decisions_xml, tag, text_of
from engine.domain.findings import Finding, errors
from engine.feel import FeelInterpreter, FeelRequest, shared_interpreter

MAX_DECISIONS = 200
_LOGIC = ("decisionTable", "literalExpression")
_OTHER_LOGIC = (
    "context",
    "invocation",
    "relation",
    "list",
    "functionDefinition",
    "conditional",
    "for",
    "every",
    "some",
)
_HARMLESS = ("decision", "inputData", "knowledgeSource", "DMNDI", "extensionElements", "description", "textAnnotation",
             "association", "itemDefinition")  # fmt: skip


@dataclass
class _Draft:
    """A decision while its file is being read."""

    key: str
    name: str
    variable_name: str
    logic: TableDraft | tuple[str, Type] | None
    requires: list[str]
    report: Report
    names: set[str] = field(default_factory=set)


def parse_decisions(name: str, xml: bytes, feel: FeelInterpreter | None = None) -> tuple[list[Decision], list[Finding]]:
    """Read the decisions of file `name`; return those that are sound, and every finding at once.

    Expressions are checked by `feel` (the interpreter of this process unless given).
    """
    root, findings = read_decisions_xml(name, xml)
    if root is None:
        return [], findings
    feel = feel or shared_interpreter()
    findings += _unsupported(name, root)
    drafts: dict[str, _Draft] = {}
    for element in children(root, "decision"):
        draft = _read_decision(name, element)
        if draft.key in drafts:
            draft.report.error(
                "duplicate-decision-key",
                f"决策编号 {draft.key} 在文件中出现两次。",
                f"The decision id {draft.key} occurs twice in the file.",
            )
        else:
            drafts[draft.key] = draft
            continue
        findings += draft.report.findings
    if not drafts and not errors(findings):
        findings.append(Finding(name, "no-decision", "文件中没有决策。", "The file holds no decision."))
    if len(drafts) > MAX_DECISIONS:
        findings.append(
            Finding(
                name,
                "file-too-complex",
                f"决策超过 {MAX_DECISIONS} 个，请拆分文件。",
                f"The file has more than {MAX_DECISIONS} decisions; split it.",
            )
        )
        return [], findings
    _check_requirements(drafts)
    _check_expressions(drafts, feel)
    sound = {key: draft for key, draft in drafts.items() if not errors(draft.report.findings)}
    built = _build(name, sound, feel)
    for draft in drafts.values():
        findings += draft.report.findings
    return built, findings


def _unsupported(name: str, root: etree._Element) -> Iterator[Finding]:
    for element in root:
        local = tag(element)
        if local and local not in _HARMLESS:
            yield Finding(
                name,
                "unsupported-element",
                f"不支持的 DMN 元素 {local}。只支持决策表和文字表达式。",
                f"The DMN element {local} is not supported; use decision tables and literal expressions.",
                element_id=element.get("id"),
                element_name=element.get("name"),
            )


def _read_decision(file: str, element: etree._Element) -> _Draft:
    key = element.get("id") or ""
    name = element.get("name") or key
    report = Report(file, key or None, name)
    if not key:
        report.error("missing-decision-id", f"决策“{name}”没有编号（id）。", f"The decision {name!r} has no id.")
    variable = child(element, "variable")
    variable_name = (variable.get("name") if variable is not None else None) or name
    logic: TableDraft | tuple[str, Type] | None = None
    for found in element:
        match tag(found):
            case "decisionTable":
                logic = read_table(found, report)
            case "literalExpression":
                report.language(found)
                expression = text_of(found)
                if not expression:
                    report.error("missing-expression", "文字表达式为空。", "The literal expression is empty.")
                type_ref = found.get("typeRef") or (variable.get("typeRef") if variable is not None else None)
                logic = (expression, report.type(type_ref))
            case other if other in _OTHER_LOGIC:
                report.error(
                    "unsupported-decision-logic",
                    f"决策“{name}”使用了不支持的逻辑 {other}，请改用决策表或文字表达式。",
                    f"The decision {name!r} uses {other}, which is not supported; use a table or a literal expression.",
                )
    if logic is None and not any(tag(found) in (*_LOGIC, *_OTHER_LOGIC) for found in element):
        report.error(
            "decision-without-logic",
            f"决策“{name}”既没有决策表也没有文字表达式。",
            f"The decision {name!r} has neither a table nor a literal expression.",
        )
    return _Draft(key, name, variable_name, logic, list(_required(element, report)), report)


def _required(element: etree._Element, report: Report) -> Iterator[str]:
    for requirement in children(element, "informationRequirement", "knowledgeRequirement"):
        for target in requirement:
            href = target.get("href") or ""
            match tag(target):
                case "requiredDecision" if href.startswith("#"):
                    yield href[1:]
                case "requiredDecision":
                    report.error(
                        "unknown-required-decision",
                        f"所依赖的决策 {href} 不在本文件中。",
                        f"The required decision {href} is not in this file.",
                    )
                case "requiredKnowledge":
                    report.error(
                        "unsupported-element",
                        "不支持业务知识模型（BKM）。",
                        "Business knowledge models are not supported.",
                    )


def _check_requirements(drafts: dict[str, _Draft]) -> None:
    for draft in drafts.values():
        for key in draft.requires:
            if key not in drafts:
                draft.report.error(
                    "unknown-required-decision",
                    f"所依赖的决策 {key} 不在本文件中。",
                    f"The required decision {key} is not in this file.",
                )
    state: dict[str, int] = {}
    for key in drafts:
        stack = [(key, iter(drafts[key].requires))]
        if state.get(key):
            continue
        state[key] = 1
        while stack:
            current, following = stack[-1]
            target = next(following, None)
            if target is None:
                state[current] = 2
                stack.pop()
            elif state.get(target) == 1:
                path = [entry[0] for entry in stack]
                names = " → ".join([*path[path.index(target) :], target])
                drafts[current].report.error(
                    "decision-cycle",
                    f"决策互相依赖成环：{names}。",
                    f"Decisions require each other in a circle: {names}.",
                )
            elif target in drafts and not state.get(target):
                state[target] = 1
                stack.append((target, iter(drafts[target].requires)))


def _check_expressions(drafts: dict[str, _Draft], feel: FeelInterpreter) -> None:
    asked = []
    for draft in drafts.values():
        if isinstance(draft.logic, TableDraft):
            asked += [(draft, text) for text in draft.logic.texts]
        elif draft.logic is not None and draft.logic[0]:
            asked.append(
                (draft, draft.report.text("expression", draft.logic[0], "文字表达式", "the literal expression"))
            )
    results = feel.inspect([(text.kind, text.text) for _, text in asked])
    for (draft, text), (problems, names) in zip(asked, results, strict=True):
        draft.names |= names - text.own_names
        for problem in problems:
            draft.report.error(
                "bad-feel",
                f"{text.place_zh}的 FEEL 有误：{problem.zh}",
                f"FEEL of {text.place} is wrong: {problem.en}",
                element_id=text.element_id,
            )


def _build(file: str, drafts: dict[str, _Draft], feel: FeelInterpreter) -> list[Decision]:
    built: dict[str, Decision] = {}
    pending = list(drafts)
    while pending:
        ready = [key for key in pending if all(required in built for required in drafts[key].requires)]
        if not ready:
            return list(built.values())
        for key in ready:
            pending.remove(key)
            draft = drafts[key]
            logic = _logic(draft, feel)
            if logic is None:
                continue
            requires = tuple(built[required] for required in draft.requires)
            given = {name for required in requires for name in _given_names(required)}
            reads = (draft.names - given).union(*(required.inputs_read for required in requires))
            texts = [text.text for text in draft.logic.texts] if isinstance(draft.logic, TableDraft) else []
            source = source_of([*texts, logic.expression] if isinstance(logic, Literal) else texts)
            source = source_of([source, *(required.source for required in requires)])
            built[key] = Decision(key, draft.name, file, draft.variable_name, logic, requires, frozenset(reads), source)
    return list(built.values())


def _logic(draft: _Draft, feel: FeelInterpreter) -> Table | Literal | None:
    if draft.logic is None:
        return None
    if not isinstance(draft.logic, TableDraft):
        return Literal(*draft.logic)
    table = draft.logic
    requests = [FeelRequest("expression", f"[{output.allowed_text}]") for output in table.outputs]
    outputs = []
    for output, outcome in zip(table.outputs, feel.evaluate_all(requests, {}), strict=True):
        if outcome.error is not None or None in outcome.value:
            draft.report.error(
                "bad-output-values",
                f"输出列“{output.name}”的允许值 {output.allowed_text} 不是一列固定值。",
                f"The allowed values {output.allowed_text} of output {output.name!r} are not a list of fixed values.",
            )
            return None
        outputs.append(Output(output.name, output.type, tuple(outcome.value), output.default))
    return Table(tuple(table.inputs), tuple(outputs), tuple(table.rules), table.hit_policy, table.aggregation)


def _given_names(decision: Decision) -> set[str]:
    return {decision.key, decision.name, decision.variable_name, *decision.output_names}
