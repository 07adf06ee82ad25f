"""Every sentence of the validation library has a code and a Chinese sentence."""

import inspect
from collections.abc import Iterator
from datetime import date
from typing import Any

import marshmallow as ma
import pytest
from marshmallow import fields, validate

from api.validation_sentences import field_problems, sentence_problem

NEVER_SHOWN = {"format"}  # only raised when answers are written


def library_sentences() -> Iterator[str]:
    for field in vars(fields).values():
        if inspect.isclass(field) and issubclass(field, fields.Field):
            for key, sentence in field.default_error_messages.items():
                if key not in NEVER_SHOWN:
                    yield str(sentence).format(obj_type="datetime", awareness="aware", choices="a, b", input="x")
    yield from ma.Schema._default_error_messages.values()


@pytest.mark.parametrize("sentence", sorted(set(library_sentences())))
def test_a_sentence_of_the_library_reaches_a_chinese_reader_in_chinese(sentence: str) -> None:
    problem = sentence_problem("field", sentence)
    assert sentence not in problem.zh
    assert any("一" <= letter <= "鿿" for letter in problem.zh)


class Item(ma.Schema):
    amount = fields.Integer(required=True, validate=validate.Range(1, 9))


class Sample(ma.Schema):
    items = fields.List(fields.Nested(Item), validate=validate.Length(max=2))
    name = fields.String(validate=validate.Length(2, 3))
    kind = fields.String(validate=validate.OneOf(["a", "b"]))
    day = fields.Date()
    code = fields.String(validate=validate.Regexp("[a-z]+$"))


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({"items": [{"amount": 3}, {}]}, ("items[1].amount", "required", "必填。")),
        ({"items": [{"amount": 0}]}, ("items[0].amount", "out_of_range", "应在 1 到 9 之间。")),
        ({"items": [{"amount": "x"}]}, ("items[0].amount", "wrong_type", "应为整数。")),
        ({"items": {}}, ("items", "wrong_type", "应为列表。")),
        ({"items": [3]}, ("items[0]", "wrong_type", "类型不对，应为对象。")),
        ({"items": [{"amount": 1}] * 3}, ("items", "too_long", "长度不能超过 2。")),
        ({"name": "x"}, ("name", "wrong_length", "长度应在 2 到 3 之间。")),
        ({"kind": "c"}, ("kind", "not_a_choice", "只能是以下之一：a, b。")),
        ({"day": "2026-13-01"}, ("day", "wrong_type", "应为日期（YYYY-MM-DD）。")),
        ({"code": "7"}, ("code", "wrong_format", "格式不正确。")),
        ({"nmae": "x"}, ("nmae", "unknown_field", "没有这个字段，请核对拼写。")),
        ({"name": None}, ("name", "not_null", "不能为空值（null）。")),
    ],
)
def test_a_problem_names_the_path_of_its_field(sent: dict[str, Any], expected: tuple[str, str, str]) -> None:
    with pytest.raises(ma.ValidationError) as caught:
        Sample().load(sent)
    (problem,) = field_problems(caught.value.messages)
    assert (problem.path, problem.code, problem.zh) == expected


def test_all_problems_are_reported_at_once() -> None:
    errors = Sample().validate({"name": "x", "kind": "c", "day": str(date(2026, 1, 1))})
    assert {problem.path for problem in field_problems(errors)} == {"name", "kind"}
