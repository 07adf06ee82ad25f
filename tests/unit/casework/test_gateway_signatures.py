"""Gateways prove who speaks."""

from datetime import UTC, datetime, timedelta

import pytest

from casework.gateway_signatures import SignatureInvalidError, SigningKey, signed_headers, verify_signature

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
KEY = SigningKey("shared")
BODY = b'{"state":"confirmed"}'


def test_a_signed_message_gives_its_idempotency_key() -> None:
    assert verify_signature(KEY, signed_headers(KEY, BODY, NOW, "k-1"), BODY, NOW) == "k-1"


def test_header_names_are_read_in_any_case() -> None:
    headers = {name.upper(): value for name, value in signed_headers(KEY, BODY, NOW, "k-1").items()}
    assert verify_signature(KEY, headers, BODY, NOW) == "k-1"


@pytest.mark.parametrize("age", [timedelta(minutes=6), timedelta(minutes=-6), timedelta(days=365)])
def test_a_message_replayed_later_is_refused(age: timedelta) -> None:
    with pytest.raises(SignatureInvalidError, match="clock"):
        verify_signature(KEY, signed_headers(KEY, BODY, NOW, "k-1"), BODY, NOW + age)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Idempotency-Key", "k-2"),
        ("X-Tingzhu-Timestamp", "1772413201"),
        ("X-Tingzhu-Timestamp", "٣"),
        ("X-Tingzhu-Signature", "hmac-sha256=" + "0" * 64),
        ("X-Tingzhu-Signature", "md5=1"),
        ("X-Tingzhu-Signature", "签名"),
    ],
)
def test_a_changed_header_breaks_the_signature(name: str, value: str) -> None:
    headers = signed_headers(KEY, BODY, NOW, "k-1") | {name: value}
    with pytest.raises(SignatureInvalidError):
        verify_signature(KEY, headers, BODY, NOW)


@pytest.mark.parametrize("name", ["Idempotency-Key", "X-Tingzhu-Timestamp", "X-Tingzhu-Signature"])
def test_a_missing_header_is_named(name: str) -> None:
    headers = signed_headers(KEY, BODY, NOW, "k-1")
    del headers[name]
    with pytest.raises(SignatureInvalidError, match=name):
        verify_signature(KEY, headers, BODY, NOW)


def test_a_changed_body_breaks_the_signature() -> None:
    with pytest.raises(SignatureInvalidError, match="does not match"):
        verify_signature(KEY, signed_headers(KEY, BODY, NOW, "k-1"), BODY + b" ", NOW)


def test_another_key_breaks_the_signature() -> None:
    with pytest.raises(SignatureInvalidError, match="does not match"):
        verify_signature(SigningKey("other"), signed_headers(KEY, BODY, NOW, "k-1"), BODY, NOW)


def test_the_secret_is_not_shown() -> None:
    assert "shared" not in repr(KEY)
