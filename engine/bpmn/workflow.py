"""SpiffWorkflow's workflow classes without the parts that walk the whole tree or look at the clock."""

from collections.abc import Iterator
from typing import Any

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.specs.Join import Join
from SpiffWorkflow.util.task import TaskState

LIVE = TaskState.READY | TaskState.WAITING | TaskState.STARTED


def _update_joins(workflow: Any) -> None:
    for task in [task for task in workflow.tasks.values() if task._state == TaskState.WAITING]:
        if task._state == TaskState.WAITING and isinstance(task.task_spec, Join):
            task.task_spec._update(task)


class CaseWorkflow(BpmnWorkflow):
    """The instance's own process."""

    scope = 0

    def update_waiting_tasks(self) -> None:
        """Look at waiting joins only: everything else that waits is fired by the step."""
        _update_joins(self)

    def workflows(self) -> Iterator[Any]:
        """Yield this workflow and every open sub-process, outermost first."""
        yield self
        for subworkflow in self.subprocesses.values():
            if not subworkflow.completed:
                yield subworkflow

    def find(self, token_id: int) -> Any:
        """Return the task of a token, or None."""
        for workflow in self.workflows():
            if token_id in workflow.tasks:
                return workflow.tasks[token_id]
        return None


class CaseSubWorkflow(BpmnSubWorkflow):
    """An embedded or called process inside it."""

    scope = 0

    def update_waiting_tasks(self) -> None:
        """Look at waiting joins only."""
        _update_joins(self)
