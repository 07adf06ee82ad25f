"""Counting a period: from rule, start date and calendar to a due date with every day that decided it."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from casework.deadlines.errors import (
    DeadlineExtensionInvalidError,
    DeadlineRuleNotComputableError,
    DeadlineStartInvalidError,
)
from casework.deadlines.explanation import explain_en, explain_zh
from casework.deadlines.rule_book import CaseRules, shipped_book
from casework.deadlines.rules import DeadlineRule, Unit, find_rule
from casework.deadlines.safe_date import safe_date, safe_words
from casework.deadlines.steps import Count, Step
from casework.deadlines.work_calendar import WorkCalendar
from engine.domain.clock import shanghai_date

LONGEST_EXTENSION = 1000
"""In units of the rule; beyond it somebody has mistyped."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """When something must be done, and why then."""

    rule: DeadlineRule
    start: date
    due: date
    ends_on: date
    """The last day as counted, before a rest day moved it."""
    extended_by: int
    """Units added to the rule's own length."""
    provisional_years: tuple[int, ...]
    """Years on whose unpublished work days the due date depends."""
    steps: tuple[Step, ...]
    """Every day that decided the due date, in the order of counting; the first is the start, the last the due date."""
    explanation_zh: str = field(repr=False)
    explanation_en: str = field(repr=False)
    safe_due: date
    """The earliest reading: what reminders to parties aim at."""
    safe_zh: str = field(repr=False)
    """Why the safe date is what it is, and who decides whether something was in time."""
    safe_en: str = field(repr=False)

    @property
    def provisional(self) -> bool:
        """Whether the due date may move once a year's work-day notice is published."""
        return bool(self.provisional_years)

    def explanation(self, language: str) -> str:
        """Return the sentence that explains the due date, in `language` ("zh" or "en")."""
        return self.explanation_zh if language == "zh" else self.explanation_en

    def safe_explanation(self, language: str) -> str:
        """Return the sentence about the safe date, in `language` ("zh" or "en")."""
        return self.safe_zh if language == "zh" else self.safe_en

    def as_dict(self, language: str = "zh") -> dict[str, Any]:
        """Return rule and version, start, both dates, provisional and the explanation of both as JSON."""
        return {
            "rule": self.rule.id,
            "version": self.rule.version,
            "start": self.start.isoformat(),
            "due": self.due.isoformat(),
            "safe": self.safe_due.isoformat(),
            "provisional": self.provisional,
            "explanation": self.explanation(language),
            "safe_explanation": self.safe_explanation(language),
        }


def compute(
    rule_id: str,
    start: date,
    calendar: WorkCalendar,
    *,
    rules: CaseRules | None = None,
    extended_by: int = 0,
) -> Deadline:
    """Return the due date of the period that `rule_id` lets run from `start`, with its explanation.

    The day of the event is left out (Civil Code Art. 201; Civil Procedure Law Art. 85). Calendar days, months and
    years end on their last day, months and years on the corresponding day or else the last of the month (Civil Code
    Art. 202); a last day that is a rest day moves to the first day after it that is none (Art. 203). Working-day
    periods count worked days only. A period counted back from an event never moves forward: that would shorten the
    notice the law demands. Zero working days mean the same day, or the next working day when it is a rest day.

    `extended_by` adds units to the period as one count from `start` (45 days extended by 15 are 60 days); whether an
    extension is allowed is for the caller to know. `rules` are those of a case: they choose the version that counts,
    and whether its provisions bind or are followed by analogy; without them the shipped ones count.

    Raises UnknownDeadlineRuleError, DeadlineRuleNotComputableError, DeadlineStartInvalidError,
    DeadlineExtensionInvalidError or DateOutsideCalendarError.
    """
    first = _start_date(find_rule(rule_id), start)
    calendar.require(first)
    known = rules or CaseRules(shipped_book())

    def ends(version: DeadlineRule) -> date | None:
        return _counted(version, first, _length(version, extended_by), calendar).due if version.is_computable else None

    rule = known.rule(rule_id, first, ends)
    length = _length(rule, extended_by)
    count = replace(_counted(rule, first, length, calendar), extended_by=extended_by)
    safe = safe_date(rule, first, length, count.due, count.ends_on, calendar)
    safe_said = safe_words(rule, safe, provisional=bool(count.provisional_years))
    return Deadline(
        rule=rule,
        start=first,
        due=count.due,
        ends_on=count.ends_on,
        extended_by=extended_by,
        provisional_years=count.provisional_years,
        steps=count.steps,
        explanation_zh=explain_zh(rule, count, known.facts),
        explanation_en=explain_en(rule, count, known.facts),
        safe_due=safe.day,
        safe_zh=safe_said.zh,
        safe_en=safe_said.en,
    )


