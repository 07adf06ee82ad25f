"""User tasks over HTTP: who may do what, forms, drafts, comments."""

import json

import pytest

from engine.store.tables import history, user_task, user_task_comment
from tests.bpmn_builder import END, START, node
from tests.integration.api.service_desk import ServiceDesk

FORM = json.dumps(
    {
        "type": "default",
        "id": "answer",
        "components": [
            {"type": "radio", "key": "answer", "label": "答复", "validate": {"required": True},
             "values": [{"value": "yes", "label": "同意"}, {"value": "no", "label": "不同意"}]},
            {"type": "number", "key": "days", "label": "天数", "validate": {"min": 1, "max": 30}},
        ],
    }
).encode()  # fmt: skip

TASK = node("userTask", "a", camunda_candidateGroups="window-clerk", camunda_formKey="answer")
STEPS = (START, END, TASK, node("userTask", "b", camunda_candidateGroups="mediator"), "start>a", "a>b", "b>end")


@pytest.fixture
def task(desk: ServiceDesk) -> str:
    """Return the path of an open user task with a form, for window clerks."""
    return f"/user-tasks/{desk.trial(*STEPS, forms={'answer.form': FORM})['user_tasks'][0]['id']}"


def test_a_task_shows_its_form_what_is_known_and_the_draft(desk: ServiceDesk) -> None:
    started = desk.trial(*STEPS, forms={"answer.form": FORM}, days=3, other="x")
    path = f"/user-tasks/{started['user_tasks'][0]['id']}"
    desk.call("PUT", f"{path}/draft", {"draft": {"answer": "yes"}})
    found = desk.get(path)
    assert found["form"] == json.loads(FORM)
    assert found["data"] == {"days": 3}
    assert found["draft"] == {"answer": "yes"}
    assert (found["may_work"], found["may_assign"]) == (True, False)
    assert desk.get("/forms/answer") == {"key": "answer", "form": json.loads(FORM)}


def test_a_draft_is_not_readable_in_the_database(desk: ServiceDesk, task: str) -> None:
    desk.call("PUT", f"{task}/draft", {"draft": {"remark": "张三的电话"}})
    assert "张三" not in str(desk.rows(user_task))


def test_whoever_may_not_work_on_a_task_sees_no_draft(desk: ServiceDesk, task: str) -> None:
    desk.call("PUT", f"{task}/draft", {"draft": {"answer": "yes"}})
    found = desk.get(task, by="supervisor")
    assert (found["draft"], found["data"], found["may_work"]) == (None, None, False)


def test_a_form_is_checked_on_the_server_and_every_field_is_named(desk: ServiceDesk, task: str) -> None:
    answer = desk.call("POST", f"{task}/completion", {"variables": {"days": 99, "colour": "red"}})
    problem = answer.get_json()
    assert (answer.status_code, problem["code"]) == (422, "form_invalid")
    assert {error["path"] for error in problem["errors"]} == {"answer", "days", "colour"}
    assert desk.get(task)["state"] == "created"


def test_completing_moves_the_process_on_and_says_what_comes_next(desk: ServiceDesk, task: str) -> None:
    outcome = desk.post(f"{task}/completion", {"variables": {"answer": "yes", "days": 3}})
    assert outcome["state"] == "active"
    assert [each["element_id"] for each in outcome["user_tasks"]] == ["b"]
    found = desk.get(task)
    assert (found["state"], found["ended_by"]) == ("completed", "window")


def test_a_claimed_task_is_for_its_assignee_only(desk: ServiceDesk) -> None:
    started = desk.trial(*STEPS, forms={"answer.form": FORM})
    task = f"/user-tasks/{started['user_tasks'][0]['id']}"
    desk.post(f"{task}/claim")
    desk.post(f"{task}/claim")
    found = desk.get(task)
    assert (found["state"], found["assignee"]) == ("assigned", "window")
    assert [item["id"] for item in desk.get("/user-tasks?assignee=me")["items"]] == [found["id"]]
    assert desk.call("DELETE", f"{task}/claim").status_code == 204
    assert desk.get(task)["assignee"] is None


