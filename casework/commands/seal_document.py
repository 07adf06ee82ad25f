"""Seals and signs a paper, electronically or by a scan of the sealed original, and writes it into the log of seals."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from casework.access import Viewer, require
from casework.bureau import Bureau
from casework.commands.record_signatures import record_signatures
from casework.documents import add_file
from casework.effect_gate import ENOUGH
from casework.errors import (
    ActionForbiddenError,
    DocumentNotCurrentError,
    DocumentNotIssuedError,
    InputInvalidError,
    NotAppointedError,
    PdfUnsuitableError,
    SealTwiceError,
)
from casework.file_types import PDF
from casework.organisations import get_organisation
from casework.queries.documents import DocumentRecord, get_document, read_document_content
from casework.roles import ROLES
from casework.seals import (
    ACTIONS,
    DEFAULT_PLACES,
    KINDS,
    ROLE_OF,
    SealedPdf,
    SealKind,
    SealPlace,
    SealProvider,
    SealRequest,
)
from casework.store.signatures import AGREEMENT_KIND, MEDIATOR_ROLES, current_signatures, signing_of
from casework.store.tables import appointment, document, document_file, document_seal
from casework.users import user_names
from casework.work import append_history
from engine.commands.unit_of_work import UnitOfWork
from engine.domain.clock import shanghai_date
from engine.domain.events import HistoryEvent


@dataclass(frozen=True, slots=True)
class SealRecord:
    """A line of the log of seals."""

    id: UUID
    case_id: UUID
    document_id: UUID
    kind: SealKind
    organisation_id: UUID | None
    user_id: UUID | None
    level: str
    signed_on: date
    provider: str
    algorithm: str
    certificate_sha256: str | None
    evidence: dict[str, Any]
    signed_sha256: str
    sealed_at: datetime
    sealed_by: str


@dataclass(frozen=True, slots=True)
class _Holder:
    """Whose seal or signature it is, and the name it shows."""

    id: UUID
    name: str
    organisation_id: UUID | None
    user_id: UUID | None


def seal_document(
    uow: UnitOfWork,
    bureau: Bureau,
    provider: SealProvider,
    viewer: Viewer,
    document_id: UUID,
    kind: SealKind,
    idempotency_key: str,
) -> SealRecord:
    """Put the viewer's organisation's seal, or the viewer's own signature, on a paper's PDF; once per key.

    The provider is asked before the case is locked, so that a slow one keeps nobody waiting. On a mediation agreement
    the seal is recorded for the effect gate with its level and day, unless one that the gate accepts is on record already.
    Raises NotFoundError, ActionForbiddenError,
    NotAppointedError, DocumentNotIssuedError, DocumentNotCurrentError, SealTwiceError, PdfUnsuitableError, and what
    the provider raises.
    """
    record = get_document(uow.connection, bureau, viewer, document_id)
    require(uow.connection, viewer, ACTIONS[kind], record.case_id)
    holder = _holder(uow, bureau, viewer, record, kind)
    earlier = _find(uow.connection, idempotency_key)
    if earlier is not None:
        return earlier
    _refuse_unsealable(uow.connection, record, kind, holder)
    found = read_document_content(uow.connection, bureau, document_id)
    if found.media_type != PDF:
        raise PdfUnsuitableError(problem=found.media_type)
    sealed = provider.seal(
        SealRequest(
            pdf=found.content,
            kind=kind,
            holder_id=holder.id,
            holder_name=holder.name,
            document_number=record.number or "",
            place=_place(uow.connection, document_id, kind),
            now=uow.now,
            idempotency_key=idempotency_key,
        )
    )
    signed_sha256 = hashlib.sha256(found.content).hexdigest()
    add_file(
        uow,
        bureau,
        document_id,
        role="sealed",
        content=sealed.pdf,
        media_type=PDF,
        idempotency_key=f"seal:{idempotency_key}",
    )
    # the case is locked now: another seal that came in between would be lost under ours
    _refuse_unsealable(uow.connection, get_document(uow.connection, bureau, viewer, document_id), kind, holder)
    if _last_seal(uow.connection, document_id, f"seal:{idempotency_key}") not in (None, signed_sha256):
        raise SealTwiceError(
            kind_zh="签章（刚刚由他人完成，请重试）", kind_en="another seal, put there this moment; retry:"
        )
    return _write(uow, bureau, record, kind, holder, sealed, signed_sha256, shanghai_date(uow.now), idempotency_key)


def attach_scan(
    uow: UnitOfWork,
    bureau: Bureau,
    viewer: Viewer,
    document_id: UUID,
    kind: SealKind,
    *,
    content: bytes,
    media_type: str,
    signed_on: date,
    user_id: UUID | None,
    idempotency_key: str,
) -> SealRecord:
    """Keep a scan of the paper original that was sealed or signed by hand on a day; once per key.

    `user_id` is who signed, for signatures (None: the viewer). Raises NotFoundError, ActionForbiddenError,
    NotAppointedError, DocumentNotIssuedError, DocumentNotCurrentError, SealTwiceError, and InputInvalidError for a day
    to come.
    """
    record = get_document(uow.connection, bureau, viewer, document_id)
    require(uow.connection, viewer, "issue-document", record.case_id)
    _require_issuer(record, viewer)
    earlier = _find(uow.connection, idempotency_key)
    if earlier is not None:
        return earlier
    if signed_on > shanghai_date(uow.now):
        raise InputInvalidError(
            name="signed_on", problem_zh="不能晚于今天。", problem_en="it cannot lie in the future."
        )
    holder = (
        _Holder(viewer.organisation_id, "", viewer.organisation_id, None)
        if kind == "organisation-seal" and viewer.organisation_id is not None
        else _appointed(uow, record, kind, user_id or viewer.user_id)
    )
    _refuse_unsealable(uow.connection, record, kind, holder, is_scan=True)
    sha256 = add_file(
        uow,
        bureau,
        document_id,
        role="scan",
        content=content,
        media_type=media_type,
        idempotency_key=f"seal:{idempotency_key}",
    )
    scan = SealedPdf(pdf=b"", provider="local", algorithm="none", level="paper-scan")
    return _write(uow, bureau, record, kind, holder, scan, sha256, signed_on, idempotency_key)


def list_seals(connection: sa.Connection, document_id: UUID) -> list[SealRecord]:
    """Return the log of a document's seals and signatures, oldest first; who may read it is the caller's affair."""
    statement = (
        sa.select(document_seal)
        .where(document_seal.c.document_id == document_id)
        .order_by(document_seal.c.sealed_at, document_seal.c.id)
    )
    return [_record(row) for row in connection.execute(statement)]


def _write(
    uow: UnitOfWork,
    bureau: Bureau,
    record: DocumentRecord,
    kind: SealKind,
    holder: _Holder,
    sealed: SealedPdf,
    signed_sha256: str,
    signed_on: date,
    idempotency_key: str,
) -> SealRecord:
    """Write the log, history and, for a mediation agreement, the signature that the effect gate reads."""
    file_id = uow.connection.execute(
        sa.select(document_file.c.id).where(document_file.c.idempotency_key == f"seal:{idempotency_key}")
    ).scalar_one()
    is_scan = sealed.level == "paper-scan"
    row = uow.connection.execute(
        sa.insert(document_seal)
        .values(
            id=uow.ids(),
            case_id=record.case_id,
            document_id=record.id,
            document_file_id=file_id,
            kind=kind,
            organisation_id=holder.organisation_id,
            user_id=holder.user_id,
            level=sealed.level,
            signed_on=signed_on,
            provider="paper" if is_scan else sealed.provider,
            algorithm=sealed.algorithm,
            certificate_sha256=sealed.certificate_sha256,
            evidence=dict(sealed.evidence),
            signed_sha256=signed_sha256,
            idempotency_key=idempotency_key,
            sealed_at=uow.now,
            sealed_by=uow.actor.id,
        )
        .returning(*document_seal.c)
    ).one()
    facts = {
        "document_id": str(record.id),
        "number": record.number,
        "version": record.version,
        "kind": kind,
        "level": sealed.level,
        "signed_on": signed_on.isoformat(),
        "algorithm": sealed.algorithm,
        "certificate_sha256": sealed.certificate_sha256,
        "sha256": signed_sha256,
    }
    event = "document-sealed" if kind == "organisation-seal" else "document-signed"
    append_history(uow, record.case_id, HistoryEvent(event, facts))
    signatory = _signatory(uow, record, holder)
    if signatory is not None and not _stands(uow, bureau, record.case_id, signatory):
        signature = {
            "signatory": signatory,
            "signed_on": signed_on,
            "level": sealed.level,
            "proof": str(record.id),
        }
        record_signatures(uow, bureau, record.case_id, [signature])
    return _record(row)


def _signatory(uow: UnitOfWork, record: DocumentRecord, holder: _Holder) -> str | None:
    """Return whose signature this is for the effect gate of a mediation agreement."""
    if record.kind != AGREEMENT_KIND:
        return None
    if holder.organisation_id is not None:
        return "organisation"
    mediators = signing_of(uow.connection, record.case_id).mediators
    return next((code for code, user_id in mediators.items() if user_id == holder.user_id), None)


def _stands(uow: UnitOfWork, bureau: Bureau, case_id: UUID, signatory: str) -> bool:
    """Tell whether a signature that the office's effect gate accepts is on record: a weaker one must not replace it."""
    row = current_signatures(uow.connection, case_id).get(signatory)
    return row is not None and row.level in ENOUGH[bureau.site.effect_gate.level]


