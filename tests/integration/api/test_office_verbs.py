"""What the office does with user tasks beside completing them, from the outside: with the right and the wrong user."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from casework.documents import issue_paper, store_document
from casework.file_types import PDF
from casework.organisations import assign_organisation
from casework.store.tables import instalment, notification
from engine.domain.actor import Actor
from engine.store.tables import history, job, user_task, user_task_completion
from tests.bpmn_builder import END, START, file, node, parameters, process, service
from tests.integration.api.service_desk import PASSWORD, ServiceDesk

FORM = json.dumps(
    {
        "type": "default",
        "id": "facts",
        "components": [
            {"type": "number", "key": "days", "label": "天数", "decimalDigits": 0, "validate": {"required": True, "max": 30}},
            {"type": "datetime", "subtype": "date", "key": "received_on", "dateLabel": "收到日期"},
        ],
    }
).encode()  # fmt: skip
MODEL = file(
    process(
        "dispute",
        START,
        END,
        node("userTask", "a", camunda_candidateGroups="window-clerk", camunda_formKey="facts"),
        node("userTask", "b", camunda_candidateGroups="window-clerk,mediator"),
        "start>a",
        "a>b",
        "b>end",
    )
)
NOBODY = "00000000-0000-0000-0000-000000000007"
TEXT = {"text": "张三明天来"}


@pytest.fixture
def case(desk: ServiceDesk) -> dict[str, Any]:
    """Register a dispute that waits at task `a`."""
    desk.deploy_forms(MODEL, {"facts.form": FORM})
    for name in ("window", "supervisor", "mediator", "worker", "tengzhou"):
        desk.token(name)
    return desk.case()


def open_task(desk: ServiceDesk, case: dict[str, Any]) -> str:
    (task,) = desk.get(f"/cases/{case['id']}")["open_user_tasks"]
    return f"/user-tasks/{task['id']}"


def told(desk: ServiceDesk, username: str) -> list[str]:
    return [item["template"] for item in desk.get("/notifications", by=username)["items"]]


def complete(desk: ServiceDesk, task: str, **variables: Any) -> None:
    desk.post(f"{task}/completion", {"variables": variables})


ROUTES = [
    ("POST", "/handover", {"to_user": "window", "reason": "假期"}),
    ("PUT", "/delegation", {"to_user": "window", "text": "请核对"}),
    ("DELETE", "/delegation", None),
    ("POST", "/delegation/return", TEXT),
    ("POST", "/urgings", TEXT),
    ("POST", "/copies", {"users": ["supervisor"], **TEXT}),
    ("PUT", "/copies/acknowledgement", None),
    ("POST", "/correction-requests", {"about_user_task_id": NOBODY, "missing": ["身份证"], "due_on": "2026-04-01"}),
    ("PUT", f"/correction-requests/{NOBODY}/answer", TEXT),
    ("DELETE", f"/correction-requests/{NOBODY}", None),
    ("DELETE", "/completion", None),
    ("POST", "/corrections", {"variables": {"days": 4}, "reason": "录错"}),
]


@pytest.mark.parametrize(("method", "path", "body"), ROUTES)
def test_a_stranger_learns_of_a_user_task_by_an_office_verb(
    desk: ServiceDesk, case: dict[str, Any], method: str, path: str, body: Any
) -> None:
    task = open_task(desk, case)
    assert desk.problem(method, task + path, body, by="tengzhou") == (404, "not_found")
    assert desk.problem(method, task + path, body, by=None)[0] == 401
    assert desk.problem(method, task + path, body, by="partner")[0] == 403
    status, _ = desk.problem(method, task + path, body, by="worker")
    assert status in (403, 404)


def test_a_task_is_handed_over_with_a_reason_and_the_giver_no_longer_holds_it(
    desk: ServiceDesk, case: dict[str, Any]
) -> None:
    task = open_task(desk, case)
    body = {"to_user": "supervisor", "reason": "张三休假"}
    assert desk.problem("POST", f"{task}/handover", body) == (422, "assignee_unsuitable")
    assert desk.problem("POST", f"{task}/handover", {"to_user": "worker", "reason": "x"}) == (
        422,
        "assignee_unsuitable",
    )
    assert desk.problem("POST", f"{task}/handover", {"to_group": "designer", "reason": "x"}) == (
        422,
        "group_unsuitable",
    )
    assert desk.problem("POST", f"{task}/handover", {"reason": "x"}) == (422, "request_invalid")
    second = another_clerk(desk)
    assert desk.problem("POST", f"{task}/handover", {"to_user": second, "reason": "x"}) == (409, "user_task_not_held")
    desk.post(f"{task}/claim")
    key = {"to_user": second, "reason": "张三休假"}
    first = desk.call("POST", f"{task}/handover", key, key="once")
    again = desk.call("POST", f"{task}/handover", key, key="once")
    assert first.get_json() == again.get_json()
    found = desk.get(task)
    assert (found["assignee"], found["verbs"]["handovers"][0]["reason"]) == (second, "张三休假")
    assert desk.problem("POST", f"{task}/completion", {"variables": {"days": 3}})[1] == "user_task_already_claimed"
    assert told(desk, second) == ["task-handed-over"]
    assert "张三" not in str(desk.rows(history)) + str(desk.rows(notification))
    desk.post(f"{task}/handover", {"to_group": "window-clerk", "reason": "退回"}, by="supervisor")
    assert desk.get(task)["assignee"] is None


def sign_in_again(desk: ServiceDesk, *usernames: str) -> None:
    """Get new tokens: those from before have run out."""
    for username in usernames:
        body = {"username": username, "password": PASSWORD}
        answer = desk.call("POST", "/auth/tokens", body, by=None, key=None)
        desk._tokens[username] = answer.get_json()["access_token"]


def another_clerk(desk: ServiceDesk) -> str:
    desk.token("window2")
    return "window2"


def test_a_delegated_task_comes_back_with_an_answer_and_its_owner_completes_it(
    desk: ServiceDesk, case: dict[str, Any]
) -> None:
    task, second = open_task(desk, case), another_clerk(desk)
    desk.post(f"{task}/claim")
    assert desk.call("PUT", f"{task}/delegation", {"to_user": second, "text": "核对工资"}).status_code == 200
    assert desk.problem("POST", f"{task}/completion", {"variables": {"days": 3}}, by=second)[1] == "user_task_delegated"
    assert desk.problem("DELETE", f"{task}/claim", by=second)[1] == "user_task_delegated"
    desk.call("PUT", f"{task}/draft", {"draft": {"days": 3}}, by=second)
    desk.post(f"{task}/delegation/return", {"text": "已核对"}, by=second)
    found = desk.get(task)
    (delegation,) = found["verbs"]["delegations"]
    assert (found["owner"], found["assignee"], found["delegation"]) == ("window", "window", "resolved")
    assert (delegation["request"], delegation["answer"], delegation["state"]) == ("核对工资", "已核对", "resolved")
    assert found["draft"] == {"days": 3}
    assert told(desk, second) == ["task-delegated"]
    assert told(desk, "window") == ["task-delegation-resolved"]
    complete(desk, task, days=3)


def test_an_owner_or_a_supervisor_takes_a_delegated_task_back(desk: ServiceDesk, case: dict[str, Any]) -> None:
    task, second = open_task(desk, case), another_clerk(desk)
    desk.post(f"{task}/claim")
    for by in ("window", "supervisor"):
        desk.call("PUT", f"{task}/delegation", {"to_user": second, "text": "核对工资"})
        assert desk.problem("DELETE", f"{task}/delegation", by=second) == (403, "delegation_of_others")
        assert desk.call("DELETE", f"{task}/delegation", by=by).status_code == 204
        assert desk.get(task)["assignee"] == "window"
    assert desk.problem("DELETE", f"{task}/delegation") == (409, "user_task_not_delegated")
    assert set(told(desk, second)) == {"task-delegated", "task-delegation-recalled"}


def test_an_urging_tells_who_may_act_and_not_again_within_four_hours(desk: ServiceDesk, case: dict[str, Any]) -> None:
    task = open_task(desk, case)
    desk.post(f"{task}/urgings", TEXT, by="supervisor")
    assert desk.problem("POST", f"{task}/urgings", TEXT, by="supervisor") == (429, "urging_too_soon")
    desk.clock.advance(timedelta(hours=4))
    desk.post(f"{task}/urgings", TEXT, by="supervisor")
    urgings = desk.get(task)["verbs"]["urgings"]
    assert [(each["urged_by"], each["told"], each["text"]) for each in urgings] == [
        ("supervisor", ["window"], "张三明天来")
    ] * 2
    assert told(desk, "window") == ["task-urged", "task-urged"]
    assert "张三" not in str(desk.rows(history))


def test_a_comment_reaches_whoever_holds_the_task_or_commented_before_and_nobody_else(
    desk: ServiceDesk, case: dict[str, Any]
) -> None:
    task = open_task(desk, case)
    desk.post(f"{task}/comments", {"text": "张三明天来"}, by="supervisor")
    assert told(desk, "window") == []  # nobody holds it yet
    desk.post(f"{task}/claim")
    desk.post(f"{task}/comments", {"text": "已约好"})
    (notice,) = desk.get("/notifications", by="supervisor")["items"]
    assert (notice["template"], notice["user_task_id"]) == ("task-commented", task.rsplit("/", 1)[1])
    assert "张三" not in notice["text"]
    desk.post(f"{task}/comments", {"text": "好"}, by="supervisor")
    assert (told(desk, "window"), told(desk, "supervisor")) == (["task-commented"], ["task-commented"])


def test_a_copy_is_read_and_acknowledged_and_lets_nobody_act(desk: ServiceDesk, case: dict[str, Any]) -> None:
    task = open_task(desk, case)
    assert desk.get(task, by="supervisor")["data"] is None
    for body in ({"users": ["tengzhou"], **TEXT}, {"users": ["worker"], **TEXT}, {"roles": ["worker"], **TEXT}, TEXT):
        assert desk.problem("POST", f"{task}/copies", body)[0] == 422
    desk.post(f"{task}/copies", {"users": ["supervisor"], "roles": ["supervisor"], **TEXT})
    desk.post(f"{task}/copies", {"users": ["supervisor"], **TEXT})
    found = desk.get(task, by="supervisor")
    assert found["data"] is not None
    assert not found["may_work"]
    (copy,) = [each for each in found["verbs"]["copies"] if each["reader"] == "supervisor"]
    assert copy["acknowledged_at"] is None
    (unread,) = desk.get("/user-tasks/copies?unread=true", by="supervisor")["items"]
    assert (unread["element_id"], unread["text"], unread["sent_by_name"]) == ("a", "张三明天来", "window")
    assert desk.problem("POST", f"{task}/completion", {"variables": {"days": 3}}, by="supervisor")[0] == 403
    assert desk.call("PUT", f"{task}/copies/acknowledgement", by="supervisor").status_code == 204
    assert desk.call("PUT", f"{task}/copies/acknowledgement", by="supervisor").status_code == 204
    assert desk.get("/user-tasks/copies?unread=true", by="supervisor")["items"] == []
    assert desk.problem("PUT", f"{task}/copies/acknowledgement") == (404, "not_found")


def test_a_completion_is_taken_back_while_nothing_has_come_of_it(desk: ServiceDesk, case: dict[str, Any]) -> None:
    task = open_task(desk, case)
    complete(desk, task, days=3, received_on="2026-02-27")
    assert desk.get(task)["retraction"] == {"may_retract": True, "obstacles": []}
    assert desk.problem("DELETE", f"{task}/completion", by="supervisor") == (403, "completion_of_another")
    assert desk.call("DELETE", f"{task}/completion").status_code == 204
    assert desk.problem("DELETE", f"{task}/completion") == (409, "user_task_not_completed")
    dates = {each["value"]: each["is_current"] for each in desk.get(f"/cases/{case['id']}/event-dates")["items"]}
    assert dates == {"2026-03-02": True, "2026-02-27": False}
    assert open_task(desk, case) == task
    complete(desk, task, days=4)
    desk.post(f"{open_task(desk, case)}/claim")
    found = desk.get(task)["retraction"]
    assert not found["may_retract"]
    assert found["obstacles"][0]["message"] == "后续任务“b”已由 window 领取"
    assert desk.problem("DELETE", f"{task}/completion") == (409, "completion_not_retractable")


def test_a_completion_from_before_a_table_was_added_is_taken_back_with_a_crash(
    desk: ServiceDesk, case: dict[str, Any]
) -> None:
    task = open_task(desk, case)
    complete(desk, task, days=3, received_on="2026-02-27")
    added_later = sa.cast(["instalment", "instalment_payment", "claims"], ARRAY(sa.Text))
    before = user_task_completion.c.before
    with desk.engine.begin() as connection:
        older = sa.func.jsonb_set(before, ["host"], before["host"].op("-")(added_later))
        connection.execute(sa.update(user_task_completion).values(before=older))
        connection.execute(
            sa.insert(instalment).values(
                id=UUID(int=5),
                case_id=UUID(case["id"]),
                source="instalments",
                position=1,
                amount=100,
                recorded_at=desk.clock.now(),
            )
        )
    assert desk.call("DELETE", f"{task}/completion").status_code == 204
    dates = {each["value"]: each["is_current"] for each in desk.get(f"/cases/{case['id']}/event-dates")["items"]}
    assert dates == {"2026-03-02": True, "2026-02-27": False}
    assert [row.superseded_at is None for row in desk.rows(instalment)] == [False]


def test_a_correction_is_previewed_made_and_shown(desk: ServiceDesk, case: dict[str, Any]) -> None:
    task = open_task(desk, case)
    complete(desk, task, days=3)
    body = {"variables": {"days": 5, "received_on": "2026-02-27"}, "reason": "张三看错了"}
    rows = len(desk.rows(history))
    preview = desk.post(f"{task}/corrections?dry_run=true", body)
    assert preview["is_preview"]
    assert len(desk.rows(history)) == rows
    made = desk.post(f"{task}/corrections", body)
    assert made == preview | {"is_preview": False}
    assert {(each["name"], each["old"], each["new"]) for each in made["changes"]} == {
        ("days", 3, 5),
        ("received_on", "2026-03-02", "2026-02-27"),
    }
    (shown,) = desk.get(task)["verbs"]["corrections"]
    assert (shown["reason"], shown["corrected_by"]) == ("张三看错了", "window")
    assert desk.get(task)["data"] == {"days": 5, "received_on": "2026-02-27"}
    assert "张三" not in str(desk.rows(history))
    assert desk.problem("POST", f"{task}/corrections", {"variables": {"days": 99}, "reason": "x"}) == (
        422,
        "form_invalid",
    )
    assert desk.problem("POST", f"{task}/corrections", {"variables": {"days": 9}, "reason": " "})[0] == 422
    assert desk.problem("POST", f"{task}/corrections", body) == (409, "correction_pointless")
    desk.post(f"{task}/corrections", {"variables": {"days": 6}, "reason": "主管更正"}, by="supervisor")
    assert "task-corrected" in told(desk, "window")


def test_what_is_missing_is_asked_for_and_the_task_waits_for_it(desk: ServiceDesk, case: dict[str, Any]) -> None:
    first = open_task(desk, case)
    complete(desk, first, days=3)
    task = open_task(desk, case)
    second = another_clerk(desk)
    desk.post(f"{task}/claim", by=second)
    body = {
        "about_user_task_id": first.rsplit("/", 1)[1],
        "missing": ["身份证复印件", "工资流水"],
        "due_on": "2026-03-09",
    }
    assert desk.problem("POST", f"{task}/correction-requests", body) == (409, "user_task_not_held")
    assert (
        desk.problem("POST", f"{task}/correction-requests", body | {"due_on": "2026-03-01"}, by=second)[1]
        == "correction_request_invalid"
    )
    assert desk.problem("POST", f"{task}/correction-requests", body | {"missing": []}, by=second)[0] == 422
    request = desk.post(f"{task}/correction-requests", body, by=second)["id"]
    assert desk.problem("POST", f"{task}/completion", {}, by=second) == (409, "correction_awaited")
    jobs = desk.rows(job)
    assert sorted(each.input["template"] for each in jobs) == ["task-correction-due-soon", "task-correction-requested"]
    assert {each.input["recipient"] for each in jobs} == {"user:window"}
    assert desk.problem("PUT", f"{task}/correction-requests/{request}/answer", TEXT, by="worker") == (404, "not_found")
    assert desk.problem("PUT", f"{task}/correction-requests/{NOBODY}/answer", TEXT)[0] == 404
    desk.clock.advance(timedelta(days=9))
    sign_in_again(desk, "window", second)
    assert desk.call("PUT", f"{task}/correction-requests/{request}/answer", TEXT).status_code == 204
    assert desk.problem("PUT", f"{task}/correction-requests/{request}/answer", TEXT)[1] == "correction_request_ended"
    (shown,) = desk.get(task, by=second)["verbs"]["correction_requests"]
    assert (shown["missing"], shown["answer"], shown["is_late"]) == (["身份证复印件", "工资流水"], "张三明天来", True)
    assert [each.state for each in desk.rows(job) if each.input["template"] == "task-correction-due-soon"] == [
        "canceled"
    ]
    assert told(desk, second) == ["task-correction-answered"]
    desk.post(f"{task}/completion", {}, by=second)
    assert "工资流水" not in str(desk.rows(user_task)) + str(desk.rows(history)) + str(desk.rows(job))


def test_a_party_is_asked_and_answers_by_phone_or_the_request_is_withdrawn(
    desk: ServiceDesk, case: dict[str, Any]
) -> None:
    task = open_task(desk, case)
    desk.post(f"{task}/claim")
    party = desk.get(f"/cases/{case['id']}")["parties"][0]["id"]
    body = {"party_id": party, "missing": ["授权委托书"], "due_on": "2026-03-09"}
    assert (
        desk.problem("POST", f"{task}/correction-requests", body | {"party_id": NOBODY})[1]
        == "correction_request_invalid"
    )
    first = desk.post(f"{task}/correction-requests", body)["id"]
    behalf = {"party_id": party, "method": "phone", "at": "2026-03-02"}
    answer = desk.call("PUT", f"{task}/correction-requests/{first}/answer", {**TEXT, "on_behalf_of": behalf})
    assert answer.status_code == 204
    second = desk.post(f"{task}/correction-requests", body)["id"]
    assert desk.get(task)["open_correction_requests"] == 1
    assert desk.call("DELETE", f"{task}/correction-requests/{second}", by="supervisor").status_code == 204
    shown = desk.get(task)["verbs"]["correction_requests"]
    assert [each["state"] for each in shown] == ["answered", "withdrawn"]
    assert shown[0]["on_behalf_of"]["method"] == "phone"
    complete(desk, task, days=3)


def test_a_paper_is_made_anew_by_the_job_that_made_it_and_by_nobody_else(desk: ServiceDesk) -> None:
    work = service("w", "work", parameters({"n": "7"}))
    desk.deploy(
        file(
            process(
                "dispute",
                START,
                END,
                node("userTask", "a", camunda_candidateGroups="window-clerk"),
                work,
                "start>a",
                "a>w",
                "w>end",
            )
        )
    )
    case_id = UUID(desk.case()["id"])
    for name in ("mediator", "worker", "reviewer", "supervisor"):
        desk.token(name)
    with desk.work(Actor("system")) as uow:
        assign_organisation(uow, case_id, desk.organisation_id("SZ-GML-MED"), "test")
    desk.complete("a", actor=Actor("user:window"))
    desk.do_job()
    (made,) = desk.rows(job)
    papers = {
        str(made.id): stored_paper(desk, case_id, str(made.id), "mediation-agreement"),
        "by-hand": stored_paper(desk, case_id, "by-hand", "performance-notice"),
    }
    path = f"/documents/{papers[str(made.id)]}/reissue"
    assert desk.problem("POST", path, by="worker")[0] == 403
    assert desk.problem("POST", path, by="supervisor")[0] == 403
    why = {"reason": "更正后重新制作"}
    assert desk.problem("POST", path, why, by="reviewer") == (404, "not_found")
    assert desk.problem("POST", f"/documents/{papers['by-hand']}/reissue", why, by="mediator") == (
        409,
        "document_not_issued",
    )
    first = desk.post(path, why, by="mediator", key="once")
    assert desk.post(path, why, by="mediator", key="once") == first
    again = desk.rows(job)[-1]
    assert (str(again.id), again.token_id, again.input) == (first["job_id"], None, made.input)
    assert len(desk.rows(job)) == 2


def stored_paper(desk: ServiceDesk, case_id: UUID, key: str, kind: str = "mediation-agreement") -> UUID:
    """Store a paper as a job of that id would."""
    with desk.work(Actor("worker:test")) as uow:
        issue = issue_paper(uow, desk.bureau, case_id, kind, key)
        stored = store_document(
            uow,
            desk.bureau,
            case_id,
            kind=kind,
            title="文书",
            content=b"%PDF-1 " + key.encode(),
            media_type=PDF,
            idempotency_key=key,
            issue=issue,
        )
    return stored.document_id
