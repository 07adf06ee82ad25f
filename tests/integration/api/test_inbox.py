"""The inbox over HTTP: views, clocks, search, counts; and what of it whom reaches."""

from copy import deepcopy
from typing import Any

import sqlalchemy as sa

from casework.commands.index_names import index_names
from casework.queries.inbox import SORTS
from casework.store.tables import party
from engine.store.tables import case, user_task
from tests.bpmn_builder import END, START, file, node, process
from tests.integration.api.service_desk import CASE, ServiceDesk

LAWFUL = file(
    process(
        "dispute",
        START,
        END,
        node(
            "userTask",
            "a",
            camunda_candidateGroups="window-clerk",
            camunda_dueDate='${deadline("MED-ACC", received_on)}',
        ),
        node("userTask", "b", camunda_candidateGroups="mediator", camunda_dueDate="${working_days(today(), 1)}"),
        "start>a",
        "a>b",
        "b>end",
    )
)


def case_of(worker: str, employer: str = "某某机械有限公司", **changes: Any) -> dict[str, Any]:
    """Return a registration of these two."""
    body = deepcopy(CASE) | changes
    body["applicants"] = [{"kind": "person", "name": worker}]
    body["respondents"] = [{"kind": "organisation", "name": employer}]
    return body


def numbers(desk: ServiceDesk, path: str, by: str = "window") -> set[str]:
    """Return the numbers of the disputes on a page of user tasks."""
    return {item["dispute"]["number"] for item in desk.get(path, by=by)["items"]}


def test_a_line_of_the_inbox_says_all_that_a_line_shows(desk: ServiceDesk) -> None:
    desk.deploy(LAWFUL)
    made = desk.post("/cases", case_of("张三"))
    (line,) = desk.get("/user-tasks?view=groups")["items"]
    assert line["dispute"] == {
        "number": made["number"],
        "cause": line["dispute"]["cause"],
        "stage": {"code": "registered", "zh": "已登记", "en": "Registered"},
        "area": line["dispute"]["area"],
        "flags": [],
        "worker_count": 1,
        "organisation": None,
        "applicant": {"name": "张三", "kind": "person", "count": 1},
        "respondent": {"name": "某某机械有限公司", "kind": "organisation", "count": 1},
    }
    assert line["law"] | {"rule_name": None} == {
        "rule": "MED-ACC",
        "rule_name": None,
        "due_on": line["due_explanation"]["due"],
        "safe_on": line["due_explanation"]["safe"],
        "days_left": line["law"]["days_left"],
        "safe_days_left": line["law"]["safe_days_left"],
        "is_provisional": False,
    }
    assert line["law"]["days_left"] >= line["law"]["safe_days_left"] > 0
    assert (line["is_offered"], line["is_overdue"], line["assignee_name"]) == (True, False, None)
    assert [group["code"] for group in line["groups"]] == ["window-clerk"]
    desk.post(f"/user-tasks/{line['id']}/claim")
    (mine,) = desk.get("/user-tasks?view=mine")["items"]
    assert (mine["assignee"], mine["assignee_name"]) == ("window", "window")
    assert desk.get("/user-tasks?view=groups")["items"] == []


def test_a_task_with_a_house_date_shows_the_clock_of_its_case_or_none(desk: ServiceDesk) -> None:
    desk.deploy(LAWFUL)
    desk.post("/cases", case_of("张三"))
    (first,) = desk.get("/user-tasks")["items"]
    desk.post(f"/user-tasks/{first['id']}/completion")
    (second,) = desk.get("/user-tasks")["items"]
    assert second["element_id"] == "b"
    assert (second["due_at"] is not None, second["law"]) == (True, None)


