"""What the office has done with a user task beside working on it, and who has copies of what."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.queries.pages import Page, fetch_page
from engine.store.completions import latest_completion
from engine.store.retraction import Obstacle, retraction_obstacles
from engine.store.tables import (
    case,
    job,
    user_task,
    user_task_completion,
    user_task_copy,
    user_task_correction,
    user_task_correction_request,
    user_task_delegation,
    user_task_handover,
    user_task_urging,
)

VERBS = {
    "handovers": user_task_handover,
    "delegations": user_task_delegation,
    "urgings": user_task_urging,
    "copies": user_task_copy,
    "correction_requests": user_task_correction_request,
    "corrections": user_task_correction,
}


def list_verbs(connection: sa.Connection, user_task_id: UUID) -> dict[str, list[dict[str, Any]]]:
    """Return name -> rows, oldest first, of everything the office has done with a user task."""
    found = {}
    for name, table in VERBS.items():
        rows = connection.execute(
            sa.select(table).where(table.c.user_task_id == user_task_id).order_by(table.c.created_at, table.c.id)
        )
        found[name] = [dict(row._mapping) for row in rows]
    return found


def find_obstacles(connection: sa.Connection, user_task_id: UUID) -> list[Obstacle] | None:
    """Return what stands in the way of retracting the completion of a user task; None when it is not completed."""
    completion = latest_completion(connection, user_task_id)
    return None if completion is None else retraction_obstacles(connection, completion)


def list_copies(
    connection: sa.Connection,
    reader: str,
    scope: sa.ColumnElement[bool],
    *,
    only_unread: bool,
    after: Sequence[Any] | None = None,
    limit: int = 50,
) -> Page:
    """Return somebody's copies of user tasks, newest first; `scope` is a condition over `user_task_copy.case_id`."""
    statement = (
        sa.select(
            user_task_copy,
            user_task.c.element_id,
            user_task.c.element_name,
            user_task.c.state,
            case.c.business_key,
        )
        .join(user_task, user_task.c.id == user_task_copy.c.user_task_id)
        .join(case, case.c.id == user_task_copy.c.case_id)
        .where(user_task_copy.c.reader == reader, scope)
    )
    if only_unread:
        statement = statement.where(user_task_copy.c.acknowledged_at.is_(None))
    order = [user_task_copy.c.created_at, user_task_copy.c.id]
    return fetch_page(connection, statement, order, after=after, limit=limit, descending=True)


def concerned_by_correction(connection: sa.Connection, user_task_id: UUID) -> list[str]:
    """Return the actor ids of those who hold an open user task of the instance, or completed one since."""
    completion = latest_completion(connection, user_task_id)
    if completion is None:
        return []
    holding = sa.select(user_task.c.assignee).where(
        user_task.c.instance_id == completion.instance_id,
        user_task.c.state == "assigned",
        user_task.c.assignee.is_not(None),
    )
    done = sa.select(user_task_completion.c.completed_by).where(
        user_task_completion.c.instance_id == completion.instance_id,
        user_task_completion.c.seq_before >= completion.seq_before,
        user_task_completion.c.retracted_at.is_(None),
    )
    return sorted(connection.execute(sa.union(holding, done)).scalars())


def jobs_since(connection: sa.Connection, user_task_id: UUID, job_type: str) -> list[UUID]:
    """Return the completed jobs of a type that were made in the case since a user task was completed."""
    completion = latest_completion(connection, user_task_id)
    if completion is None:
        return []
    rows = connection.execute(
        sa.select(job.c.id)
        .where(
            job.c.case_id == completion.case_id,
            job.c.job_type == job_type,
            job.c.state == "completed",
            job.c.created_at >= completion.completed_at,
        )
        .order_by(job.c.id)
    )
    return list(rows.scalars())
