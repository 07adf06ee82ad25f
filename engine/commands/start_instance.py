"""Starts a process instance by key or by message."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on

from engine.bpmn.snapshot import FORMAT
from engine.commands.advance import StepOutcome, advance
from engine.commands.unit_of_work import UnitOfWork
from engine.domain.errors import NotFoundError
from engine.domain.events import HistoryEvent
from engine.domain.stimuli import Started
from engine.domain.values import Value, plain
from engine.store.cases import lock_case
from engine.store.instances import get_instance, insert_instance, latest_definition
from engine.store.tables import process_definition


def start_instance(
    uow: UnitOfWork,
    *,
    process_key: str,
    case_id: UUID,
    variables: Mapping[str, Value] | None = None,
    version: int | None = None,
) -> StepOutcome:
    """Start the newest (or given) version of a process definition in a case; it keeps its deployment for life.

    Raises NotFoundError when there is no such definition or case.
    """
    definition = latest_definition(uow.connection, process_key, version)
    return _start(uow, definition, case_id, variables or {})


def start_by_message(
    uow: UnitOfWork, *, message_name: str, case_id: UUID, variables: Mapping[str, Value] | None = None
) -> StepOutcome:
    """Start the process whose start event waits for a message. Raises NotFoundError when none does."""
    newest = (
        sa.select(process_definition)
        .ext(distinct_on(process_definition.c.key))
        .order_by(process_definition.c.key, process_definition.c.version.desc())
        .subquery()
    )
    definition = uow.connection.execute(
        sa.select(newest).where(newest.c.start_messages.contains([message_name])).limit(1)
    ).one_or_none()
    if definition is None:
        raise NotFoundError(what="process definition started by message", id=message_name)
    return _start(uow, definition, case_id, variables or {})


def _start(uow: UnitOfWork, definition: sa.Row[Any], case_id: UUID, variables: Mapping[str, Value]) -> StepOutcome:
    locked = lock_case(uow.connection, case_id)
    instance_id = uow.platform.ids()
    insert_instance(
        uow.connection,
        {
            "id": instance_id,
            "case_id": case_id,
            "definition_id": definition.id,
            "deployment_id": definition.deployment_id,
            "process_key": definition.key,
            "state": "active",
            "snapshot": None,
            "snapshot_format": FORMAT,
            "started_at": uow.now,
        },
    )
    event = HistoryEvent(
        "process-instance-started",
        {"process_key": definition.key, "version": definition.version, "definition_id": str(definition.id)},
        {name: plain(value) for name, value in variables.items()},
        instance_id,
    )
    instance = get_instance(uow.connection, instance_id)
    return advance(uow, locked, instance, Started(definition.key, variables), [event], told=variables)
