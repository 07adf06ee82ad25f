"""Versions of deadline rules over HTTP: proposed by one person, published by another, and what that moves."""

import io
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from werkzeug.test import TestResponse

from casework.commands.decide_deadline_rule import request_raced_recounts
from casework.commands.register_dispute import register_dispute
from casework.deadline_recounts import run_recounts
from casework.deadlines.rule_book import shipped_book
from casework.host import CaseworkHost
from casework.store.tables import deadline_recount, deadline_rule_version
from engine.domain.actor import Actor
from engine.store.tables import history, timer, user_task
from tests.bpmn_builder import END, START, boundary, file, node, process
from tests.bpmn_builder import timer as timer_event
from tests.integration.api.conftest import open_desk
from tests.integration.api.service_desk import CASE, ServiceDesk
from tests.integration.casework.office import GML, TENGZHOU, registration

COUNTED = file(
    process(
        "dispute",
        START,
        END,
        node(
            "userTask",
            "a",
            camunda_candidateGroups="window-clerk",
            camunda_dueDate='${deadline("MED-15R", received_on)}',
        ),
        boundary("late", "a", timer_event("Date", '${at(deadline("MED-15R", received_on), "09:00")}')),
        "start>a",
        "a>end",
        "late>end",
    )
)
LAW = [{"zh": "《某法》", "en": "Some Law", "articles": ["14"]}]
PROPOSAL = {
    "changes": {"length": 20, "basis": LAW},
    "effective_on": "2026-03-01",
    "cases_before": "keep",
    "source": "《某法》第十四条，2026年2月1日公布",
}
VERSIONS = "/deadline-rules/MED-15R/versions"


@pytest.fixture
def desk(engine: sa.Engine, tmp_path: Path) -> Iterator[ServiceDesk]:
    yield from open_desk(engine, tmp_path, COUNTED)


def open_case(desk: ServiceDesk, received_on: str = "2026-03-02", area: str = GML) -> str:
    """Register a case whose fifteen days run from a day; return its id."""
    found: str = desk.case(event_dates={"received_on": received_on}, area_code=area)["id"]
    return found


def propose(desk: ServiceDesk, by: str = "admin", rule: str = "MED-15R", **changes: Any) -> int:
    number: int = desk.post(f"/deadline-rules/{rule}/versions", PROPOSAL | changes, by=by)["number"]
    return number


def publish(desk: ServiceDesk, number: int = 2, by: str = "supervisor") -> Any:
    return desk.post(f"{VERSIONS}/{number}/publication", {}, by=by)


def recount(desk: ServiceDesk) -> int:
    """Do what the worker does."""
    return run_recounts(lambda: desk.work(Actor("system")))


def dates(desk: ServiceDesk, case_id: str) -> list[str]:
    """Return the last days by the case's timer and by its user task."""
    (late,) = desk.rows(timer, timer.c.case_id == case_id)
    (task,) = desk.rows(user_task, user_task.c.case_id == case_id)
    return [late.explanation["due"], task.due_explanation["due"]]


def test_a_version_counts_nothing_until_a_second_person_has_published_it(desk: ServiceDesk) -> None:
    case_id = open_case(desk)
    assert propose(desk) == 2
    assert desk.get("/deadline-rules/MED-15R")["length"] == 15
    assert publish(desk) == {"rule_id": "MED-15R", "number": 2, "cases": 1}
    assert desk.get("/deadline-rules/MED-15R")["length"] == 20
    assert dates(desk, case_id) == ["2026-03-17"] * 2, "open dates are the worker's, not the request's"
    assert recount(desk) == 1
    assert dates(desk, case_id) == ["2026-03-23"] * 2
    moved = [row for row in desk.rows(history) if row.kind in ("timer-moved", "due-date-moved")]
    assert [row.facts["cause"] for row in moved] == [{"kind": "deadline-rule", "rule": "MED-15R", "version": 2}] * 2
    assert desk.get(f"{VERSIONS}/2")["recount"] == {"pending": 0, "done": 1, "failed": 0}


