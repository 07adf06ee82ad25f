"""Corrects the data of a completed user task (更正): no token moves, and what can no longer change is named."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.bpmn.corrections import correct_variables
from engine.bpmn.influence import reach_of
from engine.bpmn.scopes import Scopes
from engine.commands.complete_user_task import checked_form_data
from engine.commands.recount_due_times import recount_due_times
from engine.commands.reevaluate_timers import DueDateMoved, Reevaluation, TimerMoved
from engine.commands.retract_completion import UserTaskNotCompletedError
from engine.commands.settled_by import Settled, settled_by
from engine.commands.unit_of_work import UnitOfWork
from engine.commands.user_task_access import user_task_event
from engine.domain.errors import ConflictError, InvalidInputError
from engine.domain.events import HistoryEvent
from engine.domain.host import InputChange
from engine.domain.values import Value, decode, encode, plain
from engine.store import history
from engine.store.cases import lock_case
from engine.store.completions import latest_completion
from engine.store.instances import case_of, get_instance, get_row
from engine.store.tables import process_instance, user_task, user_task_completion, user_task_correction


class CorrectionPointlessError(ConflictError):
    """A correction that changes nothing."""

    zh = "任务“{element_name}”的更正内容与现有内容相同，没有改动。"
    en = "The correction of the user task {element_name!r} changes nothing."


class CorrectionEmptiesError(InvalidInputError):
    """A correction that takes away what was recorded."""

    zh = "“{name}”已有登记，更正只能改为正确的内容，不能清空。"
    en = "{name!r} is recorded: a correction can replace it, not empty it."


class CorrectionReasonMissingError(InvalidInputError):
    """A correction without its reason."""

    zh = "更正必须写明理由：更正及理由会永久记录。"
    en = "A correction needs its reason: both are recorded for good."


@dataclass(frozen=True)
class ValueChanged:
    """A field of the form that has another value now."""

    name: str
    old: Value
    new: Value
    is_input: bool
    """Whether the host keeps it; texts are given by reference then."""


@dataclass(frozen=True)
class Correction:
    """What a correction brought about."""

    id: UUID
    user_task_id: UUID
    case_id: UUID
    changes: tuple[ValueChanged, ...]
    moved_timers: tuple[TimerMoved, ...]
    moved_due_dates: tuple[DueDateMoved, ...]
    settled: tuple[Settled, ...]
    """What can no longer change."""
    completed_at: datetime
    """When the task was completed: papers made since may hold what was wrong."""


def correct_user_task(
    uow: UnitOfWork, user_task_id: UUID, variables: Mapping[str, Any], reason: str, sealed_reason: str
) -> Correction:
    """Replace fields of a completed user task's form by those in `variables` (plain JSON); the other fields stay.

    The whole is checked against the form that the instance is pinned to. Inputs of the host are recorded there, the
    old ones kept; variables change in the scope where they live, unless somebody has set them since. Timers and due
    dates that read them are counted again. No token moves and nothing is decided again: what rests on the old values
    is named instead. `reason` goes to the host with its inputs, `sealed_reason` is stored here as given. Raises
    NotFoundError, UserTaskNotCompletedError, FormInvalidError, CorrectionPointlessError, CorrectionEmptiesError,
    CorrectionReasonMissingError, ExpressionFailedError when a due time cannot be counted any more, and what the host raises.
    """
    if not reason.strip():
        raise CorrectionReasonMissingError()
    locked = lock_case(uow.connection, case_of(uow.connection, user_task, user_task_id, "user task"))
    row = get_row(uow.connection, user_task, user_task_id, "user task")
    completion = latest_completion(uow.connection, user_task_id) if row.state == "completed" else None
    if completion is None:
        raise UserTaskNotCompletedError(id=str(row.id), element_name=row.element_name)
    instance = get_instance(uow.connection, row.instance_id)
    said = {name: decode(value) for name, value in completion.variables.items()}
    kept_inputs = uow.platform.host.form_values(uow.connection, locked.id, completion.inputs)
    values = _checked(uow, instance, row, completion, said, kept_inputs, variables)
    owned = uow.platform.host.input_names.keys()
    told = {
        name: value for name, value in values.items() if name not in owned and (name not in said or said[name] != value)
    }
    inputs = _changed_inputs(variables, values, owned, kept_inputs)
    if not told and not inputs:
        raise CorrectionPointlessError(id=str(row.id), element_name=row.element_name)
    corrected = correct_variables(instance.snapshot, completion.scope, said, told)
    input_changes = _record(uow, locked.id, inputs, reason)
    snapshot_before = instance.snapshot
    if corrected.changed:
        uow.connection.execute(
            sa.update(process_instance).where(process_instance.c.id == instance.id).values(snapshot=corrected.snapshot)
        )
        instance = get_instance(uow.connection, instance.id)
    bundle = uow.platform.definitions.bundle(uow.connection, instance.deployment_id)
    names = [change.name for change in input_changes]
    reach = reach_of(bundle, row.process_key, told, names)
    settled = settled_by(uow, instance, bundle, reach, row, completion, corrected, snapshot_before, input_changes)
    changes = (
        *(ValueChanged(name, said.get(name), value, False) for name, value in told.items()),
        *(ValueChanged(change.name, change.old, change.new, True) for change in input_changes),
    )
    correction_id = uow.platform.ids()
    event = _event(row, correction_id, changes, settled)
    locked = history.append(uow.connection, locked, [event], actor=uow.actor, now=uow.now)
    moved = Reevaluation((), ())
    if instance.snapshot is not None:
        cause = {"kind": "user-task-corrected", "correction_id": str(correction_id)}
        moved = recount_due_times(uow, locked, instance, bundle, reach, cause)
    correction = Correction(
        correction_id,
        row.id,
        locked.id,
        changes,
        moved.timers,
        moved.due_dates,
        tuple(settled),
        completion.completed_at,
    )
    _write(uow, row, completion, said | told, correction, sealed_reason)
    return correction


def _checked(
    uow: UnitOfWork,
    instance: Any,
    row: Any,
    completion: Any,
    said: Mapping[str, Value],
    kept_inputs: Mapping[str, Any],
    variables: Mapping[str, Any],
) -> dict[str, Value]:
    """Return the form's values as they would be had it been filled in rightly."""
    visible: dict[str, Value] = {}
    if instance.snapshot is not None and str(completion.scope) in instance.snapshot["scopes"]:
        for scope in Scopes.from_json(instance.snapshot["scopes"]).chain(completion.scope):
            visible = {**scope.values, **visible}
    data = {**{name: _sent(value) for name, value in said.items()}, **kept_inputs, **variables}
    return checked_form_data(uow, instance, row, data, {**visible, **said})


