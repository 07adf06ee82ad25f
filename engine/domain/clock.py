"""Where the time comes from: a clock is handed in, never read from the machine in passing."""

from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
"""Legal days are days of this zone, whatever the server's own zone."""


class Clock(Protocol):
    """Tells the present instant."""

    def now(self) -> datetime:
        """Return the present instant, timezone-aware, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the machine's present instant in UTC."""
        return datetime.now(UTC)  # noqa: TID251 - the one place that reads the machine's clock


class ManualClock:
    """A clock that stands still until it is moved; for tests, scenarios and simulations."""

    def __init__(self, start: datetime) -> None:
        if start.tzinfo is None:
            raise ValueError("a clock needs a timezone-aware instant")
        self._now = start.astimezone(UTC)

    def now(self) -> datetime:
        """Return the instant the clock was last set to."""
        return self._now

    def set(self, instant: datetime) -> None:
        """Move the clock to `instant`; raises ValueError when that is in its past."""
        if instant < self._now:
            raise ValueError(f"the clock cannot go back from {self._now} to {instant}")
        self._now = instant.astimezone(UTC)

    def advance(self, duration: timedelta) -> None:
        """Move the clock forward by `duration`."""
        self.set(self._now + duration)


def today(clock: Clock) -> date:
    """Return the present day in Asia/Shanghai."""
    return shanghai_date(clock.now())


def shanghai_date(instant: datetime) -> date:
    """Return the Asia/Shanghai day in which `instant` lies."""
    return instant.astimezone(SHANGHAI).date()


def day_end(day: date) -> datetime:
    """Return the instant at which `day` has run out: 00:00 Asia/Shanghai of the next day, in UTC."""
    return datetime.combine(day + timedelta(days=1), datetime.min.time(), SHANGHAI).astimezone(UTC)


def day_start(day: date) -> datetime:
    """Return 00:00 Asia/Shanghai of `day`, in UTC."""
    return datetime.combine(day, datetime.min.time(), SHANGHAI).astimezone(UTC)
