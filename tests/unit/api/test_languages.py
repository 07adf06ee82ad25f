"""Which language a reader gets."""

import pytest
from flask import Flask, request

from api.languages import language_of


@pytest.mark.parametrize(
    ("query", "header", "expected"),
    [
        ("", None, "zh"),
        ("", "en", "en"),
        ("", "en-GB,en;q=0.9", "en"),
        ("", "zh-TW", "zh"),
        ("", "fr,en;q=0.5", "en"),
        ("", "fr", "zh"),
        ("", "en;q=0.4,zh;q=0.8", "zh"),
        ("?lang=en", "zh", "en"),
        ("?lang=EN-us", None, "en"),
        ("?lang=xx", "en", "en"),
    ],
)
def test_the_query_wins_over_the_header_and_chinese_is_the_default(
    query: str, header: str | None, expected: str
) -> None:
    headers = {"Accept-Language": header} if header else {}
    with Flask("test").test_request_context(f"/{query}", headers=headers):
        assert language_of(request) == expected
