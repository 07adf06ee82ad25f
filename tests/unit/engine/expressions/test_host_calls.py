"""Host functions get the arguments their stubs promise, and what they say reaches people."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from engine.domain.errors import InvalidInputError, UnavailableError
from engine.domain.host import Explained, HostFunction
from engine.expressions import ExpressionProblemError
from engine.expressions.host_calls import MAX_CALLS, HostCalls

STUB = "def f(rule: str, start: date | None, n: int = 1, *, x: Any = None) -> date: ..."


def _calls(call: Callable[..., Any], stub: str = STUB) -> HostCalls:
    return HostCalls({"f": HostFunction("f", stub, call)})


@pytest.mark.parametrize(
    ("arguments", "keywords", "said"),
    [
        ((), {}, "def f("),
        (("X", None, 1, 2), {}, "def f("),
        (("X", None), {"y": 1}, "def f("),
        ((5, None), {}, "rule 应为 str，实为整数"),
        (("X", "2026-01-01"), {}, "start 应为 None | date，实为文本"),
        (("X", datetime(2026, 1, 1, tzinfo=UTC)), {}, "start 应为 None | date，实为时刻"),
        (("X", None, True), {}, "n 应为 int，实为是/否"),
        ((None, None), {}, "rule 还没有值"),
    ],
)
def test_unfit_argument_reaches_the_function(arguments: tuple[Any, ...], keywords: dict[str, Any], said: str) -> None:
    with pytest.raises(ExpressionProblemError) as problem:
        _calls(lambda *a, **k: pytest.fail("called")).call("f", arguments, keywords)
    assert said in problem.value.zh


def test_fit_argument_is_refused() -> None:
    calls = _calls(lambda rule, start, n=1, *, x=None: [rule, start, n, x])
    assert calls.call("f", ("X", date(2026, 1, 1)), {"n": 2, "x": object}) == ["X", date(2026, 1, 1), 2, object]
    assert calls.call("f", ("X",), {"start": None}) == ["X", None, 1, None]


def test_explanation_is_lost() -> None:
    calls = _calls(lambda *a: Explained(5, {"rule": a[0]}))
    assert calls.call("f", ("X", None), {}) == 5
    assert calls.explanations == [{"rule": "X"}]


def test_an_explanation_that_refines_stands_in_the_one_before() -> None:
    moved = {"due": "2026-02-13", "provisional": True}
    calls = HostCalls(
        {
            "deadline": HostFunction("deadline", STUB, lambda *a: Explained(5, {"rule": a[0]})),
            "at": HostFunction("at", "def at(n: int) -> int: ...", lambda n: Explained(n, moved, refines=True)),
        }
    )
    calls.call("at", (1,), {})
    calls.call("deadline", ("X", date(2026, 2, 1)), {})
    calls.call("at", (5,), {})
    assert calls.explanations == [moved, {"rule": "X", "provisional": True, "moved": [moved]}]


class _UnknownRuleError(InvalidInputError):
    zh = "没有期限规则 {rule}。"
    en = "There is no deadline rule {rule}."


def _raise(error: Exception) -> Any:
    raise error


def test_refusal_by_the_function_loses_its_sentence() -> None:
    with pytest.raises(ExpressionProblemError) as problem:
        _calls(lambda *a: _raise(_UnknownRuleError(rule="Y"))).call("f", ("Y", None), {})
    assert (problem.value.zh, problem.value.en) == ("没有期限规则 Y。", "There is no deadline rule Y.")


@pytest.mark.parametrize("error", [UnavailableError(), RuntimeError("the database is gone"), KeyError("bug")])
def test_fault_of_the_host_is_blamed_on_the_expression(error: Exception) -> None:
    with pytest.raises(type(error)):
        _calls(lambda *a: _raise(error)).call("f", ("Y", None), {})


def test_function_can_be_called_without_end() -> None:
    calls = _calls(lambda: 1, "def f() -> int: ...")
    for _ in range(MAX_CALLS):
        calls.call("f", (), {})
    with pytest.raises(ExpressionProblemError, match="more than"):
        calls.call("f", (), {})
