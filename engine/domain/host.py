"""The seam by which the core learns dates and rules that it knows nothing about."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID

from engine.domain.values import Value


@dataclass(frozen=True, slots=True)
class Explained:
    """A host function's result with its own explanation, kept beside the timer that used it."""

    value: Value
    explanation: Mapping[str, Any]
    refines: bool = False
    """Whether the function only moves a day that another one has explained: its own words stand beside those."""


@dataclass(frozen=True, slots=True)
class HostFunction:
    """A function that expressions may call by name."""

    name: str
    stub: str
    """Python stub, e.g. `def deadline(rule: str, start: date) -> date: ...`; checked at deployment."""
    call: Callable[..., Value | Explained]


@dataclass(frozen=True, slots=True)
class HostContext:
    """What the host tells the core for one step of one case."""

    functions: Mapping[str, HostFunction]
    inputs: Mapping[str, Value]
    """Named inputs of the case (event dates): readable in expressions like variables, never written there."""


@dataclass(frozen=True, slots=True)
class InputChange:
    """A named input that got its first value, or another one."""

    name: str
    old: Value
    new: Value
    reason: str | None = None


class Host(Protocol):
    """Implemented by `casework`: named inputs of a case, and functions over them."""

    input_names: Mapping[str, str]
    """Every name the host owns, with its Python type as a stub (`date`, `int`, `str`)."""

    def form_values(self, connection: Any, case_id: UUID, names: Sequence[str]) -> Mapping[str, Any]:
        """Return inputs as a form would send them now (plain JSON, texts in clear); those that have no such form left out."""
        ...

    bookmark_sql: str
    """A scalar select with one parameter, a case's id: where the host's rows of the case stand, as JSON."""

    def return_to(self, connection: Any, case_id: UUID, bookmark: Any, *, now: Any) -> None:
        """Bring the host's rows of a case back to where `bookmark_sql` found them; what came since is kept, not current."""
        ...

    def function_stubs(self) -> Mapping[str, str]:
        """Return name -> stub of every host function, for the check at deployment."""
        ...

    def context(self, connection: Any, case_id: UUID, now: Any) -> HostContext:
        """Return functions and inputs for a step of the case at the instant `now`."""
        ...

    def record_inputs(
        self,
        connection: Any,
        case_id: UUID,
        values: Mapping[str, Value],
        *,
        actor_id: str,
        now: Any,
        reason: str | None,
    ) -> list[InputChange]:
        """Keep the values that a completed form gave for named inputs; return what changed.

        Raises InvalidInputError when a value has the wrong type.
        """
        ...

    def after_step(
        self,
        connection: Any,
        case_id: UUID,
        *,
        process_key: str,
        active_processes: Sequence[str],
        state: str,
        variables: Mapping[str, Value],
        now: Any,
    ) -> None:
        """Take note of where the case stands after a step, under the case's lock.

        `active_processes` are the keys of the processes with live tokens, the instance's own first; `state` is the
        instance's (`active`, `completed`, `canceled`); `variables` are those of the instance's own scope.
        """
        ...


@dataclass
class NoHost:
    """A host that owns nothing; for tests of the core alone."""

    input_names: Mapping[str, str] = field(default_factory=dict)
    bookmark_sql: str = "select null::jsonb where %s::uuid is null"

    def form_values(self, connection: Any, case_id: UUID, names: Sequence[str]) -> Mapping[str, Any]:
        """Return nothing."""
        return {}

    def return_to(self, connection: Any, case_id: UUID, bookmark: Any, *, now: Any) -> None:
        """Do nothing: there is nothing to bring back."""

    def function_stubs(self) -> Mapping[str, str]:
        """Return no stubs."""
        return {}

    def context(self, connection: Any, case_id: UUID, now: Any) -> HostContext:
        """Return an empty context."""
        return HostContext(functions={}, inputs={})

    def record_inputs(
        self,
        connection: Any,
        case_id: UUID,
        values: Mapping[str, Value],
        *,
        actor_id: str,
        now: Any,
        reason: str | None,
    ) -> list[InputChange]:
        """Refuse: there is nothing to keep."""
        raise AssertionError(f"no host owns {sorted(values)}")

    def after_step(
        self,
        connection: Any,
        case_id: UUID,
        *,
        process_key: str,
        active_processes: Sequence[str],
        state: str,
        variables: Mapping[str, Value],
        now: Any,
    ) -> None:
        """Do nothing."""
