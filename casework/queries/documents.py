"""Documents of a case, listed and read within the viewer's scope, or at a party's desk."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args
from uuid import UUID

import sqlalchemy as sa

from casework.access import Viewer, may, require
from casework.bureau import Bureau
from casework.documents import Source
from casework.encryption import place
from casework.errors import DocumentFormatMissingError
from casework.file_types import PDF, WORD
from casework.party_papers import not_for_others, readable
from casework.store.tables import document, document_file, stored_file
from engine.domain.errors import NotFoundError

Format = Literal["pdf", "docx", "scan", "original"]
FORMATS: tuple[Format, ...] = get_args(Format)


@dataclass(frozen=True, slots=True, repr=False)
class DocumentRecord:
    """What is known of a document: one version of one paper."""

    id: UUID
    case_id: UUID
    paper_id: UUID
    """Shared by all versions of the paper: the id of the first."""
    kind: str
    number: str | None
    version: int
    title: str
    sha256: str
    size: int
    media_type: str
    is_confidential: bool
    source: Source
    state: Literal["current", "superseded", "voided"]
    reason: str | None
    """Why there is this version."""
    void_reason: str | None
    issuer_id: UUID | None
    party_id: UUID | None
    superseded_by: UUID | None
    voided_at: datetime | None
    formats: tuple[str, ...]
    """In which formats its content can be had."""
    created_at: datetime
    created_by: str

    def as_dict(self) -> dict[str, Any]:
        """Return the document as JSON."""
        return {
            "id": str(self.id),
            "case_id": str(self.case_id),
            "paper_id": str(self.paper_id),
            "kind": self.kind,
            "number": self.number,
            "version": self.version,
            "title": self.title,
            "sha256": self.sha256,
            "size": self.size,
            "media_type": self.media_type,
            "is_confidential": self.is_confidential,
            "source": self.source,
            "state": self.state,
            "reason": self.reason,
            "void_reason": self.void_reason,
            "superseded_by": None if self.superseded_by is None else str(self.superseded_by),
            "voided_at": None if self.voided_at is None else self.voided_at.isoformat(),
            "formats": list(self.formats),
            "created_at": self.created_at.isoformat(),
            "created_by": self.created_by,
        }


@dataclass(frozen=True, slots=True, repr=False)
class DocumentContent:
    """A document with the bytes of one of its formats."""

    record: DocumentRecord
    content: bytes
    media_type: str


def list_documents(
    connection: sa.Connection, bureau: Bureau, case_id: UUID, viewer: Viewer | None = None
) -> list[DocumentRecord]:
    """Return the documents of a case, every version, oldest first; a viewer sees confidential ones only if a role allows it.

    Raises NotFoundError or ActionForbiddenError when there is a viewer who may not read the case's documents.
    """
    statement = _select().where(document.c.case_id == case_id).order_by(document.c.created_at, document.c.id)
    if viewer is not None:
        require(connection, viewer, "read-document", case_id)
        if not may(connection, viewer, "read-confidential", case_id):
            statement = statement.where(~document.c.is_confidential)
        if _is_party(viewer):
            statement = statement.where(not_for_others(viewer))
    return _records(connection, bureau, connection.execute(statement).all())


def list_versions(connection: sa.Connection, bureau: Bureau, viewer: Viewer, document_id: UUID) -> list[DocumentRecord]:
    """Return every version of a document's paper, oldest first. Raises NotFoundError, ActionForbiddenError."""
    found = get_document(connection, bureau, viewer, document_id)
    statement = _select().where(document.c.paper_id == found.paper_id).order_by(document.c.version)
    return _records(connection, bureau, connection.execute(statement).all())


def get_document(connection: sa.Connection, bureau: Bureau, viewer: Viewer, document_id: UUID) -> DocumentRecord:
    """Return what is known of a document in the viewer's scope.

    Raises NotFoundError when there is none for this viewer, and ActionForbiddenError when the role may not read it.
    """
    statement = _select().where(document.c.id == document_id)
    if _is_party(viewer):
        statement = statement.where(not_for_others(viewer))
    row = connection.execute(statement).one_or_none()
    if row is None:
        raise NotFoundError(what="document", id=document_id)
    require(connection, viewer, "read-confidential" if row.is_confidential else "read-document", row.case_id)
    return _records(connection, bureau, [row])[0]


def list_party_documents(
    connection: sa.Connection, bureau: Bureau, viewer: Viewer, case_id: UUID
) -> list[DocumentRecord]:
    """Return the documents that a party reads at its desk, newest first (`casework.party_papers.readable`)."""
    statement = (
        _select()
        .where(document.c.case_id == case_id, readable(viewer))
        .order_by(document.c.created_at.desc(), document.c.id.desc())
    )
    return _records(connection, bureau, connection.execute(statement).all())


