"""Does a finished job once more, beside the process: a paper is made anew from data as they stand now."""

from uuid import UUID

from engine.commands.add_job import add_job
from engine.commands.unit_of_work import UnitOfWork
from engine.domain.errors import ConflictError
from engine.domain.values import decode
from engine.store.cases import lock_case
from engine.store.instances import case_of, get_row
from engine.store.tables import job


class JobNotRepeatableError(ConflictError):
    """Only a completed job can be repeated."""

    zh = "作业“{element_name}”的状态为 {state}，只有已完成的作业可以重新执行。"
    en = "The job {element_name!r} is {state}; only a completed one can be repeated."


def repeat_job(uow: UnitOfWork, job_id: UUID) -> UUID:
    """Add a job of the same type and input as a completed one; return its id. Its outcome moves no token.

    Raises NotFoundError, JobNotRepeatableError.
    """
    locked = lock_case(uow.connection, case_of(uow.connection, job, job_id, "job"))
    row = get_row(uow.connection, job, job_id, "job")
    if row.state != "completed":
        raise JobNotRepeatableError(id=str(job_id), element_name=row.element_name, state=row.state)
    return add_job(uow, locked, row, row.job_type, decode(row.input), repeats=str(job_id))
