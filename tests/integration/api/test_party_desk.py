"""The party desk from the outside: what a party sees and does, and that nobody reaches another's case."""

from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from casework.documents import issue_paper, store_document
from casework.store.tables import notification, party_message
from engine.store.tables import history, user_task
from tests.bpmn_builder import END, START, call, catches_message, file, message, node, process
from tests.integration.api.conftest import open_desk
from tests.integration.api.party_desk import enter, party_of, sent_code
from tests.integration.api.service_desk import ServiceDesk
from tests.integration.api.test_access import routes

PARTIES = {
    "applicants": [{"kind": "person", "name": "张三", "phone": "13800000000", "address": "市中区甲路1号"}],
    "respondents": [
        {"kind": "organisation", "name": "某某机械有限公司", "phone": "13900000001", "legal_representative": "李四"}
    ],
}
PDF = b"%PDF-1.7\n% a scan\n"

# the real process's names, so that the desk's words and rules meet the elements they are made for
DISPUTE = file(
    message("m_withdrawn", "dispute-withdrawn"),
    message("m_arbitration", "arbitration-chosen"),
    process(
        "dispute",
        START,
        END,
        node("parallelGateway", "g"),
        node(
            "userTask",
            "Task_check_intake",
            camunda_candidateGroups="window-clerk",
            camunda_dueDate="${received_on + days(3)}",
        ),
        node("userTask", "secret", camunda_candidateGroups="window-clerk"),
        node("boundaryEvent", "gone", catches_message("m_withdrawn"), attachedToRef="Task_check_intake"),
        node("boundaryEvent", "left", catches_message("m_arbitration"), attachedToRef="Task_check_intake"),
        "start>g",
        "g>Task_check_intake",
        "g>secret",
        "Task_check_intake>end",
        "secret>end",
        "gone>end",
        "left>end",
    ),
)


@pytest.fixture
def desk(engine: sa.Engine, tmp_path: Path) -> Iterator[ServiceDesk]:
    yield from open_desk(engine, tmp_path, DISPUTE)


def paper(desk: ServiceDesk, case: dict[str, Any], kind: str, *, party_id: str | None = None, **more: Any) -> str:
    """Issue a paper of a case and return its id."""
    with desk.as_user("window") as uow:
        key = f"{kind}:{uuid4()}"
        issue = issue_paper(uow, desk.bureau, UUID(case["id"]), kind, key, UUID(party_id) if party_id else None)
        stored = store_document(
            uow,
            desk.bureau,
            UUID(case["id"]),
            kind=kind,
            title=kind,
            content=PDF + key.encode(),
            media_type="application/pdf",
            idempotency_key=key,
            issue=issue,
            **more,
        )
    return str(stored.document_id)


def sent_to_mediation(desk: ServiceDesk, case: dict[str, Any]) -> None:
    """Send a case to the street's mediation organisation, as the process would."""
    from casework.organisations import assign_organisation

    with desk.as_user("window") as uow:
        assign_organisation(uow, UUID(case["id"]), desk.organisation_id("SZ-GML-MED"), "street")


def upload(desk: ServiceDesk, case_id: str, mine: dict[str, str], content: bytes = PDF, kind: str = "evidence") -> Any:
    """Add a file as a party."""
    data = {"kind": kind, "file": (BytesIO(content), "工资条.pdf")}
    return desk.call("POST", f"/party/cases/{case_id}/documents", by=None, headers=mine, data=data)


def as_party(desk: ServiceDesk, method: str, path: str, body: Any, mine: dict[str, str], status: int) -> Any:
    """Send a party's request and return the JSON; the status must be the given one."""
    answer = desk.call(method, path, body, by=None, headers=mine)
    assert answer.status_code == status, answer.get_data(as_text=True)
    return answer.get_json() if answer.get_data() else None


# --- nobody reaches another's case


