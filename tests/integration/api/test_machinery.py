"""Models, instances, jobs, timers, incidents and messages over HTTP."""

import io
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa

from engine.commands.fail_job import fail_job
from engine.domain.actor import Actor
from engine.store.tables import job, process_definition
from tests.bpmn_builder import END, START, boundary, file, node, parameters, process, service, timer
from tests.integration.api.service_desk import ServiceDesk

TASK = node("userTask", "a", camunda_candidateGroups="window-clerk")
GOOD = file(process("leave", START, END, TASK, "start>a", "a>end")).decode()
BAD = file(process("leave", START, END, service("s", "no-such-job"), "start>s", "s>end")).decode()
JOB = (START, END, service("s", "work", parameters({"n": "${n}"}, retry="PT10S")), "start>s", "s>end")


def test_a_deployment_by_json_and_by_upload_is_the_same(desk: ServiceDesk) -> None:
    first = desk.call("POST", "/deployments", {"resources": [{"name": "l.bpmn", "content": GOOD}]}, by="designer")
    assert first.status_code == 201
    told = first.get_json()
    assert [(each["key"], each["version"], each["is_new"]) for each in told["process_definitions"]] == [
        ("dispute", 1, False),
        ("leave", 1, True),
    ]
    again = desk.call(
        "POST",
        "/deployments",
        by="designer",
        data={"files": [(io.BytesIO(GOOD.encode()), "l.bpmn")], "note": "again"},
        content_type="multipart/form-data",
    )
    assert (again.status_code, again.get_json()["is_new"]) == (200, False)
    found = desk.get(first.headers["Location"], by="designer")
    assert {item["name"]: item["is_carried"] for item in found["resources"]} == {"l.bpmn": False, "test.bpmn": True}
    assert len(desk.get("/deployments", by="admin")["items"]) == 2


def test_a_bad_model_is_refused_with_every_finding_in_the_readers_language(desk: ServiceDesk) -> None:
    body = {"resources": [{"name": "l.bpmn", "content": BAD}, {"name": "x.bpmn", "content": "<!DOCTYPE a><a/>"}]}
    for language in ("zh", "en"):
        answer = desk.call("POST", f"/deployments?lang={language}", body, by="designer")
        problem = answer.get_json()
        assert (answer.status_code, problem["code"]) == (422, "model_invalid")
        assert {finding["file"] for finding in problem["findings"]} >= {"l.bpmn", "x.bpmn"}
        unknown = next(each for each in problem["findings"] if each["rule"] == "unknown-job-type")
        assert (unknown["element_id"], unknown["severity"]) == ("s", "error")
        assert "no-such-job" in unknown["message"]
        assert any("一" <= letter <= "鿿" for letter in unknown["message"]) == (language == "zh")
    assert len(desk.rows(process_definition)) == 1


@pytest.mark.parametrize("name", ["", "/etc/x.bpmn", "../x.bpmn", "a\\b.bpmn", "x" * 201])
def test_a_file_name_that_leads_elsewhere_is_refused(desk: ServiceDesk, name: str) -> None:
    body = {"resources": [{"name": name, "content": GOOD}]}
    assert desk.problem("POST", "/deployments", body, by="designer") == (422, "request_invalid")


def test_a_file_sent_twice_in_one_deployment_is_refused(desk: ServiceDesk) -> None:
    body = {"resources": [{"name": "l.bpmn", "content": GOOD}] * 2}
    answer = desk.call("POST", "/deployments", body, by="designer").get_json()
    assert [(error["path"], error["code"]) for error in answer["errors"]] == [("resources[1].name", "duplicate")]


def test_a_deployment_without_files_or_of_another_type_is_refused(desk: ServiceDesk) -> None:
    assert desk.problem("POST", "/deployments", {"resources": []}, by="designer")[0] == 422
    assert desk.problem("POST", "/deployments", data=b"x", content_type="text/xml", by="designer")[0] == 415
    empty = desk.call("POST", "/deployments", by="designer", data={"note": "x"}, content_type="multipart/form-data")
    assert (empty.status_code, empty.get_json()["code"]) == (422, "deployment_empty")


def test_definitions_are_listed_and_given_as_xml_and_picture(desk: ServiceDesk) -> None:
    path = Path("processes/mediation/mediation.bpmn")
    drawn = next(Path("processes").glob("*/*.bpmn"), path).read_bytes()
    definition = desk.get("/process-definitions?key=dispute")["items"][0]
    xml = desk.call("GET", f"/process-definitions/{definition['id']}/xml")
    assert b'<bpmn:process id="dispute"' in xml.data
    assert desk.problem("GET", f"/process-definitions/{definition['id']}/diagram") == (422, "diagram_missing")
    with desk.engine.begin() as connection:
        connection.execute(sa.text("update resource set content = :drawn"), {"drawn": drawn})
    picture = desk.call("GET", f"/process-definitions/{definition['id']}/diagram")
    assert (picture.status_code, picture.mimetype) == (200, "image/svg+xml")
    assert picture.data.lstrip().startswith((b"<svg", b"<?xml"))
    assert "script-src" not in picture.headers["Content-Security-Policy"]


