"""Hands a user task over (转办): to another person or group, with a reason; the giver no longer holds it."""

from uuid import UUID

import sqlalchemy as sa

from engine.commands.unit_of_work import UnitOfWork
from engine.commands.user_task_access import lock_user_task, require_holder, require_undelegated, user_task_event
from engine.domain.errors import ConflictError
from engine.store import history
from engine.store.tables import user_task, user_task_handover


class HandoverPointlessError(ConflictError):
    """The receiver has the user task already."""

    zh = "任务“{element_name}”已在 {receiver} 处，无需转办。"
    en = "{receiver} has the user task {element_name!r} already; there is nothing to hand over."


def hand_over_user_task(
    uow: UnitOfWork,
    user_task_id: UUID,
    *,
    to_user: str | None = None,
    to_group: str | None = None,
    reason: str,
    is_override: bool = False,
) -> UUID:
    """Give an open user task to a person (an actor id) or to a candidate group; return the handover's id.

    A person becomes its assignee; a group its only candidates, who may claim it. With `is_override` a head takes it out of
    whosever hands it is in. `reason` is stored as given: seal it before. Whether the receiver may have it is the caller's
    affair. Raises NotFoundError, UserTaskAlreadyCompletedError, UserTaskCanceledError, UserTaskNotHeldError,
    UserTaskDelegatedError, HandoverPointlessError.
    """
    locked, row, _ = lock_user_task(uow, user_task_id)
    require_undelegated(row)
    if not is_override:
        require_holder(uow, row)
    is_there = row.assignee == to_user if to_user else row.assignee is None and row.candidate_groups == [to_group]
    if is_there:
        receiver = (to_user or to_group or "").removeprefix("user:")
        raise HandoverPointlessError(id=str(row.id), element_name=row.element_name, receiver=receiver)
    values = (
        {"assignee": to_user, "state": "assigned"}
        if to_user
        else {"assignee": None, "state": "created", "candidate_groups": [to_group], "candidate_users": []}
    )
    uow.connection.execute(
        sa.update(user_task).where(user_task.c.id == row.id).values(owner=None, delegation=None, **values)
    )
    handover_id = uow.platform.ids()
    uow.connection.execute(
        sa.insert(user_task_handover).values(
            id=handover_id,
            case_id=locked.id,
            user_task_id=row.id,
            handed_by=uow.actor.id,
            holder_before=row.assignee,
            to_user=to_user,
            to_group=to_group,
            reason=reason,
            created_at=uow.now,
        )
    )
    event = user_task_event(
        "user-task-handed-over",
        row,
        handover_id=str(handover_id),
        assignee=to_user,
        candidate_group=to_group,
        before=row.assignee,
        groups_before=list(row.candidate_groups),
    )
    history.append(uow.connection, locked, [event], actor=uow.actor, now=uow.now)
    return handover_id