def test_no_party_route_shows_another_partys_case_or_tells_that_it_exists(desk: ServiceDesk) -> None:
    case, other = desk.case(**PARTIES), desk.case(**PARTIES)
    document_id = paper(desk, case, "arbitration-rights-notice")
    (task,) = desk.rows(user_task, user_task.c.element_id == "secret", user_task.c.case_id == UUID(case["id"]))
    outsider = enter(desk, other["id"])
    tried = 0
    for method, path, rule in routes(desk):
        if not rule.admits_parties or "/cases/" not in path:
            continue
        nowhere = path.split("/cases/")[1].split("/")[0]
        tail = path.split(f"/cases/{nowhere}")[1]
        tail = tail.replace(nowhere, document_id if "/documents/" in tail else str(task.id))
        answers = []
        for case_id in (case["id"], str(uuid4())):
            body = _body(method, tail, document_id)
            answer = desk.call(method, f"/party/cases/{case_id}{tail}", body, by=None, headers=outsider)
            told = answer.get_json()
            assert (answer.status_code, told["code"]) == (404, "not_found"), (method, path)
            answers.append({key: str(value).replace(case_id, "") for key, value in told.items()})
        assert answers[0] == answers[1], (method, path)
        tried += 1
    assert tried >= 14


def _body(method: str, tail: str, document_id: str) -> Any:
    if method == "GET":
        return None
    if tail.endswith("/draft"):
        return {"draft": {}}
    if tail.endswith("/receipt"):
        return {"consents": True}
    if tail.endswith("/signatures"):
        return {"document_id": document_id, "code": "123456"}
    if tail.endswith("/signature-codes"):
        return {"document_id": document_id}
    return {"text": "看"} if tail.endswith("/messages") else {}


def test_the_other_side_of_the_same_case_reads_neither_letters_nor_uploads_nor_messages(desk: ServiceDesk) -> None:
    case = desk.case(**PARTIES)
    worker, employer = enter(desk, case["id"]), enter(desk, case["id"], "respondent")
    root = f"/party/cases/{case['id']}"
    letter = paper(desk, case, "arbitration-rights-notice", party_id=party_of(desk, case["id"], "respondent"))
    by_side = paper(desk, case, "performance-urging-letter")
    proof = upload(desk, case["id"], worker).get_json()["id"]
    as_party(desk, "POST", f"{root}/messages", {"text": "请帮我"}, worker, 201)
    seen = {each["id"] for each in as_party(desk, "GET", f"{root}/documents", None, worker, 200)["items"]}
    assert seen == {proof}
    seen = {each["id"] for each in as_party(desk, "GET", f"{root}/documents", None, employer, 200)["items"]}
    assert seen == {letter, by_side}
    for document_id, reader in ((letter, worker), (by_side, worker), (proof, employer)):
        path = f"{root}/documents/{document_id}/content"
        assert desk.problem("GET", path, by=None, headers=reader) == (404, "not_found")
    assert as_party(desk, "GET", f"{root}/messages", None, employer, 200) == {"items": []}
    # with an account neither: the letter's code would open the other side's desk
    desk.token("worker")
    shared = desk.case(applicants=[{"kind": "person", "name": "张三", "username": "worker"}])
    theirs = paper(desk, shared, "performance-urging-letter")
    assert theirs not in {each["id"] for each in desk.get(f"/cases/{shared['id']}/documents", by="worker")["items"]}
    assert desk.problem("GET", f"/documents/{theirs}/content", by="worker") == (404, "not_found")
    assert theirs not in {each["id"] for each in desk.get(f"/cases/{shared['id']}", by="worker")["documents"]}


def test_no_party_reads_records_confidential_papers_or_what_was_replaced(desk: ServiceDesk) -> None:
    case = desk.case(**PARTIES)
    sent_to_mediation(desk, case)
    mine = enter(desk, case["id"])
    hidden = [
        paper(desk, case, "mediation-record", is_confidential=True),
        paper(desk, case, "archive-index"),
        paper(desk, case, "mediation-agreement", is_confidential=True),
        paper(desk, case, "rights-notice"),
    ]
    shown = paper(desk, case, "rights-notice")  # its next version
    root = f"/party/cases/{case['id']}/documents"
    assert [each["id"] for each in as_party(desk, "GET", root, None, mine, 200)["items"]] == [shown]
    for document_id in hidden:
        assert desk.problem("GET", f"{root}/{document_id}/content", by=None, headers=mine) == (404, "not_found")
    assert desk.call("GET", f"{root}/{shown}/content", by=None, headers=mine).data.startswith(PDF)


