"""Due dates against a naive calculator that looks at one day after the other and shares no code or data with ours."""

from datetime import date, timedelta

import chinese_calendar
import pytest
from holidays.countries.china import China
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.deadlines.computation import compute
from casework.deadlines.rules import deadline_rules
from casework.deadlines.work_calendar import DayOverride, WorkCalendar
from tests import effort

ONE_DAY = timedelta(days=1)
LAST_PUBLISHED = max(chinese_calendar.holidays).year
NOTICES = China(years=range(2004, LAST_PUBLISHED + 1))
"""The notices as another package holds them, make-up days included."""
NOT_IN_OUR_NOTICES = date(2005, 12, 31)
"""Worked for the New Year of 2006 according to that package; ours has it as a plain Saturday."""

STATUTORY = {
    date(year, month, day)
    for year, days in {
        2027: "0101 0205 0206 0207 0208 0405 0501 0502 0609 0915 1001 1002 1003",
        2028: "0101 0125 0126 0127 0128 0404 0501 0502 0528 1001 1002 1003",
        2029: "0101 0212 0213 0214 0215 0404 0501 0502 0616 0922 1001 1002 1003",
    }.items()
    for month, day in ((int(text[:2]), int(text[2:])) for text in days.split())
}
"""Copied by hand from an almanac."""

CALENDAR = WorkCalendar()
COMPUTABLE = [rule for rule in deadline_rules().values() if rule.is_computable]
LONG = {rule.id for rule in COMPUTABLE if rule.unit == "year" and rule.length > 2}
published_days = st.dates(date(2005, 1, 1), date(2026, 12, 31))
all_days = st.dates(date(2005, 1, 1), date(2028, 10, 31))
pytestmark = pytest.mark.skipif(LAST_PUBLISHED != 2026, reason="the tables above project 2027 to 2029")


def is_worked(day: date, overrides: dict[date, bool] | None = None) -> bool:
    if overrides and day in overrides:
        return overrides[day]
    if day == NOT_IN_OUR_NOTICES:
        return False
    if day.year <= LAST_PUBLISHED:
        return NOTICES.is_working_day(day)
    assert day.year <= 2029
    return day.isoweekday() < 6 and day not in STATUTORY


def naive_due(rule_id: str, start: date, overrides: dict[date, bool] | None = None) -> tuple[date, bool]:
    """Return due date and whether a year not published was looked at."""
    rule = deadline_rules()[rule_id]
    step = ONE_DAY if rule.direction == "forward" else -ONE_DAY
    seen: list[date] = []
    day = start
    if rule.unit == "working-day":
        left = rule.length
        if left == 0:
            seen.append(day)
            while not is_worked(day, overrides):
                day += ONE_DAY
                seen.append(day)
        while left:
            day += step
            seen.append(day)
            left -= 1 if is_worked(day, overrides) else 0
    else:
        if rule.unit == "calendar-day":
            for _ in range(rule.length):
                day += step
        else:
            wanted = start.year + rule.length
            while (day.year, day.month, day.day) < (wanted, start.month, start.day) and not (
                (start.month, start.day) == (2, 29) and (day.year, day.month, day.day) == (wanted, 2, 28)
            ):
                day += ONE_DAY
            if (start.month, start.day) == (2, 29) and wanted % 4 == 0:
                day = date(wanted, 2, 29)
        if rule.direction == "forward":
            seen.append(day)
            while not is_worked(day, overrides):
                day += ONE_DAY
                seen.append(day)
    return day, any(looked_at.year > LAST_PUBLISHED for looked_at in seen)


@settings(max_examples=effort.examples(400), deadline=None)
@given(st.sampled_from([rule.id for rule in COMPUTABLE if rule.id not in LONG]), all_days)
def test_due_date_and_provisional_mark_are_those_of_a_day_by_day_count(rule_id: str, start: date) -> None:
    if deadline_rules()[rule_id].unit == "year":
        start = min(start, date(2027, 10, 31))
    deadline = compute(rule_id, start, CALENDAR)
    assert (deadline.due, deadline.provisional) == naive_due(rule_id, start)


@settings(max_examples=effort.examples(60), deadline=None)
@given(st.sampled_from(sorted(LONG)), st.dates(date(2005, 1, 1), date(2018, 12, 31)))
def test_long_retention_periods_are_those_of_a_day_by_day_count(rule_id: str, start: date) -> None:
    assert compute(rule_id, start, CALENDAR).due == naive_due(rule_id, start)[0]


@settings(max_examples=effort.examples(150), deadline=None)
@given(
    st.sampled_from(["MED-15R", "MED-ACC", "REV-5", "ARB-HEAR", "ARB-45", "H-FIRST", "JC-APPLY"]),
    st.dates(date(2026, 8, 1), date(2027, 3, 31)),
    st.dictionaries(st.dates(date(2026, 7, 1), date(2027, 7, 1)), st.booleans(), max_size=60),
)
def test_what_the_office_entered_is_counted_with(rule_id: str, start: date, overrides: dict[date, bool]) -> None:
    calendar = WorkCalendar({day: DayOverride(is_working) for day, is_working in overrides.items()})
    assert compute(rule_id, start, calendar).due == naive_due(rule_id, start, overrides)[0]


@settings(max_examples=effort.examples(200), deadline=None)
@given(published_days, st.integers(-120, 120))
def test_working_days_there_and_back_again_meet(start: date, count: int) -> None:
    start = CALENDAR.next_non_rest_day(max(start, date(2005, 8, 1)))
    there = CALENDAR.add_working_days(start, count)
    assert CALENDAR.add_working_days(there, -count) == start


@settings(max_examples=effort.examples(200), deadline=None)
@given(st.sampled_from([rule.id for rule in COMPUTABLE if rule.id not in LONG]), published_days)
def test_a_forward_period_never_ends_on_a_rest_day_nor_before_its_start(rule_id: str, start: date) -> None:
    deadline = compute(rule_id, start, CALENDAR)
    if deadline.rule.direction == "forward":
        assert start <= deadline.ends_on <= deadline.due
        assert CALENDAR.is_working_day(deadline.due)
    else:
        assert deadline.due < start


@settings(max_examples=effort.examples(200), deadline=None)
@given(st.sampled_from([rule.id for rule in COMPUTABLE if rule.id not in LONG]), published_days)
def test_a_later_event_never_makes_an_earlier_due_date(rule_id: str, start: date) -> None:
    assert compute(rule_id, start, CALENDAR).due <= compute(rule_id, start + ONE_DAY, CALENDAR).due