def test_what_began_before_keeps_its_dates_and_what_begins_later_has_the_new_ones(desk: ServiceDesk) -> None:
    before = open_case(desk, "2026-02-27")
    propose(desk)
    publish(desk)
    recount(desk)
    after = open_case(desk, "2026-03-01")
    assert dates(desk, before) == ["2026-03-16"] * 2
    assert dates(desk, after) == ["2026-03-23"] * 2
    assert "按本规则第2版计算" in desk.rows(timer, timer.c.case_id == after)[0].explanation["explanation"]


def test_a_version_may_change_what_still_runs(desk: ServiceDesk) -> None:
    case_id = open_case(desk, "2026-02-27")
    propose(desk, cases_before="change")
    publish(desk)
    recount(desk)
    assert dates(desk, case_id) == ["2026-03-19"] * 2


def test_a_preview_shows_what_publishing_then_does_and_changes_nothing(desk: ServiceDesk) -> None:
    moving, staying = open_case(desk), open_case(desk, "2026-02-27")
    propose(desk)
    found = desk.get(f"{VERSIONS}/2/preview", by="supervisor")
    assert (found["cases"], found["cases_in_area"], found["problems"]) == (2, 2, [])
    assert {item["case_id"] for item in found["items"]} == {moving}
    assert sorted(item["kind"] for item in found["items"]) == ["timer", "user-task"]
    for item in found["items"]:
        assert (item["old_due_on"], item["new_due_on"], item["has_passed"]) == ("2026-03-17", "2026-03-23", False)
        assert "第2版" in item["why"]
        assert item["case_number"]
    assert dates(desk, moving) == ["2026-03-17"] * 2
    rows_before = len(desk.rows(history))
    assert desk.get(f"{VERSIONS}/2/preview", by="supervisor") == found
    assert len(desk.rows(history)) == rows_before
    publish(desk)
    recount(desk)
    assert dates(desk, moving) == ["2026-03-23"] * 2
    assert dates(desk, staying) == ["2026-03-16"] * 2


def test_a_preview_goes_through_many_cases_page_by_page(desk: ServiceDesk) -> None:
    cases = {open_case(desk) for _ in range(5)}
    propose(desk)
    seen: list[str] = []
    page = desk.get(f"{VERSIONS}/2/preview?limit=2", by="supervisor")
    pages = 1
    while page["next_cursor"]:
        seen += [item["case_id"] for item in page["items"]]
        page = desk.get(f"{VERSIONS}/2/preview?limit=2&cursor={page['next_cursor']}", by="supervisor")
        pages += 1
    seen += [item["case_id"] for item in page["items"]]
    assert (pages, len(seen), set(seen)) == (3, 10, cases)


def test_a_preview_shows_cases_of_the_viewers_area_alone(desk: ServiceDesk) -> None:
    here, there = open_case(desk), open_case(desk, area=TENGZHOU)
    propose(desk)
    for viewer, seen in (("district", {here}), ("tengzhou", {there}), ("admin", set())):
        found = desk.get(f"{VERSIONS}/2/preview", by=viewer)
        assert (found["cases"], found["cases_in_area"]) == (2, len(seen))
        assert {item["case_id"] for item in found["items"]} == seen


def test_a_timer_that_has_fired_keeps_its_date(desk: ServiceDesk) -> None:
    case_id = open_case(desk, "2026-03-02")
    propose(desk, cases_before="change", effective_on="2026-03-02")
    with desk.work(Actor("system")) as uow:
        uow.connection.execute(sa.update(timer).values(state="fired", ended_at=uow.now))
        uow.connection.execute(sa.update(user_task).values(state="completed", ended_at=uow.now))
    assert publish(desk)["cases"] == 0
    recount(desk)
    assert dates(desk, case_id) == ["2026-03-17"] * 2


