"""Finds and locks a user task: what claim, assign, draft, comment and complete have in common."""

from typing import Any
from uuid import UUID

from engine.commands.unit_of_work import UnitOfWork
from engine.domain.errors import NotFoundError, UserTaskAlreadyCompletedError, UserTaskCanceledError
from engine.store.cases import CaseRow
from engine.store.raw import fetch_together

_LOCK = (
    'select id, business_key, history_seq, head_hash from "case"'
    " where id = (select case_id from user_task where id = %s) for update"
)
_TASK = "select * from user_task where id = %s"
_INSTANCE = (
    "select i.id, i.case_id, i.deployment_id, i.process_key, i.state, i.snapshot, i.pending"
    " from process_instance i join user_task t on t.instance_id = i.id where t.id = %s"
)


def lock_user_task(uow: UnitOfWork, user_task_id: UUID) -> tuple[CaseRow, Any, Any]:
    """Lock the case of an open user task; return case, task and process instance as they stand under the lock.

    Raises NotFoundError, UserTaskAlreadyCompletedError or UserTaskCanceledError.
    """
    params = (user_task_id,)
    cases, tasks, instances = fetch_together(uow.connection, (_LOCK, params), (_TASK, params), (_INSTANCE, params))
    if not tasks:
        raise NotFoundError(what="user task", id=user_task_id)
    row = tasks[0]
    if row.state == "completed":
        raise UserTaskAlreadyCompletedError(
            id=str(row.id), element_name=row.element_name, by=row.ended_by, at=row.ended_at.isoformat()
        )
    if row.state == "canceled":
        raise UserTaskCanceledError(id=str(row.id), element_name=row.element_name)
    return CaseRow(*cases[0]), row, instances[0]
