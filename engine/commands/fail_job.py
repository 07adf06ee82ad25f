"""Notes that an attempt at a leased job failed."""

from uuid import UUID

from engine.commands.job_failure import MAX_FAILURE, record_failure
from engine.commands.leased_job import lock_leased_job
from engine.commands.unit_of_work import UnitOfWork


def fail_job(
    uow: UnitOfWork,
    job_id: UUID,
    worker: str,
    failure: str,
    *,
    is_final: bool = False,
    failure_en: str | None = None,
) -> UUID | None:
    """Note that an attempt failed: the job waits for its next attempt, or an incident is raised; return its id.

    `is_final` skips the remaining attempts; `failure_en` is the failure in English, where it is known. Raises NotFoundError, JobNotLeasedError.
    """
    locked, row, _ = lock_leased_job(uow, job_id, worker)
    english = None if failure_en is None else failure_en[:MAX_FAILURE]
    return record_failure(uow, locked, row, failure[:MAX_FAILURE], is_final, failure_en=english)
