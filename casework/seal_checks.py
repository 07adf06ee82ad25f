"""Checking the signatures in a PDF: whole, from whom, by which algorithm, and whether we know the certificate."""

import hashlib
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from cryptography import x509
from cryptography.hazmat.primitives import serialization

CheckState = Literal["good", "unknown-signer", "broken", "not-checkable"]


@dataclass(frozen=True, slots=True)
class SealCheck:
    """What one signature in a PDF is worth."""

    field_name: str
    state: CheckState
    """`good`: whole and by a certificate we know; `unknown-signer`: whole, by another; `broken`: the paper or the
    signature was changed; `not-checkable`: an algorithm that this check does not speak."""
    signer: str | None
    certificate_sha256: str | None
    algorithm: str | None
    signed_at: datetime | None
    covers_everything: bool
    """Whether nothing was added after it; seals added later are legitimate additions."""


def check_seals(pdf: bytes, known: Iterable[x509.Certificate], now: datetime) -> list[SealCheck]:
    """Return a check of every signature in the PDF, in the order they were made; none when it is no readable PDF."""
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.pdf_utils.reader import PdfFileReader

    fingerprints = {hashlib.sha256(each.public_bytes(serialization.Encoding.DER)).hexdigest() for each in known}
    try:
        embedded = list(PdfFileReader(io.BytesIO(pdf)).embedded_signatures)
    except (PdfError, ValueError, KeyError):
        return []
    return [_check(each, fingerprints) for each in embedded]


def _check(embedded: Any, known: set[str]) -> SealCheck:
    from cryptography.exceptions import UnsupportedAlgorithm
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.sign.general import SigningError
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko.sign.validation.errors import SignatureValidationError
    from pyhanko_certvalidator import ValidationContext

    certificate = embedded.signer_cert
    fingerprint = hashlib.sha256(certificate.dump()).hexdigest()
    algorithm, signed_at, is_whole, covers = None, embedded.self_reported_timestamp, False, False
    state: CheckState
    try:
        # the certificate itself is the anchor here: whether we know it is asked below, by its fingerprint
        context = ValidationContext(trust_roots=[certificate], moment=signed_at, allow_fetching=False)
        status = validate_pdf_signature(embedded, signer_validation_context=context)
        algorithm = f"{status.pkcs7_signature_mechanism} {status.md_algorithm}"
        is_whole = bool(status.intact and status.valid)
        covers = status.coverage is not None and status.coverage.name == "ENTIRE_FILE"
        is_extended_well = status.modification_level is None or status.modification_level.name != "OTHER"
        if not is_whole or not is_extended_well:
            state = "broken"
        else:
            state = "good" if fingerprint in known else "unknown-signer"
    except (SignatureValidationError, SigningError, PdfError, ValueError, KeyError):
        state = "broken"
    except (UnsupportedAlgorithm, NotImplementedError):
        state = "not-checkable"
    return SealCheck(
        field_name=embedded.field_name,
        state=state,
        signer=certificate.subject.human_friendly,
        certificate_sha256=fingerprint,
        algorithm=algorithm,
        signed_at=signed_at,
        covers_everything=covers,
    )
