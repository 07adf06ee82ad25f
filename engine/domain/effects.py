"""What a step brought about, as values: the commands write them down."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from engine.domain.values import Value


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the model a token stands."""

    token_id: int
    process_key: str
    element_id: str
    element_name: str


@dataclass(frozen=True, slots=True)
class UserTaskOpened:
    """Work for a person came up."""

    place: Place
    form_key: str | None
    assignee: str | None
    candidate_groups: tuple[str, ...]
    candidate_users: tuple[str, ...]
    priority: int
    due_at: datetime | None
    follow_up_at: datetime | None
    due_explanation: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class JobOpened:
    """Automatic work came up."""

    place: Place
    job_type: str
    input: Mapping[str, Value]
    retry_delays: tuple[int, ...]
    """Seconds to wait before the 1st, 2nd, ... further attempt."""


@dataclass(frozen=True, slots=True)
class TimerOpened:
    """Something will happen at a known instant."""

    place: Place
    kind: Literal["date", "duration", "cycle"]
    expression: str
    inputs_read: tuple[str, ...]
    due_at: datetime
    due_on: date | None
    explanation: Mapping[str, Any] | None
    is_provisional: bool
    repeats_left: int | None
    """How often it fires after this; -1 without end; None when it fires once."""
    interval_seconds: int | None


@dataclass(frozen=True, slots=True)
class MessageAwaited:
    """A token waits for a message."""

    place: Place
    message_name: str


@dataclass(frozen=True, slots=True)
class IncidentFound:
    """A token cannot go on; an operator is needed."""

    place: Place
    kind: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class TokenClosed:
    """What waited at a token is no longer there."""

    token_id: int
    kind: Literal["user_task", "job", "timer", "message", "incident"]


@dataclass(frozen=True, slots=True)
class ElementPassed:
    """A token passed an element of the diagram."""

    process_key: str
    element_id: str
    element_name: str
    element_type: str


@dataclass(frozen=True, slots=True)
class VariableSet:
    """A variable got a value."""

    process_key: str
    name: str
    value: Value


@dataclass(frozen=True, slots=True)
class MessageThrown:
    """The process sent a message to whoever waits for it in the same case."""

    place: Place
    message_name: str


Effect = (
    UserTaskOpened
    | JobOpened
    | TimerOpened
    | MessageAwaited
    | IncidentFound
    | TokenClosed
    | ElementPassed
    | VariableSet
    | MessageThrown
)


@dataclass(frozen=True, slots=True)
class StepResult:
    """The state after a step, and what it brought about in order."""

    snapshot: dict[str, Any] | None
    """None once the instance has ended."""
    state: Literal["active", "completed", "canceled"]
    effects: tuple[Effect, ...]
    active_processes: tuple[str, ...]
    """Keys of the processes that have live tokens: the instance's own first, called ones after it."""
    variables: Mapping[str, Value]
    """Variables of the instance's own scope after the step."""