def _sent(value: Value) -> Any:
    """Return a value as the browser sends it: numbers are numbers."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, date):
        return plain(value)
    if isinstance(value, list):
        return [_sent(each) for each in value]
    if isinstance(value, dict):
        return {key: _sent(each) for key, each in value.items()}
    return value


def _changed_inputs(
    variables: Mapping[str, Any], values: Mapping[str, Value], owned: Any, kept_inputs: Mapping[str, Any]
) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for name in variables:
        if name not in owned or name not in values:
            continue
        value = values[name]
        if name in kept_inputs and _sent(value) == kept_inputs[name]:
            continue
        if value is None or value == "" or value == []:
            if name in kept_inputs:
                raise CorrectionEmptiesError(name=name)
            continue
        found[name] = value
    return found


def _record(uow: UnitOfWork, case_id: UUID, inputs: Mapping[str, Value], reason: str) -> list[InputChange]:
    if not inputs:
        return []
    return uow.platform.host.record_inputs(
        uow.connection, case_id, inputs, actor_id=uow.actor.id, now=uow.now, reason=reason
    )


def _write(
    uow: UnitOfWork,
    row: Any,
    completion: Any,
    said: Mapping[str, Value],
    correction: Correction,
    sealed_reason: str,
) -> None:
    inputs = sorted({*completion.inputs, *(change.name for change in correction.changes if change.is_input)})
    uow.connection.execute(
        sa.update(user_task_completion)
        .where(user_task_completion.c.id == completion.id)
        .values(variables={name: encode(value) for name, value in said.items()}, inputs=inputs)
    )
    uow.connection.execute(
        sa.insert(user_task_correction).values(
            id=correction.id,
            case_id=correction.case_id,
            user_task_id=row.id,
            corrected_by=uow.actor.id,
            reason=sealed_reason,
            changes=[
                {"name": each.name, "old": plain(each.old), "new": plain(each.new), "is_input": each.is_input}
                for each in correction.changes
            ],
            consequences={
                "moved": [_moved("timer", each.timer_id, each) for each in correction.moved_timers]
                + [_moved("user-task", each.user_task_id, each) for each in correction.moved_due_dates],
                "settled": [each.as_dict() for each in correction.settled],
            },
            created_at=uow.now,
        )
    )


def _moved(kind: str, row_id: UUID, moved: TimerMoved | DueDateMoved) -> dict[str, Any]:
    return {
        "kind": kind,
        "id": str(row_id),
        "element_id": moved.element_id,
        "element_name": moved.element_name,
        "old_due_at": plain(moved.old_due_at),
        "new_due_at": plain(moved.new_due_at),
    }


def _event(row: Any, correction_id: UUID, changes: Sequence[ValueChanged], settled: Sequence[Settled]) -> HistoryEvent:
    event = user_task_event(
        "user-task-corrected",
        row,
        correction_id=str(correction_id),
        names=[each.name for each in changes],
        has_reason=True,
        settled=[{"kind": each.kind, "element_id": each.element_id} for each in settled],
    )
    values = {each.name: {"old": plain(each.old), "new": plain(each.new)} for each in changes}
    return HistoryEvent(event.kind, event.facts, values, event.instance_id, event.element_id, event.element_name)
