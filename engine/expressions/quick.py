"""Evaluates expressions whose syntax tree is proven harmless in this process, within bounded cost.

An expression is turned once into nested closures over its syntax tree. Only operations whose result and cost are
bounded by the size of their operands are here, and each looks at its operands first: whatever is larger, of another
type, or fails, raises `NotQuickError`, and the sandbox gives the answer instead. So this is never more than a shortcut.
"""

import ast
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from decimal import Context, Decimal
from typing import Any

from engine.domain.values import Value
from engine.expressions.host_calls import HostCalls
from engine.expressions.syntax import BUILTINS, PRELOADED

MAX_TEXT = 10_000
MAX_ITEMS = 1_000
MAX_INTEGER = 2**53
"""Up to here floats hold every whole number, so that division is exact in both places."""
MAX_DIGITS = 28
MAX_EXPONENT = 1_000


class NotQuickError(Exception):
    """The sandbox has to evaluate this."""


class UndefinedNameError(Exception):
    """A name was read that has no value; `args[0]` is the name."""


@dataclass(slots=True)
class Frame:
    """What an expression sees while it is evaluated."""

    variables: Mapping[str, Value]
    calls: HostCalls


Quick = Callable[[Frame], Any]


def compile_quick(node: ast.expr) -> Quick | None:
    """Return the compiled expression, or None when its tree is not proven harmless."""
    try:
        return _compiled(node)
    except NotQuickError:
        return None


def _compiled(node: ast.expr) -> Quick:
    compiler = _COMPILERS.get(type(node))
    if compiler is None:
        raise NotQuickError
    return compiler(node)


def _constant(node: ast.Constant) -> Quick:
    value = node.value
    if not (value is None or isinstance(value, bool | str) or _is_small_number(value)):
        raise NotQuickError
    return lambda frame: value


def _name(node: ast.Name) -> Quick:
    name = node.id
    if name in BUILTINS or name in PRELOADED:
        raise NotQuickError

    def read(frame: Frame) -> Any:
        try:
            return frame.variables[name]
        except KeyError:
            raise UndefinedNameError(name) from None

    return read


def _sequence(node: ast.List | ast.Tuple) -> Quick:
    items = [_compiled(item) for item in node.elts]
    make: Callable[[Any], Any] = list if isinstance(node, ast.List) else tuple
    return lambda frame: make(item(frame) for item in items)


def _dict(node: ast.Dict) -> Quick:
    items: list[tuple[str, Quick]] = []
    for key, value in zip(node.keys, node.values, strict=True):
        if not (isinstance(key, ast.Constant) and isinstance(key.value, str)):
            raise NotQuickError
        items.append((key.value, _compiled(value)))
    return lambda frame: {key: value(frame) for key, value in items}


def _unary(node: ast.UnaryOp) -> Quick:
    operand = _compiled(node.operand)
    match node.op:
        case ast.Not():
            return lambda frame: not operand(frame)
        case ast.USub():

            def negated(frame: Frame) -> Any:
                value = operand(frame)
                if isinstance(value, Decimal):
                    return _CONTEXT.minus(_small_decimal(value))
                if isinstance(value, timedelta) or _is_small_number(value):
                    return -value
                raise NotQuickError

            return negated
    raise NotQuickError


def _boolean(node: ast.BoolOp) -> Quick:
    operands = [_compiled(value) for value in node.values]
    stops_at = isinstance(node.op, ast.Or)

    def combined(frame: Frame) -> Any:
        value = None
        for operand in operands:
            value = operand(frame)
            if bool(value) is stops_at:
                break
        return value

    return combined


def _conditional(node: ast.IfExp) -> Quick:
    test, body, orelse = _compiled(node.test), _compiled(node.body), _compiled(node.orelse)
    return lambda frame: body(frame) if test(frame) else orelse(frame)


# -- comparisons ------------------------------------------------------------------------------------------------------


def _compare(node: ast.Compare) -> Quick:
    operands = [_compiled(node.left)]
    tests: list[Callable[[Any, Any], bool]] = []
    for operator, right in zip(node.ops, node.comparators, strict=True):
        if isinstance(operator, ast.Is | ast.IsNot):
            if not (isinstance(right, ast.Constant) and (right.value is None or isinstance(right.value, bool))):
                raise NotQuickError
        elif isinstance(operator, ast.In | ast.NotIn) and isinstance(right, ast.Set):
            right = ast.Tuple(right.elts, ast.Load())  # as good as the set: only constants may stand in it
            if not all(isinstance(item, ast.Constant) for item in right.elts):
                raise NotQuickError
            tests.append(_in_set if isinstance(operator, ast.In) else _not_in_set)
            operands.append(_compiled(right))
            continue
        tests.append(_TESTS[type(operator)])
        operands.append(_compiled(right))
    if len(tests) == 1:
        left, right_operand, test = operands[0], operands[1], tests[0]
        return lambda frame: test(left(frame), right_operand(frame))

    def chained(frame: Frame) -> bool:
        left = operands[0](frame)
        for test, operand in zip(tests, operands[1:], strict=True):
            right = operand(frame)
            if not test(left, right):
                return False
            left = right
        return True

    return chained


