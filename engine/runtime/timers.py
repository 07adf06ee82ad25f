"""The clock loop: fires due timers in bounded batches, on every worker, each timer once."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from engine.commands.expire_lease import expire_lease
from engine.commands.trigger_timer import fail_timer, trigger_timer
from engine.commands.unit_of_work import Platform
from engine.domain.actor import CLOCK
from engine.domain.errors import TingzhuError
from engine.store.tables import job, process_instance, timer

Begin = Callable[[], AbstractContextManager[sa.Connection]]
"""Opens a connection in a transaction that commits at the end of the block."""

BATCH = 100


def due_timers(connection: sa.Connection, now: datetime, limit: int = BATCH) -> list[UUID]:
    """Return due timers of active instances, earliest first, without locking them."""
    return list(
        connection.execute(
            sa.select(timer.c.id)
            .join(process_instance, process_instance.c.id == timer.c.instance_id)
            .where(timer.c.state == "waiting", timer.c.due_at <= now, process_instance.c.state == "active")
            .order_by(timer.c.due_at, timer.c.id)
            .limit(limit)
        ).scalars()
    )


def next_due_at(connection: sa.Connection) -> datetime | None:
    """Return when the next timer of an active instance is due."""
    return connection.execute(
        sa.select(timer.c.due_at)
        .join(process_instance, process_instance.c.id == timer.c.instance_id)
        .where(timer.c.state == "waiting", process_instance.c.state == "active")
        .order_by(timer.c.due_at)
        .limit(1)
    ).scalar_one_or_none()


def fire_due_timers(platform: Platform, begin: Begin, limit: int = BATCH) -> int:
    """Fire up to `limit` due timers, each in a transaction of its own; return how many fired.

    A case that somebody works on is left for the next sweep. A timer whose step cannot be taken becomes an incident.
    """
    with begin() as connection:
        ids = due_timers(connection, platform.clock.now(), limit)
    fired = 0
    for timer_id in ids:
        try:
            with begin() as connection:
                fired += trigger_timer(platform.unit_of_work(connection, CLOCK), timer_id, wait=False)
        except TingzhuError as error:
            with begin() as connection:
                fail_timer(platform.unit_of_work(connection, CLOCK), timer_id, error)
    return fired


def expire_leases(platform: Platform, begin: Begin, limit: int = BATCH) -> int:
    """Take back jobs whose lease has run out; return how many."""
    with begin() as connection:
        ids = list(
            connection.execute(
                sa.select(job.c.id)
                .where(job.c.state == "leased", job.c.lease_expires_at <= platform.clock.now())
                .order_by(job.c.lease_expires_at)
                .limit(limit)
            ).scalars()
        )
    expired = 0
    for job_id in ids:
        with begin() as connection:
            expired += expire_lease(platform.unit_of_work(connection, CLOCK), job_id)
    return expired
