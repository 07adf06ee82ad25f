"""What each kind of input accepts, and the value it becomes."""

import json
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation, localcontext
from typing import Any

from engine.domain.clock import SHANGHAI
from engine.domain.values import Value
from engine.forms.components import FieldSpec
from engine.forms.problems import Fault, FaultError, wrong_type

MAX_DIGITS = 15
"""Significant digits of a number that is sent as a JSON number: what the browser's numbers hold faithfully."""
MAX_DIGITS_AS_TEXT = 24
MAX_REFERENCE = 200
MAX_ITEMS = 500

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_TIME = re.compile(r"(\d{2}):(\d{2})(?::(\d{2})(?:\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})?", re.ASCII)
_NUMBER = re.compile(r"-?\d{1,30}(?:\.\d{1,30})?", re.ASCII)
_LINE_BREAKS = frozenset("\r\n\t")

_TEXT = wrong_type("文字", "a text")
_YES_NO = wrong_type("是或否", "true or false")
NOT_AN_INTEGER = Fault("not_an_integer", "{subject}应为整数。", "{subject} must be a whole number.")
NOT_A_NUMBER = Fault("not_a_number", "{subject}应为数字。", "{subject} must be a number.")
TOO_MANY_DIGITS = Fault("too_many_digits", "{subject}的位数过多。", "{subject} has too many digits.")
WRONG_DATE = Fault(
    "wrong_date",
    "{subject}不是有效的日期，应形如 2026-02-01。",
    "{subject} is no date; write it like 2026-02-01.",
)
WRONG_TIME = Fault(
    "wrong_time", "{subject}不是有效的时刻，应形如 09:30。", "{subject} is no time of day; write it like 09:30."
)
WRONG_DATETIME = Fault(
    "wrong_datetime",
    "{subject}不是有效的日期和时间，应形如 2026-02-01T09:30。",
    "{subject} is no date with time; write it like 2026-02-01T09:30.",
)
ONE_LINE = Fault("invalid_text", "{subject}不能换行。", "{subject} must be on one line.")
_CHOICE_LIST = wrong_type("选项列表", "a list of choices")
REPEATED_CHOICE = Fault("repeated_choice", "{subject}中有重复的选项。", "{subject} holds the same choice twice.")
_FILE = wrong_type("已上传文件的编号", "the reference of an uploaded file")
_FILES = wrong_type("已上传文件的编号列表", "a list of references of uploaded files")


def too_many_decimals(digits: str) -> Fault:
    """Return the fault of a number with more than `digits` decimals."""
    return Fault(
        "too_many_decimals",
        f"{{subject}}最多保留 {digits} 位小数。",
        f"{{subject}} may have at most {digits} decimals.",
    )


def not_a_step(step: str, lower: str, higher: str) -> Fault:
    """Return the fault of a number that is no multiple of `step` and lies between `lower` and `higher`."""
    return Fault(
        "not_a_step",
        f"{{subject}}应为 {step} 的倍数，最接近的是 {lower} 和 {higher}。",
        f"{{subject}} must be a multiple of {step}; the nearest are {lower} and {higher}.",
    )


def parse(spec: FieldSpec, raw: Any) -> Value:
    """Return the value that `raw` (JSON) stands for in a field; what means "nothing entered" becomes `spec.empty`.

    Raises FaultError when `raw` is not of the field's type. Bounds, choices and patterns are not looked at.
    """
    if raw is None or (raw == "" and spec.type != "checkbox"):
        return spec.empty
    return _PARSERS[spec.type](spec, raw)


def canonical(value: Any) -> str:
    """Return a form of a JSON value in which equal choices are equal: 1 and 1.0 are, 1 and true are not."""
    return json.dumps(_without_fraction(value), sort_keys=True, default=str)


def utf16_length(text: str) -> int:
    """Return the length of trimmed text as the browser counts it."""
    return len(text.strip().encode("utf-16-le")) // 2


def to_decimal(raw: Any) -> Decimal | None:
    """Return a JSON number, or a text that is one, as Decimal; None for anything else."""
    if isinstance(raw, bool):
        return None
    if isinstance(raw, int | Decimal):
        return Decimal(raw)
    if isinstance(raw, float):
        try:
            return Decimal(repr(raw))
        except InvalidOperation:
            return None
    if isinstance(raw, str) and _NUMBER.fullmatch(raw.strip()):
        return Decimal(raw.strip())
    return None


def _text(spec: FieldSpec, raw: Any) -> str:
    if not isinstance(raw, str):
        raise FaultError(_TEXT)
    if spec.type == "textfield" and not _LINE_BREAKS.isdisjoint(raw):
        raise FaultError(ONE_LINE)
    return raw