def _equal(left: Any, right: Any) -> bool:
    if isinstance(left, _CONTAINERS) and isinstance(right, _CONTAINERS) and left and right:
        raise NotQuickError
    _check_instants(left, right)
    return bool(left == right)


def _less(left: Any, right: Any) -> bool:
    _check_order(left, right)
    return bool(left < right)


def _less_or_equal(left: Any, right: Any) -> bool:
    _check_order(left, right)
    return bool(left <= right)


def _contains(needle: Any, haystack: Any) -> bool:
    if isinstance(haystack, str):
        if not isinstance(needle, str) or len(haystack) > MAX_TEXT:
            raise NotQuickError
        return needle in haystack
    if isinstance(needle, _CONTAINERS):
        raise NotQuickError
    if isinstance(haystack, dict):
        if not isinstance(needle, str):
            raise NotQuickError
        return needle in haystack
    if isinstance(haystack, list | tuple) and len(haystack) <= MAX_ITEMS:
        # Not `in`, which takes identity for equality: copies have no identity to share.
        return any(_equal(item, needle) for item in haystack)
    raise NotQuickError


def _in_set(needle: Any, constants: tuple[Any, ...]) -> bool:
    if not (needle is None or isinstance(needle, bool | int | str)):
        raise NotQuickError
    return needle in constants


def _not_in_set(needle: Any, constants: tuple[Any, ...]) -> bool:
    return not _in_set(needle, constants)


def _check_order(left: Any, right: Any) -> None:
    """Let through what has an order and is of the same sort."""
    if isinstance(left, str) and isinstance(right, str):
        return
    if isinstance(left, _NUMBERS) and isinstance(right, _NUMBERS):
        if isinstance(left, Decimal) or isinstance(right, Decimal):
            _check_decimals(left, right)
        return
    if isinstance(left, datetime) and isinstance(right, datetime):
        _check_instants(left, right)
        return
    if isinstance(left, date) and isinstance(right, date):
        if isinstance(left, datetime) or isinstance(right, datetime):
            raise NotQuickError
        return
    if isinstance(left, timedelta) and isinstance(right, timedelta):
        return
    raise NotQuickError


def _check_instants(left: Any, right: Any) -> None:
    for value in (left, right):
        if isinstance(value, datetime) and value.tzinfo is None:
            raise NotQuickError


def _check_decimals(left: Any, right: Any) -> None:
    for value in (left, right):
        if isinstance(value, Decimal):
            _small_decimal(value)
        elif not _is_small_number(value):
            raise NotQuickError


_CONTAINERS = (list, tuple, dict)
_NUMBERS = (int, float, Decimal)
_TESTS: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: _equal,
    ast.NotEq: lambda left, right: not _equal(left, right),
    ast.Lt: _less,
    ast.LtE: _less_or_equal,
    ast.Gt: lambda left, right: _less(right, left),
    ast.GtE: lambda left, right: _less_or_equal(right, left),
    ast.In: _contains,
    ast.NotIn: lambda left, right: not _contains(left, right),
    ast.Is: lambda left, right: left is right,
    ast.IsNot: lambda left, right: left is not right,
}


# -- arithmetic -------------------------------------------------------------------------------------------------------

_CONTEXT = Context(prec=28)
"""Never the thread's own context, which other code may have changed."""


def _arithmetic(node: ast.BinOp) -> Quick:
    operation = _OPERATIONS.get(type(node.op))
    if operation is None:
        raise NotQuickError
    left, right, known = _compiled(node.left), _compiled(node.right), operation
    return lambda frame: known(left(frame), right(frame))


def _add(left: Any, right: Any) -> Any:
    if isinstance(left, str) and isinstance(right, str):
        if len(left) + len(right) > MAX_TEXT:
            raise NotQuickError
        return left + right
    if _has_time(left) and isinstance(right, timedelta):
        return _fixed(left) + right
    if isinstance(left, timedelta) and _has_time(right):
        return left + _fixed(right)
    if isinstance(left, Decimal) or isinstance(right, Decimal):
        return _CONTEXT.add(*_decimals(left, right))
    _check_numbers(left, right)
    return left + right


def _subtract(left: Any, right: Any) -> Any:
    if isinstance(left, date) and (isinstance(right, timedelta) or type(left) is type(right)):
        _check_instants(left, right)
        return _fixed(left) - _fixed(right)
    if isinstance(left, timedelta) and isinstance(right, timedelta):
        return left - right
    if isinstance(left, Decimal) or isinstance(right, Decimal):
        return _CONTEXT.subtract(*_decimals(left, right))
    _check_numbers(left, right)
    return left - right


def _multiply(left: Any, right: Any) -> Any:
    if isinstance(left, Decimal) or isinstance(right, Decimal):
        return _CONTEXT.multiply(*_decimals(left, right))
    _check_numbers(left, right)
    return left * right


