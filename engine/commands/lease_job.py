"""Leases one job to a worker."""

from datetime import timedelta
from uuid import UUID

from engine.commands.leasing import LeasedJob, lease
from engine.commands.unit_of_work import UnitOfWork
from engine.store.tables import job


def lease_job(uow: UnitOfWork, job_id: UUID, worker: str, lease_for: timedelta) -> LeasedJob | None:
    """Lease one job; None when it is not waiting, not due yet, or its instance is not active."""
    found = lease(uow, job.c.id == job_id, worker, 1, lease_for)
    return found[0] if found else None
