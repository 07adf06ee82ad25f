"""Finds and locks a user task, and tells who holds it: what the verbs on user tasks have in common."""

from typing import Any
from uuid import UUID

from engine.commands.unit_of_work import UnitOfWork
from engine.domain.errors import ConflictError, NotFoundError, UserTaskAlreadyCompletedError, UserTaskCanceledError
from engine.domain.events import HistoryEvent
from engine.store.cases import CaseRow
from engine.store.raw import fetch_together


class UserTaskNotHeldError(ConflictError):
    """Only who holds the user task may do this with it."""

    zh = "任务“{element_name}”当前{holder_zh}，须由持有人办理此操作。请先领取任务。"
    en = "The user task {element_name!r} is held by {holder_en}; only its holder may do this. Claim it first."


class UserTaskDelegatedError(ConflictError):
    """The user task is with somebody to whom its owner delegated it."""

    zh = "任务“{element_name}”由 {owner} 委派给 {delegate} 办理中。请先由对方交回，或由 {owner} 收回。"
    en = "{owner} delegated the user task {element_name!r} to {delegate}: it must be given back or recalled first."


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


def require_undelegated(row: Any) -> None:
    """Raise UserTaskDelegatedError while a user task is delegated."""
    if row.delegation == "pending":
        raise UserTaskDelegatedError(
            id=str(row.id), element_name=row.element_name, owner=row.owner, delegate=row.assignee
        )


def require_holder(uow: UnitOfWork, row: Any) -> None:
    """Raise UserTaskNotHeldError unless the actor is the assignee of a user task."""
    if row.assignee != uow.actor.id:
        name = row.assignee.removeprefix("user:") if row.assignee else None
        raise UserTaskNotHeldError(
            id=str(row.id),
            element_name=row.element_name,
            holder_zh=f"由 {name} 持有" if name else "无人领取",
            holder_en=name or "nobody",
        )


def user_task_event(kind: str, row: Any, **facts: Any) -> HistoryEvent:
    """Return the history event of something that happened to a user task; `facts` hold nothing personal."""
    return HistoryEvent(
        kind,
        {"id": str(row.id), **facts},
        instance_id=row.instance_id,
        element_id=row.element_id,
        element_name=row.element_name,
    )
