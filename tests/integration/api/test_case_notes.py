"""Notes of caseworkers on a case, from the outside: who reads what, and what stays behind of them."""

from uuid import UUID

import pytest

from casework.organisations import assign_organisation, send_to
from casework.store.tables import case_access, case_note
from engine.store.tables import history
from tests.integration.api.service_desk import ServiceDesk

SECRET = "申请人愿意让到一万五千元"
PLAIN = "双方周五来谈"


def sent_everywhere(desk: ServiceDesk) -> str:
    """Register a case and send it to mediation organisation, arbitration institution and court; return its id."""
    case_id = UUID(desk.case()["id"])
    with desk.as_user("window") as uow:
        assign_organisation(uow, case_id, desk.organisation_id("SZ-GML-MED"), "street")
        send_to(uow, case_id, "arbitration")
        send_to(uow, case_id, "court")
    return str(case_id)


def texts(desk: ServiceDesk, case_id: str, by: str) -> set[str]:
    return {note["text"] for note in desk.get(f"/cases/{case_id}/notes", by=by)["items"]}


def test_a_mediators_confidential_note_reaches_anybody_who_decides_or_supervises(desk: ServiceDesk) -> None:
    case_id = sent_everywhere(desk)
    path = f"/cases/{case_id}/notes"
    desk.post(path, {"text": PLAIN}, by="window")
    desk.post(path, {"text": SECRET, "is_confidential": True}, by="mediator")
    assert texts(desk, case_id, "mediator") == {PLAIN, SECRET}
    for colleague in ("window", "head", "clerk", "reviewer", "director", "court", "union", "supervisor", "district"):
        assert texts(desk, case_id, colleague) == {PLAIN}, colleague
        assert desk.get(path, by=colleague)["may_keep_confidential"] is False, colleague
    for party in ("worker", "employer"):
        assert desk.problem("GET", path, by=party) == (403, "forbidden")


def test_a_note_can_be_read_in_the_database_or_in_the_history(desk: ServiceDesk) -> None:
    case_id = sent_everywhere(desk)
    desk.post(f"/cases/{case_id}/notes", {"text": SECRET, "is_confidential": True}, by="mediator")
    (note,) = desk.rows(case_note)
    assert SECRET not in note.text
    for row in desk.rows(history):
        assert SECRET not in str(row)
        assert "confidential" not in str(row._mapping) or row.type != "case-note-written"
    titles = [row["title"] for row in desk.get(f"/cases/{case_id}/timeline", by="mediator")["items"]]
    assert "写下案件备注" in titles
    assert desk.get(f"/cases/{case_id}/history/verification", by="mediator")["is_intact"] is True


def test_somebody_out_of_scope_learns_of_a_note_or_writes_one(desk: ServiceDesk) -> None:
    case_id = desk.case()["id"]  # nobody but the window has it yet
    path = f"/cases/{case_id}/notes"
    desk.post(path, {"text": PLAIN}, by="window")
    for stranger in ("mediator", "clerk", "court", "tengzhou"):
        assert desk.problem("GET", path, by=stranger) == (404, "not_found"), stranger
        assert desk.problem("POST", path, {"text": "看"}, by=stranger) == (404, "not_found"), stranger
    assert desk.problem("POST", path, {"text": "x", "is_confidential": True}, by="window")[0] == 403


@pytest.mark.parametrize("text", ["", "   ", "长" * 2001])
def test_a_note_without_words_or_without_end_is_kept(desk: ServiceDesk, text: str) -> None:
    path = f"/cases/{desk.case()['id']}/notes"
    assert desk.problem("POST", path, {"text": text}) == (422, "request_invalid")
    assert desk.get(path)["items"] == []


def test_a_supervisor_reads_notes_unnoticed(desk: ServiceDesk) -> None:
    case_id = sent_everywhere(desk)
    desk.get(f"/cases/{case_id}/notes", by="district")
    assert [str(row.case_id) for row in desk.rows(case_access)] == [case_id]