def _divide(left: Any, right: Any) -> Any:
    if isinstance(left, Decimal) or isinstance(right, Decimal):
        return _CONTEXT.divide(*_decimals(left, right))
    _check_numbers(left, right)
    return left / right


def _has_time(value: Any) -> bool:
    return isinstance(value, date | timedelta) and not (isinstance(value, datetime) and value.tzinfo is None)


def _fixed(value: Any) -> Any:
    """Return an instant at its offset from UTC, so that adding to it counts elapsed time; others as they are."""
    if isinstance(value, datetime) and not isinstance(value.tzinfo, timezone):
        offset = value.utcoffset()
        return value.replace(tzinfo=timezone(offset)) if offset is not None else value
    return value


def _is_small_number(value: Any) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    return isinstance(value, int) and -MAX_INTEGER <= value <= MAX_INTEGER


def _check_numbers(left: Any, right: Any) -> None:
    if not (_is_small_number(left) and _is_small_number(right)):
        raise NotQuickError


def _small_decimal(value: Decimal) -> Decimal:
    if not value.is_finite() or abs(value.adjusted()) > MAX_EXPONENT or len(value.as_tuple().digits) > MAX_DIGITS:
        raise NotQuickError
    return value


def _decimals(left: Any, right: Any) -> tuple[Decimal, Decimal]:
    if isinstance(left, float) or isinstance(right, float):
        raise NotQuickError  # Python refuses to mix them
    both = []
    for value in (left, right):
        if isinstance(value, Decimal):
            both.append(_small_decimal(value))
        elif _is_small_number(value):
            both.append(Decimal(value))
        else:
            raise NotQuickError
    return both[0], both[1]


_OPERATIONS: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: _add,
    ast.Sub: _subtract,
    ast.Mult: _multiply,
    ast.Div: _divide,
}


# -- access and calls -------------------------------------------------------------------------------------------------


def _subscript(node: ast.Subscript) -> Quick:
    value, key = _compiled(node.value), _constant_key(node.slice)

    def item(frame: Frame) -> Any:
        container = value(frame)
        if isinstance(container, dict):
            if not isinstance(key, str):
                raise NotQuickError
        elif not (isinstance(container, list | tuple | str) and isinstance(key, int)):
            raise NotQuickError
        return container[key]

    return item


def _constant_key(node: ast.expr) -> str | int:
    match node:
        case ast.Constant(value=str() | int() as key) if not isinstance(key, bool):
            return key
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() as key)) if not isinstance(key, bool):
            return -key
    raise NotQuickError


def _call(node: ast.Call) -> Quick:
    if not isinstance(node.func, ast.Name):
        raise NotQuickError
    name = node.func.id
    arguments = [_compiled(argument) for argument in node.args]
    keywords: dict[str, Quick] = {}
    for keyword in node.keywords:
        if keyword.arg is None or keyword.arg in keywords:
            raise NotQuickError
        keywords[keyword.arg] = _compiled(keyword.value)
    if name == "len" and len(arguments) == 1 and not keywords:
        return _length(arguments[0])
    if name in BUILTINS or name in PRELOADED:
        raise NotQuickError

    def call(frame: Frame) -> Any:
        if name not in frame.calls.functions:
            raise NotQuickError
        values = tuple(argument(frame) for argument in arguments)
        return frame.calls.call(name, values, {key: value(frame) for key, value in keywords.items()})

    return call


def _length(argument: Quick) -> Quick:
    def length(frame: Frame) -> int:
        value = argument(frame)
        if (
            "len" in frame.calls.functions
            or "len" in frame.variables
            or not isinstance(value, str | list | tuple | dict)
        ):
            raise NotQuickError
        return len(value)

    return length


def _joined(node: ast.JoinedStr) -> Quick:
    parts: list[Quick] = []
    for value in node.values:
        match value:
            case ast.Constant():
                parts.append(_constant(value))
            case ast.FormattedValue(value=inner, conversion=-1, format_spec=None):
                parts.append(_compiled(inner))
            case _:
                raise NotQuickError

    def joined(frame: Frame) -> str:
        text = "".join(_shown(part(frame)) for part in parts)
        if len(text) > MAX_TEXT:
            raise NotQuickError
        return text

    return joined


def _shown(value: Any) -> str:
    if isinstance(value, str) and len(value) <= MAX_TEXT:
        return value
    if value is None or isinstance(value, bool) or _is_small_number(value) or type(value) is date:
        return str(value)
    raise NotQuickError


_COMPILERS: dict[type[ast.expr], Callable[[Any], Quick]] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.List: _sequence,
    ast.Tuple: _sequence,
    ast.Dict: _dict,
    ast.UnaryOp: _unary,
    ast.BoolOp: _boolean,
    ast.IfExp: _conditional,
    ast.Compare: _compare,
    ast.BinOp: _arithmetic,
    ast.Subscript: _subscript,
    ast.Call: _call,
    ast.JoinedStr: _joined,
}
