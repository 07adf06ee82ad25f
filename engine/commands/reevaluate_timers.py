"""Works out again when timers are due, after a named input that they read has changed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

import sqlalchemy as sa

from engine.bpmn import step as bpmn
from engine.commands.advance import decide, host_context, timer_facts
from engine.commands.unit_of_work import UnitOfWork
from engine.domain.events import HistoryEvent
from engine.store import history
from engine.store.cases import lock_case
from engine.store.instances import get_instance
from engine.store.raw import Batch
from engine.store.tables import timer
from engine.store.timer_notices import announce_timers


@dataclass(frozen=True)
class TimerMoved:
    """A timer that is due at another instant now."""

    timer_id: UUID
    element_id: str
    element_name: str
    old_due_at: datetime
    new_due_at: datetime
    has_passed: bool
    """Whether the new instant lies in the past: the timer will fire at once."""


def reevaluate_timers(uow: UnitOfWork, case_id: UUID, names: Iterable[str]) -> list[TimerMoved]:
    """Re-evaluate the waiting timers of a case that read one of `names`; return those that moved."""
    locked = lock_case(uow.connection, case_id)
    rows = uow.connection.execute(
        sa.select(timer)
        .where(timer.c.case_id == case_id, timer.c.state == "waiting", timer.c.inputs_read.overlap(list(names)))
        .order_by(timer.c.id)
    ).all()
    moved: list[TimerMoved] = []
    events: list[HistoryEvent] = []
    context = host_context(uow, case_id)
    for instance_id in dict.fromkeys(row.instance_id for row in rows):
        instance = get_instance(uow.connection, instance_id)
        bundle = uow.platform.definitions.bundle(uow.connection, instance.deployment_id)
        by_token = {row.token_id: row for row in rows if row.instance_id == instance_id}
        with uow.platform.evaluator.session(context.functions, uow.now) as session:
            found = bpmn.reevaluate_timers(
                bundle,
                instance.snapshot,
                by_token.keys(),
                now=uow.now,
                session=session,
                inputs=context.inputs,
                input_names=uow.platform.host.input_names.keys(),
                decide=partial(decide, bundle, uow),
            )
        for opened in found:
            row = by_token[opened.place.token_id]
            if opened.due_at == row.due_at and (opened.explanation or None) == row.explanation:
                continue
            uow.connection.execute(
                sa.update(timer)
                .where(timer.c.id == row.id)
                .values(
                    due_at=opened.due_at,
                    due_on=opened.due_on,
                    explanation=dict(opened.explanation) if opened.explanation else None,
                    is_provisional=opened.is_provisional,
                )
            )
            moved.append(
                TimerMoved(
                    row.id, row.element_id, row.element_name, row.due_at, opened.due_at, opened.due_at <= uow.now
                )
            )
            facts = {"id": str(row.id), "old_due_at": row.due_at.isoformat(), **timer_facts(opened)}
            events.append(HistoryEvent("timer-moved", facts, {}, instance_id, row.element_id, row.element_name))
    batch = Batch()
    announce_timers(batch, (item.new_due_at for item in moved), uow.now)
    history.append_in(batch, locked, events, actor=uow.actor, now=uow.now)
    batch.send(uow.connection)
    return moved
