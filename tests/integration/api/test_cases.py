"""Disputes over HTTP."""

import io

import pytest

from casework.store.tables import case_access, claim, party
from engine.store.tables import history, process_instance
from tests.integration.api.service_desk import CASE, ServiceDesk

PDF = b"%PDF-1.7\n%..."


def test_a_registered_dispute_runs_and_can_be_read(desk: ServiceDesk) -> None:
    answer = desk.call("POST", "/cases", CASE)
    told = answer.get_json()
    assert answer.headers["Location"] == f"/api/v1/cases/{told['id']}"
    found = desk.get(f"/cases/{told['id']}")
    assert found["number"] == told["number"]
    assert found["claim_total"] == "18000.00"
    assert [each["name"] for each in found["parties"]] == ["张三", "某某机械有限公司"]
    assert [task["element_id"] for task in found["open_user_tasks"]] == ["a"]
    assert [item["id"] for item in desk.get("/cases")["items"]] == [told["id"]]


def test_amounts_keep_every_digit(desk: ServiceDesk) -> None:
    body = CASE | {"claims": [{"cause_code": "wages", "amount": "99999999999.99"}]}
    case = desk.post("/cases", body)
    assert desk.get(f"/cases/{case['id']}")["claims"][0]["amount"] == "99999999999.99"


@pytest.mark.parametrize("amount", [1, 1.5, "NaN", "Infinity", "1e999999", "abc", "", "-0.01", "0.001", True, {}])
def test_an_amount_that_is_none_is_refused(desk: ServiceDesk, amount: object) -> None:
    body = CASE | {"claims": [{"cause_code": "wages", "amount": amount}]}
    answer = desk.call("POST", "/cases", body)
    assert answer.status_code == 422, answer.get_data(as_text=True)
    assert [error["path"] for error in answer.get_json()["errors"]] == ["claims[0].amount"]


def test_many_parties_agents_and_claims_are_kept(desk: ServiceDesk) -> None:
    people = [{"kind": "person", "name": f"劳动者{n}"} for n in range(12)]
    people[0]["agents"] = [{"kind": "lawyer", "name": "孙律师", "powers": "special"}]
    claims = [{"cause_code": "wages", "amount": "100.10", "applicant": n} for n in range(12)]
    case = desk.case(applicants=people, claims=claims)
    assert [warning["code"] for warning in case["warnings"]] == ["group"]
    found = desk.get(f"/cases/{case['id']}")
    assert (len(found["parties"]), len(found["claims"]), found["claim_total"]) == (13, 12, "1201.20")
    assert found["parties"][0]["agents"][0]["name"] == "孙律师"


def test_names_and_numbers_stand_nowhere_in_clear(desk: ServiceDesk) -> None:
    desk.case()
    stored = "".join(str(desk.rows(table)) for table in (party, claim, history, process_instance))
    for secret in ("张三", "370402199001011234", "13800000000", "李四", "工资未发"):
        assert secret not in stored


def test_a_case_is_found_by_number_stage_and_whole_name(desk: ServiceDesk) -> None:
    case = desk.case()
    desk.case(applicants=[{"kind": "person", "name": "赵六"}])
    for query in (f"q={case['number']}", f"q={case['business_key']}", "q=张三"):
        assert [item["id"] for item in desk.get(f"/cases?{query}")["items"]] == [case["id"]], query
    assert len(desk.get("/cases?stage=registered&stage=closed")["items"]) == 2
    assert desk.get("/cases?stage=closed")["items"] == []


def test_the_history_tells_what_happened_and_holds(desk: ServiceDesk) -> None:
    case = desk.case()
    rows = desk.get(f"/cases/{case['id']}/history?limit=3")
    assert [row["seq"] for row in rows["items"]] == [1, 2, 3]
    more = desk.get(f"/cases/{case['id']}/history?limit=3&cursor={rows['next_cursor']}")
    assert more["items"][0]["seq"] == 4
    assert desk.get(f"/cases/{case['id']}/history/verification") == {
        "is_intact": True,
        "rows": len(desk.rows(history)),
        "broken_at": None,
        "reason": None,
    }
    with desk.engine.begin() as connection:
        connection.execute(history.update().where(history.c.seq == 2).values(actor_id="user:nobody"))
    broken = desk.get(f"/cases/{case['id']}/history/verification")
    assert (broken["is_intact"], broken["broken_at"]) == (False, 2)


def test_an_event_date_is_recorded_corrected_with_a_reason_and_both_values_stay(desk: ServiceDesk) -> None:
    path = f"/cases/{desk.case()['id']}/event-dates"
    recorded = desk.call("PUT", f"{path}/mediation_application_received_on", {"value": "2026-03-01"}).get_json()
    assert (recorded["old"], recorded["new"]) == (None, "2026-03-01")
    assert desk.problem("PUT", f"{path}/mediation_application_received_on", {"value": "2026-02-28"}) == (
        422,
        "reason_missing",
    )
    corrected = desk.call(
        "PUT", f"{path}/mediation_application_received_on", {"value": "2026-02-28", "reason": "笔误"}
    ).get_json()
    assert (corrected["old"], corrected["new"]) == ("2026-03-01", "2026-02-28")
    values = [
        (item["value"], item["is_current"])
        for item in desk.get(path)["items"]
        if item["name"] == "mediation_application_received_on"
    ]
    assert values == [("2026-02-28", True), ("2026-03-01", False)]
    assert corrected["warnings"]


