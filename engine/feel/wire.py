"""How values cross between Python and the JavaScript realm: tagged JSON one way, tagged JSON back."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import orjson

from engine.domain.values import Value

TAG = "$feel"
MAX_DEPTH = 60
SAFE_INTEGER = 2**53 - 1
_DIGITS = 15
"""Decimal digits that a double holds faithfully."""


class UnsuitableValueError(Exception):
    """A value cannot be handed to FEEL; the sentence says why."""

    def __init__(self, zh: str, en: str) -> None:
        self.zh = zh
        self.en = en
        super().__init__(en)


def to_wire(value: Value, depth: int = 0) -> Any:
    """Return `value` as JSON for the realm: dates and instants tagged, decimals as plain numbers.

    FEEL computes with doubles, so a number that a double cannot hold raises UnsuitableValueError, as does
    anything that is not a Value or is nested deeper than `MAX_DEPTH`.
    """
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int):
        if abs(value) > SAFE_INTEGER:
            raise UnsuitableValueError("整数超过 15 位，无法精确计算。", "an integer has more than 15 digits.")
        return value
    if isinstance(value, float):
        return value
    if isinstance(value, Decimal):
        return _double(value)
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise UnsuitableValueError("时间缺少时区。", "an instant has no time zone.")
        return {TAG: "instant", "value": value.isoformat(timespec="milliseconds")}
    if isinstance(value, date):
        return {TAG: "date", "value": value.isoformat()}
    if depth >= MAX_DEPTH:
        raise UnsuitableValueError("数据嵌套过深。", "a value is nested too deeply.")
    if isinstance(value, list | tuple):
        return [to_wire(item, depth + 1) for item in value]
    if isinstance(value, Mapping):
        mapped = {str(key): to_wire(item, depth + 1) for key, item in value.items()}
        return {TAG: "context", "value": mapped} if TAG in mapped else mapped
    raise UnsuitableValueError(f"不支持的数据类型 {type(value).__name__}。", f"{type(value).__name__} is not a value.")


def from_wire(stored: Any) -> Value:
    """Return a result of the realm as a Value: whole numbers as int, others as Decimal of at most 15 digits."""
    if isinstance(stored, float):
        return _number(stored)
    if isinstance(stored, int) and not isinstance(stored, bool):
        return stored
    if isinstance(stored, list):
        return [from_wire(item) for item in stored]
    if isinstance(stored, dict):
        match stored.get(TAG):
            case "date":
                return date.fromisoformat(stored["value"])
            case "instant":
                return datetime.fromisoformat(stored["value"])
            case "context":
                return {key: from_wire(item) for key, item in stored["value"].items()}
        return {key: from_wire(item) for key, item in stored.items()}
    return stored


def pack(payload: Any) -> str:
    """Return `payload` as a JavaScript string literal of its JSON; raises UnsuitableValueError for broken text."""
    try:
        return orjson.dumps(orjson.dumps(payload).decode()).decode()
    except (orjson.JSONEncodeError, UnicodeEncodeError) as error:
        raise UnsuitableValueError("文本含有无效字符。", "a text holds characters that are not valid.") from error


def unpack(text: str) -> Any:
    """Return the JSON that the realm answered with."""
    return orjson.loads(text)


def _double(value: Decimal) -> int | float:
    if not value.is_finite():
        raise UnsuitableValueError("数字无效。", "a number is not finite.")
    if value == value.to_integral_value() and abs(value) <= SAFE_INTEGER:
        return int(value)
    if Decimal(repr(float(value))) != value:
        raise UnsuitableValueError("数字超过 15 位有效数字，无法精确计算。", "a number has more than 15 digits.")
    return float(value)


def _number(value: float) -> int | Decimal:
    if value.is_integer() and abs(value) <= SAFE_INTEGER:
        return int(value)
    return Decimal(f"{value:.{_DIGITS}g}")
