"""Cursor pages: `?limit=&cursor=` in, `{items, next_cursor}` out; a cursor fits its own list and filters only."""

import base64
import binascii
import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from api.errors import CursorInvalidError

DEFAULT_LIMIT = 50
LARGEST_LIMIT = 200


def encode_cursor(position: Sequence[Any], filters: Mapping[str, Any]) -> str:
    """Return an opaque cursor for the row at `position` (its sort values) of the list with `filters`."""
    return _encode([_fingerprint(filters), *(_plain(value) for value in position)])


def decode_cursor(cursor: str | None, filters: Mapping[str, Any]) -> list[Any] | None:
    """Return the position in `cursor` (None without one); raises CursorInvalidError when it is not of this list."""
    if cursor is None:
        return None
    try:
        fingerprint, *position = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, orjson.JSONDecodeError, ValueError, TypeError) as error:
        raise CursorInvalidError() from error
    if fingerprint != _fingerprint(filters):
        raise CursorInvalidError()
    return position


def _encode(value: Any) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(value)).rstrip(b"=").decode()


def _fingerprint(filters: Mapping[str, Any]) -> str:
    kept = {name: _plain(value) for name, value in filters.items() if name not in ("limit", "cursor", "lang")}
    return hashlib.sha256(orjson.dumps(kept, option=orjson.OPT_SORT_KEYS, default=str)).hexdigest()[:12]


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else str(value) if isinstance(value, UUID) else value
