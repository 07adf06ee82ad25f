"""Marks an open user task that is past its due time as escalated, once."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from engine.commands.unit_of_work import UnitOfWork
from engine.domain.events import HistoryEvent
from engine.store import history
from engine.store.cases import try_lock_case
from engine.store.instances import case_of, get_instance, get_row
from engine.store.tables import user_task


@dataclass(frozen=True, slots=True)
class EscalatedUserTask:
    """A user task of which somebody is to be told."""

    id: UUID
    case_id: UUID
    element_name: str
    due_at: datetime
    assignee: str | None
    """Actor id of whoever holds it."""
    candidate_groups: tuple[str, ...]
    candidate_users: tuple[str, ...]


def escalate_user_task(uow: UnitOfWork, user_task_id: UUID) -> EscalatedUserTask | None:
    """Mark a user task as escalated if it is open, overdue, not escalated yet, and its process instance is active.

    None when it is not, or when somebody works on the case just now: the next sweep looks again. The task stays with
    whoever has it. Raises NotFoundError.
    """
    case_id = case_of(uow.connection, user_task, user_task_id, "user task")
    locked = try_lock_case(uow.connection, case_id)
    if locked is None:
        return None
    row = get_row(uow.connection, user_task, user_task_id, "user task")
    is_open = row.state in ("created", "assigned") and row.escalated_at is None
    if not is_open or row.due_at is None or row.due_at > uow.now:
        return None
    if get_instance(uow.connection, row.instance_id).state != "active":
        return None
    uow.connection.execute(sa.update(user_task).where(user_task.c.id == row.id).values(escalated_at=uow.now))
    facts = {"id": str(row.id), "due_at": row.due_at.isoformat()}
    event = HistoryEvent("user-task-escalated", facts, {}, row.instance_id, row.element_id, row.element_name)
    history.append(uow.connection, locked, [event], actor=uow.actor, now=uow.now)
    return EscalatedUserTask(
        id=row.id,
        case_id=case_id,
        element_name=row.element_name,
        due_at=row.due_at,
        assignee=row.assignee,
        candidate_groups=tuple(row.candidate_groups),
        candidate_users=tuple(row.candidate_users),
    )
