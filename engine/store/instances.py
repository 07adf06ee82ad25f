"""Process instances and what waits in them: statements of the hot path."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.domain.errors import NotFoundError
from engine.store.raw import Batch, as_jsonb
from engine.store.tables import (
    case,
    job,
    message_subscription,
    process_definition,
    process_instance,
    timer,
    user_task,
)

WAITING_TABLES: Mapping[str, tuple[sa.Table, tuple[str, ...]]] = {
    "user_task": (user_task, ("created", "assigned")),
    "job": (job, ("waiting", "leased", "failed")),
    "timer": (timer, ("waiting", "failed")),
    "message": (message_subscription, ("waiting",)),
}
"""What waits -> its table and the states in which it still does."""


def insert_instance(connection: sa.Connection, values: Mapping[str, Any]) -> None:
    """Add a process instance."""
    connection.execute(sa.insert(process_instance), [dict(values)])


_INSTANCE = sa.select(process_instance).where(process_instance.c.id == sa.bindparam("instance_id"))


def get_instance(connection: sa.Connection, instance_id: UUID) -> sa.Row[Any]:
    """Return a process instance. Raises NotFoundError."""
    row = connection.execute(_INSTANCE, {"instance_id": instance_id}).one_or_none()
    if row is None:
        raise NotFoundError(what="process instance", id=instance_id)
    return row


def case_of(connection: sa.Connection, table: sa.Table, row_id: UUID, what: str) -> UUID:
    """Return the case that a row belongs to, without locking anything. Raises NotFoundError."""
    case_id = connection.execute(
        sa.select(table.c.case_id).where(table.c.id == sa.bindparam("row_id")), {"row_id": row_id}
    ).scalar_one_or_none()
    if case_id is None:
        raise NotFoundError(what=what, id=row_id)
    return case_id  # type: ignore[no-any-return]


def get_row(connection: sa.Connection, table: sa.Table, row_id: UUID, what: str) -> sa.Row[Any]:
    """Return a row by id. Raises NotFoundError."""
    row = connection.execute(
        sa.select(table).where(table.c.id == sa.bindparam("row_id")), {"row_id": row_id}
    ).one_or_none()
    if row is None:
        raise NotFoundError(what=what, id=row_id)
    return row


_SAVE = "update process_instance set state = %s, snapshot = %s, ended_at = %s where id = %s"


def save_instance(
    batch: Batch, instance_id: UUID, state: str, snapshot: Mapping[str, Any] | None, ended_at: datetime | None
) -> None:
    """Keep an instance's new state; an ended one keeps no snapshot."""
    batch.add(_SAVE, (state, as_jsonb(snapshot), ended_at, instance_id))


def close_waiting(batch: Batch, kind: str, instance_id: UUID, token_ids: Sequence[int], now: datetime) -> None:
    """Mark what waited at tokens as canceled (subscriptions: ended)."""
    table, open_states = WAITING_TABLES[kind]
    state = "ended" if kind == "message" else "canceled"
    batch.add(
        f"update {table.name} set state = %s, ended_at = %s"  # noqa: S608 - table names of ours
        " where instance_id = %s and token_id = any(%s) and state = any(%s)",
        (state, now, instance_id, list(token_ids), list(open_states)),
    )


_CLOSE_INCIDENTS = (
    "update incident set state = 'resolved', resolved_at = %s, resolved_by = %s, resolution = 'left'"
    " where instance_id = %s and state = 'open' and token_id = any(%s)"
)


def close_incidents(batch: Batch, instance_id: UUID, token_ids: Sequence[int], now: datetime, actor_id: str) -> None:
    """Resolve the incidents of tokens that the process has left."""
    batch.add(_CLOSE_INCIDENTS, (now, actor_id, instance_id, list(token_ids)))


def latest_definition(connection: sa.Connection, process_key: str, version: int | None = None) -> sa.Row[Any]:
    """Return the newest version of a process definition, or the given one. Raises NotFoundError."""
    statement = sa.select(process_definition).where(process_definition.c.key == process_key)
    if version is not None:
        statement = statement.where(process_definition.c.version == version)
    row = connection.execute(statement.order_by(process_definition.c.version.desc()).limit(1)).one_or_none()
    if row is None:
        raise NotFoundError(
            what="process definition", id=process_key if version is None else f"{process_key} v{version}"
        )
    return row


def business_key_of(connection: sa.Connection, case_id: UUID) -> str:
    """Return a case's business key."""
    found: str = connection.execute(sa.select(case.c.business_key).where(case.c.id == case_id)).scalar_one()
    return found
