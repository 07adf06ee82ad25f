"""Begins a run of a process definition in a case: what starting by key and by message have in common."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.bpmn.snapshot import FORMAT
from engine.commands.advance import StepOutcome, advance
from engine.commands.unit_of_work import UnitOfWork
from engine.domain.events import HistoryEvent
from engine.domain.stimuli import Started
from engine.domain.values import Value, plain
from engine.store.cases import lock_case
from engine.store.instances import get_instance, insert_instance


def begin_instance(
    uow: UnitOfWork, definition: sa.Row[Any], case_id: UUID, variables: Mapping[str, Value]
) -> StepOutcome:
    """Insert an instance of a definition (a row of `process_definition`) in a case and take its first step. Raises NotFoundError."""
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
