"""Many user tasks in one request: what is put together, who may decide what, and what is done once."""

import json
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from casework.organisations import send_to
from casework.store.named_inputs import put_appointment
from casework.store.tables import user_account
from engine.domain.actor import Actor
from engine.store.tables import history, idempotency_key, user_task
from tests.bpmn_builder import END, START, file, node, process
from tests.integration.api.service_desk import CASE, ServiceDesk

FORM = json.dumps(
    {
        "type": "default",
        "id": "review-decision",
        "components": [
            {"type": "radio", "key": "outcome", "label": "决定", "validate": {"required": True},
             "values": [{"value": "issued", "label": "制作"}, {"value": "refused", "label": "不予制作"}]},
        ],
    }
).encode()  # fmt: skip

REVIEWED = file(
    process(
        "dispute",
        START,
        END,
        node("userTask", "decide", camunda_candidateGroups="reviewer", camunda_formKey="review-decision"),
        "start>decide",
        "decide>end",
    )
)
ISSUED, REFUSED = {"outcome": "issued"}, {"outcome": "refused"}


@pytest.fixture
def reviews(desk: ServiceDesk) -> ServiceDesk:
    desk.deploy_forms(REVIEWED, {"review-decision.form": FORM})
    return desk


def register(desk: ServiceDesk, worker: str, employer: str, number: str | None = None, *, is_sent: bool = True) -> str:
    """Register a case in which the arbitration institution decides; return the id of its user task."""
    case_id = desk.case(
        applicants=[{"kind": "person", "name": worker}],
        respondents=[{"kind": "organisation", "name": employer, "legal_representative": "李四", "id_number": number}],
    )["id"]
    if is_sent:
        with desk.work(Actor("system")) as uow:
            send_to(uow, UUID(case_id), "arbitration")
    (row,) = desk.rows(user_task, user_task.c.case_id == UUID(case_id))
    return str(row.id)


def decide(desk: ServiceDesk, decisions: dict[str, Any], *, by: str = "reviewer", key: str = "") -> dict[str, Any]:
    """Send decisions; return user task -> its answer."""
    items = [{"user_task_id": task, "variables": variables} for task, variables in decisions.items()]
    answer = desk.post("/user-tasks/completions", {"items": items}, by=by, key=key)
    assert [item["user_task_id"] for item in answer["items"]] == list(decisions)
    return {item["user_task_id"]: item for item in answer["items"]}


def results(answers: dict[str, Any]) -> list[str]:
    return [answer["result"] for answer in answers.values()]


def completions(desk: ServiceDesk) -> int:
    return len(desk.rows(history, history.c.kind == "user-task-completed"))


def test_agreements_of_one_employer_are_put_together_by_number_or_by_name(reviews: ServiceDesk) -> None:
    number = "91370400123456789A"
    first = register(reviews, "张三", "甲机械有限公司", number)
    other = register(reviews, "王五", "乙纺织有限公司")
    renamed = register(reviews, "赵六", "甲机械股份有限公司", number)
    unnumbered = register(reviews, "钱七", "甲机械有限公司")
    found = reviews.get("/user-tasks/batches", by="reviewer")["items"]
    shown = sorted([task["id"] for task in item["user_tasks"]] for item in found)
    assert shown == sorted([[first, renamed, unnumbered], [other]])
    (whole,) = [item for item in found if item["count"] == 3]
    assert whole["employer"]["name"].startswith("甲机械")
    assert whole["user_tasks"][0]["applicant"] == {"name": "张三", "kind": "person", "count": 1}


