"""Drives the pure step function in memory: what a test does to a process instance, and what waits in it."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from engine.bpmn.definitions import compile_bundle
from engine.bpmn.step import step
from engine.domain.effects import (
    ElementPassed,
    IncidentFound,
    JobOpened,
    MessageAwaited,
    MessageThrown,
    TimerOpened,
    TokenClosed,
    UserTaskOpened,
    VariableSet,
)
from engine.domain.findings import errors
from engine.domain.host import HostFunction
from engine.domain.resource import Resource
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
from engine.expressions import Evaluator

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


class Stepper:
    """One instance in memory; every step goes through JSON and back."""

    def __init__(
        self,
        content: bytes,
        key: str = "p",
        variables: Mapping[str, Any] | None = None,
        inputs: Mapping[str, Any] | None = None,
        functions: Mapping[str, HostFunction] | None = None,
        start: bool = True,
    ) -> None:
        self.bundle = compile_bundle([Resource("test.bpmn", content)])
        assert not errors(list(self.bundle.findings)), errors(list(self.bundle.findings))
        self.evaluator = Evaluator()
        self.inputs = dict(inputs or {})
        self.functions = dict(functions or {})
        self.now = NOW
        self.snapshot: dict[str, Any] | None = None
        self.state = ""
        self.open: dict[int, Any] = {}
        self.passed: list[str] = []
        self.incidents: list[IncidentFound] = []
        self.thrown: list[str] = []
        self.values: dict[str, Any] = {}
        self.own: dict[str, Any] = {}
        if start:
            self.take(Started(key, variables or {}))

    def take(self, stimulus: Stimulus) -> None:
        """Take a step."""
        with self.evaluator.session(self.functions, self.now) as session:
            result = step(
                self.bundle,
                json.loads(json.dumps(self.snapshot)),
                stimulus,
                now=self.now,
                session=session,
                inputs=self.inputs,
                input_names=self.inputs.keys(),
                decide=lambda key, view, mapping: {"decided": key},
            )
        self.snapshot, self.state, self.own = result.snapshot, result.state, dict(result.variables)
        for effect in result.effects:
            match effect:
                case UserTaskOpened() | JobOpened() | TimerOpened() | MessageAwaited():
                    self.open[effect.place.token_id] = effect
                case TokenClosed(token_id=token_id):
                    self.open.pop(token_id, None)
                case ElementPassed(element_id=element_id):
                    self.passed.append(element_id)
                case IncidentFound():
                    self.incidents.append(effect)
                case MessageThrown(message_name=name):
                    self.thrown.append(name)
                case VariableSet(name=name, value=value):
                    self.values[name] = value

    def _tokens(self, kind: type, element_id: str) -> list[Any]:
        return [e for e in self.open.values() if isinstance(e, kind) and e.place.element_id == element_id]

    def _one(self, kind: type, element_id: str, index: int = 0) -> Any:
        found = self._tokens(kind, element_id)
        assert found, f"no {kind.__name__} at {element_id}; open: {self.waiting()}"
        return found[index]

    def waiting(self) -> list[str]:
        """Return the element ids at which something waits, sorted."""
        return sorted(effect.place.element_id for effect in self.open.values())

    def complete(self, element_id: str, index: int = 0, **variables: Any) -> None:
        """Complete a user task."""
        self.take(UserTaskCompleted(self._one(UserTaskOpened, element_id, index).place.token_id, variables))

    def job(self, element_id: str, **result: Any) -> None:
        """Complete a job."""
        self.take(JobCompleted(self._one(JobOpened, element_id).place.token_id, result))

    def throw(self, element_id: str, code: str, **variables: Any) -> None:
        """Throw a BPMN error from a job."""
        self.take(BpmnErrorThrown(self._one(JobOpened, element_id).place.token_id, code, "said so", variables))

    def fire(self, element_id: str) -> None:
        """Fire a timer at its due time, as the clock would."""
        opened = self._one(TimerOpened, element_id)
        self.now = max(self.now, opened.due_at)
        left = opened.repeats_left
        if left is None or left == 0:
            del self.open[opened.place.token_id]
            self.take(TimerFired(opened.place.token_id, True))
        else:
            self.take(TimerFired(opened.place.token_id, False))
            if opened.place.token_id in self.open:
                self.open[opened.place.token_id] = _again(opened)

    def message(self, element_id: str, **variables: Any) -> None:
        """Deliver a message."""
        self.take(MessageReceived(self._one(MessageAwaited, element_id).place.token_id, variables))

    def retry(self) -> None:
        """Retry the last incident."""
        self.take(IncidentRetried(self.incidents[-1].place.token_id))

    def cancel(self) -> None:
        """Cancel the instance."""
        self.take(Canceled())


def _again(opened: TimerOpened) -> TimerOpened:
    from dataclasses import replace
    from datetime import timedelta

    left = opened.repeats_left
    assert left is not None
    assert opened.interval_seconds is not None
    return replace(
        opened,
        due_at=opened.due_at + timedelta(seconds=opened.interval_seconds),
        repeats_left=left - 1 if left > 0 else -1,
    )
