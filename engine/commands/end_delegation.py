"""Brings a delegated user task back to its owner: what giving it back and recalling it have in common."""

from typing import Any

import sqlalchemy as sa

from engine.commands.unit_of_work import UnitOfWork
from engine.commands.user_task_access import user_task_event
from engine.domain.errors import ConflictError, ForbiddenError
from engine.store import history
from engine.store.cases import CaseRow
from engine.store.tables import user_task, user_task_delegation


class UserTaskNotDelegatedError(ConflictError):
    """The user task is not delegated."""

    zh = "任务“{element_name}”当前没有委派给他人。"
    en = "The user task {element_name!r} is not delegated to anybody now."


class DelegationOfOthersError(ForbiddenError):
    """Somebody else's delegation."""

    zh = "任务“{element_name}”由 {owner} 委派给 {delegate}，您不是{role_zh}，不能进行此操作。"
    en = "{owner} delegated the user task {element_name!r} to {delegate}; you are not its {role_en}."


def require_delegated(row: Any) -> None:
    """Raise UserTaskNotDelegatedError unless a user task is delegated now."""
    if row.delegation != "pending":
        raise UserTaskNotDelegatedError(id=str(row.id), element_name=row.element_name)


def refuse_stranger(row: Any, role_zh: str, role_en: str) -> DelegationOfOthersError:
    """Return the error for somebody who has no part in a delegation."""
    return DelegationOfOthersError(
        id=str(row.id),
        element_name=row.element_name,
        owner=row.owner,
        delegate=row.assignee,
        role_zh=role_zh,
        role_en=role_en,
    )


def end_delegation(uow: UnitOfWork, locked: CaseRow, row: Any, state: str, answer: str | None) -> None:
    """Make the owner the assignee again; `state` says how: `resolved` (given back) or `recalled`."""
    uow.connection.execute(
        sa.update(user_task)
        .where(user_task.c.id == row.id)
        .values(
            assignee=row.owner,
            owner=row.owner if state == "resolved" else None,
            delegation="resolved" if state == "resolved" else None,
        )
    )
    uow.connection.execute(
        sa.update(user_task_delegation)
        .where(user_task_delegation.c.user_task_id == row.id, user_task_delegation.c.state == "pending")
        .values(state=state, answer=answer, ended_at=uow.now, ended_by=uow.actor.id)
    )
    event = user_task_event(f"user-task-delegation-{state}", row, owner=row.owner, delegate=row.assignee)
    history.append(uow.connection, locked, [event], actor=uow.actor, now=uow.now)