def _holder(uow: UnitOfWork, bureau: Bureau, viewer: Viewer, record: DocumentRecord, kind: SealKind) -> _Holder:
    if kind != "organisation-seal":
        holder = _appointed(uow, record, kind, viewer.user_id)
        names = user_names(uow.connection, bureau, [viewer.username])
        return _Holder(holder.id, names[viewer.username], None, holder.user_id)
    _require_issuer(record, viewer)
    assert viewer.organisation_id is not None
    found = get_organisation(uow.connection, viewer.organisation_id)
    return _Holder(found.id, found.seal_name or found.name, found.id, None)


def _require_issuer(record: DocumentRecord, viewer: Viewer) -> None:
    """Raise ActionForbiddenError unless it is a paper of the viewer's organisation, or of none in particular."""
    if viewer.organisation_id is None or record.issuer_id not in (None, viewer.organisation_id):
        raise ActionForbiddenError(action="seal-document")


def _appointed(uow: UnitOfWork, record: DocumentRecord, kind: SealKind, user_id: UUID) -> _Holder:
    role = ROLE_OF.get(kind)
    if role is None:
        raise ActionForbiddenError(action="seal-document")
    roles = MEDIATOR_ROLES if role == "mediator" else (role,)
    found = uow.connection.execute(
        sa.select(appointment.c.user_id).where(
            appointment.c.case_id == record.case_id,
            appointment.c.role.in_(roles),
            appointment.c.user_id == user_id,
            appointment.c.ended_at.is_(None),
        )
    ).first()
    if found is None:
        raise NotAppointedError(role_zh=ROLES[role].zh, role_en=ROLES[role].en.lower())
    return _Holder(user_id, "", None, user_id)


