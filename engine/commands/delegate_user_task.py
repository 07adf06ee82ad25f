"""Delegates a user task (委派): somebody else works on it and gives it back; its owner completes it."""

from uuid import UUID

import sqlalchemy as sa

from engine.commands.unit_of_work import UnitOfWork
from engine.commands.user_task_access import lock_user_task, require_holder, require_undelegated, user_task_event
from engine.domain.errors import InvalidInputError
from engine.store import history
from engine.store.tables import user_task, user_task_delegation


class DelegateInvalidError(InvalidInputError):
    """Nobody delegates to themselves."""

    zh = "不能把任务“{element_name}”委派给自己。"
    en = "The user task {element_name!r} cannot be delegated to its own holder."


def delegate_user_task(uow: UnitOfWork, user_task_id: UUID, delegate: str, request: str) -> UUID:
    """Let `delegate` (an actor id) work on the actor's user task; return the delegation's id.

    The actor stays its owner; the delegate is its assignee until it is given back or recalled, and cannot complete it.
    `request` is stored as given: seal it before. Raises NotFoundError, UserTaskAlreadyCompletedError,
    UserTaskCanceledError, UserTaskNotHeldError, UserTaskDelegatedError, DelegateInvalidError.
    """
    locked, row, _ = lock_user_task(uow, user_task_id)
    require_undelegated(row)
    require_holder(uow, row)
    if delegate == uow.actor.id:
        raise DelegateInvalidError(id=str(row.id), element_name=row.element_name)
    uow.connection.execute(
        sa.update(user_task)
        .where(user_task.c.id == row.id)
        .values(assignee=delegate, owner=uow.actor.id, delegation="pending")
    )
    delegation_id = uow.platform.ids()
    uow.connection.execute(
        sa.insert(user_task_delegation).values(
            id=delegation_id,
            case_id=locked.id,
            user_task_id=row.id,
            owner=uow.actor.id,
            delegate=delegate,
            request=request,
            state="pending",
            created_at=uow.now,
        )
    )
    event = user_task_event(
        "user-task-delegated", row, delegation_id=str(delegation_id), owner=uow.actor.id, delegate=delegate
    )
    history.append(uow.connection, locked, [event], actor=uow.actor, now=uow.now)
    return delegation_id
