"""Sends a copy of a user task for information (抄送): its readers see it and say so; they cannot act on it."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from engine.commands.unit_of_work import UnitOfWork
from engine.commands.user_task_access import user_task_event
from engine.store import history
from engine.store.cases import lock_case
from engine.store.instances import case_of, get_row
from engine.store.tables import user_task, user_task_copy


def copy_user_task(uow: UnitOfWork, user_task_id: UUID, readers: Sequence[str], text: str) -> list[str]:
    """Let `readers` (actor ids) see a user task, open or ended; return those who had no copy yet.

    `text` is stored as given: seal it before. Raises NotFoundError.
    """
    locked = lock_case(uow.connection, case_of(uow.connection, user_task, user_task_id, "user task"))
    row = get_row(uow.connection, user_task, user_task_id, "user task")
    added: list[str] = []
    for reader in dict.fromkeys(readers):
        found = uow.connection.execute(
            insert(user_task_copy)
            .values(
                id=uow.platform.ids(),
                case_id=locked.id,
                user_task_id=row.id,
                reader=reader,
                sent_by=uow.actor.id,
                text=text,
                created_at=uow.now,
            )
            .on_conflict_do_nothing(index_elements=["user_task_id", "reader"])
            .returning(user_task_copy.c.reader)
        ).scalar_one_or_none()
        if found is not None:
            added.append(reader)
    if added:
        event = user_task_event("user-task-copied", row, readers=added)
        history.append(uow.connection, locked, [event], actor=uow.actor, now=uow.now)
    return added


def has_copy(connection: sa.Connection, user_task_id: UUID, reader: str) -> bool:
    """Tell whether somebody has a copy of a user task."""
    statement = sa.select(sa.literal(1)).where(
        user_task_copy.c.user_task_id == user_task_id, user_task_copy.c.reader == reader
    )
    return connection.execute(statement).first() is not None
