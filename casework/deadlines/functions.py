"""What expressions of a process may ask about time: host functions over calendar, rules and the instant of the step."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from types import MappingProxyType

from casework.deadlines.computation import compute
from casework.deadlines.errors import DeadlineStartInvalidError, TimeOfDayInvalidError
from casework.deadlines.rules import DeadlineRule, deadline_rules
from casework.deadlines.work_calendar import WorkCalendar, whole_days
from engine.domain.clock import SHANGHAI, shanghai_date
from engine.domain.host import Explained, HostFunction
from engine.domain.values import Value

_TIME_OF_DAY = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)", re.ASCII)


def deadline_function_stubs(rules: Mapping[str, DeadlineRule] | None = None) -> Mapping[str, str]:
    """Return name -> Python stub of every function here.

    The stub of `deadline` names every rule a date can be counted for, so that a misspelt rule, or one that has no
    number of days, is found when a process is deployed.
    """
    known = deadline_rules() if rules is None else rules
    ids = ", ".join(f'"{rule.id}"' for rule in known.values() if rule.is_computable)
    return MappingProxyType(
        {
            "now": "def now() -> datetime: ...",
            "today": "def today() -> date: ...",
            "deadline": f"def deadline(rule: Literal[{ids}], start: date) -> date: ...",
            "days": "def days(n: int) -> timedelta: ...",
            "working_days": "def working_days(start: date, n: int) -> date: ...",
            "at": "def at(day: date, time: str) -> datetime: ...",
        }
    )


def deadline_functions(
    calendar: WorkCalendar, clock_now: datetime, rules: Mapping[str, DeadlineRule] | None = None
) -> Mapping[str, HostFunction]:
    """Return the host functions for one step that happens at the instant `clock_now` (timezone-aware).

    `now()` and `today()` are of Asia/Shanghai. `deadline(rule, start)` and `working_days(start, n)` give dates that
    carry their explanation: rule (None for `working_days`), start, due, provisional, explanation, explanation_en.
    """
    present = clock_now.astimezone(SHANGHAI)

    def now() -> datetime:
        return present

    def today() -> date:
        return present.date()

    def deadline(rule: str, start: date) -> Explained:
        due = compute(rule, start, calendar, rules=rules)
        return Explained(due.due, {**due.as_dict("zh"), "explanation_en": due.explanation_en})

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
        return datetime.combine(_day("at", day), _time_of_day(time), SHANGHAI)

    stubs = deadline_function_stubs(rules)
    calls: dict[str, Callable[..., Value | Explained]] = {
        "now": now,
        "today": today,
        "deadline": deadline,
        "days": days,
        "working_days": working_days,
        "at": at,
    }
    return MappingProxyType({name: HostFunction(name, stubs[name], call) for name, call in calls.items()})


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


def _time_of_day(text: object) -> time:
    match = _TIME_OF_DAY.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        raise TimeOfDayInvalidError(time=text)
    return time(int(match.group(1)), int(match.group(2)))
