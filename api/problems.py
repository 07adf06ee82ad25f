"""Errors as RFC 9457 problems: the one place that knows HTTP status codes, titles and problem media types."""

import logging
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

import marshmallow as ma
import orjson
import psycopg
import sqlalchemy as sa
from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from api import errors as http_errors
from api.actors import shown_actor
from api.faults import is_busy, is_database_fault
from api.findings import shown_finding
from api.languages import language_of
from api.runtime import runtime
from api.validation_sentences import FieldProblem, field_problems
from engine.domain import errors
from engine.domain.values import plain

log = logging.getLogger("tingzhu.api")

MEDIA_TYPE = "application/problem+json"

STATUS: Mapping[type[errors.TingzhuError], int] = {
    http_errors.JsonMalformedError: 400,
    http_errors.RequestRejectedError: 400,
    http_errors.IdempotencyKeyMissingError: 400,
    http_errors.IdempotencyKeyInvalidError: 400,
    http_errors.MethodNotAllowedError: 405,
    http_errors.BodyTooLargeError: 413,
    http_errors.ContentTypeUnsupportedError: 415,
    errors.TooManyAttemptsError: 429,
    errors.UnauthenticatedError: 401,
    errors.ForbiddenError: 403,
    errors.NotFoundError: 404,
    errors.ConflictError: 409,
    errors.InvalidInputError: 422,
    errors.UnavailableError: 503,
    errors.TingzhuError: 500,
}
"""Status of each family of errors; the nearest class wins."""

TITLES: Mapping[int, tuple[str, str]] = {
    400: ("请求无法读取", "The request cannot be read"),
    401: ("未登录", "Not signed in"),
    403: ("没有权限", "Not allowed"),
    404: ("没有找到", "Not found"),
    405: ("方法不支持", "Method not allowed"),
    409: ("内容已发生变化", "The thing has moved on"),
    413: ("内容过大", "Too large"),
    415: ("内容类型不支持", "Content type not supported"),
    422: ("内容需要修改", "The input needs mending"),
    429: ("请求过于频繁", "Too many requests"),
    500: ("系统内部错误", "Internal error"),
    503: ("暂时无法提供服务", "Temporarily unavailable"),
}

RETRY_AFTER_SECONDS = 2


def status_of(error: errors.TingzhuError | type[errors.TingzhuError]) -> int:
    """Return the HTTP status of an error or a kind of error: that of its nearest class in `STATUS`."""
    kind = error if isinstance(error, type) else type(error)
    return next(STATUS[family] for family in kind.__mro__ if family in STATUS)


def problem_response(error: errors.TingzhuError, language: str, path: str) -> Response:
    """Return `error` as a problem in `language` about the request to `path`."""
    status = status_of(error)
    data: dict[str, Any] = {
        name: shown_actor(value) if isinstance(value, str) else value for name, value in error.data.items()
    }
    zh, en = TITLES[status]
    words = runtime().bureau.words
    body: dict[str, Any] = {
        "type": f"urn:tingzhu:problem:{error.code}",
        "title": zh if language == "zh" else en,
        "status": status,
        "code": error.code,
        "detail": words.sentence(error.sentence(language, data), language),
        "instance": path,
    }
    problems = [problem.as_dict(language) for problem in _field_problems(data.pop("problems", ()))]
    for problem in problems:
        problem["message"] = words.field_sentence(problem["message"], language)
    if problems:
        body["errors"] = problems
    findings = data.pop("findings", None)
    if findings is not None:
        body["findings"] = [shown_finding(finding, language) for finding in findings]
    facts = _facts(data)
    if facts:
        body["data"] = facts
    response = Response(orjson.dumps(body), status=status, mimetype=MEDIA_TYPE)
    response.headers["Content-Language"] = "zh-CN" if language == "zh" else "en"
    if status in (429, 503):
        response.headers["Retry-After"] = str(data.get("retry_after", RETRY_AFTER_SECONDS))
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="tingzhu"'
    return response


