"""The timeline of a case: in plain words, with the days on which things happened, and nothing confidential."""

from uuid import UUID

from casework.documents import store_document
from engine.commands.complete_user_task import complete_user_task
from engine.domain.actor import Actor, OnBehalfOf
from engine.store.tables import history, user_task
from tests.integration.api.service_desk import ServiceDesk


def titles(desk: ServiceDesk, case_id: str, query: str = "", by: str = "window") -> list[str]:
    return [entry["title"] for entry in desk.get(f"/cases/{case_id}/timeline{query}", by=by)["items"]]


def test_a_timeline_tells_in_the_readers_language_who_did_what_and_when_it_happened(desk: ServiceDesk) -> None:
    case = desk.case(event_dates={"received_on": "2026-02-20"})
    path = f"/cases/{case['id']}/event-dates/received_on"
    assert desk.call("PUT", path, {"value": "2026-02-19", "reason": "看错了"}).status_code == 200
    entries = desk.get(f"/cases/{case['id']}/timeline")["items"]
    assert [each["title"] for each in entries] == [
        f"登记争议，编号{case['number']}：收到申请日期2026-02-20",
        "更正法定日期：收到申请日期由2026-02-20改为2026-02-19",
    ]
    assert [each["happened_on"] for each in entries] == [
        [{"name": "received_on", "label": "收到申请日期", "value": day}] for day in ("2026-02-20", "2026-02-19")
    ]
    assert {(each["actor"], each["actor_name"]) for each in entries} == {("window", "window")}
    assert (
        titles(desk, case["id"], "?lang=en")[1]
        == "Event date corrected: Request received from 2026-02-20 to 2026-02-19"
    )
    assert "看错了" not in str(entries)


def test_details_are_told_only_when_asked_for_and_pages_have_no_gap(desk: ServiceDesk) -> None:
    case = desk.case()
    every = desk.get(f"/cases/{case['id']}/timeline?details=true")["items"]
    assert len(every) == len(desk.rows(history))
    assert {each["kind"] for each in every if each["is_detail"]} >= {"case-opened", "elements-passed"}
    assert all(each["title"] != each["kind"] for each in every)
    first = desk.get(f"/cases/{case['id']}/timeline?details=true&limit=2")
    rest = desk.get(f"/cases/{case['id']}/timeline?details=true&cursor={first['next_cursor']}")
    assert first["items"] + rest["items"] == every


def test_what_was_done_for_a_party_names_it(desk: ServiceDesk) -> None:
    case = desk.case()
    applicant = desk.get(f"/cases/{case['id']}")["parties"][0]
    (task,) = desk.rows(user_task)
    with desk.work(Actor("user:window")) as uow:
        complete_user_task(uow, task.id, {}, OnBehalfOf(applicant["id"], "phone", "2026-03-01"))
    (entry,) = [
        each for each in desk.get(f"/cases/{case['id']}/timeline")["items"] if each["kind"] == "user-task-completed"
    ]
    assert (entry["on_behalf_of"]["party_name"], entry["on_behalf_of"]["method"]) == ("张三", "phone")
    assert entry["user_task_id"] == str(task.id)


def test_a_confidential_document_is_neither_named_nor_linked_for_who_may_not_read_it(desk: ServiceDesk) -> None:
    case = desk.case()
    with desk.work(Actor("user:mediator")) as uow:
        for title, is_confidential in (("让步笔录", True), ("调解协议书", False)):
            store_document(
                uow, desk.bureau, UUID(case["id"]), kind="note", title=title, content=b"%PDF-1.7 x" + title.encode(),
                media_type="application/pdf", idempotency_key=title, is_confidential=is_confidential,
            )  # fmt: skip
    hidden, shown = desk.get(f"/cases/{case['id']}/timeline", by="supervisor")["items"][-2:]
    assert (hidden["title"], hidden["document_id"]) == ("存入文书：保密材料", None)
    assert shown["title"] == "存入文书：调解协议书"
    assert shown["document_id"] is not None
    assert "让步" not in str(titles(desk, case["id"]))


def test_the_timeline_of_a_case_out_of_scope_is_not_there(desk: ServiceDesk) -> None:
    case = desk.case()
    for username in ("tengzhou", "mediator", "worker", "court"):
        assert desk.problem("GET", f"/cases/{case['id']}/timeline", by=username) == (404, "not_found")
    assert desk.problem("GET", f"/cases/{case['id']}/timeline", by="designer") == (403, "forbidden")
