"""Only what a variable can hold leaves an expression."""

import math
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest

from engine.domain.values import decode, encode
from engine.expressions import ExpressionProblemError
from engine.expressions.results import accepted


@pytest.mark.parametrize(
    "value",
    [
        *(
            None,
            True,
            0,
            -(2**63) + 1,
            1.5,
            "文本",
            date(2026, 1, 1),
            datetime(2026, 1, 1, tzinfo=UTC),
            Decimal("1.50"),
        ),
        *([1, ["a", {"k": Decimal(1)}]], {"金额": None}),
    ],
)
def test_value_is_refused_or_not_storable(value: Any) -> None:
    assert decode(encode(accepted(value))) == value


def test_duration_is_refused_for_a_timer_or_let_into_a_variable() -> None:
    assert accepted(timedelta(days=1)) == timedelta(days=1)
    with pytest.raises(ExpressionProblemError, match="The variable x"):
        accepted(timedelta(days=1), name="x")
    with pytest.raises(ExpressionProblemError):
        accepted([timedelta(days=1)])


def _nested(depth: int) -> Any:
    value: Any = 1
    for _ in range(depth):
        value = [value]
    return value


def _doubled(times: int) -> Any:
    value: Any = [1]
    for _ in range(times):
        value = [value, value]
    return value


@pytest.mark.parametrize(
    "result",
    [
        *(
            {1, 2},
            b"x",
            object(),
            len,
            time(9, 0),
            2**63,
            10**5000,
            math.nan,
            math.inf,
            Decimal("NaN"),
            Decimal("1E+5000"),
        ),
        *(datetime(2026, 1, 1), {1: 2}, "\0", "\ud800", "x" * 2_000_000, [0] * 200_000, _nested(100), _doubled(40)),
    ],
    ids=lambda result: type(result).__name__,
)
def test_result_that_no_variable_can_hold_is_let_through(result: Any) -> None:
    with pytest.raises(ExpressionProblemError) as refused:
        accepted(result)
    assert refused.value.rule == "result-refused"
    assert refused.value.zh
    assert refused.value.en


def test_result_shares_a_list_with_the_variable_it_came_from() -> None:
    variable = [{"a": [1]}]
    copy = accepted(variable)
    copy[0]["a"].append(2)
    assert variable == [{"a": [1]}]


def test_tuple_stays_a_tuple() -> None:
    assert accepted((1, (2, 3))) == [1, [2, 3]]
