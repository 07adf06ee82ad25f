"""Takes a step of a process instance under its case's lock and writes down what it brought about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.bpmn.bundle import Bundle
from engine.bpmn.step import step
from engine.commands.unit_of_work import UnitOfWork
from engine.domain.actor import OnBehalfOf, user_actor_id
from engine.domain.effects import (
    ElementPassed,
    IncidentFound,
    JobOpened,
    MessageAwaited,
    MessageThrown,
    StepResult,
    TimerOpened,
    TokenClosed,
    UserTaskOpened,
    VariableSet,
)
from engine.domain.errors import ProcessInstanceNotActiveError
from engine.domain.events import HistoryEvent
from engine.domain.host import HostContext
from engine.domain.stimuli import MessageReceived, Stimulus, TimerFired
from engine.domain.values import Value, encode, plain
from engine.store import history
from engine.store.cases import CaseRow, lock_case
from engine.store.instances import close_incidents, close_waiting, get_instance, save_instance
from engine.store.raw import Batch, Query
from engine.store.tables import incident, job, message_subscription, process_instance, timer, user_task
from engine.store.timer_notices import announce_timers

MAX_MESSAGES = 100
"""Messages that one step may pass on inside its case."""


@dataclass(frozen=True)
class StepOutcome:
    """What a command tells about the step it took."""

    instance_id: UUID
    case_id: UUID
    state: str
    """active, completed or canceled"""
    user_tasks: tuple[Mapping[str, Any], ...] = ()
    """New user tasks: id, element_id, element_name, candidate_groups."""
    incidents: tuple[UUID, ...] = ()
    passed: tuple[str, ...] = ()
    """Ids of the elements passed, in order."""


@dataclass
class _Written:
    user_tasks: list[Mapping[str, Any]] = field(default_factory=list)
    incidents: list[UUID] = field(default_factory=list)
    messages: list[MessageThrown] = field(default_factory=list)
    jobs: list[UUID] = field(default_factory=list)


def decide(bundle: Bundle, uow: UnitOfWork, key: str, view: Mapping[str, Value], map_result: str) -> Value:
    """Evaluate a decision of a bundle over what a business rule task sees."""
    return bundle.decisions[key].evaluate(view, uow.platform.feel).mapped(map_result)


def host_context(uow: UnitOfWork, case_id: UUID) -> HostContext:
    """Return the host's functions and named inputs for a step."""
    return host_context_at(uow, case_id, uow.now)


def host_context_at(uow: UnitOfWork, case_id: UUID, now: datetime) -> HostContext:
    """Return the host's functions at another instant, with the named inputs of today."""
    return uow.platform.host.context(uow.connection, case_id, now)


def advance(
    uow: UnitOfWork,
    locked: CaseRow,
    instance: Any,
    stimulus: Stimulus,
    events: Sequence[HistoryEvent] = (),
    *,
    on_behalf_of: OnBehalfOf | None = None,
    told: Mapping[str, Value] | None = None,
    batch: Batch | None = None,
    last: Sequence[Query] = (),
) -> StepOutcome:
    """Step an active instance and write snapshot, work, timers, incidents and history.

    `events` are history rows that come before the step's own; `told` are variables that those rows tell already;
    `batch` holds writes of the command that are to be sent with those of the step, `last` those that follow them.
    """
    batch = batch or Batch()
    bundle = uow.platform.definitions.bundle(uow.connection, instance.deployment_id)
    context = host_context(uow, instance.case_id)
    with uow.platform.evaluator.session(context.functions, uow.now) as session:
        result = step(
            bundle,
            instance.snapshot,
            stimulus,
            now=uow.now,
            session=session,
            inputs=context.inputs,
            input_names=uow.platform.host.input_names.keys(),
            decide=partial(decide, bundle, uow),
        )
    written = _Written()
    rows = [*events, *_write(uow, batch, instance, stimulus, result, told or {}, written)]
    ended = result.state != "active"
    save_instance(batch, instance.id, result.state, result.snapshot, uow.now if ended else None)
    locked = history.append_in(batch, locked, rows, actor=uow.actor, on_behalf_of=on_behalf_of, now=uow.now)
    for sql, params in last:
        batch.add(sql, params)
    batch.send(uow.connection)
    if written.jobs:
        uow.platform.queue.defer(uow.connection, [(job_id, None) for job_id in written.jobs])
    uow.platform.host.after_step(
        uow.connection,
        instance.case_id,
        process_key=instance.process_key,
        active_processes=result.active_processes,
        state=result.state,
        variables=result.variables,
        now=uow.now,
    )
    _pass_on(uow, locked, instance, written.messages)
    return StepOutcome(
        instance_id=instance.id,
        case_id=instance.case_id,
        state=result.state,
        user_tasks=tuple(written.user_tasks),
        incidents=tuple(written.incidents),
        passed=tuple(effect.element_id for effect in result.effects if isinstance(effect, ElementPassed)),
    )


