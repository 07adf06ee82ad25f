"""The safe date: the earliest reading of a period."""

from datetime import date

import pytest

from casework.deadlines.computation import compute
from casework.deadlines.work_calendar import WorkCalendar
from tests.rule_versions import rules_with

CALENDAR = WorkCalendar()


@pytest.mark.parametrize(
    ("rule", "start", "due", "safe"),
    [
        ("MED-15R", date(2026, 9, 18), date(2026, 10, 8), date(2026, 10, 3)),
        ("JC-APPLY", date(2026, 9, 18), date(2026, 10, 19), date(2026, 10, 18)),
        ("MED-15R", date(2026, 1, 30), date(2026, 2, 14), date(2026, 2, 14)),
        ("NEG-RESP", date(2026, 9, 29), date(2026, 10, 8), date(2026, 10, 4)),
        ("MED-ACC", date(2026, 2, 13), date(2026, 2, 25), date(2026, 2, 25)),
        ("ARB-LIM", date(2025, 10, 3), date(2026, 10, 8), date(2026, 10, 3)),
        ("LAYOFF", date(2026, 11, 14), date(2026, 10, 15), date(2026, 10, 15)),
        ("H-FIRST", date(2026, 10, 3), date(2026, 10, 8), date(2026, 10, 3)),
    ],
)
def test_the_safe_date_waits_for_no_rest_day(rule: str, start: date, due: date, safe: date) -> None:
    deadline = compute(rule, start, CALENDAR)
    assert (deadline.due, deadline.safe_due) == (due, safe)


def test_a_disputed_unit_is_read_as_calendar_days() -> None:
    rules = rules_with("NEG-RESP", {"unit": "working-day"}, "2026-01-01")
    deadline = compute("NEG-RESP", date(2026, 9, 29), CALENDAR, rules=rules)
    assert (deadline.due, deadline.safe_due) == (date(2026, 10, 12), date(2026, 10, 4))
    assert "按自然日计" in deadline.safe_zh


def test_in_a_year_not_published_weekends_near_a_holiday_may_be_worked() -> None:
    deadline = compute("MED-ACC", date(2026, 12, 30), CALENDAR)
    assert (deadline.due, deadline.safe_due) == (date(2027, 1, 5), date(2027, 1, 3))
    assert deadline.provisional
    assert "暂定" in deadline.safe_zh
    assert "provisional" in deadline.safe_en


def test_a_notice_before_a_hearing_reckons_with_more_free_days_in_a_year_not_published() -> None:
    deadline = compute("ARB-HEAR", date(2027, 2, 18), CALENDAR)
    assert deadline.safe_due < deadline.due


def test_far_from_any_holiday_a_year_not_published_leaves_no_doubt() -> None:
    deadline = compute("MED-ACC", date(2027, 3, 10), CALENDAR)
    assert deadline.safe_due == deadline.due == date(2027, 3, 15)
    assert "与计算日期相同" in deadline.safe_zh


@pytest.mark.parametrize(
    ("rule", "zh", "en"),
    [
        ("MED-15S", "以仲裁机构认定为准", "the arbitration institution to decide"),
        ("JC-APPLY", "以人民法院认定为准", "the court to decide"),
        ("INSP", "以劳动保障监察机构认定为准", "the labour inspection to decide"),
    ],
)
def test_the_safe_date_says_who_decides(rule: str, zh: str, en: str) -> None:
    deadline = compute(rule, date(2026, 3, 2), CALENDAR)
    assert zh in deadline.safe_zh
    assert en in deadline.safe_en


def test_about_a_house_norm_nobody_outside_decides() -> None:
    assert "认定" not in compute("H-ARCH", date(2026, 3, 2), CALENDAR).safe_zh
