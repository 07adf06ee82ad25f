"""Colleagues over HTTP: exactly those to whom a thing may be given, staff only, and only about what the caller sees."""

from typing import Any

import sqlalchemy as sa

from casework.store.tables import user_account
from tests.bpmn_builder import END, START, file, parameters, process, service
from tests.integration.api.service_desk import PEOPLE, ServiceDesk

REPAIRED = file(
    process("dispute", START, END, service("w", "work", parameters({"n": "${1 // 0}"})), "start>w", "w>end")
)


def usernames(desk: ServiceDesk, by: str = "window", **query: Any) -> set[str]:
    found = desk.get("/colleagues", by=by, query_string={"limit": 100, **query})
    assert not found["has_more"]
    return {each["username"] for each in found["items"]}


def everybody(desk: ServiceDesk) -> None:
    for name in PEOPLE:
        desk.token(name)


def task_of(desk: ServiceDesk, case: dict[str, Any]) -> str:
    found: str = desk.get(f"/cases/{case['id']}")["open_user_tasks"][0]["id"]
    return found


def test_somebody_listed_cannot_be_given_the_task_or_somebody_left_out_can(desk: ServiceDesk) -> None:
    everybody(desk)
    task = task_of(desk, desk.case())
    listed = usernames(desk, by="supervisor", purpose="assignment", user_task_id=task)
    assert listed == {"window", "window2"}
    for name in PEOPLE:
        status = desk.call("PUT", f"/user-tasks/{task}/assignment", {"assignee": name}, by="supervisor").status_code
        assert (status == 204) == (name in listed), name


def test_a_task_can_be_handed_to_others_than_those_listed(desk: ServiceDesk) -> None:
    everybody(desk)
    task = task_of(desk, desk.case())
    listed = usernames(desk, purpose="handover", user_task_id=task)
    assert listed == {"window", "window2", "union"}
    for name in PEOPLE:
        desk.call("PUT", f"/user-tasks/{task}/assignment", {"assignee": "window"}, by="supervisor")
        body = {"to_user": name, "reason": "出差"}
        status = desk.call("POST", f"/user-tasks/{task}/handover", body, by="supervisor").status_code
        # handing over to whoever holds it already is refused as pointless, not as unsuitable
        assert (status == 201) == (name in listed - {"window"}), (name, status)


def test_a_copy_can_be_sent_to_others_than_those_listed(desk: ServiceDesk) -> None:
    everybody(desk)
    task = task_of(desk, desk.case())
    listed = usernames(desk, purpose="copy", user_task_id=task)
    assert listed == {"window", "window2", "union", "supervisor", "second", "district"}
    for name in PEOPLE:
        body = {"users": [name], "roles": [], "text": "请知悉"}
        status = desk.call("POST", f"/user-tasks/{task}/copies", body).status_code
        assert (status == 204) == (name in listed), name


def test_an_incident_can_be_given_to_others_than_those_listed(desk: ServiceDesk) -> None:
    everybody(desk)
    desk.deploy(REPAIRED)
    desk.case()
    (incident,) = desk.get("/incidents", by="supervisor")["items"]
    listed = usernames(desk, by="supervisor", purpose="repair", incident_id=incident["id"])
    assert listed == {"supervisor", "second", "district", "admin"}
    for name in PEOPLE:
        path = f"/incidents/{incident['id']}/assignment"
        status = desk.call("PUT", path, {"assignee": name}, by="supervisor").status_code
        assert (status == 204) == (name in listed), name


def test_who_suits_one_task_only_is_offered_for_two(desk: ServiceDesk) -> None:
    everybody(desk)
    desk.user("north", "window-clerk", area="370402006")
    first, second = desk.case(), desk.case(area_code="370481001")
    tasks = [task_of(desk, first), task_of(desk, second)]
    assert usernames(desk, purpose="assignment", user_task_id=tasks[0]) == {"window", "window2", "north"}
    assert usernames(desk, purpose="assignment", user_task_id=tasks) == {"window", "window2"}


def test_a_colleague_is_not_found_by_a_part_of_the_name(desk: ServiceDesk) -> None:
    everybody(desk)
    desk.user("zhang.san", "window-clerk", area="370402006", organisation="SZ-HRSS")
    task = task_of(desk, desk.case())
    for text in ("zhang", "SAN 的姓", "人力资源"):
        found = usernames(desk, purpose="assignment", user_task_id=task, q=text)
        assert "zhang.san" in found, text
    assert usernames(desk, purpose="assignment", user_task_id=task, q="zhang") == {"zhang.san"}
    assert usernames(desk, purpose="assignment", user_task_id=task, q="_%") == set()
    shown = desk.get("/colleagues", query_string={"purpose": "assignment", "user_task_id": task, "q": "zhang"})["items"]
    assert shown[0]["display_name"] == "zhang.san 的姓名"
    assert shown[0]["roles"] == [{"code": "window-clerk", "zh": "窗口受理员", "en": "Window clerk"}]
    few = desk.get("/colleagues", query_string={"purpose": "assignment", "user_task_id": task, "limit": 1})
    # those of one's own organisation come first
    assert (few["items"][0]["organisation"]["name"], few["has_more"]) == ("枣庄市人力资源和社会保障局", True)


def test_a_closed_account_is_still_offered(desk: ServiceDesk) -> None:
    everybody(desk)
    task = task_of(desk, desk.case())
    with desk.engine.begin() as connection:
        connection.execute(sa.update(user_account).where(user_account.c.username == "window2").values(is_active=False))
    assert usernames(desk, purpose="assignment", user_task_id=task) == {"window"}


def test_strangers_learn_who_works_on_a_case(desk: ServiceDesk) -> None:
    everybody(desk)
    case = desk.case()
    task = task_of(desk, case)
    for name in ("mediator", "head", "clerk", "court", "tengzhou"):
        for purpose in ("assignment", "handover", "copy"):
            query = {"purpose": purpose, "user_task_id": task}
            assert desk.problem("GET", "/colleagues", by=name, query_string=query) == (404, "not_found"), name
    for name in ("worker", "employer", "partner"):
        query = {"purpose": "copy", "user_task_id": task}
        assert desk.problem("GET", "/colleagues", by=name, query_string=query) == (403, "forbidden")
    desk.deploy(REPAIRED)
    desk.case()
    (incident,) = desk.get("/incidents", by="supervisor")["items"]
    for name, told in (("window", 403), ("tengzhou", 404), ("designer", 404)):
        query = {"purpose": "repair", "incident_id": incident["id"]}
        assert desk.problem("GET", "/colleagues", by=name, query_string=query)[0] == told, name


def test_a_question_without_its_subject_is_answered(desk: ServiceDesk) -> None:
    task = task_of(desk, desk.case())
    for query in (
        {},
        {"purpose": "assignment"},
        {"purpose": "repair"},
        {"purpose": "repair", "user_task_id": task},
        {"purpose": "copy", "incident_id": task},
        {"purpose": "eat", "user_task_id": task},
    ):
        assert desk.problem("GET", "/colleagues", query_string=query) == (422, "request_invalid"), query
