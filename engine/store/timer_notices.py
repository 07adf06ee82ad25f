"""Tells the workers' clocks of timers that are due before their next sweep."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from engine.store.raw import Batch

CHANNEL = "tingzhu_timers"
SOON = timedelta(minutes=1)
"""A notice makes commits wait for each other, so only timers that a sweep could be late for are told."""


def announce_timers(batch: Batch, due_at: Iterable[datetime], now: datetime) -> None:
    """Announce the earliest of some new due times, once the transaction commits."""
    earliest = min(due_at, default=None)
    if earliest is not None and earliest <= now + SOON:
        batch.add("select pg_notify(%s, %s)", (CHANNEL, earliest.isoformat()))
