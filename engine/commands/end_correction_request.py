"""Ends a request for correction: what answering it and withdrawing it have in common."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.commands.unit_of_work import UnitOfWork
from engine.commands.user_task_access import lock_user_task, user_task_event
from engine.domain.actor import OnBehalfOf
from engine.domain.errors import ConflictError, NotFoundError
from engine.store import history
from engine.store.tables import job, user_task, user_task_correction_request


class CorrectionRequestEndedError(ConflictError):
    """The request was answered or withdrawn before."""

    zh = "该补正要求已{state_zh}，不能再次办理。"
    en = "The request for correction was {state} already."


def find_request(uow: UnitOfWork, user_task_id: UUID, request_id: UUID) -> Any:
    """Return a request for correction of a user task. Raises NotFoundError."""
    row = uow.connection.execute(
        sa.select(user_task_correction_request).where(
            user_task_correction_request.c.id == request_id,
            user_task_correction_request.c.user_task_id == user_task_id,
        )
    ).one_or_none()
    if row is None:
        raise NotFoundError(what="correction request", id=request_id)
    return row


def end_correction_request(
    uow: UnitOfWork,
    user_task_id: UUID,
    request_id: UUID,
    state: str,
    *,
    answer: str | None = None,
    on_behalf_of: OnBehalfOf | None = None,
) -> None:
    """Write that a request for correction is `answered` or `withdrawn`; its user task goes on, its reminder is dropped.

    Raises NotFoundError, UserTaskAlreadyCompletedError, UserTaskCanceledError, CorrectionRequestEndedError.
    """
    locked, row, _ = lock_user_task(uow, user_task_id)
    request = find_request(uow, user_task_id, request_id)
    if request.state != "open":
        zh = {"answered": "答复", "withdrawn": "撤销"}[request.state]
        raise CorrectionRequestEndedError(id=str(request_id), state=request.state, state_zh=zh)
    uow.connection.execute(
        sa.update(user_task_correction_request)
        .where(user_task_correction_request.c.id == request_id)
        .values(
            state=state,
            answer=answer,
            on_behalf_of=sa.null() if on_behalf_of is None else on_behalf_of.as_dict(),
            ended_at=uow.now,
            ended_by=uow.actor.id,
        )
    )
    uow.connection.execute(
        sa.update(user_task)
        .where(user_task.c.id == row.id)
        .values(open_correction_requests=user_task.c.open_correction_requests - 1)
    )
    uow.connection.execute(
        sa.update(job)
        .where(job.c.id == request.reminder_job_id, job.c.state.in_(["waiting", "failed"]))
        .values(state="canceled", ended_at=uow.now)
    )
    event = user_task_event(f"user-task-correction-{state}", row, request_id=str(request_id))
    history.append(uow.connection, locked, [event], actor=uow.actor, on_behalf_of=on_behalf_of, now=uow.now)
