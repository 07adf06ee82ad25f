"""Due dates of periods whose result is known from the calendar on the wall."""

from datetime import UTC, date, datetime

import pytest

from casework.deadlines.computation import add_months, compute
from casework.deadlines.errors import (
    DateOutsideCalendarError,
    DeadlineExtensionInvalidError,
    DeadlineRuleNotComputableError,
    DeadlineStartInvalidError,
    UnknownDeadlineRuleError,
)
from casework.deadlines.rules import deadline_rules
from casework.deadlines.work_calendar import DayOverride, WorkCalendar
from tests.rule_versions import rules_with

CALENDAR = WorkCalendar()


def due(rule: str, start: str, extended_by: int = 0) -> str:
    return compute(rule, date.fromisoformat(start), CALENDAR, extended_by=extended_by).due.isoformat()


@pytest.mark.parametrize(
    ("rule", "start", "ends_on", "expected"),
    [
        ("MED-15R", "2026-09-18", "2026-10-03", "2026-10-08"),
        ("JC-APPLY", "2026-09-18", "2026-10-18", "2026-10-19"),
        ("MED-15R", "2026-02-01", "2026-02-16", "2026-02-24"),
        ("MED-15R", "2026-04-20", "2026-05-05", "2026-05-06"),
        ("MED-15R", "2026-01-30", "2026-02-14", "2026-02-14"),
        ("JC-APPLY", "2026-08-27", "2026-09-26", "2026-09-28"),
        ("ARB-45", "2026-08-20", "2026-10-04", "2026-10-08"),
        ("NEG-RESP", "2026-09-29", "2026-10-04", "2026-10-08"),
        ("NEG-RESP", "2026-05-04", "2026-05-09", "2026-05-09"),
        ("ARB-LIM", "2024-02-29", "2025-02-28", "2025-02-28"),
        ("ARB-LIM", "2025-10-03", "2026-10-03", "2026-10-08"),
        ("ARB-LIM", "2025-09-20", "2026-09-20", "2026-09-20"),
        ("INSP-2Y", "2024-02-28", "2026-02-28", "2026-02-28"),
        ("ENF", "2024-02-29", "2026-02-28", "2026-02-28"),
    ],
)
def test_a_period_ends_on_its_last_day_or_the_first_working_day_after_rest(
    rule: str, start: str, ends_on: str, expected: str
) -> None:
    deadline = compute(rule, date.fromisoformat(start), CALENDAR)
    assert (deadline.ends_on.isoformat(), deadline.due.isoformat()) == (ends_on, expected)
    assert not deadline.provisional


def test_forty_five_days_extended_by_fifteen_are_sixty_days_from_the_start() -> None:
    assert due("ARB-45", "2026-08-20", extended_by=15) == "2026-10-19"


def test_five_working_days_extended_by_five_are_ten() -> None:
    assert due("REV-5", "2026-09-30", extended_by=5) == due("ARB-DEF", "2026-09-30")


@pytest.mark.parametrize(
    ("rule", "start", "expected"),
    [
        ("MED-ACC", "2026-02-13", "2026-02-25"),
        ("REV-5", "2026-02-13", "2026-02-27"),
        ("MED-ACC", "2026-09-30", "2026-10-10"),
        ("REV-5", "2026-09-30", "2026-10-13"),
        ("ARB-DEF", "2026-09-30", "2026-10-20"),
        ("MED-ACC", "2026-09-18", "2026-09-22"),
        ("REV-5", "2026-09-18", "2026-09-24"),
        ("REV-5", "2026-04-29", "2026-05-09"),
        # the third working day after a Saturday, which the package's own counter gets wrong
        ("MED-ACC", "2026-02-21", "2026-02-26"),
        ("H-XFER", "2026-02-14", "2026-02-24"),
    ],
)
def test_working_days_leave_out_holidays_and_count_make_up_days(rule: str, start: str, expected: str) -> None:
    assert due(rule, start) == expected


def test_three_working_days_over_new_year_skip_the_statutory_holiday_and_are_provisional() -> None:
    deadline = compute("MED-ACC", date(2026, 12, 30), CALENDAR)
    assert (deadline.due, deadline.provisional_years) == (date(2027, 1, 5), (2027,))


@pytest.mark.parametrize(
    ("rule", "start", "provisional"),
    [
        ("MED-15R", "2026-12-16", False),  # ends on Thursday 2026-12-31
        ("MED-15R", "2026-12-17", True),  # ends on New Year's Day
        ("MED-15R", "2026-12-20", True),  # ends on a Monday of 2027 and does not move; it might have to
        ("ARB-LIM", "2026-06-01", True),
        ("MED-ACC", "2026-12-28", False),
        ("ARB-HEAR", "2027-01-01", False),  # counted back through 2026 only
        ("ARB-HEAR", "2027-01-12", True),
        ("LAYOFF", "2027-06-01", False),  # depends on no work day at all
        ("H-FIRST", "2026-12-31", False),
        ("H-FIRST", "2027-01-04", True),
    ],
)
def test_a_date_is_provisional_when_a_day_that_decided_it_lies_in_an_unpublished_year(
    rule: str, start: str, provisional: bool
) -> None:
    assert compute(rule, date.fromisoformat(start), CALENDAR).provisional is provisional


