"""What changed for a viewer since they looked last: ids only, so that pages know what to read again."""

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from casework.access import Viewer, case_scope, offered_tasks
from casework.notifications import count_unread
from casework.queries.inbox import handled_cases
from casework.store.tables import dispute
from engine.store.news import current_snapshot, written_since
from engine.store.tables import case, user_task, user_task_comment, user_task_urging

MOST = 200
"""Ids in one answer; whoever has more news reads everything again."""


@dataclass(frozen=True, slots=True)
class News:
    """What changed."""

    snapshot: str
    """For the next question."""
    user_tasks: tuple[tuple[UUID, UUID], ...]
    """(user task, case) of tasks that the viewer holds, may claim, gave away, or that lie in cases they handle."""
    has_more: bool
    unread_notifications: int
    history_seq: int | None
    """How many rows the history of the case has that was asked about; None when it is not the viewer's to see."""


def list_news(connection: sa.Connection, viewer: Viewer, since: str | None, case_id: UUID | None = None) -> News:
    """Return what changed for a viewer since the snapshot `since`; without one, only where to go on from.

    Commented and urged tasks count as changed for those who read such notes.
    """
    snapshot = current_snapshot(connection)
    changed = [] if since is None else list(connection.execute(_changed(viewer, since)))
    return News(
        snapshot=snapshot,
        user_tasks=tuple((row.id, row.case_id) for row in changed[:MOST]),
        has_more=len(changed) > MOST,
        unread_notifications=count_unread(connection, viewer),
        history_seq=None if case_id is None else _history_seq(connection, viewer, case_id),
    )


def _changed(viewer: Viewer, since: str) -> sa.Select[tuple[UUID, UUID]]:
    written = [sa.select(user_task.c.id).where(written_since(user_task.c.written_in, since))]
    if viewer.roles - {"worker", "employer"}:
        for noted in (user_task_comment, user_task_urging):
            written.append(sa.select(noted.c.user_task_id).where(written_since(noted.c.written_in, since)))
    concerns = sa.or_(
        offered_tasks(viewer),
        user_task.c.owner == viewer.actor.id,
        user_task.c.case_id.in_(handled_cases(viewer)),
    )
    return (
        sa.select(user_task.c.id, user_task.c.case_id)
        .join(dispute, dispute.c.case_id == user_task.c.case_id)
        .where(user_task.c.id.in_(sa.union(*written)), case_scope(viewer), concerns)
        .order_by(user_task.c.created_at.desc(), user_task.c.id)
        .limit(MOST + 1)
    )


def _history_seq(connection: sa.Connection, viewer: Viewer, case_id: UUID) -> int | None:
    return connection.execute(
        sa.select(case.c.history_seq)
        .join(dispute, dispute.c.case_id == case.c.id)
        .where(case.c.id == case_id, case_scope(viewer))
    ).scalar_one_or_none()
