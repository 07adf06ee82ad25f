"""Process instances and what waits in them: statements of the hot path."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.domain.errors import NotFoundError
from engine.store.tables import (
    case,
    incident,
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


def save_instance(
    connection: sa.Connection,
    instance_id: UUID,
    state: str,
    snapshot: Mapping[str, Any] | None,
    ended_at: datetime | None,
) -> None:
    """Keep an instance's new state; an ended one keeps no snapshot."""
    connection.execute(
        sa.update(process_instance)
        .where(process_instance.c.id == sa.bindparam("instance_id"))
        .values(state=sa.bindparam("new_state"), snapshot=sa.bindparam("new_snapshot"), ended_at=sa.bindparam("end")),
        {"instance_id": instance_id, "new_state": state, "new_snapshot": snapshot, "end": ended_at},
    )


def close_waiting(
    connection: sa.Connection, kind: str, instance_id: UUID, token_ids: Sequence[int], now: datetime
) -> None:
    """Mark what waited at tokens as canceled (subscriptions: ended)."""
    table, open_states = WAITING_TABLES[kind]
    connection.execute(
        sa.update(table)
        .where(table.c.instance_id == instance_id, table.c.token_id.in_(token_ids), table.c.state.in_(open_states))
        .values(state="ended" if kind == "message" else "canceled", ended_at=now)
    )


def close_incidents(
    connection: sa.Connection, instance_id: UUID, token_ids: Iterable[int], now: datetime, actor_id: str
) -> None:
    """Resolve the incidents of tokens that the process has left."""
    connection.execute(
        sa.update(incident)
        .where(
            incident.c.instance_id == instance_id, incident.c.state == "open", incident.c.token_id.in_(list(token_ids))
        )
        .values(state="resolved", resolved_at=now, resolved_by=actor_id, resolution="left")
    )


def insert_rows(connection: sa.Connection, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows of one table in one statement."""
    if rows:
        connection.execute(sa.insert(table), [dict(row) for row in rows])


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