def test_a_provisional_date_becomes_final_and_moves_when_the_year_is_loaded() -> None:
    loaded = WorkCalendar(
        overrides={
            date(2027, 1, 1): DayOverride(False, "元旦"),
            date(2027, 1, 4): DayOverride(False, "元旦"),
        },
        loaded_years=frozenset({2027}),
    )
    deadline = compute("MED-ACC", date(2026, 12, 30), loaded)
    assert (deadline.due, deadline.provisional) == (date(2027, 1, 6), False)


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("2026-09-30", "2026-09-22"),  # 25 to 27 are Mid-Autumn
        ("2026-10-08", "2026-09-23"),
        ("2026-10-10", "2026-09-28"),  # a hearing on a make-up Saturday
        ("2026-02-24", "2026-02-10"),  # Saturday 02-14 is worked
        ("2026-11-20", "2026-11-13"),
    ],
)
def test_the_hearing_notice_is_due_five_working_days_before(start: str, expected: str) -> None:
    assert due("ARB-HEAR", start) == expected


@pytest.mark.parametrize(("start", "expected"), [("2026-11-01", "2026-10-02"), ("2026-03-31", "2026-03-01")])
def test_a_notice_thirty_days_ahead_does_not_move_although_its_day_is_a_rest_day(start: str, expected: str) -> None:
    assert CALENDAR.is_rest_day(date.fromisoformat(expected))
    assert due("LAYOFF", start) == expected


@pytest.mark.parametrize("rule", ["H-FIRST", "H-NOTICE"])
@pytest.mark.parametrize(
    ("start", "expected"),
    [("2026-11-23", "2026-11-23"), ("2026-10-10", "2026-10-10"), ("2026-10-03", "2026-10-08")],
)
def test_a_same_day_duty_falls_on_the_day_or_on_the_next_working_day(rule: str, start: str, expected: str) -> None:
    assert due(rule, start) == expected


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2026-01-30", 13, "2027-02-28"),
        ("2026-08-31", 1, "2026-09-30"),
        ("2026-12-15", 1, "2027-01-15"),
        ("2024-02-29", 48, "2028-02-29"),
        ("2026-03-31", -1, "2026-02-28"),
    ],
)
def test_months_end_on_the_corresponding_day_or_the_last_of_the_month(start: str, months: int, expected: str) -> None:
    assert add_months(date.fromisoformat(start), months).isoformat() == expected


def test_the_answer_to_a_negotiation_request_can_be_read_as_working_days() -> None:
    rules = rules_with("NEG-RESP", {"unit": "working-day"}, "2026-01-01")
    assert compute("NEG-RESP", date(2026, 9, 29), CALENDAR, rules=rules).due == date(2026, 10, 12)
    assert due("NEG-RESP", "2026-09-29") == "2026-10-08"


def test_an_instant_counts_as_its_day_in_shanghai() -> None:
    late_evening_in_utc = datetime(2026, 1, 31, 18, 0, tzinfo=UTC)
    assert compute("MED-15R", late_evening_in_utc, CALENDAR).start == date(2026, 2, 1)


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ("H-MAJOR", "hours"),
        ("NEG-TERM", "agreed"),
        ("REV-ACC", "promptly"),
        ("REV-WD", "before service"),
        ("ARBR-TRAIN", "class hours"),
    ],
)
def test_a_rule_without_days_says_why_it_cannot_be_counted(rule: str, reason: str) -> None:
    with pytest.raises(DeadlineRuleNotComputableError, match=reason) as caught:
        compute(rule, date(2026, 1, 1), CALENDAR)
    assert rule in caught.value.sentence("zh")


def test_an_unknown_rule_names_its_near_matches() -> None:
    with pytest.raises(UnknownDeadlineRuleError, match="MED-15R") as caught:
        compute("MED-15", date(2026, 1, 1), CALENDAR)
    assert "MED-15S" in caught.value.sentence("zh")


@pytest.mark.parametrize("start", [date(2003, 12, 31), date(2101, 1, 1), date(1, 1, 1), date.max])
@pytest.mark.parametrize("rule", ["MED-15R", "REV-5", "ARB-LIM", "LAYOFF", "ARB-HEAR", "H-FIRST"])
def test_a_date_beyond_the_calendar_is_refused(rule: str, start: date) -> None:
    with pytest.raises(DateOutsideCalendarError, match="2004-01-01"):
        compute(rule, start, CALENDAR)


@pytest.mark.parametrize(
    ("rule", "start"),
    [("ARCH-AWD", date(2095, 1, 1)), ("REV-5", date(2100, 12, 31)), ("LAYOFF", date(2004, 1, 10))],
)
def test_a_period_that_leaves_the_calendar_is_refused(rule: str, start: date) -> None:
    with pytest.raises(DateOutsideCalendarError):
        compute(rule, start, CALENDAR)


@pytest.mark.parametrize("start", [None, "2026-02-01", 20260201])
def test_a_missing_event_date_is_named_not_crashed_on(start: object) -> None:
    with pytest.raises(DeadlineStartInvalidError, match="MED-15R"):
        compute("MED-15R", start, CALENDAR)  # type: ignore[arg-type]


@pytest.mark.parametrize("extended_by", [-1, 100_000, 1.5, True])
def test_an_extension_must_be_a_sensible_number(extended_by: object) -> None:
    with pytest.raises(DeadlineExtensionInvalidError):
        compute("ARB-45", date(2026, 1, 1), CALENDAR, extended_by=extended_by)  # type: ignore[arg-type]


def test_every_rule_with_a_number_of_days_or_years_can_be_counted() -> None:
    counted = [compute(rule.id, date(2026, 2, 1), CALENDAR) for rule in deadline_rules().values() if rule.is_computable]
    assert len(counted) == 54
    assert all(deadline.steps[0].day == deadline.start for deadline in counted)
    assert all(deadline.steps[-1].day == deadline.due for deadline in counted)
