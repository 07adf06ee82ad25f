"""Leasing jobs to workers: for a while, one worker only."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.commands.unit_of_work import UnitOfWork
from engine.domain.values import decode
from engine.store.tables import job, process_instance


@dataclass(frozen=True)
class LeasedJob:
    """A job that a worker may do until its lease expires."""

    id: UUID
    case_id: UUID
    instance_id: UUID
    process_key: str
    element_id: str
    element_name: str
    job_type: str
    input: Mapping[str, Any]
    attempts: int
    """How often it was leased, this time included."""
    lease_expires_at: datetime

    @property
    def idempotency_key(self) -> str:
        """The same for every attempt at this job."""
        return str(self.id)


def may_run() -> sa.ColumnElement[bool]:
    """Return the condition over job and process instance under which a job may run: one beside the process always may."""
    return sa.or_(process_instance.c.state == "active", job.c.token_id.is_(None))


def lease(
    uow: UnitOfWork, which: sa.ColumnElement[bool], worker: str, limit: int, lease_for: timedelta
) -> list[LeasedJob]:
    """Lease up to `limit` due jobs under a condition, oldest first."""
    # The row lock of the job alone suffices: the step that follows takes the case lock and reads the job again.
    free = (
        sa.select(job.c.id)
        .join(process_instance, process_instance.c.id == job.c.instance_id)
        .where(which, job.c.state == "waiting", job.c.run_at <= uow.now, may_run())
        .order_by(job.c.run_at, job.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=job)
    )
    rows = uow.connection.execute(
        sa.update(job)
        .where(job.c.id.in_(free.scalar_subquery()))
        .values(state="leased", lease_owner=worker, lease_expires_at=uow.now + lease_for, attempts=job.c.attempts + 1)
        .returning(job)
    ).all()
    return [
        LeasedJob(
            row.id,
            row.case_id,
            row.instance_id,
            row.process_key,
            row.element_id,
            row.element_name,
            row.job_type,
            decode(row.input),
            row.attempts,
            row.lease_expires_at,
        )
        for row in sorted(rows, key=lambda row: (row.run_at, row.id))
    ]
