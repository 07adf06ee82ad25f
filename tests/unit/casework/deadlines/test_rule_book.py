"""Which version of a rule counts a period."""

from datetime import date

import pytest

from casework.deadlines.computation import compute
from casework.deadlines.rule_book import CaseRules, RuleBook, shipped_book
from casework.deadlines.rules import CaseFacts
from casework.deadlines.work_calendar import WorkCalendar
from tests.rule_versions import LAW, with_version

CALENDAR = WorkCalendar()
LONGER = {"length": 20, "basis": LAW}
SHORTER = {"length": 10, "basis": LAW}


def counted(book: RuleBook, start: str, **dates: str) -> tuple[int, str]:
    """Return version and due date of MED-15R from a day, in a case with these event dates."""
    facts = CaseFacts(dates={name: date.fromisoformat(value) for name, value in dates.items()})
    found = compute("MED-15R", date.fromisoformat(start), CALENDAR, rules=CaseRules(book, facts))
    return found.rule.version, found.due.isoformat()


def test_a_period_that_began_before_keeps_the_old_rule_and_one_that_begins_that_day_has_the_new() -> None:
    book = with_version(shipped_book(), "MED-15R", LONGER, "2026-07-01")
    assert counted(book, "2026-06-30") == (1, "2026-07-15")
    assert counted(book, "2026-07-01") == (2, "2026-07-21")


def test_the_event_date_of_the_case_may_decide_instead() -> None:
    book = with_version(shipped_book(), "MED-15R", LONGER, "2026-07-01", deciding_date="received_on")
    assert counted(book, "2026-07-06", received_on="2026-06-30") == (1, "2026-07-21")
    assert counted(book, "2026-07-06", received_on="2026-07-01") == (2, "2026-07-27")
    assert counted(book, "2026-07-06")[0] == 2, "without that event date the period's own start decides"


def test_a_version_that_changes_cases_before_reaches_periods_that_still_run_and_no_others() -> None:
    book = with_version(shipped_book(), "MED-15R", LONGER, "2026-07-01", "change")
    assert counted(book, "2026-06-16") == (2, "2026-07-06")  # runs out on 1 July by the old rule
    assert counted(book, "2026-06-15") == (1, "2026-06-30")


def test_no_version_shortens_a_period_into_the_time_before_it_took_effect() -> None:
    book = with_version(shipped_book(), "MED-15R", SHORTER, "2026-07-01", "change")
    assert counted(book, "2026-06-20") == (1, "2026-07-06")
    assert counted(book, "2026-06-23") == (2, "2026-07-03")


def test_the_newest_version_that_applies_counts() -> None:
    book = with_version(shipped_book(), "MED-15R", LONGER, "2026-07-01")
    book = with_version(book, "MED-15R", SHORTER, "2026-07-01")
    assert counted(book, "2026-07-02") == (3, "2026-07-13")
    assert counted(book, "2026-06-30")[0] == 1


def test_a_rule_without_a_number_gets_one() -> None:
    book = with_version(shipped_book(), "REV-ACC", {"length": 3, "unit": "working-day"}, "2026-07-01", "change")
    found = compute("REV-ACC", date(2026, 7, 1), CALENDAR, rules=CaseRules(book))
    assert found.due == date(2026, 7, 6)
    assert "按本规则第2版计算，期限由办案机构自行确定。" in found.explanation_zh
    assert "version 2 of the rule, whose length is the office's own." in found.explanation_en


def test_other_rules_and_the_book_before_stay_as_they_are() -> None:
    book = with_version(shipped_book(), "MED-15R", LONGER, "2026-07-01")
    assert [key for key in book.ids if book.versions(key) != shipped_book().versions(key)] == ["MED-15R"]
    assert len(shipped_book().versions("MED-15R")) == 1


@pytest.mark.parametrize(("day", "length"), [("2026-06-30", 15), ("2026-07-01", 20)])
def test_the_rules_on_a_day_are_those_for_periods_that_start_then(day: str, length: int) -> None:
    book = with_version(shipped_book(), "MED-15R", LONGER, "2026-07-01", "change")
    assert book.on(date.fromisoformat(day))["MED-15R"].length == length


def test_an_explanation_names_a_version_that_the_office_has_published() -> None:
    book = with_version(shipped_book(), "MED-15R", LONGER, "2026-07-01")
    found = compute("MED-15R", date(2026, 7, 1), CALENDAR, rules=CaseRules(book))
    assert "依据：《某法》第一条。按本规则第2版计算。" in found.explanation_zh
    assert "Basis: Some Law Art. 1. Counted by version 2 of the rule." in found.explanation_en
