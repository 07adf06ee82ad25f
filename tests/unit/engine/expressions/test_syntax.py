"""What may not stand in an expression or script is refused with a sentence that helps."""

import pytest

from engine.expressions.programs import program
from engine.expressions.syntax import Kind, parse


@pytest.mark.parametrize(
    ("kind", "source", "rule", "said"),
    [
        ("expression", "", "expression-syntax", "为空"),
        ("expression", "a >", "expression-syntax", "Python"),
        ("expression", "a && b", "expression-syntax", "and"),
        ("expression", "a || b", "expression-syntax", "or"),
        ("expression", "!a", "expression-syntax", "not"),
        ("expression", "a = 1", "expression-syntax", "=="),
        ("expression", "a gt 1", "expression-syntax", "=="),
        ("expression", "a ＞ 1", "expression-syntax", "“＞”应为“>”"),
        ("expression", "outcome == “agreed”", "expression-syntax", "全角"),
        ("expression", "x = 1; y = 2", "expression-syntax", "=="),
        ("expression", "a) or (b", "expression-syntax", "Python"),
        ("expression", "(a := 1)", "expression-disallowed", ":="),
        ("expression", "lambda: 1", "expression-disallowed", "lambda"),
        ("expression", "().__class__", "expression-disallowed", "__class__"),
        ("expression", "a._secret", "expression-disallowed", "_secret"),
        ("expression", "__import__('os')", "expression-disallowed", "__import__"),
        ("expression", "eval('1')", "expression-disallowed", "eval"),
        ("expression", "[exec][0]('1')", "expression-disallowed", "exec"),
        ("expression", "getattr(a, 'b')", "expression-disallowed", "getattr"),
        ("expression", "open('/etc/passwd')", "expression-disallowed", "open"),
        ("expression", "b'x'", "expression-disallowed", "常量"),
        ("expression", "1j", "expression-disallowed", "常量"),
        ("expression", "...", "expression-disallowed", "常量"),
        ("expression", "await a", "expression-disallowed", "await"),
        ("expression", "1 " + "+ 1" * 2_000, "expression-too-long", "字符"),
        ("expression", "not " * 500 + "a", "expression-too-long", "嵌套"),
        ("expression", "-" * 3_900 + "1", "expression-too-long", "嵌套"),
        ("expression", "a" + ".b" * 1_900, "expression-too-long", "嵌套"),
        ("expression", "(" * 300 + "1" + ")" * 300, "expression-syntax", "Python"),
        ("expression", "a\0", "expression-syntax", ""),
        ("script", "import os", "expression-disallowed", "os"),
        ("script", "from os import path", "expression-disallowed", "os"),
        ("script", "from math import *", "expression-disallowed", "import"),
        ("script", "from . import x", "expression-disallowed", "import"),
        ("script", "import time", "expression-disallowed", "time"),
        ("script", "class A: pass", "expression-disallowed", "class"),
        ("script", "def f():\n    global x\n    x = 1", "expression-disallowed", "global"),
        ("script", "with a: pass", "expression-disallowed", "with"),
        ("script", "del x", "expression-disallowed", "del"),
        ("script", "match a:\n    case 1: pass", "expression-disallowed", "match"),
        ("script", "async def f(): pass", "expression-disallowed", "async"),
        ("script", "@f\ndef g(): pass", "expression-disallowed", "装饰器"),
        ("script", "f = lambda: 1", "expression-disallowed", "lambda"),
        ("script", "def f():\n    yield 1", "expression-disallowed", "yield"),
    ],
)
def test_forbidden_source_is_let_through_or_refused_without_help(kind: Kind, source: str, rule: str, said: str) -> None:
    _, problems = parse(source, kind)
    assert problems, "no problem found"
    assert problems[0].rule == rule
    assert said in problems[0].zh
    assert problems[0].en


def test_only_the_first_forbidden_line_is_reported() -> None:
    _, problems = parse("x = 1\nimport os\ny = eval('1')", "script")
    assert [problem.line for problem in problems] == [2, 3]


@pytest.mark.parametrize("name", ["id", "input", "open", "object", "type", "format", "help"])
def test_variable_named_like_a_builtin_is_refused(name: str) -> None:
    assert parse(f"{name} == 1", "expression")[1] == []


def test_expression_over_several_lines_is_refused() -> None:
    assert program("a > 1\n  and b < 2", "expression").reads == {"a", "b"}


@pytest.mark.parametrize(
    "source",
    [
        *("a", "a == 'x'", "a is not None", "a in ['x', 'y']", "a > 5 and not b", "a if b else c", "a['x'] + 1"),
        *(
            "deadline('X', a)",
            "today() + days(3)",
            "len(a) > 0",
            "f'{a}-1'",
            "{'x': a, 'y': [b]}",
            "-a",
            "a in {'x', 'y'}",
        ),
    ],
)
def test_plain_expression_takes_the_slow_way(source: str) -> None:
    assert program(source, "expression").quick is not None


@pytest.mark.parametrize(
    "source",
    [
        *("a ** b", "a % b", "a << b", "[x for x in a]", "a.b", "a(b)(c)", "sum(a)", "f'{a:>99}'", "a[b]", "a[:1]"),
        *("max(a, key=lambda x: x)", "{**a}", "[*a]", "a @ b", "a // b", "~a", "f'{a!r}'", "a in {b}", "'a'.upper()"),
    ],
)
def test_unproven_expression_is_evaluated_in_this_process(source: str) -> None:
    assert program(source, "expression").quick is None