# --- what a party sees


def test_a_case_in_plain_words_with_dates_reasons_and_no_affair_of_the_office(desk: ServiceDesk) -> None:
    case = desk.case(**PARTIES)
    mine = enter(desk, case["id"])
    (item,) = as_party(desk, "GET", "/party/cases", None, mine, 200)["items"]
    assert (item["number"], item["other_side"], item["open_tasks"]) == (case["number"], ["某某机械有限公司"], 0)
    found = as_party(desk, "GET", f"/party/cases/{case['id']}", None, mine, 200)
    assert found["stage"]["meaning"] == "您的申请已经登记，工作人员正在核对并安排下一步。"
    (step,) = found["steps"]
    assert (step["what"], step["who"], step["is_mine"]) == ("核对登记的内容，决定下一步", "窗口受理员", False)
    assert step["due_on"] == (desk.today + timedelta(days=3)).isoformat()
    own, other = found["parties"]
    assert (own["is_own"], own["phone"], own["address"]) == (True, "13800000000", "市中区甲路1号")
    assert (other["name"], other["phone"]) == ("某某机械有限公司", None)
    assert found["events"] == [{"on": desk.today.isoformat(), "what": "收到申请"}]
    assert [each["kind"] for each in found["actions"]] == ["mediation-consent", "withdrawal", "arbitration"]
    english = as_party(desk, "GET", f"/party/cases/{case['id']}?lang=en", None, mine, 200)
    assert english["steps"][0]["who"] == "Window clerk"
    employer = as_party(desk, "GET", f"/party/cases/{case['id']}", None, enter(desk, case["id"], "respondent"), 200)
    assert [each["kind"] for each in employer["actions"]] == ["mediation-consent", "arbitration"]
    assert employer["claims"][0]["facts"] is None


# --- tasks

NEGOTIATION = file(
    process(
        "dispute",
        START,
        END,
        node("parallelGateway", "g"),
        node("parallelGateway", "j"),
        call("talk", "negotiation", {"requested_by": "by"}),
        node("userTask", "a", camunda_candidateGroups="window-clerk"),
        "start>g",
        "g>a",
        "a>j",
        "g>talk",
        "talk>j",
        "j>end",
        variables="by",
    ),
    process(
        "negotiation",
        node("startEvent", "s"),
        node("endEvent", "e"),
        node("parallelGateway", "f"),
        node(
            "userTask", "Task_answer", camunda_candidateGroups="worker,employer,window-clerk", camunda_formKey="answer"
        ),
        node("userTask", "Task_sign_settlement", camunda_candidateGroups="worker,employer"),
        node("endEvent", "e2"),
        "s>f",
        "f>Task_answer",
        "f>Task_sign_settlement",
        "Task_answer>e",
        "Task_sign_settlement>e2",
    ),
)
ANSWER = (
    b'{"type": "default", "id": "answer", "components": [{"type": "radio", "key": "negotiation_answer", "label": "a", '
    b'"values": [{"value": "agreed", "label": "a"}, {"value": "refused", "label": "r"}], "validate": {"required": true}}]}'
)


