"""Documents of a case: stored by content in frozen versions. `casework.queries.documents` reads them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from casework.bureau import Bureau
from casework.encryption import place
from casework.errors import (
    DocumentNotCurrentError,
    DocumentNotIssuedError,
    ReasonMissingError,
)
from casework.file_types import WORD
from casework.numbers import number_document, void_number
from casework.paper_codes import pair_index, paper_code
from casework.paper_kinds import is_repeated
from casework.store.tables import dispute, document, document_file, paper_reissue, stored_file
from casework.work import Work
from engine.domain.errors import NotFoundError
from engine.domain.events import HistoryEvent
from engine.store import history
from engine.store.cases import CaseRow, lock_case

Source = Literal["rendered", "uploaded", "edited"]
FileRole = Literal["editable", "sealed", "scan"]


@dataclass(frozen=True, slots=True)
class PaperIssue:
    """What a paper is issued under: to be printed on it, and given to `store_document` with it."""

    number: str
    issuer_id: UUID | None
    code: str
    """The verification code, e.g. `ACDE-FGHJ-KMNP`."""
    party_id: UUID | None = None
    """The one party it is for; None: for all of them."""
    replaces: UUID | None = None
    """The version it replaces: a document id; None for a new paper."""


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A document after storing it."""

    document_id: UUID
    sha256: str
    is_new: bool
    """False when the idempotency key had stored it before."""


def issue_paper(
    work: Work, bureau: Bureau, case_id: UUID, kind: str, idempotency_key: str, party_id: UUID | None = None
) -> PaperIssue:
    """Return number and code for the paper that the key is about to make; the same key always gets the same.

    Where a case has one paper of the kind at a time (for each party, if it is for one) and there is one that is not
    void, the answer is its next version under its number; else it is a new paper with a new number. What `request_reissue` asked for is always the next version
    of that paper. Locks the case. Raises NumberFormatMissingError and
    NotFoundError.
    """
    lock_case(work.connection, case_id)
    code = paper_code(bureau.keyring, idempotency_key)
    stored = work.connection.execute(
        sa.select(document).where(document.c.idempotency_key == idempotency_key)
    ).one_or_none()
    if stored is not None:
        return PaperIssue(stored.number, stored.issuer_id, code, party_id)
    reissued = _reissue(work.connection, idempotency_key)
    if reissued is not None:
        current = _current_version(work.connection, reissued.document_id)
        return PaperIssue(current.number, current.issuer_id, code, current.party_id, replaces=current.id)
    current = None if is_repeated(kind) else current_paper(work.connection, case_id, kind, party_id)
    if current is not None:
        return PaperIssue(current.number, current.issuer_id, code, party_id, replaces=current.id)
    found = number_document(work, bureau, case_id, kind, idempotency_key)
    return PaperIssue(found.number, found.issuer_id, code, party_id)


def store_document(
    work: Work,
    bureau: Bureau,
    case_id: UUID,
    *,
    kind: str,
    title: str,
    content: bytes,
    media_type: str,
    idempotency_key: str,
    issue: PaperIssue | None = None,
    editable: bytes | None = None,
    seal_places: Sequence[Mapping[str, Any]] = (),
    reason: str | None = None,
    is_confidential: bool = False,
) -> StoredDocument:
    """Keep a document of a case, with its hash in history; the same key returns the first one.

    With an `issue` it is a paper of ours, and replaces the version that the issue names. `editable` is the same paper
    for a word processor; `seal_places` says where seals and signatures go (kind, page, x, y). The bytes are on disk before the transaction commits. Raises NotFoundError, FileTooLargeError,
    and DocumentNotCurrentError when the version to be replaced was replaced or voided meanwhile.
    """
    sha256 = bureau.files.store(content)
    locked = lock_case(work.connection, case_id)
    earlier = _find_key(work.connection, idempotency_key)
    if earlier is not None:
        return StoredDocument(earlier.id, earlier.sha256, is_new=False)
    _require_dispute(work.connection, case_id)
    replaced = None
    if issue is not None and issue.replaces is not None:
        replaced = _current_version(work.connection, issue.replaces)
    reissued = _reissue(work.connection, idempotency_key)
    if reissued is not None:
        reason = bureau.keyring.open(reissued.reason, place("paper_reissue", "reason", idempotency_key))
    document_id = _insert(
        work,
        bureau,
        locked,
        replaced=replaced,
        kind=kind,
        title=title,
        sha256=sha256,
        size=len(content),
        media_type=media_type,
        idempotency_key=idempotency_key,
        number=issue.number if issue else None,
        issuer_id=issue.issuer_id if issue else None,
        party_id=issue.party_id if issue else None,
        verification_index=pair_index(bureau.keyring, issue.number, issue.code) if issue else None,
        source="rendered" if issue else "uploaded",
        seal_places=list(seal_places) or None,
        reason=reason,
        is_confidential=is_confidential,
    )
    if editable is not None:
        add_file(
            work,
            bureau,
            document_id,
            role="editable",
            content=editable,
            media_type=WORD,
            idempotency_key=f"{idempotency_key}:editable",
        )
    return StoredDocument(document_id, sha256, is_new=True)


