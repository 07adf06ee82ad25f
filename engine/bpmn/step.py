"""A step: snapshot + stimulus -> snapshot + effects. No I/O, no clock, no chance inside."""

from collections.abc import Mapping, Set
from datetime import datetime
from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.bpmn import library, specs
from engine.bpmn.bundle import Bundle
from engine.bpmn.run import Decide, Run
from engine.bpmn.tokens import Waiting, changes, due_date_of, open_timer, waiting
from engine.domain.effects import Effect, StepResult, TimerOpened, VariableSet
from engine.domain.errors import ConflictError, ExpressionFailedError
from engine.domain.stimuli import (
    BpmnErrorThrown,
    Canceled,
    IncidentRetried,
    JobCompleted,
    MessageReceived,
    Started,
    Stimulus,
    TimerFired,
    UserTaskCompleted,
)
from engine.domain.values import Value
from engine.expressions import Session, names_read, normalise


class TokenGoneError(ConflictError):
    """The token that a stimulus was meant for is no longer there."""

    zh = "流程已经离开该环节（{element_id}），此操作不再适用。"
    en = "The process has left {element_id}; this no longer applies."


class BpmnErrorNotCaughtError(ConflictError):
    """A handler threw a BPMN error that nothing catches."""

    zh = "BPMN 错误 {error_code} 在元素“{element_name}”上没有被任何边界事件捕获：{message}"
    en = "No boundary event catches the BPMN error {error_code} at {element_name!r}: {message}"


def step(
    bundle: Bundle,
    snapshot: dict[str, Any] | None,
    stimulus: Stimulus,
    *,
    now: datetime,
    session: Session,
    inputs: Mapping[str, Value],
    input_names: Set[str] = frozenset(),
    decide: Decide,
) -> StepResult:
    """Take one step of a process instance.

    `snapshot` is None for `Started` and is never changed; `inputs` are the host's named inputs, `input_names` all it
    may have. Raises TokenGoneError when the stimulus comes too late, BpmnErrorNotCaughtError, and
    ExpressionFailedError where a failing expression cannot be kept as an incident.
    """
    run = Run(bundle, session, dict.fromkeys(input_names) | dict(inputs), now, decide)
    before: Waiting = {}
    if isinstance(stimulus, Started):
        run.begin(stimulus.process_key, stimulus.variables)
    else:
        assert snapshot is not None
        run.restore(library.copy_json(snapshot))
        before = waiting(run)
        _apply(run, stimulus)
    if not isinstance(stimulus, Canceled):
        run.settle()
    token_effects = changes(run, before)
    effects: list[Effect] = [*_variables(run), *run.effects, *token_effects]
    if isinstance(stimulus, Canceled):
        state = "canceled"
    else:
        state = "completed" if run.workflow.completed else "active"
    active = [bundle.owners[part.spec.name] for part in run.workflow.workflows()]
    return StepResult(
        snapshot=run.snapshot() if state == "active" else None,
        state=state,  # type: ignore[arg-type]
        effects=tuple(effects),
        active_processes=tuple(dict.fromkeys(active)) if state == "active" else (),
        variables=dict(run.scopes[0].values),
    )


def reevaluate_timers(
    bundle: Bundle,
    snapshot: dict[str, Any],
    token_ids: Set[int],
    *,
    now: datetime,
    session: Session,
    inputs: Mapping[str, Value],
    input_names: Set[str],
    decide: Decide,
) -> list[TimerOpened]:
    """Return the timers of waiting tokens as they come out with other named inputs; the snapshot stays as it is.

    One that cannot be counted because an input it reads has no value any more is left out: it keeps the day it had.
    Raises ExpressionFailedError when one fails otherwise.
    """
    run = Run(bundle, session, dict.fromkeys(input_names) | dict(inputs), now, decide)
    run.restore(library.copy_json(snapshot))
    found = []
    for token_id in sorted(token_ids):
        task = run.workflow.find(token_id)
        if task is None or task._state != TaskState.WAITING:
            continue
        try:
            found.append(open_timer(run, task))
        except ExpressionFailedError:
            element = run.element(task)
            if element is None or not _counts_from_nothing(run, element.timer):
                raise
    return found


