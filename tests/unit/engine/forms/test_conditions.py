"""Hidden fields, computed values, and rules that look at other data: as in the browser."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

REQUIRED = {"required": True}


def test_hidden_field_is_dropped_even_when_required(build: Any) -> None:
    form = build.form(
        build.field(key="kind"), build.hidden_when('kind != "injury"', build.field(key="injury", validate=REQUIRED))
    )
    assert build.validate(form, {"kind": "wages"}) == {"kind": "wages"}
    assert build.validate(form, {"kind": "wages", "injury": "old"}) == {"kind": "wages"}
    assert build.validate(form, {"kind": "wages", "injury": 5}) == {"kind": "wages"}
    assert build.problems(form, {"kind": "injury"}) == [("injury", "required")]


@pytest.mark.parametrize(
    "hidden", ['kind = "w"', '"w" = kind', 'not(kind != "w")', 'kind in ("w","x")', "string length(kind) = 1"]
)
def test_condition_is_any_feel(build: Any, hidden: str) -> None:
    form = build.form(build.field(key="kind"), build.hidden_when(hidden, build.field(key="x")))
    assert build.validate(form, {"kind": "w"}) == {"kind": "w"}
    assert build.validate(form, {"kind": "other"}) == {"kind": "other", "x": ""}


@pytest.mark.parametrize("condition", ['"text"', "5", "false", "[]", "1 = 2"])
def test_condition_that_is_not_true_does_not_hide(build: Any, condition: str) -> None:
    form = build.form(build.hidden_when(condition, build.field()))
    assert build.validate(form, {"name": "x"}) == {"name": "x"}


@pytest.mark.parametrize("condition", ["null", "missing", "missing > 5", "1 / 0"])
def test_condition_that_gives_null_hides_as_it_does_in_the_browser(build: Any, condition: str) -> None:
    form = build.form(build.hidden_when(condition, build.field()))
    assert build.validate(form, {"name": "x"}) == {}


def test_hidden_group_hides_all_below_it(build: Any) -> None:
    inner = build.group(build.field(key="a", validate=REQUIRED), build.rows(build.field(validate=REQUIRED)), path="g")
    form = build.form(build.field("checkbox", key="has"), build.hidden_when("not(has)", inner))
    assert build.validate(form, {"has": False, "g": {"a": 5, "applicants": [{"name": ""}]}}) == {"has": False}
    assert build.problems(form, {"has": True, "g": {"applicants": [{}]}}) == [
        ("g.a", "required"), ("g.applicants[0].name", "required"),
    ]  # fmt: skip


def test_unknown_field_below_a_hidden_group_is_still_refused(build: Any) -> None:
    form = build.form(build.hidden_when("true", build.group(build.field(key="a"), path="g")))
    assert build.validate(form, {"g": {"a": "x"}}) == {}
    assert build.problems(form, {"g": {"a": "x", "role": "admin"}}) == [("g.role", "unknown_field")]


def test_hidden_list_is_dropped(build: Any) -> None:
    form = build.form(
        build.field(key="kind"),
        build.hidden_when('kind = "single"', build.rows(build.field(), properties={"minRows": "1"})),
    )
    assert build.validate(form, {"kind": "single", "applicants": "garbage"}) == {"kind": "single"}
    assert build.problems(form, {"kind": "group"}) == [("applicants", "too_few_rows")]


def test_condition_in_a_row_sees_the_row_its_number_and_the_form(build: Any) -> None:
    form = build.form(
        build.field(key="kind"),
        build.rows(
            build.field(),
            build.hidden_when('this.name = "company"', build.field(key="age")),
            build.hidden_when("i[1] = 1", build.field(key="relation")),
            build.hidden_when('parent.kind = "x"', build.field(key="seen_by_parent")),
            build.hidden_when('kind = "x"', build.field(key="seen_by_form")),
        ),
    )
    full = {"age": "1", "relation": "2", "seen_by_parent": "3", "seen_by_form": "4"}
    result = build.validate(form, {"kind": "y", "applicants": [{"name": "company"} | full, {"name": "person"} | full]})
    assert [set(row) for row in result["applicants"]] == [
        {"name", "seen_by_parent", "seen_by_form"},
        {"name", *full},
    ]
    result = build.validate(form, {"kind": "x", "applicants": [{"name": "person"} | full]})
    assert set(result["applicants"][0]) == {"name", "age"}


def test_row_index_starts_at_one(build: Any) -> None:
    form = build.form(build.rows(build.field(), build.hidden_when("i[1] = 1", build.field(key="relation"))))
    result = build.validate(form, {"applicants": [{"relation": "a"}, {"relation": "b"}]})
    assert [sorted(row) for row in result["applicants"]] == [["name"], ["name", "relation"]]


def test_chain_of_conditions_settles(build: Any) -> None:
    steps = [build.field(key="s0")]
    steps += [build.hidden_when(f's{n - 1} != "go"', build.field(key=f"s{n}")) for n in range(1, 6)]
    form = build.form(*steps)
    everything = {f"s{n}": "go" for n in range(6)}
    assert build.validate(form, everything) == everything
    assert build.validate(form, everything | {"s1": "stop"}) == {"s0": "go", "s1": "stop"}
    assert build.validate(form, everything | {"s0": "stop"}) == {"s0": "stop"}


def test_hidden_field_counts_with_the_value_it_was_opened_with(build: Any) -> None:
    form = build.form(
        build.field(key="a"),
        build.hidden_when('a = "hide"', build.field(key="b")),
        build.hidden_when('b = "initial"', build.field(key="c")),
    )
    assert build.validate(form, {"a": "hide", "c": "x"}, b="initial") == {"a": "hide"}
    assert build.validate(form, {"a": "hide", "c": "x"}, b="other") == {"a": "hide", "c": "x"}
    assert build.validate(form, {"a": "show", "b": "q", "c": "x"}, b="initial") == {"a": "show", "b": "q", "c": "x"}


def test_variables_of_the_process_are_seen_as_the_browser_gets_them(build: Any) -> None:
    form = build.form(
        build.hidden_when('filed_on < "2026-02-01"', build.field(key="a")),
        build.hidden_when('date(filed_on) >= date("2026-02-01")', build.field(key="b")),
        build.hidden_when('amount = "5.50"', build.field(key="c")),
    )
    result = build.validate(form, {"a": "1", "b": "2", "c": "3"}, filed_on=date(2026, 2, 1), amount=Decimal("5.50"))
    assert result == {"a": "1"}


def test_entered_dates_and_numbers_are_seen_as_the_browser_holds_them(build: Any) -> None:
    form = build.form(
        build.field("datetime", key="d", subtype="date"),
        build.field("number", key="n"),
        build.hidden_when('d = "2026-02-01"', build.field(key="a")),
        build.hidden_when("n > 1.5", build.field(key="b")),
    )
    assert build.validate(form, {"d": "2026-02-01", "n": 1.6, "a": "", "b": ""}) == {
        "d": date(2026, 2, 1), "n": Decimal("1.6"),
    }  # fmt: skip


def test_computed_value_is_computed_here_whatever_was_sent(build: Any) -> None:
    form = build.form(
        build.field("number", key="n"),
        {"type": "expression", "key": "twice", "expression": "=n * 2"},
        build.hidden_when("twice > 10", build.field(key="small")),
    )
    assert build.validate(form, {"n": 3, "twice": 1_000_000, "small": "x"}) == {"n": 3, "twice": 6, "small": "x"}
    assert build.validate(form, {"n": 5.5, "twice": 0, "small": "x"}) == {"n": Decimal("5.5"), "twice": 11}


def test_computed_value_in_a_row(build: Any) -> None:
    form = build.form(
        build.rows(build.field("number", key="n"), {"type": "expression", "key": "twice", "expression": "=this.n * 2"})
    )
    assert build.validate(form, {"applicants": [{"n": 1}, {"n": 2}]}) == {
        "applicants": [{"n": 1, "twice": 2}, {"n": 2, "twice": 4}]
    }


@pytest.mark.parametrize(
    ("component", "data", "code"),
    [
        ({"type": "number", "validate": {"max": "=limit"}}, {"limit": 5, "name": 6}, "too_large"),
        ({"type": "number", "validate": {"min": "=limit + 1"}}, {"limit": 5, "name": 5}, "too_small"),
        ({"type": "number", "validate": {"min": "=missing"}}, {"limit": 5, "name": 5}, None),
        ({"type": "textfield", "validate": {"maxLength": "=limit"}}, {"limit": 2, "name": "abc"}, "too_long"),
        ({"type": "textfield", "validate": {"minLength": "=limit"}}, {"limit": 4, "name": "abc"}, "too_short"),
        ({"type": "select", "valuesExpression": "=[limit, 7]"}, {"limit": 5, "name": 5}, None),
        ({"type": "select", "valuesExpression": "=[limit, 7]"}, {"limit": 5, "name": 6}, "not_a_choice"),
        ({"type": "select", "valuesExpression": '=[{label: "A", value: "a"}]'}, {"limit": 5, "name": "a"}, None),
        ({"type": "select", "valuesExpression": "=limit"}, {"limit": 5, "name": 5}, "not_a_choice"),
        ({"type": "taglist", "valuesExpression": "=for x in [1, 2] return x * limit"}, {"limit": 5, "name": [5, 10]}, None),
        ({"type": "filepicker", "multiple": "=limit > 3"}, {"limit": 5, "name": ["a"]}, None),
        ({"type": "filepicker", "multiple": "=limit > 3"}, {"limit": 1, "name": ["a"]}, "wrong_type"),
    ],
)  # fmt: skip
def test_rule_may_depend_on_other_fields(
    build: Any, component: dict[str, Any], data: dict[str, Any], code: str | None
) -> None:
    form = build.form(build.field("number", key="limit"), build.field(**component))
    assert build.problems(form, data) == ([("name", code)] if code else [])


def test_options_may_come_from_the_process(build: Any) -> None:
    form = build.form(
        build.field("select", key="mediator", valuesKey="mediators"),
        build.rows(build.field("select", key="who", valuesKey="mediators")),
    )
    mediators = [{"label": "张三", "value": "m1"}, "m2", {"label": "", "value": "m3"}, {"label": "no value"}, None]
    good = {"mediator": "m1", "applicants": [{"who": "m2"}, {"who": "m3"}]}
    assert build.validate(form, good, mediators=mediators) == good
    assert build.problems(form, {"mediator": "m9", "applicants": [{"who": "m8"}]}, mediators=mediators) == [
        ("mediator", "not_a_choice"), ("applicants[0].who", "not_a_choice"),
    ]  # fmt: skip
    assert build.problems(form, {"mediator": "m1"}) == [("mediator", "not_a_choice")]


def test_readonly_value_cannot_be_changed(build: Any) -> None:
    form = build.form(
        build.field(readonly=True),
        build.field("number", key="n", readonly=True),
        build.field("datetime", key="d", readonly=True),
    )
    initial = {"name": "甲", "n": Decimal("5.00"), "d": date(2026, 2, 1)}
    expected = {"name": "甲", "n": Decimal(5), "d": date(2026, 2, 1)}
    assert build.validate(form, {"name": "甲", "n": 5, "d": "2026-02-01"}, **initial) == expected
    assert build.validate(form, {}, **initial) == expected
    assert build.problems(form, {"name": "乙", "n": 6, "d": "x"}, **initial) == [
        ("name", "read_only"), ("n", "read_only"), ("d", "wrong_date"),
    ]  # fmt: skip


def test_readonly_may_depend_on_other_fields(build: Any) -> None:
    form = build.form(build.field("checkbox", key="locked"), build.field(readonly="=locked"))
    assert build.problems(form, {"locked": True, "name": "乙"}, name="甲") == [("name", "read_only")]
    assert build.problems(form, {"locked": False, "name": "乙"}, name="甲") == []


def test_disabled_field_is_not_part_of_the_result_and_cannot_be_changed(build: Any) -> None:
    form = build.form(
        build.field(disabled=True, validate=REQUIRED), build.hidden_when('name = "甲"', build.field(key="b"))
    )
    assert build.validate(form, {"b": "x"}, name="乙") == {"b": "x"}
    assert build.validate(form, {"name": "乙", "b": "x"}, name="乙") == {"b": "x"}
    assert build.validate(form, {"b": "x"}, name="甲") == {}
    assert build.problems(form, {"name": "丙"}, name="乙") == [("name", "read_only")]


def test_default_value_is_a_suggestion_only(build: Any) -> None:
    form = build.form(build.field(defaultValue="x", validate=REQUIRED))
    assert build.problems(form, {}) == [("name", "required")]
