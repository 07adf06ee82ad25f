"""Texts of model attributes become sources of expressions."""

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.expressions import is_expression, normalise


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("amount > 5", "amount > 5"),
        ("  amount > 5\n", "amount > 5"),
        ("${amount > 5}", "amount > 5"),
        ("#{ amount > 5 }", "amount > 5"),
        (" ${ {'a': 1}['a'] } ", "{'a': 1}['a']"),
        ("${'}'}", "'}'"),
        ("${f'{a}'}", "f'{a}'"),
        ("${'it\\'s }'}", "'it\\'s }'"),
        ("prefix-${a}", "f'prefix-{a}'"),
        ("${a}-${b + 1}", "f'{a}-{b + 1}'"),
        ("案件 ${编号} 号", "f'案件 {编号} 号'"),
        ("{literal} ${a}", "f'{{literal}} {a}'"),
    ],
)
def test_source_differs_from_what_the_text_stands_for(text: str, source: str) -> None:
    assert normalise(text) == source


@pytest.mark.parametrize(
    ("text", "expected"),
    [("window-clerk", False), ("", False), ("${a}", True), ("#{a}", True), ("x-${a}", True), ("$a {b}", False)],
)
def test_literal_is_taken_for_an_expression(text: str, expected: bool) -> None:
    assert is_expression(text) is expected


@pytest.mark.parametrize("text", ["${", "${a", "${a >}", "x ${a >} y", "${}", "${a}}", "${'}", "#{${a}}", "${" * 500])
def test_broken_text_raises_instead_of_being_left_to_the_check(text: str) -> None:
    assert isinstance(normalise(text), str)


@given(before=st.text(st.characters(exclude_characters="$#{}\0", exclude_categories=["Cs"]), max_size=12))
def test_literal_part_of_a_template_changes(before: str) -> None:
    tree = ast.parse(normalise(f"|{before}|${{a}}"), mode="eval").body
    assert isinstance(tree, ast.JoinedStr)
    assert tree.values[0].value == f"|{before}|"  # type: ignore[attr-defined]
