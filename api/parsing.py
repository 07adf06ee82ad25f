"""Reading requests strictly: no body of a wrong type, no malformed JSON, no unknown parameter passes silently."""

from typing import Any, NoReturn

import marshmallow as ma
import orjson
from flask import Request
from webargs.flaskparser import FlaskParser, is_json_request

from api.errors import BodyTooLargeError, ContentTypeUnsupportedError, JsonMalformedError, RequestRejectedError

DEEPEST_JSON = 40
"""Deepest nesting of objects and lists that a body may have."""


class RequestParser(FlaskParser):
    """The library's parser, made strict."""

    DEFAULT_UNKNOWN_BY_LOCATION = {**FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION, "query": ma.RAISE}  # noqa: RUF012

    def _raw_load_json(self, req: Request) -> Any:
        return read_body(req)

    def load_querystring(self, req: Request, schema: ma.Schema) -> Any:
        """Return the query parameters; raises RequestRejectedError for a NUL character."""
        if any("\x00" in value for value in req.args.values()):
            raise RequestRejectedError(problem="NUL")
        return super().load_querystring(req, schema)

    def _handle_invalid_json_error(self, error: Any, req: Request, *args: Any, **kwargs: Any) -> NoReturn:
        raise JsonMalformedError(problem=str(error))


def read_body(request: Request) -> Any:
    """Return the JSON body of `request`; none counts as an empty object.

    Raises BodyTooLargeError, ContentTypeUnsupportedError, JsonMalformedError.
    """
    body = request.get_data(cache=True)
    if not body:
        return {}
    limit = request.max_content_length
    if limit is not None and len(body) >= limit:
        # a body sent in chunks tells no length beforehand and is cut off at the limit
        raise BodyTooLargeError(limit_mib=limit // 2**20)
    if not is_json_request(request):
        raise ContentTypeUnsupportedError(media_type=request.mimetype, expected="application/json")
    return read_json(body)


def read_json(body: bytes) -> Any:
    """Return the JSON value in `body`.

    Raises JsonMalformedError for what is not JSON, is nested too deeply, or holds a NUL character, which no column
    of the database can keep.
    """
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise JsonMalformedError(problem=str(error)) from error
    if body.count(b"{") + body.count(b"[") > DEEPEST_JSON:
        _check_depth(value)
    if b"\\u0000" in body and _has_nul(value):
        raise JsonMalformedError(problem="U+0000")
    return value


def _check_depth(value: Any) -> None:
    level = [value]
    for _depth in range(DEEPEST_JSON):
        level = [inner for outer in level for inner in _inside(outer)]
        if not level:
            return
    raise JsonMalformedError(problem=f"> {DEEPEST_JSON} levels")


def _has_nul(value: Any) -> bool:
    pending = [value]
    while pending:
        current = pending.pop()
        if isinstance(current, str) and "\x00" in current:
            return True
        if isinstance(current, dict):
            pending.extend(current)
        pending.extend(_inside(current))
    return False


def _inside(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []
