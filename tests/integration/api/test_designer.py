"""What a designer sees first: a check that keeps nothing, who made what live, and where instances stand on the diagram."""

import io

import pytest
import sqlalchemy as sa

from engine.store.tables import deployment, idempotency_key, process_definition, resource
from tests.bpmn_builder import END, START, boundary, call, file, node, parameters, process, service, subprocess, timer
from tests.integration.api.service_desk import ServiceDesk

TASK = node("userTask", "a", camunda_candidateGroups="window-clerk")
GOOD = file(process("leave", START, END, TASK, "start>a", "a>end")).decode()
BAD = file(process("leave", START, END, service("s", "no-such-job"), "start>s", "s>end")).decode()


def check(desk: ServiceDesk, *files: tuple[str, str], language: str = "zh") -> dict:
    body = {"resources": [{"name": name, "content": content} for name, content in files]}
    answer = desk.call("POST", f"/deployments/checks?lang={language}", body, by="designer", key=None)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_json()


def kept(desk: ServiceDesk) -> list[int]:
    tables = (deployment, resource, process_definition, idempotency_key)
    with desk.engine.connect() as connection:
        return [connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one() for table in tables]


def test_a_check_finds_what_a_deployment_would_find_and_keeps_nothing(desk: ServiceDesk) -> None:
    before = kept(desk)
    found = check(desk, ("l.bpmn", BAD), language="en")
    assert (found["is_deployable"], found["process_definitions"]) == (False, [])
    (unknown,) = [each for each in found["findings"] if each["rule"] == "unknown-job-type"]
    assert (unknown["file"], unknown["element_id"], unknown["severity"]) == ("l.bpmn", "s", "error")
    assert found["errors"] + found["warnings"] == len(found["findings"])
    assert kept(desk) == before
    body = {"resources": [{"name": "l.bpmn", "content": BAD}]}
    refused = desk.call("POST", "/deployments?lang=en", body, by="designer").get_json()
    assert refused["findings"] == found["findings"]


def test_a_check_tells_which_versions_a_deployment_would_make(desk: ServiceDesk) -> None:
    found = check(desk, ("l.bpmn", GOOD))
    assert (found["is_deployable"], found["errors"]) == (True, 0)
    shown = {(each["key"], each["version"], each["is_new"]) for each in found["process_definitions"]}
    assert shown == {("leave", 1, True), ("dispute", 1, False)}
    deployed = desk.post("/deployments", {"resources": [{"name": "l.bpmn", "content": GOOD}]}, by="designer")
    assert {(each["key"], each["version"], each["is_new"]) for each in deployed["process_definitions"]} == shown
    again = check(desk, ("l.bpmn", GOOD))
    assert ("leave", 1, False) in {
        (each["key"], each["version"], each["is_new"]) for each in again["process_definitions"]
    }
    changed = check(desk, ("m.bpmn", GOOD.replace('name="a"', 'name="b"')))
    assert ("leave", 2, True) in {
        (each["key"], each["version"], each["is_new"]) for each in changed["process_definitions"]
    }


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00\x01",
        b"<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>",
        b"<!DOCTYPE l [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;'>]><l>&b;</l>",
        b"<a>" * 100_000,
        b"\x00" * 1000,
        b'{"type": "default", "components": ' + b"[" * 10_000,
        file(process("p", START, END, node("scriptTask", "s", "<bpmn:script>open('/etc/passwd')</bpmn:script>"), "start>s", "s>end")),
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", ["x.bpmn", "x.dmn", "x.form", "x.exe"])
def test_no_file_however_hostile_breaks_a_check(desk: ServiceDesk, name: str, content: bytes) -> None:
    answer = desk.call(
        "POST",
        "/deployments/checks",
        by="designer",
        key=None,
        data={"files": [(io.BytesIO(content), name)]},
        content_type="multipart/form-data",
    )
    assert answer.status_code == 200, answer.get_data(as_text=True)
    told = answer.get_json()
    assert not told["is_deployable"]
    assert all(each["message"] for each in told["findings"])
    assert "root:" not in answer.get_data(as_text=True)


