"""Reads a decision table from its element."""

import re
from dataclasses import dataclass, field

from lxml import etree

from engine.dmn.decision import Input, Rule
from engine.dmn.hit_policies import AGGREGATIONS, HIT_POLICIES, Aggregation, HitPolicy
from engine.dmn.reporting import Report, Text
from engine.dmn.type_refs import Type
from engine.dmn.xml import CAMUNDA, child, children, text_of

MAX_COLUMNS = 50
MAX_RULES = 2_000
_EMPTY = ("", "-")
_NAME = re.compile(r"[^\W\d]\w*(?: \w+)*")


@dataclass(frozen=True, slots=True)
class OutputDraft:
    """An output column while its allowed values are still text."""

    name: str
    type: Type
    allowed_text: str
    default: str | None


@dataclass
class TableDraft:
    """A decision table while its file is being read."""

    hit_policy: HitPolicy
    aggregation: Aggregation | None
    inputs: list[Input] = field(default_factory=list)
    outputs: list[OutputDraft] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)


def read_table(element: etree._Element, report: Report) -> TableDraft:
    """Read a `decisionTable`; what is wrong goes to `report`."""
    draft = TableDraft(*_policy(element, report))
    inputs = list(children(element, "input"))
    outputs = list(children(element, "output"))
    rules = list(children(element, "rule"))
    if max(len(inputs), len(outputs)) > MAX_COLUMNS or len(rules) > MAX_RULES:
        report.error(
            "table-too-large",
            f"决策表“{report.name}”超过 {MAX_COLUMNS} 列或 {MAX_RULES} 行。",
            f"The table {report.name!r} has more than {MAX_COLUMNS} columns or {MAX_RULES} rules.",
        )
        return draft
    if not inputs:
        report.error(
            "table-without-inputs",
            f"决策表“{report.name}”没有输入列。",
            f"The table {report.name!r} has no input column.",
        )
    if not outputs:
        report.error(
            "table-without-outputs",
            f"决策表“{report.name}”没有输出列。",
            f"The table {report.name!r} has no output column.",
        )
    if not rules:
        report.warning(
            "table-without-rules", f"决策表“{report.name}”没有规则。", f"The table {report.name!r} has no rules."
        )
    for number, column in enumerate(inputs, 1):
        _read_input(column, number, draft, report)
    for number, column in enumerate(outputs, 1):
        _read_output(column, number, len(outputs), draft, report)
    for number, row in enumerate(rules, 1):
        _read_rule(row, number, draft, report)
    _check_policy(draft, report)
    return draft


def _policy(element: etree._Element, report: Report) -> tuple[HitPolicy, Aggregation | None]:
    policy = (element.get("hitPolicy") or "UNIQUE").replace("_", " ").upper()
    aggregation = (element.get("aggregation") or "").upper() or None
    if policy not in HIT_POLICIES:
        report.error("unknown-hit-policy", f"未知的命中策略 {policy}。", f"The hit policy {policy} is not known.")
        policy = "UNIQUE"
    if aggregation is not None and aggregation not in AGGREGATIONS:
        report.error(
            "unknown-aggregation", f"未知的聚合方式 {aggregation}。", f"The aggregation {aggregation} is not known."
        )
        aggregation = None
    if aggregation is not None and policy != "COLLECT":
        report.error(
            "wrong-aggregation",
            f"聚合方式 {aggregation} 只能与命中策略 COLLECT 一起使用。",
            f"The aggregation {aggregation} needs the hit policy COLLECT.",
        )
    return policy, aggregation  # type: ignore[return-value]


def _read_input(column: etree._Element, number: int, draft: TableDraft, report: Report) -> None:
    expression = child(column, "inputExpression")
    text = text_of(expression)
    label = column.get("label") or text or f"{number}"
    place_zh, place = f"第 {number} 个输入列“{label}”", f"input column {number} ({label})"
    if expression is None or not text:
        report.error(
            "input-without-expression",
            f"决策表“{report.name}”{place_zh}没有表达式。",
            f"The {place} of table {report.name!r} has no expression.",
            element_id=column.get("id"),
        )
        draft.inputs.append(Input(label, "null", "any", None, None))
        return
    report.language(expression)
    draft.texts.append(report.text("expression", text, place_zh, place, column.get("id")))
    allowed = text_of(child(column, "inputValues")) or None
    if allowed is not None:
        draft.texts.append(report.text("unary-test", allowed, f"{place_zh}的允许值", f"allowed values of {place}"))
    alias = column.get("{" + CAMUNDA + "}inputVariable") or None
    if alias is not None and not _NAME.fullmatch(alias):
        report.error(
            "bad-input-variable", f"{place_zh}的变量名 {alias} 无效。", f"The variable {alias} of {place} is no name."
        )
        alias = None
    taken = {known.label for known in draft.inputs}
    unique = label if label not in taken else f"{label} ({number})"
    draft.inputs.append(Input(unique, text, report.type(expression.get("typeRef")), allowed, alias))


