"""Documents of a case: stored by content, listed and read within the viewer's scope."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from casework.access import Viewer, may, require
from casework.bureau import Bureau
from casework.encryption import place
from casework.store.tables import dispute, document, stored_file
from casework.work import Work
from engine.domain.errors import NotFoundError
from engine.domain.events import HistoryEvent
from engine.store import history
from engine.store.cases import lock_case


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A document after storing it."""

    document_id: UUID
    sha256: str
    is_new: bool
    """False when the idempotency key had stored it before."""


@dataclass(frozen=True, slots=True, repr=False)
class DocumentRecord:
    """What is known of a document."""

    id: UUID
    case_id: UUID
    kind: str
    number: str | None
    version: int
    title: str
    sha256: str
    size: int
    media_type: str
    is_confidential: bool
    created_at: datetime
    created_by: str

    def as_dict(self) -> dict[str, Any]:
        """Return the document as JSON."""
        return {
            "id": str(self.id),
            "case_id": str(self.case_id),
            "kind": self.kind,
            "number": self.number,
            "version": self.version,
            "title": self.title,
            "sha256": self.sha256,
            "size": self.size,
            "media_type": self.media_type,
            "is_confidential": self.is_confidential,
            "created_at": self.created_at.isoformat(),
            "created_by": self.created_by,
        }


@dataclass(frozen=True, slots=True, repr=False)
class DocumentContent:
    """A document with its bytes."""

    record: DocumentRecord
    content: bytes


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
    number: str | None = None,
    is_confidential: bool = False,
) -> StoredDocument:
    """Keep a document of a case under its next version, with its hash in history; the same key returns the first one.

    The bytes are on disk before the transaction commits. Raises NotFoundError and FileTooLargeError.
    """
    sha256 = bureau.files.store(content)
    locked = lock_case(work.connection, case_id)
    earlier = work.connection.execute(
        sa.select(document.c.id, document.c.sha256, document.c.case_id).where(
            document.c.idempotency_key == idempotency_key
        )
    ).one_or_none()
    if earlier is not None:
        return StoredDocument(earlier.id, earlier.sha256, is_new=False)
    _require_dispute(work.connection, case_id)
    work.connection.execute(
        insert(stored_file)
        .values(sha256=sha256, size=len(content), created_at=work.now)
        .on_conflict_do_nothing(index_elements=["sha256"])
    )
    document_id = work.ids()
    version = work.connection.execute(
        sa.select(sa.func.coalesce(sa.func.max(document.c.version), 0) + 1).where(
            document.c.case_id == case_id, document.c.kind == kind
        )
    ).scalar_one()
    work.connection.execute(
        sa.insert(document).values(
            id=document_id,
            case_id=case_id,
            kind=kind,
            number=number,
            version=version,
            title=bureau.keyring.seal(title, place("document", "title", document_id)),
            sha256=sha256,
            media_type=media_type,
            idempotency_key=idempotency_key,
            is_confidential=is_confidential,
            created_at=work.now,
            created_by=work.actor.id,
        )
    )
    facts = {
        "document_id": str(document_id),
        "kind": kind,
        "version": version,
        "number": number,
        "sha256": sha256,
        "size": len(content),
    }
    history.append(work.connection, locked, [HistoryEvent("document-stored", facts)], actor=work.actor, now=work.now)
    return StoredDocument(document_id, sha256, is_new=True)


def list_documents(
    connection: sa.Connection, bureau: Bureau, case_id: UUID, viewer: Viewer | None = None
) -> list[DocumentRecord]:
    """Return the documents of a case, oldest first; a viewer sees confidential ones only if a role allows it.

    Raises NotFoundError or ActionForbiddenError when there is a viewer who may not read the case's documents.
    """
    statement = _select().where(document.c.case_id == case_id).order_by(document.c.created_at, document.c.id)
    if viewer is not None:
        require(connection, viewer, "read-document", case_id)
        if not may(connection, viewer, "read-confidential", case_id):
            statement = statement.where(~document.c.is_confidential)
    return [_record(bureau, row) for row in connection.execute(statement)]


def read_document(connection: sa.Connection, bureau: Bureau, viewer: Viewer, document_id: UUID) -> DocumentContent:
    """Return a document in the viewer's scope.

    Raises NotFoundError when there is none for this viewer, ActionForbiddenError when the role may not read it, and
    StoredFileBrokenError when the file is gone or changed.
    """
    row = connection.execute(_select().where(document.c.id == document_id)).one_or_none()
    if row is None:
        raise NotFoundError(what="document", id=document_id)
    require(connection, viewer, "read-confidential" if row.is_confidential else "read-document", row.case_id)
    return DocumentContent(_record(bureau, row), bureau.files.read(row.sha256))


def read_document_content(connection: sa.Connection, bureau: Bureau, document_id: UUID) -> DocumentContent:
    """Return a document for a handler, whoever's it is. Raises NotFoundError and StoredFileBrokenError."""
    row = connection.execute(_select().where(document.c.id == document_id)).one_or_none()
    if row is None:
        raise NotFoundError(what="document", id=document_id)
    return DocumentContent(_record(bureau, row), bureau.files.read(row.sha256))


def _select() -> sa.Select[Any]:
    return sa.select(document, stored_file.c.size).join(stored_file, stored_file.c.sha256 == document.c.sha256)


def _record(bureau: Bureau, row: Any) -> DocumentRecord:
    return DocumentRecord(
        id=row.id,
        case_id=row.case_id,
        kind=row.kind,
        number=row.number,
        version=row.version,
        title=bureau.keyring.open(row.title, place("document", "title", row.id)),
        sha256=row.sha256,
        size=row.size,
        media_type=row.media_type,
        is_confidential=row.is_confidential,
        created_at=row.created_at,
        created_by=row.created_by,
    )


def _require_dispute(connection: sa.Connection, case_id: UUID) -> None:
    if connection.execute(sa.select(dispute.c.case_id).where(dispute.c.case_id == case_id)).first() is None:
        raise NotFoundError(what="dispute", id=case_id)
