"""A decision: its table or literal expression, what it requires, and its evaluation."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.dmn.hit_policies import (
    SINGLE,
    Aggregation,
    HitPolicy,
    PolicyViolatedError,
    Ranking,
    aggregate,
    apply_policy,
)
from engine.dmn.results import DecisionResult, describe, shown
from engine.dmn.type_refs import Type, converted, fits, type_name
from engine.domain.errors import DecisionFailedError, DecisionNotUniqueError
from engine.domain.values import Value
from engine.feel import FeelInterpreter, FeelRequest

_FATAL_WARNINGS = frozenset({"INVALID_TYPE", "NO_FUNCTION_FOUND", "FUNCTION_INVOCATION_FAILURE"})
"""Warnings that mean a result could not be computed, where FEEL would go on with null."""


@dataclass(frozen=True, slots=True)
class Input:
    """An input column."""

    label: str
    expression: str
    type: Type
    allowed: str | None
    """Unary test that every value but null must satisfy."""
    alias: str | None
    """Name under which cells of the column see the value, beside `?`."""


@dataclass(frozen=True, slots=True)
class Output:
    """An output column."""

    name: str
    type: Type
    allowed: tuple[Value, ...]
    default: str | None


@dataclass(frozen=True, slots=True)
class Rule:
    """A row: one unary test per input, one expression per output; None is an empty cell."""

    id: str
    cells: tuple[str | None, ...]
    outputs: tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A decision table."""

    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rules: tuple[Rule, ...]
    hit_policy: HitPolicy
    aggregation: Aggregation | None


@dataclass(frozen=True, slots=True)
class Literal:
    """A literal expression."""

    expression: str
    type: Type


