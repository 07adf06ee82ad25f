"""The register of service over HTTP: who may write it, what it answers, twice the same request."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from casework.documents import store_document
from casework.organisations import send_to
from casework.store.tables import party
from engine.domain.actor import Actor
from tests.integration.api.service_desk import ServiceDesk


@pytest.fixture
def served(desk: ServiceDesk) -> dict[str, Any]:
    case_id = desk.case()["id"]
    with desk.work(Actor("system")) as uow:
        send_to(uow, UUID(case_id), "arbitration")
        stored = store_document(
            uow,
            desk.bureau,
            UUID(case_id),
            kind="award",
            title="仲裁调解书",
            content=b"%PDF",
            media_type="application/pdf",
            idempotency_key=case_id,
        )
    sides = {row.side: str(row.id) for row in desk.rows(party)}
    return {"case": case_id, "document": str(stored.document_id), **sides}


def body(served: dict[str, Any], *sides: str, **changes: Any) -> dict[str, Any]:
    rows = [{"party_id": served[side], "method": "direct", "served_on": "2026-01-01"} | changes for side in sides]
    return {"services": rows}


def test_service_on_both_parties_gives_the_day_of_service(desk: ServiceDesk, served: dict[str, Any]) -> None:
    path = f"/documents/{served['document']}/services"
    first = desk.post(path, body(served, "applicant"), by="clerk")
    assert (first["state"], first["served_on"], first["event_date"]) == ("partial", None, "award_served_on")
    second = desk.post(path, body(served, "respondent", served_on="2026-01-05", note="前台代收"), by="clerk")
    assert (second["state"], second["served_on"]) == ("complete", "2026-01-05")
    (paper,) = desk.get(f"/cases/{served['case']}/services", by="clerk")["items"]
    assert paper["missing"] == []
    assert [(row["party"], row["method_zh"], row["note"], row["recorded_by"]) for row in paper["services"]] == [
        ("applicant", "直接送达", None, "clerk"),
        ("respondent", "直接送达", "前台代收", "clerk"),
    ]


def test_the_same_request_twice_is_recorded_once(desk: ServiceDesk, served: dict[str, Any]) -> None:
    key = str(uuid4())
    answers = [
        desk.post(f"/documents/{served['document']}/services", body(served, "applicant"), by="clerk", key=key)
        for _ in range(2)
    ]
    assert answers[0] == answers[1]
    (paper,) = desk.get(f"/cases/{served['case']}/services", by="clerk")["items"]
    assert len(paper["services"]) == 1


def test_a_stranger_to_the_case_finds_its_register(desk: ServiceDesk, served: dict[str, Any]) -> None:
    path = f"/documents/{served['document']}/services"
    for username in ("tengzhou", "court", "mediator"):
        assert desk.problem("POST", path, body(served, "applicant"), by=username) == (404, "not_found")
        assert desk.problem("GET", f"/cases/{served['case']}/services", by=username) == (404, "not_found")
    # sees the case, but does not work on it
    assert desk.problem("POST", path, body(served, "applicant"), by="district") == (403, "action_forbidden")
    for username in ("worker", "employer"):
        assert desk.problem("POST", path, body(served, "applicant"), by=username) == (403, "forbidden")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"method": "pigeon"}, "request_invalid"),
        ({"served_on": "yesterday"}, "request_invalid"),
        ({"method": "electronic", "has_consent": True}, "input_invalid"),
        ({"served_on": "2126-01-01"}, "input_invalid"),
        ({"party_id": str(uuid4())}, "input_invalid"),
        ({"proof_document_id": str(uuid4())}, "input_invalid"),
    ],
)
def test_a_service_that_cannot_be_is_answered_with_a_sentence(
    desk: ServiceDesk, served: dict[str, Any], changes: dict[str, Any], code: str
) -> None:
    path = f"/documents/{served['document']}/services"
    assert desk.problem("POST", path, body(served, "applicant", **changes), by="clerk") == (422, code)
    assert desk.problem("POST", path, body(served, "applicant", "applicant"), by="clerk") == (422, "input_invalid")
    (paper,) = desk.get(f"/cases/{served['case']}/services", by="clerk")["items"]
    assert paper["services"] == []
