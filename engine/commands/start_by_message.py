"""Starts a process instance by the message that its start event waits for."""

from collections.abc import Mapping
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on

from engine.commands.advance import StepOutcome
from engine.commands.begin_instance import begin_instance
from engine.commands.unit_of_work import UnitOfWork
from engine.domain.errors import (
    NotFoundError,
)
from engine.domain.values import Value
from engine.store.tables import process_definition


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
    return begin_instance(uow, definition, case_id, variables or {})
