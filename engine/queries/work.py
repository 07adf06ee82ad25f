"""Questions about jobs, timers and process instances."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.domain.values import decode, plain
from engine.queries.pages import Page, fetch_page
from engine.store.instances import get_instance
from engine.store.tables import case, job, process_instance, timer


def _list(
    connection: sa.Connection,
    table: sa.Table,
    order: Sequence[sa.Column[Any]],
    conditions: Sequence[sa.ColumnElement[bool]],
    after: Sequence[Any] | None,
    limit: int,
    descending: bool = False,
    hidden: Sequence[str] = ("token_id",),
) -> Page:
    columns = [column for column in table.c if column.name not in hidden]
    statement = sa.select(*columns, case.c.business_key).join(case, case.c.id == table.c.case_id).where(*conditions)
    return fetch_page(connection, statement, order, after=after, limit=limit, descending=descending)


def _conditions(
    table: sa.Table,
    scope: sa.ColumnElement[bool] | None,
    case_id: UUID | None,
    instance_id: UUID | None,
    states: Sequence[str] | None,
) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    if scope is not None:
        found.append(scope)
    if case_id is not None:
        found.append(table.c.case_id == case_id)
    if instance_id is not None:
        found.append(table.c.instance_id == instance_id)
    if states is not None:
        found.append(table.c.state.in_(list(states)))
    return found


def list_jobs(
    connection: sa.Connection,
    *,
    scope: sa.ColumnElement[bool] | None = None,
    case_id: UUID | None = None,
    instance_id: UUID | None = None,
    states: Sequence[str] | None = None,
    job_type: str | None = None,
    after: Sequence[Any] | None = None,
    limit: int = 50,
) -> Page:
    """Return jobs, newest first; `scope` is a condition over `job.case_id`."""
    conditions = _conditions(job, scope, case_id, instance_id, states)
    if job_type is not None:
        conditions.append(job.c.job_type == job_type)
    return _list(connection, job, [job.c.created_at, job.c.id], conditions, after, limit, descending=True)


def list_timers(
    connection: sa.Connection,
    *,
    scope: sa.ColumnElement[bool] | None = None,
    case_id: UUID | None = None,
    instance_id: UUID | None = None,
    states: Sequence[str] | None = ("waiting",),
    due_before: datetime | None = None,
    after: Sequence[Any] | None = None,
    limit: int = 50,
) -> Page:
    """Return timers by due time; `scope` is a condition over `timer.case_id`."""
    conditions = _conditions(timer, scope, case_id, instance_id, states)
    if due_before is not None:
        conditions.append(timer.c.due_at < due_before)
    return _list(connection, timer, [timer.c.due_at, timer.c.id], conditions, after, limit)


def list_process_instances(
    connection: sa.Connection,
    *,
    scope: sa.ColumnElement[bool] | None = None,
    case_id: UUID | None = None,
    process_key: str | None = None,
    states: Sequence[str] | None = None,
    after: Sequence[Any] | None = None,
    limit: int = 50,
) -> Page:
    """Return process instances, newest first; `scope` is a condition over `process_instance.case_id`."""
    conditions: list[sa.ColumnElement[bool]] = []
    if scope is not None:
        conditions.append(scope)
    if case_id is not None:
        conditions.append(process_instance.c.case_id == case_id)
    if process_key is not None:
        conditions.append(process_instance.c.process_key == process_key)
    if states is not None:
        conditions.append(process_instance.c.state.in_(list(states)))
    order = [process_instance.c.started_at, process_instance.c.id]
    hidden = ("snapshot", "pending", "snapshot_format")
    return _list(connection, process_instance, order, conditions, after, limit, descending=True, hidden=hidden)


def get_process_instance(connection: sa.Connection, instance_id: UUID) -> dict[str, Any]:
    """Return one process instance with `variables` (its own scope, plain JSON) and `tokens`. Raises NotFoundError.

    `tokens` are {process_key or sub-process, element, state} of everything that is alive.
    """
    row = dict(get_instance(connection, instance_id)._mapping)
    snapshot = row.pop("snapshot")
    row.pop("pending")
    row["variables"] = {}
    row["tokens"] = []
    if snapshot is not None:
        row["variables"] = {name: plain(decode(value)) for name, value in snapshot["scopes"]["0"][3].items()}
        parts = [(snapshot["process"], snapshot["top"]), *((name, rows) for _, name, _, rows in snapshot["subs"])]
        row["tokens"] = [
            {"process": process, "element_id": element, "state": STATES[state], "incident": data.get("incident")}
            for process, rows in parts
            for _, _, element, state, _, data, _ in rows
            if state in STATES
        ]
    return row


STATES = {8: "waiting", 16: "ready", 32: "started"}
"""States of live tokens in the stored snapshot."""
