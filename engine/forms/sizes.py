"""Limits on what a form may be sent, looked at before anything else touches the data."""

import math
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from engine.forms.problems import BAD_TEXT, TOO_MUCH_DATA, Fault, Path, wrong_type

MAX_TEXT = 1_000_000
"""Characters of all texts together."""
MAX_NODES = 20_000
MAX_DEPTH = 12
MAX_NUMBER = 10**30

_NOT_STORABLE = frozenset(chr(code) for code in (*range(9), 11, 12, *range(14, 32), 127))


def unstorable(data: Mapping[str, Any]) -> tuple[Path, Fault] | None:
    """Return the first place that is too much or cannot be stored, and why; None when all is well."""
    nodes = text = 0
    stack: list[tuple[Any, Path]] = [(data, ())]
    while stack:
        value, path = stack.pop()
        nodes += 1
        if isinstance(value, str):
            text += len(value)
            if not _is_storable(value):
                return path, BAD_TEXT
        elif isinstance(value, Mapping):
            for key, item in value.items():
                if not isinstance(key, str) or not _is_storable(key):
                    return path, BAD_TEXT
                text += len(key)
                stack.append((item, (*path, key)))
        elif isinstance(value, list | tuple):
            if nodes + len(value) > MAX_NODES:
                return (), TOO_MUCH_DATA
            stack.extend((item, (*path, index)) for index, item in enumerate(value))
        elif isinstance(value, int | float | Decimal) and not _is_reasonable(value):
            return path, wrong_type("普通数字", "an ordinary number")
        if nodes > MAX_NODES or text > MAX_TEXT or len(path) > MAX_DEPTH:
            return (), TOO_MUCH_DATA
    return None


def _is_storable(text: str) -> bool:
    if text.isascii():
        return text.isprintable() or _NOT_STORABLE.isdisjoint(text)
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return text.isprintable() or _NOT_STORABLE.isdisjoint(text)


def _is_reasonable(number: int | float | Decimal) -> bool:
    if isinstance(number, float) and not math.isfinite(number):
        return False
    if isinstance(number, Decimal) and not number.is_finite():
        return False
    return -MAX_NUMBER < number < MAX_NUMBER
