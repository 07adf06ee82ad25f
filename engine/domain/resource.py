"""A file of a deployment."""

import hashlib
from dataclasses import dataclass
from typing import Literal

ResourceKind = Literal["bpmn", "dmn", "form"]


@dataclass(frozen=True, slots=True)
class Resource:
    """A named file, identified by the hash of its content."""

    name: str
    """Path below the deployed folder, e.g. `mediation/mediation.bpmn`; its ending tells the kind."""
    content: bytes

    @property
    def kind(self) -> ResourceKind | None:
        """bpmn, dmn or form by the name's ending; None when it is none of them."""
        ending = self.name.rpartition(".")[2].lower()
        return ending if ending in ("bpmn", "dmn", "form") else None  # type: ignore[return-value]

    @property
    def hash(self) -> str:
        """SHA-256 of the content, hexadecimal."""
        return hashlib.sha256(self.content).hexdigest()
