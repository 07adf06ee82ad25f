"""Papers that somebody asks for: who may, when, what stands on them, and that the process does not notice."""

import io
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa
from pypdf import PdfReader

from casework.organisations import assign_organisation, send_to
from casework.settings import CHECKOUT
from casework.store.tables import dispute, document, issued_number
from engine.domain.actor import Actor
from engine.store.tables import incident, job, process_instance, user_task
from handlers.context import CaseworkContext
from handlers.registry import load_handlers
from handlers.settings import HandlerSettings
from handlers.worker import run_job_now
from tests.bpmn_builder import END, START, file, node, process
from tests.integration.api.service_desk import ServiceDesk

TWO_STEPS = file(
    process(
        "dispute",
        START,
        END,
        node("userTask", "a", camunda_candidateGroups="window-clerk"),
        node("userTask", "b", camunda_candidateGroups="window-clerk"),
        "start>a",
        "a>b",
        "b>end",
    )
)


class PrintingDesk(ServiceDesk):
    """A desk whose worker makes what was asked for."""

    definitions = load_handlers()

    def work_off(self) -> None:
        """Do every waiting job."""
        for row in self.rows(job, job.c.state == "waiting"):
            run_job_now(self.platform, self.begin, row.id, self.definitions, self._context)

    def text(self, document_id: UUID) -> str:
        """Return what a paper says."""
        content = self.call("GET", f"/documents/{document_id}/content").get_data()
        return "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)

    def _context(self) -> CaseworkContext:
        settings = HandlerSettings(fonts=(CHECKOUT / "build" / "assets" / "fonts",), brand="听竹")
        return CaseworkContext(self.engine, self.bureau, self.clock, self.platform.ids, settings, Actor("worker:test"))


@pytest.fixture
def desk(engine: sa.Engine, tmp_path: Path) -> Iterator[PrintingDesk]:
    desk = PrintingDesk(engine, tmp_path)
    yield desk
    desk.close()


def path(case_id: object, rest: str = "") -> str:
    return f"/cases/{case_id}/documents/renderings{rest}"


def assigned(desk: ServiceDesk) -> UUID:
    case_id = UUID(desk.case()["id"])
    with desk.work(Actor("system")) as uow:
        assign_organisation(uow, case_id, desk.organisation_id("SZ-GML-MED"), "test")
        send_to(uow, case_id, "arbitration")
        send_to(uow, case_id, "court")
    return case_id


def stand(desk: ServiceDesk, case_id: UUID, stage: str) -> None:
    with desk.begin() as connection:
        connection.execute(sa.update(dispute).where(dispute.c.case_id == case_id).values(stage=stage))


def test_the_window_has_a_receipt_as_soon_as_a_worker_is_free_and_the_process_stands_where_it_stood(
    desk: PrintingDesk,
) -> None:
    case_id = desk.case()["id"]
    before = desk.rows(process_instance)[0].snapshot
    asked = desk.call("POST", path(case_id), {"kind": "intake-receipt", "grounds": ["mediated", "mediation"]})
    assert asked.status_code == 202
    shown = desk.get(asked.headers["Location"])
    assert (shown["state"], shown["document_id"], shown["number"]) == ("waiting", None, None)
    desk.work_off()
    shown = desk.get(asked.headers["Location"])
    assert (shown["state"], shown["kind"]) == ("done", "intake-receipt")
    assert shown["number"].startswith("枣劳人登〔2026〕1-1号")
    content = desk.call("GET", f"/documents/{shown['document_id']}/content")
    assert content.get_data().startswith(b"%PDF")
    assert desk.rows(process_instance)[0].snapshot == before
    assert [row.state for row in desk.rows(user_task)] == ["created"]


