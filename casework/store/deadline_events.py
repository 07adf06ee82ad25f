"""Rows of what happened to the clocks of a case's deadlines."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import sqlalchemy as sa

from casework.deadlines.clock_events import ClockEvent
from casework.store.tables import deadline_event


def clock_events(connection: sa.Connection, case_id: UUID) -> Mapping[str, Sequence[ClockEvent]]:
    """Return rule -> events that count now."""
    found: dict[str, list[ClockEvent]] = {}
    rows = connection.execute(
        sa.select(deadline_event)
        .where(deadline_event.c.case_id == case_id, deadline_event.c.superseded_at.is_(None))
        .where(sa.not_(deadline_event.c.is_retracted))
        .order_by(deadline_event.c.happened_on, deadline_event.c.id)
    )
    for row in rows:
        event = ClockEvent(row.kind, row.happened_on, row.until, row.units, str(row.id))
        found.setdefault(row.rule_id, []).append(event)
    return found
