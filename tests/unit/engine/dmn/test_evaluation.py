"""What decisions give."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from engine.dmn import Decision, parse_decisions
from engine.domain.errors import DecisionFailedError, DecisionNotUniqueError, DecisionUnmatchedError
from engine.feel import shared_interpreter

feel = shared_interpreter()


def parsed(xml: bytes) -> list[Decision]:
    decisions, findings = parse_decisions("route.dmn", xml)
    assert findings == []
    return decisions


def outputs(xml: bytes, **context: Any) -> list[dict[str, Any]]:
    return parsed(xml)[-1].evaluate(context, feel).outputs


ROUTES = [['"wages"', '"fast"'], ['"injury","death"', '"heavy"'], ["-", '"other"']]


@pytest.mark.parametrize(
    ("policy", "value", "expected"),
    [
        ('hitPolicy="FIRST"', "wages", ["fast"]),
        ('hitPolicy="FIRST"', "death", ["heavy"]),
        ('hitPolicy="FIRST"', None, ["other"]),
        ('hitPolicy="COLLECT"', "wages", ["fast", "other"]),
        ('hitPolicy="RULE ORDER"', "injury", ["heavy", "other"]),
        ('hitPolicy="COLLECT" aggregation="COUNT"', "wages", [2]),
        ("", "nothing", ["other"]),
    ],
)
def test_hit_policy_tells_which_rules_count(build: Any, policy: str, value: Any, expected: list[Any]) -> None:
    xml = build.definitions(build.table(ROUTES, policy=policy))
    assert [next(iter(output.values())) for output in outputs(xml, kind=value)] == expected


@pytest.mark.parametrize(
    ("aggregation", "expected"), [("SUM", Decimal("8.5")), ("MIN", 2), ("MAX", Decimal("6.5")), ("COUNT", 2)]
)
def test_collect_aggregates_numbers(build: Any, aggregation: str, expected: Any) -> None:
    xml = build.definitions(
        build.table(
            [["> 1", "2"], ["> 2", "6.5"], ["> 100", "1000"]],
            inputs=[("n", "number")],
            outputs=[("score", "number")],
            policy=f'hitPolicy="COLLECT" aggregation="{aggregation}"',
        )
    )
    assert outputs(xml, n=5) == [{"score": expected}]


@pytest.mark.parametrize(("aggregation", "expected"), [("SUM", []), ("COUNT", [{"score": 0}])])
def test_aggregation_over_no_match(build: Any, aggregation: str, expected: Any) -> None:
    policy = f'hitPolicy="COLLECT" aggregation="{aggregation}"'
    xml = build.definitions(
        build.table([["> 1", "2"]], inputs=[("n", "number")], outputs=[("score", "number")], policy=policy)
    )
    assert outputs(xml, n=0) == expected


@pytest.mark.parametrize(("policy", "expected"), [("PRIORITY", ["high"]), ("OUTPUT ORDER", ["high", "low"])])
def test_order_of_allowed_outputs_is_their_priority(build: Any, policy: str, expected: list[str]) -> None:
    xml = build.definitions(
        build.table([["> 1", '"low"'], ["> 2", '"high"']], inputs=[("n", "number")], policy=f'hitPolicy="{policy}"')
    )
    xml = xml.replace(
        b'typeRef="string"></output>',
        b'typeRef="string"><outputValues><text>"high","low"</text></outputValues></output>',
    )
    assert [output["route"] for output in outputs(xml, n=3)] == expected


def test_two_matching_rules_break_unique_and_both_are_named(build: Any) -> None:
    xml = build.definitions(build.table([['"a"', '"x"'], ['"b"', '"y"'], ["-", '"z"']]))
    with pytest.raises(DecisionNotUniqueError) as caught:
        outputs(xml, kind="a")
    assert "1, 3" in caught.value.sentence("zh")
    assert 'kind = "a"' in caught.value.sentence("en")


def test_any_allows_equal_outputs_only(build: Any) -> None:
    rules = [["> 1", '"x"'], ["> 2", '"x"'], ["> 3", '"y"']]
    xml = build.definitions(build.table(rules, inputs=[("n", "number")], policy='hitPolicy="ANY"'))
    assert outputs(xml, n=3) == [{"route": "x"}]
    with pytest.raises(DecisionNotUniqueError):
        outputs(xml, n=4)


def test_empty_cell_means_any_value_and_empty_output_means_null(build: Any) -> None:
    assert outputs(build.definitions(build.table([["", ""]])), kind="a") == [{"route": None}]


def test_inputs_and_outputs_are_full_expressions(build: Any) -> None:
    xml = build.definitions(
        build.table(
            [["[1000..5000)", "? > 2", "kind + '!'".replace("'", '"'), "amount * 2"]],
            inputs=[("amount + 1", "number"), ("count(parties)", "integer")],
            outputs=[("a", "string"), ("b", "number")],
        )
    )
    assert outputs(xml, amount=999, parties=[1, 2, 3], kind="w") == [{"a": "w!", "b": 1998}]


@pytest.mark.parametrize("filed_on", [date(2026, 2, 28), "2026-02-28"])
def test_dates_are_compared_as_dates(build: Any, filed_on: Any) -> None:
    xml = build.definitions(
        build.table(
            [['< date("2026-03-01")', 'filed_on_day + duration("P1D")'], ['>= date("2026-03-01")', "null"]],
            inputs=[("filed_on", "date")],
            outputs=[("next", "date")],
        )
    )
    assert outputs(xml, filed_on=filed_on, filed_on_day=date(2026, 2, 28)) == [{"next": date(2026, 3, 1)}]


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("string", ["x", None], [5, True, ["x"]]),
        ("number", [5, Decimal("1.5"), None], ["5", True, [1]]),
        ("integer", [5], [Decimal("1.5"), "5"]),
        ("boolean", [True, False], ["true", 1]),
        ("date", [date(2026, 1, 1), "2026-01-01"], ["yesterday", 5]),
    ],
)
def test_input_of_the_wrong_type_is_an_error_that_names_it(
    build: Any, kind: str, good: list[Any], bad: list[Any]
) -> None:
    [decision] = parsed(build.definitions(build.table([["-", '"x"']], inputs=[("value", kind)])))
    for value in good:
        assert decision.evaluate({"value": value}, feel).outputs == [{"route": "x"}]
    for value in bad:
        with pytest.raises(DecisionFailedError) as caught:
            decision.evaluate({"value": value}, feel)
        assert "value" in caught.value.sentence("zh")
        assert "分流" in caught.value.sentence("zh")


@pytest.mark.parametrize(
    ("expression", "kind"),
    [
        ("5", "string"),
        ('"5"', "number"),
        ("1.5", "integer"),
        ('"x" + 5', "string"),
        ('"never"', "date"),
        ("[1..2]", "Any"),
    ],
)
def test_output_of_the_wrong_type_is_an_error_that_names_rule_and_column(
    build: Any, expression: str, kind: str
) -> None:
    [decision] = parsed(build.definitions(build.table([["-", expression]], outputs=[("route", kind)])))
    with pytest.raises(DecisionFailedError) as caught:
        decision.evaluate({"kind": "a"}, feel)
    assert "第 1 条规则的输出“route”" in caught.value.sentence("zh")


def test_input_outside_its_allowed_values_is_an_error(build: Any) -> None:
    [decision] = parsed(build.definitions(build.table([["-", '"x"']], allowed='"a","b"')))
    assert decision.evaluate({"kind": "a"}, feel).outputs
    with pytest.raises(DecisionFailedError, match="not among"):
        decision.evaluate({"kind": "c"}, feel)


def test_default_output_counts_when_no_rule_matches(build: Any) -> None:
    xml = build.definitions(build.table([['"a"', '"x"']], default='"fallback"'))
    assert outputs(xml, kind="b") == [{"route": "fallback"}]
    assert outputs(xml, kind="a") == [{"route": "x"}]


def test_result_says_which_rules_matched_which_inputs(build: Any) -> None:
    [decision] = parsed(build.definitions(build.table(ROUTES, policy='hitPolicy="COLLECT"')))
    result = decision.evaluate({"kind": "wages"}, feel)
    assert result.matched_rules == ["Rule_1", "Rule_3"]
    assert result.inputs == {"kind": "wages"}


@pytest.mark.parametrize(
    ("value", "mapping", "expected"),
    [
        ("wages", "singleEntry", "fast"),
        ("wages", "singleResult", {"route": "fast"}),
        ("wages", "collectEntries", ["fast"]),
        ("wages", "resultList", [{"route": "fast"}]),
        ("none", "collectEntries", []),
        ("none", "resultList", []),
        ("none", "singleEntry", DecisionUnmatchedError),
        ("none", "singleResult", DecisionUnmatchedError),
        ("wages", "somethingElse", DecisionFailedError),
    ],
)
def test_business_rule_task_takes_the_result_over_as_it_says(
    build: Any, value: str, mapping: str, expected: Any
) -> None:
    [decision] = parsed(build.definitions(build.table(ROUTES[:1])))
    result = decision.evaluate({"kind": value}, feel)
    if isinstance(expected, type):
        with pytest.raises(expected):
            result.mapped(mapping)
    else:
        assert result.mapped(mapping) == expected


def test_single_entry_of_two_outputs_is_an_error(build: Any) -> None:
    [decision] = parsed(build.definitions(build.table([["-", "1", "2"]], outputs=[("a", "number"), ("b", "number")])))
    result = decision.evaluate({"kind": "x"}, feel)
    assert result.mapped("singleResult") == {"a": 1, "b": 2}
    for mapping in ("singleEntry", "collectEntries"):
        with pytest.raises(DecisionFailedError):
            result.mapped(mapping)


def test_required_decisions_come_first_under_variable_name_and_output_name(build: Any) -> None:
    xml = build.definitions(
        build.literal(
            'if level = "high" then "总院" else 分级', key="Top", requires=["Level", "Area"], variable="where"
        ),
        build.table(
            [["> 10", '"high"'], ["<= 10", '"low"']],
            key="Level",
            inputs=[("amount", "number")],
            outputs=[("level", "string")],
        ),
        build.literal('area + "站"', key="Area", variable="分级", requires=[]),
    )
    top = next(decision for decision in parsed(xml) if decision.key == "Top")
    assert top.inputs_read == {"amount", "area"}
    assert top.evaluate({"amount": 11, "area": "滕州"}, feel).outputs == [{"where": "总院"}]
    assert top.evaluate({"amount": 10, "area": "滕州"}, feel).outputs == [{"where": "滕州站"}]


def test_required_list_is_seen_as_a_list(build: Any) -> None:
    xml = build.definitions(
        build.literal("sum(score)", key="Top", variable="total", requires=["Scores"]),
        build.table(
            [["> 1", "2"], ["> 2", "3"]],
            key="Scores",
            inputs=[("n", "number")],
            outputs=[("score", "number")],
            policy='hitPolicy="COLLECT"',
        ),
    )
    top = next(decision for decision in parsed(xml) if decision.key == "Top")
    assert top.evaluate({"n": 5}, feel).outputs == [{"total": 5}]


def test_variables_that_do_not_concern_the_decision_do_not_disturb_it(build: Any) -> None:
    xml = build.definitions(build.table(ROUTES, policy='hitPolicy="FIRST"'))
    assert outputs(xml, kind="wages", serial=2**80, unrelated=object()) == [{"route": "fast"}]


def test_cell_sees_its_value_under_the_name_of_the_column(build: Any) -> None:
    xml = build.definitions(build.table([["amount_claimed > 5", '"x"']], inputs=[("n", "number")]))
    xml = xml.replace(b'<input id="In_0"', b'<input id="In_0" camunda:inputVariable="amount_claimed"')
    [decision] = parsed(xml)
    assert decision.inputs_read == {"n"}
    assert decision.evaluate({"n": 6}, feel).outputs == [{"route": "x"}]
