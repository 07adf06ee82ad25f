"""Ends a leased job with a BPMN error that the process decides on."""

from collections.abc import Mapping
from uuid import UUID

from engine.bpmn.step import BpmnErrorNotCaughtError
from engine.commands.advance import StepOutcome
from engine.commands.job_failure import MAX_FAILURE
from engine.commands.leased_job import apply_outcome, end_job, job_event, lock_leased_job
from engine.commands.unit_of_work import UnitOfWork
from engine.domain.stimuli import BpmnErrorThrown
from engine.domain.values import Value


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
    locked, row, instance = lock_leased_job(uow, job_id, worker)
    if row.token_id is None:
        raise BpmnErrorNotCaughtError(error_code=error_code, element_name=row.element_name, message=message)
    end_job(uow, row.id, "completed", failure=message[:MAX_FAILURE])
    facts = {"job_type": row.job_type, "worker": worker, "error_code": error_code}
    event = job_event("bpmn-error-thrown", row, facts, variables or {})
    stimulus = BpmnErrorThrown(row.token_id, error_code, message, variables or {})
    return apply_outcome(uow, locked, row, instance, stimulus, event)
