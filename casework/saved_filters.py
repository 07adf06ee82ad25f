"""Filters of the inbox that somebody saved under a name: each is seen by its owner alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
import sqlalchemy as sa

from casework.access import Viewer
from casework.bureau import Bureau
from casework.encryption import place
from casework.errors import SavedFiltersFullError
from casework.store.tables import saved_filter
from casework.work import Work
from engine.domain.errors import NotFoundError

MOST = 50
"""Saved filters of one person."""


@dataclass(frozen=True, slots=True, repr=False)
class SavedFilter:
    """A filter with its name; both may name a person."""

    id: UUID
    name: str
    query: Mapping[str, Any]


def list_saved_filters(connection: sa.Connection, bureau: Bureau, viewer: Viewer) -> list[SavedFilter]:
    """Return the viewer's saved filters, the first saved first."""
    rows = connection.execute(
        sa.select(saved_filter)
        .where(saved_filter.c.user_id == viewer.user_id)
        .order_by(saved_filter.c.created_at, saved_filter.c.id)
    )
    return [SavedFilter(row.id, _open(bureau, row, "name"), orjson.loads(_open(bureau, row, "query"))) for row in rows]


def save_filter(work: Work, bureau: Bureau, viewer: Viewer, name: str, query: Mapping[str, Any]) -> UUID:
    """Keep a filter (plain JSON) for the viewer; return its id. Raises SavedFiltersFullError."""
    count = sa.select(sa.func.count()).select_from(saved_filter).where(saved_filter.c.user_id == viewer.user_id)
    if work.connection.execute(count).scalar_one() >= MOST:
        raise SavedFiltersFullError(limit=MOST)
    filter_id = work.ids()
    sealed = _sealed(bureau, filter_id, name, query)
    work.connection.execute(
        sa.insert(saved_filter).values(
            id=filter_id, user_id=viewer.user_id, created_at=work.now, updated_at=work.now, **sealed
        )
    )
    return filter_id


def change_filter(
    work: Work, bureau: Bureau, viewer: Viewer, filter_id: UUID, name: str, query: Mapping[str, Any]
) -> None:
    """Replace a saved filter of the viewer. Raises NotFoundError."""
    statement = (
        sa.update(saved_filter)
        .where(saved_filter.c.id == filter_id, saved_filter.c.user_id == viewer.user_id)
        .values(updated_at=work.now, **_sealed(bureau, filter_id, name, query))
    )
    if work.connection.execute(statement).rowcount == 0:
        raise NotFoundError(what="saved filter", id=filter_id)


def drop_filter(work: Work, viewer: Viewer, filter_id: UUID) -> None:
    """Remove a saved filter of the viewer. Raises NotFoundError."""
    statement = sa.delete(saved_filter).where(saved_filter.c.id == filter_id, saved_filter.c.user_id == viewer.user_id)
    if work.connection.execute(statement).rowcount == 0:
        raise NotFoundError(what="saved filter", id=filter_id)


def _sealed(bureau: Bureau, filter_id: UUID, name: str, query: Mapping[str, Any]) -> dict[str, str]:
    texts = {"name": name.strip(), "query": orjson.dumps(dict(query)).decode()}
    return {
        column: bureau.keyring.seal(text, place("saved_filter", column, filter_id)) for column, text in texts.items()
    }


def _open(bureau: Bureau, row: Any, column: str) -> str:
    return bureau.keyring.open(row._mapping[column], place("saved_filter", column, row.id))