def test_the_side_that_was_asked_answers_and_nobody_signs_for_both(desk: ServiceDesk) -> None:
    desk.deploy_forms(NEGOTIATION, {"answer.form": ANSWER})
    case = desk.case(**PARTIES)
    root = f"/party/cases/{case['id']}"
    (answer,) = desk.rows(user_task, user_task.c.element_id == "Task_answer")
    (signing,) = desk.rows(user_task, user_task.c.element_id == "Task_sign_settlement")
    worker, employer = enter(desk, case["id"]), enter(desk, case["id"], "respondent")
    mine = [each for each in as_party(desk, "GET", root, None, employer, 200)["steps"] if each["is_mine"]]
    assert [each["user_task_id"] for each in mine] == [str(answer.id)]
    assert not any(each["is_mine"] for each in as_party(desk, "GET", root, None, worker, 200)["steps"])
    for task, who in ((answer, worker), (signing, worker), (signing, employer)):
        for method, tail, body in (("GET", "", None), ("PUT", "/draft", {"draft": {}}), ("POST", "/completion", {})):
            found = desk.problem(method, f"{root}/tasks/{task.id}{tail}", body, by=None, headers=who)
            assert found == (404, "not_found"), (method, task.element_id)
    path = f"{root}/tasks/{answer.id}"
    as_party(desk, "PUT", f"{path}/draft", {"draft": {"negotiation_answer": "agreed"}}, employer, 204)
    shown = as_party(desk, "GET", path, None, employer, 200)
    assert shown["draft"] == {"negotiation_answer": "agreed"}
    assert shown["form"]["id"] == "answer"
    assert desk.problem("POST", f"{path}/completion", {}, by=None, headers=employer) == (422, "form_invalid")
    body = {"variables": {"negotiation_answer": "agreed"}}
    as_party(desk, "POST", f"{path}/completion", body, employer, 200)
    assert desk.problem("POST", f"{path}/completion", body, by=None, headers=employer) == (404, "not_found")
    (done,) = desk.rows(user_task, user_task.c.id == answer.id)
    assert done.ended_by == f"party:{party_of(desk, case['id'], 'respondent')}"


# --- what a party does


def test_a_party_declares_and_the_office_reads_and_answers(desk: ServiceDesk) -> None:
    case = desk.case(**PARTIES)
    mine = enter(desk, case["id"])
    root = f"/party/cases/{case['id']}"
    body = {"kind": "mediation-consent", "answer": "agreed", "text": "同意，周末有空"}
    as_party(desk, "POST", f"{root}/messages", body, mine, 201)
    (told,) = desk.get(f"/cases/{case['id']}/party-messages")["items"]
    assert (told["kind"], told["answer"], told["text"]) == ("mediation-consent", "agreed", "同意，周末有空")
    assert [row.template for row in desk.rows(notification, notification.c.channel == "in-app")] == ["party-message"]
    path = f"/cases/{case['id']}/party-messages"
    assert desk.call("PUT", f"{path}/{told['id']}/reading").status_code == 204
    desk.post(path, {"party_id": told["party_id"], "text": "周六上午九点可以吗？"})
    found = as_party(desk, "GET", f"{root}/messages", None, mine, 200)["items"]
    assert [each["is_from_party"] for each in found] == [True, False]
    assert found[0]["read_at"] is not None
    assert as_party(desk, "GET", root, None, mine, 200)["unread_messages"] == 1
    as_party(desk, "PUT", f"{root}/messages/reading", None, mine, 204)
    assert as_party(desk, "GET", root, None, mine, 200)["unread_messages"] == 0
    with desk.engine.connect() as connection:
        for table in (party_message, history, notification):
            kept = str(connection.execute(sa.select(table)).all())
            assert "周末" not in kept, table.name
            assert "周六" not in kept, table.name


@pytest.mark.parametrize(
    "body",
    [
        {"text": "  "},
        {"kind": "mediation-consent"},
        {"kind": "mediation-consent", "answer": "perhaps"},
        {"kind": "message", "text": "x", "answer": "agreed"},
        {"kind": "message", "text": "x", "amount": "1.00"},
        {"kind": "nonsense", "text": "x"},
        {"text": "x" * 4001},
    ],
)
def test_a_declaration_that_says_too_little_or_too_much_is_refused(desk: ServiceDesk, body: Any) -> None:
    case = desk.case(**PARTIES)
    path = f"/party/cases/{case['id']}/messages"
    assert desk.problem("POST", path, body, by=None, headers=enter(desk, case["id"]))[0] == 422
    assert desk.rows(party_message) == []