def test_nobody_outside_the_candidate_groups_may_work_on_a_task(desk: ServiceDesk, task: str) -> None:
    for method, path, body in (
        ("POST", "/claim", None),
        ("POST", "/completion", {"variables": {"answer": "yes"}}),
        ("PUT", "/draft", {"draft": {}}),
        ("DELETE", "/claim", None),
    ):
        expected = (204, None) if method == "DELETE" else (403, "action_forbidden")
        if method == "DELETE":
            continue
        assert desk.problem(method, task + path, body, by="supervisor") == expected, path
    assert desk.problem("POST", f"{task}/claim", by="mediator") == (404, "not_found")


def test_a_supervisor_gives_a_task_to_somebody_who_may_do_it(desk: ServiceDesk, task: str) -> None:
    desk.token("window")
    desk.token("mediator")
    assert desk.call("PUT", f"{task}/assignment", {"assignee": "window"}, by="supervisor").status_code == 204
    assert desk.get(task)["assignee"] == "window"
    for name in ("mediator", "nobody"):
        status, code = desk.problem("PUT", f"{task}/assignment", {"assignee": name}, by="supervisor")
        assert (status, code) == (422, "assignee_unsuitable")
    assert desk.problem("PUT", f"{task}/assignment", {"assignee": "window"})[0] == 403


def test_comments_are_kept_encrypted_and_history_tells_only_that_there_is_one(desk: ServiceDesk, task: str) -> None:
    desk.post(f"{task}/comments", {"text": "张三明天来"})
    (comment,) = desk.get(f"{task}/comments")["items"]
    assert (comment["text"], comment["actor"]) == ("张三明天来", "window")
    assert "张三" not in str(desk.rows(user_task_comment)) + str(desk.rows(history))


@pytest.mark.parametrize("text", ["", "   ", "x" * 801, None, 3])
def test_an_empty_or_endless_comment_is_refused(desk: ServiceDesk, task: str, text: object) -> None:
    assert desk.problem("POST", f"{task}/comments", {"text": text})[0] == 422


def test_a_party_named_for_somebody_elses_case_is_refused(desk: ServiceDesk, task: str) -> None:
    behalf = {"party_id": "00000000-0000-0000-0000-000000000007", "method": "phone", "at": "2026-03-01"}
    answer = desk.call("POST", f"{task}/completion", {"variables": {"answer": "yes"}, "on_behalf_of": behalf})
    assert answer.status_code == 422
    assert [error["path"] for error in answer.get_json()["errors"]] == ["on_behalf_of.party_id"]


def test_an_act_for_a_party_is_kept_with_how_and_when(desk: ServiceDesk) -> None:
    case = desk.case()
    found = desk.get(f"/cases/{case['id']}")
    task, party = found["open_user_tasks"][0]["id"], found["parties"][0]["id"]
    behalf = {"party_id": party, "method": "phone", "at": "2026-03-01"}
    desk.post(f"/user-tasks/{task}/completion", {"on_behalf_of": behalf})
    assert desk.get(f"/user-tasks/{task}")["on_behalf_of"] == behalf | {"proof_document_id": None}
    rows = desk.get(f"/cases/{case['id']}/history?kind=user-task-completed")["items"]
    assert rows[0]["on_behalf_of"]["party_id"] == party
    assert rows[0]["actor"] == "user:window"


def test_lists_filter_sort_and_page(desk: ServiceDesk) -> None:
    for _ in range(5):
        desk.case()
    seen: list[str] = []
    path = "/user-tasks?limit=2&group=window-clerk"
    page = desk.get(path)
    while True:
        seen += [item["id"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        page = desk.get(f"{path}&cursor={page['next_cursor']}")
    assert len(seen) == len(set(seen)) == 5
    assert desk.get("/user-tasks?group=mediator")["items"] == []
    assert desk.get("/user-tasks?offered=true", by="supervisor")["items"] == []
    assert len(desk.get("/user-tasks", by="supervisor")["items"]) == 5
    cursor = desk.get(path)["next_cursor"]
    assert desk.problem("GET", f"/user-tasks?limit=2&cursor={cursor}") == (422, "cursor_invalid")
