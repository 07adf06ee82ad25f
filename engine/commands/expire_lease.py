"""Gives a job back whose worker let its lease run out."""

from uuid import UUID

from engine.commands.job_failure import record_failure
from engine.commands.unit_of_work import UnitOfWork
from engine.store.cases import lock_case
from engine.store.instances import case_of, get_row
from engine.store.tables import job


def expire_lease(uow: UnitOfWork, job_id: UUID) -> bool:
    """Give a job whose lease has run out back, counting the attempt; return whether it was so."""
    locked = lock_case(uow.connection, case_of(uow.connection, job, job_id, "job"))
    row = get_row(uow.connection, job, job_id, "job")
    if row.state != "leased" or row.lease_expires_at > uow.now:
        return False
    zh = f"作业处理程序 {row.lease_owner} 未在期限内完成，可能已中止"
    en = f"The worker {row.lease_owner} lost its lease; it may have died"
    # A worker that died says nothing about the job: it runs again at once, but not for ever.
    is_final = row.attempts > len(row.retry_delays) + 3
    record_failure(uow, locked, row, zh, is_final, at_once=True, failure_en=en)
    return True
