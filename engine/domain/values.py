"""Variable values: JSON plus dates, instants and decimals, and the tagged form they are stored in."""

import math
from datetime import date, datetime
from decimal import Decimal
from typing import Any

Value = Any
"""None, bool, int, float, str, date, datetime (aware), Decimal, list[Value] or dict[str, Value]."""

TAG = "$type"


def encode(value: Value) -> Any:
    """Return `value` as plain JSON; dates, instants and decimals become {"$type": ..., "value": ...}.

    A dict that has a key `$type` of its own is wrapped, so that nobody can pass off text as a date.
    Raises TypeError for anything that is not a Value, not-a-number and infinity included.
    """
    if isinstance(value, float) and not math.isfinite(value):
        raise TypeError(f"{value} is not a variable value: JSON has no such number")
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, datetime):
        return {TAG: "datetime", "value": value.isoformat()}
    if isinstance(value, date):
        return {TAG: "date", "value": value.isoformat()}
    if isinstance(value, Decimal):
        return {TAG: "decimal", "value": str(value)}
    if isinstance(value, list | tuple):
        return [encode(item) for item in value]
    if isinstance(value, dict):
        encoded = {str(key): encode(item) for key, item in value.items()}
        return {TAG: "dict", "value": encoded} if TAG in encoded else encoded
    raise TypeError(f"{type(value).__name__} is not a variable value")


def decode(stored: Any) -> Value:
    """Return the value that `encode` stored."""
    if isinstance(stored, list):
        return [decode(item) for item in stored]
    if isinstance(stored, dict):
        match stored.get(TAG):
            case "date":
                return date.fromisoformat(stored["value"])
            case "datetime":
                return datetime.fromisoformat(stored["value"])
            case "decimal":
                return Decimal(stored["value"])
            case "dict":
                stored = stored["value"]
        return {key: decode(item) for key, item in stored.items()}
    return stored


def plain(value: Value) -> Any:
    """Return `value` as JSON for people and partners: dates and decimals as plain strings."""
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return value
