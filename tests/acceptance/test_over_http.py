"""A negotiation that meets silence, over the HTTP API, with the worker's own code and the clock moved by hand."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from flask import Flask

from api import create_app
from api.database import db
from casework.host import CaseworkHost
from engine.domain.actor import Actor
from engine.domain.clock import SHANGHAI, ManualClock
from engine.domain.ids import uuid7_source
from engine.runtime.timers import fire_due_timers
from handlers.context import CaseworkContext
from handlers.registry import load_handlers
from handlers.worker import InProcessRunner, Worker, due_jobs
from tingzhu.scenarios.ground import Ground

CASE = {
    "channel": "window",
    "area_code": "370402006",
    "applicants": [{"kind": "person", "name": "示例甲", "phone": "13800000001", "username": "worker"}],
    "respondents": [{"kind": "organisation", "name": "示例机械有限公司", "username": "employer"}],
    "claims": [{"cause_code": "wages", "amount": "18000.00", "facts": "2026年6月至8月工资未发。"}],
}


class Bureau:
    """A running bureau: an API, a worker and a clock over a copy of the ground."""

    def __init__(self, ground: Ground, engine: sa.Engine) -> None:
        self.clock = ManualClock(datetime(2026, 9, 29, 9, tzinfo=SHANGHAI))
        ids = uuid7_source(self.clock)
        self.platform = replace(ground.platform, clock=self.clock, ids=ids, host=CaseworkHost(ground.bureau, ids))
        url = engine.url.render_as_string(hide_password=False)
        self.app: Flask = create_app(self.platform, ground.settings, url, ground.bureau)
        self.engine = engine
        self._tokens: dict[tuple[str, datetime], str] = {}
        self.password = ground.bureau.site.demo.password if ground.bureau.site.demo else ""

        def context() -> CaseworkContext:
            return CaseworkContext(
                engine, ground.bureau, self.clock, ids, ground.handler_settings, Actor("worker:acceptance")
            )

        self.worker = Worker("acceptance", self.platform, engine.begin, load_handlers(), InProcessRunner(context))

    def token(self, by: str) -> str:
        """Sign in, once for each instant: what was issued before the clock moved may have run out."""
        if (by, self.clock.now()) not in self._tokens:
            credentials = {"username": by, "password": self.password}
            with self.app.test_client() as client:
                answer = client.post("/api/v1/auth/tokens", json=credentials, headers={"Idempotency-Key": str(uuid4())})
            self._tokens[by, self.clock.now()] = answer.get_json()["access_token"]
        return self._tokens[by, self.clock.now()]

    def call(self, method: str, path: str, body: Any = None, by: str = "window") -> Any:
        headers = {"Authorization": f"Bearer {self.token(by)}", "Idempotency-Key": str(uuid4())}
        with self.app.test_client() as client:
            answer = client.open(f"/api/v1{path}", method=method, json=body, headers=headers)
        assert answer.status_code < 300, answer.get_data(as_text=True)
        return answer.get_json()

    def tasks(self, case_id: str) -> dict[str, str]:
        found = self.call("GET", f"/user-tasks?case_id={case_id}")["items"]
        return {task["element_id"]: task["id"] for task in found}

    def complete(self, case_id: str, element_id: str, variables: dict[str, Any]) -> None:
        task_id = self.tasks(case_id)[element_id]
        self.call("POST", f"/user-tasks/{task_id}/completion", {"variables": variables})
        self.work()

    def work(self) -> None:
        while True:
            with self.engine.connect() as connection:
                jobs = due_jobs(connection, self.platform, self.worker.definitions)
            done = [self.worker.look_at_job(job_id) for job_id in jobs]
            if not done and not fire_due_timers(self.platform, self.engine.begin):
                return

    def wait_until(self, instant: datetime) -> None:
        self.clock.set(instant.replace(tzinfo=SHANGHAI))
        self.work()


@pytest.fixture
def bureau(ground: Ground) -> Iterator[Bureau]:
    with ground.copy() as engine:
        bureau = Bureau(ground, engine)
        yield bureau
        with bureau.app.app_context():
            db.engine.dispose()


def test_silence_in_negotiation_does_not_reach_the_window(bureau: Bureau) -> None:
    registered = bureau.call("POST", "/cases", CASE)
    case_id = registered["id"]
    bureau.complete(
        case_id, "Task_check_intake", {"in_scope": True, "chosen_way": "negotiation", "already_negotiated": False}
    )
    request = {"internal_complaint_first": False, "requested_by": "applicant", "request_form": "written"}
    bureau.complete(case_id, "Task_register_request", request)
    service = {"negotiation_request_received_on": "2026-09-29", "request_service": "direct"}
    bureau.complete(case_id, "Task_serve_request", service)
    assert set(bureau.tasks(case_id)) == {"Task_answer"}
    seen = bureau.call("GET", f"/cases/{case_id}", by="employer")
    assert seen["stage"]["code"] == "neg_requested"
    assert bureau.call("GET", "/notifications", by="employer")["items"]

    bureau.wait_until(datetime(2026, 10, 8, 23, 59))
    assert set(bureau.tasks(case_id)) == {"Task_answer"}
    bureau.wait_until(datetime(2026, 10, 9))
    assert set(bureau.tasks(case_id)) == {"Task_confirm_silence"}

    task = bureau.call("GET", f"/user-tasks/{bureau.tasks(case_id)['Task_confirm_silence']}")
    assert task["data"]["negotiation_refused_on"] == "2026-10-08", "the deemed day is not suggested"
    silence = {"negotiation_answer": "silent", "negotiation_refused_on": "2026-10-08"}
    bureau.complete(case_id, "Task_confirm_silence", silence)
    bureau.complete(case_id, "Task_offer_mediation", {"wants_mediation": False})
    closing = {"rights_explained": True, "outcome": "arb_handed_over", "closed_on": "2026-10-09"}
    bureau.complete(case_id, "Task_inform_arbitration", closing)
    assert bureau.call("GET", f"/cases/{case_id}")["stage"]["code"] == "arb_handed_over"
    filing = {"archived_papers": ["application"], "page_count": 9, "closed_on": "2026-10-09", "outcome": "archived"}
    bureau.complete(case_id, "Task_archive", filing)
    assert bureau.tasks(case_id) == {}
    assert bureau.call("GET", f"/cases/{case_id}")["stage"]["code"] == "archived"
    assert bureau.call("GET", f"/cases/{case_id}/history/verification")["is_intact"]
