"""Hostile data and hostile forms."""

import time
from datetime import timedelta
from typing import Any

import pytest

from engine.domain.errors import FormInvalidError
from engine.feel import FeelInterpreter, FeelLimits

RED = "a" * 40 + "!"


def test_slow_pattern_is_stopped_and_its_field_named(build: Any) -> None:
    form = build.form(
        build.field(key="fast", validate={"pattern": "^a+!$"}),
        build.field(key="slow", label="编号", validate={"pattern": "^(a+)+$"}),
    )
    feel = FeelInterpreter(limits=FeelLimits(duration=timedelta(milliseconds=300)))
    begin = time.perf_counter()
    with pytest.raises(FormInvalidError) as caught:
        form.validate({"fast": RED, "slow": RED}, feel)
    assert time.perf_counter() - begin < 5
    [problem] = caught.value.data["problems"]
    assert (problem.path, problem.code) == ("slow", "not_checkable")
    assert "编号" in problem.zh
    assert form.validate({"fast": RED, "slow": "aaa"}, feel) == {"fast": RED, "slow": "aaa"}
    feel.close()


@pytest.mark.parametrize(
    "condition", ["count(for i in 1..1000000000 return i) > 1", 'matches("' + RED + '", "^(a+)+$")']
)
def test_hostile_condition_ends_in_a_problem(build: Any, condition: str) -> None:
    form = build.form(build.hidden_when(condition, build.field()))
    feel = FeelInterpreter(limits=FeelLimits(duration=timedelta(milliseconds=300)))
    with pytest.raises(FormInvalidError) as caught:
        form.validate({"name": "x"}, feel)
    assert [problem.code for problem in caught.value.data["problems"]] == ["not_checkable"]
    feel.close()


def nested(depth: int) -> Any:
    value: Any = "x"
    for _ in range(depth):
        value = {"a": value}
    return value


@pytest.mark.parametrize(
    "data",
    [
        {"name": "x" * 1_000_001},
        {"name": ["x"] * 20_001},
        {f"k{n}": 1 for n in range(20_001)},
        {"name": nested(13)},
        {"name": nested(5_000)},
        {"k" * 1_000_001: 1},
    ],
    ids=lambda data: str(len(data)),
)
def test_oversized_data_is_refused_as_a_whole(build: Any, data: dict[str, Any]) -> None:
    assert build.problems(build.form(build.field()), data) == [("", "data_too_large")]


@pytest.mark.parametrize("key", ["__proto__", "constructor", "toString", "f0", "_schema", "Meta", "fields", "load"])
def test_name_with_a_meaning_below_is_an_unknown_field(build: Any, key: str) -> None:
    form = build.form(build.field(), build.hidden_when('name = "y"', build.field(key="a")))
    assert [code for _, code in build.problems(form, {"name": "x", key: {"polluted": True}})] == ["unknown_field"]


@pytest.mark.parametrize("key", ["fields", "load", "Meta", "opts", "context", "validate", "f1", "dump", "now", "today"])
def test_key_may_have_the_name_of_something_in_a_library(build: Any, key: str) -> None:
    form = build.form(build.field(key=key), build.hidden_when(f'{key} = "hide"', build.field(key="other")))
    assert build.validate(form, {key: "x", "other": "y"}) == {key: "x", "other": "y"}
    assert build.validate(form, {key: "hide", "other": "y"}) == {key: "hide"}


def test_sentence_is_not_a_template(build: Any) -> None:
    form = build.form(build.field(label="{subject}{0}{x.y}%s", validate={"required": True}))
    assert build.sentences(form, {}) == ["请填写“{subject}{0}{x.y}%s”。"]


def test_data_that_looks_like_a_tag_stays_data(build: Any) -> None:
    form = build.form(build.field("select", key="s", valuesExpression="=[choice]"))
    tag = {"$feel": "date", "value": "2026-01-01"}
    option = {"label": "x", "value": tag}
    assert build.validate(form, {"s": tag}, choice=option) == {"s": tag}


@pytest.mark.parametrize("text", ["\ud800", "a\0", "a\x1b[31m", "\x7f"])
def test_text_that_cannot_be_stored_is_refused_everywhere(build: Any, text: str) -> None:
    form = build.form(build.field(), build.rows(build.field("select", key="s", valuesKey="options")))
    assert build.problems(form, {"name": text}) == [("name", "invalid_text")]
    assert build.problems(form, {"applicants": [{"s": [text]}]})[0][1] == "invalid_text"
    assert build.problems(form, {text: 1}) == [("", "invalid_text")]


def test_many_rows_with_conditions_stay_within_the_limit(build: Any) -> None:
    form = build.form(
        build.rows(
            build.field(), *[build.hidden_when(f'this.name = "x{n}"', build.field(key=f"k{n}")) for n in range(20)]
        )
    )
    data = {"applicants": [{"name": f"x{n % 20}"} for n in range(200)]}
    begin = time.perf_counter()
    result = build.validate(form, data)
    assert time.perf_counter() - begin < 5
    assert all(len(row) == 20 for row in result["applicants"])
