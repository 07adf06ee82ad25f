"""Whatever the form and the data: findings or a form, values or problems, and nothing else."""

import json
from contextlib import suppress
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain.errors import FormInvalidError
from engine.domain.values import decode, encode, plain
from engine.feel import shared_interpreter
from engine.forms import Form, parse_form

feel = shared_interpreter()

KEYS = ["a", "b", "c", "d", "e", "group", "rows"]
keys = st.sampled_from(KEYS)
json_leaves = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["2026-02-01", "2026-02-01T10:00", "10:00", "x", "y", "13800138000", "12.50"])
)
json_values = st.recursive(
    json_leaves,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys | st.text(max_size=3), inner, max_size=4),
)
datas = st.dictionaries(keys, json_values, max_size=6) | st.dictionaries(st.text(max_size=4), json_values, max_size=3)

feel_texts = st.sampled_from(
    ["a = b", "a > 5", "this.a = \"x\"", "i[1] = 2", "parent.b", "count(rows) > 1", "not(c)", "true", "null", "a + b",
     "[a, b, \"x\"]", "{label: a, value: b}", "date(d) < date(\"2026-02-01\")", "for r in rows return r.a", "sum([a, b])",
     "string length(a)", "matches(a, \"^x\")", "if a then b else c", "group.a", "a +", ")", ""]
)  # fmt: skip
feel_attributes = feel_texts.map(lambda text: f"={text}")
rules = st.fixed_dictionaries(
    {},
    optional={
        "required": st.booleans(),
        "min": st.integers(-5, 5) | feel_attributes,
        "max": st.integers(-5, 5) | feel_attributes,
        "minLength": st.integers(0, 5) | feel_attributes,
        "maxLength": st.integers(0, 5) | feel_attributes,
        "pattern": st.sampled_from(["^x$", r"\d+", "(a|b)*", "[", "a{2}", "(?i)x"]),
        "validationType": st.sampled_from(["email", "phone", "custom"]),
    },
)
options = st.lists(
    st.sampled_from(["x", "y", 1, 2, True]).map(lambda value: {"label": "o", "value": value}), max_size=3
)
inputs = st.fixed_dictionaries(
    {
        "type": st.sampled_from(
            ["textfield", "textarea", "number", "checkbox", "datetime", "expression", "filepicker", "select", "taglist",
             "radio", "checklist"]
        ),
        "key": keys,
    },
    optional={
        "validate": rules,
        "conditional": st.fixed_dictionaries({"hide": feel_attributes}),
        "disabled": st.booleans(),
        "readonly": st.booleans() | feel_attributes,
        "defaultValue": json_leaves,
        "values": options,
        "valuesKey": keys,
        "valuesExpression": feel_attributes,
        "subtype": st.sampled_from(["date", "time", "datetime"]),
        "decimalDigits": st.integers(0, 3),
        "increment": st.sampled_from([0.5, 2, "3"]),
        "serializeToString": st.booleans(),
        "multiple": st.booleans() | feel_attributes,
        "expression": feel_attributes,
    },
)  # fmt: skip
components = st.recursive(
    inputs,
    lambda inner: st.fixed_dictionaries(
        {"type": st.sampled_from(["group", "dynamiclist"]), "components": st.lists(inner, max_size=3)},
        optional={
            "path": keys,
            "conditional": st.fixed_dictionaries({"hide": feel_attributes}),
            "allowAddRemove": st.booleans(),
            "isRepeating": st.booleans(),
            "defaultRepetitions": st.integers(0, 3),
            "properties": st.fixed_dictionaries(
                {}, optional={"minRows": st.integers(0, 2), "maxRows": st.integers(0, 3)}
            ),
        },
    ),
    max_leaves=8,
)
_NEEDS_NO_KEY = {"group", "dynamiclist"}


def parsed(*found: Any) -> Form | None:
    """The form of these components, less those that alone would be refused."""
    sound: list[Any] = []
    for component in found:
        trial = json.dumps({"id": "f", "components": [*sound, component]}).encode()
        if parse_form("f.form", trial)[0] is not None:
            sound.append(component)
    return parse_form("f.form", json.dumps({"id": "f", "components": sound}).encode())[0]


