"""The work-day calendar: which days are worked, which are rest days, and how sure that is."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from types import MappingProxyType
from typing import Literal

from casework.deadlines.errors import DateOutsideCalendarError, DayCountInvalidError
from casework.deadlines.projection import LAST_PROJECTED_YEAR, statutory_days
from casework.deadlines.published import is_make_up_day, published_rest_day, published_years

DayKind = Literal["working", "make-up", "weekend", "holiday"]
"""An ordinary working day; a Saturday or Sunday that is worked; one that is not; a day off for any other reason."""

WEEKDAYS_ZH = ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日")
WEEKDAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

DAY_COUNT_LIMIT = 40_000
"""More days than the calendar has: a larger count is a mistake, not a period."""

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DayOverride:
    """What the office has entered for one day; it prevails over everything published or projected."""

    is_working: bool
    label: str | None = None
    """Its name in the notice, e.g. `春节`."""


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """One day as the calendar sees it."""

    day: date
    kind: DayKind
    zh: str
    """What to call it in a sentence: the holiday, `调休工作日`, or the day of the week."""
    en: str

    @property
    def is_working(self) -> bool:
        """Whether it is worked, make-up days included."""
        return self.kind in ("working", "make-up")


@dataclass(frozen=True)
class WorkCalendar:
    """Working days and rest days from 2004 on, built from three layers; a value that never changes.

    The overrides of the office come first; then the notices of published years; then, for years not published yet,
    weekends and the statutory holidays. Rest days are Saturdays, Sundays, public holidays and days off in lieu; a
    make-up working Saturday or Sunday is none (Civil Code Art. 203; Civil Procedure Law Art. 85).
    """

    overrides: Mapping[date, DayOverride] = field(default_factory=dict)
    loaded_years: frozenset[int] = frozenset()
    """Years whose notice was entered as overrides: every day of such a year that has none is as the week has it."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "overrides", MappingProxyType(dict(self.overrides)))

    @property
    def first_day(self) -> date:
        """The first day the calendar can tell."""
        return date(min(published_years()), 1, 1)

    @property
    def last_day(self) -> date:
        """The last day the calendar can tell."""
        return date(LAST_PROJECTED_YEAR, 12, 31)

    def is_published(self, year: int) -> bool:
        """Tell whether the work days of `year` are settled; dates counted through any other year are provisional."""
        return year in self.loaded_years or year in published_years()

    def day(self, day: date) -> CalendarDay:
        """Return kind and name of `day`. Raises DateOutsideCalendarError."""
        self.require(day)
        override = self.overrides.get(day)
        if override is not None:
            return self._overridden(day, override)
        if day.year in self.loaded_years:
            return _by_week(day)
        if day.year in published_years():
            return _published(day)
        name = statutory_days(day.year).get(day)
        return _by_week(day) if name is None else CalendarDay(day, "holiday", *name)

    def is_working_day(self, day: date) -> bool:
        """Tell whether `day` is worked. Raises DateOutsideCalendarError."""
        return self.day(day).is_working

    def is_rest_day(self, day: date) -> bool:
        """Tell whether `day` is a day of rest, on which no period ends. Raises DateOutsideCalendarError."""
        return not self.day(day).is_working

    def next_non_rest_day(self, day: date) -> date:
        """Return `day` itself, or the first day after it that is not a rest day. Raises DateOutsideCalendarError."""
        while self.is_rest_day(day):
            day += _ONE_DAY
        return day

    def walk(self, start: date, step: Literal[1, -1]) -> Iterator[CalendarDay]:
        """Yield the days after (or before) `start`, which is left out. Raises DateOutsideCalendarError at the end."""
        day = start
        while True:
            day += step * _ONE_DAY
            yield self.day(day)

    def add_working_days(self, start: date, count: int) -> date:
        """Return the `count`th working day after `start`, or before it when `count` is negative.

        `start` itself is not counted. With 0 it is `start` if that is worked, otherwise the next working day.
        Raises DateOutsideCalendarError or DayCountInvalidError.
        """
        left = abs(whole_days(count))
        if left == 0:
            return self.next_non_rest_day(start)
        self.require(start)
        for passed in self.walk(start, 1 if count > 0 else -1):
            left -= passed.is_working
            if left == 0:
                return passed.day
        raise AssertionError("the walk ends with an error, never by itself")

    def require(self, day: date) -> None:
        """Raise DateOutsideCalendarError unless the calendar can tell about `day`."""
        if not self.first_day <= day <= self.last_day:
            raise DateOutsideCalendarError(
                day=day.isoformat(), first=self.first_day.isoformat(), last=self.last_day.isoformat()
            )

    def _overridden(self, day: date, override: DayOverride) -> CalendarDay:
        plain = _by_week(day)
        if override.is_working:
            return plain if plain.is_working else _make_up(day)
        if override.label is None:
            return CalendarDay(day, "weekend" if plain.kind == "weekend" else "holiday", "休息日", "a rest day")
        return CalendarDay(day, "holiday", override.label, override.label)


def whole_days(count: object) -> int:
    """Return `count` if it is a whole number of days within reason. Raises DayCountInvalidError."""
    if not isinstance(count, int) or isinstance(count, bool) or abs(count) > DAY_COUNT_LIMIT:
        raise DayCountInvalidError(count=count, limit=DAY_COUNT_LIMIT)
    return count


def _by_week(day: date) -> CalendarDay:
    weekday = day.weekday()
    return CalendarDay(day, "working" if weekday < 5 else "weekend", WEEKDAYS_ZH[weekday], WEEKDAYS_EN[weekday])


def _make_up(day: date) -> CalendarDay:
    return CalendarDay(day, "make-up", "调休工作日", "a make-up working day")


def _published(day: date) -> CalendarDay:
    if is_make_up_day(day):
        return _make_up(day)
    name = published_rest_day(day)
    return _by_week(day) if name is None else CalendarDay(day, "holiday", *name)
