"""Periods of any unit and length over any calendar, against a table of days that is walked through one by one.

The table knows nothing of rules: it is a list of days, worked or not, made from an invented notice with holidays, days
off in lieu and make-up days. Months and years are found by looking for the day with the same number.
"""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import example, given, settings
from hypothesis import strategies as st

from casework.deadlines.computation import Deadline, compute
from casework.deadlines.rule_book import CaseRules, RuleBook, RuleVersion
from casework.deadlines.rules import Unit, deadline_rules
from casework.deadlines.work_calendar import DayOverride, WorkCalendar
from tests import effort

ONE_DAY = timedelta(days=1)
FIRST, LAST = date(2027, 1, 1), date(2029, 12, 31)
ALL_DAYS = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
ID = "MED-15R"

starts = st.dates(date(2027, 3, 1), date(2028, 3, 31)) | st.sampled_from(
    [date(2028, 2, 29), date(2027, 12, 31), date(2027, 8, 31), date(2028, 1, 31), date(2028, 1, 1)]
)
"""With the leap day, the ends of months and the end of the year more often than chance would have them."""


@st.composite
def notices(draw: st.DrawFn) -> dict[date, bool]:
    """Return days that are not as the week has them: day -> worked. Holidays come in spans, weekends make up for them."""
    changed: dict[date, bool] = {}
    for _ in range(draw(st.integers(0, 12))):
        first = draw(st.dates(date(2027, 2, 1), date(2028, 12, 1)))
        for number in range(draw(st.integers(1, 9))):
            changed[first + number * ONE_DAY] = False
    weekends = [day for day in ALL_DAYS if day.isoweekday() > 5 and day not in changed]
    for day in draw(st.lists(st.sampled_from(weekends), max_size=20)):
        changed[day] = True
    return changed


def worked(day: date, changed: dict[date, bool]) -> bool:
    return changed.get(day, day.isoweekday() <= 5)


def calendar_of(changed: dict[date, bool]) -> WorkCalendar:
    overrides = {day: DayOverride(is_working, None if is_working else "假期") for day, is_working in changed.items()}
    return WorkCalendar(overrides, loaded_years=frozenset({2027, 2028, 2029}))


def counted(unit: Unit, length: int, start: date, changed: dict[date, bool], **options: object) -> Deadline:
    direction, extended_by = options.get("direction", "forward"), options.get("extended_by", 0)
    rule = replace(
        deadline_rules()[ID],
        unit=unit,
        length=length,
        direction=direction,
        roll="none" if unit is Unit.WORKING_DAY or direction == "backward" else "next-non-rest-day",
    )
    rules = CaseRules(RuleBook({ID: (RuleVersion(rule),)}))
    return compute(ID, start, calendar_of(changed), rules=rules, extended_by=extended_by)  # type: ignore[arg-type]


def rolled(day: date, changed: dict[date, bool]) -> date:
    return next(each for each in ALL_DAYS if each >= day and worked(each, changed))


@settings(max_examples=effort.examples(300), deadline=None)
@given(starts, st.integers(1, 120), st.integers(0, 60), notices())
def test_calendar_days_extended_or_not_end_on_the_next_day_that_is_worked(
    start: date, length: int, extended_by: int, changed: dict[date, bool]
) -> None:
    found = counted(Unit.CALENDAR_DAY, length, start, changed, extended_by=extended_by)
    later = [day for day in ALL_DAYS if day > start]
    last = later[length + extended_by - 1]
    assert (found.ends_on, found.due, found.safe_due) == (last, rolled(last, changed), last)
    assert not found.provisional


@settings(max_examples=effort.examples(300), deadline=None)
@given(starts, st.integers(1, 60), st.integers(0, 20), notices())
def test_working_days_are_the_worked_days_of_the_table_and_no_others(
    start: date, length: int, extended_by: int, changed: dict[date, bool]
) -> None:
    found = counted(Unit.WORKING_DAY, length, start, changed, extended_by=extended_by)
    worked_days = [day for day in ALL_DAYS if day > start and worked(day, changed)]
    assert found.due == found.safe_due == worked_days[length + extended_by - 1]


