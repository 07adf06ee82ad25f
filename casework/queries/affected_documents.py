"""Papers that were made since some data were recorded, and may hold them: candidates for being made anew."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from casework.store.tables import document
from engine.queries.office_verbs import jobs_since

RENDERS = "render-document"


def affected_documents(connection: sa.Connection, user_task_id: UUID) -> list[dict[str, Any]]:
    """Return the papers in force that the process has made since a user task was completed, oldest first.

    Which data a paper holds is its template's affair, so each of them may hold what was wrong.
    """
    made = [str(job_id) for job_id in jobs_since(connection, user_task_id, RENDERS)]
    rows = connection.execute(
        sa.select(
            document.c.id,
            document.c.kind,
            document.c.number,
            document.c.version,
            document.c.idempotency_key.label("job_id"),
            document.c.created_at,
        )
        .where(
            document.c.idempotency_key.in_(made),
            document.c.superseded_at.is_(None),
            document.c.voided_at.is_(None),
        )
        .order_by(document.c.created_at, document.c.id)
    )
    return [dict(row._mapping) for row in rows]
