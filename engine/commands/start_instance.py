"""Starts a process instance by key."""

from collections.abc import Mapping
from uuid import UUID

from engine.commands.advance import StepOutcome
from engine.commands.begin_instance import begin_instance
from engine.commands.unit_of_work import UnitOfWork
from engine.domain.values import Value
from engine.store.instances import latest_definition


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
    return begin_instance(uow, definition, case_id, variables or {})