def as_tingzhu_error(error: BaseException) -> errors.TingzhuError:
    """Return any exception as one of ours; what we did not foresee is logged and becomes UnexpectedError."""
    if isinstance(error, errors.TingzhuError):
        if status_of(error) >= 500 and not isinstance(error, errors.UnavailableError):
            log.error("unexpected %s on %s %s", error.code, request.method, request.path, exc_info=error)
        return error
    if isinstance(error, HTTPException):
        return _http_error(error)
    if isinstance(error, ma.ValidationError):
        problems = list(field_problems(error.messages))
        return http_errors.RequestInvalidError(count=len(problems), problems=problems)
    if isinstance(error, sa.exc.DataError | psycopg.DataError):
        log.warning("data error on %s %s", request.method, request.path, exc_info=error)
        return http_errors.RequestRejectedError(problem=type(getattr(error, "orig", error)).__name__)
    if isinstance(error, sa.exc.IntegrityError | psycopg.IntegrityError):
        log.warning("integrity error on %s %s", request.method, request.path, exc_info=error)
        return http_errors.EditConflictError()
    if is_database_fault(error):
        log.warning("database fault on %s %s: %s", request.method, request.path, error)
        return http_errors.DatabaseBusyError() if is_busy(error) else http_errors.DatabaseUnavailableError()
    error_id = str(runtime().platform.ids())
    log.error("unexpected error %s on %s %s", error_id, request.method, request.path, exc_info=error)
    return http_errors.UnexpectedError(error_id=error_id)


def register_problem_handlers(app: Flask) -> None:
    """Answer every error of `app`, the libraries' own included, with a problem."""

    def answer(error: BaseException) -> Response:
        ours = as_tingzhu_error(error)
        response = problem_response(ours, language_of(request), request.path)
        if isinstance(error, HTTPException) and error.code == 405:
            response.headers["Allow"] = ", ".join(sorted(getattr(error, "valid_methods", None) or ()))
        return response

    app.register_error_handler(HTTPException, answer)
    app.register_error_handler(Exception, answer)


def _http_error(error: HTTPException) -> errors.TingzhuError:
    status = error.code or 500
    messages = (getattr(error, "data", None) or {}).get("messages")
    if status == 422 and messages is not None:
        # messages are grouped by where the field was sent: {"json": {...}} or {"query": {...}}
        problems = [problem for group in messages.values() for problem in field_problems(group)]
        return http_errors.RequestInvalidError(count=len(problems), problems=problems)
    match status:
        case 404:
            return http_errors.RouteNotFoundError(path=request.path)
        case 405:
            allowed = ", ".join(sorted(getattr(error, "valid_methods", None) or ()))
            return http_errors.MethodNotAllowedError(method=request.method, allowed=allowed)
        case 413:
            limit = request.max_content_length or 0
            return http_errors.BodyTooLargeError(limit_mib=limit // 2**20)
        case 415:
            return http_errors.ContentTypeUnsupportedError(media_type=request.mimetype, expected="application/json")
    if 400 <= status < 500:
        return http_errors.RequestRejectedError(problem=error.description or error.name)
    log.error("unexpected HTTP error on %s %s", request.method, request.path, exc_info=error)
    return http_errors.UnexpectedError(error_id=str(runtime().platform.ids()))


def _field_problems(problems: Iterable[Any]) -> Iterable[FieldProblem]:
    for problem in problems:
        if isinstance(problem, FieldProblem):
            yield problem
        else:
            entry = problem if isinstance(problem, Mapping) else problem.as_dict()
            path = entry.get("path") or entry.get("field") or ""
            yield FieldProblem(str(path), entry.get("code", "invalid"), entry["zh"], entry["en"])


def _facts(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the error's data as JSON, leaving out what is not a plain value."""
    facts: dict[str, Any] = {}
    for name, value in data.items():
        shown = str(value) if isinstance(value, UUID) else plain(value)
        try:
            orjson.dumps(shown)
        except TypeError:
            continue
        facts[name] = shown
    return facts
