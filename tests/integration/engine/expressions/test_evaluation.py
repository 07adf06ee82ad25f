"""Expressions and scripts see what they read, give values, and leave nothing behind."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from engine.expressions import Evaluator, ExpressionProblemError, Session, normalise
from tests.integration.engine.expressions.conftest import NOW, host_functions

VARIABLES: dict[str, Any] = {
    "a": 7,
    "金额": Decimal("10.50"),
    "结果": "同意",
    "accepted_on": date(2026, 2, 1),
    "at": datetime(2026, 2, 1, 8, tzinfo=ZoneInfo("Asia/Shanghai")),
    "claims": [{"amount": Decimal("5.25")}, {"amount": Decimal("7")}],
    "nothing": None,
}


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("a > 5 and 结果 == '同意'", True),
        ("金额 * 2", Decimal("21.00")),
        ("Decimal('0.1') + 金额", Decimal("10.60")),
        ("sum(c['amount'] for c in claims)", Decimal("12.25")),
        ("max(claims, key=lambda c: c['amount'])", {"amount": Decimal("7")}),
        ("[c['amount'] for c in claims if c['amount'] > 6]", [Decimal("7")]),
        ("accepted_on + timedelta(days=15)", date(2026, 2, 16)),
        ("accepted_on + days(15)", date(2026, 2, 16)),
        ("today() - accepted_on", timedelta(days=2)),
        ("days(3)", timedelta(days=3)),
        ("now() > at", True),
        ("at + timedelta(hours=1)", datetime(2026, 2, 1, 1, tzinfo=UTC)),
        ("f'{accepted_on:%Y年%m月%d日}'", "2026年02月01日"),
        ("结果.replace('同', '不同')", "不同意"),
        ("nothing is None", True),
        ("a if a > 10 else None", None),
        ("(1, 2)", [1, 2]),
        ("2 ** 10", 1024),
        ("True or nobody", True),
        (normalise("${a}-${结果}"), "7-同意"),
    ],
)
def test_expression_gives_something_else(session: Session, source: str, value: Any) -> None:
    result = session.evaluate(source, VARIABLES).value
    assert result == value
    assert type(result) is type(value)


@pytest.mark.parametrize("source", ["deadline('X', accepted_on)", "max(deadline('X', accepted_on), today())"])
def test_explanation_of_a_host_function_is_lost(session: Session, source: str) -> None:
    evaluation = session.evaluate(source, VARIABLES)
    assert evaluation.value == date(2026, 2, 16)
    assert evaluation.explanations == ({"rule": "X", "start": "2026-02-01"},)


def test_explanations_count_double_when_the_shortcut_gives_up(session: Session) -> None:
    evaluation = session.evaluate("[deadline('X', accepted_on), a * 2][0:1]", VARIABLES)
    assert len(evaluation.explanations) == 1
    assert len(session.evaluate("(deadline('X', accepted_on), claims == claims)", VARIABLES).explanations) == 1


@pytest.mark.parametrize(
    ("source", "rule", "said"),
    [
        ("nobody", "undefined-name", "nobody"),
        ("sum([nobody])", "undefined-name", "nobody"),
        ("a / 0", "division-by-zero", "除数为零"),
        ("金额 / 0", "division-by-zero", "除数为零"),
        ("a % 0", "division-by-zero", "除数为零"),
        ("a + 结果", "type-error", "整数与文本之间不能做 + 运算"),
        ("nothing > 5", "type-error", "空值与整数之间不能用 > 比较"),
        ("金额 * 1.5", "type-error", "小数与浮点数"),
        ("accepted_on.foo", "type-error", "日期没有属性或方法 foo"),
        ("claims[5]", "missing-index", "序号"),
        ("claims[0]['x']", "missing-key", "x"),
        ("int('abc')", "expression-failed", "abc"),
        ("deadline('X', nothing)", "host-function-arguments", "start 还没有值"),
        ("list(map(days, ['x']))", "function-as-value", "days"),
        ("max(days('x'), days(1))", "host-function-arguments", "应为 int"),
        ("{1, 2}", "result-refused", "集合"),
        ("len", "result-refused", "函数"),
        ("datetime.now()", "result-refused", "now()"),
        ("10 ** 30", "result-refused", "过大"),
        ("float('inf')", "result-refused", "有限"),
        ("(i for i in nobody)", "undefined-name", "nobody"),
        ("today", "function-as-value", "today"),
    ],
)
def test_failure_is_not_said_plainly(session: Session, source: str, rule: str, said: str) -> None:
    with pytest.raises(ExpressionProblemError) as problem:
        session.evaluate(source, VARIABLES)
    assert problem.value.rule == rule
    assert said in problem.value.zh
    assert "Traceback" not in problem.value.en


class _Watched(Mapping[str, Any]):
    """Variables that note which of them were read."""

    def __init__(self) -> None:
        self.read: set[str] = set()

    def __getitem__(self, name: str) -> Any:
        self.read.add(name)
        return VARIABLES[name]

    def __contains__(self, name: object) -> bool:
        return name in VARIABLES

    def __iter__(self) -> Iterator[str]:
        raise AssertionError("all variables were read")

    def __len__(self) -> int:
        return len(VARIABLES)


@pytest.mark.parametrize(("source", "read"), [("a > 5 or 金额", {"a"}), ("a ** 2 + 金额", {"a", "金额"})])
def test_variable_is_fetched_that_the_expression_does_not_read(session: Session, source: str, read: set[str]) -> None:
    variables = _Watched()
    session.evaluate(source, variables)
    assert variables.read == read


def test_expression_sees_what_another_one_was_given(session: Session) -> None:
    session.evaluate("a ** 2", {"a": 3})
    with pytest.raises(ExpressionProblemError, match="a has no value"):
        session.evaluate("sum([a])", {})


def test_expression_sees_what_a_script_left_behind(session: Session) -> None:
    session.execute("import math\nleft = 1\ndef sum(items):\n    return 'mine'", {})
    assert session.evaluate("sum([1, 2])", {}).value == 3
    with pytest.raises(ExpressionProblemError, match="left has no value"):
        session.evaluate("max(left, 1)", {})


def test_script_that_changes_a_module_changes_it_for_the_next_case(evaluator: Evaluator) -> None:
    with evaluator.session({}, NOW) as session:
        session.execute("import random\nrandom.seed(1)\nx = random.random()", {})
    draws = []
    for _ in range(2):
        with evaluator.session({}, NOW) as session:
            draws.append(session.execute("import random\nx = random.random()", {})["x"])
    assert draws[0] == draws[1]


@pytest.mark.parametrize(
    ("script", "left"),
    [
        ("x = a + 1\ny = [x]", {"x": 8, "y": [8]}),
        ("x: int = a", {"x": 7}),
        ("a += 1", {"a": 8}),
        ("if a > 10:\n    x = 1\nelse:\n    y = 2", {"y": 2}),
        ("x = None", {"x": None}),
        ("total = Decimal(0)\nfor c in claims:\n    total += c['amount']", {"total": Decimal("12.25")}),
        ("claims[0]['amount'] = 1", {"claims": [{"amount": 1}, {"amount": Decimal("7")}]}),
        ("claims.pop()", {"claims": [{"amount": Decimal("5.25")}]}),
        ("for c in claims:\n    c['seen'] = True", {"claims": [{**c, "seen": True} for c in VARIABLES["claims"]]}),
        ("for c in claims:\n    print(c)", {}),
        ("_hidden = 1\nx = _hidden", {"x": 1}),
        ("def double(n):\n    return 2 * n\nx = double(a)", {"x": 14}),
        ("import math\nx = math.floor(2.5)", {"x": 2}),
        ("try:\n    x = claims[5]\nexcept IndexError:\n    x = '没有'", {"x": "没有"}),
        ("due = deadline('X', accepted_on)", {"due": date(2026, 2, 16)}),
        ("x = date.today()", {"x": date(2026, 2, 3)}),
        ("x, y = 1, 2", {"x": 1, "y": 2}),
    ],
)
def test_script_leaves_other_variables(session: Session, script: str, left: dict[str, Any]) -> None:
    assert session.execute(script, VARIABLES) == left


@pytest.mark.parametrize(
    ("script", "rule", "line"),
    [
        ("x = 1\n\n# why\ny = a / 0", "division-by-zero", 4),
        ("for c in claims:\n    x = 1\n    y = c['z']", "missing-key", 3),
        ("x = '''a\nb'''\ny = a + x", "type-error", 3),
        ("def f():\n    return a / 0\n\nx = f()", "division-by-zero", 2),
        ("x = 1\nimport os", "expression-disallowed", 2),
        ("raise ValueError('own words')", "expression-failed", 1),
        ("x = days(1)", "result-refused", None),
        ("def f():\n    return 1\nx = f", "result-refused", None),
        ("today = 5", "function-assigned", None),
        ("try:\n    x = deadline('X', nothing)\nexcept Exception:\n    x = 5", "host-function-arguments", None),
    ],
)
def test_failing_script_names_the_wrong_line(session: Session, script: str, rule: str, line: int | None) -> None:
    with pytest.raises(ExpressionProblemError) as problem:
        session.execute(script, VARIABLES)
    assert (problem.value.rule, problem.value.line) == (rule, line)


@pytest.mark.parametrize("hour", [0, 15, 17, 23])
def test_day_in_the_sandbox_is_not_the_shanghai_day(evaluator: Evaluator, hour: int) -> None:
    now = datetime(2026, 2, 3, hour, tzinfo=UTC)
    with evaluator.session({}, now) as session:
        script = session.execute("x = date.today()\ny = f'{datetime.now():%H}'", {})
    assert script == {"x": date(2026, 2, 4 if hour >= 16 else 3), "y": f"{(hour + 8) % 24:02}"}


def test_fault_of_the_host_is_swallowed_by_a_script(evaluator: Evaluator) -> None:
    functions = host_functions()
    broken = functions["today"]

    def gone() -> date:
        raise ConnectionError("the database is gone")

    functions["today"] = type(broken)(broken.name, broken.stub, gone)
    with evaluator.session(functions, NOW) as session, pytest.raises(ConnectionError):
        session.execute("try:\n    x = today()\nexcept Exception:\n    x = None", {})
    with evaluator.session(functions, NOW) as session, pytest.raises(ConnectionError):
        session.evaluate("today()", {})
