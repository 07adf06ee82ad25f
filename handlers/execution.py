"""Runs one handler on one job and says what came of it; used alike in a child process and in the caller's own."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from marshmallow import EXCLUDE, RAISE, Schema, ValidationError

from engine.domain.errors import InvalidInputError, NotFoundError, TingzhuError
from engine.domain.values import Value, decode, encode, plain
from handlers.context import HandlerContext
from handlers.errors import BpmnError, JobFailedError
from handlers.registry import HandlerDefinition, HandlerJob

MAX_TEXT = 1000
MAX_OUTCOME = 1024 * 1024
"""Longest outcome (bytes of JSON): results become variables, which are no place for files."""

_PERSONAL = (
    re.compile(r"\b\d{17}[\dXx]\b"),
    re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)"),
    re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]{1,190}"),
    re.compile(r"(?<=://)[^/\s:@]{1,200}:[^/\s@]{1,200}(?=@)"),
)
"""Identity numbers, mobile numbers, mail addresses, and passwords in URLs; bounded, so that no text takes long."""


@dataclass(frozen=True, slots=True)
class Completed:
    """The handler did its job."""

    result: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Threw:
    """The process is to decide."""

    code: str
    message: str
    variables: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Failed:
    """The attempt came to nothing."""

    failure: str
    is_final: bool = False
    failure_en: str | None = None
    """The failure in English, where it is known."""


Outcome = Completed | Threw | Failed


def execute(
    definition: HandlerDefinition, context: HandlerContext, job: HandlerJob, given: Mapping[str, Value]
) -> Outcome:
    """Check the input, run the handler, check its output; nothing is raised but SystemExit and KeyboardInterrupt."""
    problem = _problem(definition.input_schema, given)
    if problem:
        en = f"The input of the job does not fit {definition.job_type!r}: {problem}"
        return Failed(f"作业输入不符合“{definition.job_type}”的要求：{problem}", is_final=True, failure_en=en)
    try:
        result = definition.run(context, job, definition.input_schema().load(plain(dict(given)), unknown=RAISE))
    except BpmnError as error:
        return Threw(error.code, redacted(error.message, context), error.variables)
    except JobFailedError as error:
        return Failed(redacted(error.message, context), is_final=not error.retry)
    except TingzhuError as error:
        is_final = isinstance(error, InvalidInputError | NotFoundError)
        zh, en = f"{error.sentence('zh')}（{error.code}）", f"{error.sentence('en')} ({error.code})"
        return Failed(redacted(zh, context), is_final, redacted(en, context))
    except Exception as error:
        return Failed(redacted(f"{type(error).__name__}: {error}", context))
    return _completed(definition, result)


def redacted(text: str, context: HandlerContext) -> str:
    """Return `text`, shortened, without secrets and without what is known, or looks like, personal data."""
    for hidden in sorted({*context.settings.secrets(), *context.disclosed()}, key=len, reverse=True):
        text = text.replace(hidden, "***")
    for pattern in _PERSONAL:
        text = pattern.sub("***", text)
    return text[:MAX_TEXT]


def outcome_as_json(outcome: Outcome) -> dict[str, Any]:
    """Return an outcome as JSON, for the way from a child process."""
    match outcome:
        case Completed(result):
            return {"outcome": "completed", "result": encode(dict(result))}
        case Threw(code, message, variables):
            return {"outcome": "threw", "code": code, "message": message, "variables": encode(dict(variables))}
        case Failed(failure, is_final, failure_en):
            return {"outcome": "failed", "failure": failure, "is_final": is_final, "failure_en": failure_en}


def outcome_from_json(data: Mapping[str, Any]) -> Outcome:
    """Return the outcome that `outcome_as_json` wrote."""
    match data["outcome"]:
        case "completed":
            return Completed(decode(data["result"]))
        case "threw":
            return Threw(data["code"], data["message"], decode(data["variables"]))
        case _:
            return Failed(data["failure"], data["is_final"], data["failure_en"])


def _completed(definition: HandlerDefinition, result: Any) -> Outcome:
    if not isinstance(result, Mapping):
        en = f"The handler {definition.job_type!r} returned no result (a mapping is needed)."
        return Failed(f"处理程序“{definition.job_type}”没有返回结果（应为映射）。", is_final=True, failure_en=en)
    values = _values(dict(result))
    problem = _problem(definition.output_schema, values)
    if problem:
        en = f"The result of the handler {definition.job_type!r} is not what it declares: {problem}"
        return Failed(f"处理程序“{definition.job_type}”的结果不符合其声明：{problem}", is_final=True, failure_en=en)
    return Completed(values)


def _values(result: Any) -> Any:
    """Return a handler's result as process values: ids become text, tuples lists."""
    if isinstance(result, UUID):
        return str(result)
    if isinstance(result, Mapping):
        return {str(key): _values(value) for key, value in result.items()}
    if isinstance(result, list | tuple):
        return [_values(item) for item in result]
    return result


def _problem(schema: type[Schema], values: Mapping[str, Value]) -> str:
    """Return what is wrong with the values, by field, or nothing."""
    try:
        schema(unknown=RAISE).load(plain(dict(values)))
    except ValidationError as error:
        return _sentence(schema, error.messages)
    except TypeError as error:
        return str(error)
    return ""


def _sentence(schema: type[Schema], messages: Any) -> str:
    if not isinstance(messages, Mapping):
        return str(messages)
    known = schema(unknown=EXCLUDE).fields
    parts = []
    for name, problems in messages.items():
        if name not in known:
            parts.append(f"{name}：没有这一项（可用：{'、'.join(known)}）")
        else:
            shown = "；".join(str(each) for each in problems) if isinstance(problems, list) else str(problems)
            parts.append(f"{name}：{_CHINESE.get(shown, shown)}")
    return "，".join(parts)


_CHINESE = {
    "Missing data for required field.": "缺少必填项",
    "Field may not be null.": "不能为空",
    "Not a valid string.": "应为文字",
    "Not a valid boolean.": "应为是或否",
    "Not a valid integer.": "应为整数",
    "Not a valid number.": "应为数字",
    "Not a valid date.": "应为日期",
    "Not a valid UUID.": "应为编号（UUID）",
    "Not a valid list.": "应为列表",
}
