"""Which results of expressions and scripts are values; the rest is refused with a plain sentence."""

import math
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from engine.domain.values import Value
from engine.expressions.failures import said
from engine.expressions.problems import ExpressionProblemError, failure

MAX_NODES = 100_000
MAX_CHARACTERS = 1_000_000
MAX_DEPTH = 50
MAX_INTEGER = 2**63 - 1
"""What JSON readers and the database hold without loss."""
MAX_DIGITS = 200


def accepted(result: Any, *, name: str | None = None) -> Value:
    """Return a result as a value: tuples become lists, containers are copied.

    A duration is let through only on top and only without `name`; `name` is the variable that is to hold the result.
    Raises ExpressionProblemError for anything that no variable can hold.
    """
    if result is None or result is True or result is False:
        return result
    if isinstance(result, timedelta) and name is None:
        return result
    try:
        return _Copier().copy(result, 0)
    except ExpressionProblemError as error:
        if name is None:
            raise
        raise failure(error.rule, f"变量 {name}：{error.zh}", f"The variable {name}: {error.en}") from None


class _Copier:
    def __init__(self) -> None:
        self.nodes = 0
        self.characters = 0

    def copy(self, result: Any, depth: int) -> Value:
        self.nodes += 1
        if self.nodes > MAX_NODES or depth > MAX_DEPTH:
            raise _too_large()
        kind = type(result)
        if kind is str:
            return self._text(result)
        if result is None or kind is bool or kind is date:
            return result
        if kind is int:
            if abs(result) > MAX_INTEGER:
                raise _too_large()
            return result
        if kind is list or kind is tuple:
            return [self.copy(item, depth + 1) for item in result]
        if kind is dict:
            return {self._key(key): self.copy(item, depth + 1) for key, item in result.items()}
        return _scalar(result)

    def _text(self, text: str) -> str:
        self.characters += len(text)
        if self.characters > MAX_CHARACTERS:
            raise _too_large()
        if "\x00" in text or not _is_unicode(text):
            raise failure(
                "result-refused", "结果含有无法保存的字符。", "The result has characters that cannot be kept."
            )
        return text

    def _key(self, key: Any) -> str:
        if type(key) is not str:
            zh, en = said(type(key))
            raise failure(
                "result-refused", f"键值表的键应为文本，实为{zh}。", f"Keys of a mapping must be text, not {en}."
            )
        return self._text(key)


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _scalar(result: Any) -> Value:
    if isinstance(result, float):
        if not math.isfinite(result):
            raise failure("result-refused", "结果不是有限的数。", "The result is not a finite number.")
        return float(result)
    if isinstance(result, Decimal):
        if not result.is_finite():
            raise failure("result-refused", "结果不是有限的数。", "The result is not a finite number.")
        if abs(result.adjusted()) > MAX_DIGITS or len(result.as_tuple().digits) > MAX_DIGITS:
            raise _too_large()
        return result
    if isinstance(result, datetime):
        if result.tzinfo is None:
            raise failure(
                "result-refused",
                '时刻没有时区，请用 now() 或 at(日期, "时:分")。',
                'The instant has no time zone: use now() or at(date, "HH:MM").',
            )
        return result
    zh, en = said(_type_name(result))
    raise failure("result-refused", f"结果是{zh}，不能作为变量值。", f"The result is {en}, which no variable can hold.")


def _type_name(result: Any) -> str:
    kind = type(result)
    if kind.__module__ == "builtins":
        return kind.__name__
    return {"MontyStdTypeProxy": "function", "timedelta": "datetime.timedelta", "time": "datetime.time"}.get(
        kind.__name__, kind.__name__
    )


def _too_large() -> ExpressionProblemError:
    return failure("result-refused", "结果过大或嵌套过深。", "The result is too large or nested too deeply.")