def test_each_view_holds_its_own_and_the_counts_agree(desk: ServiceDesk) -> None:
    ids = []
    for worker in ("张三", "李四", "王五", "赵六"):
        desk.post("/cases", case_of(worker))
    ids = [item["id"] for item in desk.get("/user-tasks?sort=newest")["items"]]
    desk.token("window2")
    desk.post(f"/user-tasks/{ids[0]}/claim")
    desk.post(f"/user-tasks/{ids[1]}/completion")
    desk.post(f"/user-tasks/{ids[2]}/claim", by="window2")
    shown = {view: [item["id"] for item in desk.get(f"/user-tasks?view={view}")["items"]] for view in VIEWS}
    # asked first: the case is window's, though window2 holds the task
    assert shown == {"mine": [ids[0]], "groups": [ids[3]], "waiting": [ids[2]], "done": [ids[1]]}
    counts = desk.get("/user-tasks/counts")
    assert {view: counts[view]["total"] for view in VIEWS} == dict.fromkeys(VIEWS, 1)
    assert desk.get("/user-tasks/counts", by="mediator") == {
        "mine": {"total": 0, "overdue": 0, "due_today": 0},
        "groups": {"total": 0, "overdue": 0, "due_today": 0},
        "waiting": {"total": 0, "overdue": 0, "due_today": 0},
        "done": {"total": 0},
    }


VIEWS = ("mine", "groups", "waiting", "done")


def test_what_was_delegated_waits_with_whoever_gave_it_away(desk: ServiceDesk) -> None:
    desk.case()
    (task,) = desk.get("/user-tasks")["items"]
    desk.token("window2")
    desk.post(f"/user-tasks/{task['id']}/claim")
    body = {"to_user": "window2", "text": "请代办"}
    assert desk.call("PUT", f"/user-tasks/{task['id']}/delegation", body).status_code == 200
    assert [item["id"] for item in desk.get("/user-tasks?view=waiting")["items"]] == [task["id"]]
    assert desk.get("/user-tasks?view=mine")["items"] == []
    (held,) = desk.get("/user-tasks?view=mine", by="window2")["items"]
    assert (held["owner_name"], held["delegation"]) == ("window", "pending")


def test_every_order_pages_through_all_without_a_gap_or_a_repeat(desk: ServiceDesk) -> None:
    desk.deploy(LAWFUL)
    for number in range(5):
        desk.post("/cases", case_of(f"张{number}"))
    trial = desk.trial(START, END, node("userTask", "a", camunda_candidateGroups="window-clerk"), "start>a", "a>end")
    for sort in SORTS:
        seen: list[str] = []
        page = desk.get(f"/user-tasks?limit=2&sort={sort}")
        while True:
            seen += [item["id"] for item in page["items"]]
            if page["next_cursor"] is None:
                break
            page = desk.get(f"/user-tasks?limit=2&sort={sort}&cursor={page['next_cursor']}")
        assert len(seen) == len(set(seen)) == 6
        assert trial["user_tasks"][0]["id"] in seen


FOUND = (
    *("欧阳", "阳春", "欧", "春晓", "欧阳春晓", "机械", "恒达机械有限", "机械 欧阳"),
    *("2026", "〔2026〕1号", "劳动报酬"),
)
NOT_FOUND = ("有限公司", "欧晓", "阳", "机械 司马", "%", "_")


def test_a_case_is_found_by_parts_of_its_words(desk: ServiceDesk) -> None:
    desk.post("/cases", case_of("欧阳春晓", "恒达机械有限公司"))
    for text in (*FOUND, *NOT_FOUND):
        for path in ("/user-tasks", "/cases"):
            assert bool(desk.get(path, query_string={"q": text})["items"]) is (text in FOUND), (path, text)


def test_who_sees_masked_names_cannot_guess_them_bit_by_bit(desk: ServiceDesk) -> None:
    desk.post("/cases", case_of("欧阳春晓"))
    (line,) = desk.get("/user-tasks", by="supervisor")["items"]
    assert line["dispute"]["applicant"]["name"] == "欧***"
    for text in ("欧阳", "阳春", "欧"):
        assert desk.get("/user-tasks", by="supervisor", query_string={"q": text})["items"] == []
        assert desk.get("/cases", by="supervisor", query_string={"q": text})["items"] == []
    assert len(desk.get("/user-tasks", by="supervisor", query_string={"q": "欧阳春晓"})["items"]) == 1


def test_a_search_never_leaves_the_scope(desk: ServiceDesk) -> None:
    desk.post("/cases", case_of("欧阳春晓"))
    for username in ("mediator", "tengzhou", "clerk", "court", "worker", "employer", "admin"):
        for text in ("欧阳", "欧阳春晓", "2026", "劳动报酬"):
            assert desk.get("/user-tasks", by=username, query_string={"q": text})["items"] == [], (username, text)
        assert desk.get("/user-tasks/counts", by=username)["groups"]["total"] == 0


