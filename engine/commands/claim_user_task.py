"""Claims a user task for the actor, gives it back, or assigns it to somebody."""

from uuid import UUID

import sqlalchemy as sa

from engine.commands.unit_of_work import UnitOfWork
from engine.commands.user_task_access import lock_user_task
from engine.domain.errors import UserTaskAlreadyClaimedError
from engine.domain.events import HistoryEvent
from engine.store import history
from engine.store.tables import user_task


def claim_user_task(uow: UnitOfWork, user_task_id: UUID) -> None:
    """Make the actor the assignee; claiming one's own again changes nothing.

    Raises UserTaskAlreadyClaimedError when somebody else has claimed it.
    """
    _set_assignee(uow, user_task_id, uow.actor.id, is_claim=True)


def unclaim_user_task(uow: UnitOfWork, user_task_id: UUID) -> None:
    """Give a user task back to its candidates."""
    _set_assignee(uow, user_task_id, None, is_claim=False)


def assign_user_task(uow: UnitOfWork, user_task_id: UUID, assignee: str) -> None:
    """Make somebody (an actor id) the assignee, whoever had it before."""
    _set_assignee(uow, user_task_id, assignee, is_claim=False)


def _set_assignee(uow: UnitOfWork, user_task_id: UUID, assignee: str | None, *, is_claim: bool) -> None:
    locked, row, _ = lock_user_task(uow, user_task_id)
    if is_claim and row.assignee is not None and row.assignee != uow.actor.id:
        raise UserTaskAlreadyClaimedError(id=str(row.id), element_name=row.element_name, assignee=row.assignee)
    if row.assignee == assignee:
        return
    uow.connection.execute(
        sa.update(user_task)
        .where(user_task.c.id == row.id)
        .values(assignee=assignee, state="assigned" if assignee else "created")
    )
    kind = "user-task-claimed" if is_claim else "user-task-assigned" if assignee else "user-task-unclaimed"
    event = HistoryEvent(
        kind,
        {"id": str(row.id), "assignee": assignee, "before": row.assignee},
        instance_id=row.instance_id,
        element_id=row.element_id,
        element_name=row.element_name,
    )
    history.append(uow.connection, locked, [event], actor=uow.actor, now=uow.now)