def test_a_paper_asked_for_does_not_bar_the_retraction_of_a_completion(engine: sa.Engine, tmp_path: Path) -> None:
    desk = PrintingDesk(engine, tmp_path, TWO_STEPS)
    case_id = desk.case()["id"]
    (first,) = desk.rows(user_task)
    desk.call("PUT", f"/user-tasks/{first.id}/assignment", {})
    desk.post(f"/user-tasks/{first.id}/completion", {"variables": {}})
    desk.post(path(case_id), {"kind": "intake-receipt"})
    desk.work_off()
    answer = desk.call("DELETE", f"/user-tasks/{first.id}/completion")
    assert answer.status_code == 204, answer.get_data(as_text=True)
    assert len(desk.rows(document)) == 1
    desk.close()


def test_the_same_key_asks_once_and_a_further_receipt_is_the_next_version_for_its_reason(desk: PrintingDesk) -> None:
    case_id = desk.case()["id"]
    first = desk.post(path(case_id), {"kind": "intake-receipt"}, key="once")
    assert desk.post(path(case_id), {"kind": "intake-receipt"}, key="once") == first
    desk.work_off()
    assert len(desk.rows(document)) == len(desk.rows(issued_number)) == 1
    offered = {each["kind"]: each["is_next_version"] for each in desk.get(path(case_id, "/offers"))["items"]}
    assert (offered["intake-receipt"], offered["power-of-attorney"]) == (True, False)
    desk.post(path(case_id), {"kind": "intake-receipt", "reason": "电话写错"})
    desk.work_off()
    old, new = desk.get(f"/cases/{case_id}/documents")["items"]
    assert (old["state"], new["version"], new["number"], new["reason"]) == ("superseded", 2, old["number"], "电话写错")


def test_who_asks_again_before_the_paper_is_made_gets_one_paper(desk: PrintingDesk) -> None:
    case_id = desk.case()["id"]
    first = desk.post(path(case_id), {"kind": "intake-receipt", "grounds": ["mediated"]})
    assert desk.post(path(case_id), {"kind": "intake-receipt", "grounds": ["mediated"]}) == first
    other = desk.post(path(case_id), {"kind": "intake-receipt", "grounds": ["mediation"]})
    assert other["job_id"] != first["job_id"], "other boxes are another request"
    desk.work_off()
    assert len(desk.rows(job)) == 2
    later = desk.post(path(case_id), {"kind": "intake-receipt", "grounds": ["mediated"]})
    assert later["job_id"] != first["job_id"], "a paper that is made can be made again"


def test_a_kind_that_comes_often_is_another_paper_each_time(desk: PrintingDesk) -> None:
    case_id = desk.case()["id"]
    for _ in range(2):
        desk.post(path(case_id), {"kind": "transfer-slip", "grounds": ["area"]})
    desk.work_off()
    found = desk.get(f"/cases/{case_id}/documents")["items"]
    assert [each["version"] for each in found] == [1, 1]
    assert len({each["number"] for each in found}) == 2


def test_every_paper_on_offer_is_made_for_whoever_is_offered_it(desk: PrintingDesk) -> None:
    case_id = assigned(desk)
    stand(desk, case_id, "med_running")
    made = set()
    for by in ("window", "mediator", "head", "clerk", "reviewer", "director"):
        for offer in desk.get(path(case_id, "/offers"), by=by)["items"]:
            if offer["is_about_paper"]:
                continue
            desk.post(path(case_id), {"kind": offer["kind"], "grounds": [g["code"] for g in offer["grounds"]]}, by=by)
            made.add(offer["kind"])
    desk.post(path(case_id), {"kind": "intake-receipt"})
    desk.work_off()
    desk.post(path(case_id), {"kind": "service-receipt", "about_kind": "arbitration-rights-notice"}, by="mediator")
    stand(desk, case_id, "neg_refused")
    for kind in ("negotiation-mediation-proposal", "mediation-application"):
        desk.post(path(case_id), {"kind": kind}, by="window")
        made.add(kind)
    desk.work_off()
    assert [row.failure for row in desk.rows(job) if row.state != "completed"] == []
    assert desk.rows(incident) == []
    offers = set(made) | {"service-receipt"}
    assert {row.kind for row in desk.rows(document)} == offers


