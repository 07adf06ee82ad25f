"""Signatures over HTTP: recorded, seen, withdrawn, and what a form is opened with."""

import io
from uuid import uuid4

import pytest

from engine.domain.resource import Resource
from tests.bpmn_builder import END, START, file, node, process
from tests.integration.api.service_desk import ServiceDesk

EVERYBODY = ("applicant-1", "respondent-1", "mediator-1", "organisation")
FORM = b"""{"type": "default", "id": "sign", "schemaVersion": 16, "components": [
  {"type": "dynamiclist", "path": "agreement_signatures", "id": "L", "components": [
    {"type": "select", "key": "signatory", "valuesKey": "signatory_options", "label": "s", "id": "S"},
    {"type": "datetime", "subtype": "date", "key": "signed_on", "dateLabel": "d", "id": "D"}]},
  {"type": "textarea", "key": "agreement_terms", "label": "t", "id": "T"},
  {"type": "textarea", "key": "mediation_record", "label": "r", "id": "R"}]}"""
SIGNED = file(
    process(
        "dispute",
        START,
        END,
        node("userTask", "a", camunda_candidateGroups="window-clerk,mediator", camunda_formKey="sign"),
        "start>a",
        "a>end",
    )
)


def rows(*codes: str, on: str = "2026-02-27") -> list[dict]:
    return [{"signatory": code, "signed_on": on} for code in codes]


def upload(desk: ServiceDesk, case_id: str) -> str:
    answer = desk.call(
        "POST",
        f"/cases/{case_id}/documents",
        data={"file": (io.BytesIO(b"%PDF-1.7\n%..."), "scan.pdf"), "kind": "signed-agreement"},
        content_type="multipart/form-data",
    )
    return str(answer.get_json()["id"])


def test_an_agreement_signed_by_everybody_is_not_in_effect(desk: ServiceDesk) -> None:
    case_id = desk.case()["id"]
    told = desk.post(f"/cases/{case_id}/signatures", {"signatures": rows(*EVERYBODY[:3])})
    assert (told["gate"], told["effective_on"]) == ("open", None)
    assert {each["signatory"]: each["code"] for each in told["missing"]}["organisation"] == "not-signed"
    body = {"signatures": rows("organisation", on="2026-02-28"), "signed_copy": upload(desk, case_id)}
    told = desk.post(f"/cases/{case_id}/signatures", body)
    assert (told["gate"], told["effective_on"], told["missing"]) == ("satisfied", "2026-02-28", [])
    assert desk.get(f"/cases/{case_id}/signatures", by="supervisor")["effective_on"] == "2026-02-28"
    assert {each["recorded_by"] for each in told["signatures"]} == {"window"}
    current = next(each["id"] for each in told["signatures"] if each["signatory"] == "organisation")
    told = desk.post(f"/cases/{case_id}/signatures/{current}/withdrawal", {"reason": "误盖"})
    assert (told["gate"], told["effective_on"]) == ("open", None)
    path = f"/cases/{case_id}/signatures/{current}/withdrawal"
    assert desk.problem("POST", path, {"reason": "再撤"}) == (409, "signature_gone")
    assert desk.problem("POST", path, {"reason": ""}) == (422, "request_invalid")
    path = f"/cases/{case_id}/signatures/{uuid4()}/withdrawal"
    assert desk.problem("POST", path, {"reason": "无"}) == (404, "not_found")


def test_the_same_request_twice_records_twice(desk: ServiceDesk) -> None:
    case_id = desk.case()["id"]
    for _ in range(2):
        told = desk.post(f"/cases/{case_id}/signatures", {"signatures": rows("organisation")}, key="once")
        assert len(told["signatures"]) == 1


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"signatures": [{"signatory": "applicant-1"}]}, "request_invalid"),
        ({"signatures": [{"signatory": "applicant-1", "signed_on": "2026-02-30"}]}, "request_invalid"),
        ({"signatures": [{"signatory": "applicant-1", "signed_on": "2026-02-27", "level": "x"}]}, "request_invalid"),
        ({"signatures": rows("nobody")}, "input_invalid"),
        ({"signatures": rows("organisation", on="2031-01-01")}, "input_invalid"),
        ({"signatures": rows("organisation"), "signed_copy": str(uuid4())}, "input_invalid"),
        ({"signatures": rows("organisation"), "effective_on": "2026-02-27"}, "request_invalid"),
    ],
)
def test_bad_signatures_are_recorded(desk: ServiceDesk, body: dict, code: str) -> None:
    case_id = desk.case()["id"]
    assert desk.problem("POST", f"/cases/{case_id}/signatures", body) == (422, code)
    assert desk.get(f"/cases/{case_id}/signatures")["signatures"] == []


def test_a_scan_of_another_case_is_taken(desk: ServiceDesk) -> None:
    other, case_id = desk.case()["id"], desk.case()["id"]
    body = {"signatures": rows("organisation"), "signed_copy": upload(desk, other)}
    assert desk.problem("POST", f"/cases/{case_id}/signatures", body) == (422, "input_invalid")


@pytest.mark.parametrize(("by", "status"), [("worker", 403), ("designer", 403), ("tengzhou", 404), ("mediator", 404)])
def test_somebody_records_signatures_in_a_case_that_is_not_theirs(desk: ServiceDesk, by: str, status: int) -> None:
    case_id = desk.case()["id"]
    assert (
        desk.problem("POST", f"/cases/{case_id}/signatures", {"signatures": rows("organisation")}, by=by)[0] == status
    )
    assert desk.problem("GET", f"/cases/{case_id}/signatures", by="tengzhou")[0] == 404
    assert desk.problem("GET", f"/cases/{case_id}/signatures", by="designer")[0] == 403


def test_a_form_opens_without_names_texts_and_those_who_must_sign(desk: ServiceDesk) -> None:
    desk.deploy(SIGNED, Resource("sign.form", FORM))
    case_id = desk.case()["id"]
    (task,) = desk.get(f"/user-tasks?case_id={case_id}")["items"]
    with desk.as_user("window") as uow:
        values = {"agreement_terms": "支付工资", "mediation_record": "保密"}
        desk.platform.host.record_inputs(uow.connection, case_id, values, actor_id="x", now=uow.now, reason=None)
    desk.post(f"/cases/{case_id}/signatures", {"signatures": rows("organisation")})
    data = desk.get(f"/user-tasks/{task['id']}")["data"]
    assert data["agreement_terms"] == "支付工资"
    assert "mediation_record" not in data
    assert [each["label"] for each in data["signatory_options"]] == [
        "申请人1 张三",
        "被申请人1 某某机械有限公司",
        "调解员",
        "调解组织（盖章）",
    ]
    assert [each.get("signed_on") for each in data["agreement_signatures"]] == [None, None, None, "2026-02-27"]
