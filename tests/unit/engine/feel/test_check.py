"""The check at deployment: what is wrong with the text of an expression, and which variables it reads."""

import pytest

from engine.feel import shared_interpreter

feel = shared_interpreter()


@pytest.mark.parametrize(
    ("kind", "text", "sentence"),
    [
        ("expression", "1 +", "末尾有语法错误"),
        ("expression", "a * / b", "第 5 个字符"),
        ("expression", "x = “工资”", "全角标点"),
        ("expression", "", "表达式为空"),
        ("expression", "a" * 10_001, "10000"),
        ("expression", "a\ud800", "无效字符"),
        ("expression", "now() > d", "now()"),
        ("unary-test", "< today()", "today()"),
        ("expression", "contians(a, b)", "没有名为 contians 的函数"),
        ("expression", "1e3 + a", "科学记数法"),
        ("expression", "a instance of number", "instance of"),
        ("unary-test", '"a" "b"', "语法错误"),
        ("unary-test", "[1..", "语法错误"),
        ("pattern", "(", "正则表达式有误"),
    ],
)
def test_mistake_is_named_in_a_sentence(kind: str, text: str, sentence: str) -> None:
    problems = feel.check(text, kind)  # type: ignore[arg-type]
    assert any(sentence in problem.zh for problem in problems), problems
    assert all(problem.en for problem in problems)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("expression", 'kind = "wages" and amount > 1000'),
        ("expression", "当事人 姓名 != null"),
        ("expression", "if a then b else c"),
        ("expression", "-5 + (a - b)"),
        ("expression", 'date and time(d) > date and time("2026-01-01T00:00:00")'),
        ("unary-test", '"a","b"'),
        ("unary-test", 'not("a")'),
        ("unary-test", "-"),
        ("unary-test", "? > 5 and x"),
        ("pattern", r"^\d{17}[\dX]$"),
    ],
)
def test_good_text_has_no_problem(kind: str, text: str) -> None:
    assert feel.check(text, kind) == []  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("a + b.c.d", {"a", "b"}),
        ("for i in xs, j in i.ys return i * k + partial[1]", {"xs", "k"}),
        ("some x in xs satisfies x > y", {"xs", "y"}),
        ("{a: 1, b: a + c}", {"c"}),
        ("(function(z) z + w)(v)", {"w", "v"}),
        ("claims[amount > limit]", {"claims"}),
        ("count(claims) > min(a, b)", {"claims", "a", "b"}),
        ("string length(当事人 姓名)", {"当事人 姓名"}),
        ("date(filed_on)", {"filed_on"}),
        ("abs(n: x)", {"x"}),
        ('if a = "x" then b else null', {"a", "b"}),
    ],
)
def test_variables_read_are_found(text: str, names: set[str]) -> None:
    assert feel.inspect([("expression", text)])[0] == ([], frozenset(names))
