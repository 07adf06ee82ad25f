"""Finds and locks a user task: what claim, assign, draft, comment and complete have in common."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.commands.unit_of_work import UnitOfWork
from engine.domain.errors import UserTaskAlreadyCompletedError, UserTaskCanceledError
from engine.store.cases import CaseRow, lock_case
from engine.store.instances import case_of, get_row
from engine.store.tables import user_task


def lock_user_task(uow: UnitOfWork, user_task_id: UUID) -> tuple[CaseRow, sa.Row[Any]]:
    """Lock the case of an open user task; return both as they stand under the lock.

    Raises NotFoundError, UserTaskAlreadyCompletedError or UserTaskCanceledError.
    """
    locked = lock_case(uow.connection, case_of(uow.connection, user_task, user_task_id, "user task"))
    row = get_row(uow.connection, user_task, user_task_id, "user task")
    if row.state == "completed":
        raise UserTaskAlreadyCompletedError(
            id=str(row.id), element_name=row.element_name, by=row.ended_by, at=row.ended_at.isoformat()
        )
    if row.state == "canceled":
        raise UserTaskCanceledError(id=str(row.id), element_name=row.element_name)
    return locked, row
