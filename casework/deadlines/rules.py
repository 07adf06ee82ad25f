"""Deadline rules: which period runs from which event, for whom, by which article, and what follows when it is missed."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from difflib import get_close_matches
from enum import StrEnum
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Literal

from casework.deadlines.citations import Citation, Words
from casework.deadlines.errors import DeadlineSettingInvalidError, UnknownDeadlineRuleError

Direction = Literal["forward", "backward"]
Roll = Literal["next-non-rest-day", "none"]
Confidence = Literal["yes", "partly", "assumption"]
BasisKind = Literal["law", "analogy", "policy", "house"]
CountedBy = Literal["civil-code", "civil-procedure", "arbitration"]

NONE = Words("无", "none")
SAME_DAY = Words("当日", "the same day")


class Unit(StrEnum):
    """What the length of a period is counted in."""

    CALENDAR_DAY = "calendar-day"
    WORKING_DAY = "working-day"
    MONTH = "month"
    YEAR = "year"
    HOUR = "hour"
    AGREED = "agreed"
    EVENT = "event"
    CLASS_HOUR = "class-hour"


COMPUTABLE_UNITS = frozenset({Unit.CALENDAR_DAY, Unit.WORKING_DAY, Unit.MONTH, Unit.YEAR})

UNIT_WORDS: Mapping[Unit, Words] = MappingProxyType(
    {
        Unit.CALENDAR_DAY: Words("自然日", "calendar days"),
        Unit.WORKING_DAY: Words("工作日", "working days"),
        Unit.MONTH: Words("月", "months"),
        Unit.YEAR: Words("年", "years"),
        Unit.HOUR: Words("小时", "hours"),
        Unit.AGREED: Words("约定", "as agreed"),
        Unit.EVENT: Words("以事件为界", "until an event"),
        Unit.CLASS_HOUR: Words("学时", "class hours"),
    }
)


@dataclass(frozen=True, slots=True)
class DeadlineRule:
    """One time limit of the procedure, with its basis."""

    id: str
    stage: str
    stage_words: Words
    name: Words
    trigger: Words
    """The event from whose day the period runs, as a phrase that fits behind that day."""
    length: int | None
    """How many units; None when the law gives no number."""
    length_text: Words | None
    """The length in words where there is no number."""
    unit: Unit
    direction: Direction
    """`backward` counts from the event towards the past: a notice so many days before."""
    roll: Roll
    """What happens to a last day that is a rest day."""
    actor: Words
    extension: Words
    extension_length: int | None
    """How many units an extension may add, where the law gives a number."""
    consequence: Words
    basis: tuple[Citation, ...]
    basis_kind: BasisKind
    """`law`; `analogy` where a rule for other cases is applied; `policy` target; `house` norm."""
    counted_by: CountedBy
    """Whose provisions on the counting of periods apply."""
    confirmed: Confidence
    """Whether the article was read and surely applies, in part, or the number is an assumption of ours."""
    settable: frozenset[str]
    """Fields the office may set: `length`, `unit`."""
    note: Words | None

    @property
    def is_computable(self) -> bool:
        """Whether a due date can be counted from a date alone."""
        return self.length is not None and self.unit in COMPUTABLE_UNITS

    def length_words(self, language: str) -> str:
        """Return length, unit and direction in words, e.g. `15个自然日` or `5 working days before`."""
        if self.length is None:
            return (self.length_text or UNIT_WORDS[self.unit]).of(language)
        if self.length == 0:
            return SAME_DAY.of(language)
        amount = units_words(self.unit, self.length, language)
        if self.direction == "forward":
            return amount
        return f"提前{amount}" if language == "zh" else f"{amount} before"


def units_words(unit: Unit, count: int, language: str) -> str:
    """Return so many units in words: `1年`, `15个自然日`, `1 year`, `15 calendar days`."""
    words = UNIT_WORDS[unit].of(language)
    if language == "zh":
        return f"{count}{words}" if unit in (Unit.YEAR, Unit.HOUR) else f"{count}个{words}"
    return f"{count} {words.removesuffix('s') if count == 1 else words}"


@dataclass(frozen=True, slots=True)
class Counting:
    """The provisions by which a period is counted."""

    start: tuple[Citation, ...]
    """That the day of the event is left out."""
    roll: tuple[Citation, ...]
    """That a period does not end on a rest day."""
    corresponding_day: tuple[Citation, ...]
    """That months and years end on the corresponding day, or on the last day of the month."""


def deadline_rules() -> Mapping[str, DeadlineRule]:
    """Return the rules that came with the software, by id, in the order of the procedure."""
    return _shipped()[0]


def counting(counted_by: CountedBy) -> Counting:
    """Return the provisions on counting that a rule falls under."""
    return _shipped()[1][counted_by]


def find_rule(rule_id: str, rules: Mapping[str, DeadlineRule] | None = None) -> DeadlineRule:
    """Return the rule `rule_id`. Raises UnknownDeadlineRuleError, which names near matches."""
    known = deadline_rules() if rules is None else rules
    rule = known.get(rule_id) if isinstance(rule_id, str) else None
    if rule is None:
        raise UnknownDeadlineRuleError(rule=rule_id, near=", ".join(_near(str(rule_id), known)) or "-")
    return rule


def with_settings(
    rules: Mapping[str, DeadlineRule], settings: Mapping[str, Mapping[str, int | str]]
) -> Mapping[str, DeadlineRule]:
    """Return `rules` with the office's own choices, e.g. `{"NEG-RESP": {"unit": "working-day"}}`.

    Only what a rule names as settable may be set: the reading of an unclear unit, the length of a house norm.
    Raises UnknownDeadlineRuleError or DeadlineSettingInvalidError.
    """
    changed = dict(rules)
    for rule_id, choices in settings.items():
        rule = find_rule(rule_id, rules)
        for name, value in choices.items():
            rule = _set(rule, name, value)
        changed[rule_id] = rule
    return MappingProxyType(changed)


def _set(rule: DeadlineRule, name: str, value: int | str) -> DeadlineRule:
    if name in rule.settable:
        if name == "length" and isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 3650:
            return replace(rule, length=value, length_text=None)
        if name == "unit" and value in (Unit.CALENDAR_DAY, Unit.WORKING_DAY):
            unit = Unit(value)
            return replace(rule, unit=unit, roll="none" if unit is Unit.WORKING_DAY else "next-non-rest-day")
    allowed = ", ".join(f"{rule.id}.{field}" for field in sorted(rule.settable)) or "-"
    raise DeadlineSettingInvalidError(rule=rule.id, field=name, value=value, allowed=allowed)


def _near(rule_id: str, rules: Mapping[str, DeadlineRule]) -> list[str]:
    wanted = rule_id.strip().upper()
    stem = wanted.partition("-")[0]
    near = get_close_matches(wanted, rules, n=5, cutoff=0.6)
    near += [known for known in rules if stem and known.startswith(f"{stem}-") and known not in near]
    return near[:8]


@cache
def _shipped() -> tuple[Mapping[str, DeadlineRule], Mapping[str, Counting]]:
    text = files("casework.deadlines").joinpath("rules.json").read_text(encoding="utf-8")
    stored = json.loads(text)
    if stored["format"] != 1:
        raise ValueError(f"rules.json has format {stored['format']}, this software reads format 1")
    statutes = {key: Words(**words) for key, words in stored["statutes"].items()}
    stages = {key: Words(**words) for key, words in stored["stages"].items()}
    rules = {row["id"]: _rule(row, statutes, stages) for row in stored["rules"]}
    if len(rules) != len(stored["rules"]):
        raise ValueError("rules.json has two rules with one id")
    provisions = {
        key: Counting(**{name: _citations(rows, statutes) for name, rows in parts.items()})
        for key, parts in stored["counting"].items()
    }
    return MappingProxyType(rules), MappingProxyType(provisions)


def _rule(row: Mapping[str, Any], statutes: Mapping[str, Words], stages: Mapping[str, Words]) -> DeadlineRule:
    unknown = row.keys() - {field.name for field in fields(DeadlineRule)}
    if unknown:
        raise ValueError(f"rule {row.get('id')}: unknown fields {sorted(unknown)}")
    return DeadlineRule(
        id=row["id"],
        stage=row["stage"],
        stage_words=stages[row["stage"]],
        name=Words(**row["name"]),
        trigger=Words(**row["trigger"]),
        length=row.get("length"),
        length_text=_words(row.get("length_text")),
        unit=Unit(row["unit"]),
        direction=row["direction"],
        roll=row["roll"],
        actor=Words(**row["actor"]),
        extension=_words(row.get("extension")) or NONE,
        extension_length=row.get("extension_length"),
        consequence=_words(row.get("consequence")) or NONE,
        basis=_citations(row["basis"], statutes),
        basis_kind=row["basis_kind"],
        counted_by=row["counted_by"],
        confirmed=row["confirmed"],
        settable=frozenset(row.get("settable", ())),
        note=_words(row.get("note")),
    )


def _citations(rows: Sequence[Mapping[str, Any]], statutes: Mapping[str, Words]) -> tuple[Citation, ...]:
    return tuple(Citation(statutes[row["statute"]], tuple(row["articles"])) for row in rows)


def _words(stored: Mapping[str, str] | None) -> Words | None:
    return None if stored is None else Words(**stored)
