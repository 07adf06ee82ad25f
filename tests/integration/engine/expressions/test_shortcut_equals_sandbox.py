"""The shortcut for harmless expressions and the sandbox give the same answers, or fail alike."""

import itertools
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from engine.expressions import ExpressionProblemError
from engine.expressions.evaluator import FALLS_BACK
from engine.expressions.host_calls import HostCalls
from engine.expressions.programs import Program, program
from engine.expressions.quick import Frame, UndefinedNameError
from engine.expressions.results import accepted
from engine.expressions.sandbox import Checkout, Limits, Pool
from tests.integration.engine.expressions.conftest import NOW, host_functions


@pytest.fixture(scope="module")
def checkout() -> Iterator[Checkout]:
    pool = Pool(Limits(seconds=0.5, processes=1, calls=1_000_000))
    checkout = Checkout(pool, NOW)
    yield checkout
    checkout.close()
    pool.close()


NAMES = ["a", "b", "c", "金额"]

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 5),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**12), max_value=10**12),
    st.decimals(allow_nan=False, allow_infinity=False),
    st.text(max_size=4),
    st.sampled_from(["agreed", "同意", "2026-01-01", ""]),
    st.dates(date(1990, 1, 1), date(2100, 1, 1)),
    st.datetimes(
        datetime(1980, 1, 1),
        datetime(2100, 1, 1),
        timezones=st.sampled_from([UTC, timezone(timedelta(hours=8)), ZoneInfo("Asia/Shanghai")]),
    ),
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["x", "y", "金额"]), inner, max_size=3),
    max_leaves=5,
)
constants = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 10**6),
    st.sampled_from([0.5, 1e300, 2**60]),
    st.sampled_from(["agreed", "同意", ""]),
).map(repr)


def _combined(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    two = st.tuples(inner, inner)
    operators = ["+", "-", "*", "/", "==", "!=", "<", "<=", ">", ">=", "in", "not in", "and", "or"]
    return st.one_of(
        st.tuples(st.sampled_from(operators), two).map(lambda t: f"({t[1][0]} {t[0]} {t[1][1]})"),
        inner.map(lambda e: f"(not {e})"),
        inner.map(lambda e: f"(-{e})"),
        st.tuples(inner, st.sampled_from(["None", "True"])).map(lambda t: f"({t[0]} is {t[1]})"),
        st.tuples(inner, inner, inner).map(lambda t: f"({t[0]} if {t[1]} else {t[2]})"),
        st.tuples(inner, inner, inner).map(lambda t: f"({t[0]} < {t[1]} <= {t[2]})"),
        st.tuples(inner, st.sampled_from(["0", "-1", "5", "'x'", "'金额'"])).map(lambda t: f"{t[0]}[{t[1]}]"),
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]"),
        two.map(lambda t: f"({t[0]}, {t[1]})"),
        two.map(lambda t: f"{{'x': {t[0]}, 'y': {t[1]}}}"),
        inner.map(lambda e: f"({e} in {{'agreed', 1, None}})"),
        inner.map(lambda e: f"len({e})"),
        inner.map(lambda e: f"f'<{{{e}}}>'" if "'" not in e else e),
        inner.map(lambda e: f"days({e})"),
        inner.map(lambda e: f"deadline('X', {e})"),
    )


expressions = st.recursive(st.sampled_from([*NAMES, *NAMES, "today()", "now()"]) | constants, _combined, max_leaves=6)


Variables = dict[str, Any]


def _shortcut(compiled: Program, variables: Variables) -> Any:
    """Return what the shortcut gives; None when it leaves the answer to the sandbox."""
    calls = HostCalls(host_functions())
    if compiled.quick is None:
        return None
    try:
        return _exact(accepted(compiled.quick(Frame(variables, calls)))), calls.explanations
    except UndefinedNameError as error:
        return "undefined-name", error.args[0]
    except ExpressionProblemError as problem:
        return problem.rule, problem.en
    except FALLS_BACK:
        return None


def _sandbox(compiled: Program, variables: Variables, checkout: Checkout) -> Any:
    calls = HostCalls(host_functions())
    try:
        return _exact(accepted(checkout.evaluate(compiled, variables, calls))), calls.explanations
    except ExpressionProblemError as problem:
        if problem.rule == "undefined-name":
            return "undefined-name", problem.en.partition(" ")[0]
        return problem.rule, problem.en


def _exact(value: Any) -> Any:
    """Tell apart what == does not: 1 and True, 1 and 1.0, 1.0 and 1.00."""
    if isinstance(value, list):
        return [_exact(item) for item in value]
    if isinstance(value, dict):
        return {key: _exact(item) for key, item in value.items()}
    if isinstance(value, datetime):
        return value.isoformat()
    return type(value).__name__, str(value) if isinstance(value, Decimal | float) else value


@given(source=expressions, variables=st.fixed_dictionaries({}, optional=dict.fromkeys(NAMES, values)))
@settings(max_examples=400, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_shortcut_and_sandbox_disagree(checkout: Checkout, source: str, variables: Variables) -> None:
    compiled = program(source, "expression")
    read = {name: value for name, value in variables.items() if name in compiled.reads}
    quick = _shortcut(compiled, read)
    assume(quick is not None)
    assert quick == _sandbox(compiled, read, checkout)


_SHANGHAI = ZoneInfo("Asia/Shanghai")
_OPERANDS: list[Any] = [
    *(None, True, False, 0, 7, -3, 2**53, 2**62, 0.5, -0.0, 1e300, Decimal("10.50"), Decimal("0.1"), Decimal("1E+900")),
    *("", "a", "同意", "😀", date(2026, 1, 1), date(9999, 12, 31), timedelta(days=3), timedelta(microseconds=-1)),
    *(
        datetime(2026, 1, 1, tzinfo=UTC),
        datetime(2026, 1, 1, 8, tzinfo=_SHANGHAI),
        datetime(1988, 7, 1, 8, tzinfo=_SHANGHAI),
    ),
    *([], [1], ["a", None], {}, {"a": 1}),
]


@pytest.mark.parametrize("operator", ["+", "-", "*", "/", "==", "<", ">=", "in", "and", "or"])
def test_operator_differs_between_shortcut_and_sandbox(checkout: Checkout, operator: str) -> None:
    compiled = program(f"a {operator} b", "expression")
    compared = 0
    for a, b in itertools.product(_OPERANDS, repeat=2):
        quick = _shortcut(compiled, {"a": a, "b": b})
        if quick is not None:
            compared += 1
            assert quick == _sandbox(compiled, {"a": a, "b": b}, checkout), f"{a!r} {operator} {b!r}"
    assert compared > 50
