"""Questions about a case's history."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.queries.pages import Page, fetch_page
from engine.store.history import verify
from engine.store.tables import history

__all__ = ["list_history", "verify_history"]


def list_history(
    connection: sa.Connection,
    case_id: UUID,
    *,
    kinds: Sequence[str] | None = None,
    after: Sequence[Any] | None = None,
    limit: int = 50,
) -> Page:
    """Return a case's history rows in order, without salts."""
    columns = [column for column in history.c if column.name not in ("salts", "digests")]
    statement = sa.select(*columns).where(history.c.case_id == case_id)
    if kinds is not None:
        statement = statement.where(history.c.kind.in_(list(kinds)))
    return fetch_page(connection, statement, [history.c.seq], after=after, limit=limit)


def verify_history(connection: sa.Connection, case_id: UUID) -> int:
    """Check a case's hash chain; return its length. Raises HistoryBrokenError, NotFoundError."""
    return verify(connection, case_id)
