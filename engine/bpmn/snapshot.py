"""The stored state of a process instance: live tokens and what joins, boundary events and loops still need of the past.

Finished tasks are dropped, so that a step costs the same at the first and at the thousandth task. The format has a
version (`FORMAT`); stored samples of every version are kept as golden files under tests.

    {"format": 1, "process": key, "next": n, "scopes": {...},
     "top": [row, ...], "subs": [[parent token, spec name, scope, [row, ...]], ...]}
    row = [id, parent, spec name, state, triggered, internal data, order of last change]
"""

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.bpmn.specs.control import BoundaryEventSplit
from SpiffWorkflow.bpmn.specs.mixins.unstructured_join import UnstructuredJoin
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.bpmn.scopes import ROOT, Scopes
from engine.bpmn.specs import EventBasedGateway
from engine.bpmn.workflow import LIVE, CaseSubWorkflow, CaseWorkflow

FORMAT = 1


def encode_workflow(workflow: CaseWorkflow, scopes: Scopes, process_key: str, next_id: int) -> dict[str, Any]:
    """Return the snapshot of a workflow at rest."""
    subs = [
        [sub.parent_task_id, sub.spec.name, sub.scope, _rows(sub)]
        for sub in workflow.subprocesses.values()
        if not sub.completed and _is_live(workflow.find(sub.parent_task_id))
    ]
    scopes.keep_only(_scopes_in_use(workflow))
    return {
        "format": FORMAT,
        "process": process_key,
        "next": next_id,
        "scopes": scopes.as_json(),
        "top": _rows(workflow),
        "subs": subs,
    }


def decode_workflow(snapshot: dict[str, Any], specs: Mapping[str, Any], script_engine: Any) -> CaseWorkflow:
    """Return the workflow of a snapshot, ready to go on. `specs` maps process and sub-process ids to frozen specs.

    Raises ValueError when the snapshot has a format this build does not read.
    """
    if snapshot["format"] != FORMAT:
        raise ValueError(f"snapshot format {snapshot['format']} is not read by this build (reads {FORMAT})")
    workflow = CaseWorkflow(specs[snapshot["process"]], specs, script_engine, deserializing=True)
    _restore(workflow, snapshot["top"])
    for parent_id, name, scope, rows in snapshot["subs"]:
        # Its depth is worked out from the parent's tasks: outer sub-processes are stored before inner ones.
        sub = CaseSubWorkflow(specs[name], parent_id, workflow, deserializing=True)
        workflow.subprocesses[parent_id] = sub
        sub.scope = scope
        _restore(sub, rows)
        parent = workflow.find(parent_id)
        sub.completed_event.connect(parent.task_spec._on_subworkflow_completed, parent)
    for part in workflow.workflows():
        _predict(part)
    return workflow


def _is_live(task: Any) -> bool:
    return task is not None and task.has_state(LIVE)


def _scopes_in_use(workflow: CaseWorkflow) -> set[int]:
    used = {ROOT}
    for part in workflow.workflows():
        used.add(part.scope)
        for task in part.tasks.values():
            if task.has_state(LIVE):
                used |= {task.internal_data[key] for key in ("scope", "child_scope") if key in task.internal_data}
    return used


def _kept(workflow: Any) -> dict[int, Any]:
    """Return the tasks that the future may still ask about."""
    kept = {workflow.task_tree.id: workflow.task_tree}
    arrivals: dict[str, list[Any]] = {}
    for task in workflow.tasks.values():
        spec = task.task_spec
        if isinstance(spec, UnstructuredJoin) and task.has_state(TaskState.FINISHED_MASK):
            arrivals.setdefault(spec.name, []).append(task)
        if not task.has_state(LIVE):
            continue
        kept[task.id] = task
        parent = task.parent
        if parent is None:
            continue
        if isinstance(spec, UnstructuredJoin) or isinstance(parent.task_spec, EventBasedGateway):
            kept[parent.id] = parent
        ancestor = parent
        while ancestor is not None:
            # A boundary event's split is open while the activity or one of its events lives.
            if isinstance(ancestor.task_spec, BoundaryEventSplit) and any(
                _is_live(child) for child in ancestor.children
            ):
                kept[ancestor.id] = ancestor
                kept.update({child.id: child for child in ancestor.children if child is not None})
            ancestor = ancestor.parent
    for tasks in arrivals.values():
        # Arrivals that have not fired are CANCELLED, later than the join's last firing; the join asks their parents.
        fired = max((task.last_state_change for task in tasks if task.has_state(TaskState.COMPLETED)), default=-1)
        for task in tasks:
            parent = task.parent
            is_open = task.has_state(TaskState.CANCELLED) and task.last_state_change > fired
            if is_open and parent is not None and parent.has_state(TaskState.COMPLETED):
                kept[task.id] = task
                kept[parent.id] = parent
    return kept


def _rows(workflow: Any) -> list[list[Any]]:
    kept = _kept(workflow)
    rows = []
    for task in workflow.tasks.values():
        if task.id not in kept:
            continue
        parent = task.parent
        while parent is not None and parent.id not in kept:
            parent = parent.parent
        rows.append(
            [
                task.id,
                parent.id if parent is not None else None,
                task.task_spec.name,
                task._state,
                task.triggered,
                task.internal_data,
                task.last_state_change,
            ]
        )
    return rows


def _restore(workflow: Any, rows: list[list[Any]]) -> None:
    for task_id, parent_id, name, state, triggered, internal_data, order in rows:
        task = Task.__new__(Task)
        task.id = task_id
        task.workflow = workflow
        task._parent = parent_id
        task._children = []
        task._state = state
        task.triggered = triggered
        task.task_spec = workflow.spec.task_specs[name]
        task.thread_id = 0
        task.data = {}
        task.internal_data = internal_data
        task.last_state_change = order
        workflow.tasks[task_id] = task
        if parent_id is None:
            workflow.task_tree = task
    for task in workflow.tasks.values():
        if task._parent is not None:
            workflow.tasks[task._parent]._children.append(task.id)


def _predict(workflow: Any) -> None:
    for task in list(workflow.tasks.values()):
        if task.has_state(LIVE):
            task.task_spec._predict_hook(task)