@settings(max_examples=60, deadline=None)
@given(st.lists(components, max_size=6), datas, st.dictionaries(keys, json_values, max_size=4))
def test_random_form_and_data_end_in_values_or_problems(found: list[Any], data: Any, initial: Any) -> None:
    form = parsed(*found)
    assert form is not None
    try:
        result = form.validate(data, feel, initial=initial)
    except FormInvalidError as error:
        problems = error.data["problems"]
        assert problems
        assert len({problem.path for problem in problems}) == len(problems)
        assert all(problem.zh and problem.en and problem.code for problem in problems)
    else:
        assert decode(encode(result)) == result
    with suppress(FormInvalidError):
        form.validate_draft(data)


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=200) | st.recursive(json_leaves, lambda inner: st.lists(inner) | st.dictionaries(
    st.sampled_from(["id", "type", "components", "key", "path", "validate", "values", "conditional", "hide"]), inner
)).map(lambda value: json.dumps(value, ensure_ascii=True).encode()))  # fmt: skip
def test_random_file_gives_a_form_or_findings(content: bytes) -> None:
    form, findings = parse_form("f.form", content)
    assert form is not None or findings


FLAGS = ["f0", "f1", "f2"]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from(FLAGS), min_size=1, max_size=5),
    st.fixed_dictionaries({flag: st.booleans() for flag in FLAGS}),
    st.data(),
)
def test_exactly_the_visible_fields_are_in_the_result(guards: list[str], flags: dict[str, bool], data: Any) -> None:
    fields = [{"type": "checkbox", "key": flag} for flag in FLAGS]
    fields += [
        {"type": "textfield", "key": f"t{n}", "validate": {"required": True}, "conditional": {"hide": f"={guard}"}}
        for n, guard in enumerate(guards)
    ]
    form = parsed(*fields)
    assert form is not None
    entered = {f"t{n}": "x" for n, guard in enumerate(guards) if not flags[guard] or data.draw(st.booleans())}
    result = form.validate(flags | entered, feel)
    assert result == flags | {f"t{n}": "x" for n, guard in enumerate(guards) if not flags[guard]}


@settings(max_examples=50, deadline=None)
@given(
    st.fixed_dictionaries(
        {
            "text": st.text(alphabet="甲乙ab 1", max_size=10),
            "amount": st.none() | st.decimals(-1000, 1000, places=2).map(str),
            "count": st.none() | st.integers(-1000, 1000),
            "day": st.none() | st.dates().filter(lambda day: 1900 <= day.year <= 2999).map(str),
            "at": st.none() | st.datetimes().filter(lambda at: 1901 <= at.year <= 2998).map(lambda at: f"{at:%Y-%m-%dT%H:%M}"),
            "kinds": st.lists(st.sampled_from(["x", "y", "z"]), unique=True),
            "agreed": st.booleans(),
            "rows": st.lists(st.fixed_dictionaries({"text": st.text(alphabet="甲乙ab 1", max_size=10)}), max_size=3),
        }
    )
)  # fmt: skip
def test_values_shown_again_and_sent_again_are_the_same(data: dict[str, Any]) -> None:
    form = parsed(
        {"type": "textfield", "key": "text"},
        {"type": "number", "key": "amount", "serializeToString": True, "decimalDigits": 2},
        {"type": "number", "key": "count", "decimalDigits": 0},
        {"type": "datetime", "key": "day", "subtype": "date"},
        {"type": "datetime", "key": "at", "subtype": "datetime"},
        {"type": "taglist", "key": "kinds", "values": [{"label": value, "value": value} for value in "xyz"]},
        {"type": "checkbox", "key": "agreed"},
        {"type": "dynamiclist", "path": "rows", "components": [{"type": "textfield", "key": "text"}]},
    )
    assert form is not None
    result = form.validate(data, feel)
    assert form.validate(plain(result), feel) == result
    assert decode(encode(result)) == result
    assert result["amount"] is None or isinstance(result["amount"], Decimal)
