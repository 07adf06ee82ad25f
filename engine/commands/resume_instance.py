"""Lets a suspended process instance go on with everything that waited meanwhile."""

from uuid import UUID

import sqlalchemy as sa

from engine.bpmn.step import TokenGoneError
from engine.commands.advance import StepOutcome, advance
from engine.commands.job_failure import refuse_kept
from engine.commands.operator_verbs import lock_for_operator, note_operator_verb
from engine.commands.pending_stimuli import read_stimulus
from engine.commands.trigger_timer import fail_timer, fire_locked_timer
from engine.commands.unit_of_work import UnitOfWork
from engine.domain.errors import ProcessInstanceNotActiveError, TingzhuError
from engine.domain.events import HistoryEvent
from engine.domain.stimuli import BpmnErrorThrown, JobCompleted
from engine.store import history
from engine.store.cases import lock_case
from engine.store.instances import get_instance
from engine.store.tables import job, process_instance, timer


def resume_instance(uow: UnitOfWork, instance_id: UUID, reason: str) -> StepOutcome:
    """Let a suspended instance go on: what waited is applied in the order in which it came, then timers by due time.

    Raises ProcessInstanceNotActiveError when the instance is not suspended.
    """
    locked, instance = lock_for_operator(uow, instance_id, reason)
    if instance.state != "suspended":
        raise ProcessInstanceNotActiveError(state=instance.state, id=str(instance_id))
    uow.connection.execute(
        sa.update(process_instance).where(process_instance.c.id == instance_id).values(state="active", pending=[])
    )
    note_operator_verb(uow, locked, instance, "process-instance-resumed", reason)
    for stored in instance.pending:
        current = get_instance(uow.connection, instance_id)
        if current.state != "active":
            break
        locked = lock_case(uow.connection, locked.id)
        stimulus = read_stimulus(stored)
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
            refuse_kept(uow, locked, stimulus, instance_id, error)
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
