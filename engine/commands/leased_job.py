"""A job in a worker's hands: found under its case's lock, ended, and its outcome given to the process."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.commands.advance import StepOutcome, advance
from engine.commands.pending_stimuli import keep_for_resume
from engine.commands.unit_of_work import UnitOfWork
from engine.domain.errors import JobNotLeasedError
from engine.domain.events import HistoryEvent
from engine.domain.stimuli import BpmnErrorThrown, JobCompleted
from engine.domain.values import Value, plain
from engine.store import history
from engine.store.cases import CaseRow, lock_case
from engine.store.instances import case_of, get_instance, get_row
from engine.store.tables import job


def lock_leased_job(uow: UnitOfWork, job_id: UUID, worker: str) -> tuple[CaseRow, sa.Row[Any], sa.Row[Any]]:
    """Lock the case of a job that a worker holds; return case, job and process instance.

    Raises NotFoundError, JobNotLeasedError.
    """
    locked = lock_case(uow.connection, case_of(uow.connection, job, job_id, "job"))
    row = get_row(uow.connection, job, job_id, "job")
    if row.state != "leased" or row.lease_owner != worker:
        raise JobNotLeasedError(id=str(job_id), worker=worker, state=row.state)
    return locked, row, get_instance(uow.connection, row.instance_id)


def end_job(uow: UnitOfWork, job_id: UUID, state: str, **values: Any) -> None:
    """Take a job from its worker and write how it ended."""
    uow.connection.execute(
        sa.update(job)
        .where(job.c.id == job_id)
        .values(state=state, ended_at=uow.now, lease_owner=None, lease_expires_at=None, **values)
    )


def job_event(
    kind: str, row: sa.Row[Any], facts: Mapping[str, Any], values: Mapping[str, Value] | None = None
) -> HistoryEvent:
    """Return the history event of something that happened to a job; `values` are attested by digest."""
    told = {name: plain(value) for name, value in (values or {}).items()}
    return HistoryEvent(kind, {"id": str(row.id), **facts}, told, row.instance_id, row.element_id, row.element_name)


def apply_outcome(
    uow: UnitOfWork,
    locked: CaseRow,
    row: sa.Row[Any],
    instance: sa.Row[Any],
    stimulus: JobCompleted | BpmnErrorThrown,
    event: HistoryEvent,
) -> StepOutcome:
    """Step the process with what a job brought about; while the instance is suspended the outcome waits."""
    if row.token_id is None:  # asked for beside the process
        history.append(uow.connection, locked, [event], actor=uow.actor, now=uow.now)
        return StepOutcome(instance.id, instance.case_id, instance.state)
    if instance.state == "suspended":
        keep_for_resume(uow, instance, stimulus)
        history.append(uow.connection, locked, [event], actor=uow.actor, now=uow.now)
        return StepOutcome(instance.id, instance.case_id, "suspended")
    told = stimulus.result if isinstance(stimulus, JobCompleted) else stimulus.variables
    return advance(uow, locked, instance, stimulus, [event], told=told)