def test_batches_are_paged_and_nothing_is_shown_twice(reviews: ServiceDesk) -> None:
    tasks = {register(reviews, f"工人{n}", f"第{n}有限公司") for n in range(3)}
    seen, cursor = [], ""
    while True:
        page = reviews.get(f"/user-tasks/batches?limit=1{cursor}", by="reviewer")
        seen += [task["id"] for item in page["items"] for task in item["user_tasks"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert len(seen) == 3
    assert set(seen) == tasks


@pytest.mark.parametrize("username", ["window", "clerk", "director", "mediator", "supervisor"])
def test_nobody_is_offered_a_batch_of_tasks_that_are_not_theirs(reviews: ServiceDesk, username: str) -> None:
    register(reviews, "张三", "甲机械有限公司")
    assert reviews.get("/user-tasks/batches", by=username)["items"] == []


def test_a_case_that_was_not_sent_to_the_institution_is_in_no_batch(reviews: ServiceDesk) -> None:
    register(reviews, "张三", "甲机械有限公司", is_sent=False)
    assert reviews.get("/user-tasks/batches", by="reviewer")["items"] == []


def test_each_task_gets_its_own_decision_and_one_refused_stops_no_other(reviews: ServiceDesk) -> None:
    good, bad, last = (register(reviews, name, "甲机械有限公司") for name in ("张三", "王五", "赵六"))
    answers = decide(reviews, {good: ISSUED, bad: {"outcome": "maybe"}, last: REFUSED})
    assert results(answers) == ["done", "refused", "done"]
    assert answers[bad]["problem"]["code"] == "form_invalid"
    assert answers[bad]["problem"]["errors"][0]["path"] == "outcome"
    assert answers[good]["outcome"]["state"] == "completed"
    assert [reviews.get(f"/user-tasks/{task}", by="reviewer")["state"] for task in (good, bad, last)] == [
        "completed",
        "created",
        "completed",
    ]


def test_nobody_decides_in_a_batch_what_they_may_not_decide_alone(reviews: ServiceDesk) -> None:
    mine = register(reviews, "张三", "甲机械有限公司")
    unseen = register(reviews, "王五", "甲机械有限公司", is_sent=False)
    claimed = register(reviews, "赵六", "甲机械有限公司")
    nowhere = str(uuid4())
    with reviews.work(Actor("system")) as uow:
        held = sa.update(user_task).where(user_task.c.id == UUID(claimed))
        uow.connection.execute(held.values(assignee="user:director", state="assigned"))
    answers = decide(reviews, dict.fromkeys((unseen, claimed, nowhere, mine), ISSUED))
    assert results(answers) == ["refused", "refused", "refused", "done"]
    assert [answers[task]["problem"]["status"] for task in (unseen, claimed, nowhere)] == [404, 409, 404]
    for username in ("clerk", "mediator", "window"):
        assert results(decide(reviews, {claimed: ISSUED, unseen: ISSUED}, by=username)) == ["refused", "refused"]
    assert completions(reviews) == 1


def test_whoever_mediated_a_case_reviews_it_after_all(desk: ServiceDesk) -> None:
    review = REVIEWED.replace(b'id="dispute"', b'id="arbitration-review"')
    desk.deploy_forms(review, {"review-decision.form": FORM})
    case = desk.case()
    with desk.work(Actor("system")) as uow:
        send_to(uow, UUID(case["id"]), "arbitration")
    started = desk.post(
        "/process-instances", {"process_key": "arbitration-review", "case_id": case["id"]}, by="supervisor"
    )
    task = started["user_tasks"][0]["id"]
    desk.token("reviewer")
    with desk.work(Actor("system")) as uow:
        reviewer = uow.connection.execute(
            sa.select(user_account.c.id).where(user_account.c.username == "reviewer")
        ).scalar_one()
        put_appointment(
            uow.connection, UUID(case["id"]), "mediator", reviewer, new_id=uow.ids, actor_id="user:head", now=uow.now
        )
    found = desk.get(f"/user-tasks/{task}", by="reviewer")
    assert not found["may_work"]
    for method, path in (("POST", "claim"), ("POST", "completion"), ("PUT", "draft")):
        body = {"variables": ISSUED} if path == "completion" else {"draft": {}} if path == "draft" else None
        refused = desk.problem(method, f"/user-tasks/{task}/{path}", body, by="reviewer")
        assert refused == (422, "reviewer_mediated"), path
    answers = decide(desk, {task: ISSUED})
    assert answers[task]["problem"]["code"] == "reviewer_mediated"
    assert completions(desk) == 0


def test_the_same_request_twice_gives_the_same_answer_and_is_done_once(reviews: ServiceDesk) -> None:
    tasks = [register(reviews, f"工人{n}", "甲机械有限公司") for n in range(3)]
    decisions = {tasks[0]: ISSUED, tasks[1]: {"outcome": "maybe"}, tasks[2]: REFUSED}
    first = decide(reviews, decisions, key="k1")
    again = decide(reviews, decisions, key="k1")
    assert first == again
    assert completions(reviews) == 2


def test_what_was_done_under_another_key_is_told_as_done_already(reviews: ServiceDesk) -> None:
    task = register(reviews, "张三", "甲机械有限公司")
    decide(reviews, {task: ISSUED}, key="k1")
    answers = decide(reviews, {task: ISSUED}, key="k2")
    assert results(answers) == ["already-done"]
    assert answers[task]["problem"]["data"]["by"] == "reviewer"


def test_a_key_that_stands_for_another_decision_is_refused_for_that_item(reviews: ServiceDesk) -> None:
    one, two = (register(reviews, name, "甲机械有限公司") for name in ("张三", "王五"))
    decide(reviews, {one: ISSUED}, key="k1")
    answers = decide(reviews, {one: REFUSED, two: REFUSED}, key="k1")
    assert results(answers) == ["refused", "done"]
    assert answers[one]["problem"]["code"] == "idempotency_key_reused"


def test_the_answer_of_an_item_is_not_that_of_a_request(reviews: ServiceDesk) -> None:
    task = register(reviews, "张三", "甲机械有限公司")
    decide(reviews, {task: ISSUED}, key="k1")
    single = reviews.call("POST", f"/user-tasks/{task}/completion", {"variables": ISSUED}, by="reviewer", key="k1")
    assert (single.status_code, single.get_json()["code"]) == (409, "user_task_already_completed")


def test_kept_answers_of_a_batch_hold_no_personal_data(reviews: ServiceDesk) -> None:
    task, bad = (register(reviews, name, "甲机械有限公司") for name in ("张三", "王五"))
    decide(reviews, {task: ISSUED, bad: {"outcome": "张三的电话"}}, key="k1")
    kept = [str(row) for row in reviews.rows(idempotency_key)]
    assert any(f"#{task}" in row for row in kept)
    assert not any("张三" in row or f"#{bad}" in row for row in kept)


def test_a_batch_without_a_key_or_with_a_task_twice_or_too_long_is_refused(reviews: ServiceDesk) -> None:
    task = register(reviews, "张三", "甲机械有限公司")
    item = {"user_task_id": task, "variables": ISSUED}
    path = "/user-tasks/completions"
    assert reviews.problem("POST", path, {"items": [item]}, by="reviewer", key=None)[1] == "idempotency_key_missing"
    twice = reviews.call("POST", path, {"items": [item, item]}, by="reviewer").get_json()
    assert [(error["path"], error["code"]) for error in twice["errors"]] == [("items[1].user_task_id", "duplicate")]
    many = [{"user_task_id": str(uuid4())} for _ in range(201)]
    assert reviews.problem("POST", path, {"items": many}, by="reviewer") == (422, "request_invalid")
    assert reviews.problem("POST", path, {"items": []}, by="reviewer") == (422, "request_invalid")
    assert completions(reviews) == 0


def test_a_window_clerk_takes_a_batch_of_another_form(desk: ServiceDesk) -> None:
    desk.post("/cases", CASE)
    assert desk.get("/user-tasks/batches")["items"] == []
    assert desk.get("/user-tasks/batches?form_key=nothing")["items"] == []


def test_many_tasks_are_claimed_and_given_away_with_an_answer_each(desk: ServiceDesk) -> None:
    for _ in range(3):
        desk.case()
    ids = [item["id"] for item in desk.get("/user-tasks")["items"]]
    desk.token("window2")
    desk.post(f"/user-tasks/{ids[1]}/claim", by="window2")
    strange = str(uuid4())
    body = {"user_task_ids": [*ids, strange]}
    answer = desk.post("/user-tasks/claims", body, key="k")
    assert [item["result"] for item in answer["items"]] == ["done", "refused", "done", "refused"]
    problems = [item["problem"]["code"] for item in answer["items"] if item["problem"]]
    assert problems == ["user_task_already_claimed", "not_found"]
    assert desk.post("/user-tasks/claims", body, key="k") == answer
    for username in ("mediator", "tengzhou", "worker"):
        refused = desk.post("/user-tasks/claims", {"user_task_ids": ids}, by=username)["items"]
        assert {item["problem"]["code"] for item in refused} == {"not_found"}, username
    # a window clerk gives no tasks to others, a supervisor does
    given = {"user_task_ids": ids, "assignee": "window2"}
    refused = desk.post("/user-tasks/assignments", given)["items"]
    assert {item["problem"]["code"] for item in refused} == {"action_forbidden"}
    assert {item["result"] for item in desk.post("/user-tasks/assignments", given, by="supervisor")["items"]} == {
        "done"
    }
    assert {item["assignee"] for item in desk.get("/user-tasks")["items"]} == {"window2"}
    unsuitable = desk.post("/user-tasks/assignments", given | {"assignee": "worker"}, by="supervisor")["items"]
    assert {item["problem"]["code"] for item in unsuitable} == {"assignee_unsuitable"}
    for bad in ([], ids * 2, ["x"]):
        assert desk.problem("POST", "/user-tasks/claims", {"user_task_ids": bad})[0] == 422
