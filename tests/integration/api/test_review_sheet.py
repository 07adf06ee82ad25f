"""What a reviewer checks an agreement against: for whoever may work on a task of the review, and for nobody else."""

from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from casework.organisations import send_to
from casework.settings import CHECKOUT
from engine.domain.actor import Actor
from engine.domain.resource import Resource
from engine.store.tables import user_task
from tests.bpmn_builder import END, START, call, file, node, process
from tests.integration.api.service_desk import ServiceDesk

WORDS = "review_late: bool, court_confirmation: str"
REVIEWED = file(
    process("dispute", START, END, call("Call_review", "arbitration-review"), "start>Call_review", "Call_review>end"),
)
REVIEW = file(
    process(
        "arbitration-review",
        START,
        END,
        node("userTask", "apply", camunda_candidateGroups="arbitration-clerk", camunda_formKey="review-application"),
        node("userTask", "decide", camunda_candidateGroups="arbitration-clerk", camunda_formKey="review-acceptance"),
        "start>apply",
        "apply>decide",
        "decide>end",
        variables=WORDS,
    ),
)
FORMS = ("review-application", "review-acceptance", "review-decision")
APPLICATION = {
    "review_sheets": "joint",
    "review_application_received_on": "2026-02-27",
    "review_materials": ["application", "agreement"],
    "review_materials_state": "missing",
    "review_materials_missing": ["identity"],
}


def form(key: str) -> Resource:
    return Resource(f"{key}.form", Path(CHECKOUT / "forms" / f"{key}.form").read_bytes())


@pytest.fixture
def case_id(desk: ServiceDesk) -> str:
    desk.deploy(REVIEWED, Resource("arbitration-review.bpmn", REVIEW), *(form(key) for key in FORMS))
    found = str(desk.case()["id"])
    items = [
        {"content": "确认劳动关系", "cause_code": "labour-relation"},
        {"content": "支付工资", "cause_code": "wages"},
    ]
    with desk.work(Actor("system")) as uow:
        send_to(uow, UUID(found), "arbitration")
        desk.platform.host.record_inputs(
            uow.connection,
            UUID(found),
            {"agreement_items": items},
            actor_id=uow.actor.id,
            now=uow.now,
            reason=None,
        )
    return found


def open_task(desk: ServiceDesk, case_id: str) -> str:
    (row,) = desk.rows(user_task, user_task.c.case_id == UUID(case_id), user_task.c.state.in_(["created", "assigned"]))
    return str(row.id)


def sheet(desk: ServiceDesk, task_id: str, by: str = "clerk") -> dict[str, Any]:
    found: dict[str, Any] = desk.get(f"/user-tasks/{task_id}/review-sheet", by=by)
    return found


def test_the_sheet_leaves_out_an_item_a_paper_or_a_ground(desk: ServiceDesk, case_id: str) -> None:
    first = open_task(desk, case_id)
    assert sheet(desk, first)["materials"] == []
    desk.post(f"/user-tasks/{first}/completion", {"variables": APPLICATION}, by="clerk")
    found = sheet(desk, open_task(desk, case_id))
    assert [(item["content"], item["may_be_reviewed"]) for item in found["items"]] == [
        ("确认劳动关系", False),
        ("支付工资", True),
    ]
    assert found["terms"] == ["确认劳动关系", "支付工资"]
    assert [row["label"] for row in found["materials"] if row["state"] == "missing"] == ["身份证明"]
    articles = [ground["article"]["zh"] for part in found["grounds"] for ground in part["grounds"]]
    assert "《劳动人事争议仲裁办案规则》第七十八条第（六）项" in articles
    assert "《劳动人事争议仲裁办案规则》第七十五条第（一）项" in articles
    assert found["agreement_document_id"] is None


def test_somebody_reads_the_sheet_of_a_task_that_is_not_theirs(desk: ServiceDesk, case_id: str) -> None:
    path = f"/user-tasks/{open_task(desk, case_id)}/review-sheet"
    for username in ("tengzhou", "court", "mediator"):
        assert desk.problem("GET", path, by=username) == (404, "not_found")
    for username in ("reviewer", "director", "district", "window"):
        assert desk.problem("GET", path, by=username) == (403, "action_forbidden")
    for username in ("worker", "employer", "designer", "partner"):
        assert desk.problem("GET", path, by=username) == (403, "forbidden")
    assert desk.problem("GET", path, by=None)[0] == 401


def test_a_task_outside_the_review_has_a_sheet(desk: ServiceDesk) -> None:
    desk.case()
    (row,) = desk.rows(user_task)
    assert desk.problem("GET", f"/user-tasks/{row.id}/review-sheet", by="window") == (404, "not_found")
    assert desk.problem("GET", f"/user-tasks/{uuid4()}/review-sheet", by="window") == (404, "not_found")
