"""One step in progress: drives the tokens of a process instance until all of them wait."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from SpiffWorkflow.bpmn.specs.control import BoundaryEventJoin, BoundaryEventSplit, _EndJoin
from SpiffWorkflow.bpmn.specs.mixins.unstructured_join import UnstructuredJoin
from SpiffWorkflow.exceptions import WorkflowException
from SpiffWorkflow.util.task import TaskState

from engine.bpmn import library, specs
from engine.bpmn.bundle import Bundle
from engine.bpmn.elements import Element
from engine.bpmn.elements import Mapping as ElementMapping
from engine.bpmn.scopes import ROOT, Scopes, View
from engine.bpmn.snapshot import decode_workflow, encode_workflow
from engine.bpmn.workflow import CaseSubWorkflow, CaseWorkflow
from engine.domain.effects import Effect, ElementPassed, IncidentFound, MessageThrown, Place
from engine.domain.errors import ExpressionFailedError, TingzhuError
from engine.domain.values import Value, decode, encode
from engine.expressions import Evaluation, ExpressionProblemError, Session, normalise

MAX_RUNS = 5_000
"""Elements one step may pass; a model that needs more runs in circles."""
COMPACT_EVERY = 200
MAX_ITEMS = 10_000


class Decide(Protocol):
    """Evaluates a decision of the bundle: (decision key, what it may read, how to map) -> result."""

    def __call__(self, decision_key: str, view: Mapping[str, Value], map_result: str) -> Value: ...


class Run:
    """The script engine of the library, and everything a spec needs of the step."""

    def __init__(
        self,
        bundle: Bundle,
        session: Session,
        inputs: Mapping[str, Value],
        now: datetime,
        decide: Decide,
    ) -> None:
        self.bundle = bundle
        self.session = session
        self.inputs = inputs
        self.now = now
        self.decide = decide
        self.effects: list[Effect] = []
        self.workflow: CaseWorkflow
        self.scopes: Scopes
        self.process_key = ""

    # -- beginning and end ------------------------------------------------------------------------------------

    def begin(self, process_key: str, variables: Mapping[str, Value]) -> None:
        """Make the first tokens of a new instance."""
        library.set_counter(1)
        self.process_key = process_key
        self.scopes = Scopes(process_key)
        self.assign(ROOT, variables)
        self.workflow = CaseWorkflow(self.bundle.specs[process_key], self.bundle.specs, self)

    def restore(self, snapshot: dict[str, Any]) -> None:
        """Take up an instance where its snapshot left it."""
        library.set_counter(snapshot["next"])
        self.process_key = snapshot["process"]
        self.scopes = Scopes.from_json(snapshot["scopes"])
        self.workflow = decode_workflow(snapshot, self.bundle.specs, self)

    def snapshot(self) -> dict[str, Any]:
        """Return the state at rest."""
        return encode_workflow(self.workflow, self.scopes, self.process_key, library.counter())

    # -- places, views, variables -----------------------------------------------------------------------------

    def element(self, task: Any) -> Element | None:
        """Return the element of the diagram that a task stands for; None for the library's internal ones."""
        element_id = getattr(task.task_spec, "bpmn_id", None)
        if element_id is None:
            return None
        return self.bundle.elements[self.bundle.owners[task.workflow.spec.name]].get(element_id)

    def place(self, task: Any) -> Place:
        """Return where in the model a token stands."""
        element = self.element(task)
        if element is None:
            return Place(task.id, self.bundle.owners[task.workflow.spec.name], task.task_spec.name, task.task_spec.name)
        return Place(task.id, element.process_key, element.id, element.name)

    def scope_of(self, task: Any) -> int:
        """Return the scope a token reads and writes."""
        return task.internal_data.get("scope", task.workflow.scope)

    def view(self, scope: int) -> View:
        """Return what expressions in a scope see."""
        return View(self.scopes, scope, self.inputs, self.bundle.names[self.scopes[scope].process_key])

    def assign(self, scope: int, values: Mapping[str, Value]) -> None:
        """Set variables from a scope."""
        for name, value in values.items():
            self.scopes.assign(scope, name, value)

    # -- expressions ------------------------------------------------------------------------------------------

    def compute(self, element: Element, scope: int, source: str) -> Evaluation:
        """Evaluate an expression of an element. Raises ExpressionFailedError naming both."""
        expression = normalise(source)
        try:
            return self.session.evaluate(expression, self.view(scope))
        except ExpressionProblemError as problem:
            raise _failed(element, expression, problem) from problem

    def evaluate(self, task: Any, expression: str, external_context: Any = None) -> Value:
        """Evaluate a condition: the call the library makes."""
        element = self.element(task) or self._outer_element(task)
        return self.compute(element, self.scope_of(task), expression).value

    def _outer_element(self, task: Any) -> Element:
        element_id = task.task_spec.name.split("__")[0].removesuffix(" [child]")
        return self.bundle.elements[self.bundle.owners[task.workflow.spec.name]][element_id]

    def mapped(self, element: Element, scope: int, mappings: tuple[ElementMapping, ...]) -> dict[str, Value]:
        """Evaluate input, output or call mappings."""
        return {
            item.target: self.compute(element, scope, item.source).value if item.is_expression else item.source
            for item in mappings
        }

    def run_script(self, task: Any) -> None:
        """Run a script task and keep what it assigned."""
        element = self._known(task)
        script = element.script or ""
        try:
            assigned = self.session.execute(script, self.view(self.scope_of(task)))
        except ExpressionProblemError as problem:
            raise _failed(element, script, problem) from problem
        self.assign(self.scope_of(task), assigned)

    def run_decision(self, task: Any) -> None:
        """Evaluate a business rule task's decision and keep its result."""
        element = self._known(task)
        scope = self.scope_of(task)
        result = self.decide(element.decision_ref or "", self.view(scope), element.map_result)
        if element.result_variable:
            self.assign(scope, {element.result_variable: result})
        elif isinstance(result, dict):
            self.assign(scope, result)

    def _known(self, task: Any) -> Element:
        element = self.element(task)
        assert element is not None
        return element

    # -- sub-processes and items ------------------------------------------------------------------------------

    def enter_subprocess(self, spec: Any, task: Any) -> None:
        """Open an embedded or called process at a token."""
        element = self._known(task)
        outer = self.scope_of(task)
        is_call = isinstance(spec, specs.CallActivity)
        process_key = spec.spec if is_call else element.process_key
        values: dict[str, Value] = {}
        try:
            if is_call:
                if element.pass_all_in:
                    for scope in reversed(list(self.scopes.chain(outer))):
                        values |= scope.values
                values |= self.mapped(element, outer, element.in_mappings)
            else:
                values = self.mapped(element, outer, element.inputs)
        except TingzhuError as error:
            self.stop(task, error)
            return
        if is_call:
            inner = self.scopes.open("process", None, process_key, library.next_number())
        elif element.inputs:
            inner = self.scopes.open("local", outer, process_key, library.next_number())
        else:
            inner = outer
        if inner != outer:
            for name, value in values.items():
                self.scopes.define(inner, name, value)
            task.internal_data["child_scope"] = inner
        sub = CaseSubWorkflow(self.workflow.subprocess_specs[spec.spec], task.id, self.workflow)
        sub.scope = inner
        self.workflow.subprocesses[task.id] = sub
        sub.completed_event.connect(spec._on_subworkflow_completed, task)
        self.run_task(sub.task_tree)

    def leave_subprocess(self, subworkflow: Any, task: Any) -> None:
        """Note that a sub-process has come to its end; its token goes on in the loop."""
        self.workflow.subprocesses.pop(task.id, None)
        task._set_state(TaskState.READY)

    def _close_subprocess(self, task: Any) -> None:
        inner = task.internal_data.get("child_scope")
        if inner is None:
            return
        element = self._known(task)
        outer = self.scope_of(task)
        mappings = element.out_mappings if element.type == "callActivity" else element.outputs
        values = dict(self.scopes[inner].values) if element.pass_all_out else {}
        values |= self.mapped(element, inner, mappings)
        self.assign(outer, values)
        self.scopes.close(inner)
        del task.internal_data["child_scope"]

    def items(self, task: Any) -> list[Any] | None:
        """Return a multi-instance activity's items in stored form; None when they cannot be had (an incident)."""
        element = self._known(task)
        loop = element.multi_instance
        assert loop is not None
        try:
            if loop.collection is not None:
                value = self.compute(element, self.scope_of(task), loop.collection).value
                found = list(value) if isinstance(value, list | dict) else None
            else:
                count = self.compute(element, self.scope_of(task), loop.cardinality or "0").value
                found = list(range(count)) if isinstance(count, int) and 0 <= count <= MAX_ITEMS else None
        except TingzhuError as error:
            self.stop(task, error)
            return None
        if found is None or len(found) > MAX_ITEMS:
            source = loop.collection or loop.cardinality or ""
            self.stop(
                task,
                ExpressionFailedError(
                    element_id=element.id,
                    element_name=element.name,
                    expression=source,
                    problem=f"结果不是最多 {MAX_ITEMS} 项的列表（或非负整数）",
                    problem_en=f"it is not a list of at most {MAX_ITEMS} items, or a number",
                ),
            )
            return None
        return [encode(item) for item in found]

    def open_item_scope(self, task: Any, child: Any, index: int) -> None:
        """Give one item of a multi-instance activity its own scope."""
        element = self._known(task)
        loop = element.multi_instance
        assert loop is not None
        scope = self.scopes.open("item", self.scope_of(task), element.process_key, library.next_number())
        self.scopes.define(scope, "loopCounter", index)
        if loop.item_name:
            self.scopes.define(scope, loop.item_name, decode(task.internal_data["items"][index]))
        child.internal_data["scope"] = scope

    def close_item(self, task: Any, child: Any) -> bool:
        """Collect one item's output; return whether the completion condition ends the activity."""
        element = self._known(task)
        loop = element.multi_instance
        assert loop is not None
        scope = child.internal_data["scope"]
        index = child.internal_data["index"]
        if loop.output_item:
            task.internal_data["results"][index] = encode(self.view(scope).get(loop.output_item))
        is_done = False
        if loop.condition:
            total = len(task.internal_data["items"])
            done = len(task.internal_data["merged"]) + 1
            self.scopes.define(scope, "nrOfInstances", total)
            self.scopes.define(scope, "nrOfCompletedInstances", done)
            is_done = bool(self.compute(element, scope, loop.condition).value)
        self.scopes.close(scope)
        child.internal_data.pop("scope")
        return is_done

    def collect_results(self, task: Any) -> None:
        """Set a multi-instance activity's output collection."""
        loop = self._known(task).multi_instance
        assert loop is not None
        if loop.output_collection:
            results = [decode(item) for item in task.internal_data["results"]]
            self.assign(self.scope_of(task), {loop.output_collection: results})

    # -- events -----------------------------------------------------------------------------------------------

    def fire(self, task: Any) -> None:
        """Let a waiting catching event happen."""
        spec = task.task_spec
        if isinstance(spec, specs.BoundaryEvent) and not spec.cancel_activity:
            self._spawn(task)
            return
        if isinstance(task.parent.task_spec, specs.EventBasedGateway):
            for sibling in task.parent.children:
                if sibling is not task:
                    sibling.cancel()
        task.internal_data["event_fired"] = True
        spec._update(task)

    def _spawn(self, task: Any) -> None:
        """Start the branch of a non-interrupting boundary event; the event itself may fire again."""
        self._pass(task)
        for spec in task.task_spec.outputs:
            if not isinstance(spec, BoundaryEventJoin):
                # Not below the event: what hangs there is dropped when the activity ends and its events are canceled.
                branch = task.workflow.task_tree._add_child(spec, TaskState.FUTURE)
                branch.triggered = True
                spec._update(branch)

    def throw(self, task: Any) -> bool | None:
        """Throw what a throwing or end event throws; None keeps its token open until a catcher has canceled it."""
        element = self.element(task)
        match element.event if element is not None else None:
            case "message":
                assert element is not None
                self.effects.append(MessageThrown(self.place(task), element.message_name or ""))
            case "error":
                assert element is not None
                catcher = self._catcher(task, "error", element.error_code)
                if catcher is None:
                    self.stop_with(
                        task,
                        "bpmn-error-not-caught",
                        f"BPMN 错误 {element.error_code} 没有被任何边界事件捕获。",
                        f"No boundary event catches the BPMN error {element.error_code}.",
                    )
                else:
                    self.fire(catcher)
                return None
            case "escalation":
                assert element is not None
                catcher = self._catcher(task, "escalation", element.escalation_code)
                if catcher is not None:
                    self.fire(catcher)
                    if catcher.task_spec.cancel_activity:
                        return None
        return True

    def throw_error(self, task: Any, code: str, message: str, values: Mapping[str, Value]) -> bool:
        """Throw a BPMN error at an activity; return whether a boundary event caught it."""
        catcher = self._catcher(task, "error", code)
        if catcher is None:
            return False
        self.assign(self.scope_of(catcher), values)
        self.fire(catcher)
        return True

    def _catcher(self, task: Any, event: str, code: str | None) -> Any:
        """Return the nearest waiting boundary event around a token that catches the code (BPMN 2.0.2, 10.5.6)."""
        while task is not None:
            activity = task.parent if task.task_spec.name.endswith(" [child]") else task
            split = activity.parent
            if split is not None and isinstance(split.task_spec, BoundaryEventSplit):
                candidates = [
                    (element.error_code if event == "error" else element.escalation_code, child)
                    for child in split.children
                    if isinstance(child.task_spec, specs.BoundaryEvent)
                    and child._state == TaskState.WAITING
                    and (element := self._known(child)).event == event
                ]
                for wanted, child in sorted(candidates, key=lambda found: found[0] is None):
                    if wanted is None or wanted == code:
                        return child
            parent_id = task.workflow.parent_task_id
            task = self.workflow.find(parent_id) if parent_id is not None else None
        return None

    # -- the loop ---------------------------------------------------------------------------------------------

    def settle(self) -> None:
        """Run every token that can go on by itself, events first, until all wait."""
        for count in range(1, MAX_RUNS + 1):
            task = self._next_ready()
            if task is None:
                if not self._fire_conditions():
                    return
                continue
            self.run_task(task)
            is_join = isinstance(task.task_spec, UnstructuredJoin) and not isinstance(task.task_spec, _EndJoin)
            if (is_join or count % COMPACT_EVERY == 0) and not self.workflow.completed:
                # A join counts finished arrivals: those of an earlier round must be gone before the next one.
                self._compact()
        task = self._next_ready()
        if task is not None:
            self.stop_with(
                task,
                "runs-in-circles",
                f"一步之内经过了 {MAX_RUNS} 个元素，流程可能陷入循环。",
                f"One step passed {MAX_RUNS} elements; the process seems to run in circles.",
            )

    def _compact(self) -> None:
        changes = self.scopes.changes
        self.restore(self.snapshot())
        self.scopes.changes = changes

    def _next_ready(self) -> Any:
        first = None
        for workflow in self.workflow.workflows():
            for task in workflow.tasks.values():
                if (
                    task._state == TaskState.READY
                    and not task.task_spec.manual
                    and "incident" not in task.internal_data
                ):
                    if isinstance(task.task_spec, specs.BoundaryEvent):
                        return task
                    first = first or task
        return first

    def run_task(self, task: Any) -> None:
        """Run one token's element; a failure becomes an incident and the token stays where it is."""
        spec = task.task_spec
        try:
            if isinstance(spec, specs.SubProcess | specs.CallActivity):
                self._close_subprocess(task)
                result: bool | None = True
            else:
                result = spec._run_hook(task)
        except TingzhuError as error:
            self.stop(task, error)
            return
        except WorkflowException as error:
            self.stop_with(
                task,
                "no-way-on",
                "没有任何分支的条件成立，也没有默认分支。请补充默认分支，或更正相关变量后重试。",
                f"No outgoing flow's condition holds and there is no default flow ({error}).",
            )
            return
        if result is None:
            if task._state == TaskState.READY:
                task._set_state(TaskState.STARTED)
            return
        self._pass(task)
        task.complete()

    def complete_task(self, task: Any) -> None:
        """Complete a token whose work was done outside."""
        self._pass(task)
        task.complete()

    def _pass(self, task: Any) -> None:
        element = self.element(task)
        if element is not None and not task.task_spec.name.endswith(" [child]"):
            self.effects.append(ElementPassed(element.process_key, element.id, element.name, element.type))

    def _fire_conditions(self) -> bool:
        for task in self._waiting_conditions():
            element = self._known(task)
            try:
                holds = bool(self.compute(element, self.scope_of(task), element.condition or "False").value)
            except TingzhuError as error:
                self.stop(task, error)
                continue
            held = task.internal_data.get("held", False)
            task.internal_data["held"] = holds
            if holds and not held:
                self.fire(task)
                return True
        return False

    def _waiting_conditions(self) -> list[Any]:
        return [
            task
            for workflow in self.workflow.workflows()
            for task in workflow.tasks.values()
            if task._state == TaskState.WAITING
            and isinstance(task.task_spec, specs.CatchEvent | specs.BoundaryEvent)
            and "incident" not in task.internal_data
            and (element := self.element(task)) is not None
            and element.event == "conditional"
        ]

    # -- incidents --------------------------------------------------------------------------------------------

    def stop(self, task: Any, error: TingzhuError) -> None:
        """Stop a token with an incident that carries an error's sentences."""
        self.stop_with(task, error.code.replace("_", "-"), error.sentence("zh"), error.sentence("en"))

    def stop_with(self, task: Any, kind: str, zh: str, en: str) -> None:
        """Stop a token with an incident."""
        task.internal_data["incident"] = kind
        self.effects.append(IncidentFound(self.place(task), kind, zh, en))

    def retry(self, task: Any) -> None:
        """Let a stopped token try again."""
        task.internal_data.pop("incident", None)
        spec = task.task_spec
        if isinstance(spec, specs.SubProcess | specs.CallActivity) and task._state == TaskState.STARTED:
            self.enter_subprocess(spec, task)
        elif isinstance(spec, specs.MultiInstance) and task._state == TaskState.WAITING:
            spec._update(task)
        elif isinstance(spec, specs.EndEvent) and task._state == TaskState.STARTED:
            self.throw(task)


def _failed(element: Element, expression: str, problem: ExpressionProblemError) -> ExpressionFailedError:
    return ExpressionFailedError(
        element_id=element.id,
        element_name=element.name,
        expression=expression,
        problem=problem.zh,
        problem_en=problem.en,
    )
