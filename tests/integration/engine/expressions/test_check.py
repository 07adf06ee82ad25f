"""What is wrong with an expression is found before it is deployed."""

import time

import pytest

from engine.expressions import check
from engine.expressions.syntax import Kind
from tests.integration.engine.expressions.conftest import host_functions

FUNCTIONS = {name: function.stub for name, function in host_functions().items()}
NAMES = {
    "accepted_on": "date",
    "amount": "Decimal",
    "outcome": "str",
    "claims": "list[dict[str, Any]]",
    "due_on": "date | None",
    "anything": "Any",
    "金额": "int",
}


@pytest.mark.parametrize(
    ("kind", "source"),
    [
        ("expression", "amount > 50000 and outcome in ('agreed', 'partly')"),
        ("expression", "deadline('MED-15R', accepted_on)"),
        ("expression", "accepted_on + days(3) > today()"),
        ("expression", "sum(c['amount'] for c in claims)"),
        ("expression", "anything.whatever(1)['x'] + 1"),
        ("expression", "due_on is not None and due_on > today()"),
        ("expression", "f'{accepted_on:%Y}-{金额}'"),
        ("expression", "Decimal('1') + amount"),
        ("expression", "max(claims, key=lambda c: c['amount'])"),
        ("expression", "now() - timedelta(hours=1)"),
        ("script", "total = amount\nfor c in claims:\n    total += c['amount']\n金额 = 'now a text'"),
        ("script", "def f(n):\n    return n + later\nlater = 1\nx = f(1)"),
        ("script", "import math\nx = math.floor(2.5)\nif x:\n    y = 1\nz = y"),
        ("script", "try:\n    x = int(outcome)\nexcept ValueError as error:\n    x = str(error)"),
    ],
)
def test_sound_source_is_refused(kind: Kind, source: str) -> None:
    assert check(source, kind=kind, names=NAMES, functions=FUNCTIONS) == []


@pytest.mark.parametrize(
    ("kind", "source", "rule", "said", "line"),
    [
        ("expression", "acepted_on > today()", "unknown-name", "是否想写 accepted_on", 1),
        ("expression", "deadlin('X', accepted_on)", "unknown-function", "是否想写 deadline", 1),
        ("expression", "null == outcome", "unknown-name", "是否想写 None", 1),
        ("expression", "outcome == agreed", "unknown-name", "没有变量 agreed", 1),
        ("expression", "today > accepted_on", "function-as-value", "today(…)", 1),
        ("expression", "accepted_on > 5", "expression-type", "运算", 1),
        ("expression", "deadline('X')", "expression-type", "缺少参数", 1),
        ("expression", "deadline(accepted_on, 'X')", "expression-type", "参数类型", 1),
        ("expression", "outcome.uper()", "expression-type", "uper", 1),
        ("expression", "amount * 1.5", "expression-type", "运算", 1),
        ("expression", "due_on > today()", "expression-type", "运算", 1),
        ("expression", "", "expression-syntax", "为空", None),
        ("expression", "outcome ==", "expression-syntax", "Python", 1),
        ("expression", "__import__('os')", "expression-disallowed", "__import__", 1),
        ("expression", "[c for c in clams]", "unknown-name", "claims", 1),
        ("script", "x = 1\ny = outcom", "unknown-name", "outcome", 2),
        ("script", "x = 1\n\n\nif x:\n    y = 金额 + 'x'", "expression-type", "运算", 5),
        ("script", "days = 5", "function-assigned", "days", 1),
        ("script", "x = 1\nimport os", "expression-disallowed", "os", 2),
        ("script", "x = total + 1", "unknown-name", "total", 1),
    ],
)
def test_mistake_is_deployed(kind: Kind, source: str, rule: str, said: str, line: int | None) -> None:
    problems = check(source, kind=kind, names=NAMES, functions=FUNCTIONS)
    assert {problem.rule for problem in problems} == {rule}
    assert said in problems[0].zh
    assert problems[0].en
    assert problems[0].line == line


def test_only_one_of_several_misspelt_names_is_found() -> None:
    problems = check("acepted_on > today() and outcom == 'x'", kind="expression", names=NAMES, functions=FUNCTIONS)
    assert len(problems) == 2


def test_checked_script_is_run() -> None:
    started = time.perf_counter()
    assert check("while True:\n    pass", kind="script", names=NAMES, functions=FUNCTIONS) == []
    assert time.perf_counter() - started < 0.5


@pytest.mark.parametrize("stub", ["", "no type(", "Missing", "list[", "date; import os"])
def test_odd_type_of_a_variable_breaks_the_check(stub: str) -> None:
    assert check("x is None", kind="expression", names={"x": stub}, functions=FUNCTIONS) == []


def test_deployment_with_a_hundred_expressions_waits_for_seconds() -> None:
    started = time.perf_counter()
    for number in range(100):
        source = f"amount > {number} and outcome == 'agreed' and accepted_on + days(3) > today()"
        assert check(source, kind="expression", names=NAMES, functions=FUNCTIONS) == []
    assert time.perf_counter() - started < 3