def test_no_part_of_a_name_stands_in_the_index(desk: ServiceDesk) -> None:
    desk.post("/cases", case_of("欧阳春晓"))
    assert not [row for row in desk.rows(party) for part in ("欧阳", "阳春", "春晓") if part in str(row)]


def test_parties_from_before_the_index_are_indexed_at_the_next_start(desk: ServiceDesk) -> None:
    desk.post("/cases", case_of("欧阳春晓"))
    with desk.engine.begin() as connection:
        connection.execute(sa.update(party).values(name_grams=None))
    assert desk.get("/user-tasks", query_string={"q": "阳春"})["items"] == []
    assert index_names(desk.bureau, desk.engine.begin) == 2
    assert index_names(desk.bureau, desk.engine.begin) == 0
    assert len(desk.get("/user-tasks", query_string={"q": "阳春"})["items"]) == 1


def test_comments_are_unread_until_read_and_ones_own_never_are(desk: ServiceDesk) -> None:
    desk.case()
    (task,) = desk.get("/user-tasks")["items"]
    path = f"/user-tasks/{task['id']}/comments"
    desk.post(path, {"text": "明天来"})
    assert [desk.get("/user-tasks")["items"][0][name] for name in ("comments", "unread_comments")] == [1, 0]
    assert desk.get("/user-tasks", by="window2")["items"][0]["unread_comments"] == 1
    assert desk.call("PUT", f"{path}/reading", by="window2").status_code == 204
    assert desk.get("/user-tasks", by="window2")["items"][0]["unread_comments"] == 0
    assert desk.problem("PUT", f"{path}/reading", by="mediator") == (404, "not_found")


def test_an_urged_task_carries_its_mark(desk: ServiceDesk) -> None:
    desk.case()
    (task,) = desk.get("/user-tasks")["items"]
    desk.post(f"/user-tasks/{task['id']}/urgings", {"text": "请尽快"}, by="supervisor")
    (line,) = desk.get("/user-tasks")["items"]
    assert (line["urgings"], line["last_urged_at"] is not None) == (1, True)


def test_filters_narrow_and_bad_ones_are_refused(desk: ServiceDesk) -> None:
    desk.deploy(LAWFUL)
    first = desk.post("/cases", case_of("张三"))["number"]
    body = case_of("李四", flags=["migrant-wage"])
    body["claims"] = [{"cause_code": "labour-relation"}]
    second = desk.post("/cases", body)["number"]
    assert numbers(desk, "/user-tasks?cause_code=wages") == {first}
    assert numbers(desk, "/user-tasks?cause_code=wages&cause_code=labour-relation") == {first, second}
    assert numbers(desk, "/user-tasks?flag=migrant-wage") == {second}
    assert numbers(desk, "/user-tasks?stage=registered&process_key=dispute&element_id=a") == {first, second}
    assert numbers(desk, "/user-tasks?element_id=b") == set()
    assert numbers(desk, "/user-tasks?law_due_until=2000-01-01") == set()
    assert numbers(desk, "/user-tasks?law_due_until=2100-01-01") == {first, second}
    assert numbers(desk, "/user-tasks?law_within_days=0") == set()
    assert numbers(desk, "/user-tasks?law_within_days=366") == {first, second}
    assert numbers(desk, "/user-tasks?law_within_days=366&law_due_until=2000-01-01") == set()
    assert numbers(desk, f"/user-tasks?organisation_id={desk.organisation_id('SZ-GML-MED')}") == set()
    for query in (
        "view=all",
        "sort=x",
        "law_due_until=soon",
        "law_within_days=-1",
        "law_within_days=367",
        "q=",
        "colour=red",
    ):
        assert desk.problem("GET", f"/user-tasks?{query}")[0] == 422


def test_cases_say_whether_a_dispute_hangs_on_them(desk: ServiceDesk) -> None:
    desk.case()
    desk.trial(START, END, node("userTask", "a", camunda_candidateGroups="window-clerk"), "start>a", "a>end")
    assert sorted(row.is_hosted for row in desk.rows(case)) == [False, True]
    assert len(desk.rows(user_task)) == 2
