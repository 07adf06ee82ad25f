"""Works out again when timers and user tasks are due, after something that their day was counted from has changed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.bpmn import step as bpmn
from engine.bpmn.bundle import Bundle
from engine.commands.advance import decide, host_context, host_context_at, timer_facts
from engine.commands.unit_of_work import UnitOfWork
from engine.domain.events import HistoryEvent
from engine.store import history
from engine.store.cases import CaseRow, lock_case
from engine.store.instances import get_instance
from engine.store.raw import Batch
from engine.store.tables import timer, user_task
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
    old_explanation: Mapping[str, Any] | None = None
    new_explanation: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class DueDateMoved:
    """A user task that is due at another instant now."""

    user_task_id: UUID
    element_id: str
    element_name: str
    old_due_at: datetime | None
    new_due_at: datetime | None
    old_explanation: Mapping[str, Any] | None = None
    new_explanation: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Reevaluation:
    """What came out otherwise than before."""

    timers: tuple[TimerMoved, ...]
    due_dates: tuple[DueDateMoved, ...]


@dataclass
class _Found:
    timers: list[TimerMoved]
    due_dates: list[DueDateMoved]
    events: list[HistoryEvent]


def reevaluate_timers(uow: UnitOfWork, case_id: UUID, names: Iterable[str]) -> list[TimerMoved]:
    """Re-evaluate the waiting timers and open due dates of a case that read one of `names`; return moved timers.

    What reads an input without a value any more keeps the day it had: nothing can be counted from nothing.
    """
    inputs = host_context(uow, case_id).inputs
    read = sorted(name for name in names if inputs.get(name) is not None)
    if not read:
        return []
    return list(reevaluate_deadlines(uow, case_id, {"kind": "inputs-changed", "names": read}, names=read).timers)


def reevaluate_deadlines(
    uow: UnitOfWork, case_id: UUID, cause: Mapping[str, Any], *, names: Sequence[str] | None = None
) -> Reevaluation:
    """Re-evaluate waiting timers and due dates of open user tasks of a case; return what moved.

    With `names`, those that read one of these named inputs; without, all that a function of the host explained (a
    rule or a calendar has changed). Each is worked out as at the instant it was made, so `now()` and `today()` in its
    expression stay what they were. `cause` is plain JSON that history keeps beside every new date.
    """
    locked = lock_case(uow.connection, case_id)
    timers = uow.connection.execute(
        sa.select(timer).where(timer.c.case_id == case_id, timer.c.state == "waiting", _wanted(names)).order_by("id")
    ).all()
    tasks = uow.connection.execute(
        sa.select(user_task)
        .where(user_task.c.case_id == case_id, user_task.c.state.in_(["created", "assigned"]))
        .where(user_task.c.due_explanation.is_not(None) if names is None else sa.true())
        .order_by("id")
    ).all()
    return reevaluate_rows(uow, locked, timers, tasks, cause, names=names)


def reevaluate_rows(
    uow: UnitOfWork,
    locked: CaseRow,
    timers: Sequence[Any],
    tasks: Sequence[Any],
    cause: Mapping[str, Any],
    *,
    names: Sequence[str] | None = None,
) -> Reevaluation:
    """Re-evaluate these waiting timers and open user tasks of a locked case; with `names`, due dates that read one."""
    found = _Found([], [], [])
    for instance_id in dict.fromkeys(row.instance_id for row in [*timers, *tasks]):
        instance = get_instance(uow.connection, instance_id)
        if instance.snapshot is None:
            continue
        bundle = uow.platform.definitions.bundle(uow.connection, instance.deployment_id)
        for made_at in dict.fromkeys(row.created_at for row in [*timers, *tasks] if row.instance_id == instance_id):
            mine = [
                {row.token_id: row for row in rows if (row.instance_id, row.created_at) == (instance_id, made_at)}
                for rows in (timers, tasks)
            ]
            _reevaluate(uow, instance, bundle, made_at, mine[0], mine[1], cause, names, found)
    batch = Batch()
    announce_timers(batch, (item.new_due_at for item in found.timers), uow.now)
    history.append_in(batch, locked, found.events, actor=uow.actor, now=uow.now)
    batch.send(uow.connection)
    return Reevaluation(tuple(found.timers), tuple(found.due_dates))


def _wanted(names: Sequence[str] | None) -> sa.ColumnElement[bool]:
    if names is None:
        return sa.and_(timer.c.explanation.is_not(None), timer.c.kind == "date")
    found: sa.ColumnElement[bool] = timer.c.inputs_read.overlap(list(names))
    return found


def _reevaluate(
    uow: UnitOfWork,
    instance: Any,
    bundle: Bundle,
    made_at: datetime,
    timers: Mapping[int, Any],
    tasks: Mapping[int, Any],
    cause: Mapping[str, Any],
    names: Sequence[str] | None,
    found: _Found,
) -> None:
    context = host_context_at(uow, instance.case_id, made_at)
    with uow.platform.evaluator.session(context.functions, made_at) as session:
        surroundings: dict[str, Any] = {
            "now": made_at,
            "session": session,
            "inputs": context.inputs,
            "input_names": uow.platform.host.input_names.keys(),
            "decide": partial(decide, bundle, uow),
        }
        opened = bpmn.reevaluate_timers(bundle, instance.snapshot, timers.keys(), **surroundings)
        wanted = None if names is None else frozenset(names)
        due = bpmn.reevaluate_due_dates(bundle, instance.snapshot, tasks.keys(), wanted, **surroundings)
    for each in opened:
        _keep_timer(uow, timers[each.place.token_id], each, cause, found)
    for token_id, (due_at, explanation) in due.items():
        _keep_due_date(uow, tasks[token_id], due_at, explanation, cause, found)


def _keep_timer(uow: UnitOfWork, row: Any, opened: Any, cause: Mapping[str, Any], found: _Found) -> None:
    explanation = dict(opened.explanation) if opened.explanation else None
    if opened.due_at == row.due_at and explanation == row.explanation:
        return
    values = {
        "due_at": opened.due_at,
        "due_on": opened.due_on,
        "explanation": explanation,
        "is_provisional": opened.is_provisional,
    }
    uow.connection.execute(sa.update(timer).where(timer.c.id == row.id).values(values))
    found.timers.append(
        TimerMoved(
            row.id,
            row.element_id,
            row.element_name,
            row.due_at,
            opened.due_at,
            opened.due_at <= uow.now,
            row.explanation,
            explanation,
        )
    )
    facts = {
        "id": str(row.id),
        "old_due_at": row.due_at.isoformat(),
        "cause": dict(cause),
        **timer_facts(opened),
    }
    found.events.append(HistoryEvent("timer-moved", facts, {}, row.instance_id, row.element_id, row.element_name))


def _keep_due_date(
    uow: UnitOfWork,
    row: Any,
    due_at: datetime | None,
    new: Mapping[str, Any] | None,
    cause: Mapping[str, Any],
    found: _Found,
) -> None:
    explanation = dict(new) if new else None
    if due_at == row.due_at and explanation == row.due_explanation:
        return
    # what is due later than now may be escalated again
    escalated_at = row.escalated_at if due_at is not None and due_at <= uow.now else None
    uow.connection.execute(
        sa.update(user_task)
        .where(user_task.c.id == row.id)
        .values(due_at=due_at, due_explanation=explanation, escalated_at=escalated_at)
    )
    found.due_dates.append(
        DueDateMoved(row.id, row.element_id, row.element_name, row.due_at, due_at, row.due_explanation, explanation)
    )
    facts = {
        "id": str(row.id),
        "old_due_at": row.due_at.isoformat() if row.due_at else None,
        "due_at": due_at.isoformat() if due_at else None,
        "explanation": explanation,
        "cause": dict(cause),
    }
    found.events.append(HistoryEvent("due-date-moved", facts, {}, row.instance_id, row.element_id, row.element_name))
