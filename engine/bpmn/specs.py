"""Task specs: how each BPMN element behaves in SpiffWorkflow, with data, time and services taken over by the step.

The library's own `task.data` stays empty: variables live in the step's scopes (`engine.bpmn.scopes`). Whatever a
spec needs of the running step it finds as `task.workflow.script_engine`, which is the `engine.bpmn.run.Run`.
"""

from typing import Any

from SpiffWorkflow.bpmn.specs import defaults
from SpiffWorkflow.bpmn.specs.event_definitions import TerminateEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.base import EventDefinition
from SpiffWorkflow.bpmn.specs.mixins.bpmn_spec_mixin import BpmnSpecMixin
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask
from SpiffWorkflow.util.task import TaskState


class Awaited(EventDefinition):
    """An event that fires only when the step says so: timers, messages and conditions never fire by themselves."""


class Terminated(TerminateEventDefinition):
    """A terminate end event: ends its process; nobody catches it."""

    def throw(self, my_task: Any) -> None:
        """Do nothing: the end event itself cancels what is left."""


class UserTask(defaults.UserTask):
    """Waits for a person."""


class PlainTask(defaults.NoneTask):
    """A task without type is done as soon as it is reached (the library would wait for a person)."""

    def __init__(self, wf_spec: Any, bpmn_id: str, **kwargs: Any) -> None:
        super().__init__(wf_spec, bpmn_id, **kwargs)
        self.manual = False


class ServiceTask(defaults.ServiceTask):
    """Waits in state STARTED for the result of a job."""

    def _run_hook(self, my_task: Any) -> None:
        return None


class ScriptTask(defaults.ScriptTask):
    """Runs its script in the step's session."""

    def _run_hook(self, my_task: Any) -> bool:
        my_task.workflow.script_engine.run_script(my_task)
        return True


class BusinessRuleTask(BpmnSpecMixin):
    """Evaluates a decision."""

    def _run_hook(self, my_task: Any) -> bool:
        my_task.workflow.script_engine.run_decision(my_task)
        return True


class EndEvent(defaults.EndEvent):
    """An error end event stays open until its catcher has canceled what surrounds it."""

    def _run_hook(self, my_task: Any) -> bool | None:
        return my_task.workflow.script_engine.throw(my_task)


class ThrowEvent(defaults.IntermediateThrowEvent):
    """Throws a message or an escalation."""

    def _run_hook(self, my_task: Any) -> bool | None:
        return my_task.workflow.script_engine.throw(my_task)


class CatchEvent(defaults.IntermediateCatchEvent):
    """Waits until the step fires it."""


class BoundaryEvent(defaults.BoundaryEvent):
    """Waits beside an activity until the step fires it."""


class StartEvent(defaults.StartEvent):
    """Begins a process; whichever message started the instance has arrived already."""


class EventBasedGateway(BpmnSpecMixin):
    """Lets its catching events wait side by side; the step cancels the others when one fires (BPMN 2.0.2, 10.6.6)."""


class SubProcess(defaults.SubWorkflowTask):
    """An embedded sub-process: shares its parent's variables unless it has input parameters of its own."""

    def start_workflow(self, my_task: Any) -> None:
        """Open the sub-process inside the running step."""
        my_task.workflow.script_engine.enter_subprocess(self, my_task)

    def _on_subworkflow_completed(self, subworkflow: Any, my_task: Any) -> None:
        my_task.workflow.script_engine.leave_subprocess(subworkflow, my_task)


class CallActivity(defaults.CallActivity):
    """A called process: isolated variables, `camunda:in` and `camunda:out` between."""

    def start_workflow(self, my_task: Any) -> None:
        """Open the called process inside the running step."""
        my_task.workflow.script_engine.enter_subprocess(self, my_task)

    def _on_subworkflow_completed(self, subworkflow: Any, my_task: Any) -> None:
        my_task.workflow.script_engine.leave_subprocess(subworkflow, my_task)


class StandardLoop(defaults.StandardLoopTask):
    """Repeats an activity while its condition holds."""


class MultiInstance(LoopTask):
    """Runs an activity once per item, together or one after the other; each item has a scope of its own."""

    def __init__(self, wf_spec: Any, bpmn_id: str, is_sequential: bool, **kwargs: Any) -> None:
        super().__init__(wf_spec, bpmn_id, **kwargs)
        self.bpmn_id = bpmn_id
        self.task_spec = ""
        self.is_sequential = is_sequential

    def _update_hook(self, my_task: Any) -> bool:
        run = my_task.workflow.script_engine
        items = run.items(my_task)
        if items is None:
            my_task._set_state(TaskState.WAITING)
            return False
        my_task.internal_data.update(items=items, next=0, merged=[], results=[None] * len(items))
        if not items:
            run.collect_results(my_task)
            return True
        my_task._set_state(TaskState.STARTED)
        for _ in range(1 if self.is_sequential else len(items)):
            self._open_item(my_task)
        return False

    def _open_item(self, my_task: Any) -> None:
        index = my_task.internal_data["next"]
        my_task.internal_data["next"] = index + 1
        child = my_task._add_child(my_task.workflow.spec.task_specs[self.task_spec], TaskState.WAITING)
        child.triggered = True
        child.internal_data["index"] = index
        my_task.workflow.script_engine.open_item_scope(my_task, child, index)
        child.task_spec._update(child)

    def merge_child(self, workflow: Any, child: Any) -> None:
        """Called by the library when the activity of one item is complete."""
        my_task = child.parent
        run = my_task.workflow.script_engine
        is_done = run.close_item(my_task, child)
        my_task.internal_data["merged"].append(child.id)
        total = len(my_task.internal_data["items"])
        if is_done or len(my_task.internal_data["merged"]) == total:
            for instance in list(self._instances(my_task)):
                if instance is not child:
                    instance.cancel()
            run.collect_results(my_task)
            my_task._set_state(TaskState.READY)
        elif self.is_sequential:
            self._open_item(my_task)
