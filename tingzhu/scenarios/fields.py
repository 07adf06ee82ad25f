"""The kinds of values in scenario files, for marshmallow."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from marshmallow import ValidationError, fields

from api.validation_sentences import FieldProblem
from engine.domain.clock import SHANGHAI


def problem(zh: str, en: str, code: str = "invalid") -> ValidationError:
    """Return a validation error with a sentence in each language."""
    return ValidationError([FieldProblem("", code, zh, en)])


class Word(fields.String):
    """Text; a number is taken as it is written, so that codes need no quotes."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        return super()._deserialize(value, attr, data, **kwargs)


class Amount(fields.Field[Decimal]):
    """Money in yuan."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Decimal:
        if isinstance(value, str) and re.fullmatch(r"\d{1,15}(\.\d{1,2})?", value):
            value = Decimal(value)
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            raise problem("应为金额，如 18000.00。", "an amount such as 18000.00 is needed.")
        return Decimal(value)


class DayField(fields.Field[date]):
    """A day."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> date:
        if type(value) is not date:
            raise problem("应为日期，如 2026-09-01。", "a day such as 2026-09-01 is needed.")
        return value


class Moment(fields.Field[datetime]):
    """An instant, told as the wall clock of Asia/Shanghai; a day means its first instant."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:
        found = as_instant(value)
        if found is None:
            raise problem("应为时间，如 2026-09-01T09:00。", "a time such as 2026-09-01T09:00 is needed.")
        return found


class Words(fields.Field[tuple[str, ...]]):
    """A list of words; one word alone is a list of one."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> tuple[str, ...]:
        given = [value] if isinstance(value, str) else value
        if not isinstance(given, list) or not all(isinstance(each, str) for each in given):
            raise problem("应为名称列表，如 [a, b]。", "a list of names such as [a, b] is needed.")
        return tuple(given)


class Values(fields.Field[Mapping[str, Any]]):
    """A mapping of names to any values."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Mapping[str, Any]:
        if not isinstance(value, dict):
            raise problem("应为“名称: 值”。", "a mapping of names to values is needed.")
        return value


class Times(Values):
    """Element -> day, time, or nothing."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Mapping[str, Any]:
        found = super()._deserialize(value, attr, data, **kwargs)
        for name, when in found.items():
            if when is not None and not isinstance(when, date):
                zh, en = "应为日期、时间或 null。", "a day, a time or null is needed."
                raise ValidationError({name: [FieldProblem("", "invalid", zh, en)]})
        return {name: as_instant(when) if isinstance(when, datetime) else when for name, when in found.items()}


class Counted(fields.Field[Mapping[str, Any]]):
    """Names that must be there, or names with what must be said of each."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Mapping[str, Any]:
        if isinstance(value, dict):
            return value
        return dict.fromkeys(Words().deserialize(value))


class CountOrWords(fields.Field[Any]):
    """A number, or a list of names."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int | tuple[str, ...]:
        if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            return value
        words: tuple[str, ...] = Words().deserialize(value)
        return words


def as_instant(value: Any) -> datetime | None:
    """Return the instant that a naive time or a day means in Asia/Shanghai, or None."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=SHANGHAI)
    if isinstance(value, date):
        return datetime.combine(value, datetime.min.time(), SHANGHAI)
    return None
