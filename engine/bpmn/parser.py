"""Builds SpiffWorkflow specs from normalised BPMN, with our own spec classes, and freezes them."""

from types import MethodType
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.parser.ProcessParser import ProcessParser
from SpiffWorkflow.bpmn.parser.task_parsers import CallActivityParser, SubWorkflowParser
from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser
from SpiffWorkflow.bpmn.parser.util import full_tag
from SpiffWorkflow.bpmn.specs.event_definitions import NoneEventDefinition
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask
from SpiffWorkflow.util.task import TaskState

from engine.bpmn import specs
from engine.bpmn.elements import Element
from engine.bpmn.xml import BPMN


def _add_multi_instance(self: Any, loop_characteristics: Any) -> None:
    original = self.spec.task_specs.pop(self.task.name)
    is_sequential = loop_characteristics.get("isSequential", "false").lower() == "true"
    self.task = specs.MultiInstance(self.spec, original.name, is_sequential, description="Multi-instance")
    self._copy_task_attrs(original, loop_characteristics)


def _add_loop(self: Any, loop_characteristics: Any) -> None:
    condition = loop_characteristics.find("{" + BPMN + "}loopCondition")
    maximum = loop_characteristics.get("loopMaximum")
    original = self.spec.task_specs.pop(self.task.name)
    self.task = specs.StandardLoop(
        self.spec,
        original.name,
        "",
        int(maximum) if maximum is not None else None,
        condition.text if condition is not None else None,
        loop_characteristics.get("testBefore", "false").lower() == "true",
        description="Loop",
    )
    self._copy_task_attrs(original, loop_characteristics)


class ActivityParser(TaskParser):
    """Parses a task."""

    _add_multiinstance_task = _add_multi_instance
    _add_loop_task = _add_loop


class SubProcessParser(SubWorkflowParser):
    """Parses an embedded sub-process."""

    _add_multiinstance_task = _add_multi_instance
    _add_loop_task = _add_loop


class CallParser(CallActivityParser):
    """Parses a call activity."""

    _add_multiinstance_task = _add_multi_instance
    _add_loop_task = _add_loop


class ScriptParser(ActivityParser):
    """Parses a script task; the script itself is read from the element."""

    def create_task(self) -> Any:
        """Return the script task's spec."""
        return self.spec_class(self.spec, self.bpmn_id, script="", **self.bpmn_attributes)


class CatchParser(ActivityParser):
    """Parses a catching event or receive task."""

    def create_task(self) -> Any:
        """Return a spec that waits for the step."""
        return self.spec_class(self.spec, self.bpmn_id, event_definition=specs.Awaited(), **self.bpmn_attributes)


class BoundaryParser(ActivityParser):
    """Parses a boundary event."""

    def create_task(self) -> Any:
        """Return a spec that waits for the step."""
        return self.spec_class(
            self.spec,
            self.bpmn_id,
            event_definition=specs.Awaited(),
            cancel_activity=self.node.get("cancelActivity", "true").lower() != "false",
            **self.bpmn_attributes,
        )


class StartParser(ActivityParser):
    """Parses the start event."""

    def create_task(self) -> Any:
        """Return a spec that begins at once."""
        task = self.spec_class(self.spec, self.bpmn_id, event_definition=NoneEventDefinition(), **self.bpmn_attributes)
        self.spec.start.connect(task)
        return task


class EndParser(ActivityParser):
    """Parses an end event."""

    def create_task(self) -> Any:
        """Return a spec connected to the process's end."""
        terminates = self.node.find("{" + BPMN + "}terminateEventDefinition") is not None
        definition = specs.Terminated() if terminates else NoneEventDefinition()
        task = self.spec_class(self.spec, self.bpmn_id, event_definition=definition, **self.bpmn_attributes)
        task.connect(self.spec.end)
        return task


class ThrowParser(ActivityParser):
    """Parses an intermediate throwing event."""

    def create_task(self) -> Any:
        """Return a spec whose event the step throws."""
        return self.spec_class(self.spec, self.bpmn_id, event_definition=NoneEventDefinition(), **self.bpmn_attributes)


class EventGatewayParser(ActivityParser):
    """Parses an event-based gateway."""

    def handles_multiple_outgoing(self) -> bool:
        """Return True: that is what it is for."""
        return True


