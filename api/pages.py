"""Pages of the request being answered: where its list goes on, and what it answers."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import request

from api.pagination import decode_cursor, encode_cursor
from api.runtime import runtime
from engine.queries.pages import Page


def start_of(query: Mapping[str, Any]) -> list[Any] | None:
    """Return the position after which the list goes on; raises CursorInvalidError."""
    return decode_cursor(query["cursor"], request.path, query, _sign)


def answer_page(page: Page, query: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answer of a list."""
    following = None if page.next_after is None else encode_cursor(page.next_after, request.path, query, _sign)
    return {"items": page.items, "next_cursor": following}


def position_of(cursor: str | None) -> list[Any] | None:
    """Return the position that `sign_position` signed for this path, whatever filters; raises CursorInvalidError."""
    return decode_cursor(cursor, request.path, {}, _sign)


def sign_position(position: Sequence[Any]) -> str:
    """Return a position in what this path lists as a cursor that fits any of its filters."""
    return encode_cursor(position, request.path, {}, _sign)


def _sign(text: str) -> str:
    return runtime().bureau.keyring.index("cursor", text)