def _read_output(column: etree._Element, number: int, count: int, draft: TableDraft, report: Report) -> None:
    name = column.get("name") or (column.get("label") if count == 1 else None) or ""
    if not name and count == 1:
        name = report.key or ""
    if not _NAME.fullmatch(name):
        report.error(
            "output-without-name",
            f"决策表“{report.name}”第 {number} 个输出列没有有效的名称。",
            f"Output column {number} of table {report.name!r} has no valid name.",
            element_id=column.get("id"),
        )
        name = f"output {number}"
    if any(output.name == name for output in draft.outputs):
        report.error(
            "duplicate-output-name",
            f"决策表“{report.name}”的输出名 {name} 重复。",
            f"The output name {name} of table {report.name!r} occurs twice.",
            element_id=column.get("id"),
        )
    allowed = text_of(child(column, "outputValues"))
    if allowed:
        draft.texts.append(
            report.text("expression", f"[{allowed}]", f"输出列“{name}”的允许值", f"allowed values of output {name!r}")
        )
    default = text_of(child(column, "defaultOutputEntry")) or None
    if default is not None:
        draft.texts.append(report.text("expression", default, f"输出列“{name}”的默认值", f"default of output {name!r}"))
    draft.outputs.append(OutputDraft(name, report.type(column.get("typeRef")), allowed, default))


def _read_rule(row: etree._Element, number: int, draft: TableDraft, report: Report) -> None:
    rule_id = row.get("id") or f"{report.key}-{number}"
    cells = list(children(row, "inputEntry"))
    results = list(children(row, "outputEntry"))
    if len(cells) != len(draft.inputs) or len(results) != len(draft.outputs):
        report.error(
            "wrong-number-of-entries",
            f"决策表“{report.name}”第 {number} 条规则有 {len(cells)} 个输入、{len(results)} 个输出单元格，"
            f"应为 {len(draft.inputs)} 个和 {len(draft.outputs)} 个。",
            f"Rule {number} of table {report.name!r} has {len(cells)} input and {len(results)} output entries; "
            f"{len(draft.inputs)} and {len(draft.outputs)} are needed.",
            element_id=rule_id,
        )
        return
    tests: list[str | None] = []
    for cell, column in zip(cells, draft.inputs, strict=True):
        report.language(cell)
        text = text_of(cell)
        tests.append(None if text in _EMPTY else text)
        if text not in _EMPTY:
            draft.texts.append(
                Text(
                    "unary-test",
                    text,
                    f"决策表“{report.name}”第 {number} 条规则的“{column.label}”单元格",
                    f"cell {column.label!r} of rule {number} of table {report.name!r}",
                    rule_id,
                    frozenset({column.alias}) if column.alias else frozenset(),
                )
            )
    expressions: list[str | None] = []
    for cell, output in zip(results, draft.outputs, strict=True):
        report.language(cell)
        text = text_of(cell)
        expressions.append(None if text in _EMPTY else text)
        if text not in _EMPTY:
            draft.texts.append(
                Text(
                    "expression",
                    text,
                    f"决策表“{report.name}”第 {number} 条规则的输出“{output.name}”",
                    f"output {output.name!r} of rule {number} of table {report.name!r}",
                    rule_id,
                )
            )
    draft.rules.append(Rule(rule_id, tuple(tests), tuple(expressions)))


def _check_policy(draft: TableDraft, report: Report) -> None:
    if draft.aggregation is not None and len(draft.outputs) != 1:
        report.error(
            "wrong-aggregation",
            f"聚合方式 {draft.aggregation} 要求决策表“{report.name}”只有一个输出列。",
            f"The aggregation {draft.aggregation} needs exactly one output column in table {report.name!r}.",
        )
    if draft.hit_policy in ("PRIORITY", "OUTPUT ORDER") and not any(output.allowed_text for output in draft.outputs):
        report.error(
            "policy-without-order",
            f"命中策略 {draft.hit_policy} 要求决策表“{report.name}”的输出列按优先次序列出允许值。",
            f"The hit policy {draft.hit_policy} needs allowed output values, in their order, in table {report.name!r}.",
        )