def _counted(rule: DeadlineRule, start: date, length: int, calendar: WorkCalendar) -> Count:
    if rule.unit is Unit.WORKING_DAY:
        return _count_working_days(rule, start, length, calendar)
    if rule.direction == "backward":
        return _count_back(rule, start, length, calendar)
    return _count_calendar(rule, start, length, calendar)


def _start_date(rule: DeadlineRule, start: object) -> date:
    if isinstance(start, datetime):
        return shanghai_date(start) if start.tzinfo is not None else start.date()
    if isinstance(start, date):
        return start
    raise DeadlineStartInvalidError(rule=rule.id, value=start)


def _length(rule: DeadlineRule, extended_by: int) -> int:
    if rule.length is None or not rule.is_computable:
        zh, en = _why_not(rule)
        raise DeadlineRuleNotComputableError(
            rule=rule.id, name_zh=rule.name.zh, name_en=rule.name.en, reason_zh=zh, reason_en=en
        )
    if not isinstance(extended_by, int) or isinstance(extended_by, bool) or not 0 <= extended_by <= LONGEST_EXTENSION:
        raise DeadlineExtensionInvalidError(rule=rule.id, extended_by=extended_by)
    return rule.length + extended_by


def _why_not(rule: DeadlineRule) -> tuple[str, str]:
    text_zh, text_en = (rule.length_text.zh, rule.length_text.en) if rule.length_text else ("", "")
    match rule.unit:
        case Unit.HOUR:
            return (
                f"它以小时计（{rule.length}小时），须从时刻而不是日期起算，请用时长，例如 PT{rule.length}H",
                f"it is {rule.length} hours from an instant, not from a date; use a duration such as PT{rule.length}H",
            )
        case Unit.AGREED:
            return f"{text_zh}，请直接使用约定的日期", f"it is {text_en}; use the date agreed on"
        case Unit.EVENT:
            return f"它以事件为界（{text_zh}）", f"it ends with an event ({text_en})"
        case Unit.CLASS_HOUR:
            return f"它不是期间（{text_zh}）", f"it is no period ({text_en})"
        case _:
            return (
                f"条文没有数字（{text_zh}），请先设定天数",
                f"the law gives no number ({text_en}); set a length first",
            )


def _count_working_days(rule: DeadlineRule, start: date, length: int, calendar: WorkCalendar) -> Count:
    steps = [Step("start", calendar.day(start))]
    if length == 0:
        if not steps[0].calendar_day.is_working:
            for passed in calendar.walk(start, 1):
                steps.append(Step("due" if passed.is_working else "rest", passed))
                if passed.is_working:
                    break
        return _count(start, length, steps, steps, calendar)
    number = 0
    for passed in calendar.walk(start, 1 if rule.direction == "forward" else -1):
        number += passed.is_working
        if number == length:
            steps.append(Step("due", passed, number))
            break
        steps.append(Step("counted", passed, number) if passed.is_working else Step("rest", passed))
    return _count(start, length, steps, steps[1:], calendar)


def _count_calendar(rule: DeadlineRule, start: date, length: int, calendar: WorkCalendar) -> Count:
    ends_on = _end(rule.unit, start, length)
    calendar.require(ends_on)
    steps = [Step("start", calendar.day(start))]
    day = calendar.day(ends_on)
    while rule.roll == "next-non-rest-day" and not day.is_working:
        steps.append(Step("rest", day))
        day = calendar.day(day.day + timedelta(days=1))
    steps.append(Step("due", day))
    decisive = steps[1:] if rule.roll == "next-non-rest-day" else []
    return replace(_count(start, length, steps, decisive, calendar), ends_on=ends_on)


def _count_back(rule: DeadlineRule, start: date, length: int, calendar: WorkCalendar) -> Count:
    due = _end(rule.unit, start, -length)
    calendar.require(due)
    return _count(start, length, [Step("start", calendar.day(start)), Step("due", calendar.day(due))], [], calendar)


def _count(start: date, length: int, steps: list[Step], decisive: Iterable[Step], calendar: WorkCalendar) -> Count:
    years = {step.day.year for step in decisive}
    due = steps[-1].day
    return Count(
        start=start,
        length=length,
        extended_by=0,
        ends_on=due,
        due=due,
        steps=tuple(steps),
        provisional_years=tuple(sorted(year for year in years if not calendar.is_published(year))),
    )


def _end(unit: Unit, start: date, length: int) -> date:
    if unit is Unit.MONTH:
        return add_months(start, length)
    if unit is Unit.YEAR:
        return add_months(start, 12 * length)
    return start + timedelta(days=length)


def add_months(start: date, months: int) -> date:
    """Return the corresponding day so many months on, or the last day of that month if it has none (Civil Code 202)."""
    index = start.year * 12 + start.month - 1 + months
    year, month = index // 12, index % 12 + 1
    following = date(year + month // 12, month % 12 + 1, 1)
    return date(year, month, min(start.day, (following - timedelta(days=1)).day))
