"""What can happen to a process instance: each makes it take one step."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.domain.values import Value


@dataclass(frozen=True, slots=True)
class Started:
    """The instance begins, with its first variables."""

    process_key: str
    variables: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class UserTaskCompleted:
    """A person completed the user task at a token."""

    token_id: int
    variables: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class JobCompleted:
    """A handler did the job of a token."""

    token_id: int
    result: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class BpmnErrorThrown:
    """A handler says that the process itself must decide what follows (BPMN 2.0.2, 10.5.6)."""

    token_id: int
    error_code: str
    message: str
    variables: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MessageReceived:
    """A message was correlated to a waiting token."""

    token_id: int
    variables: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class TimerFired:
    """A timer's time has come; a cycle with repeats left keeps its token."""

    token_id: int
    is_last: bool = True


@dataclass(frozen=True, slots=True)
class IncidentRetried:
    """An operator lets a token that stopped with an incident try again."""

    token_id: int


@dataclass(frozen=True, slots=True)
class Canceled:
    """The instance ends without reaching an end event."""


Stimulus = (
    Started
    | UserTaskCompleted
    | JobCompleted
    | BpmnErrorThrown
    | MessageReceived
    | TimerFired
    | IncidentRetried
    | Canceled
)
