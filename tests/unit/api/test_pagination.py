"""Cursors."""

import base64
from datetime import UTC, datetime
from uuid import UUID

import pytest

from api.errors import CursorInvalidError
from api.pagination import decode_cursor, encode_cursor

FILTERS = {"state": "open", "case_id": UUID(int=7), "limit": 50, "cursor": None}


def test_a_cursor_gives_back_its_position() -> None:
    instant = datetime(2026, 2, 1, tzinfo=UTC)
    cursor = encode_cursor([instant, UUID(int=1), None, "张"], FILTERS)
    assert decode_cursor(cursor, {**FILTERS, "limit": 10, "cursor": cursor}) == [
        instant.isoformat(),
        str(UUID(int=1)),
        None,
        "张",
    ]


def test_no_cursor_is_the_first_page() -> None:
    assert decode_cursor(None, FILTERS) is None


@pytest.mark.parametrize(
    "cursor",
    ["", "x", "!!!!", "é", "AAAA", base64.urlsafe_b64encode(b"{}").decode(), base64.urlsafe_b64encode(b"[]").decode()],
)
def test_a_made_up_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(CursorInvalidError):
        decode_cursor(cursor, FILTERS)


def test_a_cursor_of_another_filter_is_refused() -> None:
    cursor = encode_cursor(["x"], FILTERS)
    with pytest.raises(CursorInvalidError):
        decode_cursor(cursor, {**FILTERS, "state": "resolved"})
