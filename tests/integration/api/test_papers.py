"""Papers from the outside: versions, formats, voiding, and what strangers learn of them."""

import io
from uuid import UUID

import pytest

from casework.documents import PaperIssue, issue_paper, store_document
from casework.file_types import PDF
from casework.organisations import assign_organisation, send_to
from casework.store.tables import verification_failure
from casework.verification import FREE_FAILURES
from engine.domain.actor import Actor
from tests.integration.api.service_desk import ServiceDesk

REASON = {"reason": "金额写错"}
NOTHING = {
    "is_genuine": False,
    "state": None,
    "version": None,
    "replaced_by_version": None,
    "issued_on": None,
    "issuer": None,
}


def assigned(desk: ServiceDesk) -> UUID:
    case_id = UUID(desk.case()["id"])
    with desk.work(Actor("system")) as uow:
        assign_organisation(uow, case_id, desk.organisation_id("SZ-GML-MED"), "test")
        send_to(uow, case_id, "arbitration")
    return case_id


def issued(
    desk: ServiceDesk, case_id: UUID, key: str = "a", kind: str = "mediation-agreement"
) -> tuple[str, PaperIssue]:
    with desk.work(Actor("worker:test")) as uow:
        issue = issue_paper(uow, desk.bureau, case_id, kind, key)
        stored = store_document(
            uow,
            desk.bureau,
            case_id,
            kind=kind,
            title="调解协议书",
            content=b"%PDF-1 " + key.encode(),
            media_type=PDF,
            idempotency_key=key,
            issue=issue,
            editable=b"PK\x03\x04 word/document.xml",
        )
    return str(stored.document_id), issue


def test_versions_and_formats_of_a_paper_are_read(desk: ServiceDesk) -> None:
    case_id = assigned(desk)
    first, _ = issued(desk, case_id)
    second, _ = issued(desk, case_id, "b")
    for document in (first, second):
        items = desk.get(f"/documents/{document}/versions", by="mediator")["items"]
        assert [(each["id"], each["version"], each["state"]) for each in items] == [
            (first, 1, "superseded"),
            (second, 2, "current"),
        ]
    assert desk.get(f"/documents/{first}", by="mediator")["formats"] == ["pdf", "docx", "original"]
    word = desk.call("GET", f"/documents/{first}/content?format=docx", by="mediator")
    assert word.get_data().startswith(b"PK")
    assert word.headers["Content-Disposition"].endswith(".docx")
    assert desk.call("GET", f"/documents/{first}/content", by="mediator").get_data() == b"%PDF-1 a"
    assert desk.problem("GET", f"/documents/{first}/content?format=scan", by="mediator") == (
        404,
        "document_format_missing",
    )
    assert desk.problem("GET", f"/documents/{first}/content?format=exe", by="mediator")[0] == 422


def test_the_issuing_organisation_alone_voids_its_paper(desk: ServiceDesk) -> None:
    case_id = assigned(desk)
    document, issue = issued(desk, case_id)
    path = f"/documents/{document}/voiding"
    assert desk.problem("POST", path, REASON, by="worker") == (403, "forbidden")
    assert desk.problem("POST", path, REASON, by="supervisor") == (403, "forbidden")
    assert desk.problem("POST", path, REASON, by="clerk") == (403, "action_forbidden")
    assert desk.problem("POST", path, {"reason": ""}, by="mediator")[0] == 422
    desk.post(path, REASON, by="mediator")
    desk.post(path, {"reason": "again"}, by="mediator")
    shown = desk.get(f"/documents/{document}", by="mediator")
    assert (shown["state"], shown["void_reason"]) == ("voided", "金额写错")
    answer = desk.get(f"/verification?number={issue.number}&code={issue.code}", by=None)
    assert (answer["is_genuine"], answer["state"]) == (True, "voided")


def test_a_paper_is_made_anew_by_its_issuer_with_a_reason_and_by_a_job_only(desk: ServiceDesk) -> None:
    document, _ = issued(desk, assigned(desk))
    path = f"/documents/{document}/reissue"
    for by, status in (("worker", 403), ("supervisor", 403), ("clerk", 403), ("tengzhou", 403)):
        assert desk.problem("POST", path, REASON, by=by)[0] == status
    assert desk.problem("POST", path, {}, by="mediator")[0] == 422
    assert desk.problem("POST", path, REASON, by="mediator") == (409, "document_not_issued")  # no job made this one
    assert len(desk.get(f"/documents/{document}/versions", by="mediator")["items"]) == 1


