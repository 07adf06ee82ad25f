"""Requests that come twice, or together: one effect, and everybody learns what it was."""

from engine.store.tables import user_task
from tests.resilience.serving import COLLEAGUES, Served, at_once, verify_histories


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
