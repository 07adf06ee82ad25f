"""Says that a copy of a user task was read (阅知)."""

from uuid import UUID

import sqlalchemy as sa

from engine.commands.unit_of_work import UnitOfWork
from engine.commands.user_task_access import user_task_event
from engine.domain.errors import NotFoundError
from engine.store import history
from engine.store.cases import lock_case
from engine.store.instances import case_of, get_row
from engine.store.tables import user_task, user_task_copy


def acknowledge_copy(uow: UnitOfWork, user_task_id: UUID) -> None:
    """Write down that the actor read their copy of a user task; again changes nothing. Raises NotFoundError."""
    locked = lock_case(uow.connection, case_of(uow.connection, user_task, user_task_id, "user task"))
    row = get_row(uow.connection, user_task, user_task_id, "user task")
    is_own = sa.and_(user_task_copy.c.user_task_id == user_task_id, user_task_copy.c.reader == uow.actor.id)
    copy = uow.connection.execute(sa.select(user_task_copy).where(is_own)).one_or_none()
    if copy is None:
        raise NotFoundError(what="copy", id=user_task_id)
    if copy.acknowledged_at is not None:
        return
    uow.connection.execute(sa.update(user_task_copy).where(is_own).values(acknowledged_at=uow.now))
    event = user_task_event("user-task-copy-acknowledged", row, sent_by=copy.sent_by)
    history.append(uow.connection, locked, [event], actor=uow.actor, now=uow.now)