def test_the_register_keeps_void_numbers_with_their_reason(desk: ServiceDesk) -> None:
    case_id = assigned(desk)
    document, issue = issued(desk, case_id)
    desk.post(f"/documents/{document}/voiding", REASON, by="mediator")
    issued(desk, case_id, "b")
    items = desk.get(f"/cases/{case_id}/paper-numbers", by="head")["items"]
    assert [(each["number"], each["void_reason"], each["voided_by"]) for each in items] == [
        (issue.number, "金额写错", "mediator"),
        (issue.number.replace("号", "-1号"), None, None),
    ]
    for by in ("tengzhou", "court"):
        assert desk.problem("GET", f"/cases/{case_id}/paper-numbers", by=by)[0] == 404
    assert desk.problem("GET", f"/cases/{case_id}/paper-numbers", by="worker")[0] == 403


def test_a_paper_out_of_scope_is_not_there(desk: ServiceDesk) -> None:
    desk.case()
    other = desk.case(area_code="370403001", applicants=[{"kind": "person", "name": "钱七"}])
    with desk.work(Actor("system")) as uow:
        assign_organisation(uow, UUID(other["id"]), desk.organisation_id("XC-LC-MED"), "test")
    document, _ = issued(desk, UUID(other["id"]))
    for by in ("mediator", "head", "tengzhou", "worker", "clerk"):
        for method, path, body in (
            ("GET", f"/documents/{document}", None),
            ("GET", f"/documents/{document}/versions", None),
            ("GET", f"/documents/{document}/content", None),
            ("POST", f"/documents/{document}/voiding", REASON),
        ):
            status, _ = desk.problem(method, path, body, by=by)
            assert status == 404 or (by in ("tengzhou", "worker") and status == 403 and method == "POST"), (by, path)


def upload(desk: ServiceDesk, document: str, content: bytes, name: str, by: str = "mediator", **fields: str):
    return desk.call(
        "POST",
        f"/documents/{document}/versions",
        by=by,
        data={"reason": "补充条款", **fields, "file": (io.BytesIO(content), name)},
        content_type="multipart/form-data",
    )


def test_an_edited_word_file_becomes_the_final_version(desk: ServiceDesk) -> None:
    case_id = assigned(desk)
    document, issue = issued(desk, case_id)
    answer = upload(desk, document, b"PK\x03\x04 word/document.xml edited", "定稿.docx")
    assert answer.status_code == 201, answer.get_json()
    edited = answer.get_json()["id"]
    shown = desk.get(f"/documents/{edited}", by="mediator")
    assert (shown["source"], shown["version"], shown["number"], shown["reason"]) == (
        "edited",
        2,
        issue.number,
        "补充条款",
    )
    assert desk.get(f"/documents/{document}", by="mediator")["superseded_by"] == edited
    found = desk.get(f"/verification?number={issue.number}&code={issue.code}", by=None)
    assert (found["state"], found["version"]) == ("current", 2)


@pytest.mark.parametrize(
    ("content", "name", "fields", "by", "status"),
    [
        (b"\x89PNG\r\n\x1a\n", "a.png", {}, "mediator", 415),
        (b"MZ evil", "a.pdf", {}, "mediator", 415),
        (b"%PDF-1", "a.pdf", {"reason": ""}, "mediator", 422),
        (b"%PDF-1", "a.pdf", {"extra": "x"}, "mediator", 422),
        (b"%PDF-1", "a.pdf", {}, "reviewer", 403),
        (b"%PDF-1", "a.pdf", {}, "worker", 403),
    ],
)
def test_an_edited_version_is_refused(desk: ServiceDesk, content, name, fields, by, status) -> None:
    document, _ = issued(desk, assigned(desk))
    assert upload(desk, document, content, name, by, **fields).status_code == status
    assert len(desk.get(f"/documents/{document}/versions", by="mediator")["items"]) == 1


# --- strangers -------------------------------------------------------------------------------------------------------


def test_a_stranger_learns_whether_a_paper_is_genuine_and_nothing_of_the_parties(desk: ServiceDesk) -> None:
    _, issue = issued(desk, assigned(desk))
    told = desk.get(f"/verification?number={issue.number}&code={issue.code}", by=None)
    assert told == {
        "is_genuine": True,
        "state": "current",
        "version": 1,
        "replaced_by_version": None,
        "issued_on": "2026-03-02",
        "issuer": "市中区光明路街道劳动人事争议调解中心",
    }


