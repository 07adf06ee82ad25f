"""Turns what the sandbox reports into sentences for people."""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal

from engine.expressions.problems import ExpressionProblemError, failure

MAX_DETAIL = 200

_TYPES = {
    "NoneType": ("空值", "nothing (no value yet)"),
    "bool": ("是/否", "a yes/no value"),
    "int": ("整数", "a whole number"),
    "float": ("浮点数", "a floating-point number"),
    "str": ("文本", "text"),
    "list": ("列表", "a list"),
    "tuple": ("元组", "a tuple"),
    "dict": ("键值表", "a mapping"),
    "set": ("集合", "a set"),
    "bytes": ("字节串", "bytes"),
    "datetime.date": ("日期", "a date"),
    "datetime.datetime": ("时刻", "an instant"),
    "datetime.timedelta": ("时长", "a duration"),
    "datetime.time": ("钟点", "a time of day"),
    "decimal.Decimal": ("小数", "a decimal"),
    "function": ("函数", "a function"),
}
_NAMES = {
    date: "datetime.date",
    datetime: "datetime.datetime",
    timedelta: "datetime.timedelta",
    Decimal: "decimal.Decimal",
}


def said(kind: type | str) -> tuple[str, str]:
    """Return what a type is called, in Chinese and English."""
    name = kind if isinstance(kind, str) else _NAMES.get(kind, kind.__name__)
    return _TYPES.get(name, (name, name))


def undefined_name(name: str, line: int | None = None) -> ExpressionProblemError:
    """Return the error of a name that has no value."""
    return failure(
        "undefined-name", f"{name} 还没有值，或名称写错。", f"{name} has no value yet, or is misspelt.", line
    )


def time_limit(seconds: float) -> ExpressionProblemError:
    """Return the error of a run that took too long."""
    return failure(
        "time-limit",
        f"运行超过 {seconds:g} 秒，已中止。请检查循环，或改用处理器。",
        f"It ran for more than {seconds:g} s and was stopped. Look at its loops, or use a handler.",
    )


def crashed() -> ExpressionProblemError:
    """Return the error of a run that brought down the sandbox twice."""
    return failure(
        "sandbox-crashed",
        "运行时沙箱两次异常退出，已放弃。请简化该表达式。",
        "The sandbox broke down twice while running it. Make it simpler.",
    )


def from_sandbox(name: str, message: str, seconds: float, megabytes: int, line: int | None) -> ExpressionProblemError:
    """Return the error for an exception that the sandbox raised.

    `name` is the exception's type, `message` its text, `seconds` and `megabytes` the limits that were set, `line` the
    place in the source.
    """
    detail = message if len(message) <= MAX_DETAIL else f"{message[:MAX_DETAIL]}…"
    match name:
        case "TimeoutError":
            return time_limit(seconds)
        case "MemoryError":
            return failure(
                "memory-limit",
                f"使用内存超过 {megabytes} MB，已中止。",
                f"It needs more than {megabytes} MB of memory and was stopped.",
                line,
            )
        case "RecursionError":
            return failure("recursion-limit", "函数嵌套调用过深。", "Its functions call one another too deeply.", line)
        case "NameError" | "UnboundLocalError":
            found = re.search(r"'([^']+)'", message)
            return undefined_name(found[1] if found else detail, line)
        case "ZeroDivisionError" | "DivisionByZero" | "DivisionUndefined":
            return failure("division-by-zero", "除数为零。", "It divides by zero.", line)
        case "PermissionError" | "ModuleNotFoundError" | "ImportError" | "OSError" | "FileNotFoundError":
            return _forbidden(detail, line)
        case "RuntimeError" if "not supported in this environment" in message:
            return _forbidden(detail, line)
        case "NotImplementedError" | "SyntaxError":
            return failure("expression-disallowed", f"不支持这种写法：{detail}。", f"Not supported: {detail}.", line)
        case "KeyError":
            return failure("missing-key", f"数据中没有键 {detail}。", f"There is no key {detail} in the data.", line)
        case "IndexError":
            return failure("missing-index", "序号超出范围。", "The index is out of range.", line)
        case "TypeError" | "AttributeError":
            zh, en = _type_sentences(detail)
            return failure("type-error", zh, en, line)
    return failure("expression-failed", f"运行出错（{name}）：{detail}。", f"It failed ({name}): {detail}.", line)


def _forbidden(detail: str, line: int | None) -> ExpressionProblemError:
    return failure(
        "forbidden",
        f"不允许访问文件、网络、系统或其他模块（{detail}）。",
        f"Files, network, system and other modules are out of reach ({detail}).",
        line,
    )


def _type_sentences(message: str) -> tuple[str, str]:
    if found := re.match(r"unsupported operand type\(s\) for (\S+?):? '([^']+)' and '([^']+)'", message):
        (left_zh, left_en), (right_zh, right_en) = said(found[2]), said(found[3])
        return (
            f"{left_zh}与{right_zh}之间不能做 {found[1]} 运算。",
            f"{found[1]} cannot be used between {left_en} and {right_en}.",
        )
    if found := re.match(r"'(\S+)' not supported between instances of '([^']+)' and '([^']+)'", message):
        (left_zh, left_en), (right_zh, right_en) = said(found[2]), said(found[3])
        return (
            f"{left_zh}与{right_zh}之间不能用 {found[1]} 比较。",
            f"{left_en} and {right_en} cannot be compared with {found[1]}.",
        )
    if found := re.match(r"'([^']+)' object has no attribute '([^']+)'", message):
        zh, en = said(found[1])
        return f"{zh}没有属性或方法 {found[2]}。", f"There is no {found[2]} on {en}."
    return f"类型不符：{message}。", f"The types do not fit: {message}."
