"""Questions about deployments, process definitions, forms and their files."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on

from engine.domain.errors import NotFoundError
from engine.queries.pages import Page, fetch_page
from engine.store.instances import get_row
from engine.store.tables import deployment, deployment_resource, process_definition, resource


def list_process_definitions(
    connection: sa.Connection,
    *,
    key: str | None = None,
    latest_only: bool = True,
    after: Sequence[Any] | None = None,
    limit: int = 50,
) -> Page:
    """Return process definitions by key; with `latest_only` the newest version of each."""
    source: Any = process_definition.c
    statement: sa.Select[Any] = sa.select(process_definition)
    if latest_only:
        newest = (
            sa.select(process_definition)
            .ext(distinct_on(process_definition.c.key))
            .order_by(process_definition.c.key, process_definition.c.version.desc())
            .subquery()
        )
        source = newest.c
        statement = sa.select(newest)
    if key is not None:
        statement = statement.where(source.key == key)
    return fetch_page(connection, statement, [source.key, source.version], after=after, limit=limit)


def get_process_definition(connection: sa.Connection, definition_id: UUID) -> dict[str, Any]:
    """Return one process definition. Raises NotFoundError."""
    return dict(get_row(connection, process_definition, definition_id, "process definition")._mapping)


def get_resource(connection: sa.Connection, deployment_id: UUID, name: str) -> bytes:
    """Return a file of a deployment. Raises NotFoundError."""
    content = connection.execute(
        sa.select(resource.c.content)
        .join(deployment_resource, deployment_resource.c.hash == resource.c.hash)
        .where(deployment_resource.c.deployment_id == deployment_id, deployment_resource.c.name == name)
    ).scalar_one_or_none()
    if content is None:
        raise NotFoundError(what="file", id=name)
    return bytes(content)


def list_deployments(connection: sa.Connection, *, after: Sequence[Any] | None = None, limit: int = 50) -> Page:
    """Return deployments, newest first, each with `warnings`, `sent_files` and `made_versions`."""
    order = [deployment.c.created_at, deployment.c.id]
    sent_files = (
        sa.select(sa.func.count())
        .where(deployment_resource.c.deployment_id == deployment.c.id, ~deployment_resource.c.is_carried)
        .scalar_subquery()
    )
    statement = sa.select(
        *[column for column in deployment.c if column.name != "findings"],
        sa.func.jsonb_array_length(deployment.c.findings).label("warnings"),
        sent_files.label("sent_files"),
    )
    page = fetch_page(connection, statement, order, after=after, limit=limit, descending=True)
    made: dict[UUID, list[dict[str, Any]]] = {item["id"]: [] for item in page.items}
    rows = connection.execute(
        sa.select(process_definition)
        .where(process_definition.c.deployment_id.in_(list(made)))
        .order_by(process_definition.c.key, process_definition.c.version)
    )
    for row in rows:
        made[row.deployment_id].append({"id": row.id, "key": row.key, "name": row.name, "version": row.version})
    for item in page.items:
        item["made_versions"] = made[item["id"]]
    return page


def get_deployment(connection: sa.Connection, deployment_id: UUID) -> dict[str, Any]:
    """Return one deployment with its `resources` and `process_definitions`. Raises NotFoundError."""
    row = dict(get_row(connection, deployment, deployment_id, "deployment")._mapping)
    files = connection.execute(
        sa.select(
            deployment_resource.c.name,
            deployment_resource.c.kind,
            deployment_resource.c.hash,
            deployment_resource.c.is_carried,
        )
        .where(deployment_resource.c.deployment_id == deployment_id)
        .order_by(deployment_resource.c.name)
    )
    row["resources"] = [dict(item._mapping) for item in files]
    definitions = connection.execute(
        sa.select(process_definition)
        .where(process_definition.c.deployment_id == deployment_id)
        .order_by(process_definition.c.key)
    )
    row["process_definitions"] = [dict(item._mapping) for item in definitions]
    return row
