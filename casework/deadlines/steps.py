"""What counting a period leaves behind: the days that decided it."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from casework.deadlines.work_calendar import CalendarDay

StepKind = Literal["start", "counted", "rest", "due"]
"""The day of the event; a working day that counts; a rest day that does not, or moves the end; the due date."""


@dataclass(frozen=True, slots=True)
class Step:
    """One day on the way from the event to the due date."""

    kind: StepKind
    calendar_day: CalendarDay
    number: int | None = None
    """Which working day of the period it is, where working days are counted."""

    @property
    def day(self) -> date:
        """Its date."""
        return self.calendar_day.day


@dataclass(frozen=True, slots=True)
class Count:
    """A period as counted."""

    start: date
    length: int
    """In units of the rule, an extension included."""
    extended_by: int
    ends_on: date
    due: date
    steps: tuple[Step, ...]
    provisional_years: tuple[int, ...]
