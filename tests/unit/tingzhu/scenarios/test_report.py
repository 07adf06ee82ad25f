"""Lines about results, and when an expected value and a variable are the same."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from tingzhu.scenarios.expectations import Miss, same
from tingzhu.scenarios.report import Coverage, as_json, count_line, coverage_line, result_line
from tingzhu.scenarios.run import Failure, Result

GOOD = Result("a.yaml", "甲", None, (), 0.25)
BAD = Result(
    "b.yaml",
    "乙",
    Failure(2, 9, "complete: Task_a", (Miss("一\n二", "one\ntwo"), Miss("三", "three"))),
    (),
    0.5,
)


@pytest.mark.parametrize(
    ("result", "language", "line"),
    [
        (GOOD, "zh", "ok      a.yaml 甲 (0.2 s)"),
        (BAD, "zh", "FAILED  b.yaml 乙：第 2 步（第 9 行，complete: Task_a）：一 二；三"),
        (BAD, "en", "FAILED  b.yaml 乙: step 2 (line 9, complete: Task_a): one two; three"),
    ],
)
def test_a_result_is_told_on_more_than_one_line_or_without_its_place(result: Result, language: str, line: str) -> None:
    assert result_line(result, language) == line


def test_the_last_line_is_not_the_count() -> None:
    assert count_line([GOOD, BAD, GOOD]) == "2 passed, 1 failed"
    told = as_json([GOOD, BAD], [])
    assert (told["passed"], told["failed"]) == (1, 1)
    assert told["scenarios"][1]["failure"]["step"] == 2
    assert told["scenarios"][0]["failure"] is None


def test_coverage_hides_what_was_never_passed() -> None:
    found = Coverage("p", "协商", 4, (("Task_b", "答复"), ("Gateway_1", "Gateway_1")))
    assert coverage_line(found, "zh") == "覆盖    p 协商：2/4（50%）；未经过：答复 (Task_b)、Gateway_1"
    assert coverage_line(found, "en") == "covered p 协商: 2/4 (50%); never passed: 答复 (Task_b), Gateway_1"
    assert coverage_line(Coverage("p", "p", 3, ()), "zh") == "覆盖    p p：3/3（100%）"


@pytest.mark.parametrize(
    ("expected", "found", "is_same"),
    [
        (1, 1, True),
        (1, Decimal("1.00"), True),
        (Decimal("1.5"), 1.5, True),
        (Decimal("1.5"), "1.50", True),
        (1, True, False),
        (True, True, True),
        (False, None, False),
        (None, None, True),
        (None, 0, False),
        ("a", "a", True),
        ("a", "b", False),
        ("370402006", "370402006", True),
        (date(2026, 9, 1), date(2026, 9, 1), True),
        (date(2026, 9, 1), "2026-09-01", True),
        (datetime(2026, 9, 1, 9), datetime(2026, 9, 1, 1, tzinfo=UTC), True),
        ([1, 2], [1, Decimal(2)], True),
        ([1], [1, 2], False),
        ({"a": 1}, {"a": 1, "b": 2}, False),
        ({"a": [1]}, {"a": [1.0]}, True),
        ("1-2", "1-3", False),
    ],
)
def test_two_values_are_wrongly_same_or_different(expected: Any, found: Any, is_same: bool) -> None:
    assert same(expected, found) is is_same
