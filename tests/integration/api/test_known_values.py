"""What a form is opened with, wherever its task waits."""

import json

from engine.domain.resource import Resource
from tests.bpmn_builder import END, START, call, file, multi_instance, node, process
from tests.integration.api.service_desk import ServiceDesk


def form(*keys: str) -> bytes:
    fields = [{"type": "textfield", "key": key, "label": key} for key in keys]
    return json.dumps({"type": "default", "id": "f", "components": fields}).encode()


def ask(name: str, inner: str = "") -> str:
    return node("userTask", name, inner, camunda_candidateGroups="window-clerk", camunda_formKey="f")


def opened(desk: ServiceDesk) -> list[dict[str, object]]:
    return [desk.get(f"/user-tasks/{each['id']}")["data"] for each in desk.get("/user-tasks")["items"]]


def test_a_task_in_a_called_process_is_opened_with_what_was_handed_in(desk: ServiceDesk) -> None:
    called = process("inner", START, END, ask("a"), "start>a", "a>end", variables="city: str")
    outer = process(
        "trial",
        START,
        END,
        call("c", "inner", {"city": "town"}),
        "start>c",
        "c>end",
        variables="town: str, street: str",
    )
    desk.deploy_forms(file(outer), {"f.form": form("city", "street"), "inner.bpmn": file(called)})
    desk.post(
        "/process-instances",
        {"process_key": "trial", "business_key": "t", "variables": {"town": "枣庄", "street": "光明路"}},
        by="admin",
    )
    assert opened(desk) == [{"city": "枣庄"}]


def test_each_item_of_a_multi_instance_task_is_opened_with_its_own(desk: ServiceDesk) -> None:
    parts = (START, END, ask("a", multi_instance("${names}", "name")), "start>a", "a>end")
    desk.trial(*parts, forms={"f.form": form("name")}, declared="names: list[str]", names=["甲", "乙"])
    assert sorted(str(data["name"]) for data in opened(desk)) == ["乙", "甲"]


def test_event_dates_of_a_dispute_are_known_to_its_forms(desk: ServiceDesk) -> None:
    desk.deploy_forms(
        file(process("dispute", START, END, ask("a"), "start>a", "a>end")),
        {"f.form": json.dumps({"type": "default", "id": "f", "components": [
            {"type": "datetime", "subtype": "date", "key": "received_on", "label": "收到日期", "dateLabel": "收到日期"}
        ]}).encode()},
    )  # fmt: skip
    desk.case()
    assert opened(desk) == [{"received_on": "2026-03-02"}]


def test_a_question_that_depends_on_the_process_is_asked_on_the_server_too(desk: ServiceDesk) -> None:
    """A field hidden by a variable of the process is not required, and one that it shows is."""
    asked = {
        "type": "default",
        "id": "f",
        "components": [
            {
                "type": "textfield",
                "key": "why",
                "label": "原因",
                "validate": {"required": True},
                "conditional": {"hide": "=is_small = true"},
            }
        ],
    }
    parts = (START, END, ask("a"), "start>a", "a>end")
    forms = {"f.form": json.dumps(asked).encode()}
    small = desk.trial(*parts, forms=forms, declared="is_small: bool", is_small=True)["user_tasks"][0]["id"]
    large = desk.trial(*parts, forms=forms, declared="is_small: bool", is_small=False)["user_tasks"][0]["id"]
    assert desk.get(f"/user-tasks/{small}")["data"] == {"is_small": True}
    assert desk.post(f"/user-tasks/{small}/completion", {"variables": {}})["state"] == "completed"
    assert desk.problem("POST", f"/user-tasks/{large}/completion", {"variables": {}}) == (422, "form_invalid")


def test_the_windows_of_confirmation_stand_still_when_a_signature_is_corrected(desk: ServiceDesk) -> None:
    form = (
        b'{"type": "default", "id": "choice", "schemaVersion": 16, "components": [{"type": "text", "id": "T",'
        b' "text": "{{review_until}} {{review_safe_until}} {{confirmation_until}} {{confirmation_safe_until}}"}]}'
    )
    task = node("userTask", "a", camunda_candidateGroups="window-clerk", camunda_formKey="choice")
    desk.deploy(file(process("dispute", START, END, task, "start>a", "a>end")), Resource("choice.form", form))
    case_id = desk.case()["id"]
    (task,) = desk.get(f"/user-tasks?case_id={case_id}")["items"]
    assert desk.get(f"/user-tasks/{task['id']}")["data"] == {}
    for day, wanted in (("2026-02-01", ["2026-02-24", "2026-02-16"]), ("2026-02-02", ["2026-02-24", "2026-02-17"])):
        desk.call("PUT", f"/cases/{case_id}/event-dates/agreement_effective_on", {"value": day, "reason": "更正"})
        data = desk.get(f"/user-tasks/{task['id']}")["data"]
        assert [data["review_until"], data["review_safe_until"]] == wanted
        assert data["confirmation_safe_until"] == ("2026-03-03" if day == "2026-02-01" else "2026-03-04")


def test_a_form_tells_by_when_the_court_is_expected_to_answer(desk: ServiceDesk) -> None:
    form = (
        b'{"type": "default", "id": "court", "schemaVersion": 16, "components": [{"type": "text", "id": "T",'
        b' "text": "{{court_acceptance_expected_on}} {{court_ruling_expected_on}} {{court_ruling_latest_on}}"}]}'
    )
    task = node("userTask", "a", camunda_candidateGroups="window-clerk", camunda_formKey="court")
    desk.deploy(file(process("dispute", START, END, task, "start>a", "a>end")), Resource("court.form", form))
    case_id = desk.case()["id"]
    (task,) = desk.get(f"/user-tasks?case_id={case_id}")["items"]
    assert desk.get(f"/user-tasks/{task['id']}")["data"] == {}
    for name, day in (("confirmation_applied_on", "2026-02-01"), ("confirmation_accepted_on", "2026-02-01")):
        desk.call("PUT", f"/cases/{case_id}/event-dates/{name}", {"value": day, "reason": "登记"})
    assert desk.get(f"/user-tasks/{task['id']}")["data"] == {
        "court_acceptance_expected_on": "2026-02-04",
        "court_ruling_expected_on": "2026-02-24",
        "court_ruling_latest_on": "2026-03-03",
    }