def test_what_the_stage_does_not_offer_cannot_be_declared(desk: ServiceDesk) -> None:
    case = desk.case(**PARTIES)
    path = f"/party/cases/{case['id']}/messages"
    for side, body in (
        ("applicant", {"kind": "extension-consent", "answer": "agreed"}),
        ("applicant", {"kind": "review-withdrawal"}),
        ("respondent", {"kind": "withdrawal"}),
    ):
        mine = enter(desk, case["id"], side)
        assert desk.problem("POST", path, body, by=None, headers=mine) == (409, "party_action_unavailable")


def test_an_applicant_withdraws_once(desk: ServiceDesk) -> None:
    case = desk.case(**PARTIES)
    mine = enter(desk, case["id"])
    path = f"/party/cases/{case['id']}/messages"
    as_party(desk, "POST", path, {"kind": "withdrawal", "text": "已经谈好"}, mine, 201)
    (task,) = desk.rows(user_task, user_task.c.element_id == "Task_check_intake")
    assert task.state == "canceled"
    assert desk.problem("POST", path, {"kind": "withdrawal"}, by=None, headers=mine) == (
        409,
        "party_action_unavailable",
    )
    received = desk.rows(history, history.c.kind == "message-received")
    assert [row.actor_id for row in received] == [f"party:{party_of(desk, case['id'])}"]


def test_one_of_several_applicants_does_not_withdraw_for_the_rest(desk: ServiceDesk) -> None:
    people = [{"kind": "person", "name": name, "phone": f"1380000000{i}"} for i, name in enumerate("甲乙")]
    case = desk.case(applicants=people)
    path = f"/party/cases/{case['id']}/messages"
    mine = enter(desk, case["id"])
    assert desk.problem("POST", path, {"kind": "withdrawal"}, by=None, headers=mine) == (
        409,
        "party_action_unavailable",
    )


def test_a_letter_lets_an_employer_answer_and_upload_but_not_bind_itself(desk: ServiceDesk) -> None:
    case = desk.case(**PARTIES)
    with desk.as_user("window") as uow:
        issue = issue_paper(uow, desk.bureau, UUID(case["id"]), "performance-urging-letter", "k")
        stored = store_document(
            uow, desk.bureau, UUID(case["id"]), kind="performance-urging-letter", title="函", content=PDF,
            media_type="application/pdf", idempotency_key="k", issue=issue,
        )  # fmt: skip
    body = {"number": issue.number, "code": issue.code}
    session = desk.post("/party/letter-sessions", body, by=None, key=None)
    mine = {"Authorization": f"Bearer {session['access_token']}"}
    path = f"/party/cases/{case['id']}"
    as_party(desk, "POST", f"{path}/messages", {"kind": "mediation-consent", "answer": "refused"}, mine, 201)
    assert upload(desk, case["id"], mine, kind="business-licence").status_code == 201
    binding = ("POST", f"{path}/messages", {"kind": "arbitration"})
    assert desk.problem(*binding, by=None, headers=mine) == (403, "party_session_weak")
    receipt = ("POST", f"{path}/documents/{stored.document_id}/receipt", {"consents": True})
    assert desk.problem(*receipt, by=None, headers=mine) == (403, "party_session_weak")


def test_a_paper_is_signed_for_once_and_an_earlier_service_stands(desk: ServiceDesk) -> None:
    case = desk.case(**PARTIES)
    sent_to_mediation(desk, case)
    document_id = paper(desk, case, "mediation-session-notice")
    mine = enter(desk, case["id"])
    path = f"/party/cases/{case['id']}/documents"
    (listed,) = as_party(desk, "GET", path, None, mine, 200)["items"]
    assert listed["receipt"] == {"served_on": None, "may_receive": True}
    assert desk.problem("POST", f"{path}/{document_id}/receipt", {"consents": False}, by=None, headers=mine)[0] == 422
    first = as_party(desk, "POST", f"{path}/{document_id}/receipt", {"consents": True}, mine, 200)
    assert first == {"served_on": desk.today.isoformat(), "may_receive": False}
    desk.clock.advance(timedelta(minutes=30))
    assert as_party(desk, "POST", f"{path}/{document_id}/receipt", {"consents": True}, mine, 200) == first
    register = desk.get(f"/cases/{case['id']}/services", by="mediator")["items"]
    (entry,) = next(each for each in register if each["kind"] == "mediation-session-notice")["services"]
    assert (entry["method"], entry["has_consent"]) == ("electronic", True)