def read_party_document(
    connection: sa.Connection, bureau: Bureau, viewer: Viewer, case_id: UUID, document_id: UUID
) -> DocumentContent:
    """Return a document with its bytes that a party reads at its desk. Raises NotFoundError, StoredFileBrokenError."""
    return _content(connection, bureau, party_document(connection, bureau, viewer, case_id, document_id), None)


def party_document(
    connection: sa.Connection, bureau: Bureau, viewer: Viewer, case_id: UUID, document_id: UUID
) -> DocumentRecord:
    """Return what is known of a document that a party reads at its desk. Raises NotFoundError."""
    statement = _select().where(document.c.id == document_id, document.c.case_id == case_id, readable(viewer))
    row = connection.execute(statement).one_or_none()
    if row is None:
        raise NotFoundError(what="document", id=document_id)
    return _records(connection, bureau, [row])[0]


def read_document(
    connection: sa.Connection, bureau: Bureau, viewer: Viewer, document_id: UUID, format: Format | None = None
) -> DocumentContent:
    """Return a document in the viewer's scope, in a format (None: as it is best shown, sealed where it is sealed).

    Raises NotFoundError when there is none for this viewer, ActionForbiddenError when the role may not read it,
    DocumentFormatMissingError, and StoredFileBrokenError when the file is gone or changed.
    """
    return _content(connection, bureau, get_document(connection, bureau, viewer, document_id), format)


def read_document_content(
    connection: sa.Connection, bureau: Bureau, document_id: UUID, format: Format | None = None
) -> DocumentContent:
    """Return a document for a handler, whoever's it is.

    Raises NotFoundError, DocumentFormatMissingError and StoredFileBrokenError.
    """
    row = connection.execute(_select().where(document.c.id == document_id)).one_or_none()
    if row is None:
        raise NotFoundError(what="document", id=document_id)
    return _content(connection, bureau, _records(connection, bureau, [row])[0], format)


def _content(
    connection: sa.Connection, bureau: Bureau, record: DocumentRecord, format: Format | None
) -> DocumentContent:
    files: dict[str, Any] = {}
    rows = connection.execute(
        sa.select(document_file)
        .where(document_file.c.document_id == record.id)
        .order_by(document_file.c.created_at, document_file.c.id)
    )
    for row in rows:
        files[row.role] = row  # the newest of each role
    if format in (None, "pdf") and "sealed" in files:
        chosen = files["sealed"]
    elif format == "docx" and "editable" in files:
        chosen = files["editable"]
    elif format == "scan" and "scan" in files:
        chosen = files["scan"]
    elif format in (None, "original") or format == _EXTENSION.get(record.media_type):
        chosen = record
    else:
        raise DocumentFormatMissingError(format=format, formats=", ".join(record.formats))
    return DocumentContent(record, bureau.files.read(chosen.sha256), chosen.media_type)


_EXTENSION = {PDF: "pdf", WORD: "docx"}


def _select() -> sa.Select[Any]:
    return sa.select(document, stored_file.c.size).join(stored_file, stored_file.c.sha256 == document.c.sha256)


def _records(connection: sa.Connection, bureau: Bureau, rows: Sequence[Any]) -> list[DocumentRecord]:
    roles: dict[UUID, set[str]] = {}
    if rows:
        found = connection.execute(
            sa.select(document_file.c.document_id, document_file.c.role).where(
                document_file.c.document_id.in_([row.id for row in rows])
            )
        )
        for each in found:
            roles.setdefault(each.document_id, set()).add(each.role)
    return [_record(bureau, row, roles.get(row.id, set())) for row in rows]


def _record(bureau: Bureau, row: Any, roles: set[str]) -> DocumentRecord:
    def clear(column: str) -> str | None:
        return bureau.keyring.open_optional(row._mapping[column], place("document", column, row.id))

    formats = {"original", _EXTENSION.get(row.media_type, "original")}
    formats |= {"docx"} if "editable" in roles else set()
    formats |= {"scan"} if "scan" in roles else set()
    return DocumentRecord(
        id=row.id,
        case_id=row.case_id,
        paper_id=row.paper_id,
        kind=row.kind,
        number=row.number,
        version=row.version,
        title=bureau.keyring.open(row.title, place("document", "title", row.id)),
        sha256=row.sha256,
        size=row.size,
        media_type=row.media_type,
        is_confidential=row.is_confidential,
        source=row.source,
        state="voided" if row.voided_at else "superseded" if row.superseded_at else "current",
        reason=clear("reason"),
        void_reason=clear("void_reason"),
        issuer_id=row.issuer_id,
        party_id=row.party_id,
        superseded_by=row.superseded_by,
        voided_at=row.voided_at,
        formats=tuple(each for each in FORMATS if each in formats),
        created_at=row.created_at,
        created_by=row.created_by,
    )


def _is_party(viewer: Viewer) -> bool:
    return viewer.roles <= {"worker", "employer"}
