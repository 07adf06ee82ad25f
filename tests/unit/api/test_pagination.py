"""Cursors."""

import hashlib
from datetime import UTC, datetime
from uuid import UUID

import pytest

from api.errors import CursorInvalidError
from api.pagination import decode_cursor, encode_cursor

FILTERS = {"state": "open", "case_id": UUID(int=7), "limit": 50, "cursor": None}


def sign(text: str) -> str:
    return hashlib.sha256(b"key" + text.encode()).hexdigest()


def test_a_cursor_gives_back_its_position_whatever_the_limit() -> None:
    position = [datetime(2026, 2, 1, tzinfo=UTC), UUID(int=1), 7, "张"]
    cursor = encode_cursor(position, "/jobs", FILTERS, sign)
    assert decode_cursor(cursor, "/jobs", {**FILTERS, "limit": 10, "cursor": cursor}, sign) == position


def test_no_cursor_is_the_first_page() -> None:
    assert decode_cursor(None, "/jobs", FILTERS, sign) is None


@pytest.mark.parametrize("cursor", ["", ".", "x", "!!!!", "é.é", "W10.", "W10.0000000000000000"])
def test_a_made_up_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(CursorInvalidError):
        decode_cursor(cursor, "/jobs", FILTERS, sign)


@pytest.mark.parametrize(
    ("listed", "filters"), [("/jobs", {**FILTERS, "state": "all"}), ("/timers", FILTERS), ("/jobs", {})]
)
def test_a_cursor_of_another_list_or_filter_is_refused(listed: str, filters: dict[str, object]) -> None:
    cursor = encode_cursor(["x"], "/jobs", FILTERS, sign)
    with pytest.raises(CursorInvalidError):
        decode_cursor(cursor, listed, filters, sign)
