"""The sentences about fields, for the pages: what the browser says of a field is what the server would say.

`python -m engine.forms.sentences` writes them anew, with examples by which the browser's own checks are tested.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from engine.domain.errors import FormInvalidError
from engine.feel.interpreter import shared_interpreter
from engine.forms.constraints import (
    LONGEST,
    WRONG_EMAIL,
    WRONG_FORMAT,
    WRONG_PHONE,
    too_few_rows,
    too_large,
    too_long,
    too_many_rows,
    too_short,
    too_small,
)
from engine.forms.kinds import (
    NOT_A_NUMBER,
    NOT_AN_INTEGER,
    TOO_MANY_DIGITS,
    WRONG_DATE,
    WRONG_DATETIME,
    WRONG_TIME,
    not_a_step,
    too_many_decimals,
)
from engine.forms.problems import (
    NOT_A_CHOICE,
    REQUIRED,
    REQUIRED_CHOICE,
    REQUIRED_FILE,
    REQUIRED_TICK,
    Fault,
    Problems,
)
from engine.forms.reading import parse_form

FOLDER = Path(__file__).resolve().parents[2] / "web" / "src" / "features" / "task" / "form"
SENTENCES = FOLDER / "sentences.json"
EXAMPLES = FOLDER / "examples.json"

_FAULTS: Mapping[str, Fault] = {
    "required": REQUIRED,
    "requiredChoice": REQUIRED_CHOICE,
    "requiredTick": REQUIRED_TICK,
    "requiredFile": REQUIRED_FILE,
    "notANumber": NOT_A_NUMBER,
    "notAnInteger": NOT_AN_INTEGER,
    "tooManyDigits": TOO_MANY_DIGITS,
    "tooManyDecimals": too_many_decimals("{digits}"),
    "notAStep": not_a_step("{step}", "{lower}", "{higher}"),
    "tooSmall": too_small("{least}"),
    "tooLarge": too_large("{most}"),
    "tooShort": too_short("{least}"),
    "tooLong": too_long("{most}"),
    "tooFewRows": too_few_rows("{least}"),
    "tooManyRows": too_many_rows("{most}"),
    "wrongFormat": WRONG_FORMAT,
    "wrongEmail": WRONG_EMAIL,
    "wrongPhone": WRONG_PHONE,
    "wrongDate": WRONG_DATE,
    "wrongTime": WRONG_TIME,
    "wrongDatetime": WRONG_DATETIME,
    "notAChoice": NOT_A_CHOICE,
}


def sentences() -> dict[str, Any]:
    """Return code and sentences of every fault that the browser finds too, and how a field is called in them."""
    subjects = {
        "field": Problems({("a",): "{label}"}).subject(("a",)),
        "inRow": Problems({("a",): "{list}", ("a", "b"): "{label}"}).subject(("a", 0, "b")),
        "row": Problems({("a",): "{list}"}).subject(("a", 0)),
    }
    return {
        "faults": {
            name: {"code": fault.code, "zh": fault.zh, "en": fault.en} for name, fault in sorted(_FAULTS.items())
        },
        "subjects": {
            name: {"zh": zh.replace("第 1 行", "第 {row} 行"), "en": en.replace("row 1 of", "row {row} of")}
            for name, (zh, en) in subjects.items()
        },
        "longest": dict(LONGEST),
    }


def examples() -> list[dict[str, Any]]:
    """Return (component, value, what the server says of it) for every fault and for values without one."""
    found = []
    for component, value in _entered():
        form, findings = parse_form("example.form", _source(component))
        assert form is not None, findings
        said = None
        try:
            form.validate({"a": value}, shared_interpreter())
        except FormInvalidError as error:
            said = next(problem.as_dict() for problem in error.data["problems"])
        found.append({"component": component, "value": value, "problem": said})
    return found


def _source(component: Mapping[str, Any]) -> bytes:
    form = {"schemaVersion": 16, "type": "default", "id": "example", "components": [component]}
    return json.dumps(form).encode()


def _entered() -> Iterator[tuple[dict[str, Any], Any]]:
    needed = {"required": True}
    text = {"type": "textfield", "label": "姓名"}
    yield from _each({**text, "validate": needed}, "", "  ", "王某")
    yield from _each(
        {**text, "validate": {"minLength": 2, "maxLength": 4}}, "", "王", "王某", "王某某某某", " 王某某某 ", "𠮷𠮷𠮷"
    )
    yield from _each({**text}, "字" * 1_001)
    yield from _each({**text, "validate": {"pattern": "^[0-9]{6}$"}}, "37040", "370402", "")
    yield from _each(
        {**text, "validate": {"pattern": "^[0-9]{6}$", "patternErrorMessage": "应为六位区划代码。"}}, "37040"
    )
    yield from _each(
        {**text, "label": "邮箱", "validate": {"validationType": "email"}},
        "a@b.cn",
        "a@b",
        "a..b@c.cn",
        ".a@b.cn",
        "a b@c.cn",
        "a@-b.cn",
    )
    yield from _each(
        {**text, "label": "电话", "validate": {"validationType": "phone"}},
        "13800138000",
        "138 0013 8000",
        "+86 138-0013-8000",
        "0632-1234567",
        "010-12345678转801",
        "12333",
        "+4930664040900",
        "12800138000",
        "电话",
        "1",
    )
    yield from _each({"type": "textarea", "label": "说明", "validate": needed}, "", "\n", "有\n两行")
    number = {"type": "number", "label": "人数"}
    yield from _each({**number, "validate": {"min": 1, "max": 10, **needed}}, None, 0, 1, 10, 11)
    yield from _each({**number, "decimalDigits": 0}, 1, 1.5)
    money = {"type": "number", "label": "金额", "serializeToString": True, "decimalDigits": 2}
    yield from _each({**money, "validate": {"min": 0.01}}, "1.25", "1.255", "0", "x", "", "1234567890123456789.12")
    yield from _each({**money, "increment": "0.5"}, "1.5", "1.7", "-0.7")
    yield from _each({"type": "checkbox", "label": "已核对", "validate": needed}, False, True)
    options = [{"label": "是", "value": True}, {"label": "否", "value": False}]
    yield from _each({"type": "radio", "label": "范围", "values": options, "validate": needed}, None, True, False, "x")
    words = [{"label": "甲", "value": "a"}, {"label": "乙", "value": "b"}]
    yield from _each({"type": "select", "label": "理由", "values": words, "validate": needed}, None, "a", "c")
    yield from _each({"type": "checklist", "label": "材料", "values": words, "validate": needed}, [], ["a"], ["a", "c"])
    yield from _each(
        {"type": "datetime", "subtype": "date", "dateLabel": "日期", "validate": needed},
        None,
        "2026-02-28",
        "2026-02-30",
        "1899-12-31",
        "3000-01-01",
        "2026-2-1",
    )
    yield from _each({"type": "datetime", "subtype": "time", "timeLabel": "时刻"}, "09:30", "24:00", "9:30")
    yield from _each(
        {"type": "datetime", "subtype": "datetime", "dateLabel": "时间"},
        "2026-02-01T09:30",
        "2026-02-01T25:30",
        "2026-02-01",
    )
    yield from _each({"type": "filepicker", "label": "扫描件", "validate": needed}, None, "0192a7c0")
    yield from _each({"type": "filepicker", "label": "照片", "multiple": True, "validate": needed}, [], ["0192a7c0"])


def _each(component: dict[str, Any], *values: Any) -> Iterator[tuple[dict[str, Any], Any]]:
    for value in values:
        yield {"key": "a", "id": "Field_a", **component}, value


def as_text(content: Any) -> str:
    """Return what a generated file holds."""
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    SENTENCES.write_text(as_text(sentences()))
    EXAMPLES.write_text(as_text(examples()))