def test_event_dates_are_offered_to_nobody_else_and_one_that_was_recorded_no_more(desk: ServiceDesk) -> None:
    case = desk.case()
    path = f"/cases/{case['id']}/event-dates"
    assert [item["name"] for item in desk.get(f"{path}/offers")["items"]] == []
    assert desk.problem("GET", f"{path}/offers", by="worker") == (403, "forbidden")
    assert desk.problem("GET", f"{path}/offers", by="mediator") == (404, "not_found")


@pytest.mark.parametrize(
    ("name", "body", "expected"),
    [
        ("no_such_date", {"value": "2026-03-01"}, (422, "event_date_unknown")),
        ("received_on", {"value": "2027-03-01", "reason": "x"}, (422, "event_date_invalid")),
        ("received_on", {"value": "1999-03-01", "reason": "x"}, (422, "event_date_invalid")),
        ("received_on", {"value": "2026-02-30", "reason": "x"}, (422, "request_invalid")),
        ("received_on", {"reason": "x"}, (422, "request_invalid")),
    ],
)
def test_an_event_date_that_cannot_be_is_refused(
    desk: ServiceDesk, name: str, body: dict[str, str], expected: tuple[int, str]
) -> None:
    assert desk.problem("PUT", f"/cases/{desk.case()['id']}/event-dates/{name}", body) == expected


def upload(
    desk: ServiceDesk, case_id: str, content: bytes = PDF, name: str = "证据.pdf", *, by: str = "window", **more
):
    fields = {"kind": "evidence", "file": (io.BytesIO(content), name, "application/pdf")} | more.pop("fields", {})
    return desk.call(
        "POST", f"/cases/{case_id}/documents", by=by, data=fields, content_type="multipart/form-data", **more
    )


def test_an_uploaded_document_comes_back_byte_for_byte(desk: ServiceDesk) -> None:
    case = desk.case()
    answer = upload(desk, case["id"])
    assert answer.status_code == 201, answer.get_data(as_text=True)
    content = desk.call("GET", answer.headers["Location"])
    assert (content.data, content.mimetype) == (PDF, "application/pdf")
    assert content.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''")
    assert "sandbox" in content.headers["Content-Security-Policy"]
    (listed,) = desk.get(f"/cases/{case['id']}/documents")["items"]
    assert (listed["size"], listed["created_by"]) == (len(PDF), "window")
    assert listed["title"].startswith("证据材料（2026年"), "a name that says nothing stands in the index of the file"


def test_an_upload_sent_twice_is_kept_once(desk: ServiceDesk) -> None:
    case = desk.case()
    first, second = (upload(desk, case["id"], key="k1") for _ in range(2))
    assert first.get_json() == second.get_json()
    assert upload(desk, case["id"], PDF + b"!", key="k1").get_json()["code"] == "idempotency_key_reused"
    assert len(desk.get(f"/cases/{case['id']}/documents")["items"]) == 1


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"<script>alert(1)</script>", (415, "content_type_unsupported")),
        (b"MZ\x90\x00", (415, "content_type_unsupported")),
        (b"", (415, "content_type_unsupported")),
        (PDF + b"0" * (20 * 2**20), (413, "body_too_large")),
    ],
    ids=["html", "program", "empty", "too large"],
)
def test_a_file_that_is_not_what_it_says_or_too_large_is_refused(
    desk: ServiceDesk, content: bytes, expected: tuple[int, str]
) -> None:
    answer = upload(desk, desk.case()["id"], content)
    assert (answer.status_code, answer.get_json()["code"]) == expected


def test_an_upload_without_its_fields_is_refused(desk: ServiceDesk) -> None:
    case = desk.case()
    assert upload(desk, case["id"], fields={"kind": "../x"}).status_code == 422
    assert desk.problem("POST", f"/cases/{case['id']}/documents", {"kind": "evidence"})[0] == 415
    answer = desk.call(
        "POST", f"/cases/{case['id']}/documents", data={"kind": "evidence"}, content_type="multipart/form-data"
    )
    assert [error["path"] for error in answer.get_json()["errors"]] == ["file"]


def test_a_document_of_another_case_is_not_found_under_this_one(desk: ServiceDesk) -> None:
    one, other = desk.case(), desk.case()
    location = upload(desk, one["id"]).headers["Location"]
    assert desk.problem("GET", location.replace(one["id"], other["id"]))[0] == 404


def test_a_supervisor_checks_a_case_s_history_and_that_they_did_is_written_down(desk: ServiceDesk) -> None:
    case_id = desk.case()["id"]
    assert desk.get(f"/cases/{case_id}/history/verification", by="supervisor")["is_intact"] is True
    assert [row.purpose for row in desk.rows(case_access)] == ["verify_case_history"]
