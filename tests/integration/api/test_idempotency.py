"""The same request sent twice is done once."""

import threading

import pytest
import sqlalchemy as sa

from engine.store.tables import case, idempotency_key, user_task
from tests.bpmn_builder import END, START, node
from tests.integration.api.service_desk import CASE, ServiceDesk

TASK = node("userTask", "a", camunda_candidateGroups="window-clerk")
STEPS = (START, END, TASK, node("userTask", "b", camunda_candidateGroups="window-clerk"), "start>a", "a>b", "b>end")


def test_a_request_sent_twice_gives_the_same_answer_and_is_done_once(desk: ServiceDesk) -> None:
    first = desk.call("POST", "/cases", CASE, key="k1")
    second = desk.call("POST", "/cases", CASE, key="k1")
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.get_json() == second.get_json()
    assert first.headers["Location"] == second.headers["Location"]
    assert "Idempotency-Replayed" not in first.headers
    assert second.headers["Idempotency-Replayed"] == "true"
    assert len(desk.rows(case)) == 1


def test_a_completion_sent_again_after_the_task_is_gone_gives_the_first_answer(desk: ServiceDesk) -> None:
    task = desk.trial(*STEPS)["user_tasks"][0]["id"]
    first = desk.call("POST", f"/user-tasks/{task}/completion", {}, key="k1")
    again = desk.call("POST", f"/user-tasks/{task}/completion", {}, key="k1")
    other = desk.call("POST", f"/user-tasks/{task}/completion", {}, key="k2")
    assert first.status_code == again.status_code == 200
    assert first.get_json() == again.get_json()
    assert (other.status_code, other.get_json()["code"]) == (409, "user_task_already_completed")
    assert other.get_json()["data"]["by"] == "window"


@pytest.mark.parametrize("changed", [{"channel": "phone"}, {"claims": [{"cause_code": "nonsense"}]}])
def test_a_key_used_for_another_body_is_refused(desk: ServiceDesk, changed: dict[str, object]) -> None:
    desk.post("/cases", CASE, key="k1")
    assert desk.problem("POST", "/cases", CASE | changed, key="k1") == (422, "idempotency_key_reused")
    assert len(desk.rows(case)) == 1


def test_another_spacing_or_order_of_the_same_json_is_the_same_request(desk: ServiceDesk) -> None:
    desk.post("/cases", CASE, key="k1")
    reordered = dict(reversed(CASE.items()))
    assert desk.call("POST", "/cases", reordered, key="k1").headers["Idempotency-Replayed"] == "true"


def test_keys_of_two_users_and_of_two_routes_do_not_meet(desk: ServiceDesk) -> None:
    desk.post("/cases", CASE, key="k1")
    desk.post("/cases", CASE, key="k1", by="mediator")
    assert len(desk.rows(case)) == 2
    task = desk.trial(*STEPS)["user_tasks"][0]["id"]
    desk.post(f"/user-tasks/{task}/claim", key="k1")
    assert desk.rows(user_task, user_task.c.id == task)[0].state == "assigned"


def test_a_refused_request_leaves_no_key_and_may_be_mended_under_it(desk: ServiceDesk) -> None:
    assert desk.problem("POST", "/cases", CASE | {"claims": []}, key="k1")[0] == 422
    with desk.engine.connect() as connection:
        assert connection.execute(sa.select(idempotency_key)).all() == []
    desk.post("/cases", CASE, key="k1")


@pytest.mark.parametrize("key", [None, " ", "x" * 201, "键"])
def test_a_post_without_a_usable_key_is_refused(desk: ServiceDesk, key: str | None) -> None:
    headers = {} if key is None else {"Idempotency-Key": key.encode().decode("latin-1")}
    status, code = desk.problem("POST", "/cases", CASE, key=None, headers=headers)
    assert (status, code) == (400, "idempotency_key_missing" if key is None else "idempotency_key_invalid")


def test_the_same_request_sent_eight_times_at_once_is_done_once(desk: ServiceDesk) -> None:
    task = desk.trial(*STEPS)["user_tasks"][0]["id"]
    desk.token("window")
    answers = at_once(8, lambda _: desk.call("POST", f"/user-tasks/{task}/completion", {}, key="k1"))
    assert [answer.status_code for answer in answers] == [200] * 8
    assert len({str(sorted(answer.get_json().items())) for answer in answers}) == 1
    assert len(desk.rows(user_task)) == 2


def test_the_same_registration_sent_four_times_at_once_makes_one_case(desk: ServiceDesk) -> None:
    desk.token("window")
    answers = at_once(4, lambda _: desk.call("POST", "/cases", CASE, key="k1"))
    assert [answer.status_code for answer in answers] == [201] * 4
    assert len({answer.get_json()["id"] for answer in answers}) == 1
    assert len(desk.rows(case)) == 1


def test_two_people_completing_one_task_at_once_one_wins_and_the_other_learns_who(desk: ServiceDesk) -> None:
    task = desk.trial(*STEPS)["user_tasks"][0]["id"]
    tokens = [desk.token("window"), desk.token("admin")]
    assert len(tokens) == 2
    users = ["window", "window", "window"]
    answers = at_once(3, lambda i: desk.call("POST", f"/user-tasks/{task}/completion", {}, by=users[i]))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409]
    lost = next(answer for answer in answers if answer.status_code == 409).get_json()
    assert lost["code"] == "user_task_already_completed"
    assert lost["data"]["by"] == "window"


def test_a_kept_answer_holds_no_personal_data(desk: ServiceDesk) -> None:
    desk.case()
    with desk.engine.connect() as connection:
        kept = connection.execute(sa.select(idempotency_key)).one()
    assert "张三" not in str(kept.response)
    assert kept.status == 201


def at_once(count, send):
    """Send from `count` threads that start together; return the answers."""
    barrier, answers = threading.Barrier(count), [None] * count

    def run(index):
        barrier.wait()
        answers[index] = send(index)

    threads = [threading.Thread(target=run, args=(index,)) for index in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers
