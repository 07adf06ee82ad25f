"""An office whose process `dispute` is one service task, and everything its handler needs."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from casework.named_inputs import keep_inputs
from casework.organisations import assign_organisation, send_to
from casework.settings import CHECKOUT
from engine.domain.actor import Actor
from engine.store.tables import job
from handlers.context import CaseworkContext
from handlers.registry import HandlerDefinition, job_types, load_handlers
from handlers.settings import HandlerSettings
from handlers.worker import Looked, run_job_now
from tests.bpmn_builder import END, boundary, catches_error, error, file, parameters, process, service, user
from tests.bpmn_builder import START as START_EVENT
from tests.integration.casework.office import Office

AGREEMENT = {
    "settlement_terms": "用人单位向劳动者支付拖欠工资18000元。",
    "agreement_terms": "被申请人向申请人支付拖欠工资18000元。\n双方再无其他争议。",
    "instalments": [{"amount": "18000.00", "due_on": date(2026, 4, 15)}],
}
DATES = {
    "mediation_application_received_on": date(2026, 3, 1),
    "mediation_accepted_on": date(2026, 3, 2),
    "agreement_effective_on": date(2026, 3, 2),
    "review_application_received_on": date(2026, 3, 2),
    "review_accepted_on": date(2026, 3, 2),
}


def one_job(
    job_type: str,
    inputs: Mapping[str, str],
    outputs: Mapping[str, str] | None = None,
    *,
    retry: str = "",
    catch: str = "",
) -> bytes:
    """Return a process `dispute` of one job; a BPMN error with the code `catch` leads to the user task `by-hand`."""
    parts = [
        START_EVENT,
        END,
        user("done"),
        service("do", job_type, parameters(dict(inputs), dict(outputs or {}), retry)),
    ]
    parts += ["start>do", "do>done", "done>end"]
    if catch:
        parts += [boundary("refused", "do", catches_error("e")), user("by-hand"), "refused>by-hand", "by-hand>end"]
    return file(*([error("e", catch)] if catch else []), process("dispute", *parts))


class Desk(Office):
    """An office with handlers, run in this process."""

    def __init__(
        self,
        engine: sa.Engine,
        var: Path,
        dispute_file: bytes,
        definitions: Mapping[str, HandlerDefinition] | None = None,
        **settings: Any,
    ) -> None:
        self.definitions = load_handlers() if definitions is None else definitions
        self.settings = HandlerSettings(fonts=(CHECKOUT / "build" / "assets" / "fonts",), brand="听竹", **settings)
        self._dispute_file = dispute_file
        super().__init__(engine, var)

    def deploy(self, content: bytes, *more: Any, name: str = "test.bpmn") -> Any:
        """Deploy with the job types of our handlers known."""
        self.platform = replace(self.platform, job_types=job_types(self.definitions))
        return super().deploy(self._dispute_file, *more, name=name)

    def context(self) -> CaseworkContext:
        """Return a handler's context over this office."""
        return CaseworkContext(
            self.engine, self.bureau, self.clock, self.platform.ids, self.settings, Actor("worker:test")
        )

    def agreed(self, **changes: Any) -> UUID:
        """Register a dispute that has come to an agreement; return its case."""
        case_id = self.register(**changes).case_id
        with self.work(Actor("system")) as uow:
            organisation_id = self.organisation_id("SZ-GML-MED")
            assign_organisation(uow, case_id, organisation_id, "test")
            send_to(uow, case_id, "arbitration")
            send_to(uow, case_id, "court")
            keep_inputs(
                uow.connection,
                self.bureau,
                uow.ids,
                case_id,
                {**DATES, **AGREEMENT},
                actor_id="user:mediator",
                now=uow.now,
                reason=None,
            )
        return case_id

    def the_job(self) -> Any:
        """Return the only job."""
        (row,) = self.rows(job)
        return row

    def do(self) -> Looked:
        """Look at the only job once."""
        return run_job_now(self.platform, self.begin, self.the_job().id, self.definitions, self.context)

    def result(self) -> Any:
        """Return the result of the only job."""
        return self.the_job().result