def _refuse_unsealable(
    connection: sa.Connection, record: DocumentRecord, kind: SealKind, holder: _Holder, *, is_scan: bool = False
) -> None:
    if record.number is None:
        raise DocumentNotIssuedError(id=record.id)
    if record.state != "current":
        raise DocumentNotCurrentError(version=record.version, current="-")
    twice = connection.execute(
        sa.select(sa.literal(1)).where(
            document_seal.c.document_id == record.id,
            document_seal.c.kind == kind,
            (document_seal.c.provider == "paper") == is_scan,
            document_seal.c.organisation_id.is_not_distinct_from(holder.organisation_id),
            document_seal.c.user_id.is_not_distinct_from(holder.user_id),
        )
    ).first()
    if twice is not None:
        raise SealTwiceError(kind_zh=KINDS[kind].zh, kind_en=KINDS[kind].en)


def _last_seal(connection: sa.Connection, document_id: UUID, own_key: str) -> str | None:
    """Return the hash of the newest sealed file but our own, or None."""
    found: str | None = connection.execute(
        sa.select(document_file.c.sha256)
        .where(
            document_file.c.document_id == document_id,
            document_file.c.role == "sealed",
            document_file.c.idempotency_key != own_key,
        )
        .order_by(document_file.c.created_at.desc(), document_file.c.id.desc())
        .limit(1)
    ).scalar_one_or_none()
    return found


def _place(connection: sa.Connection, document_id: UUID, kind: SealKind) -> SealPlace:
    places = connection.execute(sa.select(document.c.seal_places).where(document.c.id == document_id)).scalar_one()
    for each in places or ():
        if each["kind"] == kind:
            return SealPlace(int(each["page"]), float(each["x"]), float(each["y"]))
    return DEFAULT_PLACES[kind]


def _find(connection: sa.Connection, idempotency_key: str) -> SealRecord | None:
    row = connection.execute(
        sa.select(document_seal).where(document_seal.c.idempotency_key == idempotency_key)
    ).one_or_none()
    return None if row is None else _record(row)


def _record(row: Any) -> SealRecord:
    names = list(SealRecord.__dataclass_fields__)
    return SealRecord(**{name: row._mapping[name] for name in names})