def test_a_step_that_ran_while_a_version_was_published_keeps_the_old_date_for_good(desk: ServiceDesk) -> None:
    propose(desk)
    publish(desk)
    host = desk.platform.host
    assert isinstance(host, CaseworkHost)
    late = replace(desk.platform, host=host.with_book(shipped_book()))  # it had read the rules before the publication
    with desk.engine.begin() as connection:
        step = late.unit_of_work(connection, Actor("user:window"))
        case_id = str(register_dispute(step, desk.bureau, registration()).case_id)
    assert dates(desk, case_id) == ["2026-03-17"] * 2
    with desk.work(Actor("system")) as uow:
        assert request_raced_recounts(uow) == 1
    with desk.work(Actor("system")) as uow:
        assert request_raced_recounts(uow) == 0
    recount(desk)
    assert dates(desk, case_id) == ["2026-03-23"] * 2


@pytest.mark.parametrize(
    ("by", "answer"),
    [
        ("window", (403, "forbidden")),
        ("designer", (403, "forbidden")),
        ("worker", (403, "forbidden")),
        ("district", (403, "city_only")),
        ("tengzhou", (403, "city_only")),
        (None, (401, "unauthenticated")),
    ],
)
def test_who_is_not_of_the_whole_city_proposes_nothing(desk: ServiceDesk, by: str | None, answer: Any) -> None:
    assert desk.problem("POST", VERSIONS, PROPOSAL, by=by) == answer
    assert desk.rows(deadline_rule_version) == []


@pytest.mark.parametrize("decision", ["publication", "rejection"])
@pytest.mark.parametrize(
    ("by", "answer"),
    [
        ("admin", (403, "forbidden")),
        ("district", (403, "city_only")),
        ("window", (403, "forbidden")),
        (None, (401, "unauthenticated")),
    ],
)
def test_who_does_not_see_every_case_decides_nothing(
    desk: ServiceDesk, decision: str, by: str | None, answer: Any
) -> None:
    propose(desk)
    assert desk.problem("POST", f"{VERSIONS}/2/{decision}", {}, by=by) == answer
    assert desk.rows(deadline_rule_version)[0].state == "proposed"


@pytest.mark.parametrize("decision", ["publication", "rejection"])
def test_nobody_decides_on_their_own_proposal(desk: ServiceDesk, decision: str) -> None:
    propose(desk, by="supervisor")
    problem = desk.problem("POST", f"{VERSIONS}/2/{decision}", {}, by="supervisor")
    assert problem == (403, "deadline_version_own")
    desk.post(f"{VERSIONS}/2/{decision}", {}, by="second")


def test_the_database_itself_refuses_a_version_that_one_person_proposed_and_published(desk: ServiceDesk) -> None:
    propose(desk)
    with pytest.raises(sa.exc.IntegrityError, match="second_person"), desk.work() as uow:
        uow.connection.execute(
            sa.update(deadline_rule_version).values(state="published", ended_at=uow.now, ended_by="user:admin")
        )


def test_a_proposal_is_withdrawn_by_its_proposer_alone(desk: ServiceDesk) -> None:
    propose(desk)
    assert desk.problem("POST", f"{VERSIONS}/2/withdrawal", {}, by="supervisor") == (
        403,
        "deadline_version_not_yours",
    )
    desk.post(f"{VERSIONS}/2/withdrawal", {"remark": "写错了"}, by="admin")
    shown = desk.get(f"{VERSIONS}/2", by="admin")
    assert (shown["state"], shown["ended_by"], shown["remark"]) == ("withdrawn", "admin", "写错了")
    assert propose(desk) == 3


def subjects(desk: ServiceDesk, by: str) -> list[str]:
    return [item["subject"] for item in desk.get("/notifications", by=by)["items"]]


@pytest.mark.parametrize(
    ("decision", "told"), [("publication", "期限规则新版本已公布"), ("rejection", "期限规则新版本被驳回")]
)
def test_those_who_can_decide_hear_of_a_proposal_and_its_proposer_of_the_decision(
    desk: ServiceDesk, decision: str, told: str
) -> None:
    for name in ("admin", "supervisor", "second", "district"):
        desk.token(name)
    propose(desk, by="supervisor")
    assert subjects(desk, "second") == ["期限规则新版本待复核"]
    assert subjects(desk, "supervisor") == subjects(desk, "district") == subjects(desk, "admin") == []
    desk.post(f"{VERSIONS}/2/{decision}", {}, by="second")
    assert subjects(desk, "supervisor") == [told]
    assert "MED-15R v2" in desk.get("/notifications", by="supervisor")["items"][0]["text"]


