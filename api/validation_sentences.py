"""What the validation library says in English, as a stable code and a sentence in each language."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """One field to mend: its path (`claims[0].amount`), a stable code, a sentence in each language."""

    path: str
    code: str
    zh: str
    en: str

    def as_dict(self, language: str) -> dict[str, str]:
        """Return the member of a problem's `errors`."""
        return {"path": self.path, "code": self.code, "message": self.zh if language == "zh" else self.en}


_KINDS = {
    "string": "文本",
    "number": "数字",
    "integer": "整数",
    "boolean": "是/否（true/false）",
    "UUID": "编号（UUID）",
    "date": "日期（YYYY-MM-DD）",
    "datetime": "时间（ISO 8601）",
    "time": "时刻（HH:MM）",
    "period of time": "时长",
    "list": "列表",
    "tuple": "列表",
    "delimited list": "以逗号分隔的列表",
    "mapping type": "对象",
    "utf-8 string": "UTF-8 文本",
    "email address": "电子邮件地址",
    "URL": "网址",
}

# pattern of the library's sentence -> code, our Chinese sentence, our English sentence (None: the library's own)
_SENTENCES: Sequence[tuple[re.Pattern[str], str, str, str | None]] = [
    (re.compile(pattern), code, zh, en)
    for pattern, code, zh, en in (
        (r"Missing data for required field\.", "required", "必填。", "This field is required."),
        (r"Field may not be null\.", "not_null", "不能为空值（null）。", "This field may not be null."),
        (
            r"Unknown field\.",
            "unknown_field",
            "没有这个字段，请核对拼写。",
            "There is no such field; check its spelling.",
        ),
        (r"Invalid (input )?type\.", "wrong_type", "类型不对，应为对象。", "An object is expected here."),
        (r"Not a valid (?P<kind>.+)\.", "wrong_type", "应为{kind_zh}。", None),
        (r"Not an? (?P<kind>aware|naive) datetime\.", "wrong_type", "时间须带时区。", None),
        (r"Number too large\.", "out_of_range", "数值过大。", None),
        (r"Special numeric values.*", "wrong_type", "应为普通数字。", None),
        (r"Must be one of: (?P<choices>.*)\.", "not_a_choice", "只能是以下之一：{choices}。", None),
        (
            r"Must be greater than or equal to (?P<min>\S+) and less than or equal to (?P<max>\S+)\.",
            "out_of_range",
            "应在 {min} 到 {max} 之间。",
            None,
        ),
        (r"Must be greater than or equal to (?P<min>\S+)\.", "out_of_range", "不能小于 {min}。", None),
        (r"Must be less than or equal to (?P<max>\S+)\.", "out_of_range", "不能大于 {max}。", None),
        (r"Must be greater than (?P<min>\S+)\.", "out_of_range", "应大于 {min}。", None),
        (r"Must be less than (?P<max>\S+)\.", "out_of_range", "应小于 {max}。", None),
        (r"Shorter than minimum length (?P<min>\d+)\.", "too_short", "长度至少为 {min}。", None),
        (r"Longer than maximum length (?P<max>\d+)\.", "too_long", "长度不能超过 {max}。", None),
        (
            r"Length must be between (?P<min>\d+) and (?P<max>\d+)\.",
            "wrong_length",
            "长度应在 {min} 到 {max} 之间。",
            None,
        ),
        (r"Length must be (?P<equal>\d+)\.", "wrong_length", "长度应为 {equal}。", None),
        (r"String does not match expected pattern\.", "wrong_format", "格式不正确。", "The format is not right."),
        (r"Duplicate value\.", "duplicate", "重复。", "This stands here twice."),
        (r"Invalid (value|input)\.", "invalid", "内容无效。", None),
    )
]


def sentence_problem(path: str, sentence: str) -> FieldProblem:
    """Return the problem that the library's English `sentence` about the field at `path` means."""
    for pattern, code, zh, en in _SENTENCES:
        found = pattern.fullmatch(sentence)
        if found:
            words = found.groupdict()
            words["kind_zh"] = _KINDS.get(words.get("kind", ""), words.get("kind", ""))
            return FieldProblem(path, code, zh.format(**words), en or sentence)
    return FieldProblem(path, "invalid", f"内容无效：{sentence}", sentence)


def field_problems(messages: Any, path: str = "") -> Iterator[FieldProblem]:
    """Walk the nested messages of a marshmallow ValidationError and yield one problem per sentence."""
    if isinstance(messages, Mapping):
        for key, value in messages.items():
            yield from field_problems(value, _join(path, key))
    elif isinstance(messages, list | tuple):
        for value in messages:
            yield from field_problems(value, path)
    elif isinstance(messages, FieldProblem):
        yield FieldProblem(path or messages.path, messages.code, messages.zh, messages.en)
    else:
        yield sentence_problem(path, str(messages))


def _join(path: str, key: Any) -> str:
    if key == "_schema":
        return path
    if isinstance(key, int):
        return f"{path}[{key}]"
    return f"{path}.{key}" if path else str(key)
