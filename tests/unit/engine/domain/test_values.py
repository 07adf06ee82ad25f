"""Variable values and the form they are stored in."""

import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain.clock import SHANGHAI
from engine.domain.values import decode, encode, plain

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
zones = st.sampled_from([UTC, SHANGHAI, timezone(timedelta(hours=-9, minutes=-30))])
scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts
    | st.dates()
    | st.datetimes(timezones=zones)
    | st.decimals(allow_nan=False)
)
keys = texts | st.sampled_from(["$type", "value"])
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=20,
)


def same(one: Any, other: Any) -> bool:
    """Tell whether two values are equal and of one kind all the way down: 1 is not True, nor is a date an instant."""
    if isinstance(one, list):
        return isinstance(other, list) and len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return isinstance(other, dict) and one.keys() == other.keys() and all(same(one[k], other[k]) for k in one)
    if isinstance(one, datetime) and isinstance(other, datetime):
        # as instants: in an hour that a zone has twice, Python calls no two zones equal
        return one.astimezone(UTC) == other.astimezone(UTC)
    return type(one) is type(other) and one == other


@settings(max_examples=400, deadline=None)
@given(values)
def test_a_value_comes_back_from_storage_as_it_was(value: Any) -> None:
    assert same(decode(json.loads(json.dumps(encode(value), allow_nan=False))), value)


@settings(max_examples=200, deadline=None)
@given(values)
def test_what_people_are_shown_is_plain_json(value: Any) -> None:
    json.dumps(plain(value), allow_nan=False)


@pytest.mark.parametrize(
    "hostile",
    [
        {"$type": "date", "value": "no date at all"},
        {"$type": "date", "value": "2026-02-01"},
        {"$type": "decimal"},
        {"$type": "dict", "value": {"$type": "datetime", "value": 3}},
        {"$type": None},
        {"claims": [{"$type": "decimal", "value": "1e999999999"}]},
    ],
)
def test_a_dict_that_looks_like_a_stored_date_stays_a_dict(hostile: dict[str, Any]) -> None:
    assert decode(json.loads(json.dumps(encode(hostile)))) == hostile


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        (date(2026, 2, 1), {"$type": "date", "value": "2026-02-01"}),
        (datetime(2026, 2, 1, 9, 30, tzinfo=UTC), {"$type": "datetime", "value": "2026-02-01T09:30:00+00:00"}),
        (Decimal("100.10"), {"$type": "decimal", "value": "100.10"}),
        ({"a": [True, None, 1.5, "x"]}, {"a": [True, None, 1.5, "x"]}),
    ],
)
def test_the_stored_form_is_a_published_format(value: Any, stored: Any) -> None:
    assert encode(value) == stored
    assert same(decode(stored), value)


@pytest.mark.parametrize("value", [b"bytes", {1, 2}, object(), float("nan"), float("inf"), [float("-inf")], 1j])
def test_what_is_no_value_is_refused(value: Any) -> None:
    with pytest.raises(TypeError):
        encode(value)


def test_the_cents_of_an_amount_survive() -> None:
    assert str(decode(encode(Decimal("5000.00")))) == "5000.00"
    assert plain({"amount": Decimal("5000.00"), "on": date(2026, 2, 1)}) == {"amount": "5000.00", "on": "2026-02-01"}


def test_a_tuple_is_stored_as_a_list() -> None:
    assert decode(encode((1, date(2026, 2, 1)))) == [1, date(2026, 2, 1)]
