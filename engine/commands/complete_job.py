"""Takes the result of a leased job; the process goes on."""

from collections.abc import Mapping
from uuid import UUID

from engine.commands.advance import StepOutcome
from engine.commands.leased_job import apply_outcome, end_job, job_event, lock_leased_job
from engine.commands.unit_of_work import UnitOfWork
from engine.domain.stimuli import JobCompleted
from engine.domain.values import Value, encode


def complete_job(uow: UnitOfWork, job_id: UUID, worker: str, result: Mapping[str, Value]) -> StepOutcome:
    """Take a job's result and let its process go on; while the instance is suspended the result waits.

    Raises NotFoundError, JobNotLeasedError (the lease was lost: somebody else does the job), and what the step raises.
    """
    locked, row, instance = lock_leased_job(uow, job_id, worker)
    end_job(uow, row.id, "completed", result=encode(dict(result)))
    event = job_event("job-completed", row, {"job_type": row.job_type, "worker": worker}, result)
    return apply_outcome(uow, locked, row, instance, JobCompleted(row.token_id, result), event)
