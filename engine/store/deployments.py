"""Deployments, their files, and process definitions."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on, insert

from engine.domain.resource import Resource
from engine.store.tables import deployment, deployment_resource, process_definition, resource


def lock_deployments(connection: sa.Connection) -> None:
    """Let one deployment be made at a time, until the transaction ends."""
    connection.execute(sa.text("select pg_advisory_xact_lock(hashtext('tingzhu-deployment'))"))


def latest_deployment(connection: sa.Connection) -> sa.Row[Any] | None:
    """Return the newest deployment, or None."""
    return connection.execute(
        sa.select(deployment).order_by(deployment.c.created_at.desc(), deployment.c.id.desc()).limit(1)
    ).one_or_none()


def deployed_resources(connection: sa.Connection, deployment_id: UUID) -> list[Resource]:
    """Return all files of a deployment, carried ones included."""
    rows = connection.execute(
        sa.select(deployment_resource.c.name, resource.c.content)
        .join(resource, resource.c.hash == deployment_resource.c.hash)
        .where(deployment_resource.c.deployment_id == deployment_id)
        .order_by(deployment_resource.c.name)
    )
    return [Resource(row.name, bytes(row.content)) for row in rows]


def insert_resources(connection: sa.Connection, resources: Iterable[Resource]) -> None:
    """Keep file contents, each once."""
    rows = [{"hash": item.hash, "content": item.content} for item in resources]
    connection.execute(insert(resource).on_conflict_do_nothing(), rows)


def latest_definitions(connection: sa.Connection) -> dict[str, sa.Row[Any]]:
    """Return process key -> newest definition."""
    rows = connection.execute(
        sa.select(process_definition)
        .ext(distinct_on(process_definition.c.key))
        .order_by(process_definition.c.key, process_definition.c.version.desc())
    )
    return {row.key: row for row in rows}
