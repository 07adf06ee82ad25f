"""Keeps what somebody has filled in so far."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import orjson
import sqlalchemy as sa

from engine.commands.unit_of_work import UnitOfWork
from engine.commands.user_task_access import lock_user_task
from engine.domain.errors import InvalidInputError
from engine.store.tables import user_task

MAX_BYTES = 1024 * 1024


class DraftTooLargeError(InvalidInputError):
    """A draft above the limit."""

    zh = "草稿 {size} 字节，超过上限 {limit} 字节。请把大文件作为附件上传。"
    en = "The draft has {size} bytes; the limit is {limit}. Upload large files as documents."


def save_draft(uow: UnitOfWork, user_task_id: UUID, draft: Mapping[str, Any]) -> None:
    """Keep a draft (plain JSON) with its user task; it is no history and is gone once the task is completed.

    Raises DraftTooLargeError, NotFoundError, UserTaskAlreadyCompletedError, UserTaskCanceledError.
    """
    size = len(orjson.dumps(draft))
    if size > MAX_BYTES:
        raise DraftTooLargeError(size=size, limit=MAX_BYTES)
    _, row, _ = lock_user_task(uow, user_task_id)
    uow.connection.execute(sa.update(user_task).where(user_task.c.id == row.id).values(draft=dict(draft)))