def test_an_offer_follows_the_role_and_the_stage(desk: PrintingDesk) -> None:
    case_id = assigned(desk)

    def offered(by: str) -> set[str]:
        return {each["kind"] for each in desk.get(path(case_id, "/offers"), by=by)["items"]}

    assert "intake-receipt" in offered("window")
    assert "intake-receipt" not in offered("clerk")
    assert "negotiation-mediation-proposal" in offered("clerk")
    assert "mediation-session-notice" not in offered("mediator")
    body = {"kind": "mediation-session-notice"}
    assert desk.problem("POST", path(case_id), body, by="mediator") == (409, "paper_not_offered")
    stand(desk, case_id, "med_running")
    assert "mediation-session-notice" in offered("mediator")
    assert "negotiation-mediation-proposal" not in offered("clerk")
    assert desk.problem("POST", path(case_id), body, by="window") == (403, "action_forbidden")
    assert desk.problem("POST", path(case_id), {"kind": "intake-receipt"}, by="clerk") == (403, "action_forbidden")
    assert desk.rows(job) == []


def test_strangers_learn_nothing_and_make_nothing(desk: PrintingDesk) -> None:
    case_id = assigned(desk)
    job_id = desk.post(path(case_id), {"kind": "intake-receipt"})["job_id"]
    desk.case(area_code="370481001")
    for method, rest, body in (
        ("GET", "/offers", None),
        ("POST", "", {"kind": "intake-receipt"}),
        ("GET", f"/{job_id}", None),
    ):
        for by, status in (("worker", 403), ("supervisor", 403), ("union", 403), ("court", 403), ("designer", 403)):
            assert desk.problem(method, path(case_id, rest), body, by=by)[0] == status
    other = desk.case(area_code="370403001")["id"]
    for by in ("mediator", "head", "reviewer"):
        assert desk.problem("GET", path(other, "/offers"), by=by) == (404, "not_found")
        assert desk.problem("POST", path(other), {"kind": "intake-receipt"}, by=by) == (404, "not_found")
    assert desk.problem("GET", path(other, f"/{job_id}")) == (404, "not_found")
    assert len(desk.rows(job)) == 1


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ({"kind": "award"}, "kind"),
        ({}, "kind"),
        ({"kind": "intake-receipt", "grounds": ["poem"]}, "grounds"),
        ({"kind": "intake-receipt", "party_id": str(UUID(int=1))}, "party_id"),
        ({"kind": "power-of-attorney", "party_id": str(UUID(int=1))}, "party_id"),
        ({"kind": "intake-receipt", "about_kind": "award"}, "about_kind"),
        ({"kind": "service-receipt"}, "about_kind"),
        ({"kind": "service-receipt", "about_kind": "award"}, "about_kind"),
        ({"kind": "intake-receipt", "held_at": "2026-03-02T09:00:00+08:00"}, "held_at"),
    ],
)
def test_what_does_not_belong_on_a_paper_is_told_before_anything_is_made(
    desk: PrintingDesk, body: dict[str, object], name: str
) -> None:
    case_id = desk.case()["id"]
    answer = desk.call("POST", path(case_id), body)
    assert answer.status_code == 422
    assert name in answer.get_data(as_text=True)
    assert desk.rows(job) == []


def test_a_letter_of_any_office_bears_the_name_of_whoever_asked_for_it(desk: PrintingDesk) -> None:
    case_id = assigned(desk)
    for by in ("window", "clerk"):
        desk.post(path(case_id), {"kind": "negotiation-mediation-proposal"}, by=by)
    desk.work_off()
    found = [row.issuer_id for row in desk.rows(document)]
    assert found == [None, None]
    texts = [desk.text(row.id) for row in desk.rows(document)]
    assert "枣庄市人力资源和社会保障局" in texts[0]
    assert "枣庄市人力资源和社会保障局" not in texts[1]
