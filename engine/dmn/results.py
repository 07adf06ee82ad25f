"""What a decision gives, and how a business rule task takes it over (`camunda:mapDecisionResult`)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.domain.errors import DecisionFailedError, DecisionUnmatchedError
from engine.domain.values import Value, plain

MAP_RESULTS = frozenset({"singleEntry", "singleResult", "collectEntries", "resultList"})


@dataclass(frozen=True, slots=True)
class DecisionResult:
    """The outputs of the rules that count, and why: which rules matched which input values."""

    decision_key: str
    decision_name: str
    outputs: list[dict[str, Value]]
    """One entry per counting rule, output name -> value; a literal expression gives exactly one."""
    matched_rules: list[str]
    """Ids of every rule that matched, in the order of the table."""
    inputs: Mapping[str, Value] = field(default_factory=dict)
    """Label of each input column -> the value that was tested."""

    def mapped(self, mapping: str) -> Value:
        """Return the result as `mapping` wants it.

        `singleEntry`: the only output of the only rule; `singleResult`: its outputs as a dict; `collectEntries`:
        a list of the only output of each rule; `resultList`: a list of dicts. Raises DecisionUnmatchedError when
        one result is wanted and no rule matched, DecisionFailedError when there is more than was asked for.
        """
        if mapping == "resultList":
            return [dict(output) for output in self.outputs]
        if mapping == "collectEntries":
            return [self._only_entry(output, mapping) for output in self.outputs]
        if mapping not in MAP_RESULTS:
            raise self._failed(f"mapDecisionResult {mapping} 无效。", f"mapDecisionResult {mapping} is not known.")
        if not self.outputs:
            raise DecisionUnmatchedError(
                decision_key=self.decision_key,
                decision_name=self.decision_name,
                inputs=describe(self.inputs),
            )
        if len(self.outputs) > 1:
            raise self._failed(
                f"有 {len(self.outputs)} 个结果，而 {mapping} 只要一个。",
                f"there are {len(self.outputs)} results, but {mapping} wants one.",
            )
        return self._only_entry(self.outputs[0], mapping) if mapping == "singleEntry" else dict(self.outputs[0])

    def _only_entry(self, output: dict[str, Value], mapping: str) -> Value:
        if len(output) != 1:
            raise self._failed(
                f"有 {len(output)} 个输出列，而 {mapping} 只要一个。",
                f"there are {len(output)} output columns, but {mapping} wants one.",
            )
        return next(iter(output.values()))

    def _failed(self, zh: str, en: str) -> DecisionFailedError:
        return DecisionFailedError(
            decision_key=self.decision_key, decision_name=self.decision_name, problem_zh=zh, problem=en
        )


def describe(inputs: Mapping[str, Value]) -> str:
    """Return input values for a sentence: `案由 = "wages", 金额 = 500`."""
    return ", ".join(f"{label} = {shown(value)}" for label, value in inputs.items()) or "-"


def shown(value: Value) -> str:
    """Return one value for a sentence."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    text = f'"{value}"' if isinstance(value, str) else str(plain(value))
    return f"{text[:60]}…" if len(text) > 60 else text
