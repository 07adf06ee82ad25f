"""Completes a user task: the form is checked, the process goes on."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.bpmn.scopes import ROOT
from engine.bpmn.visible import scope_at, visible_variables
from engine.commands.advance import StepOutcome, advance, host_context, require_active
from engine.commands.reevaluate_timers import reevaluate_timers
from engine.commands.unit_of_work import UnitOfWork
from engine.commands.user_task_access import lock_user_task, require_undelegated
from engine.domain.actor import OnBehalfOf
from engine.domain.errors import ConflictError, FormInvalidError, InvalidInputError, UserTaskAlreadyClaimedError
from engine.domain.events import HistoryEvent
from engine.domain.host import InputChange
from engine.domain.stimuli import UserTaskCompleted
from engine.domain.values import Value, encode, plain
from engine.store import history
from engine.store.cases import lock_case
from engine.store.completions import close_completion, keep_completion
from engine.store.raw import Batch, as_jsonb
from engine.store.tables import timer


class OnBehalfOfInvalidError(InvalidInputError):
    """What was said about acting for a party cannot be right."""

    zh = "代为办理的说明有误：{problem_zh}"
    en = "What `on_behalf_of` says cannot be right: {problem_en}"


class CorrectionAwaitedError(ConflictError):
    """A request for correction on the user task is still open."""

    zh = "任务“{element_name}”还有 {count} 项退回补正未答复。请等待补正，或先撤销补正要求。"
    en = "{count} requests for correction of the user task {element_name!r} are open: wait for the answer, or withdraw them."


_COMPLETE = "update user_task set state = 'completed', ended_at = %s, ended_by = %s, draft = null, on_behalf_of = %s where id = %s"

METHODS = frozenset({"phone", "paper", "window", "video", "message"})


def complete_user_task(
    uow: UnitOfWork, user_task_id: UUID, variables: Mapping[str, Any], on_behalf_of: OnBehalfOf | None = None
) -> StepOutcome:
    """Complete a user task with form data (plain JSON) and let its process go on.

    The data is checked against the form that the instance is pinned to; event dates in it go to the host, the rest
    become variables. How everything stood before is kept while the completion can be retracted. Raises NotFoundError,
    UserTaskAlreadyCompletedError, UserTaskCanceledError, UserTaskAlreadyClaimedError, UserTaskDelegatedError,
    CorrectionAwaitedError, ProcessInstanceNotActiveError, FormInvalidError, OnBehalfOfInvalidError.
    """
    if on_behalf_of is not None and on_behalf_of.method not in METHODS:
        known = ", ".join(sorted(METHODS))
        raise OnBehalfOfInvalidError(
            problem_zh=f"方式 {on_behalf_of.method} 不在 {known} 之内。",
            problem_en=f"the method {on_behalf_of.method!r} is not one of {known}.",
        )
    locked, row, instance = lock_user_task(uow, user_task_id)
    if row.assignee is not None and row.assignee != uow.actor.id:
        raise UserTaskAlreadyClaimedError(id=str(row.id), element_name=row.element_name, assignee=row.assignee)
    require_undelegated(row)
    if row.open_correction_requests:
        raise CorrectionAwaitedError(id=str(row.id), element_name=row.element_name, count=row.open_correction_requests)
    require_active(instance)
    values = checked_form_data(uow, instance, row, variables)
    owned = uow.platform.host.input_names.keys()
    inputs = {name: value for name, value in values.items() if name in owned}
    told = {name: value for name, value in values.items() if name not in owned}
    batch = Batch()
    completion_id = uow.platform.ids()
    scope = scope_at(instance.snapshot, row.token_id)
    keep_completion(
        batch,
        completion_id=completion_id,
        user_task_id=row.id,
        instance_id=instance.id,
        case_id=instance.case_id,
        bookmark_sql=uow.platform.host.bookmark_sql,
        now=uow.now,
        actor_id=uow.actor.id,
        variables={name: encode(value) for name, value in told.items()},
        inputs=sorted(name for name, value in inputs.items() if value is not None),
        scope=ROOT if scope is None else scope,
        seq_before=locked.history_seq,
    )
    if inputs:  # they are written at once, and what stood before them must be kept first
        batch.send(uow.connection)
    behalf = as_jsonb(on_behalf_of.as_dict()) if on_behalf_of else None
    batch.add(_COMPLETE, (uow.now, uow.actor.id, behalf, row.id))
    changes = _record(uow, instance.case_id, inputs)
    event = HistoryEvent(
        "user-task-completed",
        {
            "id": str(row.id),
            "completion_id": str(completion_id),
            "event_dates": {change.name: plain(change.new) for change in changes},
        },
        {name: plain(value) for name, value in told.items()},
        instance.id,
        row.element_id,
        row.element_name,
    )
    replaced = [change.name for change in changes if change.old is not None and change.new is not None]
    replaced += _awaited(uow, instance.case_id, [change.name for change in changes if change.old is None])
    before = [event]
    if replaced:
        # What hangs on an event date moves before the process goes on.
        locked = history.append(uow.connection, locked, before, actor=uow.actor, on_behalf_of=on_behalf_of, now=uow.now)
        reevaluate_timers(uow, instance.case_id, replaced)
        locked, before = lock_case(uow.connection, locked.id), []
    stimulus = UserTaskCompleted(row.token_id, told)
    return advance(
        uow,
        locked,
        instance,
        stimulus,
        before,
        on_behalf_of=on_behalf_of,
        told=told,
        batch=batch,
        last=[close_completion(completion_id)],
    )


def checked_form_data(
    uow: UnitOfWork,
    instance: Any,
    row: Any,
    variables: Mapping[str, Any],
    initial: Mapping[str, Value] | None = None,
) -> dict[str, Value]:
    """Return the values of a user task's form in `variables` (plain JSON).

    `initial` is what the form was opened with; None: what is visible where the task waits. Raises FormInvalidError.
    """
    if row.form_key is None:
        if variables:
            raise FormInvalidError(
                count=len(variables),
                problems=[
                    {
                        "path": name,
                        "code": "unknown-field",
                        "zh": f"任务没有表单，不能提交“{name}”。",
                        "en": f"The user task has no form; {name!r} cannot be sent.",
                    }
                    for name in variables
                ],
            )
        return {}
    form = uow.platform.definitions.bundle(uow.connection, instance.deployment_id).forms[row.form_key]
    opened = dict(visible_variables(instance.snapshot, row.token_id) if initial is None else initial)
    if form.fields.keys() & uow.platform.host.input_names.keys():
        opened |= host_context(uow, instance.case_id).inputs
    checked: dict[str, Value] = form.validate(variables, uow.platform.feel, initial=opened)
    return checked


def _awaited(uow: UnitOfWork, case_id: UUID, names: list[str]) -> list[str]:
    """Return those of `names` that a waiting timer reads, though they had no value yet (an extension, say)."""
    if not names:
        return []
    read = uow.connection.execute(
        sa.select(timer.c.inputs_read).where(
            timer.c.case_id == case_id, timer.c.state == "waiting", timer.c.inputs_read.overlap(names)
        )
    ).scalars()
    known = {name for row in read for name in row}
    return [name for name in names if name in known]


def _record(uow: UnitOfWork, case_id: UUID, inputs: Mapping[str, Value]) -> list[InputChange]:
    given = {name: value for name, value in inputs.items() if value is not None}
    if not given:
        return []
    return uow.platform.host.record_inputs(
        uow.connection, case_id, given, actor_id=uow.actor.id, now=uow.now, reason=None
    )