@dataclass(frozen=True)
class Decision:
    """A decision of a DMN file with the decisions it requires."""

    key: str
    name: str
    file: str
    variable_name: str
    logic: Table | Literal
    requires: tuple["Decision", ...]
    inputs_read: frozenset[str]
    """Variables that it and what it requires read; members of filtered items are not among them."""
    source: str = field(repr=False, default="")
    """Every expression text, to tell which variables may matter."""

    @property
    def output_names(self) -> tuple[str, ...]:
        """Names of the output columns; of a literal expression, the name of its variable."""
        if isinstance(self.logic, Literal):
            return (self.variable_name,)
        return tuple(output.name for output in self.logic.outputs)

    @property
    def is_single(self) -> bool:
        """True when at most one result is given."""
        return isinstance(self.logic, Literal) or self.logic.hit_policy in SINGLE or self.logic.aggregation is not None

    def evaluate(self, context: Mapping[str, Value], feel: FeelInterpreter) -> DecisionResult:
        """Evaluate the decision over variables, what it requires first.

        A variable that `context` lacks is null. Raises DecisionFailedError, DecisionNotUniqueError and
        FeelFailedError.
        """
        return self._evaluate(context, feel, {})

    def _evaluate(
        self, context: Mapping[str, Value], feel: FeelInterpreter, done: dict[str, DecisionResult]
    ) -> DecisionResult:
        if self.key in done:
            return done[self.key]
        seen = {name: value for name, value in context.items() if name in self.source}
        for required in self.requires:
            seen |= required.published(required._evaluate(context, feel, done))
        if isinstance(self.logic, Literal):
            result = self._evaluate_literal(self.logic, seen, feel)
        else:
            result = self._evaluate_table(self.logic, seen, feel)
        done[self.key] = result
        return result

    def published(self, result: DecisionResult) -> dict[str, Value]:
        """Return the names under which decisions that require this one see its result."""
        single = self.is_single
        values: dict[str, Value] = {}
        for name in self.output_names:
            column = [output[name] for output in result.outputs]
            values[name] = (column[0] if column else None) if single else column
        if len(self.output_names) == 1:
            whole = values[self.output_names[0]]
        elif single:
            whole = dict(result.outputs[0]) if result.outputs else None
        else:
            whole = [dict(output) for output in result.outputs]
        return values | dict.fromkeys((self.key, self.name, self.variable_name), whole)

    def _evaluate_literal(
        self, literal: Literal, context: Mapping[str, Value], feel: FeelInterpreter
    ) -> DecisionResult:
        outcome = feel.evaluate_all([FeelRequest("expression", literal.expression)], context)[0]
        value = self._checked(
            outcome.value, outcome.warnings, outcome.error, literal.type, "表达式的结果", "the result"
        )
        return DecisionResult(self.key, self.name, [{self.variable_name: value}], [])

    def _evaluate_table(self, table: Table, context: Mapping[str, Value], feel: FeelInterpreter) -> DecisionResult:
        answer = feel.match_rules(
            [(column.expression, column.type, column.allowed, column.alias) for column in table.inputs],
            [(rule.cells, rule.outputs) for rule in table.rules],
            context,
            is_first_enough=table.hit_policy == "FIRST",
        )
        if "failed" in answer:
            raise self._place_failed(table, *answer["failed"])
        inputs = {
            column.label: self._input(column, *seen)
            for column, seen in zip(table.inputs, answer["inputs"], strict=True)
        }
        hits: list[dict[str, Value]] = []
        for row, values in answer["found"]:
            hits.append(
                {
                    output.name: self._checked(
                        value[0],
                        value[1],
                        value[2],
                        output.type,
                        f"第 {row + 1} 条规则的输出“{output.name}”",
                        f"the output {output.name!r} of rule {row + 1}",
                        output.allowed,
                    )
                    for output, value in zip(table.outputs, values, strict=True)
                }
            )
        numbers = [row + 1 for row, _ in answer["found"]]
        counting = self._counting(table, hits, numbers, inputs)
        if not hits and not counting:
            counting = self._defaults(table, context, feel)
        return DecisionResult(self.key, self.name, counting, [table.rules[n - 1].id for n in numbers], inputs)

    def _counting(
        self, table: Table, hits: list[dict[str, Value]], numbers: list[int], inputs: Mapping[str, Value]
    ) -> list[dict[str, Value]]:
        rankings = [Ranking(output.name, output.allowed) for output in table.outputs if output.allowed]
        try:
            counting = apply_policy(table.hit_policy, hits, rankings)
        except PolicyViolatedError as error:
            raise DecisionNotUniqueError(
                decision_key=self.key,
                decision_name=self.name,
                rules=", ".join(map(str, numbers)),
                inputs=describe(inputs),
                hit_policy=table.hit_policy,
            ) from error
        if table.aggregation is None:
            return counting
        try:
            return aggregate(table.aggregation, table.outputs[0].name, counting)
        except PolicyViolatedError as error:
            raise self._failed(
                f"第 {', '.join(map(str, numbers))} 条规则的输出不全是数字，不能求 {table.aggregation}。",
                f"the outputs of rules {', '.join(map(str, numbers))} are not all numbers for {table.aggregation}.",
            ) from error

    def _defaults(self, table: Table, context: Mapping[str, Value], feel: FeelInterpreter) -> list[dict[str, Value]]:
        given = [output for output in table.outputs if output.default is not None]
        if not given:
            return []
        outcomes = feel.evaluate_all([FeelRequest("expression", output.default or "") for output in given], context)
        values: dict[str, Value] = {output.name: None for output in table.outputs}
        for output, outcome in zip(given, outcomes, strict=True):
            values[output.name] = self._checked(
                outcome.value,
                outcome.warnings,
                outcome.error,
                output.type,
                f"默认输出“{output.name}”",
                f"the default of output {output.name!r}",
                output.allowed,
            )
        return [values]

    def _input(self, column: Input, value: Value, _warnings: Any, error: str | None, is_allowed: bool) -> Value:
        if error is not None:
            raise self._failed(
                f"输入“{column.label}”（{column.expression}）：{error}",
                f"input {column.label!r} ({column.expression}): {error}",
            )
        if not fits(value, column.type):
            zh, en = type_name(column.type)
            raise self._failed(
                f"输入“{column.label}”的值 {describe({column.label: value})} 应为{zh}。",
                f"input {column.label!r} should be {en}: {describe({column.label: value})}.",
            )
        if not is_allowed:
            raise self._failed(
                f"输入“{column.label}”的值不在允许范围 {column.allowed} 内：{describe({column.label: value})}。",
                f"input {column.label!r} is not among {column.allowed}: {describe({column.label: value})}.",
            )
        return value

    def _checked(
        self,
        value: Value,
        warnings: Any,
        error: str | None,
        type_: Type,
        what_zh: str,
        what: str,
        allowed: tuple[Value, ...] = (),
    ) -> Value:
        if error is None and value is None:
            error = next((sentence for kind, sentence in warnings if kind in _FATAL_WARNINGS), None)
        if error is not None:
            raise self._failed(f"{what_zh}：{error}", f"{what}: {error}")
        value = converted(value, type_)
        if not fits(value, type_):
            zh, en = type_name(type_)
            raise self._failed(
                f"{what_zh}应为{zh}，实为 {shown(value)}。", f"{what} should be {en}, but is {shown(value)}."
            )
        if allowed and value is not None and value not in allowed:
            raise self._failed(
                f"{what_zh} {shown(value)} 不在允许的输出值内。",
                f"{what} {shown(value)} is not among the allowed output values.",
            )
        return value

    def _place_failed(self, table: Table, kind: str, row: int, column: int | None, error: str) -> DecisionFailedError:
        if kind == "input":
            label = table.inputs[row].label
            return self._failed(f"输入“{label}”：{error}", f"input {label!r}: {error}")
        label = table.inputs[column or 0].label
        return self._failed(
            f"第 {row + 1} 条规则的“{label}”单元格：{error}", f"cell {label!r} of rule {row + 1}: {error}"
        )

    def _failed(self, zh: str, en: str) -> DecisionFailedError:
        return DecisionFailedError(decision_key=self.key, decision_name=self.name, problem_zh=zh, problem=en)


def source_of(texts: list[str]) -> str:
    """Return expression texts as one text in which a variable's name can be looked for."""
    return re.sub(r"\s+", " ", "\n".join(texts))
