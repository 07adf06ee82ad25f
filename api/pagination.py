"""Cursor pages: `?limit=&cursor=` in, `{items, next_cursor}` out; a cursor fits its own list and filters only.

A cursor holds the sort values of the last row seen and is signed, so that nobody can make one up.
"""

import base64
import binascii
import hmac
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from api.errors import CursorInvalidError

DEFAULT_LIMIT = 50
LARGEST_LIMIT = 200

Sign = Callable[[str], str]
"""Returns a keyed digest of a text."""

_SIGNATURE_LETTERS = 16
_NO_FILTERS = frozenset({"limit", "cursor"})


def encode_cursor(position: Sequence[Any], listed: str, filters: Mapping[str, Any], sign: Sign) -> str:
    """Return the cursor for the row at `position` (its sort values) of the list `listed` with `filters`."""
    payload = _base64(orjson.dumps([_stored(value) for value in position]))
    return f"{payload}.{_signature(payload, listed, filters, sign)}"


def decode_cursor(cursor: str | None, listed: str, filters: Mapping[str, Any], sign: Sign) -> list[Any] | None:
    """Return the position in `cursor` (None without one); raises CursorInvalidError when it is not of this list."""
    if cursor is None:
        return None
    payload, _, signature = cursor.partition(".")
    if not hmac.compare_digest(signature.encode(), _signature(payload, listed, filters, sign).encode()):
        raise CursorInvalidError()
    try:
        return [_read(value) for value in orjson.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))]
    except (binascii.Error, ValueError) as error:
        raise CursorInvalidError() from error


def _signature(payload: str, listed: str, filters: Mapping[str, Any], sign: Sign) -> str:
    kept = {name: value for name, value in filters.items() if name not in _NO_FILTERS}
    context = orjson.dumps([listed, kept, payload], option=orjson.OPT_SORT_KEYS, default=str)
    return sign(context.decode())[-_SIGNATURE_LETTERS:]


def _base64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _stored(value: Any) -> Any:
    if isinstance(value, datetime):
        return {"at": value.isoformat()}
    return {"id": str(value)} if isinstance(value, UUID) else value


def _read(stored: Any) -> Any:
    match stored:
        case {"at": instant}:
            return datetime.fromisoformat(instant)
        case {"id": text}:
            return UUID(text)
    return stored
