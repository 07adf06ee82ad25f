"""Writes who holds a user task: what claiming, unclaiming and assigning have in common."""

from uuid import UUID

import sqlalchemy as sa

from engine.commands.unit_of_work import UnitOfWork
from engine.commands.user_task_access import lock_user_task, require_undelegated, user_task_event
from engine.domain.errors import UserTaskAlreadyClaimedError
from engine.store import history
from engine.store.tables import user_task


def set_assignee(uow: UnitOfWork, user_task_id: UUID, assignee: str | None, *, is_claim: bool) -> None:
    """Make `assignee` (an actor id, None for nobody) the holder of an open user task; the same one again is no change.

    Raises UserTaskAlreadyClaimedError when it is claimed while somebody else holds it, UserTaskDelegatedError.
    """
    locked, row, _ = lock_user_task(uow, user_task_id)
    if row.assignee == assignee:
        return
    require_undelegated(row)
    if is_claim and row.assignee is not None:
        raise UserTaskAlreadyClaimedError(id=str(row.id), element_name=row.element_name, assignee=row.assignee)
    uow.connection.execute(
        sa.update(user_task)
        .where(user_task.c.id == row.id)
        .values(assignee=assignee, state="assigned" if assignee else "created", owner=None, delegation=None)
    )
    kind = "user-task-claimed" if is_claim else "user-task-assigned" if assignee else "user-task-unclaimed"
    event = user_task_event(kind, row, assignee=assignee, before=row.assignee)
    history.append(uow.connection, locked, [event], actor=uow.actor, now=uow.now)