def store_edited_version(
    work: Work,
    bureau: Bureau,
    document_id: UUID,
    *,
    content: bytes,
    media_type: str,
    reason: str,
    idempotency_key: str,
) -> StoredDocument:
    """Keep what somebody made by hand of a paper as its next and final version; the same key returns the first one.

    It takes over number and code, which stand in its text, and is marked as edited; seals of the version before do not
    hold for it. Raises NotFoundError, ReasonMissingError, DocumentNotIssuedError for what is no paper of ours, and
    DocumentNotCurrentError.
    """
    if not reason.strip():
        raise ReasonMissingError()
    case_id = _case_of(work.connection, document_id)
    sha256 = bureau.files.store(content)
    locked = lock_case(work.connection, case_id)
    earlier = _find_key(work.connection, idempotency_key)
    if earlier is not None:
        return StoredDocument(earlier.id, earlier.sha256, is_new=False)
    replaced = _current_version(work.connection, document_id)
    if replaced.number is None:
        raise DocumentNotIssuedError(id=document_id)
    new_id = _insert(
        work,
        bureau,
        locked,
        replaced=replaced,
        kind=replaced.kind,
        title=bureau.keyring.open(replaced.title, place("document", "title", replaced.id)),
        sha256=sha256,
        size=len(content),
        media_type=media_type,
        idempotency_key=idempotency_key,
        number=replaced.number,
        issuer_id=replaced.issuer_id,
        party_id=replaced.party_id,
        verification_index=None,
        source="edited",
        reason=reason,
        is_confidential=replaced.is_confidential,
    )
    return StoredDocument(new_id, sha256, is_new=True)


def request_reissue(work: Work, bureau: Bureau, document_id: UUID, reason: str, idempotency_key: str) -> None:
    """Write down why a paper is to be made anew; what is made under the key becomes its next version, for that reason.

    Raises NotFoundError, ReasonMissingError, DocumentNotIssuedError, and DocumentNotCurrentError when it is void.
    """
    if not reason.strip():
        raise ReasonMissingError()
    lock_case(work.connection, _case_of(work.connection, document_id))
    if _current_version(work.connection, document_id).number is None:
        raise DocumentNotIssuedError(id=document_id)
    work.connection.execute(
        sa.insert(paper_reissue).values(
            idempotency_key=idempotency_key,
            document_id=document_id,
            reason=bureau.keyring.seal(reason, place("paper_reissue", "reason", idempotency_key)),
            requested_at=work.now,
            requested_by=work.actor.id,
        )
    )


def rendering_key(connection: sa.Connection, document_id: UUID) -> str:
    """Return the idempotency key under which a paper was rendered last: the id of the job that made it.

    Raises DocumentNotIssuedError when nothing here made it.
    """
    paper = sa.select(document.c.paper_id).where(document.c.id == document_id).scalar_subquery()
    found: str | None = connection.execute(
        sa.select(document.c.idempotency_key)
        .where(document.c.paper_id == paper, document.c.source == "rendered")
        .order_by(document.c.version.desc())
        .limit(1)
    ).scalar_one_or_none()
    if found is None:
        raise DocumentNotIssuedError(id=document_id)
    return found


def add_file(
    work: Work,
    bureau: Bureau,
    document_id: UUID,
    *,
    role: FileRole,
    content: bytes,
    media_type: str,
    idempotency_key: str,
) -> str:
    """Keep a further file of a document and return its SHA-256; the same key returns the first one's.

    Raises NotFoundError and FileTooLargeError.
    """
    case_id = _case_of(work.connection, document_id)
    sha256 = bureau.files.store(content)
    locked = lock_case(work.connection, case_id)
    earlier: str | None = work.connection.execute(
        sa.select(document_file.c.sha256).where(document_file.c.idempotency_key == idempotency_key)
    ).scalar_one_or_none()
    if earlier is not None:
        return earlier
    insert_file(work, sha256, len(content))
    work.connection.execute(
        sa.insert(document_file).values(
            id=work.ids(),
            document_id=document_id,
            role=role,
            sha256=sha256,
            media_type=media_type,
            idempotency_key=idempotency_key,
            created_at=work.now,
            created_by=work.actor.id,
        )
    )
    facts = {"document_id": str(document_id), "role": role, "sha256": sha256, "size": len(content)}
    history.append(
        work.connection, locked, [HistoryEvent("document-file-added", facts)], actor=work.actor, now=work.now
    )
    return sha256