def reevaluate_due_dates(
    bundle: Bundle,
    snapshot: dict[str, Any],
    token_ids: Set[int],
    names: Set[str] | None,
    *,
    now: datetime,
    session: Session,
    inputs: Mapping[str, Value],
    input_names: Set[str],
    decide: Decide,
) -> dict[int, tuple[datetime | None, Mapping[str, Any] | None]]:
    """Return token -> due instant and explanation of user tasks as they come out now; the snapshot stays as it is.

    With `names`, of those user tasks alone whose due date reads one of them. One that cannot be counted because an input
    it reads has no value any more is left out. Raises ExpressionFailedError when one fails otherwise.
    """
    run = Run(bundle, session, dict.fromkeys(input_names) | dict(inputs), now, decide)
    run.restore(library.copy_json(snapshot))
    found = {}
    for token_id in sorted(token_ids):
        task = run.workflow.find(token_id)
        element = run.element(task) if task is not None and task._state == TaskState.READY else None
        if element is None or not element.due_date:
            continue
        if names is None or names & names_read(normalise(element.due_date)):
            try:
                found[token_id] = due_date_of(run, element, run.scope_of(task))
            except ExpressionFailedError:
                if not _counts_from_nothing(run, element.due_date):
                    raise
    return found


def _counts_from_nothing(run: Run, text: str | None) -> bool:
    """Tell whether an expression reads a named input that has no value."""
    return any(run.inputs[name] is None for name in names_read(normalise(text or "")) & run.inputs.keys())


def _variables(run: Run) -> list[VariableSet]:
    last = {(process_key, name): value for process_key, name, value in run.scopes.changes}
    return [VariableSet(process_key, name, value) for (process_key, name), value in last.items()]


def _apply(run: Run, stimulus: Stimulus) -> None:
    if isinstance(stimulus, Canceled):
        run.workflow.cancel()
        for sub in run.workflow.subprocesses.values():
            sub.completed = True
        return
    assert not isinstance(stimulus, Started)
    task = run.workflow.find(stimulus.token_id)
    if task is None or not task.has_state(TaskState.READY | TaskState.WAITING | TaskState.STARTED):
        raise TokenGoneError(element_id=stimulus.token_id)
    scope = run.scope_of(task)
    match stimulus:
        case UserTaskCompleted(variables=variables):
            _require(isinstance(task.task_spec, specs.UserTask) and task._state == TaskState.READY, task)
            run.assign(scope, variables)
            run.complete_task(task)
        case JobCompleted(result=result):
            _require(isinstance(task.task_spec, specs.ServiceTask), task)
            _complete_job(run, task, scope, result)
        case BpmnErrorThrown(error_code=code, message=message, variables=variables):
            if not run.throw_error(task, code, message, variables):
                element_name = run.place(task).element_name
                raise BpmnErrorNotCaughtError(error_code=code, element_name=element_name, message=message)
        case MessageReceived(variables=variables):
            run.assign(scope, variables)
            run.fire(task)
        case TimerFired(is_last=is_last):
            run.fire(task)
            if is_last and task._state == TaskState.WAITING:
                task.cancel()  # a non-interrupting timer that will not fire again
        case IncidentRetried():
            run.retry(task)


def _require(holds: bool, task: Any) -> None:
    if not holds:
        raise TokenGoneError(element_id=getattr(task.task_spec, "bpmn_id", task.id))


def _complete_job(run: Run, task: Any, scope: int, result: Mapping[str, Value]) -> None:
    element = run.element(task)
    assert element is not None
    if element.outputs:
        local = run.scopes.open("local", scope, element.process_key, library.next_number())
        for name, value in result.items():
            run.scopes.define(local, name, value)
        try:
            run.assign(scope, run.mapped(element, local, element.outputs))
        finally:
            run.scopes.close(local)
    else:
        run.assign(scope, result)
    run.complete_task(task)
