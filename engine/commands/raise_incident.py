"""Raises an incident for a job or timer that cannot go on: an operator is needed."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.commands.unit_of_work import UnitOfWork
from engine.domain.events import HistoryEvent
from engine.store import history
from engine.store.cases import CaseRow
from engine.store.tables import incident


def raise_incident(
    uow: UnitOfWork,
    locked: CaseRow,
    row: sa.Row[Any],
    kind: str,
    message: str,
    *,
    message_en: str | None = None,
    source: str,
    before: Sequence[HistoryEvent] = (),
) -> UUID:
    """Raise an incident for the row of a job or timer in a locked case; return its id.

    `source` is the incident's column that refers to the row (`job_id`, `timer_id`); `before` are history rows that
    come first.
    """
    incident_id = uow.platform.ids()
    uow.connection.execute(
        sa.insert(incident).values(
            id=incident_id,
            case_id=row.case_id,
            instance_id=row.instance_id,
            token_id=row.token_id,
            process_key=row.process_key,
            element_id=row.element_id,
            element_name=row.element_name,
            kind=kind,
            message=message,
            message_en=message_en,
            state="open",
            raised_at=uow.now,
            **{source: row.id},
        )
    )
    event = HistoryEvent(
        "incident-raised",
        {"id": str(incident_id), "kind": kind, "message": message, "message_en": message_en},
        {},
        row.instance_id,
        row.element_id,
        row.element_name,
    )
    history.append(uow.connection, locked, [*before, event], actor=uow.actor, now=uow.now)
    return incident_id