@settings(max_examples=effort.examples(300), deadline=None)
@given(starts, st.integers(1, 30), notices())
def test_working_days_backward_leave_so_many_worked_days_before_the_event(
    start: date, length: int, changed: dict[date, bool]
) -> None:
    found = counted(Unit.WORKING_DAY, length, start, changed, direction="backward")
    between = [day for day in ALL_DAYS if found.due <= day < start and worked(day, changed)]
    assert len(between) == length
    assert between[0] == found.due


@settings(max_examples=effort.examples(200), deadline=None)
@given(starts, st.integers(1, 60), notices())
def test_calendar_days_backward_never_move(start: date, length: int, changed: dict[date, bool]) -> None:
    found = counted(Unit.CALENDAR_DAY, length, start, changed, direction="backward")
    assert found.due == found.safe_due == start - length * ONE_DAY


@settings(max_examples=effort.examples(300), deadline=None)
@given(starts, st.sampled_from([Unit.MONTH, Unit.YEAR]), st.integers(1, 12), notices())
@example(date(2028, 2, 29), Unit.YEAR, 1, {})
@example(date(2028, 1, 31), Unit.MONTH, 1, {})
def test_months_and_years_end_on_the_day_of_the_same_number_or_the_last_of_the_month(
    start: date, unit: Unit, length: int, changed: dict[date, bool]
) -> None:
    length = 1 if unit is Unit.YEAR else length
    found = counted(unit, length, start, changed)
    months = sorted({(day.year, day.month) for day in ALL_DAYS})
    place = months.index((start.year, start.month)) + length * (12 if unit is Unit.YEAR else 1)
    of_month = [day for day in ALL_DAYS if (day.year, day.month) == months[place]]
    last = max(day for day in of_month if day.day <= start.day)
    assert (found.ends_on, found.due) == (last, rolled(last, changed))


@settings(max_examples=effort.examples(200), deadline=None)
@given(starts, st.integers(1, 60), notices())
def test_a_make_up_day_ends_a_period_and_a_day_in_lieu_does_not(
    start: date, length: int, changed: dict[date, bool]
) -> None:
    last = start + length * ONE_DAY
    made_up = counted(Unit.CALENDAR_DAY, length, start, {**changed, last: True})
    assert made_up.due == last
    in_lieu = counted(Unit.CALENDAR_DAY, length, start, {**changed, last: False})
    assert in_lieu.due > last
    assert in_lieu.safe_due == last


@settings(max_examples=effort.examples(200), deadline=None)
@given(
    st.sampled_from([Unit.CALENDAR_DAY, Unit.WORKING_DAY]),
    st.dates(date(2026, 10, 1), date(2027, 12, 31)),
    st.integers(1, 40),
    st.sampled_from(["forward", "backward"]),
)
def test_the_safe_date_never_lies_after_any_date_that_a_notice_could_bring(
    unit: Unit, start: date, length: int, direction: str
) -> None:
    """The plainest notice: statutory days off alone; and one that works every weekend next to them, or frees the week."""
    rule = replace(deadline_rules()[ID], unit=unit, length=length, direction=direction)  # type: ignore[arg-type]
    rules = CaseRules(RuleBook({ID: (RuleVersion(rule),)}))
    found = compute(ID, start, WorkCalendar(), rules=rules)
    assert found.safe_due <= found.due
    near = [day for day in ALL_DAYS if day.year < 2029 and any(_is_statutory(day + n * ONE_DAY) for n in range(-5, 6))]
    is_forward = direction == "forward"
    made = {
        day: DayOverride(is_forward, None if is_forward else "假期")
        for day in near
        if not _is_statutory(day) and (day.isoweekday() > 5) == is_forward
    }
    if unit is Unit.WORKING_DAY:
        assert found.safe_due <= compute(ID, start, WorkCalendar(made), rules=rules).due


def _is_statutory(day: date) -> bool:
    calendar = WorkCalendar()
    return not calendar.is_published(day.year) and calendar.day(day).kind == "holiday"
