"""Deadline rules: which period runs from which event, for whom, by which article, and what follows when it is missed."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from difflib import get_close_matches
from enum import StrEnum
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Literal

from casework.deadlines.citations import Citation, Statute, Words
from casework.deadlines.errors import UnknownDeadlineRuleError

Direction = Literal["forward", "backward"]
Roll = Literal["next-non-rest-day", "none"]
Confidence = Literal["yes", "partly", "assumption"]
BasisKind = Literal["law", "analogy", "policy", "house"]
CountedBy = Literal["civil-code", "civil-procedure", "arbitration"]
Bound = Literal["at-most", "at-least", "usual"]

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
    NO_NUMBER = "no-number"


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
        Unit.NO_NUMBER: Words("未定天数", "no number"),
    }
)


@dataclass(frozen=True, slots=True)
class AppliesTo:
    """Whom a rule binds of its own force; an empty set means everybody. Others follow it by analogy (参照)."""

    employers: tuple[str, ...] = ()
    """Kinds of employer, e.g. `enterprise`: rules of negotiation."""
    organisations: tuple[str, ...] = ()
    """Kinds of mediation organisation, as `organisation.kind`: `enterprise` is a committee inside one."""
    matters: tuple[str, ...] = ()
    """Kinds of dispute, paper or procedure that the rule is about at all."""


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What decides, in one case, which version of a rule counts and whether it binds or is followed by analogy."""

    organisation_kind: str | None = None
    """Kind of the mediation organisation that has the case; None while nobody has it."""
    employer_kind: str | None = None
    """Kind of the employer; None where it is not known."""
    dates: Mapping[str, date] = field(default_factory=dict)
    """Event dates by name."""


@dataclass(frozen=True, slots=True)
class DeadlineRule:
    """One time limit of the procedure, with its basis."""

    id: str
    stage: str
    stage_words: Words
    name: Words
    trigger: Words
    """The event from whose day the period runs, as a phrase that fits behind that day."""
    trigger_event: str | None
    """Name of the event date (or column of a claim) that holds that day; None where the system keeps none."""
    length: int | None
    """How many units; None when the law gives no number."""
    length_text: Words | None
    """The length in words where a number alone would not say it."""
    unit: Unit
    direction: Direction
    """`backward` counts from the event towards the past: a notice so many days before."""
    roll: Roll
    """What happens to a last day that is a rest day."""
    bound: Bound
    """`at-most` for a time limit; `at-least` for a minimum, such as keeping files; `usual` for a customary term."""
    actor: Words
    actor_codes: tuple[str, ...]
    extension: Words
    extension_by: tuple[str, ...]
    """Who may extend, as codes; empty when nobody may."""
    extension_length: int | None
    """How many units one extension may add; None where the law gives no number."""
    extension_times: int | None
    """How often it may be extended; None where the law gives no number."""
    consequence: Words
    consequence_codes: tuple[str, ...]
    """What follows when it is missed, as codes."""
    basis: tuple[Citation, ...]
    basis_kind: BasisKind
    """`law`; `analogy` where a rule for other cases is applied; `policy` target; `house` norm."""
    counted_by: CountedBy
    """Whose provisions on the counting of periods apply."""
    confirmed: Confidence
    """Whether the article was read and surely applies, in part, or the number is an assumption of ours."""
    applies_to: AppliesTo
    valid_from: date | None
    """From when the provision is in force; None where that day is not known."""
    valid_to: date | None
    """The last day on which it is; None while it is in force."""
    settable: frozenset[str]
    """What the law leaves to the office: `length`, `unit`. A version of the office's own may change nothing else."""
    note: Words | None
    version: int = 1
    """1 came with the software; higher numbers were published by the office."""

    @property
    def is_computable(self) -> bool:
        """Whether a due date can be counted from a date alone."""
        return self.length is not None and self.unit in COMPUTABLE_UNITS

    def length_words(self, language: str) -> str:
        """Return length, unit and direction in words, e.g. `15个自然日` or `5 working days before`."""
        if self.length is None or self.length_text is not None:
            return (self.length_text or UNIT_WORDS[self.unit]).of(language)
        if self.length == 0:
            return SAME_DAY.of(language)
        amount = units_words(self.unit, self.length, language)
        if self.direction == "forward":
            return amount
        return f"提前{amount}" if language == "zh" else f"{amount} before"

    def is_analogous(self, citation: Citation, facts: CaseFacts) -> bool:
        """Tell whether a provision of the basis is only followed by analogy (参照) in a case with these facts.

        The provisions of Order 17 bind enterprises and their committees; those on judicial confirmation of people's
        mediation agreements bind people's mediation committees. While the kind is not known, the rule's own
        `basis_kind` decides.
        """
        kind = facts.employer_kind if self.applies_to.employers else facts.organisation_kind
        if not citation.binds or kind is None:
            return self.basis_kind == "analogy"
        return kind not in citation.binds


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


