"""What a service task of some kind needs and gives."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class JobType:
    """A kind of automatic work that a handler does."""

    name: str
    """Kebab-case, as in `camunda:topic`."""
    inputs: frozenset[str]
    outputs: frozenset[str]
    required_inputs: frozenset[str] = frozenset()
