"""How much work stands where, counted at the moment somebody asks."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from engine.store.tables import incident, job, process_instance, timer, user_task


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of what is open."""

    instances: Mapping[str, int]
    """Process instances that have not ended, by state."""
    user_tasks: Mapping[str, int]
    """Open user tasks by state."""
    overdue_user_tasks: int
    jobs: Mapping[str, int]
    """Jobs that have not ended, by state."""
    incidents: int
    """Open incidents."""
    timers: int
    """Waiting timers."""
    overdue_timers: int
    """Waiting timers whose time has come."""
    timer_lag_seconds: float
    """By how much the oldest of these is late."""


def count_figures(connection: sa.Connection, now: datetime) -> Figures:
    """Return the counts at `now`; every one is served by an index over what is open."""
    oldest = connection.execute(
        sa.select(sa.func.min(timer.c.due_at)).where(timer.c.state == "waiting", timer.c.due_at <= now)
    ).scalar()
    return Figures(
        instances=_by_state(connection, process_instance, ("active", "suspended")),
        user_tasks=_by_state(connection, user_task, ("created", "assigned")),
        overdue_user_tasks=_count(
            connection, user_task, user_task.c.state.in_(("created", "assigned")), user_task.c.due_at <= now
        ),
        jobs=_by_state(connection, job, ("waiting", "leased", "failed")),
        incidents=_count(connection, incident, incident.c.state == "open"),
        timers=_count(connection, timer, timer.c.state == "waiting"),
        overdue_timers=_count(connection, timer, timer.c.state == "waiting", timer.c.due_at <= now),
        timer_lag_seconds=(now - oldest).total_seconds() if oldest else 0.0,
    )


def _count(connection: sa.Connection, table: sa.Table, *conditions: sa.ColumnElement[bool]) -> int:
    return connection.execute(sa.select(sa.func.count()).select_from(table).where(*conditions)).scalar_one()


def _by_state(connection: sa.Connection, table: sa.Table, states: tuple[str, ...]) -> dict[str, int]:
    rows = connection.execute(
        sa.select(table.c.state, sa.func.count().label("rows")).where(table.c.state.in_(states)).group_by(table.c.state)
    )
    return dict.fromkeys(states, 0) | {row.state: row.rows for row in rows}
