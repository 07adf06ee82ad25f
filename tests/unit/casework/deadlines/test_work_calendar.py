"""The work-day calendar: layers, statutory holidays, counting."""

from collections import Counter
from datetime import date, timedelta

import chinese_calendar
import pytest

from casework.deadlines.errors import DateOutsideCalendarError, DayCountInvalidError
from casework.deadlines.projection import LAST_PROJECTED_YEAR, statutory_days
from casework.deadlines.work_calendar import DayOverride, WorkCalendar

CALENDAR = WorkCalendar()


def test_every_day_of_the_published_years_is_as_the_notices_have_it() -> None:
    day, wrong = date(2004, 1, 1), []
    while CALENDAR.is_published(day.year):
        if CALENDAR.is_working_day(day) is not chinese_calendar.is_workday(day):
            wrong.append(day)
        day += timedelta(days=1)
    assert wrong == []
    assert day.year == max(chinese_calendar.holidays).year + 1


@pytest.mark.parametrize("day", ["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"])
def test_a_make_up_saturday_or_sunday_is_no_rest_day(day: str) -> None:
    made_up = CALENDAR.day(date.fromisoformat(day))
    assert (made_up.kind, made_up.is_working) == ("make-up", True)
    assert not CALENDAR.is_rest_day(made_up.day)


def test_days_are_called_by_their_holiday() -> None:
    assert CALENDAR.day(date(2026, 2, 16)).zh == "春节假期"
    assert CALENDAR.day(date(2026, 5, 5)).zh == "劳动节假期（调休）"
    assert CALENDAR.day(date(2026, 5, 5)).en == "Labour Day (day off in lieu)"
    assert CALENDAR.day(date(2026, 11, 21)).kind == "weekend"
    assert CALENDAR.day(date(2026, 11, 23)).kind == "working"


def test_a_year_without_a_notice_has_the_thirteen_statutory_days() -> None:
    assert Counter(zh for zh, _ in statutory_days(2027).values()) == {
        "元旦": 1,
        "农历除夕": 1,
        "春节": 3,
        "清明节": 1,
        "劳动节": 2,
        "端午节": 1,
        "中秋节": 1,
        "国庆节": 3,
    }
    assert [day.isoformat() for day in statutory_days(2027)] == [
        "2027-01-01",
        "2027-02-05",
        "2027-02-06",
        "2027-02-07",
        "2027-02-08",
        "2027-04-05",
        "2027-05-01",
        "2027-05-02",
        "2027-06-09",
        "2027-09-15",
        "2027-10-01",
        "2027-10-02",
        "2027-10-03",
    ]


@pytest.mark.parametrize("year", [2025, 2026])
def test_the_statutory_days_of_a_published_year_are_all_days_off_in_its_notice(year: int) -> None:
    assert [day for day in statutory_days(year) if CALENDAR.is_working_day(day)] == []


@pytest.mark.parametrize("year", range(2027, LAST_PROJECTED_YEAR + 1))
def test_thirteen_statutory_days_every_year_unless_mid_autumn_is_national_day(year: int) -> None:
    days = statutory_days(year)
    assert len(days) == (12 if any(";" in zh for zh, _ in days.values()) else 13)


def test_the_projection_ends_where_the_lunar_tables_do() -> None:
    assert len(statutory_days(LAST_PROJECTED_YEAR + 1)) == 0
    with pytest.raises(DateOutsideCalendarError):
        CALENDAR.day(date(LAST_PROJECTED_YEAR + 1, 1, 1))


def test_what_the_office_entered_wins_over_notice_and_projection() -> None:
    calendar = WorkCalendar(
        {
            date(2026, 11, 23): DayOverride(False, "防汛停工"),
            date(2026, 2, 16): DayOverride(True),
            date(2026, 11, 21): DayOverride(True),
            date(2027, 1, 1): DayOverride(True),
            date(2026, 2, 14): DayOverride(False),
        }
    )
    assert calendar.day(date(2026, 11, 23)).zh == "防汛停工"
    assert calendar.day(date(2026, 2, 16)).kind == "working"
    assert calendar.day(date(2026, 11, 21)).kind == "make-up"
    assert calendar.is_working_day(date(2027, 1, 1))
    assert calendar.day(date(2026, 2, 14)).kind == "weekend"
    assert not calendar.is_published(2027)


def test_a_loaded_year_follows_its_overrides_and_the_week_alone() -> None:
    calendar = WorkCalendar({date(2027, 2, 6): DayOverride(False, "春节")}, frozenset({2027}))
    assert calendar.is_published(2027)
    assert calendar.is_working_day(date(2027, 1, 1))
    assert calendar.is_rest_day(date(2027, 2, 6))


def test_a_calendar_does_not_change_with_the_mapping_it_was_made_from() -> None:
    overrides = {date(2026, 11, 23): DayOverride(False)}
    calendar = WorkCalendar(overrides)
    overrides.clear()
    assert calendar.is_rest_day(date(2026, 11, 23))
    with pytest.raises(TypeError):
        calendar.overrides[date(2026, 11, 24)] = DayOverride(False)  # type: ignore[index]


@pytest.mark.parametrize(
    ("day", "expected"),
    [("2026-10-01", "2026-10-08"), ("2026-10-10", "2026-10-10"), ("2026-11-23", "2026-11-23")],
)
def test_the_next_non_rest_day_is_the_day_itself_when_it_is_worked(day: str, expected: str) -> None:
    assert CALENDAR.next_non_rest_day(date.fromisoformat(day)).isoformat() == expected


@pytest.mark.parametrize(
    ("start", "count", "expected"),
    [
        ("2026-02-21", 3, "2026-02-26"),
        ("2026-10-08", -1, "2026-09-30"),
        ("2026-10-03", -1, "2026-09-30"),
        ("2026-10-03", 1, "2026-10-08"),
        ("2026-10-11", -1, "2026-10-10"),
        ("2026-10-03", 0, "2026-10-08"),
        ("2026-10-08", 0, "2026-10-08"),
    ],
)
def test_working_days_are_counted_from_a_rest_day_too_and_backwards(start: str, count: int, expected: str) -> None:
    assert CALENDAR.add_working_days(date.fromisoformat(start), count).isoformat() == expected


@pytest.mark.parametrize("count", [10**9, -(10**9), 1.0, True, None, "3"])
def test_a_count_that_is_no_sensible_number_is_refused(count: object) -> None:
    with pytest.raises(DayCountInvalidError):
        CALENDAR.add_working_days(date(2026, 1, 1), count)  # type: ignore[arg-type]