def require_active(instance: Any) -> None:
    """Raise ProcessInstanceNotActiveError unless the instance is active."""
    if instance.state != "active":
        raise ProcessInstanceNotActiveError(state=instance.state, id=str(instance.id))


def _write(
    uow: UnitOfWork,
    batch: Batch,
    instance: Any,
    stimulus: Stimulus,
    result: StepResult,
    told: Mapping[str, Value],
    written: _Written,
) -> list[HistoryEvent]:
    """Write the effects to their tables; return the history rows they make."""
    closed: dict[str, list[int]] = {}
    passed: list[ElementPassed] = []
    variables: dict[str, dict[str, Any]] = {}
    tasks: list[dict[str, Any]] = []
    jobs: list[dict[str, Any]] = []
    timers: list[dict[str, Any]] = []
    subscriptions: list[dict[str, Any]] = []
    incidents: list[dict[str, Any]] = []
    rows: list[HistoryEvent] = []
    goes_on = isinstance(stimulus, TimerFired) and not stimulus.is_last  # a cycle's timer waits on, unless left
    written_by_command = None if goes_on else getattr(stimulus, "token_id", None)
    for effect in result.effects:
        match effect:
            case VariableSet(process_key=process_key, name=name, value=value):
                if name not in told or told[name] != value:
                    variables.setdefault(process_key, {})[name] = plain(value)
            case ElementPassed():
                passed.append(effect)
            case TokenClosed(token_id=token_id, kind=kind):
                # The row of what the stimulus itself ended was written by its command; a subscription's was not.
                if kind == "message" or token_id != written_by_command:
                    closed.setdefault(kind, []).append(token_id)
            case UserTaskOpened():
                tasks.append(_user_task_row(uow, instance, effect))
                rows.append(_opened(instance, "user-task-created", effect.place, tasks[-1]["id"], _task_facts(effect)))
                written.user_tasks.append(
                    {
                        "id": tasks[-1]["id"],
                        "element_id": effect.place.element_id,
                        "element_name": effect.place.element_name,
                        "candidate_groups": list(effect.candidate_groups),
                    }
                )
            case JobOpened():
                jobs.append(_job_row(uow, instance, effect))
                rows.append(
                    _opened(instance, "job-created", effect.place, jobs[-1]["id"], {"job_type": effect.job_type})
                )
            case TimerOpened():
                timers.append(_timer_row(uow, instance, effect))
                rows.append(_opened(instance, "timer-set", effect.place, timers[-1]["id"], timer_facts(effect)))
            case MessageAwaited():
                subscriptions.append(
                    {**_row(uow, instance, effect.place), "message_name": effect.message_name, "state": "waiting"}
                )
            case IncidentFound():
                incidents.append(_incident_row(uow, instance, effect))
                written.incidents.append(incidents[-1]["id"])
                rows.append(
                    _opened(
                        instance,
                        "incident-raised",
                        effect.place,
                        incidents[-1]["id"],
                        {"kind": effect.kind, "zh": effect.zh, "en": effect.en},
                    )
                )
            case MessageThrown():
                written.messages.append(effect)
                rows.append(
                    _opened(instance, "message-thrown", effect.place, None, {"message_name": effect.message_name})
                )
    for what, token_ids in closed.items():
        if what == "incident":
            close_incidents(batch, instance.id, token_ids, uow.now, uow.actor.id)
        else:
            close_waiting(batch, what, instance.id, token_ids, uow.now)
        if what in ("job", "timer"):  # one that had failed leaves its incident behind
            close_incidents(batch, instance.id, token_ids, uow.now, uow.actor.id)
    batch.insert(user_task, tasks)
    batch.insert(job, jobs)
    batch.insert(timer, timers)
    announce_timers(batch, (row["due_at"] for row in timers), uow.now)
    batch.insert(message_subscription, subscriptions)
    batch.insert(incident, incidents)
    written.jobs += [row["id"] for row in jobs]
    first = [
        HistoryEvent("variables-set", {"process_key": key}, values, instance.id) for key, values in variables.items()
    ]
    if passed:
        elements = [[item.process_key, item.element_id, item.element_name] for item in passed]
        first.append(HistoryEvent("elements-passed", {"elements": elements}, instance_id=instance.id))
    if result.state != "active":
        rows.append(HistoryEvent(f"process-instance-{result.state}", instance_id=instance.id))
    return [*first, *rows]


