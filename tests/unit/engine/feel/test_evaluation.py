"""What FEEL expressions give, and how values cross."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from engine.domain.errors import FeelFailedError
from engine.feel import FeelRequest, shared_interpreter

feel = shared_interpreter()
TEN_IN_SHANGHAI = datetime(2026, 2, 1, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("expression", "context", "expected"),
    [
        ("1 + 1", {}, 2),
        ("0.1 + 0.2", {}, Decimal("0.3")),
        ("amount / 3", {"amount": 10}, Decimal("3.33333333333333")),
        ("amount > 1000.5", {"amount": Decimal("1000.51")}, True),
        ("amount", {"amount": Decimal("5.00")}, 5),
        ('if kind = "工资" then "快" else "慢"', {"kind": "工资"}, "快"),
        ("当事人 姓名", {"当事人 姓名": "甲"}, "甲"),
        ("劳动 关系.起始 日", {"劳动 关系": {"起始 日": date(2026, 2, 1)}}, date(2026, 2, 1)),
        ('d + duration("P1D")', {"d": date(2026, 2, 28)}, date(2026, 3, 1)),
        ("d.year", {"d": date(2026, 2, 28)}, 2026),
        ('d >= date("2026-02-28")', {"d": date(2026, 2, 28)}, True),
        ('at = date and time("2026-02-01T10:00:00")', {"at": TEN_IN_SHANGHAI}, True),
        ("string(at)", {"at": TEN_IN_SHANGHAI}, "2026-02-01T10:00:00"),
        ("at", {"at": TEN_IN_SHANGHAI}, TEN_IN_SHANGHAI),
        ('at + duration("PT1H")', {"at": TEN_IN_SHANGHAI}, TEN_IN_SHANGHAI + timedelta(hours=1)),
        ("days", {"days": [date(2026, 1, 1), None, {"on": date(2026, 1, 2)}]}, [date(2026, 1, 1), None, {"on": date(2026, 1, 2)}]),
        ('duration("P1DT2H")', {}, "P1DT2H"),
        ('@"10:30:00"', {}, "10:30:00"),
        ("sum(claims[kind = \"wages\"].amount)", {"claims": [{"kind": "wages", "amount": 2}, {"kind": "x", "amount": 3}]}, 2),
        ("missing", {}, None),
        ("1 / 0", {}, None),
        ("now", {"now": 5}, 5),
    ],
)  # fmt: skip
def test_expression_gives_the_value(expression: str, context: dict[str, Any], expected: Any) -> None:
    value = feel.evaluate(expression, context)
    assert value == expected
    assert type(value) is type(expected)


@pytest.mark.parametrize(
    ("test", "value", "context", "expected"),
    [
        ('"a","b"', "b", {}, True),
        ('not("a","b")', "b", {}, False),
        ('not("a","b")', "c", {}, True),
        ("[10..20]", 20, {}, True),
        ("[10..20)", 20, {}, False),
        ("> limit", 11, {"limit": 10}, True),
        ("> limit", 11, {}, False),
        ("? > 5 and is_open", 6, {"is_open": True}, True),
        ('< date("2026-02-01")', date(2026, 1, 31), {}, True),
        ('[date("2026-02-01")..date("2026-02-28")]', date(2026, 3, 1), {}, False),
        ("false", False, {}, True),
        ("true", False, {}, False),
        ("null", None, {}, True),
        ("> 5", None, {}, False),
        ("-", "anything", {}, True),
    ],
)
def test_unary_test_tells_whether_the_value_fits(
    test: str, value: Any, context: dict[str, Any], expected: bool
) -> None:
    assert feel.unary_test(test, value, context) is expected


@pytest.mark.parametrize("expression", ["now()", "today()"])
def test_feel_has_no_clock(expression: str) -> None:
    assert feel.evaluate(expression, {}) is None


@pytest.mark.parametrize("expression", ["1 +", "x y z (", "[1..5]", "sum", "", "// only a comment"])
def test_what_is_no_expression_or_gives_no_value_is_an_error(expression: str) -> None:
    with pytest.raises(FeelFailedError) as caught:
        feel.evaluate(expression, {})
    assert caught.value.sentence("zh")


@pytest.mark.parametrize(
    "value",
    [2**53, Decimal("1234567890.12345678"), Decimal("NaN"), datetime(2026, 1, 1), object(), "\ud800", {"a": {1, 2}}],
)
def test_value_that_feel_would_distort_is_refused(value: Any) -> None:
    with pytest.raises(FeelFailedError):
        feel.evaluate("x", {"x": value})


def test_many_requests_cross_once_and_fail_one_by_one() -> None:
    outcomes = feel.evaluate_all(
        [
            FeelRequest("expression", "a + b", {"b": 2}),
            FeelRequest("unary-test", "a = 2"),
            FeelRequest("expression", "a +"),
            FeelRequest("pattern", "^1[3-9]", {"?": "138"}),
            FeelRequest("expression", 'a + "x"'),
        ],
        {"a": 1},
    )
    assert [outcome.value for outcome in outcomes] == [3, False, None, True, None]
    assert outcomes[2].error
    assert outcomes[4].warnings[0][0] == "INVALID_TYPE"


def test_user_data_that_looks_like_a_tag_stays_data() -> None:
    value = {"$feel": "date", "value": "2026-01-01"}
    assert feel.evaluate("x", {"x": value}) == value
