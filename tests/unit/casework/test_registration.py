"""What forbids a registration, and what it adds up to."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from casework.areas import area_tree
from casework.registration import NewAgent, NewClaim, NewParty, RegisterDispute, find_problems

AREAS = area_tree([{"code": "3704", "name": "某市", "level": "city"}])
WORKER = NewParty("person", "张三")
COMPANY = NewParty("organisation", "某公司")
PLAIN = RegisterDispute("window", "3704", (WORKER,), (COMPANY,), (NewClaim("wages", Decimal("1.00")),))


def problems(**changes: Any) -> list[tuple[str, str]]:
    found = find_problems(replace(PLAIN, **changes), AREAS, date(2026, 3, 2))
    return [(problem["field"], problem["code"]) for problem in found]


def test_a_plain_registration_has_nothing_to_mend() -> None:
    assert problems() == []


@pytest.mark.parametrize(
    ("amount", "code"),
    [
        (None, None),
        (Decimal("0"), None),
        (Decimal("0.01"), None),
        (Decimal("99999999999999.99"), None),
        (Decimal("1E+2"), None),
        (Decimal("0.001"), "too-precise"),
        (Decimal("-0.01"), "negative"),
        (Decimal("100000000000000.00"), "too-large"),
        (Decimal("1E+400"), "too-large"),
        (Decimal("NaN"), "malformed"),
        (Decimal("Infinity"), "malformed"),
        (0.1, "malformed"),
    ],
)
def test_an_amount_is_a_decimal_of_at_most_two_places(amount: Any, code: str | None) -> None:
    expected = [] if code is None else [("claims[0].amount", code)]
    assert problems(claims=(NewClaim("wages", amount),)) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"applicants": ()}, ("applicants", "missing")),
        ({"claims": ()}, ("claims", "missing")),
        ({"claims": (NewClaim("wages"),) * 201}, ("claims", "too-many")),
        ({"applicants": (WORKER,) * 501}, ("applicants", "too-many")),
        ({"applicants": (replace(WORKER, kind="robot"),)}, ("applicants[0].kind", "unknown-value")),
        ({"applicants": (replace(WORKER, name="长" * 201),)}, ("applicants[0].name", "too-long")),
        ({"respondents": (replace(COMPANY, email="not an address"),)}, ("respondents[0].email", "malformed")),
        (
            {"applicants": (replace(WORKER, agents=(NewAgent("friend", "王五"),)),)},
            ("applicants[0].agents[0].kind", "unknown-value"),
        ),
        (
            {"applicants": (replace(WORKER, agents=(NewAgent("lawyer", "王五", "total"),)),)},
            ("applicants[0].agents[0].powers", "unknown-value"),
        ),
        ({"worker_count": 0}, ("worker_count", "out-of-range")),
        ({"event_dates": {"odd": date(2026, 1, 1)}}, ("event_dates.odd", "event_date_unknown")),
        ({"claims": (NewClaim("wages", facts="长" * 20001),)}, ("claims[0].facts", "too-long")),
    ],
)
def test_a_field_to_mend_is_named(changes: dict[str, Any], expected: tuple[str, str]) -> None:
    assert problems(**changes) == [expected]


@pytest.mark.parametrize(
    ("changes", "workers"),
    [
        ({}, 1),
        ({"applicants": (WORKER, WORKER)}, 2),
        ({"applicants": (COMPANY,), "respondents": (WORKER,)}, 1),
        ({"worker_count": 30}, 30),
        ({"applicants": (WORKER, WORKER), "worker_count": 1}, 2),
        ({"applicants": (COMPANY,)}, 1),
    ],
)
def test_as_many_workers_as_are_named_or_stated(changes: dict[str, Any], workers: int) -> None:
    assert replace(PLAIN, **changes).workers == workers


def test_the_total_adds_the_amounts_that_there_are() -> None:
    claims = (NewClaim("wages", Decimal("0.10")), NewClaim("damages"), NewClaim("welfare", Decimal("0.20")))
    assert replace(PLAIN, claims=claims).total == Decimal("0.30")
