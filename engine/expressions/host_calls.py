"""Calls of host functions from expressions: arguments are checked against the stub, explanations are collected."""

import ast
import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from engine.domain.errors import TingzhuError, UnavailableError
from engine.domain.host import Explained, HostFunction
from engine.domain.values import Value
from engine.expressions.failures import said
from engine.expressions.problems import ExpressionProblemError, failure

MAX_CALLS = 200
"""Calls of host functions within one expression or script."""

_TYPES: dict[str, tuple[type, ...]] = {
    "bool": (bool,),
    "int": (int,),
    "float": (int, float),
    "str": (str,),
    "date": (date,),
    "datetime": (datetime,),
    "timedelta": (timedelta,),
    "Decimal": (int, Decimal),
    "list": (list, tuple),
    "dict": (dict,),
    "None": (type(None),),
}


@dataclass(frozen=True, slots=True)
class _Stub:
    signature: inspect.Signature
    types: Mapping[str, frozenset[str]]
    """Parameter -> names of the types it takes; a parameter that takes anything is missing here."""


class HostCalls:
    """The host functions as one expression or script sees them."""

    def __init__(self, functions: Mapping[str, HostFunction]) -> None:
        self.functions = functions
        self.explanations: list[Mapping[str, Any]] = []
        self.failure: Exception | None = None
        """What the first failed call raised; it decides the outcome even when a script caught it."""
        self._count = 0

    def restart(self) -> None:
        """Forget what was collected: the expression is evaluated anew, another way."""
        self.explanations.clear()
        self.failure = None
        self._count = 0

    def call(self, name: str, arguments: tuple[Any, ...], keywords: Mapping[str, Any]) -> Value:
        """Call a host function.

        Raises ExpressionProblemError for wrong arguments and for what the function itself refuses; errors that are
        not about the arguments (the database is gone) pass as they are.
        """
        try:
            return self._call(name, arguments, keywords)
        except Exception as error:
            self.failure = self.failure or error
            raise

    def _call(self, name: str, arguments: tuple[Any, ...], keywords: Mapping[str, Any]) -> Value:
        self._count += 1
        if self._count > MAX_CALLS:
            raise failure(
                "too-many-calls",
                f"一次求值中调用函数超过 {MAX_CALLS} 次。",
                f"Functions of the host are called more than {MAX_CALLS} times in one evaluation.",
            )
        function = self.functions[name]
        _check_arguments(function, arguments, keywords)
        try:
            result = function.call(*arguments, **keywords)
        except (ExpressionProblemError, UnavailableError):
            raise
        except TingzhuError as error:
            raise failure("host-function-failed", error.sentence("zh"), error.sentence("en")) from error
        except (ValueError, ArithmeticError) as error:
            raise failure(
                "host-function-failed", f"{name}()：参数不合适（{error}）。", f"{name}(): unfit argument ({error})."
            ) from error
        if isinstance(result, Explained):
            self._explain(result)
            return result.value
        return result

    def _explain(self, result: Explained) -> None:
        """Collect an explanation; one that refines stands in the one before, under `moved`."""
        if result.refines and self.explanations:
            self.explanations[-1] = _refined(self.explanations[-1], result.explanation)
        else:
            self.explanations.append(result.explanation)


def _refined(before: Mapping[str, Any], refinement: Mapping[str, Any]) -> Mapping[str, Any]:
    return {
        **before,
        "provisional": bool(before.get("provisional") or refinement.get("provisional")),
        "moved": [*before.get("moved", ()), refinement],
    }


def _check_arguments(function: HostFunction, arguments: tuple[Any, ...], keywords: Mapping[str, Any]) -> None:
    stub = _stub(function.stub)
    try:
        bound = stub.signature.bind(*arguments, **keywords)
    except TypeError as error:
        raise failure(
            "host-function-arguments",
            f"{function.name}() 的参数个数或名称不对，应为：{function.stub}",
            f"{function.name}() is called with the wrong arguments ({error}): {function.stub}",
        ) from None
    for parameter, value in bound.arguments.items():
        allowed = stub.types.get(parameter)
        if allowed is None or any(_fits(value, name) for name in allowed):
            continue
        if value is None:
            raise failure(
                "host-function-arguments",
                f"{function.name}() 的参数 {parameter} 还没有值。",
                f"The argument {parameter} of {function.name}() has no value yet.",
            )
        zh, en = said(type(value))
        raise failure(
            "host-function-arguments",
            f"{function.name}() 的参数 {parameter} 应为 {' | '.join(sorted(allowed))}，实为{zh}。",
            f"The argument {parameter} of {function.name}() must be {' | '.join(sorted(allowed))}, not {en}.",
        )


def _fits(value: Any, name: str) -> bool:
    """Return whether a value is of the named type; neither is a bool an int here, nor an instant a day."""
    if isinstance(value, bool):
        return name == "bool"
    if isinstance(value, datetime):
        return name == "datetime"
    return isinstance(value, _TYPES[name])


@lru_cache(maxsize=1_024)
def _stub(text: str) -> _Stub:
    """Read a stub such as `def days(n: int) -> timedelta: ...`. Raises ValueError when it is none."""
    match ast.parse(text).body:
        case [ast.FunctionDef(args=arguments)]:
            pass
        case _:
            raise ValueError(f"not the stub of one function: {text!r}")
    kinds = inspect.Parameter
    positional = [*arguments.posonlyargs, *arguments.args]
    required = len(positional) - len(arguments.defaults)
    parameters = [
        kinds(
            item.arg,
            kinds.POSITIONAL_ONLY if item in arguments.posonlyargs else kinds.POSITIONAL_OR_KEYWORD,
            default=kinds.empty if index < required else None,
        )
        for index, item in enumerate(positional)
    ]
    if arguments.vararg:
        parameters.append(kinds(arguments.vararg.arg, kinds.VAR_POSITIONAL))
    parameters += [
        kinds(item.arg, kinds.KEYWORD_ONLY, default=kinds.empty if default is None else None)
        for item, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    ]
    types = {
        item.arg: names for item in [*positional, *arguments.kwonlyargs] if (names := _type_names(item.annotation))
    }
    return _Stub(inspect.Signature(parameters), types)


def _type_names(annotation: ast.expr | None) -> frozenset[str] | None:
    """Return the names of the types an annotation admits; None when it admits anything or is not understood."""
    match annotation:
        case ast.Constant(value=None):
            return frozenset({"None"})
        case ast.Name(id=name) | ast.Subscript(value=ast.Name(id=name)) if name in _TYPES:
            return frozenset({name})
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            one, other = _type_names(left), _type_names(right)
            return one | other if one is not None and other is not None else None
    return None
