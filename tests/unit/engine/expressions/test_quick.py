"""The shortcut gives way to the sandbox wherever cost or result would not be bounded."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from engine.expressions.host_calls import HostCalls
from engine.expressions.programs import program
from engine.expressions.quick import Frame, NotQuickError, UndefinedNameError


def _quick(source: str, **variables: Any) -> Any:
    quick = program(source, "expression").quick
    assert quick is not None
    return quick(Frame(variables, HostCalls({})))


@pytest.mark.parametrize(
    ("source", "variables"),
    [
        ("'x' * a", {"a": 10**9}),
        ("a * 2", {"a": [1]}),
        ("a + a", {"a": [1]}),
        ("a + a", {"a": "x" * 9_000}),
        ("a * a", {"a": 2**60}),
        ("a + 1", {"a": Decimal("1E+999999")}),
        ("a > 1", {"a": Decimal("1E+999999")}),
        ("a == a", {"a": [1]}),
        ("1 in a", {"a": [2] * 5_000}),
        ("'x' in a", {"a": "y" * 50_000}),
        ("[] in a", {"a": [[1]]}),
        ("a < a", {"a": [1]}),
        ("f'{a}'", {"a": 10**50}),
        ("f'{a}'", {"a": [1]}),
        ("a - a", {"a": datetime(2026, 1, 1)}),
        ("other(1)", {"other": 1}),
    ],
)
def test_unbounded_operation_is_done_in_this_process(source: str, variables: dict[str, Any]) -> None:
    with pytest.raises(NotQuickError):
        _quick(source, **variables)


def test_thread_wide_decimal_precision_changes_a_result() -> None:
    from decimal import localcontext

    with localcontext() as context:
        context.prec = 3
        assert _quick("a + b", a=Decimal("10000.25"), b=1) == Decimal("10001.25")


def test_name_without_value_is_read_though_the_answer_is_known_before() -> None:
    assert _quick("a or b", a=True) is True
    with pytest.raises(UndefinedNameError):
        _quick("a and b", a=True)


def test_day_and_instant_compare_as_equals() -> None:
    assert _quick("a == b", a=date(2026, 1, 1), b=date(2026, 1, 1)) is True
    with pytest.raises(NotQuickError):
        _quick("a < b", a=date(2026, 1, 1), b=datetime(2026, 1, 2))
