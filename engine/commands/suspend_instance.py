"""Suspends, resumes and cancels process instances. Suspension stops work, not law: time limits run on."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.bpmn.step import TokenGoneError
from engine.commands.advance import StepOutcome, advance, require_active
from engine.commands.complete_job import refuse_kept
from engine.commands.trigger_timer import fail_timer, fire_locked_timer
from engine.commands.unit_of_work import UnitOfWork
from engine.domain.errors import InvalidInputError, ProcessInstanceNotActiveError, TingzhuError
from engine.domain.events import HistoryEvent
from engine.domain.stimuli import BpmnErrorThrown, Canceled, JobCompleted, MessageReceived, Stimulus
from engine.domain.values import decode
from engine.store import history
from engine.store.cases import CaseRow, lock_case
from engine.store.instances import case_of, get_instance
from engine.store.tables import job, process_instance, timer


class OperatorReasonMissingError(InvalidInputError):
    """An operator's verb without a reason."""

    zh = "请填写原因：此操作会永久记录。"
    en = "Give a reason: this is recorded for good."


def suspend_instance(uow: UnitOfWork, instance_id: UUID, reason: str) -> None:
    """Stop work on an active instance; due timers, results and messages wait. Raises ProcessInstanceNotActiveError."""
    locked, instance = _lock(uow, instance_id, reason)
    require_active(instance)
    _set_state(uow, instance_id, "suspended")
    _note(uow, locked, instance, "process-instance-suspended", reason)


def resume_instance(uow: UnitOfWork, instance_id: UUID, reason: str) -> StepOutcome:
    """Let a suspended instance go on: what waited is applied in the order in which it came, then timers by due time.

    Raises ProcessInstanceNotActiveError when the instance is not suspended.
    """
    locked, instance = _lock(uow, instance_id, reason)
    if instance.state != "suspended":
        raise ProcessInstanceNotActiveError(state=instance.state, id=str(instance_id))
    uow.connection.execute(
        sa.update(process_instance).where(process_instance.c.id == instance_id).values(state="active", pending=[])
    )
    _note(uow, locked, instance, "process-instance-resumed", reason)
    for stored in instance.pending:
        current = get_instance(uow.connection, instance_id)
        if current.state != "active":
            break
        locked = lock_case(uow.connection, locked.id)
        stimulus = _stimulus(stored)
        try:
            with uow.connection.begin_nested():
                advance(uow, locked, current, stimulus)
        except TokenGoneError:
            # An earlier one of the waiting stimuli led the process elsewhere; history tells that this one came.
            event = HistoryEvent("stimulus-overtaken", {"kind": stored["kind"]}, {}, instance_id)
            history.append(uow.connection, locked, [event], actor=uow.actor, now=uow.now)
        except TingzhuError as error:
            # One outcome that cannot be taken must not keep the instance suspended for ever.
            if not isinstance(stimulus, JobCompleted | BpmnErrorThrown):
                raise
            why = f"{error.sentence('zh')} / {error.sentence('en')}"
            refuse_kept(uow, locked, stimulus, instance_id, why)
    due = uow.connection.execute(
        sa.select(timer.c.id)
        .where(timer.c.instance_id == instance_id, timer.c.state == "waiting", timer.c.due_at <= uow.now)
        .order_by(timer.c.due_at, timer.c.id)
    ).scalars()
    for timer_id in due.all():
        try:
            with uow.connection.begin_nested():
                fire_locked_timer(uow, lock_case(uow.connection, locked.id), timer_id)
        except TingzhuError as error:
            fail_timer(uow, timer_id, error)
    waiting = uow.connection.execute(
        sa.select(job.c.id, job.c.run_at).where(job.c.instance_id == instance_id, job.c.state == "waiting")
    ).all()
    if waiting:
        uow.platform.queue.defer(uow.connection, [(row.id, row.run_at) for row in waiting])
    return StepOutcome(instance_id, instance.case_id, get_instance(uow.connection, instance_id).state)


def cancel_instance(uow: UnitOfWork, instance_id: UUID, reason: str) -> StepOutcome:
    """End an active or suspended instance without an end event. Raises ProcessInstanceNotActiveError."""
    locked, instance = _lock(uow, instance_id, reason)
    if instance.state not in ("active", "suspended"):
        raise ProcessInstanceNotActiveError(state=instance.state, id=str(instance_id))
    event = HistoryEvent("process-instance-cancel-asked", {"reason": reason}, {}, instance_id)
    return advance(uow, locked, instance, Canceled(), [event])


def _lock(uow: UnitOfWork, instance_id: UUID, reason: str) -> tuple[CaseRow, sa.Row[Any]]:
    if not reason.strip():
        raise OperatorReasonMissingError()
    locked = lock_case(uow.connection, case_of(uow.connection, process_instance, instance_id, "process instance"))
    return locked, get_instance(uow.connection, instance_id)


def _set_state(uow: UnitOfWork, instance_id: UUID, state: str) -> None:
    uow.connection.execute(sa.update(process_instance).where(process_instance.c.id == instance_id).values(state=state))


def _note(uow: UnitOfWork, locked: CaseRow, instance: sa.Row[Any], kind: str, reason: str) -> None:
    event = HistoryEvent(kind, {"reason": reason}, {}, instance.id)
    history.append(uow.connection, locked, [event], actor=uow.actor, now=uow.now)


def _stimulus(stored: dict[str, Any]) -> Stimulus:
    kinds = {kind.__name__: kind for kind in (JobCompleted, BpmnErrorThrown, MessageReceived)}
    fields = {name: decode(value) for name, value in stored.items() if name != "kind"}
    return kinds[stored["kind"]](**fields)
