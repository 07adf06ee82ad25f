"""What follows a failed attempt at a job: the next attempt at its time, or an incident."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.commands.leased_job import job_event
from engine.commands.raise_incident import raise_incident
from engine.commands.unit_of_work import UnitOfWork
from engine.domain.errors import TingzhuError
from engine.domain.stimuli import BpmnErrorThrown, JobCompleted
from engine.store import history
from engine.store.cases import CaseRow
from engine.store.tables import job

MAX_FAILURE = 4000
"""Characters of a failure's text that are kept."""


def record_failure(
    uow: UnitOfWork,
    locked: CaseRow,
    row: sa.Row[Any],
    failure: str,
    is_final: bool,
    at_once: bool = False,
    failure_en: str | None = None,
) -> UUID | None:
    """Let a job wait for its next attempt, or raise an incident; return the incident\'s id.

    `at_once` grants an attempt that counts for nothing; `is_final` skips the remaining ones. `failure_en` is
    the failure in English, where it is known.
    """
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
        event = job_event(
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
    failed = job_event("job-failed", row, {"job_type": row.job_type, "failure": failure})
    return raise_incident(
        uow, locked, row, "job-failed", failure, message_en=failure_en, source="job_id", before=[failed]
    )


def refuse_kept(
    uow: UnitOfWork, locked: CaseRow, stimulus: JobCompleted | BpmnErrorThrown, instance_id: UUID, why: TingzhuError
) -> UUID:
    """Turn a kept outcome that the resumed process cannot take into a failed job with an incident; return its id."""
    row = uow.connection.execute(
        sa.update(job)
        .where(job.c.instance_id == instance_id, job.c.token_id == stimulus.token_id, job.c.state == "completed")
        .values(ended_at=None, result=None)
        .returning(job)
    ).one()
    incident_id = record_failure(
        uow,
        locked,
        row,
        why.sentence("zh")[:MAX_FAILURE],
        is_final=True,
        failure_en=why.sentence("en")[:MAX_FAILURE],
    )
    assert incident_id is not None
    return incident_id
