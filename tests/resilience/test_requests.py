"""Requests that come twice, or together: one effect, and everybody learns what it was."""

import threading

from engine.store.tables import history, user_task
from tests.resilience.serving import COLLEAGUES, Answer, Served, at_once, until, verify_histories


def test_a_request_sent_again_or_eight_times_at_once_is_done_twice(served: Served) -> None:
    first, second = served.open_cases(2)
    token = served.desk.token("window")

    once = served.complete(first, key="k1")
    again = served.complete(first, key="k1")
    assert (once.status, again.status) == (200, 200)
    assert once.body == again.body

    answers = at_once(*[lambda: served.complete(second, key="k2") for _ in range(8)])
    assert [answer.status for answer in answers] == [200] * 8
    assert all(answer.body == answers[0].body for answer in answers)

    other = served.api.post(f"/user-tasks/{first}/completion", {"comment": "another"}, token, "k1")
    assert (other.status, other.code) == (422, "idempotency_key_reused")
    assert [served.times_completed(task) for task in (first, second)] == [1, 1]
    assert len(served.tasks_named("b")) == 2
    assert served.kept_answers() == 2
    verify_histories(served.engine)


def test_two_people_complete_one_task_at_once_and_both_succeed_or_one_meets_a_500(served: Served) -> None:
    tasks = served.open_cases(4)
    people = list(COLLEAGUES)
    for person in people:
        served.desk.token(person)
    for count, task in zip((2, 6, 2, 6), tasks, strict=True):
        answers = at_once(*[lambda task=task, by=by: served.complete(task, by=by) for by in people[:count]])
        assert sorted(answer.status for answer in answers) == [200] + [409] * (count - 1)
        lost = [answer for answer in answers if answer.status == 409]
        assert {answer.code for answer in lost} == {"user_task_already_completed"}
        winner = people[[answer.status for answer in answers].index(200)]
        assert {answer.body["data"]["by"] for answer in lost} == {winner}
        assert served.times_completed(task) == 1
    assert len(served.desk.rows(user_task)) == 8
    verify_histories(served.engine)


def test_a_batch_cut_off_in_the_middle_is_finished_once_by_the_same_request(served: Served) -> None:
    tasks = served.open_cases(60)
    token = served.desk.token("window")
    body = {"items": [{"user_task_id": str(task)} for task in tasks]}
    answers: list[Answer] = []

    def send() -> None:
        answers.append(served.api.post("/user-tasks/completions", body, token, "batch-1"))

    def done() -> int:
        return len(served.desk.rows(history, history.c.kind == "user-task-completed"))

    client = threading.Thread(target=send)
    client.start()
    until(lambda: done() >= 5, served.api.log)
    served.api.kill()
    client.join(30)
    assert answers[0].status == 0
    before = done()
    assert 5 <= before < 60

    served.api.start()
    send()
    send()
    assert [answer.status for answer in answers[1:]] == [200, 200]
    assert answers[1].body == answers[2].body
    assert [item["result"] for item in answers[1].body["items"]] == ["done"] * 60
    assert [served.times_completed(task) for task in tasks] == [1] * 60
    assert served.kept_answers() == 60
    assert len(served.tasks_named("b")) == 60
    verify_histories(served.engine)


def test_two_batches_at_once_complete_every_task_once(served: Served) -> None:
    tasks = served.open_cases(20)
    token = served.desk.token("window")
    items = [{"user_task_id": str(task)} for task in tasks]
    forwards, backwards = {"items": items}, {"items": items[::-1]}
    same, twin, other = at_once(
        lambda: served.api.post("/user-tasks/completions", forwards, token, "k1"),
        lambda: served.api.post("/user-tasks/completions", forwards, token, "k1"),
        lambda: served.api.post("/user-tasks/completions", backwards, token, "k2"),
    )
    assert [answer.status for answer in (same, twin, other)] == [200] * 3
    assert same.body == twin.body
    by_first = {item["user_task_id"]: item["result"] for item in same.body["items"]}
    by_other = {item["user_task_id"]: item["result"] for item in other.body["items"]}
    for task in by_first:
        assert {by_first[task], by_other[task]} == {"done", "already-done"}
    assert [served.times_completed(task) for task in tasks] == [1] * 20
    verify_histories(served.engine)
