"""Who asked for something, and on whose behalf."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asked for this: a user account, a worker or the clock."""

    id: str
    """A stable, non-personal id: `user:<username>`, `worker:<name>`, `clock`, `external:<name>`."""


CLOCK = Actor("clock")


def user_actor_id(name: str) -> str:
    """Return the actor id of a user that a model names: `wang` and `user:wang` are the same."""
    return name if ":" in name else f"user:{name}"


@dataclass(frozen=True, slots=True)
class OnBehalfOf:
    """Whom the actor stood in for, how the party made it known, when, and the proof kept of it."""

    party_id: str
    method: str
    """One of `phone`, `paper`, `window`, `video`, `message`."""
    at: str
    """ISO date or instant at which the party did it."""
    proof_document_id: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return what history keeps."""
        return {
            "party_id": self.party_id,
            "method": self.method,
            "at": self.at,
            "proof_document_id": self.proof_document_id,
        }