def test_the_agreement_is_signed_with_a_code_of_its_own_that_works_once(desk: ServiceDesk) -> None:
    case = desk.case(**PARTIES)
    sent_to_mediation(desk, case)
    document_id = paper(desk, case, "mediation-agreement")
    mine = enter(desk, case["id"])
    path = f"/party/cases/{case['id']}"
    sign = f"{path}/signatures"
    entered = sent_code(desk)  # the code that opened the session signs nothing
    body = {"document_id": document_id, "code": entered}
    assert desk.problem("POST", sign, body, by=None, headers=mine) == (401, "party_code_refused")
    asked = as_party(desk, "POST", f"{path}/signature-codes", {"document_id": document_id}, mine, 202)
    assert asked["phone"] == "138******00"
    body["code"] = sent_code(desk)
    found = as_party(desk, "POST", sign, body, mine, 200)
    assert (found["is_signed"], found["may_sign"], found["missing"]) == (True, False, 3)
    assert desk.problem("POST", sign, body, by=None, headers=mine) == (409, "signature_exists")
    (row,) = desk.get(f"/cases/{case['id']}/signatures", by="mediator")["signatures"]
    assert (row["signatory"], row["level"], row["document_id"]) == ("applicant-1", "basic", document_id)
    (told,) = desk.rows(history, history.c.kind == "party-signed")
    assert {"sha256", "code_id", "session_id", "document_id"} <= told.facts.keys()


def test_only_the_agreement_that_stands_can_be_signed(desk: ServiceDesk) -> None:
    case = desk.case(**PARTIES)
    sent_to_mediation(desk, case)
    notice = paper(desk, case, "rights-notice")
    old = paper(desk, case, "mediation-agreement")
    new = paper(desk, case, "mediation-agreement")
    mine = enter(desk, case["id"])
    path = f"/party/cases/{case['id']}/signature-codes"
    for document_id, expected in ((notice, 409), (old, 404), (str(uuid4()), 404), (new, 202)):
        answer = desk.call("POST", path, {"document_id": document_id}, by=None, headers=mine)
        assert answer.status_code == expected, document_id


@pytest.mark.parametrize("content", [b"<script>", b"MZ\x90", b"", b"\x89PNG\r\n", b"GIF89a"])
def test_only_files_that_are_what_they_may_be_are_taken(desk: ServiceDesk, content: bytes) -> None:
    case = desk.case(**PARTIES)
    assert upload(desk, case["id"], enter(desk, case["id"]), content).status_code == 415


def test_a_payment_is_reported_with_its_proof_and_not_booked(desk: ServiceDesk) -> None:
    case = desk.case(**PARTIES)
    mine = enter(desk, case["id"])
    proof = upload(desk, case["id"], mine, kind="payment-proof").get_json()["id"]
    with desk.engine.begin() as connection:
        connection.execute(sa.text("update dispute set stage = 'perf_running'"))
    body = {"kind": "payment-report", "amount": "5000.00", "happened_on": desk.today.isoformat(), "document_id": proof}
    path = f"/party/cases/{case['id']}"
    as_party(desk, "POST", f"{path}/messages", body, mine, 201)
    assert as_party(desk, "GET", f"{path}/payments", None, mine, 200)["paid"] == "0"
    (told,) = desk.get(f"/cases/{case['id']}/party-messages")["items"]
    assert (told["amount"], told["document_id"]) == ("5000.00", proof)
    other = enter(desk, case["id"], "respondent")
    assert desk.problem("POST", f"{path}/messages", body, by=None, headers=other) == (404, "not_found")
