"""Groups and dynamic lists."""

from decimal import Decimal
from typing import Any

import pytest

REQUIRED = {"required": True}


def test_group_with_a_path_nests_and_one_without_does_not(build: Any) -> None:
    form = build.form(
        build.group(build.field(key="a"), path="g"),
        build.group(build.field(key="b"), build.group(build.field(key="c"), path="inner")),
        build.group(build.field(key="d"), path="g"),
    )
    data = {"g": {"a": "1", "d": "4"}, "b": "2", "inner": {"c": "3"}}
    assert build.validate(form, data) == data


def test_rows_are_validated_one_by_one_and_named_by_their_number(build: Any) -> None:
    form = build.form(
        build.rows(build.field(validate=REQUIRED), build.field("number", key="amount", label="金额", decimalDigits=2))
    )
    assert build.validate(form, {"applicants": [{"name": "甲", "amount": 1.5}, {"name": "乙"}]}) == {
        "applicants": [{"name": "甲", "amount": Decimal("1.5")}, {"name": "乙", "amount": None}]
    }
    bad = {"applicants": [{"name": "甲"}, {"amount": "x"}]}
    assert build.problems(form, bad) == [("applicants[1].name", "required"), ("applicants[1].amount", "not_a_number")]
    assert build.sentences(form, bad)[0] == "请填写“申请人”第 2 行的“姓名”。"


@pytest.mark.parametrize(
    ("attributes", "count", "expected"),
    [
        ({"properties": {"minRows": "1"}}, 0, "too_few_rows"),
        ({"properties": {"minRows": 1, "maxRows": "2"}}, 2, None),
        ({"properties": {"maxRows": "2"}}, 3, "too_many_rows"),
        ({}, 200, None),
        ({}, 201, "too_many_rows"),
        ({"allowAddRemove": False, "defaultRepetitions": 2}, 2, None),
        ({"allowAddRemove": False, "defaultRepetitions": 2}, 1, "rows_fixed"),
    ],
)
def test_number_of_rows_is_limited(build: Any, attributes: dict[str, Any], count: int, expected: str | None) -> None:
    form = build.form(build.rows(build.field(), **attributes))
    found = build.problems(form, {"applicants": [{"name": "x"}] * count})
    assert found == ([("applicants", expected)] if expected else [])


def test_list_whose_rows_are_fixed_keeps_those_it_was_opened_with(build: Any) -> None:
    form = build.form(build.rows(build.field(), allowAddRemove=False))
    initial = [{"name": "甲"}, {"name": "乙"}, {"name": "丙"}]
    assert build.problems(form, {"applicants": initial[:2]}, applicants=initial) == [("applicants", "rows_fixed")]
    assert build.problems(form, {"applicants": initial}, applicants=initial) == []


def test_list_that_does_not_repeat_is_a_group(build: Any) -> None:
    form = build.form(build.rows(build.field(), isRepeating=False))
    assert build.validate(form, {"applicants": {"name": "x"}}) == {"applicants": {"name": "x"}}


@pytest.mark.parametrize("bad", ["x", 5, {"name": "x"}, None, {"0": {"name": "x"}}])
def test_list_that_is_no_list_is_one_problem(build: Any, bad: Any) -> None:
    form = build.form(build.rows(build.field(validate=REQUIRED)))
    assert build.problems(form, {"applicants": bad}) == [("applicants", "wrong_type")]


@pytest.mark.parametrize("bad", ["x", 5, [{"a": "x"}], None])
def test_group_that_is_no_object_is_one_problem(build: Any, bad: Any) -> None:
    form = build.form(build.group(build.field(key="a", validate=REQUIRED), path="g"))
    assert build.problems(form, {"g": bad}) == [("g", "wrong_type")]


def test_rows_inside_rows_and_groups_inside_rows(build: Any) -> None:
    inner = build.rows(build.field(key="amount", label="金额", validate=REQUIRED), path="claims", label="请求")
    form = build.form(build.rows(build.field(), build.group(inner, path="g")))
    data = {"applicants": [{"name": "甲", "g": {"claims": [{"amount": "1"}, {"amount": "2"}]}}]}
    assert build.validate(form, data) == data
    data["applicants"][0]["g"]["claims"][1]["amount"] = ""
    assert build.problems(form, data) == [("applicants[0].g.claims[1].amount", "required")]
    assert build.sentences(form, data) == ["请填写“申请人”第 1 行“请求”第 2 行的“金额”。"]


def test_input_is_not_changed_by_validation(build: Any) -> None:
    form = build.form(
        build.hidden_when("true", build.field(key="a")),
        build.rows(build.hidden_when("true", build.field()), build.field(key="b", disabled=True)),
    )
    data = {"a": "x", "applicants": [{"name": "y"}]}
    build.validate(form, data)
    assert data == {"a": "x", "applicants": [{"name": "y"}]}
