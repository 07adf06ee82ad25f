"""Urges a user task (催办): somebody asks that it be done soon; who was told stands on the task."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa

from engine.commands.unit_of_work import UnitOfWork
from engine.commands.user_task_access import lock_user_task, user_task_event
from engine.domain.errors import TooManyAttemptsError
from engine.store import history
from engine.store.tables import user_task_urging

PAUSE = timedelta(hours=4)
"""For so long nobody urges the same user task again."""


class UrgingTooSoonError(TooManyAttemptsError):
    """The same person urged the user task a short while ago."""

    zh = "您刚刚催办过任务“{element_name}”，请在 {minutes} 分钟后再催。"
    en = "You urged the user task {element_name!r} a short while ago; wait another {minutes} minutes."


def urge_user_task(uow: UnitOfWork, user_task_id: UUID, told: Sequence[str], text: str) -> UUID:
    """Write down that the actor urged an open user task and who was told (actor ids); return the urging's id.

    One person urges a task once in four hours. `text` is stored as given: seal it before. Raises NotFoundError,
    UserTaskAlreadyCompletedError, UserTaskCanceledError, UrgingTooSoonError.
    """
    locked, row, _ = lock_user_task(uow, user_task_id)
    last = uow.connection.execute(
        sa.select(sa.func.max(user_task_urging.c.created_at)).where(
            user_task_urging.c.user_task_id == row.id, user_task_urging.c.urged_by == uow.actor.id
        )
    ).scalar_one()
    if last is not None and uow.now < last + PAUSE:
        wait = int((last + PAUSE - uow.now).total_seconds())
        raise UrgingTooSoonError(
            id=str(row.id), element_name=row.element_name, retry_after=max(wait, 1), minutes=wait // 60 + 1
        )
    urging_id = uow.platform.ids()
    uow.connection.execute(
        sa.insert(user_task_urging).values(
            id=urging_id,
            case_id=locked.id,
            user_task_id=row.id,
            urged_by=uow.actor.id,
            told=list(told),
            text=text,
            created_at=uow.now,
        )
    )
    event = user_task_event("user-task-urged", row, urging_id=str(urging_id), told=list(told))
    history.append(uow.connection, locked, [event], actor=uow.actor, now=uow.now)
    return urging_id
