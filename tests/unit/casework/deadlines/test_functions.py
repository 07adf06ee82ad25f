"""The host functions that expressions call."""

import ast
from datetime import UTC, date, datetime, time, timedelta

import pytest

from casework.deadlines.errors import (
    DayCountInvalidError,
    DeadlineExtensionInvalidError,
    DeadlineStartInvalidError,
    TimeOfDayInvalidError,
    UnknownDeadlineRuleError,
)
from casework.deadlines.functions import deadline_function_stubs, deadline_functions
from casework.deadlines.office_hours import OfficeHours
from casework.deadlines.work_calendar import WorkCalendar
from engine.domain.clock import SHANGHAI
from engine.domain.host import Explained
from engine.expressions.check import check

# half past one in the night of the 24th in Shanghai
NOW = datetime(2026, 11, 23, 17, 30, tzinfo=UTC)
FUNCTIONS = deadline_functions(WorkCalendar(), NOW)


def call(name: str, *arguments: object) -> object:
    return FUNCTIONS[name].call(*arguments)


def test_now_and_today_are_those_of_shanghai_whatever_the_zone_of_the_server() -> None:
    assert call("now") == NOW
    assert call("now").hour == 1  # type: ignore[attr-defined]
    assert call("today") == date(2026, 11, 24)


def test_deadline_gives_a_date_that_explains_itself() -> None:
    result = call("deadline", "MED-15R", date(2026, 2, 1))
    assert isinstance(result, Explained)
    assert result.value == date(2026, 2, 24)
    assert set(result.explanation) == {
        "rule",
        "version",
        "start",
        "due",
        "safe",
        "provisional",
        "explanation",
        "explanation_en",
        "safe_explanation",
        "safe_explanation_en",
    }
    assert result.explanation["rule"] == "MED-15R"
    assert result.explanation["due"] == "2026-02-24"
    assert "春节" in result.explanation["explanation"]
    assert "Spring Festival" in result.explanation["explanation_en"]


def test_the_safe_deadline_is_the_last_day_as_counted_and_says_who_decides() -> None:
    result = call("safe_deadline", "MED-15R", date(2026, 2, 1))
    assert isinstance(result, Explained)
    assert result.value == date(2026, 2, 16)
    assert result.explanation["due"] == "2026-02-24"
    assert "以仲裁机构认定为准" in result.explanation["safe_explanation"]
    assert "arbitration institution to decide" in result.explanation["safe_explanation_en"]


def test_an_extension_is_counted_in_one_with_the_period() -> None:
    result = call("deadline", "ARB-45", date(2026, 8, 20), 15)
    assert isinstance(result, Explained)
    assert result.value == date(2026, 10, 19)
    assert FUNCTIONS["safe_deadline"].call("ARB-45", date(2026, 8, 20), extended_by=15).value == date(2026, 10, 19)


@pytest.mark.parametrize(
    ("day", "reminded", "escalated"),
    [
        (date(2026, 11, 24), "2026-11-24 09:00", "2026-11-25 09:00"),
        (date(2026, 11, 28), "2026-11-27 09:00", "2026-11-30 09:00"),
        (date(2026, 10, 5), "2026-09-30 09:00", "2026-10-08 09:00"),
        (date(2026, 10, 10), "2026-10-10 09:00", "2026-10-12 09:00"),
        (date(2026, 10, 9), "2026-10-09 09:00", "2026-10-10 09:00"),
    ],
)
def test_reminders_go_out_on_working_days_no_later_and_escalations_on_the_next_one(
    day: date, reminded: str, escalated: str
) -> None:
    found = [call(name, day) for name in ("reminder_at", "escalation_at")]
    assert [f"{each.value:%Y-%m-%d %H:%M}" for each in found] == [reminded, escalated]  # type: ignore[attr-defined]
    assert all(each.refines for each in found)  # type: ignore[attr-defined]


def test_the_hours_are_those_of_the_site() -> None:
    hours = OfficeHours(opens=time(8, 30), reminder=time(10))
    functions = deadline_functions(WorkCalendar(), NOW, hours=hours)
    assert f"{functions['reminder_at'].call(date(2026, 11, 24)).value:%H:%M}" == "10:00"
    assert f"{functions['escalation_at'].call(date(2026, 11, 24)).value:%H:%M}" == "08:30"


def test_a_reminder_in_a_year_not_published_is_provisional() -> None:
    result = call("reminder_at", date(2027, 1, 2))
    assert isinstance(result, Explained)
    assert f"{result.value:%Y-%m-%d}" == "2026-12-31"
    assert result.explanation["provisional"]


