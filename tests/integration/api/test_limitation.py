"""The limitation ledger over HTTP, with entries by hand, corrections and the flag that supervisors list."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from casework.limitation_ledger import refresh_flags
from casework.store.tables import dispute, limitation_event
from engine.domain.actor import Actor
from engine.store.history import verify
from engine.store.tables import history
from tests.integration.api.service_desk import CASE, ServiceDesk


def register(desk: ServiceDesk, **facts: Any) -> str:
    claims = [{"cause_code": "economic-compensation", "amount": "18000.00", **facts}]
    return str(desk.post("/cases", {**CASE, "claims": claims})["id"])


def only_claim(desk: ServiceDesk, case_id: str, by: str = "window") -> dict[str, Any]:
    (claim,) = desk.get(f"/cases/{case_id}/limitation", by=by)["claims"]
    return dict(claim)


def test_a_case_says_until_when_arbitration_may_be_applied_for(desk: ServiceDesk) -> None:
    case_id = register(desk, known_on="2025-09-20")
    claim = only_claim(desk, case_id)
    assert (claim["status"], claim["due_on"], claim["safe_on"]) == ("running", "2026-09-20", "2026-09-20")
    assert "可在2026-09-20前申请仲裁" in claim["sentence"]
    english = desk.get(f"/cases/{case_id}/limitation?lang=en")["claims"][0]
    assert "The arbitration institution decides." in english["sentence"]


def test_what_processes_record_interrupts_and_a_corrected_date_counts_anew(desk: ServiceDesk) -> None:
    case_id = register(desk, known_on="2025-06-10")
    path = f"/cases/{case_id}/event-dates/negotiation_request_received_on"
    assert desk.call("PUT", path, {"value": "2026-02-10"}, by="mediator").status_code in (200, 404)
    desk.call("PUT", path, {"value": "2026-02-10"})
    assert only_claim(desk, case_id)["started_on"] == "2026-02-24"  # silence: the five days ran out after the festival
    desk.call("PUT", path, {"value": "2026-02-28", "reason": "送达回证日期有误"})
    claim = only_claim(desk, case_id)
    assert (claim["started_on"], claim["due_on"]) == ("2026-02-28", "2027-03-01")
    (event,) = claim["events"]
    assert (event["kind"], event["effect"], event["source"]) == (
        "claimed-from-other-party",
        "interrupts",
        "event-date",
    )
    assert "第二十七条" in event["basis"]


def test_an_entry_by_hand_counts_safely_only_with_its_proof_and_is_corrected_by_another(desk: ServiceDesk) -> None:
    case_id = register(desk, known_on="2025-06-10")
    body = {"kind": "asked-competent-body", "started_on": "2026-01-15", "note": "向劳动保障监察投诉"}
    entered = desk.post(f"/cases/{case_id}/limitation-events", body)
    (claim,) = entered["claims"]
    assert (claim["due_on"], claim["safe_on"]) == ("2027-01-15", "2026-06-10")
    (entry,) = entered["recorded"]
    assert (entry["note"], entry["recorded_by"], entry["is_current"]) == ("向劳动保障监察投诉", "window", True)
    wrong = {**body, "started_on": "2026-01-20", "replaces": entry["id"]}
    assert desk.problem("POST", f"/cases/{case_id}/limitation-events", wrong) == (422, "reason_missing")
    corrected = desk.post(f"/cases/{case_id}/limitation-events", {**wrong, "reason": "日期抄错"})
    assert corrected["claims"][0]["due_on"] == "2027-01-20"
    assert [each["is_current"] for each in corrected["recorded"]] == [False, True]
    last = corrected["recorded"][-1]["id"]
    gone = {**body, "replaces": last, "is_retracted": True, "reason": "登记错案"}
    assert desk.post(f"/cases/{case_id}/limitation-events", gone)["claims"][0]["due_on"] == "2026-06-10"
    assert desk.problem("POST", f"/cases/{case_id}/limitation-events", gone) == (422, "limitation_event_invalid")
    assert "向劳动保障监察投诉" not in str(desk.rows(limitation_event)) + str(desk.rows(history))
    with desk.begin() as connection:
        assert verify(connection, case_id)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "nothing"},
        {"started_on": "2027-01-01"},
        {"started_on": "1999-01-01"},
        {"ended_on": "2026-02-01"},
        {"kind": "force-majeure", "ended_on": "2026-01-01"},
        {"claim_position": 7},
        {"document_id": "00000000-0000-0000-0000-000000000001"},
        {"is_retracted": True},
    ],
)
def test_an_entry_that_cannot_be_is_refused(desk: ServiceDesk, wrong: dict[str, Any]) -> None:
    case_id = register(desk, known_on="2025-06-10")
    body = {"kind": "asked-competent-body", "started_on": "2026-01-15", **wrong}
    assert desk.problem("POST", f"/cases/{case_id}/limitation-events", body) == (422, "limitation_event_invalid")
    assert desk.rows(limitation_event) == []


def test_the_beginning_is_corrected_per_claim_with_a_reason(desk: ServiceDesk) -> None:
    case_id = register(desk)
    assert only_claim(desk, case_id)["status"] == "unknown"
    path = f"/cases/{case_id}/claims/1/limitation-facts"
    facts = {"known_on": "2025-06-10", "employment_ended_on": None, "is_wage_arrears": None}
    assert desk.call("PUT", path, facts).status_code == 200
    assert only_claim(desk, case_id)["due_on"] == "2026-06-10"
    other = {**facts, "known_on": "2025-07-10"}
    assert desk.problem("PUT", path, other) == (422, "reason_missing")
    assert desk.call("PUT", path, {**other, "reason": "以工资条为准"}).status_code == 200
    assert only_claim(desk, case_id)["due_on"] == "2026-07-10"
    assert desk.problem("PUT", f"/cases/{case_id}/claims/9/limitation-facts", facts) == (404, "not_found")
    assert desk.problem("PUT", path, {**facts, "known_on": "2027-01-01", "reason": "x"}) == (422, "input_invalid")
    (first, second) = desk.rows(history, history.c.kind == "claim-facts-changed")
    assert (first.facts["old"], second.facts["new"]) == ({"known_on": None}, {"known_on": "2025-07-10"})


def test_wages_follow_the_end_of_the_employment(desk: ServiceDesk) -> None:
    claims = [{"cause_code": "wages", "amount": "1.00"}]
    case_id = desk.post("/cases", {**CASE, "claims": claims})["id"]
    claim = only_claim(desk, case_id)
    assert (claim["status"], claim["is_wage_arrears"], claim["is_assumed"]) == ("not-limited", True, True)
    future = {**CASE, "claims": [{**claims[0], "employment_ended_on": "2026-12-31"}]}
    assert desk.problem("POST", "/cases", future) == (422, "dispute_invalid")


def test_supervisors_list_the_cases_whose_limitation_ends_soon(desk: ServiceDesk) -> None:
    far = register(desk, known_on="2026-02-01")
    near = register(desk, known_on="2025-03-10")
    listed = desk.get("/cases?flag=limitation-near", by="supervisor")["items"]
    assert [each["id"] for each in listed] == [near]
    desk.clock.set(datetime(2027, 1, 20, tzinfo=UTC))
    assert refresh_flags(lambda: desk.work(Actor("system")), desk.bureau) == 2
    flagged = [str(row.case_id) for row in desk.rows(dispute) if "limitation-near" in row.flags]
    assert flagged == [far]
    assert refresh_flags(lambda: desk.work(Actor("system")), desk.bureau) == 0


def test_the_ledger_is_not_for_strangers_nor_for_parties_to_write(desk: ServiceDesk) -> None:
    case_id = register(desk, known_on="2025-06-10")
    assert desk.problem("GET", f"/cases/{case_id}/limitation", by="tengzhou") == (404, "not_found")
    body = {"kind": "asked-competent-body", "started_on": "2026-01-15"}
    assert desk.problem("POST", f"/cases/{case_id}/limitation-events", body, by="worker") == (403, "forbidden")
    assert desk.problem("POST", f"/cases/{case_id}/limitation-events", body, by="tengzhou") == (404, "not_found")


def test_a_form_that_asks_once_sets_every_claim(desk: ServiceDesk) -> None:
    from uuid import UUID

    claims = [{"cause_code": "damages"}, {"cause_code": "economic-compensation"}]
    case_id = UUID(desk.post("/cases", {**CASE, "claims": claims})["id"])
    host = desk.platform.host
    with desk.work(Actor("user:window")) as uow:
        changes = host.record_inputs(
            uow.connection,
            case_id,
            {"known_on": date(2025, 6, 10), "is_wage_arrears": False},
            actor_id="user:window",
            now=uow.now,
            reason=None,
        )
        assert [change.name for change in changes] == ["known_on", "is_wage_arrears"]
        inputs = host.context(uow.connection, case_id, uow.now).inputs
    assert (inputs["known_on"], inputs["is_wage_arrears"]) == (date(2025, 6, 10), False)
    with desk.work(Actor("user:window")) as uow:
        near = {"known_on": date(2025, 3, 10)}
        host.record_inputs(uow.connection, case_id, near, actor_id="user:window", now=uow.now, reason=None)
    assert [flag["code"] for flag in desk.get(f"/cases/{case_id}")["flags"]] == ["limitation-near"]
    with desk.work(Actor("user:window")) as uow:
        back = {"known_on": date(2025, 6, 10)}
        host.record_inputs(uow.connection, case_id, back, actor_id="user:window", now=uow.now, reason=None)
    assert desk.get(f"/cases/{case_id}")["flags"] == []
    found = desk.get(f"/cases/{case_id}/limitation")["claims"]
    assert [claim["due_on"] for claim in found] == ["2026-06-10", "2026-06-10"]
