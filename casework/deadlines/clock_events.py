"""What happens to a period while it runs: suspension 中止, restart 重新计算, extension 延期, and the date that follows.

Operators who suspend an instance (挂起) stop work, not law: only a suspension recorded here stops a legal clock
(Arbitration Case Rules, Art. 46-47).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from casework.deadlines.citations import Words
from casework.deadlines.computation import Deadline, compute
from casework.deadlines.rule_book import CaseRules
from casework.deadlines.rules import DeadlineRule, Unit, units_words
from casework.deadlines.safe_date import safe_words_of
from casework.deadlines.work_calendar import WorkCalendar

Kind = Literal["suspension", "restart", "extension"]
Effect = Literal["counts", "before-start", "too-late", "superseded-by-restart"]

KINDS: dict[Kind, Words] = {
    "suspension": Words("中止", "suspension"),
    "restart": Words("重新计算", "restart"),
    "extension": Words("延期", "extension"),
}

NEVER = date(2099, 12, 31)
"""The due date of a period that stands still: no timer comes to it, and nothing shows it as a date."""


@dataclass(frozen=True, slots=True)
class ClockEvent:
    """One event on the clock of a rule."""

    kind: Kind
    on: date
    """When the suspension began, the day the period is counted from anew, or the day of the approval."""
    until: date | None = None
    """Of a suspension, the day that counts again (none: it lasts); of an extension, the agreed last day."""
    units: int | None = None
    """Of an extension, how many units of the rule it adds."""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Applied:
    """An event with what it did to the period."""

    event: ClockEvent
    effect: Effect


@dataclass(frozen=True, slots=True)
class RunningDeadline:
    """A period as it stands after everything that happened to its clock."""

    deadline: Deadline
    began_on: date
    """The day it is counted from: the start, or the last restart."""
    is_suspended: bool
    applied: tuple[Applied, ...]


def compute_with_events(
    rule_id: str,
    start: date,
    calendar: WorkCalendar,
    *,
    rules: CaseRules | None = None,
    extended_by: int = 0,
    events: Iterable[ClockEvent] = (),
) -> RunningDeadline:
    """Return the due date of a period whose clock was stopped, set back or extended; in any order of recording.

    A restart within the period counts it anew from its day, and extensions granted before it are over with it. An
    extension adds its units as one count with the period, or lets it end on the agreed day. A suspension takes its days
    (of a working-day period: its working days) out of the count. What lies before the start or after the end does
    nothing. Periods counted back from an event know no such events. Raises what `compute` raises.
    """
    ordered = sorted(events, key=lambda each: (each.on, each.kind, each.until or date.max, each.units or 0))
    plain = compute(rule_id, start, calendar, rules=rules, extended_by=extended_by)
    if not ordered or plain.rule.direction == "backward":
        return RunningDeadline(plain, plain.start, False, tuple(Applied(each, "before-start") for each in ordered))
    clock = _Clock(rule_id, calendar, rules, extended_by, ordered, plain)
    return clock.result()


class _Clock:
    def __init__(
        self,
        rule_id: str,
        calendar: WorkCalendar,
        rules: CaseRules | None,
        extended_by: int,
        ordered: Sequence[ClockEvent],
        plain: Deadline,
    ) -> None:
        self._rule_id = rule_id
        self._calendar = calendar
        self._rules = rules
        self._extended_by = extended_by
        self._spans = _merged(each for each in ordered if each.kind == "suspension")
        self._plain = plain
        self._began = plain.start
        self._granted: list[ClockEvent] = []
        self._deadline, self._is_suspended = self._count()
        self._applied = [self._take(each, plain.start) for each in ordered if each.kind != "suspension"]
        self._applied += [self._suspension(each) for each in ordered if each.kind == "suspension"]

    def result(self) -> RunningDeadline:
        applied = tuple(
            Applied(each.event, "superseded-by-restart")
            if each.effect == "counts" and each.event.kind == "extension" and each.event not in self._granted
            else each
            for each in sorted(self._applied, key=lambda each: (each.event.on, each.event.kind))
        )
        counted = [each.event for each in applied if each.effect == "counts"]
        deadline = _explained(self._deadline, self._plain.start, counted, is_suspended=self._is_suspended)
        return RunningDeadline(deadline, self._began, self._is_suspended, applied)

    def _take(self, event: ClockEvent, start: date) -> Applied:
        if event.on < start:
            return Applied(event, "before-start")
        if event.on > self._deadline.due:
            return Applied(event, "too-late")
        if event.kind == "restart":
            self._began, self._granted = event.on, []
        else:
            self._granted.append(event)
        self._deadline, self._is_suspended = self._count()
        return Applied(event, "counts")

    def _suspension(self, event: ClockEvent) -> Applied:
        from_day = self._plain.start + timedelta(days=1)
        if event.until is not None and event.until <= from_day:
            return Applied(event, "before-start")
        return Applied(event, "too-late" if max(event.on, from_day) > self._deadline.ends_on else "counts")

    def _count(self) -> tuple[Deadline, bool]:
        """Count from the last restart with what was granted since, then take out the days that did not count."""
        units = self._extended_by + sum(each.units or 0 for each in self._granted)
        found = compute(self._rule_id, self._began, self._calendar, rules=self._rules, extended_by=units)
        agreed = max((each.until for each in self._granted if each.until is not None), default=None)
        if agreed is not None and agreed > found.ends_on:
            found = self._ending(found, agreed)
        for first, until in self._spans:
            first = max(first, self._began + timedelta(days=1))  # the day of the event does not count anyway
            if until <= first or first > found.ends_on:
                continue
            if until == date.max:
                return replace(found, due=NEVER, ends_on=NEVER, safe_due=NEVER, provisional_years=()), True
            found = self._moved(found, first, until)
        return found, False

    def _moved(self, found: Deadline, first: date, until: date) -> Deadline:
        if found.rule.unit is not Unit.WORKING_DAY:
            return self._ending(found, found.ends_on + (until - first))
        lost = sum(self._calendar.is_working_day(first + timedelta(days=n)) for n in range((until - first).days))
        if lost == 0:
            return found
        return self._settled(
            found,
            ends_on=self._calendar.add_working_days(found.due, lost),
            safe=self._calendar.add_working_days(found.safe_due, lost),
        )

    def _ending(self, found: Deadline, day: date) -> Deadline:
        return self._settled(found, ends_on=day, safe=day)

    def _settled(self, found: Deadline, *, ends_on: date, safe: date) -> Deadline:
        due = self._calendar.next_non_rest_day(ends_on)
        first = self._began if found.rule.unit is Unit.WORKING_DAY else ends_on
        years = tuple(year for year in range(first.year, due.year + 1) if not self._calendar.is_published(year))
        return replace(found, due=due, ends_on=ends_on, safe_due=min(safe, due), provisional_years=years)


def _merged(suspensions: Iterable[ClockEvent]) -> list[tuple[date, date]]:
    found: list[tuple[date, date]] = []
    for each in sorted(suspensions, key=lambda each: each.on):
        until = each.until or date.max
        if found and each.on <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], until))
        else:
            found.append((each.on, until))
    return found


def _explained(deadline: Deadline, start: date, events: Sequence[ClockEvent], *, is_suspended: bool) -> Deadline:
    """Return the deadline with sentences for what happened to its clock and for the date that followed."""
    if not events:
        return replace(deadline, start=start)
    said = [_said(deadline.rule, each) for each in events]
    zh, en = "；".join(each.zh for each in said), "; ".join(each.en for each in said)
    if is_suspended:
        end = Words("期间中止中，恢复后继续计算", "the period stands still and goes on once it is resumed")
        safe = Words("期间中止中，恢复后继续计算。", "The period stands still; it goes on once it is resumed.")
    else:
        end = Words(f"期限为{deadline.due}", f"due on {deadline.due}")
        safe = safe_words_of(deadline.rule, deadline.safe_due, deadline.due, provisional=deadline.provisional)
    return replace(
        deadline,
        start=start,
        explanation_zh=f"{deadline.explanation_zh}期间变化：{zh}；{end.zh}。",
        explanation_en=f"{deadline.explanation_en} What happened since: {en}; {end.en}.",
        safe_zh=safe.zh,
        safe_en=safe.en,
    )


def _said(rule: DeadlineRule, event: ClockEvent) -> Words:
    match event.kind:
        case "suspension":
            if event.until is None:
                return Words(f"自{event.on}起中止", f"suspended since {event.on}")
            return Words(
                f"自{event.on}起中止，{event.until}恢复", f"suspended from {event.on}, resumed on {event.until}"
            )
        case "restart":
            return Words(f"自{event.on}起重新计算", f"counted anew from {event.on}")
        case _:
            if event.until is not None:
                return Words(f"{event.on}延期至{event.until}", f"extended on {event.on} until {event.until}")
            units = event.units or 0
            return Words(
                f"{event.on}延长{units_words(rule.unit, units, 'zh')}",
                f"extended on {event.on} by {units_words(rule.unit, units, 'en')}",
            )
