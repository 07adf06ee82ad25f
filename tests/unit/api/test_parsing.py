"""Bodies are read strictly."""

import pytest

from api.errors import JsonMalformedError
from api.parsing import DEEPEST_JSON, read_json


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"{'a': 1}",
        b'{"a": NaN}',
        b'{"a": 1} x',
        b"\xff\xfe",
        b'{"a": "\\ud800"}',
        b'{"a": "\\u0000"}',
        b'{"\\u0000": 1}',
        b"[" * 100_000 + b"]" * 100_000,
        b"[" * (DEEPEST_JSON + 1) + b"]" * (DEEPEST_JSON + 1),
        b'{"a":' * 60 + b"1" + b"}" * 60,
    ],
    ids=lambda body: body[:16].decode("latin-1"),
)
def test_a_body_that_no_column_can_keep_is_refused(body: bytes) -> None:
    with pytest.raises(JsonMalformedError):
        read_json(body)


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b'{"a": [1, "\xe4\xb8\xad"]}', {"a": [1, "中"]}),
        (b'{"a": "\\\\u0000"}', {"a": "\\u0000"}),
        (b"[" + b"[]," * 100 + b"[]]", [[]] * 101),
        (b"[" * (DEEPEST_JSON) + b"]" * (DEEPEST_JSON), None),
    ],
    ids=lambda value: str(value)[:16],
)
def test_a_wide_or_unusual_body_is_read(body: bytes, value: object) -> None:
    read = read_json(body)
    assert value is None or read == value