def _number(spec: FieldSpec, raw: Any) -> Value:
    number = to_decimal(raw) if spec.is_number_as_text or not isinstance(raw, str) else None
    if number is None or not number.is_finite():
        raise FaultError(NOT_A_NUMBER)
    _, digits, exponent = number.as_tuple()
    assert isinstance(exponent, int)
    text = "".join(map(str, digits))
    places = max(0, -exponent - (len(text) - len(text.rstrip("0")))) if number else 0
    limit = MAX_DIGITS_AS_TEXT if spec.is_number_as_text else MAX_DIGITS
    if len(text.strip("0")) > limit or number.adjusted() >= MAX_DIGITS_AS_TEXT or places > MAX_DIGITS_AS_TEXT:
        raise FaultError(TOO_MANY_DIGITS)
    if spec.decimal_digits is not None and places > spec.decimal_digits:
        raise FaultError(_too_many_places(spec.decimal_digits))
    if spec.increment is not None:
        with localcontext(prec=100):
            if number % spec.increment != 0:
                raise FaultError(_off_step(number, spec.increment))
    return int(number) if spec.decimal_digits == 0 else number


def _too_many_places(digits: int) -> Fault:
    if digits == 0:
        return NOT_AN_INTEGER
    return too_many_decimals(str(digits))


def _off_step(number: Decimal, step: Decimal) -> Fault:
    lower = number - number % step
    near = sorted((lower, lower + step if number > 0 else lower - step))
    return not_a_step(str(step), f"{near[0]:f}", f"{near[1]:f}")


def _checkbox(_spec: FieldSpec, raw: Any) -> bool:
    if not isinstance(raw, bool):
        raise FaultError(_YES_NO)
    return raw


def _choice(_spec: FieldSpec, raw: Any) -> Value:
    return raw


def _choices(_spec: FieldSpec, raw: Any) -> Value:
    if not isinstance(raw, list) or len(raw) > MAX_ITEMS or any(item is None for item in raw):
        raise FaultError(_CHOICE_LIST)
    if len({canonical(item) for item in raw}) != len(raw):
        raise FaultError(REPEATED_CHOICE)
    return list(raw)


def _moment(spec: FieldSpec, raw: Any) -> Value:
    match spec.subtype:
        case "date":
            return _parsed_date(raw, WRONG_DATE)
        case "time":
            return _parsed_time(raw)
    if not isinstance(raw, str) or raw.count("T") != 1:
        raise FaultError(WRONG_DATETIME)
    day, _, clock = raw.partition("T")
    found = _TIME.fullmatch(clock)
    if found is None:
        raise FaultError(WRONG_DATETIME)
    try:
        instant = datetime.fromisoformat(f"{_parsed_date(day, WRONG_DATETIME).isoformat()}T{clock}")
        return (instant.replace(tzinfo=SHANGHAI) if instant.tzinfo is None else instant).astimezone(SHANGHAI)
    except (ValueError, OverflowError) as error:
        raise FaultError(WRONG_DATETIME) from error


def _parsed_date(raw: Any, fault: Fault) -> date:
    if not isinstance(raw, str) or not _DATE.fullmatch(raw):
        raise FaultError(fault)
    try:
        day = date.fromisoformat(raw)
    except ValueError as error:
        raise FaultError(fault) from error
    if day.year < 1900 or day.year > 2999:
        raise FaultError(fault)
    return day


def _parsed_time(raw: Any) -> str:
    """Return a time of day as HH:MM of Asia/Shanghai, which keeps one offset all year."""
    found = _TIME.fullmatch(raw) if isinstance(raw, str) else None
    if found is None or int(found[1]) > 23 or int(found[2]) > 59 or int(found[3] or 0) > 59:
        raise FaultError(WRONG_TIME)
    minutes = int(found[1]) * 60 + int(found[2])
    zone = found[4]
    if zone:
        sign = -1 if zone.startswith("-") else 1
        offset = 0 if zone == "Z" else sign * (int(zone[1:3]) * 60 + int(zone[4:6]))
        minutes = (minutes - offset + 8 * 60) % (24 * 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _expression(_spec: FieldSpec, raw: Any) -> Value:
    return raw


def _file(spec: FieldSpec, raw: Any) -> Value:
    if spec.is_multiple and isinstance(raw, list):
        if len(raw) > MAX_ITEMS or not all(_is_reference(item) for item in raw):
            raise FaultError(_FILES)
        return list(raw)
    if spec.is_multiple is True:
        raise FaultError(_FILES)
    if not _is_reference(raw):
        raise FaultError(_FILE)
    return raw


def _is_reference(raw: Any) -> bool:
    return isinstance(raw, str) and 0 < len(raw) <= MAX_REFERENCE and raw.isprintable()


def _without_fraction(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 2**53:
        return float(value) if abs(value) < 2**1000 else str(value)
    if isinstance(value, Mapping):
        return {str(key): _without_fraction(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_without_fraction(item) for item in value]
    return value


_PARSERS: Mapping[str, Callable[[FieldSpec, Any], Value]] = {
    "textfield": _text,
    "textarea": _text,
    "number": _number,
    "checkbox": _checkbox,
    "radio": _choice,
    "select": _choice,
    "checklist": _choices,
    "taglist": _choices,
    "datetime": _moment,
    "expression": _expression,
    "filepicker": _file,
}