def void_document(work: Work, bureau: Bureau, document_id: UUID, reason: str) -> None:
    """Void (作废) a paper: its current version and its number, for good and with the reason. Twice is once.

    Raises NotFoundError, ReasonMissingError, DocumentNotIssuedError for what is no paper of ours, and
    DocumentNotCurrentError for a version that was replaced.
    """
    if not reason.strip():
        raise ReasonMissingError()
    locked = lock_case(work.connection, _case_of(work.connection, document_id))
    row = work.connection.execute(sa.select(document).where(document.c.id == document_id)).one()
    if row.voided_at is not None:
        return
    if row.number is None:
        raise DocumentNotIssuedError(id=document_id)
    current = _current_version(work.connection, document_id)
    if current.id != document_id:
        raise DocumentNotCurrentError(version=row.version, current=current.version)
    work.connection.execute(
        sa.update(document)
        .where(document.c.id == document_id)
        .values(
            voided_at=work.now,
            voided_by=work.actor.id,
            void_reason=bureau.keyring.seal(reason, place("document", "void_reason", document_id)),
        )
    )
    void_number(work, bureau, row.number, row.kind, reason)
    facts = {"document_id": str(document_id), "kind": row.kind, "number": row.number, "version": row.version}
    history.append(work.connection, locked, [HistoryEvent("document-voided", facts)], actor=work.actor, now=work.now)


def _insert(
    work: Work,
    bureau: Bureau,
    locked: CaseRow,
    *,
    replaced: Any,
    kind: str,
    title: str,
    sha256: str,
    size: int,
    reason: str | None,
    **columns: Any,
) -> UUID:
    """Write a document's row, mark the version it replaces, and tell history."""
    insert_file(work, sha256, size)
    document_id = work.ids()
    version = 1 if replaced is None else replaced.version + 1
    work.connection.execute(
        sa.insert(document).values(
            id=document_id,
            case_id=locked.id,
            paper_id=document_id if replaced is None else replaced.paper_id,
            kind=kind,
            version=version,
            title=bureau.keyring.seal(title, place("document", "title", document_id)),
            sha256=sha256,
            reason=bureau.keyring.seal_optional(reason, place("document", "reason", document_id)),
            created_at=work.now,
            created_by=work.actor.id,
            **columns,
        )
    )
    if replaced is not None:
        work.connection.execute(
            sa.update(document)
            .where(document.c.id == replaced.id)
            .values(superseded_at=work.now, superseded_by=document_id)
        )
    facts = {
        "document_id": str(document_id),
        "kind": kind,
        "version": version,
        "number": columns["number"],
        "source": columns["source"],
        "replaces": None if replaced is None else str(replaced.id),
        "sha256": sha256,
        "size": size,
    }
    history.append(work.connection, locked, [HistoryEvent("document-stored", facts)], actor=work.actor, now=work.now)
    return document_id


def insert_file(work: Work, sha256: str, size: int) -> None:
    """Write down that a file is stored; one that is there already is left alone."""
    work.connection.execute(
        insert(stored_file)
        .values(sha256=sha256, size=size, created_at=work.now)
        .on_conflict_do_nothing(index_elements=["sha256"])
    )


def _reissue(connection: sa.Connection, idempotency_key: str) -> Any:
    return connection.execute(
        sa.select(paper_reissue).where(paper_reissue.c.idempotency_key == idempotency_key)
    ).one_or_none()


def _find_key(connection: sa.Connection, idempotency_key: str) -> Any:
    return connection.execute(
        sa.select(document.c.id, document.c.sha256).where(document.c.idempotency_key == idempotency_key)
    ).one_or_none()


def current_paper(connection: sa.Connection, case_id: UUID, kind: str, party_id: UUID | None) -> Any:
    """Return the row of the current version of the case's paper of a kind that is not void, or None."""
    return connection.execute(
        sa.select(document)
        .where(
            document.c.case_id == case_id,
            document.c.kind == kind,
            document.c.party_id.is_not_distinct_from(party_id),
            document.c.number.is_not(None),
            document.c.superseded_at.is_(None),
            document.c.voided_at.is_(None),
        )
        .order_by(document.c.created_at.desc(), document.c.id.desc())
        .limit(1)
    ).one_or_none()


def _current_version(connection: sa.Connection, document_id: UUID) -> Any:
    """Return the current version of the paper that a document belongs to; raises DocumentNotCurrentError if void."""
    paper = sa.select(document.c.paper_id).where(document.c.id == document_id).scalar_subquery()
    row = connection.execute(
        sa.select(document).where(document.c.paper_id == paper, document.c.superseded_at.is_(None))
    ).one_or_none()
    if row is None:
        raise NotFoundError(what="document", id=document_id)
    if row.voided_at is not None:
        raise DocumentNotCurrentError(version=row.version, current="-")
    return row


def _case_of(connection: sa.Connection, document_id: UUID) -> UUID:
    case_id: UUID | None = connection.execute(
        sa.select(document.c.case_id).where(document.c.id == document_id)
    ).scalar_one_or_none()
    if case_id is None:
        raise NotFoundError(what="document", id=document_id)
    return case_id


def _require_dispute(connection: sa.Connection, case_id: UUID) -> None:
    if connection.execute(sa.select(dispute.c.case_id).where(dispute.c.case_id == case_id)).first() is None:
        raise NotFoundError(what="dispute", id=case_id)