def test_all_versions_of_a_definition_can_be_listed(desk: ServiceDesk) -> None:
    for name in ("b", "c"):
        changed = GOOD.replace('name="a"', f'name="{name}"')
        desk.post("/deployments", {"resources": [{"name": "l.bpmn", "content": changed}]}, by="designer")
    newest = desk.get("/process-definitions?key=leave")["items"]
    every = desk.get("/process-definitions?key=leave&all_versions=true")["items"]
    assert [each["version"] for each in newest] == [2]
    assert [each["version"] for each in every] == [1, 2]


def test_an_instance_shows_where_it_stands_and_its_variables(desk: ServiceDesk) -> None:
    variables = {"day": {"$type": "date", "value": "2026-02-01"}, "n": 3}
    started = desk.trial(START, END, TASK, "start>a", "a>end", **variables)
    found = desk.get(f"/process-instances/{started['instance_id']}", by="admin")
    assert found["variables"] == {"day": "2026-02-01", "n": 3}
    assert [token["element_id"] for token in found["tokens"]] == ["a"]
    assert found["state"] == "active"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"process_key": "nothing", "business_key": "k"}, (404, "not_found")),
        ({"process_key": "dispute"}, (422, "request_invalid")),
        ({"business_key": "k"}, (422, "request_invalid")),
        ({"process_key": "dispute", "message_name": "m", "business_key": "k"}, (422, "request_invalid")),
        ({"message_name": "nobody-waits", "business_key": "k"}, (404, "not_found")),
        ({"process_key": "dispute", "business_key": "k", "version": 99}, (404, "not_found")),
        ({"process_key": "dispute", "business_key": "k", "version": 2**40}, (422, "request_invalid")),
        ({"process_key": "dispute", "case_id": "00000000-0000-0000-0000-000000000007"}, (404, "not_found")),
        (
            {"process_key": "dispute", "business_key": "k", "variables": {"a": {"$type": "date", "value": "soon"}}},
            (422, "request_invalid"),
        ),
    ],
)
def test_a_start_that_cannot_be_is_refused(
    desk: ServiceDesk, body: dict[str, object], expected: tuple[int, str]
) -> None:
    assert desk.problem("POST", "/process-instances", body, by="admin") == expected


def test_a_business_key_that_is_taken_is_a_conflict(desk: ServiceDesk) -> None:
    body = {"process_key": "dispute", "business_key": "k"}
    desk.post("/process-instances", body, by="admin")
    assert desk.problem("POST", "/process-instances", body, by="admin") == (409, "business_key_taken")


def test_a_suspended_instance_takes_no_completion_until_it_is_resumed(desk: ServiceDesk) -> None:
    started = desk.trial(START, END, TASK, "start>a", "a>end")
    path, task = f"/process-instances/{started['instance_id']}", started["user_tasks"][0]["id"]
    assert desk.call("PUT", f"{path}/suspension", {"reason": "核查"}, by="admin").status_code == 204
    assert desk.problem("POST", f"/user-tasks/{task}/completion", {}) == (409, "process_instance_not_active")
    assert desk.problem("PUT", f"{path}/suspension", {"reason": "核查"}, by="admin")[0] == 409
    assert desk.problem("DELETE", f"{path}/suspension", by="admin") == (422, "request_invalid")
    resumed = desk.call("DELETE", f"{path}/suspension?reason=done", by="admin")
    assert resumed.get_json()["state"] == "active"
    assert desk.post(f"/user-tasks/{task}/completion", {})["state"] == "completed"


def test_a_canceled_instance_closes_its_tasks(desk: ServiceDesk) -> None:
    started = desk.trial(START, END, TASK, "start>a", "a>end")
    path, task = f"/process-instances/{started['instance_id']}", started["user_tasks"][0]["id"]
    assert desk.problem("POST", f"{path}/cancellation", {"reason": ""}, by="admin")[0] == 422
    assert desk.post(f"{path}/cancellation", {"reason": "误开"}, by="admin")["state"] == "canceled"
    assert desk.problem("POST", f"/user-tasks/{task}/completion", {}) == (409, "user_task_canceled")


