"""What each input takes, what it becomes, and what is said of anything else."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

REQUIRED = {"required": True}
OPTIONS = [{"label": "工资", "value": "wages"}, {"label": "工伤", "value": "injury"}]
NUMBERS = [{"label": "一", "value": 1}, {"label": "二", "value": 2}]


@pytest.mark.parametrize(
    ("attributes", "raw", "expected"),
    [
        ({"type": "textfield"}, "张三", "张三"),
        ({"type": "textfield"}, "", ""),
        ({"type": "textfield"}, None, ""),
        ({"type": "textarea"}, "一\n二\t三", "一\n二\t三"),
        ({"type": "textfield", "validate": {"maxLength": 2}}, "  张三  ", "  张三  "),
        ({"type": "textfield", "validate": {"pattern": "^[A-Z]{2}$"}}, "AB", "AB"),
        ({"type": "textfield", "validate": {"validationType": "phone"}}, "13800138000", "13800138000"),
        ({"type": "textfield", "validate": {"validationType": "email"}}, "a@b.cn", "a@b.cn"),
        ({"type": "number"}, 5, Decimal(5)),
        ({"type": "number"}, 12.10, Decimal("12.1")),
        ({"type": "number"}, 0, Decimal(0)),
        ({"type": "number"}, None, None),
        ({"type": "number"}, "", None),
        ({"type": "number", "decimalDigits": 0}, 7, 7),
        ({"type": "number", "decimalDigits": 0}, 7.0, 7),
        ({"type": "number", "decimalDigits": 2}, 1.25, Decimal("1.25")),
        ({"type": "number", "serializeToString": True}, "12345678901234567.89", Decimal("12345678901234567.89")),
        ({"type": "number", "serializeToString": True}, "5.00", Decimal("5.00")),
        ({"type": "number", "increment": "0.05"}, 0.15, Decimal("0.15")),
        ({"type": "number", "validate": {"min": -1, "max": "3"}}, 3, Decimal(3)),
        ({"type": "checkbox"}, True, True),
        ({"type": "checkbox"}, False, False),
        ({"type": "checkbox"}, None, False),
        ({"type": "select", "values": OPTIONS}, "wages", "wages"),
        ({"type": "radio", "values": NUMBERS}, 2, 2),
        ({"type": "radio", "values": NUMBERS}, 2.0, 2),
        ({"type": "radio", "values": OPTIONS}, None, None),
        ({"type": "checklist", "values": OPTIONS}, ["injury", "wages"], ["injury", "wages"]),
        ({"type": "taglist", "values": OPTIONS}, [], []),
        ({"type": "taglist", "values": OPTIONS}, None, []),
        ({"type": "datetime", "subtype": "date"}, "2024-02-29", date(2024, 2, 29)),
        ({"type": "datetime", "subtype": "date"}, None, None),
        ({"type": "datetime", "subtype": "time"}, "09:30", "09:30"),
        ({"type": "datetime", "subtype": "time"}, "01:30Z", "09:30"),
        ({"type": "datetime", "subtype": "time"}, "00:30+09:00", "23:30"),
        ({"type": "datetime", "subtype": "datetime"}, "2026-02-01T09:30", datetime(2026, 2, 1, 1, 30, tzinfo=UTC)),
        ({"type": "datetime", "subtype": "datetime"}, "2026-02-01T01:30Z", datetime(2026, 2, 1, 1, 30, tzinfo=UTC)),
        ({"type": "datetime", "subtype": "datetime"}, "2026-02-01T09:30+08:00", datetime(2026, 2, 1, 1, 30, tzinfo=UTC)),
        ({"type": "filepicker"}, "files::abc", "files::abc"),
        ({"type": "filepicker", "multiple": True}, ["a", "b"], ["a", "b"]),
        ({"type": "filepicker"}, None, None),
    ],
)  # fmt: skip
def test_good_value_is_taken(build: Any, attributes: dict[str, Any], raw: Any, expected: Any) -> None:
    form = build.form(build.field(**attributes))
    value = build.validate(form, {"name": raw})["name"]
    assert value == expected
    assert str(value) == str(expected) or isinstance(expected, datetime | int)


@pytest.mark.parametrize(
    ("attributes", "raw", "code", "words"),
    [
        ({"type": "textfield"}, 5, "wrong_type", "文字"),
        ({"type": "textfield"}, ["x"], "wrong_type", "文字"),
        ({"type": "textfield"}, "一\n二", "invalid_text", "换行"),
        ({"type": "textarea"}, "a\0b", "invalid_text", "无法保存"),
        ({"type": "textarea"}, "\ud800", "invalid_text", "无法保存"),
        ({"type": "textfield"}, "字" * 1001, "too_long", "1000"),
        ({"type": "textarea"}, "字" * 20_001, "too_long", "20000"),
        ({"type": "textfield", "validate": REQUIRED}, "", "required", "请填写“姓名”。"),
        ({"type": "textfield", "validate": REQUIRED}, "  \u3000", "required", "请填写“姓名”。"),
        ({"type": "textfield", "validate": {"minLength": 2}}, " 张 ", "too_short", "至少要有 2 个字"),
        ({"type": "textfield", "validate": {"maxLength": 2}}, "张三丰", "too_long", "不能超过 2 个字"),
        ({"type": "textfield", "validate": {"maxLength": 1}}, "𠮷", "too_long", "不能超过 1 个字"),
        ({"type": "textfield", "validate": {"pattern": "^[A-Z]{2}$"}}, "Ab", "wrong_format", "“姓名”的格式不正确"),
        ({"type": "textfield", "validate": {"pattern": "^a$", "patternErrorMessage": "只能填 a"}}, "b", "wrong_format", "只能填 a"),
        ({"type": "textfield", "validate": {"validationType": "phone"}}, "12", "wrong_phone", "13800138000"),
        ({"type": "textfield", "validate": {"validationType": "email"}}, "a@b", "wrong_email", "电子邮箱"),
        ({"type": "number"}, "5", "not_a_number", "“姓名”应为数字。"),
        ({"type": "number"}, True, "not_a_number", "数字"),
        ({"type": "number"}, float("nan"), "wrong_type", "数字"),
        ({"type": "number"}, float("inf"), "wrong_type", "数字"),
        ({"type": "number"}, 10**31, "wrong_type", "数字"),
        ({"type": "number"}, 12345678901234567, "too_many_digits", "位数过多"),
        ({"type": "number"}, {"a": 1}, "not_a_number", "数字"),
        ({"type": "number", "serializeToString": True}, "1e5", "not_a_number", "数字"),
        ({"type": "number", "serializeToString": True}, "0x10", "not_a_number", "数字"),
        ({"type": "number", "serializeToString": True}, "٣", "not_a_number", "数字"),
        ({"type": "number", "validate": REQUIRED}, None, "required", "请填写“姓名”。"),
        ({"type": "number", "decimalDigits": 0}, 1.5, "not_an_integer", "应为整数"),
        ({"type": "number", "decimalDigits": 2}, 1.255, "too_many_decimals", "2 位小数"),
        ({"type": "number", "increment": 5}, 12, "not_a_step", "10 和 15"),
        ({"type": "number", "increment": 5}, -12, "not_a_step", "-15 和 -10"),
        ({"type": "number", "validate": {"min": 1}}, 0, "too_small", "不能小于 1"),
        ({"type": "number", "validate": {"max": "10.5"}}, 10.6, "too_large", "不能大于 10.5"),
        ({"type": "checkbox"}, "true", "wrong_type", "是或否"),
        ({"type": "checkbox"}, 1, "wrong_type", "是或否"),
        ({"type": "checkbox", "validate": REQUIRED}, False, "required", "请勾选“姓名”。"),
        ({"type": "select", "values": OPTIONS}, "other", "not_a_choice", "选项"),
        ({"type": "select", "values": OPTIONS}, ["wages"], "not_a_choice", "选项"),
        ({"type": "radio", "values": NUMBERS}, "1", "not_a_choice", "选项"),
        ({"type": "radio", "values": NUMBERS}, True, "not_a_choice", "选项"),
        ({"type": "radio", "values": NUMBERS}, 10**29, "not_a_choice", "选项"),
        ({"type": "radio", "values": OPTIONS, "validate": REQUIRED}, None, "required", "请选择“姓名”。"),
        ({"type": "checklist", "values": OPTIONS}, "wages", "wrong_type", "选项列表"),
        ({"type": "checklist", "values": OPTIONS}, ["wages", "x"], "not_a_choice", "选项"),
        ({"type": "checklist", "values": OPTIONS}, ["wages", "wages"], "repeated_choice", "重复"),
        ({"type": "taglist", "values": OPTIONS}, [None], "wrong_type", "选项列表"),
        ({"type": "taglist", "values": OPTIONS, "validate": REQUIRED}, [], "required", "请选择“姓名”。"),
        ({"type": "datetime", "subtype": "date"}, "2026-02-30", "wrong_date", "2026-02-01"),
        ({"type": "datetime", "subtype": "date"}, "20260201", "wrong_date", "2026-02-01"),
        ({"type": "datetime", "subtype": "date"}, "2026-02-01T00:00", "wrong_date", "2026-02-01"),
        ({"type": "datetime", "subtype": "date"}, "0026-02-01", "wrong_date", "2026-02-01"),
        ({"type": "datetime", "subtype": "date"}, "２０２６-02-01", "wrong_date", "2026-02-01"),
        ({"type": "datetime", "subtype": "date"}, 20260201, "wrong_date", "2026-02-01"),
        ({"type": "datetime", "subtype": "date", "validate": REQUIRED}, None, "required", "请选择“姓名”。"),
        ({"type": "datetime", "subtype": "time"}, "24:00", "wrong_time", "09:30"),
        ({"type": "datetime", "subtype": "time"}, "9:30", "wrong_time", "09:30"),
        ({"type": "datetime", "subtype": "datetime"}, "2026-02-01", "wrong_datetime", "2026-02-01T09:30"),
        ({"type": "datetime", "subtype": "datetime"}, "2026-02-01T25:00", "wrong_datetime", "2026-02-01T09:30"),
        ({"type": "datetime", "subtype": "datetime"}, "2026-02-01T09:30+99:00", "wrong_datetime", "2026-02-01T09:30"),
        ({"type": "filepicker"}, 5, "wrong_type", "文件"),
        ({"type": "filepicker"}, "x" * 201, "wrong_type", "文件"),
        ({"type": "filepicker", "multiple": True}, "one", "wrong_type", "文件"),
        ({"type": "filepicker", "validate": REQUIRED}, None, "required", "请上传“姓名”。"),
    ],
)  # fmt: skip
def test_bad_value_gets_exactly_one_clear_sentence(
    build: Any, attributes: dict[str, Any], raw: Any, code: str, words: str
) -> None:
    form = build.form(build.field(**attributes))
    assert build.problems(form, {"name": raw}) == [("name", code)]
    assert words in build.sentences(form, {"name": raw})[0]


@pytest.mark.parametrize(
    "number",
    [
        "13800138000", "138 0013 8000", "+86 138-0013-8000", "0632-1234567", "(0632)1234567", "06321234567",
        "010-12345678", "010-12345678转801", "3251234", "400-812-3333", "12333", "12348", "+4930664040900",
    ],
)  # fmt: skip
def test_telephone_number_as_people_write_it_is_taken(build: Any, number: str) -> None:
    form = build.form(build.field(validate={"validationType": "phone"}))
    assert build.problems(form, {"name": number}) == []


@pytest.mark.parametrize("number", ["12800138000", "1380013800", "138001380000", "abc", "1", "13800138000x", "0632-12"])
def test_what_is_no_telephone_number_is_refused(build: Any, number: str) -> None:
    form = build.form(build.field(validate={"validationType": "phone"}))
    assert build.problems(form, {"name": number}) == [("name", "wrong_phone")]


@pytest.mark.parametrize("address", ["a@b.cn", "first.last+tag@mail.example.com", "a_b@x-y.gov.cn"])
def test_mail_address_is_taken(build: Any, address: str) -> None:
    form = build.form(build.field(validate={"validationType": "email"}))
    assert build.problems(form, {"name": address}) == []


@pytest.mark.parametrize(
    "address", ["a@b", "@b.cn", "a@", "a b@c.cn", ".a@b.cn", "a..b@c.cn", "a@-b.cn", "甲@b.cn", "a@b.cn" * 60]
)
def test_what_is_no_mail_address_is_refused(build: Any, address: str) -> None:
    form = build.form(build.field(validate={"validationType": "email"}))
    assert build.problems(form, {"name": address}) == [("name", "wrong_email")]


def test_unknown_fields_are_refused_wherever_they_stand(build: Any) -> None:
    form = build.form(build.field(), build.group(build.field(key="a"), path="g"), build.rows(build.field()))
    data = {"name": "x", "g": {"a": "x", "b": 1}, "applicants": [{"name": "x", "role": "admin"}], "is_admin": True}
    assert sorted(build.problems(form, data)) == [
        ("applicants[0].role", "unknown_field"),
        ("g.b", "unknown_field"),
        ("is_admin", "unknown_field"),
    ]


def test_every_bad_field_is_named_at_once_in_the_order_of_the_form(build: Any) -> None:
    form = build.form(
        build.field(key="b", validate=REQUIRED), build.field("number", key="a"), build.field("checkbox", key="c")
    )
    assert build.problems(form, {"a": "x", "c": "y"}) == [
        ("b", "required"), ("a", "not_a_number"), ("c", "wrong_type"),
    ]  # fmt: skip


def test_field_left_out_is_empty_in_the_result(build: Any) -> None:
    form = build.form(
        build.field(),
        build.field("number", key="amount"),
        build.field("checkbox", key="agreed"),
        build.field("taglist", key="tags", values=OPTIONS),
        build.rows(build.field()),
    )
    assert build.validate(form, {}) == {"name": "", "amount": None, "agreed": False, "tags": [], "applicants": []}


def test_initial_data_is_not_written_back_for_a_field_left_out(build: Any) -> None:
    assert build.validate(build.form(build.field()), {}, name="甲") == {"name": ""}


@pytest.mark.parametrize("data", [[], "text", None, 5])
def test_data_that_is_no_object_is_a_problem_not_a_traceback(build: Any, data: Any) -> None:
    assert build.problems(build.form(build.field()), data) == [("", "wrong_type")]
