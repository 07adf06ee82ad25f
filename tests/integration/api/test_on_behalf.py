"""What parties told the office at the window, by telephone or on paper, recorded on their behalf."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests.integration.api.conftest import open_desk
from tests.integration.api.party_desk import party_of
from tests.integration.api.service_desk import ServiceDesk
from tests.integration.api.test_party_desk import DISPUTE, PARTIES, PDF

BY_PHONE = {"method": "phone", "at": "2026-03-01"}


@pytest.fixture
def desk(engine: sa.Engine, tmp_path: Path) -> Iterator[ServiceDesk]:
    yield from open_desk(engine, tmp_path, DISPUTE)


def proof(desk: ServiceDesk, case_id: str) -> str:
    """Upload what a party signed and return the id of the document."""
    data = {"kind": "evidence", "file": (BytesIO(PDF), "撤回申请书.pdf")}
    answer = desk.call("POST", f"/cases/{case_id}/documents", data=data, content_type="multipart/form-data")
    return str(answer.get_json()["id"])


def said(desk: ServiceDesk, case_id: str, side: str = "applicant", **more: Any) -> dict[str, Any]:
    """Return the body of a declaration by the first party of a side."""
    how = BY_PHONE | more.pop("how", {})
    return more | {"on_behalf_of": {"party_id": party_of(desk, case_id, side)} | how}


def test_a_consent_given_by_telephone_is_kept_with_whose_it_is_and_how_it_was_given(desk: ServiceDesk) -> None:
    case = desk.case(**PARTIES)
    path = f"/cases/{case['id']}/party-messages"
    body = said(desk, case["id"], "respondent", kind="mediation-consent", answer="agreed", text="同意调解")
    party_id = body["on_behalf_of"]["party_id"]
    offered = desk.get(f"{path}/on-behalf/offers?party_id={party_id}")["items"]
    assert "mediation-consent" in {each["kind"] for each in offered}
    assert "payment-report" not in {each["kind"] for each in offered}
    desk.post(f"{path}/on-behalf", body)
    (kept,) = desk.get(path)["items"]
    assert (kept["kind"], kept["answer"], kept["text"], kept["is_from_party"]) == (
        "mediation-consent",
        "agreed",
        "同意调解",
        True,
    )
    (row,) = [each for each in desk.get(f"/cases/{case['id']}/timeline")["items"] if each["on_behalf_of"]]
    assert row["on_behalf_of"]["party_id"] == party_id
    assert (row["on_behalf_of"]["method"], row["on_behalf_of"]["at"]) == ("phone", "2026-03-01")


def test_a_withdrawal_on_behalf_ends_the_case_with_the_signed_paper_only(desk: ServiceDesk) -> None:
    case = desk.case(**PARTIES)
    path = f"/cases/{case['id']}/party-messages/on-behalf"
    bare = said(desk, case["id"], kind="withdrawal", text="自愿撤回")
    assert desk.problem("POST", path, bare) == (422, "party_message_invalid")
    assert desk.get(f"/cases/{case['id']}")["open_user_tasks"]
    signed = said(desk, case["id"], kind="withdrawal", how={"proof_document_id": proof(desk, case["id"])})
    desk.post(path, signed)
    found = desk.get(f"/cases/{case['id']}")
    assert "Task_check_intake" not in {task["element_id"] for task in found["open_user_tasks"]}


def test_a_declaration_is_recorded_for_a_party_of_another_case_or_with_its_paper_or_in_the_future(
    desk: ServiceDesk,
) -> None:
    case, other = desk.case(**PARTIES), desk.case(**PARTIES)
    path = f"/cases/{case['id']}/party-messages/on-behalf"
    foreign = said(desk, other["id"], text="来电")
    assert desk.problem("POST", path, foreign) == (422, "request_invalid")
    paper = said(desk, case["id"], text="来电", how={"proof_document_id": proof(desk, other["id"])})
    assert desk.problem("POST", path, paper) == (422, "request_invalid")
    tomorrow = said(desk, case["id"], text="来电", how={"at": "2099-01-01"})
    assert desk.problem("POST", path, tomorrow) == (422, "party_message_invalid")
    money = said(desk, case["id"], kind="payment-report")
    assert desk.problem("POST", path, money) == (409, "party_action_unavailable")
    assert desk.get(f"/cases/{case['id']}/party-messages")["items"] == []


def test_a_party_or_a_stranger_records_a_declaration_on_anothers_behalf(desk: ServiceDesk) -> None:
    case = desk.case(**PARTIES)
    path = f"/cases/{case['id']}/party-messages/on-behalf"
    body = said(desk, case["id"], text="来电")
    assert desk.problem("POST", path, body, by="employer") == (403, "forbidden")
    for stranger in ("mediator", "reviewer", "tengzhou"):
        assert desk.problem("POST", path, body, by=stranger)[0] in (403, 404), stranger
        query = f"{path}/offers?party_id={body['on_behalf_of']['party_id']}"
        assert desk.problem("GET", query, by=stranger)[0] in (403, 404), stranger
