"""Variables as they travel over HTTP: JSON, with dates, instants and decimals tagged as in storage."""

from collections.abc import Mapping
from decimal import InvalidOperation
from typing import Any

from api.errors import RequestInvalidError
from api.validation_sentences import FieldProblem
from engine.domain.values import Value, decode


def read_values(sent: Mapping[str, Any], path: str) -> dict[str, Value]:
    """Return variables; `{"$type": "date", "value": "2026-02-01"}` is a date, likewise `datetime` and `decimal`.

    Raises RequestInvalidError naming every value below `path` that is tagged wrongly.
    """
    values: dict[str, Value] = {}
    problems: list[FieldProblem] = []
    for name, value in sent.items():
        try:
            values[name] = decode(value)
        except (ValueError, KeyError, TypeError, AttributeError, InvalidOperation):
            zh, en = "标注了 $type 的值格式不正确。", "The value does not fit its $type."
            problems.append(FieldProblem(f"{path}.{name}", "wrong_type", zh, en))
    if problems:
        raise RequestInvalidError(count=len(problems), problems=problems)
    return values
