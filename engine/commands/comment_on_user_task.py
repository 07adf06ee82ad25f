"""Adds a comment to a user task."""

from uuid import UUID

import sqlalchemy as sa

from engine.commands.unit_of_work import UnitOfWork
from engine.domain.errors import InvalidInputError
from engine.domain.events import HistoryEvent
from engine.store import history
from engine.store.cases import lock_case
from engine.store.instances import case_of, get_row
from engine.store.tables import user_task, user_task_comment

MAX_LENGTH = 4000


class CommentInvalidError(InvalidInputError):
    """An empty or overlong comment."""

    zh = "备注需为 1 至 {limit} 个字，现有 {length} 个。"
    en = "A comment has 1 to {limit} characters; this one has {length}."


def comment_on_user_task(uow: UnitOfWork, user_task_id: UUID, text: str) -> UUID:
    """Add a comment, also to a task that has ended; return its id. History tells that, not what, was said.

    Raises CommentInvalidError, NotFoundError.
    """
    if not 1 <= len(text.strip()) <= MAX_LENGTH:
        raise CommentInvalidError(limit=MAX_LENGTH, length=len(text.strip()))
    locked = lock_case(uow.connection, case_of(uow.connection, user_task, user_task_id, "user task"))
    row = get_row(uow.connection, user_task, user_task_id, "user task")
    comment_id = uow.platform.ids()
    uow.connection.execute(
        sa.insert(user_task_comment).values(
            id=comment_id,
            case_id=locked.id,
            user_task_id=user_task_id,
            actor_id=uow.actor.id,
            text=text.strip(),
            created_at=uow.now,
        )
    )
    event = HistoryEvent(
        "user-task-commented",
        {"id": str(user_task_id), "comment_id": str(comment_id)},
        instance_id=row.instance_id,
        element_id=row.element_id,
        element_name=row.element_name,
    )
    history.append(uow.connection, locked, [event], actor=uow.actor, now=uow.now)
    return comment_id
