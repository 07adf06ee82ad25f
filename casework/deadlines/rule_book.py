"""Versions of the deadline rules, and which of them counts a given period of a given case: always exactly one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import Literal

from casework.deadlines.rules import CaseFacts, DeadlineRule, deadline_rules, find_rule

CasesBefore = Literal["keep", "change"]
"""What a new version does to what began before it takes effect: leave the old rule, or change what still runs."""

START = "start"
"""Says that the period's own first day decides whether it began before a version took effect."""

Ends = Callable[[DeadlineRule], date | None]
"""Returns the last day of the period by a rule; None when the rule gives no date."""


@dataclass(frozen=True, slots=True)
class Transition:
    """From when a version counts, and for what that began before."""

    effective_on: date
    cases_before: CasesBefore
    deciding_date: str = START
    """`start`, or the event date whose value decides: a case accepted before keeps the old rule for later periods, too."""


@dataclass(frozen=True, slots=True)
class RuleVersion:
    """One version of a rule; the first has no transition, it counts everything before the second."""

    rule: DeadlineRule
    transition: Transition | None = None


class RuleBook:
    """Every version of every rule that counts; a value that never changes."""

    def __init__(self, versions: Mapping[str, tuple[RuleVersion, ...]]) -> None:
        self._versions = MappingProxyType(dict(versions))

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of all rules, in the order of the procedure."""
        return tuple(self._versions)

    def versions(self, rule_id: str) -> tuple[RuleVersion, ...]:
        """Return the versions of a rule, oldest first. Raises UnknownDeadlineRuleError."""
        find_rule(rule_id)
        return self._versions[rule_id]

    def with_version(self, version: RuleVersion) -> "RuleBook":
        """Return this book with one more version, the newest of its rule."""
        return RuleBook({**self._versions, version.rule.id: (*self._versions[version.rule.id], version)})

    def rule(self, rule_id: str, start: date, facts: CaseFacts, ends: Ends) -> DeadlineRule:
        """Return the version that counts the period from `start` in a case with these facts.

        Versions are taken in the order in which they were published. One applies to a period that began, or to a case
        whose deciding event date lies, on or after its effective day. With `change` it also applies to a period that
        still runs on that day, unless it would then have run out before: no version shortens a period into the time
        before it took effect. Raises UnknownDeadlineRuleError.
        """
        counts = self.versions(rule_id)[0].rule
        for version in self.versions(rule_id)[1:]:
            assert version.transition is not None
            if _applies(version, version.transition, counts, start, facts, ends):
                counts = version.rule
        return counts

    def on(self, day: date) -> Mapping[str, DeadlineRule]:
        """Return, by id, the rules that are in force on `day` for a period that starts then."""
        return {rule_id: self.rule(rule_id, day, CaseFacts(), lambda _rule: date.min) for rule_id in self.ids}


@dataclass(frozen=True, slots=True)
class CaseRules:
    """The rules as they count for one case."""

    book: RuleBook
    facts: CaseFacts = field(default_factory=CaseFacts)

    def rule(self, rule_id: str, start: date, ends: Ends) -> DeadlineRule:
        """Return the version that counts the period from `start`. Raises UnknownDeadlineRuleError."""
        return self.book.rule(rule_id, start, self.facts, ends)


@cache
def shipped_book() -> RuleBook:
    """Return the rules as they came with the software, one version each."""
    return RuleBook({rule_id: (RuleVersion(rule),) for rule_id, rule in deadline_rules().items()})


def _applies(
    version: RuleVersion, transition: Transition, before: DeadlineRule, start: date, facts: CaseFacts, ends: Ends
) -> bool:
    decisive = start if transition.deciding_date == START else facts.dates.get(transition.deciding_date, start)
    if decisive >= transition.effective_on:
        return True
    if transition.cases_before == "keep":
        return False
    return all(end is None or end >= transition.effective_on for end in (ends(before), ends(version.rule)))