def test_wrong_number_and_wrong_code_are_answered_alike(desk: ServiceDesk) -> None:
    _, issue = issued(desk, assigned(desk))
    for number, code in (
        (issue.number, "ACDE-ACDE-ACDE"),
        ("枣市中光明调〔2026〕99号", issue.code),
        ("'; drop table document; --", "x"),
        (issue.number, "x" * 5000),
    ):
        assert desk.get("/verification", by=None, query_string={"number": number, "code": code}) == NOTHING


@pytest.mark.parametrize("query", ["", "?number=x", "?code=x", "?number=x&code=%20", "?number=x&code=y&case=1"])
def test_an_incomplete_question_is_no_wrong_answer(desk: ServiceDesk, query: str) -> None:
    assert desk.problem("GET", f"/verification{query}", by=None)[0] == 422
    assert desk.rows(verification_failure) == []


def test_guessing_is_stopped_on_both_ways_together(desk: ServiceDesk) -> None:
    _, issue = issued(desk, assigned(desk))
    wrong = {"number": issue.number, "code": "ACDE-ACDE-ACDE"}
    for at in range(FREE_FAILURES):
        path = "/api/v1/verification" if at % 2 else "/verify"
        with desk.app.test_client() as client:
            assert client.get(path, query_string=wrong).status_code == 200
    right = {"number": issue.number, "code": issue.code}
    answer = desk.call("GET", "/verification", by=None, query_string=right)
    assert (answer.status_code, answer.get_json()["code"]) == (429, "verification_throttled")
    assert int(answer.headers["Retry-After"]) > 0
    with desk.app.test_client() as client:
        page = client.get("/verify", query_string=right)
    assert page.status_code == 429
    assert "失败次数过多" in page.get_data(as_text=True)


@pytest.mark.parametrize(
    ("state", "expected"),
    [("current", "为现行版本"), ("superseded", "第 2 版替换"), ("voided", "已作废"), ("wrong", "未查到该文书")],
)
def test_the_page_says_it_without_a_script(desk: ServiceDesk, state: str, expected: str) -> None:
    case_id = assigned(desk)
    document, issue = issued(desk, case_id)
    match state:
        case "superseded":
            issued(desk, case_id, "b")
        case "voided":
            desk.post(f"/documents/{document}/voiding", REASON, by="mediator")
    code = "ACDE-ACDE-ACDE" if state == "wrong" else issue.code
    with desk.app.test_client() as client:
        page = client.get("/verify", query_string={"number": issue.number, "code": code})
        style = client.get("/verify/style.css")
    text = page.get_data(as_text=True)
    assert expected in text
    assert "张三" not in text
    assert "<script" not in text
    assert " style=" not in text
    assert page.headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'self'")
    assert style.mimetype == "text/css"


def test_what_is_typed_into_the_page_is_shown_as_text(desk: ServiceDesk) -> None:
    with desk.app.test_client() as client:
        page = client.get("/verify", query_string={"number": '"><img src=x onerror=alert(1)>', "code": "<b>"})
    text = page.get_data(as_text=True)
    assert "<img" not in text
    assert "<b>" not in text
    assert "请填写完整" in text


# --- clauses ---------------------------------------------------------------------------------------------------------


def test_clauses_are_proposed_for_a_case_with_its_names_and_amounts(desk: ServiceDesk) -> None:
    case_id = assigned(desk)
    items = {each["code"]: each for each in desk.get(f"/clauses?case_id={case_id}", by="mediator")["items"]}
    assert "某某机械有限公司于＿＿＿＿年＿＿月＿＿日前一次性支付张三" in items["wages-lump-sum"]["text"]
    assert "人民币18,000.00元（大写：壹万捌仟元整）" in items["wages-lump-sum"]["text"]
    assert items["wages-lump-sum"]["missing"] == ["履行期限"]
    assert "severance" not in items
    plain = {each["code"]: each for each in desk.get("/clauses?cause=damages", by="mediator")["items"]}
    assert "{amount}" in plain["damages"]["text"]
    assert {each["topic"] for each in desk.get("/clauses?topic=breach", by="union")["items"]} == {"breach"}


def test_clauses_of_a_case_out_of_scope_are_not_filled(desk: ServiceDesk) -> None:
    case_id = desk.case()["id"]
    for by, status in (("mediator", 404), ("worker", 404), ("supervisor", 403), ("tengzhou", 404)):
        assert desk.problem("GET", f"/clauses?case_id={case_id}", by=by)[0] == status
    assert desk.problem("GET", "/clauses?topic=weather", by="mediator")[0] == 422