def test_nobody_but_designers_and_administrators_checks_files(desk: ServiceDesk) -> None:
    body = {"resources": [{"name": "l.bpmn", "content": GOOD}]}
    for username in ("window", "supervisor", "mediator", "worker", "partner"):
        assert desk.problem("POST", "/deployments/checks", body, by=username, key=None) == (403, "forbidden")
    assert desk.problem("POST", "/deployments/checks", {"resources": []}, by="admin", key=None)[0] == 422


def test_deployments_are_listed_with_who_made_what_live(desk: ServiceDesk) -> None:
    desk.post("/deployments", {"resources": [{"name": "l.bpmn", "content": GOOD}], "note": "请假"}, by="designer")
    newest, first = desk.get("/deployments", by="designer")["items"]
    assert (newest["deployed_by"], newest["note"], newest["sent_files"]) == ("designer", "请假", 1)
    assert [(each["key"], each["version"]) for each in newest["made_versions"]] == [("leave", 1)]
    assert [each["key"] for each in first["made_versions"]] == ["dispute"]


def states(progress: dict) -> dict[tuple[str, str], tuple[str, int]]:
    return {
        (diagram["process_key"], element["id"]): (element["state"], element["passes"])
        for diagram in progress["diagrams"]
        for element in diagram["elements"]
    }


def test_progress_tells_of_every_element_of_every_diagram_reached(desk: ServiceDesk) -> None:
    desk.deploy(
        file(
            process("q", '<bpmn:startEvent id="qs"/>', '<bpmn:endEvent id="qe"/>', service("w", "work", parameters({"n": "1"})), "qs>w", "w>qe")
        ),
        name="q.bpmn",
    )  # fmt: skip
    late = boundary("late", "a", timer("Duration", "P15D"), interrupting=False)
    inner = subprocess("box", '<bpmn:startEvent id="bs"/>', TASK, '<bpmn:endEvent id="be"/>', late, node("endEvent", "le"), "bs>a", "a>be", "late>le")  # fmt: skip
    started = desk.trial(START, END, inner, call("c", "q"), "start>box", "box>c", "c>end")
    path = f"/process-instances/{started['instance_id']}/progress"
    found = desk.get(path, by="admin")
    assert [diagram["process_key"] for diagram in found["diagrams"]] == ["trial"]
    assert states(found)["trial", "a"] == ("active", 0)
    assert states(found)["trial", "bs"] == states(found)["trial", "start"] == ("done", 1)
    assert states(found)["trial", "end"] == ("idle", 0)
    shown = {element["id"]: element for element in found["diagrams"][0]["elements"]}
    assert shown["late"]["due_at"] is not None
    assert (shown["late"]["attached_to"], shown["late"]["event"], shown["c"]["called_process"]) == ("a", "timer", "q")
    desk.post(f"/user-tasks/{started['user_tasks'][0]['id']}/completion", {})
    desk.fail_job("x", is_final=True)
    found = desk.get(path, by="admin")
    assert [diagram["process_key"] for diagram in found["diagrams"]] == ["trial", "q"]
    assert states(found)["q", "w"] == ("incident", 0)
    assert states(found)["trial", "a"] == ("done", 1)
    assert states(found)["trial", "c"][0] == "active"
    for diagram in found["diagrams"]:
        xml = desk.call("GET", f"/process-definitions/{diagram['definition_id']}/xml", by="designer").data.decode()
        assert all(f'id="{element["id"]}"' in xml for element in diagram["elements"])
    (incident,) = desk.get("/incidents", by="admin")["items"]
    assert [each["incidents"] for each in found["diagrams"][1]["elements"] if each["id"] == "w"] == [[incident["id"]]]


def test_progress_of_an_ended_instance_is_all_past(desk: ServiceDesk) -> None:
    started = desk.trial(START, END, TASK, "start>a", "a>end")
    desk.post(f"/user-tasks/{started['user_tasks'][0]['id']}/completion", {})
    found = desk.get(f"/process-instances/{started['instance_id']}/progress", by="admin")
    assert found["state"] == "completed"
    assert set(states(found).values()) == {("done", 1)}


def test_progress_of_a_case_out_of_scope_is_not_there(desk: ServiceDesk) -> None:
    case = desk.case()
    for username in ("tengzhou", "mediator", "worker"):
        path = f"/process-instances/{case['instance_id']}/progress"
        assert desk.problem("GET", path, by=username) == (404, "not_found")
    assert desk.get(f"/process-instances/{case['instance_id']}/progress", by="window")["diagrams"]