@pytest.mark.parametrize("decision", ["publication", "rejection"])
def test_a_decided_version_is_never_decided_again(desk: ServiceDesk, decision: str) -> None:
    propose(desk)
    desk.post(f"{VERSIONS}/2/{decision}", {"remark": "同意"}, by="supervisor")
    for again in ("publication", "rejection"):
        assert desk.problem("POST", f"{VERSIONS}/2/{again}", {}, by="second") == (409, "deadline_version_decided")
    assert desk.problem("POST", f"{VERSIONS}/2/withdrawal", {}, by="admin") == (409, "deadline_version_decided")


def test_one_proposal_of_a_rule_is_decided_before_the_next(desk: ServiceDesk) -> None:
    propose(desk)
    assert desk.problem("POST", VERSIONS, PROPOSAL, by="supervisor") == (409, "deadline_version_open")
    assert propose(desk, rule="REV-ACC", changes={"length": 3, "unit": "working-day"}) == 2


def test_two_publishers_at_once_publish_once(desk: ServiceDesk) -> None:
    open_case(desk)
    propose(desk)
    for name in ("supervisor", "second"):
        desk.token(name)
    answers: list[TestResponse] = []

    def try_to_publish(by: str) -> None:
        answers.append(desk.call("POST", f"{VERSIONS}/2/publication", {}, by=by))

    both = [threading.Thread(target=try_to_publish, args=(by,)) for by in ("supervisor", "second")]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert len(desk.rows(deadline_recount)) == 1


def test_the_same_request_twice_acts_once(desk: ServiceDesk) -> None:
    first = desk.post(VERSIONS, PROPOSAL, by="admin", key="once")
    assert desk.post(VERSIONS, PROPOSAL, by="admin", key="once") == first
    assert len(desk.rows(deadline_rule_version)) == 1
    done = desk.post(f"{VERSIONS}/2/publication", {}, by="supervisor", key="once")
    assert desk.post(f"{VERSIONS}/2/publication", {}, by="supervisor", key="once") == done


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"changes": {}}, "deadline_version_invalid"),
        ({"changes": {"length": 20}}, "deadline_version_invalid"),
        ({"changes": {"length": "20", "basis": LAW}}, "deadline_version_invalid"),
        ({"changes": {"unit": "hour", "basis": LAW}}, "deadline_version_invalid"),
        ({"changes": {"id": "MED-99"}}, "deadline_version_invalid"),
        ({"changes": "longer"}, "request_invalid"),
        ({"effective_on": "2026-02-30"}, "request_invalid"),
        ({"effective_on": "1999-01-01"}, "deadline_version_invalid"),
        ({"cases_before": "perhaps"}, "request_invalid"),
        ({"deciding_date": "birthday"}, "deadline_version_invalid"),
        ({"source": ""}, "request_invalid"),
        ({"source": "  "}, "deadline_version_invalid"),
        ({"changes": {"length": 10**15, "basis": LAW}}, "deadline_version_invalid"),
        ({"changes": {"note": {"zh": ["说明"], "en": "note"}}}, "deadline_version_invalid"),
        ({"changes": {"": 1}}, "deadline_version_invalid"),
        ({"colour": "red"}, "request_invalid"),
    ],
)
def test_a_proposal_that_makes_no_rule_is_refused_with_a_sentence(
    desk: ServiceDesk, changes: dict[str, Any], code: str
) -> None:
    assert desk.problem("POST", VERSIONS, PROPOSAL | changes, by="admin") == (422, code)
    assert desk.rows(deadline_rule_version) == []


def test_an_unknown_rule_or_version_is_not_found(desk: ServiceDesk) -> None:
    assert desk.problem("POST", "/deadline-rules/MED-99/versions", PROPOSAL, by="admin") == (
        404,
        "unknown_deadline_rule",
    )
    for path in ("/9", "/9/preview", "/0", f"/{10**30}"):
        assert desk.problem("GET", f"{VERSIONS}{path}", by="supervisor") == (404, "unknown_deadline_version")
    for number in (0, 9, 10**12, 10**30):
        problem = desk.problem("POST", f"{VERSIONS}/{number}/publication", {}, by="supervisor")
        assert problem == (404, "unknown_deadline_version")


