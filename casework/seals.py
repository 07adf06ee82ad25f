"""Seals and signatures on papers: the interface that every provider fills, and what the office asks of it.

An organisation's seal and the signature of a mediator or an arbitrator are two rights (`casework.roles`), each written
into a log of its own kind. Levels: `paper-scan` (a scan of the sealed original), `basic` (a key made here: whole and
from us, but vouched for by nobody else), `certified` (a certificate of a licensed authority, 电子签名法 Art. 13, 14).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any, Literal, Protocol, get_args
from uuid import UUID

from casework.vocabulary import terms

SealKind = Literal["organisation-seal", "mediator-signature", "arbitrator-signature"]
SealLevel = Literal["paper-scan", "basic", "certified"]
SEAL_KINDS: tuple[SealKind, ...] = get_args(SealKind)

KINDS = terms(
    ("organisation-seal", "组织印章", "the organisation's seal"),
    ("mediator-signature", "调解员签名", "the mediator's signature"),
    ("arbitrator-signature", "仲裁员签名", "the arbitrator's signature"),
)

ACTIONS: Mapping[SealKind, Literal["seal-document", "sign-document"]] = MappingProxyType(
    {
        "organisation-seal": "seal-document",
        "mediator-signature": "sign-document",
        "arbitrator-signature": "sign-document",
    }
)
"""Which right each kind needs."""

ROLE_OF: Mapping[SealKind, str] = MappingProxyType(
    {"mediator-signature": "mediator", "arbitrator-signature": "reviewer"}
)
"""In which role one signs; the signer must be appointed to the case in it."""


@dataclass(frozen=True, slots=True)
class SealPlace:
    """Where on a page a seal or signature is drawn: points from the page's top left."""

    page: int
    """From 1; 0 means the last page."""
    x: float
    y: float


DEFAULT_PLACES: Mapping[SealKind, SealPlace] = MappingProxyType(
    {
        "organisation-seal": SealPlace(0, 400, 660),
        "mediator-signature": SealPlace(0, 200, 640),
        "arbitrator-signature": SealPlace(0, 200, 640),
    }
)
"""Where they go in a PDF that was made elsewhere."""


@dataclass(frozen=True, slots=True, repr=False)
class SealRequest:
    """What a provider is asked to sign."""

    pdf: bytes
    kind: SealKind
    holder_id: UUID
    """The organisation whose seal it is, or the account of the person who signs."""
    holder_name: str
    """What the seal or signature shows."""
    document_number: str
    place: SealPlace
    now: datetime
    idempotency_key: str
    """The same key asks for the same seal: a provider that has given it gives it again."""


@dataclass(frozen=True, slots=True, repr=False)
class SealedPdf:
    """What a provider gives back: the PDF grown by a signature, and the evidence for it."""

    pdf: bytes
    provider: Literal["local", "gateway"]
    algorithm: str
    """E.g. `ecdsa-p256-sha256`; a provider with SM2 says `sm2-sm3`."""
    level: SealLevel
    certificate_sha256: str | None = None
    evidence: Mapping[str, Any] = field(default_factory=dict)


class SealProvider(Protocol):
    """Something that signs PDFs: keys kept here, or a seal service outside."""

    def seal(self, request: SealRequest) -> SealedPdf:
        """Sign. Raises SealKeyMissingError, SealServiceUnavailableError, SealServiceRefusedError, PdfUnsuitableError."""
        ...