def _row(uow: UnitOfWork, instance: Any, place: Any) -> dict[str, Any]:
    return {
        "id": uow.platform.ids(),
        "case_id": instance.case_id,
        "instance_id": instance.id,
        "token_id": place.token_id,
        "process_key": place.process_key,
        "element_id": place.element_id,
        "element_name": place.element_name,
        "created_at": uow.now,
    }


def _opened(instance: Any, kind: str, place: Any, row_id: UUID | None, facts: Mapping[str, Any]) -> HistoryEvent:
    known = {"id": str(row_id), **facts} if row_id else dict(facts)
    return HistoryEvent(
        kind, known, instance_id=instance.id, element_id=place.element_id, element_name=place.element_name
    )


def _task_facts(effect: UserTaskOpened) -> dict[str, Any]:
    return {
        "form_key": effect.form_key,
        "assignee": effect.assignee,
        "candidate_groups": list(effect.candidate_groups),
        "due_at": effect.due_at.isoformat() if effect.due_at else None,
        "explanation": dict(effect.due_explanation) if effect.due_explanation else None,
    }


def _user_task_row(uow: UnitOfWork, instance: Any, effect: UserTaskOpened) -> dict[str, Any]:
    return {
        **_row(uow, instance, effect.place),
        "form_key": effect.form_key,
        "assignee": user_actor_id(effect.assignee) if effect.assignee else None,
        "candidate_groups": list(effect.candidate_groups),
        "candidate_users": [user_actor_id(name) for name in effect.candidate_users],
        "priority": effect.priority,
        "due_at": effect.due_at,
        "follow_up_at": effect.follow_up_at,
        "due_explanation": dict(effect.due_explanation) if effect.due_explanation else None,
        "state": "assigned" if effect.assignee else "created",
    }


def _job_row(uow: UnitOfWork, instance: Any, effect: JobOpened) -> dict[str, Any]:
    return {
        **_row(uow, instance, effect.place),
        "job_type": effect.job_type,
        "input": encode(dict(effect.input)),
        "state": "waiting",
        "retry_delays": list(effect.retry_delays),
        "retries_left": len(effect.retry_delays),
        "run_at": uow.now,
    }


def timer_facts(effect: TimerOpened) -> dict[str, Any]:
    """Return what history keeps of a timer."""
    return {
        "due_at": effect.due_at.isoformat(),
        "expression": effect.expression,
        "explanation": dict(effect.explanation) if effect.explanation else None,
        "is_provisional": effect.is_provisional,
    }


def _timer_row(uow: UnitOfWork, instance: Any, effect: TimerOpened) -> dict[str, Any]:
    return {
        **_row(uow, instance, effect.place),
        "kind": effect.kind,
        "expression": effect.expression,
        "inputs_read": list(effect.inputs_read),
        "due_at": effect.due_at,
        "due_on": effect.due_on,
        "explanation": dict(effect.explanation) if effect.explanation else None,
        "is_provisional": effect.is_provisional,
        "repeats_left": effect.repeats_left,
        "interval_seconds": effect.interval_seconds,
        "state": "waiting",
    }


def _incident_row(uow: UnitOfWork, instance: Any, effect: IncidentFound) -> dict[str, Any]:
    row = _row(uow, instance, effect.place)
    row["raised_at"] = row.pop("created_at")
    return {**row, "kind": effect.kind, "message": effect.zh, "message_en": effect.en, "state": "open"}


def _pass_on(uow: UnitOfWork, locked: CaseRow, instance: Any, messages: Sequence[MessageThrown]) -> None:
    """Correlate thrown messages to whoever waits for them in the same case; nobody waiting is no error (10.5.1)."""
    for message in messages[:MAX_MESSAGES]:
        waiting = uow.connection.execute(
            sa.select(message_subscription.c.instance_id, message_subscription.c.token_id)
            .join(process_instance, process_instance.c.id == message_subscription.c.instance_id)
            .where(
                message_subscription.c.case_id == instance.case_id,
                message_subscription.c.message_name == message.message_name,
                message_subscription.c.state == "waiting",
                process_instance.c.state == "active",
            )
            .order_by(message_subscription.c.created_at)
            .limit(1)
        ).one_or_none()
        if waiting is not None:
            target = get_instance(uow.connection, waiting.instance_id)
            locked = relock(uow, locked)
            advance(uow, locked, target, MessageReceived(waiting.token_id, {}))


def relock(uow: UnitOfWork, locked: CaseRow) -> CaseRow:
    """Return the case as it stands now, still locked by this transaction."""
    return lock_case(uow.connection, locked.id)
