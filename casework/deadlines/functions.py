"""What expressions of a process may ask about time: host functions over calendar, rules and the instant of the step."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any

from casework.deadlines.clock_events import ClockEvent, compute_with_events
from casework.deadlines.computation import Deadline
from casework.deadlines.errors import DeadlineStartInvalidError
from casework.deadlines.office_hours import OfficeHours, time_of_day
from casework.deadlines.rule_book import CaseRules
from casework.deadlines.rules import deadline_rules
from casework.deadlines.work_calendar import WorkCalendar, whole_days
from engine.domain.clock import SHANGHAI, shanghai_date
from engine.domain.host import Explained, HostFunction
from engine.domain.values import Value


def deadline_function_stubs() -> Mapping[str, str]:
    """Return name -> Python stub of every function here.

    The stubs of `deadline` and `safe_deadline` name every rule a date can be counted for, so that a misspelt rule, or
    one that has no number of days, is found when a process is deployed.
    """
    ids = ", ".join(f'"{rule.id}"' for rule in deadline_rules().values() if rule.is_computable)
    return MappingProxyType(
        {
            "now": "def now() -> datetime: ...",
            "today": "def today() -> date: ...",
            "deadline": f"def deadline(rule: Literal[{ids}], start: date, extended_by: int = 0) -> date: ...",
            "safe_deadline": f"def safe_deadline(rule: Literal[{ids}], start: date, extended_by: int = 0) -> date: ...",
            "days": "def days(n: int) -> timedelta: ...",
            "working_days": "def working_days(start: date, n: int) -> date: ...",
            "at": "def at(day: date, time: str) -> datetime: ...",
            "reminder_at": "def reminder_at(day: date) -> datetime: ...",
            "escalation_at": "def escalation_at(day: date) -> datetime: ...",
        }
    )


def deadline_functions(
    calendar: WorkCalendar,
    clock_now: datetime,
    rules: CaseRules | None = None,
    hours: OfficeHours | None = None,
    events: Mapping[str, Sequence[ClockEvent]] | None = None,
) -> Mapping[str, HostFunction]:
    """Return the host functions for one step that happens at the instant `clock_now` (timezone-aware).

    `now()` and `today()` are of Asia/Shanghai. `deadline(rule, start, extended_by)` gives the computed date and
    `safe_deadline` the earliest reading of the same period; both carry the whole explanation: rule, start, due, safe,
    provisional, explanation and safe_explanation, with `_en` beside. `working_days(start, n)` has no rule and no safe
    date. `reminder_at(day)` is the reminder hour of the last working day on or before `day`, `escalation_at(day)` the
    opening hour of the first working day after it.

    `events` are what happened to the clocks of rules in the case: a period that stands still has no end, and its date
    lies beyond any timer.
    """
    office = hours or OfficeHours()
    present = clock_now.astimezone(SHANGHAI)

    def now() -> datetime:
        return present

    def today() -> date:
        return present.date()

    def counted(rule: str, start: date, extended_by: int) -> tuple[Deadline, dict[str, Any]]:
        found = compute_with_events(
            rule, start, calendar, rules=rules, extended_by=extended_by, events=(events or {}).get(rule, ())
        )
        explanation = in_both_languages(found.deadline)
        return found.deadline, explanation | {"suspended": True} if found.is_suspended else explanation

    def deadline(rule: str, start: date, extended_by: int = 0) -> Explained:
        due, explanation = counted(rule, start, extended_by)
        return Explained(due.due, explanation)

    def safe_deadline(rule: str, start: date, extended_by: int = 0) -> Explained:
        due, explanation = counted(rule, start, extended_by)
        return Explained(due.safe_due, explanation)

    def days(n: int) -> timedelta:
        return timedelta(days=whole_days(n))

    def working_days(start: date, n: int) -> Explained:
        first = _day("working_days", start)
        due = calendar.add_working_days(first, n)
        return Explained(
            due,
            {
                "rule": None,
                "start": first.isoformat(),
                "due": due.isoformat(),
                "provisional": _is_provisional(calendar, first, n, due),
                "explanation": f"自{first}起第{n}个工作日为{due}。",
                "explanation_en": f"Working day {n} from {first} is {due}.",
            },
        )

    def at(day: date, time: str) -> datetime:
        return datetime.combine(_day("at", day), time_of_day(time), SHANGHAI)

    def reminder_at(day: date) -> Explained:
        wanted = reminded = _day("reminder_at", day)
        while not calendar.is_working_day(reminded):
            reminded -= timedelta(days=1)
        instant = datetime.combine(reminded, office.reminder, SHANGHAI)
        return Explained(instant, _moved("reminder_at", wanted, reminded, instant, calendar), refines=True)

    def escalation_at(day: date) -> Explained:
        wanted = _day("escalation_at", day)
        escalated = calendar.add_working_days(wanted, 1)
        instant = datetime.combine(escalated, office.opens, SHANGHAI)
        return Explained(instant, _moved("escalation_at", wanted, escalated, instant, calendar), refines=True)

    stubs = deadline_function_stubs()
    calls: dict[str, Callable[..., Value | Explained]] = {
        "now": now,
        "today": today,
        "deadline": deadline,
        "safe_deadline": safe_deadline,
        "days": days,
        "working_days": working_days,
        "at": at,
        "reminder_at": reminder_at,
        "escalation_at": escalation_at,
    }
    return MappingProxyType({name: HostFunction(name, stubs[name], call) for name, call in calls.items()})


def in_both_languages(deadline: Deadline) -> dict[str, Any]:
    """Return what is kept beside a timer or a due date that a rule gave."""
    return {
        **deadline.as_dict("zh"),
        "explanation_en": deadline.explanation_en,
        "safe_explanation_en": deadline.safe_en,
    }


def _moved(function: str, wanted: date, found: date, instant: datetime, calendar: WorkCalendar) -> dict[str, Any]:
    years = range(min(wanted, found).year, max(wanted, found).year + 1)
    clock = f"{instant:%H:%M}"
    if function == "reminder_at":
        zh, en = f"于{found} {clock}提醒（不晚于{wanted}的工作日）", f"reminder on {found} at {clock}, a working day"
    else:
        zh = f"于{found} {clock}提醒升级（{wanted}之后的第一个工作日）"
        en = f"escalated on {found} at {clock}, the first working day after {wanted}"
    return {
        "rule": None,
        "start": wanted.isoformat(),
        "due": found.isoformat(),
        "provisional": any(not calendar.is_published(year) for year in years),
        "explanation": f"{zh}。",
        "explanation_en": f"{en[0].upper()}{en[1:]}.",
    }


def _is_provisional(calendar: WorkCalendar, start: date, count: int, due: date) -> bool:
    """Tell whether a day that was counted lies in a year not published; `start` is looked at only when `count` is 0."""
    first = start + timedelta(days=(count > 0) - (count < 0))
    return any(not calendar.is_published(year) for year in range(min(first, due).year, max(first, due).year + 1))


def _day(function: str, value: object) -> date:
    if isinstance(value, datetime):
        return shanghai_date(value)
    if isinstance(value, date):
        return value
    raise DeadlineStartInvalidError(rule=function, value=value)
