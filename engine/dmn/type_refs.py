"""The types that columns of a decision table may have, and what values fit them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from engine.domain.values import Value

Type = Literal["string", "boolean", "number", "integer", "date", "instant", "any"]

_TYPES: dict[str, Type] = {
    "string": "string",
    "boolean": "boolean",
    "number": "number",
    "double": "number",
    "integer": "integer",
    "long": "integer",
    "date": "date",
    "dateTime": "instant",
    "date and time": "instant",
    "time": "any",
    "dayTimeDuration": "any",
    "yearMonthDuration": "any",
    "days and time duration": "any",
    "years and months duration": "any",
    "Any": "any",
    "": "any",
}

_NAMES: dict[Type, tuple[str, str]] = {
    "string": ("文本", "a text"),
    "boolean": ("是/否", "true or false"),
    "number": ("数字", "a number"),
    "integer": ("整数", "a whole number"),
    "date": ("日期", "a date"),
    "instant": ("日期时间", "a date with time"),
    "any": ("任意值", "any value"),
}


def to_type(type_ref: str | None) -> Type | None:
    """Return the type that a `typeRef` means (a prefix such as `feel:` does not count); None when unknown."""
    return _TYPES.get((type_ref or "").rpartition(":")[2])


def type_name(type_: Type) -> tuple[str, str]:
    """Return what a person calls the type, in Chinese and English."""
    return _NAMES[type_]


def fits(value: Value, type_: Type) -> bool:
    """Tell whether `value` is of the type; null fits every type."""
    if value is None:
        return True
    match type_:
        case "string":
            return isinstance(value, str)
        case "boolean":
            return isinstance(value, bool)
        case "number":
            return isinstance(value, int | Decimal) and not isinstance(value, bool)
        case "integer":
            return isinstance(value, int) and not isinstance(value, bool)
        case "date":
            return isinstance(value, date) and not isinstance(value, datetime)
        case "instant":
            return isinstance(value, datetime)
        case "any":
            return True


def converted(value: Value, type_: Type) -> Value:
    """Return `value`, or the date an ISO text stands for in a column of dates."""
    if type_ == "date" and isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return value
    return value
