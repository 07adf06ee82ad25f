"""Ends a leased job: done, failed, or with a BPMN error that the process decides on."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.commands.advance import StepOutcome, advance
from engine.commands.raise_incident import raise_incident
from engine.commands.unit_of_work import UnitOfWork
from engine.domain.errors import JobNotLeasedError
from engine.domain.events import HistoryEvent
from engine.domain.stimuli import BpmnErrorThrown, JobCompleted, Stimulus
from engine.domain.values import Value, encode, plain
from engine.store import history
from engine.store.cases import CaseRow, lock_case
from engine.store.instances import case_of, get_instance, get_row
from engine.store.tables import job, process_instance

MAX_FAILURE = 4000


def complete_job(uow: UnitOfWork, job_id: UUID, worker: str, result: Mapping[str, Value]) -> StepOutcome:
    """Take a job's result and let its process go on; while the instance is suspended the result waits.

    Raises NotFoundError, JobNotLeasedError (the lease was lost: somebody else does the job), and what the step raises.
    """
    locked, row, instance = _lock_leased(uow, job_id, worker)
    _end(uow, row.id, "completed", result=encode(dict(result)))
    event = _event("job-completed", row, {"job_type": row.job_type, "worker": worker}, result)
    return _apply(uow, locked, row, instance, JobCompleted(row.token_id, result), event)


def throw_bpmn_error(
    uow: UnitOfWork,
    job_id: UUID,
    worker: str,
    error_code: str,
    message: str,
    variables: Mapping[str, Value] | None = None,
) -> StepOutcome:
    """Let the boundary event that catches `error_code` decide what follows a job.

    Raises NotFoundError, JobNotLeasedError, BpmnErrorNotCaughtError.
    """
    locked, row, instance = _lock_leased(uow, job_id, worker)
    _end(uow, row.id, "completed", failure=message[:MAX_FAILURE])
    facts = {"job_type": row.job_type, "worker": worker, "error_code": error_code}
    event = _event("bpmn-error-thrown", row, facts, variables or {})
    stimulus = BpmnErrorThrown(row.token_id, error_code, message, variables or {})
    return _apply(uow, locked, row, instance, stimulus, event)


def fail_job(uow: UnitOfWork, job_id: UUID, worker: str, failure: str, *, is_final: bool = False) -> UUID | None:
    """Note that an attempt failed: the job waits for its next attempt, or an incident is raised; return its id.

    `is_final` skips the remaining attempts. Raises NotFoundError, JobNotLeasedError.
    """
    locked, row, _ = _lock_leased(uow, job_id, worker)
    return _fail(uow, locked, row, failure[:MAX_FAILURE], is_final)


def expire_lease(uow: UnitOfWork, job_id: UUID) -> bool:
    """Give a job whose lease has run out back, counting the attempt; return whether it was so."""
    locked = lock_case(uow.connection, case_of(uow.connection, job, job_id, "job"))
    row = get_row(uow.connection, job, job_id, "job")
    if row.state != "leased" or row.lease_expires_at > uow.now:
        return False
    text = f"作业处理程序 {row.lease_owner} 未在期限内完成，可能已中止 / the worker {row.lease_owner} lost its lease"
    # A worker that died says nothing about the job: it runs again at once, but not for ever.
    _fail(uow, locked, row, text, is_final=row.attempts > len(row.retry_delays) + 3, at_once=True)
    return True


def _lock_leased(uow: UnitOfWork, job_id: UUID, worker: str) -> tuple[CaseRow, sa.Row[Any], sa.Row[Any]]:
    locked = lock_case(uow.connection, case_of(uow.connection, job, job_id, "job"))
    row = get_row(uow.connection, job, job_id, "job")
    if row.state != "leased" or row.lease_owner != worker:
        raise JobNotLeasedError(id=str(job_id), worker=worker, state=row.state)
    return locked, row, get_instance(uow.connection, row.instance_id)


def _end(uow: UnitOfWork, job_id: UUID, state: str, **values: Any) -> None:
    uow.connection.execute(
        sa.update(job)
        .where(job.c.id == job_id)
        .values(state=state, ended_at=uow.now, lease_owner=None, lease_expires_at=None, **values)
    )


def _event(
    kind: str, row: sa.Row[Any], facts: Mapping[str, Any], values: Mapping[str, Value] | None = None
) -> HistoryEvent:
    told = {name: plain(value) for name, value in (values or {}).items()}
    return HistoryEvent(kind, {"id": str(row.id), **facts}, told, row.instance_id, row.element_id, row.element_name)


def _apply(
    uow: UnitOfWork,
    locked: CaseRow,
    row: sa.Row[Any],
    instance: sa.Row[Any],
    stimulus: JobCompleted | BpmnErrorThrown,
    event: HistoryEvent,
) -> StepOutcome:
    if instance.state == "suspended":
        keep_for_resume(uow, instance, stimulus)
        history.append(uow.connection, locked, [event], actor=uow.actor, now=uow.now)
        return StepOutcome(instance.id, instance.case_id, "suspended")
    told = stimulus.result if isinstance(stimulus, JobCompleted) else stimulus.variables
    return advance(uow, locked, instance, stimulus, [event], told=told)


def keep_for_resume(uow: UnitOfWork, instance: sa.Row[Any], stimulus: Stimulus) -> None:
    """Keep what happened to a suspended instance; resuming applies it in order."""
    uow.connection.execute(
        sa.update(process_instance)
        .where(process_instance.c.id == instance.id)
        .values(pending=[*instance.pending, stored_stimulus(stimulus)])
    )


def refuse_kept(
    uow: UnitOfWork, locked: CaseRow, stimulus: JobCompleted | BpmnErrorThrown, instance_id: UUID, why: str
) -> UUID:
    """Turn a kept outcome that the resumed process cannot take into a failed job with an incident; return its id."""
    row = uow.connection.execute(
        sa.update(job)
        .where(job.c.instance_id == instance_id, job.c.token_id == stimulus.token_id, job.c.state == "completed")
        .values(ended_at=None, result=None)
        .returning(job)
    ).one()
    incident_id = _fail(uow, locked, row, why[:MAX_FAILURE], is_final=True)
    assert incident_id is not None
    return incident_id


def stored_stimulus(stimulus: Stimulus) -> dict[str, Any]:
    """Return a stimulus as JSON."""
    fields = {name: getattr(stimulus, name) for name in type(stimulus).__slots__}
    return {"kind": type(stimulus).__name__, **{name: encode(value) for name, value in fields.items()}}


def _fail(
    uow: UnitOfWork, locked: CaseRow, row: sa.Row[Any], failure: str, is_final: bool, at_once: bool = False
) -> UUID | None:
    if (row.retries_left > 0 or at_once) and not is_final:
        delay = 0 if at_once else row.retry_delays[len(row.retry_delays) - row.retries_left]
        run_at = uow.now + timedelta(seconds=delay)
        uow.connection.execute(
            sa.update(job)
            .where(job.c.id == row.id)
            .values(
                state="waiting",
                lease_owner=None,
                lease_expires_at=None,
                failure=failure,
                retries_left=row.retries_left if at_once else row.retries_left - 1,
                run_at=run_at,
            )
        )
        event = _event(
            "job-failed", row, {"job_type": row.job_type, "failure": failure, "next_attempt_at": run_at.isoformat()}
        )
        history.append(uow.connection, locked, [event], actor=uow.actor, now=uow.now)
        uow.platform.queue.defer(uow.connection, [(row.id, run_at)])
        return None
    uow.connection.execute(
        sa.update(job)
        .where(job.c.id == row.id)
        .values(state="failed", lease_owner=None, lease_expires_at=None, failure=failure, retries_left=0)
    )
    failed = _event("job-failed", row, {"job_type": row.job_type, "failure": failure})
    return raise_incident(uow, locked, row, "job-failed", failure, source="job_id", before=[failed])