@dataclass(frozen=True, slots=True)
class Shipped:
    """What came with the software."""

    rules: Mapping[str, DeadlineRule]
    counting: Mapping[str, Counting]
    statutes: Mapping[str, Statute]
    actors: Mapping[str, Words]
    consequences: Mapping[str, Words]
    matters: Mapping[str, Words]


def deadline_rules() -> Mapping[str, DeadlineRule]:
    """Return the rules that came with the software, by id, in the order of the procedure."""
    return shipped().rules


def counting(counted_by: CountedBy) -> Counting:
    """Return the provisions on counting that a rule falls under."""
    return shipped().counting[counted_by]


def find_rule(rule_id: str) -> DeadlineRule:
    """Return the rule `rule_id` as it came. Raises UnknownDeadlineRuleError, which names near matches."""
    known = deadline_rules()
    rule = known.get(rule_id) if isinstance(rule_id, str) else None
    if rule is None:
        raise UnknownDeadlineRuleError(rule=rule_id, near=", ".join(_near(str(rule_id), known)) or "-")
    return rule


def _near(rule_id: str, rules: Mapping[str, DeadlineRule]) -> list[str]:
    wanted = rule_id.strip().upper()
    stem = wanted.partition("-")[0]
    near = get_close_matches(wanted, rules, n=5, cutoff=0.6)
    near += [known for known in rules if stem and known.startswith(f"{stem}-") and known not in near]
    return near[:8]


@cache
def shipped() -> Shipped:
    """Return the rules that came with the software, with their statutes and the words of their codes."""
    text = files("casework.deadlines").joinpath("rules.json").read_text(encoding="utf-8")
    stored = json.loads(text)
    if stored["format"] != 2:
        raise ValueError(f"rules.json has format {stored['format']}, this software reads format 2")
    statutes = {key: _statute(row) for key, row in stored["statutes"].items()}
    words = {
        part: MappingProxyType({key: Words(**row) for key, row in stored[part].items()})
        for part in ("stages", "actors", "consequences", "matters")
    }
    rules = {row["id"]: _rule(row, statutes, words["stages"]) for row in stored["rules"]}
    if len(rules) != len(stored["rules"]):
        raise ValueError("rules.json has two rules with one id")
    provisions = {
        key: Counting(**{name: citations(rows, statutes) for name, rows in parts.items()})
        for key, parts in stored["counting"].items()
    }
    return Shipped(
        rules=MappingProxyType(rules),
        counting=MappingProxyType(provisions),
        statutes=MappingProxyType(statutes),
        actors=words["actors"],
        consequences=words["consequences"],
        matters=words["matters"],
    )


def _statute(row: Mapping[str, Any]) -> Statute:
    return Statute(Words(row["zh"], row["en"]), _day(row["in_force_on"]), tuple(row.get("binds", ())))


def _rule(row: Mapping[str, Any], statutes: Mapping[str, Statute], stages: Mapping[str, Words]) -> DeadlineRule:
    unknown = row.keys() - {known.name for known in fields(DeadlineRule)}
    if unknown:
        raise ValueError(f"rule {row.get('id')}: unknown fields {sorted(unknown)}")
    return DeadlineRule(
        id=row["id"],
        stage=row["stage"],
        stage_words=stages[row["stage"]],
        name=Words(**row["name"]),
        trigger=Words(**row["trigger"]),
        trigger_event=row["trigger_event"],
        length=row.get("length"),
        length_text=_words(row.get("length_text")),
        unit=Unit(row["unit"]),
        direction=row["direction"],
        roll=row["roll"],
        bound=row.get("bound", "at-most"),
        actor=Words(**row["actor"]),
        actor_codes=tuple(row["actor_codes"]),
        extension=_words(row.get("extension")) or NONE,
        extension_by=tuple(row["extension_by"]),
        extension_length=row.get("extension_length"),
        extension_times=row.get("extension_times"),
        consequence=_words(row.get("consequence")) or NONE,
        consequence_codes=tuple(row["consequence_codes"]),
        basis=citations(row["basis"], statutes),
        basis_kind=row["basis_kind"],
        counted_by=row["counted_by"],
        confirmed=row["confirmed"],
        applies_to=AppliesTo(**{key: tuple(kinds) for key, kinds in row["applies_to"].items()}),
        valid_from=_day(row["valid_from"]),
        valid_to=_day(row["valid_to"]),
        settable=frozenset(row.get("settable", ())),
        note=_words(row.get("note")),
    )


def citations(rows: Sequence[Mapping[str, Any]], statutes: Mapping[str, Statute]) -> tuple[Citation, ...]:
    """Return citations from their stored form, `{"statute": "civil-code", "articles": ["201(1)"]}`. Raises KeyError."""
    found = []
    for row in rows:
        statute = statutes[row["statute"]]
        found.append(Citation(statute.words, tuple(row["articles"]), statute.binds))
    return tuple(found)


def _words(stored: Mapping[str, str] | None) -> Words | None:
    return None if stored is None else Words(**stored)


def _day(stored: str | None) -> date | None:
    return None if stored is None else date.fromisoformat(stored)