def test_an_external_worker_leases_extends_and_completes_a_job(desk: ServiceDesk) -> None:
    started = desk.trial(*JOB, declared="n: int", n=3)
    (job,) = desk.get("/jobs?state=waiting", by="admin")["items"]
    assert "input" not in job
    (leased,) = desk.post("/jobs/leases", {"worker": "w", "job_types": ["work"]}, by="partner")["items"]
    assert (leased["id"], leased["input"], leased["attempts"]) == (job["id"], {"n": 3}, 1)
    assert leased["idempotency_key"] == job["id"]
    path = f"/jobs/{job['id']}"
    assert desk.post("/jobs/leases", {"worker": "v", "job_types": ["work"]}, by="partner")["items"] == []
    extended = desk.call("PUT", f"{path}/lease", {"worker": "w", "lease_seconds": 600}, by="partner").get_json()
    assert extended["lease_expires_at"] > leased["lease_expires_at"]
    wrong = {"worker": "v", "result": {"done": True}}
    assert desk.problem("POST", f"{path}/completion", wrong, by="partner") == (409, "job_not_leased")
    done = desk.post(f"{path}/completion", {"worker": "w", "result": {"done": True}}, by="partner")
    assert (done["state"], done["instance_id"]) == ("completed", started["instance_id"])


def test_a_lease_asked_for_twice_with_one_key_gives_the_same_jobs(desk: ServiceDesk) -> None:
    desk.trial(*JOB, declared="n: int", n=3)
    body = {"worker": "w", "job_types": ["work"]}
    first, again = (desk.post("/jobs/leases", body, by="partner", key="k1") for _ in range(2))
    assert first == again
    assert len(first["items"]) == 1


def test_a_misspelt_job_type_is_told_not_waited_for(desk: ServiceDesk) -> None:
    answer = desk.call("POST", "/jobs/leases", {"worker": "w", "job_types": ["wrok"]}, by="partner")
    assert answer.status_code == 422
    assert [error["path"] for error in answer.get_json()["errors"]] == ["job_types[0]"]


def test_an_incident_is_told_in_two_languages_at_once(desk: ServiceDesk) -> None:
    desk.trial(*JOB, declared="n: int", n=3)
    (leased,) = desk.post("/jobs/leases", {"worker": "w", "job_types": ["work"]}, by="partner")["items"]
    (row,) = desk.rows(job)
    with desk.work(Actor("external:partner")) as uow:
        fail_job(uow, UUID(leased["id"]), row.lease_owner, "没有接通", is_final=True, failure_en="no answer")
    (incident,) = desk.get("/incidents", by="admin")["items"]
    assert incident["message"] == "没有接通"
    (incident,) = desk.get("/incidents?lang=en", by="admin")["items"]
    assert incident["message"] == "no answer"


def test_a_job_that_fails_is_tried_again_then_raises_an_incident_that_a_retry_resolves(desk: ServiceDesk) -> None:
    desk.trial(*JOB, declared="n: int", n=3)
    lease = {"worker": "w", "job_types": ["work"]}
    for expected in (None, "incident"):
        (leased,) = desk.post("/jobs/leases", lease, by="partner")["items"]
        failed = desk.post(f"/jobs/{leased['id']}/failure", {"worker": "w", "failure": "没有接通"}, by="partner")
        assert (failed["incident_id"] is None) == (expected is None)
        desk.clock.advance(timedelta(seconds=11))
    (incident,) = desk.get("/incidents", by="admin")["items"]
    assert incident["id"] == failed["incident_id"]
    assert "没有接通" in incident["message"]
    desk.post(f"/incidents/{incident['id']}/resolution", {"resolution": "已恢复"}, by="admin")
    assert desk.get("/incidents", by="admin")["items"] == []
    (resolved,) = desk.get("/incidents?state=resolved", by="admin")["items"]
    assert (resolved["resolved_by"], resolved["resolution"]) == ("admin", "已恢复")
    assert desk.problem("POST", f"/incidents/{incident['id']}/resolution", {}, by="admin") == (
        409,
        "incident_already_resolved",
    )
    assert len(desk.post("/jobs/leases", lease, by="partner")["items"]) == 1


def test_a_bpmn_error_that_nothing_catches_is_told_and_the_job_stays_leased(desk: ServiceDesk) -> None:
    desk.trial(*JOB, declared="n: int", n=3)
    (leased,) = desk.post("/jobs/leases", {"worker": "w", "job_types": ["work"]}, by="partner")["items"]
    body = {"worker": "w", "error_code": "nobody-home", "message": "x"}
    status, _ = desk.problem("POST", f"/jobs/{leased['id']}/bpmn-error", body, by="partner")
    assert status in (409, 422)
    assert desk.get("/jobs?state=leased", by="admin")["items"][0]["id"] == leased["id"]


def test_timers_are_listed_by_due_time_with_what_they_read(desk: ServiceDesk) -> None:
    late = boundary("late", "a", timer("Duration", "P15D"), interrupting=False)
    desk.trial(START, END, TASK, late, node("endEvent", "over"), "start>a", "a>end", "late>over")
    (found,) = desk.get("/timers", by="admin")["items"]
    assert (found["element_id"], found["state"], found["kind"]) == ("late", "waiting", "duration")
    assert desk.get("/timers?due_before=2026-03-02T00:00:00Z", by="admin")["items"] == []
    assert desk.problem("GET", "/timers?due_before=2026-03-02", by="admin") == (422, "request_invalid")
