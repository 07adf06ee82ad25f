"""ISO 8601 durations, dates and repeating intervals of timer events, and what an expression's result means as a time."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from engine.domain.clock import SHANGHAI, day_end
from engine.domain.values import Value

_DURATION = re.compile(
    r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?", re.ASCII
)
_CYCLE = re.compile(r"R(\d*)/(P.+)", re.ASCII)


@dataclass(frozen=True, slots=True)
class DueTime:
    """When a timer is due: the instant, and the legal day that runs out there if it was given as a date."""

    due_at: datetime
    due_on: date | None = None
    repeats_left: int | None = None
    interval: timedelta | None = None


def add_duration(text: str, start: datetime) -> datetime:
    """Return `start` plus an ISO 8601 duration; months and years by the calendar of Asia/Shanghai.

    Raises ValueError when `text` is not a duration.
    """
    match = _DURATION.fullmatch(text.strip())
    if match is None or not any(match.groups()):
        raise ValueError(f"{text!r} is not an ISO 8601 duration such as P15D or PT2H")
    years, months, weeks, days, hours, minutes = (int(group or 0) for group in match.groups()[:6])
    seconds = float(match.group(7) or 0)
    local = start.astimezone(SHANGHAI)
    if years or months:
        index = local.year * 12 + local.month - 1 + years * 12 + months
        year, month = index // 12, index % 12 + 1
        local = local.replace(year=year, month=month, day=min(local.day, _last_day(year, month)))
    shift = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    return local.astimezone(UTC) + shift


def _last_day(year: int, month: int) -> int:
    following = date(year + month // 12, month % 12 + 1, 1)
    return (following - timedelta(days=1)).day


def due_time(kind: str, value: Value, now: datetime) -> DueTime:
    """Return when a timer of `kind` (date, duration, cycle) whose expression gave `value` is due.

    A date means: when that day has run out in Asia/Shanghai. Raises ValueError when `value` is not a time.
    """
    if isinstance(value, datetime):
        if value.tzinfo is None:
            value = value.replace(tzinfo=SHANGHAI)
        return DueTime(value.astimezone(UTC))
    if isinstance(value, date):
        return DueTime(day_end(value), value)
    if isinstance(value, timedelta):
        if kind == "cycle":
            return DueTime(now + value, None, -1, _positive(value))
        return DueTime(now + value)
    if isinstance(value, str):
        return _from_text(kind, value.strip(), now)
    raise ValueError(f"{value!r} is not a date, an instant or a duration")


def _from_text(kind: str, text: str, now: datetime) -> DueTime:
    cycle = _CYCLE.fullmatch(text)
    if cycle is not None:
        first = add_duration(cycle.group(2), now)
        times = int(cycle.group(1)) if cycle.group(1) else 0
        if cycle.group(1) and times < 1:
            raise ValueError(f"{text!r} repeats less than once")
        return DueTime(first, None, times - 1 if cycle.group(1) else -1, _positive(first - now))
    if kind == "cycle":
        raise ValueError(f"{text!r} is not a repeating interval such as R3/P1D")
    if text.startswith("P"):
        return DueTime(add_duration(text, now))
    try:
        return due_time(kind, date.fromisoformat(text), now)
    except ValueError:
        return due_time(kind, datetime.fromisoformat(text), now)


def _positive(interval: timedelta) -> timedelta:
    if interval < timedelta(seconds=1):
        raise ValueError("a repeating timer needs an interval of at least one second")
    return interval


def retry_delays(text: str | None) -> tuple[int, ...]:
    """Return the seconds to wait before each further attempt of a job.

    Reads `PT10S,PT1M,PT5M` or `R3/PT10S`; without text three further attempts after 10 s, 1 min and 5 min.
    Raises ValueError when `text` is neither.
    """
    if not text:
        return (10, 60, 300)
    start = datetime(2000, 1, 1, tzinfo=UTC)

    def seconds(duration: str) -> int:
        return int((add_duration(duration, start) - start).total_seconds())

    cycle = _CYCLE.fullmatch(text.strip())
    if cycle is not None:
        return (seconds(cycle.group(2)),) * int(cycle.group(1) or 1)
    return tuple(seconds(part) for part in text.split(","))