def test_no_version_takes_effect_before_the_one_published_last(desk: ServiceDesk) -> None:
    propose(desk)
    publish(desk)
    assert desk.problem("POST", VERSIONS, PROPOSAL | {"effective_on": "2026-02-28"}, by="admin") == (
        422,
        "deadline_version_invalid",
    )
    assert propose(desk, changes={"length": 30, "basis": LAW}) == 3
    publish(desk, 3)
    assert desk.get("/deadline-rules/MED-15R?on=2026-03-01")["length"] == 30
    assert desk.get("/deadline-rules/MED-15R?on=2026-02-28")["length"] == 15
    assert desk.get("/deadline-rules?on=2026-03-01")["items"][5]["version"] == 3


def test_only_those_who_watch_the_rules_see_what_was_not_published(desk: ServiceDesk) -> None:
    propose(desk)
    assert desk.get(VERSIONS, by="worker") == {"items": []}
    assert [item["state"] for item in desk.get(VERSIONS, by="supervisor")["items"]] == ["proposed"]
    assert desk.problem("GET", f"{VERSIONS}/2", by="worker") == (404, "unknown_deadline_version")
    publish(desk)
    assert [item["number"] for item in desk.get(VERSIONS, by="worker")["items"]] == [2]


def attach(desk: ServiceDesk, content: bytes, by: str = "admin") -> TestResponse:
    data = {"file": (io.BytesIO(content), "law.pdf")}
    return desk.call("POST", f"{VERSIONS}/2/source", by=by, data=data, content_type="multipart/form-data")


def test_the_text_that_a_version_rests_on_is_kept_with_it(desk: ServiceDesk) -> None:
    propose(desk)
    assert attach(desk, b"%PDF-1.7 the law").status_code == 201
    shown = desk.get(f"{VERSIONS}/2", by="supervisor")["source_file"]
    assert (shown["media_type"], shown["size"]) == ("application/pdf", 16)
    read = desk.call("GET", f"{VERSIONS}/2/source", by="supervisor")
    assert (read.status_code, read.get_data()) == (200, b"%PDF-1.7 the law")
    assert attach(desk, b"<script>", by="admin").status_code == 415
    assert attach(desk, b"%PDF-", by="supervisor").status_code == 403
    publish(desk)
    assert attach(desk, b"%PDF-1.7 another law").status_code == 409


def test_counting_names_the_version_and_what_applies_by_analogy(desk: ServiceDesk) -> None:
    propose(desk)
    publish(desk)
    path = "/deadline-rules/MED-15R/computation?start="
    assert desk.get(f"{path}2026-02-28")["version"] == 1
    assert desk.get(f"{path}2026-03-01")["version"] == 2
    assert "参照：《企业" in desk.get(f"{path}2026-02-02&organisation_kind=street")["explanation"]
    assert "依据：《企业" in desk.get(f"{path}2026-02-02&organisation_kind=enterprise")["explanation"]
    assert desk.problem("GET", f"{path}2026-02-02&organisation_kind=guild") == (422, "request_invalid")


@pytest.mark.parametrize(
    ("code", "word"), [("91370400MA3EXAMPLE", "依据"), ("12370400MB2EXAMPLE", "参照"), (None, "依据")]
)
def test_order_17_binds_an_enterprise_in_negotiation_and_others_follow_it(
    engine: sa.Engine, tmp_path: Path, code: str | None, word: str
) -> None:
    negotiation = file(
        process(
            "dispute",
            START,
            END,
            node(
                "userTask", "a", camunda_dueDate='${deadline("NEG-RESP", received_on)}', camunda_candidateGroups="admin"
            ),
            "start>a",
            "a>end",
        )
    )
    for desk in open_desk(engine, tmp_path, negotiation):
        desk.case(respondents=[CASE["respondents"][0] | ({"id_number": code} if code else {})])
        (task,) = desk.rows(user_task)
        assert f"{word}：《企业劳动争议协商调解规定》" in task.due_explanation["explanation"]
