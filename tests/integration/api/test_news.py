"""News, the day on one screen, and saved filters over HTTP; and what of them whom reaches."""

import sqlalchemy as sa

from casework.store.tables import saved_filter
from engine.store.tables import user_task
from tests.bpmn_builder import END, START, file, node, process
from tests.integration.api.service_desk import ServiceDesk

DATED = file(
    process(
        "dispute",
        START,
        END,
        node("userTask", "a", camunda_candidateGroups="window-clerk", camunda_dueDate="${now()}"),
        node(
            "userTask",
            "b",
            camunda_candidateGroups="window-clerk",
            camunda_dueDate='${deadline("MED-ACC", received_on)}',
        ),
        "start>a",
        "a>b",
        "b>end",
    )
)


def ids(news: dict) -> set[str]:
    return {each["id"] for each in news["user_tasks"]}


def test_whoever_may_claim_a_new_task_is_told_once_and_nobody_else(desk: ServiceDesk) -> None:
    readers = ("window", "window2", "mediator", "tengzhou", "worker", "supervisor")
    cursors = {name: desk.get("/news", by=name)["next_after"] for name in readers}
    case = desk.case()
    (task,) = desk.get("/user-tasks")["items"]
    for name in readers:
        news = desk.get("/news", by=name, query_string={"after": cursors[name]})
        assert ids(news) == ({task["id"]} if name.startswith("window") else set()), name
        again = desk.get("/news", by=name, query_string={"after": news["next_after"]})
        assert (ids(again), again["has_more"]) == (set(), False), name
        seen = desk.get("/news", by=name, query_string={"case_id": case["id"]})["history_seq"]
        assert (seen is not None) == (name in ("window", "window2", "supervisor")), name


def test_claims_comments_and_urgings_are_news_and_drafts_are_not(desk: ServiceDesk) -> None:
    desk.case()
    (task,) = desk.get("/user-tasks")["items"]
    path = f"/user-tasks/{task['id']}"
    after = desk.get("/news", by="window2")["next_after"]

    def told() -> bool:
        nonlocal after
        news = desk.get("/news", by="window2", query_string={"after": after})
        after = news["next_after"]
        return ids(news) == {task["id"]}

    assert not told()
    desk.call("PUT", f"{path}/draft", {"draft": {"remark": "x"}})
    assert not told()
    desk.post(f"{path}/comments", {"text": "请看"})
    assert told()
    desk.post(f"{path}/urgings", {"text": "请尽快"}, by="supervisor")
    assert told()
    desk.post(f"{path}/claim")
    assert told()
    assert not told()
    # window2 is no longer its candidate in any view, but may still see that it ended
    desk.post(f"{path}/completion")
    assert told()


def test_what_commits_late_is_not_missed(desk: ServiceDesk) -> None:
    desk.case()
    desk.token("window2")
    with desk.engine.connect() as slow:
        slow.execute(sa.update(user_task).values(priority=80))
        desk.case()
        after = desk.get("/news", by="window2")["next_after"]
        slow.commit()
    news = desk.get("/news", by="window2", query_string={"after": after})
    assert len(ids(news)) == 1


def test_a_made_up_cursor_is_refused(desk: ServiceDesk) -> None:
    cursor = desk.get("/news")["next_after"]
    for text in ("x", cursor[:-1] + ("0" if cursor[-1] != "0" else "1"), "WyIxOjE6Il0." + "0" * 16):
        assert desk.problem("GET", f"/news?after={text}") == (422, "cursor_invalid")


def test_the_day_shows_what_is_due_what_waits_and_what_moved(desk: ServiceDesk) -> None:
    desk.deploy(DATED)
    first, second = desk.case(), desk.case()
    desk.token("window2")
    tasks = {item["case_id"]: item["id"] for item in desk.get("/user-tasks")["items"]}
    desk.post(f"/user-tasks/{tasks[first['id']]}/claim")
    desk.post(f"/user-tasks/{tasks[second['id']]}/completion", by="window2")
    day = desk.get("/today")
    assert ([row["id"] for row in day["due"]], day["waiting"]) == ([tasks[first["id"]]], [])
    assert day["counts"]["mine"] == {"total": 1, "overdue": 1, "due_today": 0}
    # the one with a legal period first
    assert [case["id"] for case in day["cases"]] == [second["id"], first["id"]]
    moved = day["cases"][0]["moved"]
    assert (moved["kind"], moved["actor"], moved["count"]) == ("user-task-completed", "window2", 1)
    assert day["cases"][1]["moved"] is None  # one's own doings are no news
    assert day["cases"][0]["law"]["rule"] == "MED-ACC"
    assert day["cases"][1]["open_user_tasks"][0] | {"since": 0, "due_at": 0, "groups": 0} == {
        "id": tasks[first["id"]],
        "element_name": "a",
        "assignee": "window",
        "assignee_name": "window",
        "is_overdue": True,
        "is_mine": True,
        "since": 0,
        "due_at": 0,
        "groups": 0,
    }
    desk.post(f"/user-tasks/{day['cases'][0]['open_user_tasks'][0]['id']}/claim")
    later = desk.get("/today")
    assert [row["element_name"] for row in later["waiting"]] == ["b"]
    assert later["counts"]["mine"] == {"total": 2, "overdue": 1, "due_today": 0}
    for name in ("mediator", "tengzhou", "worker"):
        empty = desk.get("/today", by=name)
        assert (empty["cases"], empty["due"], empty["waiting"]) == ([], [], []), name


def test_saved_filters_are_their_owners_alone_and_unreadable_in_the_database(desk: ServiceDesk) -> None:
    body = {"name": "张三的案子", "query": {"view": "mine", "q": "张三", "cause_code": ["wages"]}}
    made = desk.post("/saved-filters", body)["id"]
    assert desk.get("/saved-filters")["items"] == [body | {"id": made}]
    assert desk.get("/saved-filters", by="window2")["items"] == []
    assert "张三" not in str(desk.rows(saved_filter))
    path = f"/saved-filters/{made}"
    for method, sent in (("PUT", body), ("DELETE", None)):
        assert desk.problem(method, path, sent, by="window2") == (404, "not_found")
    assert desk.call("PUT", path, {"name": "到期", "query": {"sort": "law"}}).status_code == 204
    assert desk.get("/saved-filters")["items"] == [{"id": made, "name": "到期", "query": {"sort": "law"}}]
    for query in ({"view": "x"}, {"colour": "red"}, {"cursor": "c"}):
        assert desk.problem("POST", "/saved-filters", {"name": "a", "query": query})[0] == 422
    assert desk.problem("POST", "/saved-filters", {"name": "  ", "query": {}})[0] == 422
    assert desk.call("DELETE", path).status_code == 204
    assert desk.get("/saved-filters")["items"] == []
