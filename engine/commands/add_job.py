"""Asks for a job beside the process: a notice, a paper made anew. Its outcome moves no token."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.bpmn.times import retry_delays
from engine.commands.unit_of_work import UnitOfWork
from engine.domain.events import HistoryEvent
from engine.domain.values import Value, encode
from engine.store import history
from engine.store.cases import CaseRow
from engine.store.tables import job


def add_job(
    uow: UnitOfWork,
    locked: CaseRow,
    place: Any,
    job_type: str,
    input: Mapping[str, Value],
    *,
    run_at: datetime | None = None,
    **facts: Any,
) -> UUID:
    """Add a job to a locked case and announce it; return its id.

    `place` is a row that says where in the process it belongs (`instance_id`, `process_key`, `element_id`,
    `element_name`): a user task or another job. It runs like any other, retries and incidents included, also while the
    instance is suspended and after it has ended. `run_at`: not before; `facts` are kept in history.
    """
    job_id = uow.platform.ids()
    delays = retry_delays(None)
    uow.connection.execute(
        sa.insert(job).values(
            id=job_id,
            case_id=locked.id,
            instance_id=place.instance_id,
            token_id=None,
            process_key=place.process_key,
            element_id=place.element_id,
            element_name=place.element_name,
            job_type=job_type,
            input=encode(dict(input)),
            state="waiting",
            retry_delays=list(delays),
            retries_left=len(delays),
            run_at=run_at or uow.now,
            created_at=uow.now,
        )
    )
    event = HistoryEvent(
        "job-added",
        {"id": str(job_id), "job_type": job_type, **facts},
        {},
        place.instance_id,
        place.element_id,
        place.element_name,
    )
    history.append(uow.connection, locked, [event], actor=uow.actor, now=uow.now)
    uow.platform.queue.defer(uow.connection, [(job_id, run_at)])
    return job_id
