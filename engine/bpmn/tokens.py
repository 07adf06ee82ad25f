"""What waits where: reads user tasks, jobs, timers and subscriptions off the tokens of a run at rest."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from SpiffWorkflow.util.task import TaskState

from engine.bpmn import specs
from engine.bpmn.elements import Element
from engine.bpmn.run import Run
from engine.bpmn.times import due_time, retry_delays
from engine.domain.clock import day_end
from engine.domain.effects import Effect, JobOpened, MessageAwaited, TimerOpened, TokenClosed, UserTaskOpened
from engine.domain.errors import ExpressionFailedError, TingzhuError
from engine.expressions import is_expression, names_read, normalise

WaitKind = Literal["user_task", "job", "timer", "message", "incident"]
Waiting = dict[int, WaitKind]
"""token id -> what waits there"""


def waiting(run: Run) -> Waiting:
    """Return what waits at each token."""
    found: Waiting = {}
    for workflow in run.workflow.workflows():
        for task in workflow.tasks.values():
            kind = _kind(run, task)
            if kind is not None:
                found[task.id] = kind
    return found


def _kind(run: Run, task: Any) -> WaitKind | None:
    state = task._state
    if state not in (TaskState.READY, TaskState.STARTED, TaskState.WAITING):
        return None
    if "incident" in task.internal_data:
        return "incident"
    spec = task.task_spec
    if isinstance(spec, specs.UserTask):
        return "user_task" if state == TaskState.READY else None
    if isinstance(spec, specs.ServiceTask):
        return "job" if state == TaskState.STARTED else None
    if isinstance(spec, specs.CatchEvent | specs.BoundaryEvent) and state == TaskState.WAITING:
        element = run.element(task)
        if element is not None and element.event == "timer":
            return "timer"
        if element is not None and (element.event == "message" or element.type == "receiveTask"):
            return "message"
    return None


def changes(run: Run, before: Waiting) -> list[Effect]:
    """Return the effects of tokens that came and went since `before`.

    A token whose expressions fail stops with an incident instead; that is noted in `run.effects`.
    """
    after = waiting(run)
    effects: list[Effect] = [
        TokenClosed(token_id, kind) for token_id, kind in before.items() if after.get(token_id) != kind
    ]
    for token_id, kind in after.items():
        if before.get(token_id) == kind or kind == "incident":
            continue
        task = run.workflow.find(token_id)
        try:
            effects.append(_opened(run, task, kind))
        except TingzhuError as error:
            run.stop(task, error)
    return effects


def _opened(run: Run, task: Any, kind: str) -> Effect:
    element = run.element(task)
    assert element is not None
    scope = run.scope_of(task)
    place = run.place(task)
    match kind:
        case "user_task":
            return _user_task(run, task, element, scope)
        case "job":
            return JobOpened(
                place,
                element.topic or "",
                run.mapped(element, scope, element.inputs),
                retry_delays(element.retry_cycle),
            )
        case "timer":
            return open_timer(run, task)
        case _:
            return MessageAwaited(place, element.message_name or "")


def _text(run: Run, element: Element, scope: int, source: str | None) -> Any:
    """Evaluate an attribute that is a literal unless it is written as an expression."""
    if source is None:
        return None
    return run.compute(element, scope, source).value if is_expression(source) else source


def _names(value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    parts = value if isinstance(value, list) else str(value).split(",")
    return tuple(str(part).strip() for part in parts if str(part).strip())


def due_date_of(run: Run, element: Element, scope: int) -> tuple[datetime | None, Mapping[str, Any] | None]:
    """Return when a user task is due and the explanation of it. Raises ExpressionFailedError."""
    explanation = None
    if not element.due_date:
        return None, None
    if is_expression(element.due_date):
        evaluation = run.compute(element, scope, element.due_date)
        value, explanation = evaluation.value, (evaluation.explanations or (None,))[-1]
    else:
        value = element.due_date
    return (_due(run, element, "date", value).due_at if value is not None else None), explanation


def _user_task(run: Run, task: Any, element: Element, scope: int) -> UserTaskOpened:
    follow_up_at = None
    due_at, explanation = due_date_of(run, element, scope)
    if element.follow_up_date:
        value = _text(run, element, scope, element.follow_up_date)
        follow_up_at = _due(run, element, "date", value).due_at if value is not None else None
    priority = _text(run, element, scope, element.priority)
    return UserTaskOpened(
        place=run.place(task),
        form_key=element.form_key,
        assignee=_text(run, element, scope, element.assignee) or None,
        candidate_groups=_names(_text(run, element, scope, element.candidate_groups)),
        candidate_users=_names(_text(run, element, scope, element.candidate_users)),
        priority=int(priority) if priority is not None and str(priority).isdigit() else 50,
        due_at=due_at,
        follow_up_at=follow_up_at,
        due_explanation=explanation,
    )


def _due(run: Run, element: Element, kind: str, value: Any) -> Any:
    try:
        return due_time(kind, value, run.now)
    except ValueError as error:
        raise ExpressionFailedError(
            element_id=element.id,
            element_name=element.name,
            expression=element.timer or element.due_date or "",
            problem="结果不是时间",
            problem_en=str(error),
        ) from error


def open_timer(run: Run, task: Any) -> TimerOpened:
    """Return the timer of a waiting token, evaluated now. Raises ExpressionFailedError when it gives no time."""
    element = run.element(task)
    assert element is not None
    text = element.timer or ""
    explanation = None
    inputs_read: tuple[str, ...] = ()
    if is_expression(text):
        evaluation = run.compute(element, run.scope_of(task), text)
        value = evaluation.value
        explanation = (evaluation.explanations or (None,))[-1]
        inputs_read = tuple(sorted(names_read(normalise(text)) & run.inputs.keys()))
    else:
        value = text
    due = _due(run, element, element.timer_kind or "date", value)
    repeats = not element.is_interrupting and element.attached_to is not None
    return TimerOpened(
        place=run.place(task),
        kind=element.timer_kind or "date",  # type: ignore[arg-type]
        expression=text,
        inputs_read=inputs_read,
        due_at=day_end(due.due_on) if due.due_on is not None else due.due_at,
        due_on=due.due_on,
        explanation=explanation,
        is_provisional=bool(explanation and explanation.get("provisional")),
        repeats_left=due.repeats_left if repeats else None,
        interval_seconds=int(due.interval.total_seconds()) if due.interval is not None and repeats else None,
    )
