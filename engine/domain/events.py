"""What history keeps."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class HistoryEvent:
    """One thing that happened to a case."""

    kind: str
    """Noun and past participle in kebab-case, e.g. `user-task-completed`."""
    facts: Mapping[str, Any] = field(default_factory=dict)
    """Plain JSON, attested in clear; never personal data."""
    values: Mapping[str, Any] = field(default_factory=dict)
    """Plain JSON per name, attested by salted digest, so that a value may be erased and the chain holds."""
    instance_id: UUID | None = None
    element_id: str | None = None
    element_name: str | None = None
