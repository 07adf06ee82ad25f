"""Leases due jobs of some types to a worker."""

from collections.abc import Sequence
from datetime import timedelta

from engine.commands.leasing import LeasedJob, lease
from engine.commands.unit_of_work import UnitOfWork
from engine.store.tables import job


def lease_jobs(
    uow: UnitOfWork, worker: str, job_types: Sequence[str], limit: int, lease_for: timedelta
) -> list[LeasedJob]:
    """Lease up to `limit` due jobs of some types, oldest first."""
    return lease(uow, job.c.job_type.in_(list(job_types)), worker, limit, lease_for)