class BackwardParser(ProcessParser):
    """Parses a process from its ends: the library follows the flows by recursion, a long way deeper than Python goes."""

    def add_tasks(self) -> None:
        """Parse what the start events reach, what follows before what leads there."""
        for node in self._following_first():
            self.parse_node(node)
        super().add_tasks()

    def _following_first(self) -> list[etree._Element]:
        known: set[str] = set()
        ordered: list[etree._Element] = []
        pending = [(node, False) for node in self.xpath("./bpmn:startEvent")]
        while pending:
            node, is_followed = pending.pop()
            node_id = node.get("id")
            if is_followed:
                ordered.append(node)
            elif node_id not in known:
                known.add(node_id)
                pending.append((node, True))
                flows = self.get_outgoing_sequence_flows(node_id)
                targets = [self.get_node_by_id(flow.get("targetRef")) for flow in flows]
                targets += self.get_boundary_events(node_id)
                pending += [(target, False) for target in targets if target is not None]
        return ordered


class ModelParser(BpmnParser):
    """The library's parser with our spec classes."""

    PROCESS_PARSER_CLASS = BackwardParser

    OVERRIDE_PARSER_CLASSES = {  # noqa: RUF012 - the library's own extension point
        full_tag("task"): (ActivityParser, specs.PlainTask),
        full_tag("userTask"): (ActivityParser, specs.UserTask),
        full_tag("manualTask"): (ActivityParser, specs.UserTask),
        full_tag("serviceTask"): (ActivityParser, specs.ServiceTask),
        full_tag("sendTask"): (ActivityParser, specs.ServiceTask),
        full_tag("scriptTask"): (ScriptParser, specs.ScriptTask),
        full_tag("businessRuleTask"): (ActivityParser, specs.BusinessRuleTask),
        full_tag("receiveTask"): (CatchParser, specs.CatchEvent),
        full_tag("subProcess"): (SubProcessParser, specs.SubProcess),
        full_tag("callActivity"): (CallParser, specs.CallActivity),
        full_tag("startEvent"): (StartParser, specs.StartEvent),
        full_tag("endEvent"): (EndParser, specs.EndEvent),
        full_tag("intermediateCatchEvent"): (CatchParser, specs.CatchEvent),
        full_tag("intermediateThrowEvent"): (ThrowParser, specs.ThrowEvent),
        full_tag("boundaryEvent"): (BoundaryParser, specs.BoundaryEvent),
        full_tag("eventBasedGateway"): (EventGatewayParser, specs.EventBasedGateway),
    }

    def _find_dependencies(self, process: Any) -> None:
        """Called processes are resolved by the bundle, not by the library."""


def build_specs(files: dict[str, etree._Element]) -> dict[str, Any]:
    """Return process and sub-process id -> frozen spec for normalised files (name -> root).

    Raises the library's ValidationException when a file still cannot be built.
    """
    parser = ModelParser()
    for name, root in files.items():
        parser.add_bpmn_xml(root, filename=name)
    built: dict[str, Any] = {}
    while len(built) < len(parser.process_parsers):
        for spec_id, process_parser in list(parser.process_parsers.items()):
            if spec_id not in built:
                built[spec_id] = process_parser.get_spec()
    for spec in built.values():
        freeze(spec)
    return built


def _predict_one_level(
    self: Any, my_task: Any, seen: Any = None, looked_ahead: int = 0, mask: int = TaskState.PREDICTED_MASK
) -> None:
    # The library predicts the whole way to the end after every step; only the next level is ever needed.
    if my_task.has_state(mask):
        self._predict_hook(my_task)


def _update(self: Any, my_task: Any) -> None:
    # A boundary event goes from predicted to waiting without an update in between: it has no way on yet.
    if my_task.has_state(TaskState.PREDICTED_MASK | TaskState.FUTURE) or not my_task._children:
        self._predict_hook(my_task)
    if self._update_hook(my_task):
        my_task._ready()


def freeze(spec: Any) -> None:
    """Connect beforehand what the library would connect while a case runs, so that no case leaves a trace."""
    for task_spec in spec.task_specs.values():
        task_spec._predict = MethodType(_predict_one_level, task_spec)
        task_spec._update = MethodType(_update, task_spec)
        if isinstance(task_spec, LoopTask):
            child = spec.task_specs[task_spec.task_spec]
            if not child.completed_event.is_connected(task_spec.merge_child):
                child.completed_event.connect(task_spec.merge_child)


def fingerprint(spec: Any) -> dict[str, Any]:
    """Return everything of a spec that a running case could change; equal before and after when none did."""
    return {
        name: (
            tuple(task_spec._inputs),
            tuple(task_spec._outputs),
            task_spec.completed_event.n_subscribers(),
            tuple(str(item) for item in getattr(task_spec, "cond_task_specs", ())),
            getattr(task_spec, "choice", None),
        )
        for name, task_spec in spec.task_specs.items()
    }


Elements = dict[str, Element]
