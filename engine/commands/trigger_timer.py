"""Fires a due timer, once, never early."""

from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa

from engine.commands.advance import advance
from engine.commands.raise_incident import raise_incident
from engine.commands.unit_of_work import UnitOfWork
from engine.domain.errors import TingzhuError
from engine.domain.events import HistoryEvent
from engine.domain.stimuli import TimerFired
from engine.store.cases import CaseRow, lock_case, try_lock_case
from engine.store.instances import case_of, get_instance, get_row
from engine.store.tables import timer


def trigger_timer(uow: UnitOfWork, timer_id: UUID, *, wait: bool = True) -> bool:
    """Fire a timer if it still waits, is due and its instance is active; return whether it fired.

    The case is locked first and the timer read again under that lock. With `wait` False a case that somebody holds
    is left for the next sweep. Raises what the step raises; then nothing is written.
    """
    case_id = case_of(uow.connection, timer, timer_id, "timer")
    locked = lock_case(uow.connection, case_id) if wait else try_lock_case(uow.connection, case_id)
    if locked is None:
        return False
    return fire_locked_timer(uow, locked, timer_id)


def fire_locked_timer(uow: UnitOfWork, locked: CaseRow, timer_id: UUID) -> bool:
    """Fire a timer of a case that this transaction has locked."""
    row = get_row(uow.connection, timer, timer_id, "timer")
    if row.state != "waiting" or row.due_at > uow.now:
        return False
    instance = get_instance(uow.connection, row.instance_id)
    if instance.state != "active":
        return False
    is_last = row.repeats_left is None or row.repeats_left == 0
    lateness = uow.now - row.due_at
    values: dict[str, object] = {"lateness_ms": int(lateness / timedelta(milliseconds=1))}
    if is_last:
        values |= {"state": "fired", "ended_at": uow.now}
    else:
        interval = timedelta(seconds=row.interval_seconds)
        repeats = row.repeats_left - 1 if row.repeats_left > 0 else -1
        values |= {"due_at": row.due_at + interval, "repeats_left": repeats}
    uow.connection.execute(sa.update(timer).where(timer.c.id == row.id).values(values))
    event = HistoryEvent(
        "timer-fired",
        {"id": str(row.id), "due_at": row.due_at.isoformat(), "is_last": is_last},
        {},
        instance.id,
        row.element_id,
        row.element_name,
    )
    advance(uow, locked, instance, TimerFired(row.token_id, is_last), [event])
    return True


def fail_timer(uow: UnitOfWork, timer_id: UUID, error: TingzhuError) -> UUID | None:
    """Stop a timer whose step cannot be taken and raise an incident; return its id, None when it waits no more."""
    locked = lock_case(uow.connection, case_of(uow.connection, timer, timer_id, "timer"))
    row = get_row(uow.connection, timer, timer_id, "timer")
    if row.state != "waiting":  # somebody else was here between its failing step and this lock
        return None
    uow.connection.execute(sa.update(timer).where(timer.c.id == row.id).values(state="failed"))
    zh, en = error.sentence("zh"), error.sentence("en")
    return raise_incident(uow, locked, row, "timer-failed", zh, message_en=en, source="timer_id")
