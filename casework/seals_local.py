"""Seals with keys kept here: PAdES signatures by pyHanko, visible on the page."""

import io
import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from casework.bureau import Bureau
from casework.errors import PdfUnsuitableError
from casework.seal_keys import OpenKey, open_key
from casework.seals import SealedPdf, SealKind, SealRequest
from engine.domain.clock import shanghai_date

TEMPLATE = Path(__file__).with_name("seal.typ")
_POINTS_PER_MM = 72 / 25.4
_SIZES = {"organisation-seal": (42.0, 42.0), "mediator-signature": (44.0, 14.0), "arbitrator-signature": (44.0, 14.0)}
"""Width and height in mm."""
_ROOM = 16_384
"""Bytes kept free for the signature."""


@dataclass(frozen=True, slots=True, repr=False)
class LocalSealProvider:
    """Signs with the holder's key out of the database."""

    connection: sa.Connection
    bureau: Bureau
    fonts: tuple[Path, ...]

    def seal(self, request: SealRequest) -> SealedPdf:
        """Sign. Raises SealKeyMissingError and PdfUnsuitableError."""
        is_seal = request.kind == "organisation-seal"
        key = open_key(
            self.connection,
            self.bureau,
            request.now,
            organisation_id=request.holder_id if is_seal else None,
            user_id=None if is_seal else request.holder_id,
        )
        return SealedPdf(
            pdf=sign_pdf(request, key, appearance(request, self.fonts)),
            provider="local",
            algorithm=key.record.algorithm,
            level=key.record.level,
            certificate_sha256=key.record.sha256,
            evidence={"certificate_subject": key.record.certificate.subject.rfc4514_string()} if is_seal else {},
        )


def appearance(request: SealRequest, fonts: tuple[Path, ...]) -> bytes:
    """Return the picture of the seal or signature as a PDF of one page."""
    import typst

    day = shanghai_date(request.now)
    told = {
        "kind": request.kind,
        "name": request.holder_name,
        "foot": f"电子签章 {day}" if request.kind == "organisation-seal" else f"电子签名 {day}",
    }
    loaded = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=list(fonts))
    made = typst.compile(
        TEMPLATE,
        root=TEMPLATE.parent,
        font_paths=loaded,
        format="pdf",
        sys_inputs={"seal": json.dumps(told, ensure_ascii=False)},
        timestamp=request.now.replace(microsecond=0),
    )
    assert isinstance(made, bytes)
    return made


def sign_pdf(request: SealRequest, key: OpenKey, picture: bytes) -> bytes:
    """Return the PDF with one more signature, as an addition at its end. Raises PdfUnsuitableError."""
    from asn1crypto import keys, x509
    from cryptography.hazmat.primitives import serialization
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.sign import fields, signers
    from pyhanko.sign.fields import SigSeedSubFilter
    from pyhanko.stamp import StaticStampStyle
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    def certificate(found: Any) -> x509.Certificate:
        return x509.Certificate.load(found.public_bytes(serialization.Encoding.DER))

    plain = key.private_key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    store.register_multiple(certificate(each) for each in key.record.chain)
    signer = signers.SimpleSigner(
        signing_cert=certificate(key.record.certificate),
        signing_key=keys.PrivateKeyInfo.load(plain),
        cert_registry=store,
    )
    try:
        writer = IncrementalPdfFileWriter(io.BytesIO(request.pdf))
        count = int(writer.prev.root["/Pages"]["/Count"])
        page = min(request.place.page or count, count) - 1
        name = f"{request.kind}-{len(writer.prev.embedded_signatures) + 1}"
        with _as_file(picture) as path:
            metadata = signers.PdfSignatureMetadata(
                field_name=name,
                md_algorithm="sha256",
                subfilter=SigSeedSubFilter.PADES,
                reason=request.document_number,
                name=request.holder_name,
            )
            field = fields.SigFieldSpec(name, on_page=page, box=_box(writer, page, request.kind, request))
            signed = signers.PdfSigner(
                metadata,
                signer=signer,
                stamp_style=StaticStampStyle.from_pdf_file(str(path), border_width=0),
                new_field_spec=field,
            ).sign_pdf(writer, bytes_reserved=_ROOM)
    except (PdfError, KeyError, ValueError) as error:
        raise PdfUnsuitableError(problem=type(error).__name__) from error
    made: bytes = signed.getvalue()
    return made


def _box(writer: Any, page: int, kind: SealKind, request: SealRequest) -> tuple[int, int, int, int]:
    """Return left, bottom, right, top in points from the page's lower left: a seal is centred on its place."""
    found = writer.prev.find_page_for_modification(page)[0].get_object()
    left, bottom, right, top = (float(each) for each in _inherited(found, "/MediaBox"))
    width, height = (each * _POINTS_PER_MM for each in _SIZES[kind])
    x = left + request.place.x - (width / 2 if kind == "organisation-seal" else 0)
    y = top - request.place.y - height / 2
    x = max(left, min(x, right - width))
    y = max(bottom, min(y, top - height))
    return round(x), round(y), round(x + width), round(y + height)


def _inherited(page: Any, name: str) -> Any:
    while name not in page:
        page = page["/Parent"]
    return page[name]


@contextmanager
def _as_file(content: bytes) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="seal-") as folder:
        path = Path(folder) / "seal.pdf"
        path.write_bytes(content)
        yield path
