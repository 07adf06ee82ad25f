"""Questions about user tasks."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.queries.pages import Page, fetch_page
from engine.store.instances import get_row
from engine.store.tables import case, user_task, user_task_comment

OPEN = ("created", "assigned")
_NEVER = datetime(9999, 1, 1, tzinfo=UTC)


def list_user_tasks(
    connection: sa.Connection,
    *,
    scope: sa.ColumnElement[bool] | None = None,
    case_id: UUID | None = None,
    assignee: str | None = None,
    candidate_groups: Sequence[str] | None = None,
    states: Sequence[str] = OPEN,
    due_before: datetime | None = None,
    element_id: str | None = None,
    after: Sequence[Any] | None = None,
    limit: int = 50,
) -> Page:
    """Return user tasks by due time. `scope` is a condition over `user_task.case_id` that limits what is visible.

    `candidate_groups` keeps tasks that one of these groups may claim.
    """
    due = sa.func.coalesce(user_task.c.due_at, sa.literal(_NEVER, user_task.c.due_at.type))
    statement = sa.select(
        *[column for column in user_task.c if column.name not in ("draft", "token_id", "written_in")],
        case.c.business_key,
    ).join(case, case.c.id == user_task.c.case_id)
    conditions: list[sa.ColumnElement[bool]] = [user_task.c.state.in_(list(states))]
    if scope is not None:
        conditions.append(scope)
    if case_id is not None:
        conditions.append(user_task.c.case_id == case_id)
    if assignee is not None:
        conditions.append(user_task.c.assignee == assignee)
    if candidate_groups is not None:
        conditions.append(user_task.c.candidate_groups.overlap(list(candidate_groups)))
    if due_before is not None:
        conditions.append(user_task.c.due_at < due_before)
    if element_id is not None:
        conditions.append(user_task.c.element_id == element_id)
    order = [sa.type_coerce(due, user_task.c.due_at.type), user_task.c.id]
    return fetch_page(connection, statement.where(*conditions), order, after=after, limit=limit)


def get_user_task(connection: sa.Connection, user_task_id: UUID) -> dict[str, Any]:
    """Return one user task with its draft. Raises NotFoundError."""
    return dict(get_row(connection, user_task, user_task_id, "user task")._mapping)


def list_comments(connection: sa.Connection, user_task_id: UUID) -> list[dict[str, Any]]:
    """Return the comments of a user task, oldest first."""
    rows = connection.execute(
        sa.select(user_task_comment)
        .where(user_task_comment.c.user_task_id == user_task_id)
        .order_by(user_task_comment.c.created_at, user_task_comment.c.id)
    )
    return [dict(row._mapping) for row in rows]