@pytest.mark.parametrize(
    ("start", "n", "due", "provisional"),
    [
        (date(2026, 2, 13), 3, date(2026, 2, 25), False),
        (date(2026, 12, 30), 3, date(2027, 1, 5), True),
        (date(2027, 1, 1), -1, date(2026, 12, 31), False),
        (date(2027, 1, 1), 0, date(2027, 1, 4), True),
    ],
)
def test_working_days_say_whether_they_are_provisional(start: date, n: int, due: date, provisional: bool) -> None:
    result = call("working_days", start, n)
    assert isinstance(result, Explained)
    assert (result.value, result.explanation["provisional"]) == (due, provisional)


def test_days_are_a_duration() -> None:
    assert call("days", 3) == timedelta(days=3)
    assert call("days", -3) == timedelta(days=-3)


def test_at_is_a_time_of_a_shanghai_day() -> None:
    assert call("at", date(2026, 11, 24), "09:30") == datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
    assert call("at", datetime(2026, 11, 23, 17, 0, tzinfo=UTC), "9:30") == datetime(
        2026, 11, 24, 9, 30, tzinfo=SHANGHAI
    )


@pytest.mark.parametrize(
    ("name", "arguments", "error"),
    [
        ("deadline", ("MED-99", date(2026, 1, 1)), UnknownDeadlineRuleError),
        ("deadline", ("MED-15R", None), DeadlineStartInvalidError),
        ("working_days", (None, 3), DeadlineStartInvalidError),
        ("working_days", (date(2026, 1, 1), 10**9), DayCountInvalidError),
        ("days", (10**12,), DayCountInvalidError),
        ("days", ("3",), DayCountInvalidError),
        ("at", (date(2026, 1, 1), "25:00"), TimeOfDayInvalidError),
        ("at", (date(2026, 1, 1), "9 o'clock"), TimeOfDayInvalidError),
        ("at", (date(2026, 1, 1), 9), TimeOfDayInvalidError),
        ("at", (None, "09:00"), DeadlineStartInvalidError),
        ("safe_deadline", ("MED-15R", None), DeadlineStartInvalidError),
        ("deadline", ("MED-15R", date(2026, 1, 1), -1), DeadlineExtensionInvalidError),
        ("reminder_at", (None,), DeadlineStartInvalidError),
        ("escalation_at", (None,), DeadlineStartInvalidError),
    ],
)
def test_a_wrong_argument_gets_a_sentence(name: str, arguments: tuple[object, ...], error: type[Exception]) -> None:
    with pytest.raises(error):
        call(name, *arguments)


def test_every_function_has_a_stub_of_its_own_name_that_is_python() -> None:
    assert FUNCTIONS.keys() == deadline_function_stubs().keys()
    for name, stub in deadline_function_stubs().items():
        declared = [node.name for node in ast.parse(stub).body if isinstance(node, ast.FunctionDef)]
        assert declared == [name]
        assert FUNCTIONS[name].stub == stub


@pytest.mark.parametrize(
    ("source", "is_sound"),
    [
        ('deadline("MED-15R", accepted_on)', True),
        ('at(deadline("MED-15R", accepted_on) - days(2), "09:00")', True),
        ("deadline(rule, accepted_on)", True),
        ('reminder_at(safe_deadline("MED-15R", accepted_on, extended_by=5) - days(3))', True),
        ('escalation_at(deadline("REV-5", accepted_on, 5))', True),
        ('deadline("MED-15R", accepted_on, "5")', False),
        ('reminder_at("09:00")', False),
        ("working_days(accepted_on, -2)", True),
        ('deadline("MED-15X", accepted_on)', False),
        ('deadline("H-MAJOR", accepted_on)', False),
        ('deadline("MED-15R", days(3))', False),
        ('days("3")', False),
    ],
)
def test_a_rule_that_does_not_exist_or_has_no_days_is_found_at_deployment(source: str, is_sound: bool) -> None:
    names = {"accepted_on": "date", "rule": "Any"}
    problems = check(source, kind="expression", names=names, functions=deadline_function_stubs())
    assert (not problems) is is_sound


def test_the_stub_of_deadline_names_the_rules_that_can_be_counted_and_no_others() -> None:
    stub = deadline_function_stubs()["deadline"]
    assert '"MED-15R"' in stub
    assert '"H-MAJOR"' not in stub
    assert '"NEG-TERM"' not in stub
