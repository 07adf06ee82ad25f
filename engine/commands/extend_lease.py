"""Lets a worker keep a leased job longer."""

from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from engine.commands.unit_of_work import UnitOfWork
from engine.domain.errors import JobNotLeasedError
from engine.store.instances import get_row
from engine.store.tables import job


def extend_lease(uow: UnitOfWork, job_id: UUID, worker: str, lease_for: timedelta) -> datetime:
    """Let a worker keep a job longer; return until when. Raises JobNotLeasedError."""
    until = uow.now + lease_for
    found = uow.connection.execute(
        sa.update(job)
        .where(job.c.id == job_id, job.c.state == "leased", job.c.lease_owner == worker)
        .values(lease_expires_at=until)
        .returning(job.c.id)
    ).one_or_none()
    if found is None:
        row = get_row(uow.connection, job, job_id, "job")
        raise JobNotLeasedError(id=str(job_id), worker=worker, state=row.state)
    return until
