"""What supervisors see over their area: incidents with an owner, late work by organisation, and who read a case."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from api.readings import PLACES
from api.rules import rule_of
from casework.organisations import assign_organisation
from casework.store.tables import case_access, user_account
from casework.tokens import issue_token
from engine.domain.actor import Actor
from engine.domain.clock import SHANGHAI
from engine.store.tables import timer
from tests.bpmn_builder import END, START, boundary, file, node, parameters, process, service
from tests.bpmn_builder import timer as due
from tests.integration.api.conftest import open_desk
from tests.integration.api.service_desk import ServiceDesk

FRIDAY = datetime(2026, 9, 18, 9, tzinfo=SHANGHAI)

LATE = file(
    process(
        "dispute",
        START,
        END,
        node("parallelGateway", "g"),
        node("userTask", "a", camunda_candidateGroups="window-clerk", camunda_dueDate="${today()}"),
        node("userTask", "b", camunda_candidateGroups="window-clerk", camunda_dueDate='${deadline("MED-ACC", today())}'),
        node("userTask", "c", camunda_candidateGroups="window-clerk"),
        boundary("twin", "b", due("Date", '${deadline("MED-ACC", today())}'), False),
        boundary("other", "c", due("Date", '${deadline("MED-15S", today())}'), False),
        service("w", "work", parameters({"n": "1"})),
        "start>g", "g>a", "g>b", "g>c", "g>w", "a>end", "b>end", "c>end", "w>end",
        *(node("endEvent", f"{name}-end") for name in ("twin", "other")), "twin>twin-end", "other>other-end",
    )
)  # fmt: skip


@pytest.fixture
def late(engine: sa.Engine, tmp_path: Path) -> Iterator[ServiceDesk]:
    for desk in open_desk(engine, tmp_path, LATE):
        desk.clock.set(FRIDAY)
        yield desk


def sent(desk: ServiceDesk) -> dict[str, Any]:
    """Register a case on a Friday and give it to the mediation organisation of its street."""
    case = desk.case()
    with desk.work(Actor("user:window")) as uow:
        assign_organisation(uow, UUID(case["id"]), desk.organisation_id("SZ-GML-MED"), "nearest")
    return case


def go_to(desk: ServiceDesk, instant: datetime) -> None:
    """Move the clock; everybody signs in anew."""
    desk.clock.set(instant)
    accounts = {row.username: row.id for row in desk.rows(user_account)}
    with desk.work(Actor("system")) as uow:
        for username in desk._tokens:
            desk._tokens[username] = issue_token(uow, accounts[username]).token


def listed(desk: ServiceDesk, query: str = "", by: str = "supervisor") -> list[tuple[str, int]]:
    return [(item["element_id"], item["days_left"]) for item in desk.get(f"/overdue-work{query}", by=by)["items"]]


def test_late_work_is_listed_longest_overdue_first_and_the_same_rule_counts_once(late: ServiceDesk) -> None:
    sent(late)
    assert listed(late) == []
    assert listed(late, "?within_days=1") == [("a", 0)]
    go_to(late, datetime(2026, 9, 22, 9, tzinfo=SHANGHAI))
    assert listed(late) == [("a", -4)]
    assert listed(late, "?within_days=3") == [("a", -4), ("b", 0)]
    assert listed(late, "?within_days=20") == [("a", -4), ("b", 0), ("other", 16)]
    go_to(late, datetime(2026, 11, 2, 9, tzinfo=SHANGHAI))
    assert [name for name, _ in listed(late)] == ["a", "b", "other"]
    assert [name for name, _ in listed(late, "?what=deadline")] == ["other"]
    first, second, _ = late.get("/overdue-work?lang=en", by="supervisor")["items"]
    assert (first["rule"], second["rule"], second["rule_name"]) == (
        None,
        "MED-ACC",
        "Acceptance of a mediation application",
    )
    assert second["organisation"]["code"] == "SZ-GML-MED"
    assert (second["is_overdue"], second["due_on"]) == (True, "2026-09-22")


def test_late_work_is_paged_without_a_gap(late: ServiceDesk) -> None:
    for _ in range(3):
        late.case()
    go_to(late, datetime(2026, 11, 2, 9, tzinfo=SHANGHAI))
    seen, cursor = [], ""
    while True:
        page = late.get(f"/overdue-work?limit=2{cursor}", by="supervisor")
        seen += [item["id"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert len(seen) == len(set(seen)) == 9


def test_counts_by_organisation_are_the_length_of_the_lists(late: ServiceDesk) -> None:
    sent(late)
    late.case(area_code="370402005")
    late.fail_job("x", is_final=True)
    go_to(late, datetime(2026, 9, 22, 9, tzinfo=SHANGHAI))
    counted = late.get("/overdue-work/counts?within_days=3", by="supervisor")["items"]
    assert {row["organisation"] and row["organisation"]["code"]: row["incidents"] for row in counted}["SZ-GML-MED"] == 1
    for row in counted:
        which = f"organisation_id={row['organisation']['id']}" if row["organisation"] else "without_organisation=true"
        found = late.get(f"/overdue-work?within_days=3&{which}", by="supervisor")["items"]
        assert row["overdue_user_tasks"] == sum(each["is_overdue"] for each in found) == 1
        assert row["due_soon"] == sum(not each["is_overdue"] for each in found) == 1
        assert row["cases"] == 1
    assert [
        row["overdue_user_tasks"]
        for row in late.get("/overdue-work/counts?area_code=370402005", by="supervisor")["items"]
    ] == [1]


@pytest.mark.parametrize(
    ("username", "count"), [("supervisor", 1), ("district", 1), ("head", 1), ("tengzhou", 0), ("director", 0)]
)
def test_late_work_shows_only_cases_in_scope(late: ServiceDesk, username: str, count: int) -> None:
    sent(late)
    go_to(late, datetime(2026, 9, 21, 9, tzinfo=SHANGHAI))
    assert len(listed(late, by=username)) == count
    counts = late.get("/overdue-work/counts", by=username)["items"]
    assert sum(row["overdue_user_tasks"] for row in counts) == count


def test_an_unknown_area_is_told(late: ServiceDesk) -> None:
    assert late.problem("GET", "/overdue-work?area_code=99", by="supervisor") == (422, "area_unknown")
    assert late.problem("GET", "/overdue-work?within_days=91", by="supervisor") == (422, "request_invalid")


def test_an_incident_shows_its_case_and_organisation_and_can_be_given_to_who_repairs_it(late: ServiceDesk) -> None:
    case = sent(late)
    late.fail_job("没有接通", is_final=True)
    (found,) = late.get("/incidents", by="district")["items"]
    assert (found["number"], found["organisation"]["code"], found["assignee"]) == (case["number"], "SZ-GML-MED", None)
    assert "没有接通" in found["message"]
    path = f"/incidents/{found['id']}/assignment"
    for username in ("tengzhou", "window", "mediator", "nobody"):
        late.token(username) if username != "nobody" else None
        assert late.problem("PUT", path, {"assignee": username}, by="supervisor") == (422, "incident_owner_unsuitable")
    assert late.problem("PUT", path, {"assignee": "me"}, by="tengzhou") == (404, "not_found")
    assert late.problem("PUT", path, {"assignee": "me"}, by="designer") == (403, "forbidden")
    assert late.call("PUT", path, {"assignee": "me"}, by="district").status_code == 204
    assert late.call("PUT", path, {"assignee": "me"}, by="district").status_code == 204
    assert [each["assignee"] for each in late.get("/incidents?assignee=me", by="district")["items"]] == ["district"]
    assert late.get("/incidents?assignee=none", by="district")["items"] == []
    history = late.get(f"/cases/{case['id']}/history?kind=incident-assigned", by="supervisor")["items"]
    assert [row["facts"]["assignee"] for row in history] == ["user:district"]
    assert late.call("DELETE", path, by="supervisor").status_code == 204
    assert len(late.get("/incidents?assignee=none", by="district")["items"]) == 1
    late.post(f"/incidents/{found['id']}/resolution", {}, by="district")
    assert late.problem("PUT", path, {"assignee": "me"}, by="district") == (409, "incident_already_resolved")


def test_incidents_are_narrowed_by_organisation_area_and_age(late: ServiceDesk) -> None:
    sent(late)
    late.fail_job("x", is_final=True)
    organisation = late.organisation_id("SZ-GML-MED")
    for query, count in (
        (f"organisation_id={organisation}", 1),
        (f"organisation_id={late.organisation_id('SZ-ARB')}", 0),
        ("area_code=370402", 1),
        ("area_code=370403", 0),
        ("raised_before=2026-09-18T00:00:00Z", 0),
        ("raised_before=2027-09-18T00:00:00Z", 1),
        ("kind=nothing", 0),
    ):
        assert len(late.get(f"/incidents?{query}", by="supervisor")["items"]) == count, query


def test_every_reading_of_a_case_by_a_supervisor_is_written_down_with_what_was_read(desk: ServiceDesk) -> None:
    case = desk.case()
    task = desk.get(f"/cases/{case['id']}")["open_user_tasks"][0]["id"]
    paths = {
        f"/cases/{case['id']}": "get_case",
        f"/cases/{case['id']}/history": "list_case_history",
        f"/cases/{case['id']}/documents": "list_case_documents",
        f"/user-tasks/{task}": "get_one_user_task",
        f"/process-instances/{case['instance_id']}": "get_instance",
    }
    for path in paths:
        desk.get(path, by="supervisor")
        desk.get(path, by="window")
    desk.get("/cases", by="supervisor")
    assert desk.problem("GET", f"/cases/{case['id']}", by="tengzhou") == (404, "not_found")
    assert sorted(row.purpose for row in desk.rows(case_access)) == sorted(paths.values())
    shown = desk.get(f"/cases/{case['id']}/readings", by="window")["items"]
    assert [each["purpose"] for each in shown] == list(reversed(paths.values()))
    assert {(each["username"], each["display_name"]) for each in shown} == {("supervisor", "supervisor")}
    assert desk.problem("GET", f"/cases/{case['id']}/readings", by="tengzhou") == (404, "not_found")
    assert desk.problem("GET", f"/cases/{case['id']}/readings", by="worker") == (404, "not_found")


def test_no_route_that_reads_of_one_case_escapes_the_log(desk: ServiceDesk) -> None:
    known = {"case_id", *PLACES}
    for rule in desk.app.url_map.iter_rules():
        access = rule_of(desk.app.view_functions[rule.endpoint])
        if "GET" in (rule.methods or ()) and access.scope == "case" and rule.arguments and not access.is_public:
            assert rule.arguments & known or rule.rule == "/api/v1/calendar-years/<int:year>/changes", rule.rule


def test_the_timers_of_these_tests_are_deadlines(late: ServiceDesk) -> None:
    late.case()
    assert {row.element_id for row in late.rows(timer) if row.due_on} == {"twin", "other"}
