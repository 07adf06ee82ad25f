"""Suspension, restart and extension of a case's deadlines over HTTP, and the history of every date."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from casework.deadline_recounts import run_recounts
from casework.store.tables import deadline_event
from engine.commands.suspend_instance import suspend_instance
from engine.domain.actor import Actor
from engine.store.tables import history, process_instance, timer
from tests.bpmn_builder import END, START, boundary, file, node, process
from tests.bpmn_builder import timer as timer_event
from tests.integration.api.service_desk import CASE, ServiceDesk

REVIEWED = file(
    process(
        "dispute",
        START,
        END,
        node("userTask", "a", camunda_candidateGroups="mediator", camunda_dueDate="${deadline('REV-5', received_on)}"),
        boundary("late", "a", timer_event("Date", "${deadline('REV-5', received_on)}"), interrupting=False),
        boundary(
            "soon",
            "a",
            timer_event("Date", "${reminder_at(safe_deadline('REV-5', received_on) - days(2))}"),
            interrupting=False,
        ),
        node("userTask", "b", camunda_candidateGroups="supervisor"),
        "start>a",
        "a>end",
        "late>b",
        "soon>b",
        "b>end",
    )
)


@pytest.fixture
def case_id(desk: ServiceDesk) -> str:
    desk.deploy(REVIEWED)
    desk.clock.set(datetime(2026, 3, 5, 2, tzinfo=UTC))
    registered = desk.post("/cases", {**CASE, "event_dates": {"received_on": "2026-03-02"}})
    return str(registered["id"])


def deadline_of(desk: ServiceDesk, case_id: str, **options: Any) -> dict[str, Any]:
    (found,) = desk.get(f"/cases/{case_id}/deadlines", **options)["items"]
    return dict(found)


def event(desk: ServiceDesk, case_id: str, by: str = "window", **body: Any) -> dict[str, Any]:
    return dict(desk.post(f"/cases/{case_id}/deadline-events", {"rule": "REV-5", **body}, by=by))


def test_a_deadline_shows_both_dates_its_uses_and_why_it_was_set(desk: ServiceDesk, case_id: str) -> None:
    found = deadline_of(desk, case_id)
    assert (found["rule"], found["due_on"], found["safe_on"]) == ("REV-5", "2026-03-09", "2026-03-09")
    assert {use["element_id"] for use in found["uses"]} == {"a", "late", "soon"}
    (date,) = found["dates"]
    assert date["cause"] == {"kind": "set"}
    assert "仲裁审查" in found["explanation"]
    assert "以仲裁机构认定为准" in found["safe_explanation"]
    assert "Safe date" in deadline_of(desk, case_id, headers={"Accept-Language": "en"})["safe_explanation"]


def test_a_suspension_stops_the_clock_and_the_rest_runs_on_after_it(desk: ServiceDesk, case_id: str) -> None:
    recorded = event(desk, case_id, kind="suspension", on="2026-03-04", note="等待鉴定")
    assert {each["element_id"] for each in recorded["moved_timers"]} == {"late", "soon"}
    assert [each["element_id"] for each in recorded["moved_due_dates"]] == ["a"]
    found = deadline_of(desk, case_id)
    assert (found["is_suspended"], found["due_on"], found["safe_on"]) == (True, None, None)
    shown = desk.get(f"/cases/{case_id}")["deadlines"]
    assert {(each["due_on"], each["is_suspended"]) for each in shown} == {(None, True)}
    assert desk.pass_time(timedelta(days=12)) == 0  # nothing fires while it stands still
    resumed = {"kind": "suspension", "on": "2026-03-04", "until": "2026-03-16", "replaces": recorded["id"]}
    assert desk.problem("POST", f"/cases/{case_id}/deadline-events", {"rule": "REV-5", **resumed}, by="supervisor") == (
        422,
        "reason_missing",
    )
    event(desk, case_id, by="supervisor", **resumed, reason="鉴定意见已收到")
    found = deadline_of(desk, case_id, by="supervisor")
    # the 3rd had counted; four working days are left from the 16th on
    assert (found["is_suspended"], found["due_on"]) == (False, "2026-03-19")
    assert "自2026-03-04起中止，2026-03-16恢复" in found["explanation"]
    assert [each["due_on"] for each in found["dates"]] == ["2026-03-09", None, "2026-03-19"]
    assert [each["cause"]["kind"] for each in found["dates"]] == ["set", "deadline-event", "deadline-event"]
    events = desk.get(f"/cases/{case_id}/deadlines", by="supervisor")["events"]
    assert [(each["is_current"], each["reason"]) for each in events] == [(False, None), (True, "鉴定意见已收到")]
    assert "鉴定" not in str(desk.rows(deadline_event)) + str(desk.rows(history))


def test_operators_suspending_the_instance_stop_no_legal_clock(desk: ServiceDesk, case_id: str) -> None:
    (instance,) = desk.rows(process_instance)
    with desk.work(Actor("user:supervisor")) as uow:
        suspend_instance(uow, instance.id, "核查")
    found = deadline_of(desk, case_id)
    assert (found["is_suspended"], found["due_on"]) == (False, "2026-03-09")


def test_an_extension_goes_by_the_version_of_the_rule_that_counts_the_period(desk: ServiceDesk, case_id: str) -> None:
    changes = {"extension_length": 10, "basis": [{"statute": "arbitration-case-rules", "articles": ["76(1)"]}]}
    version = {"changes": changes, "effective_on": "2026-03-02", "cases_before": "keep", "source": "《某规定》"}
    asked = {"rule": "REV-5", "kind": "extension", "on": "2026-03-05", "units": 10, "approved_by": "仲裁院院长"}
    path = f"/cases/{case_id}/deadline-events"
    assert desk.problem("POST", path, asked) == (422, "deadline_event_invalid")
    desk.post("/deadline-rules/REV-5/versions", version, by="admin")
    desk.post("/deadline-rules/REV-5/versions/2/publication", {}, by="supervisor")
    desk.post(path, asked)
    assert deadline_of(desk, case_id)["due_on"] == "2026-03-23"


def test_an_extension_needs_its_approval_and_no_more_than_the_law_allows(desk: ServiceDesk, case_id: str) -> None:
    path, body = f"/cases/{case_id}/deadline-events", {"rule": "REV-5", "kind": "extension", "on": "2026-03-05"}
    for wrong in (
        {"units": 5},
        {"units": 6, "approved_by": "仲裁院院长"},
        {"approved_by": "仲裁院院长"},
        {"units": 5, "until": "2026-03-20", "approved_by": "仲裁院院长"},
        {"until": "2026-03-01", "approved_by": "仲裁院院长"},
    ):
        assert desk.problem("POST", path, {**body, **wrong}) == (422, "deadline_event_invalid")
    event(desk, case_id, kind="extension", on="2026-03-05", units=5, approved_by="仲裁院院长")
    found = deadline_of(desk, case_id)
    assert found["due_on"] == "2026-03-16"
    assert "延长5个工作日" in found["explanation"]
    again = {**body, "units": 5, "approved_by": "仲裁院院长"}
    assert desk.problem("POST", path, again) == (422, "deadline_event_invalid")
    events = desk.get(f"/cases/{case_id}/deadlines")["events"]
    assert events[0]["approved_by"] == "仲裁院院长"
    assert "院长" not in str(desk.rows(deadline_event)) + str(desk.rows(history))


def test_a_restart_counts_anew_and_a_wrong_one_is_taken_back(desk: ServiceDesk, case_id: str) -> None:
    restarted = event(desk, case_id, kind="restart", on="2026-03-05")
    assert deadline_of(desk, case_id)["due_on"] == "2026-03-12"
    taken_back = {"kind": "restart", "on": "2026-03-05", "replaces": restarted["id"], "is_retracted": True}
    event(desk, case_id, **taken_back, reason="登记错案")
    found = deadline_of(desk, case_id)
    assert found["due_on"] == "2026-03-09"
    assert [each["due_on"] for each in found["dates"]] == ["2026-03-09", "2026-03-12", "2026-03-09"]


def test_a_corrected_event_date_and_the_year_stand_in_the_history_too(desk: ServiceDesk, case_id: str) -> None:
    path = f"/cases/{case_id}/event-dates/received_on"
    desk.call("PUT", path, {"value": "2026-02-27", "reason": "收件日期有误"}, by="window")
    found = deadline_of(desk, case_id)
    assert (found["start"], found["due_on"]) == ("2026-02-27", "2026-03-05")
    assert [each["cause"] for each in found["dates"]][1] == {"kind": "inputs-changed", "names": ["received_on"]}
    assert run_recounts(lambda: desk.work(Actor("system"))) == 0


def test_a_deadline_that_is_over_stays_listed(desk: ServiceDesk, case_id: str) -> None:
    desk.pass_time(timedelta(days=10))
    assert {row.state for row in desk.rows(timer)} == {"fired"}
    found = deadline_of(desk, case_id, by="supervisor")
    assert {(use["element_id"], use["state"]) for use in found["uses"]} >= {("late", "fired"), ("soon", "fired")}
    assert found["due_on"] == "2026-03-09"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"rule": "NONE", "kind": "restart", "on": "2026-03-05"}, (404, "unknown_deadline_rule")),
        ({"rule": "ARB-HEAR", "kind": "restart", "on": "2026-03-05"}, (422, "deadline_event_invalid")),
        ({"rule": "NEG-TERM", "kind": "restart", "on": "2026-03-05"}, (422, "deadline_event_invalid")),
        ({"rule": "REV-5", "kind": "pause", "on": "2026-03-05"}, (422, "deadline_event_invalid")),
        ({"rule": "REV-5", "kind": "restart", "on": "2026-03-06"}, (422, "deadline_event_invalid")),
        ({"rule": "REV-5", "kind": "restart", "on": "2026-03-05", "units": 3}, (422, "deadline_event_invalid")),
        (
            {"rule": "REV-5", "kind": "suspension", "on": "2026-03-05", "until": "2026-03-01"},
            (422, "deadline_event_invalid"),
        ),
        (
            {"rule": "JC-APPLY", "kind": "extension", "on": "2026-03-05", "units": 3, "approved_by": "x"},
            (422, "deadline_event_invalid"),
        ),
    ],
)
def test_what_cannot_happen_to_a_clock_is_refused(
    desk: ServiceDesk, case_id: str, body: dict[str, Any], expected: tuple[int, str]
) -> None:
    assert desk.problem("POST", f"/cases/{case_id}/deadline-events", body) == expected
    assert desk.rows(deadline_event) == []


def test_deadlines_are_not_for_strangers_nor_for_parties_to_change(desk: ServiceDesk, case_id: str) -> None:
    assert desk.problem("GET", f"/cases/{case_id}/deadlines", by="tengzhou") == (404, "not_found")
    body = {"rule": "REV-5", "kind": "restart", "on": "2026-03-05"}
    assert desk.problem("POST", f"/cases/{case_id}/deadline-events", body, by="worker") == (403, "forbidden")
    assert desk.problem("POST", f"/cases/{case_id}/deadline-events", body, by="tengzhou") == (404, "not_found")
