"""Messages and the court's answers."""

from datetime import timedelta
from typing import Any

import orjson
import pytest
import sqlalchemy as sa

from casework.court_filings import record_court_filing
from casework.gateway_signatures import SigningKey, signed_headers
from casework.store.tables import court_filing
from engine.domain.actor import Actor
from engine.store.tables import history, idempotency_key, job
from tests.bpmn_builder import END, START, catches_message, file, message, node, process
from tests.integration.api.conftest import open_desk
from tests.integration.api.service_desk import CASE, SECRET, WITHDRAWABLE, ServiceDesk

RULED = file(
    message("m", "court-ruling"),
    process(
        "dispute",
        START,
        END,
        node("intermediateCatchEvent", "wait", catches_message("m")),
        node("userTask", "a", camunda_candidateGroups="window-clerk"),
        "start>wait",
        "wait>a",
        "a>end",
        variables="court_state: str, court_decided_on: date, court_document_number: str",
    ),
)


@pytest.fixture
def desk(engine, tmp_path):
    yield from open_desk(engine, tmp_path, WITHDRAWABLE)


@pytest.fixture
def court(engine, tmp_path):
    yield from open_desk(engine, tmp_path, RULED)


def withdraw(case: dict[str, Any], name: str = "withdrawal") -> dict[str, Any]:
    return {"message_name": name, "business_key": case["business_key"]}


def test_a_message_reaches_the_place_that_waits_for_it_once(desk: ServiceDesk) -> None:
    case = desk.case()
    assert desk.post("/messages/correlation", withdraw(case))["state"] == "completed"
    assert desk.problem("POST", "/messages/correlation", withdraw(case)) == (409, "message_not_correlated")


def test_a_party_may_withdraw_but_not_speak_for_the_court(desk: ServiceDesk) -> None:
    desk.token("worker")
    person = CASE["applicants"][0] | {"username": "worker"}
    case = desk.case(applicants=[person])
    assert desk.problem("POST", "/messages/correlation", withdraw(case, "court-ruling"), by="worker")[0] == 403
    assert desk.post("/messages/correlation", withdraw(case), by="worker")["state"] == "completed"


def test_a_message_to_a_case_out_of_scope_finds_no_case(desk: ServiceDesk) -> None:
    case = desk.case()
    for username in ("worker", "mediator", "tengzhou"):
        status, code = desk.problem("POST", "/messages/correlation", withdraw(case), by=username)
        assert (status, code) == (404, "not_found"), username
    assert desk.problem("POST", "/messages/correlation", withdraw({"business_key": "none"})) == (404, "not_found")


def filed(desk: ServiceDesk) -> dict[str, Any]:
    case = desk.case()
    with desk.work(Actor("worker:w")) as uow:
        record_court_filing(uow, case["id"], idempotency_key="f1", court_filing_number="(2026)鲁0402民特1号")
    return case


ANSWER = {
    "court_filing_number": "(2026)鲁0402民特1号",
    "state": "confirmed",
    "decided_on": "2026-03-02",
    "document_number": "(2026)鲁0402民特1号裁定",
    "reason": "双方当事人张三",
}


def send(
    desk: ServiceDesk, body: dict[str, Any] = ANSWER, *, key: str = "c1", secret: str = SECRET, **late: Any
) -> Any:
    content = orjson.dumps(body)
    headers = signed_headers(SigningKey(secret), content, desk.clock.now() - late.pop("age", timedelta(0)), key)
    headers |= {"Content-Type": "application/json"} | late.pop("headers", {})
    return desk.call("POST", "/court/callbacks", by=None, key=None, headers=headers, data=late.pop("data", content))


def test_a_signed_ruling_moves_the_process_on_and_its_reason_is_kept_encrypted(court: ServiceDesk) -> None:
    case = filed(court)
    answer = send(court)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    assert answer.get_json() == {"state": "confirmed", "is_correlated": True}
    found = court.get(f"/cases/{case['id']}")
    assert [task["element_id"] for task in found["open_user_tasks"]] == ["a"]
    instance = court.get(f"/process-instances/{case['instance_id']}")
    assert instance["variables"]["court_state"] == "confirmed"
    assert instance["variables"]["court_decided_on"] == "2026-03-02"
    stored = str(court.rows(court_filing)) + str(court.rows(history))
    with court.engine.connect() as connection:
        stored += str(connection.execute(sa.select(idempotency_key)).all())
    assert "张三" not in stored


def test_a_ruling_sent_again_is_taken_once(court: ServiceDesk) -> None:
    filed(court)
    first, again = send(court), send(court)
    assert first.get_json() == again.get_json()
    assert again.headers["Idempotency-Replayed"] == "true"
    assert send(court, key="c2").get_json() == {"state": "confirmed", "is_correlated": False}


def test_a_ruling_that_nobody_waits_for_is_kept(desk: ServiceDesk) -> None:
    filed(desk)
    assert send(desk).get_json() == {"state": "confirmed", "is_correlated": False}
    assert [row.state for row in desk.rows(court_filing)] == ["confirmed"]


def told(desk: ServiceDesk) -> list[dict[str, Any]]:
    return [row.input for row in desk.rows(job, job.c.job_type == "notify")]


def test_a_ruling_that_nobody_waits_for_is_told_once_to_those_who_look_after_the_court(desk: ServiceDesk) -> None:
    filed(desk)
    send(desk)
    notice = {"template": "court-answer-unexpected", "recipient": "court-liaison,mediator,supervisor"}
    assert told(desk) == [notice]
    desk.clock.advance(timedelta(minutes=1))
    send(desk, key="c2")
    assert told(desk) == [notice], "the same answer sent again is no news"
    send(desk, ANSWER | {"state": "rejected"}, key="c3")
    assert told(desk) == [notice, notice]


def test_a_ruling_that_moves_a_process_on_needs_no_further_word(court: ServiceDesk) -> None:
    filed(court)
    send(court)
    assert told(court) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"secret": "another"},
        {"data": orjson.dumps(ANSWER | {"state": "rejected"})},
        {"data": b"{}"},
        {"age": timedelta(minutes=6)},
        {"age": timedelta(minutes=-6)},
        {"headers": {"X-Tingzhu-Signature": ""}},
        {"headers": {"X-Tingzhu-Timestamp": "0"}},
        {"headers": {"Idempotency-Key": "other"}},
    ],
    ids=str,
)
def test_an_answer_that_the_court_did_not_sign_is_refused(court: ServiceDesk, changes: dict[str, Any]) -> None:
    filed(court)
    answer = send(court, **changes)
    assert (answer.status_code, answer.get_json()["code"]) == (401, "signature_invalid")
    assert [row.state for row in court.rows(court_filing)] == ["filed"]


def test_a_forged_repetition_is_not_given_the_kept_answer(court: ServiceDesk) -> None:
    filed(court)
    send(court)
    assert send(court, secret="another").status_code == 401


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (ANSWER | {"court_filing_number": "none"}, (404, "not_found")),
        (ANSWER | {"state": "filed"}, (422, "request_invalid")),
        (ANSWER | {"decided_on": "soon"}, (422, "request_invalid")),
        ({}, (422, "request_invalid")),
    ],
)
def test_a_signed_answer_that_makes_no_sense_is_refused(
    court: ServiceDesk, body: dict[str, Any], expected: tuple[int, str]
) -> None:
    filed(court)
    answer = send(court, body)
    assert (answer.status_code, answer.get_json()["code"]) == expected
