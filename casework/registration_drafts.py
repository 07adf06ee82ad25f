"""Registrations that are still being filled in: kept sealed, with scans and photographs, seen by their owner alone.

A draft is a stage of its own, not a case: nothing in it is counted, numbered or shown to anybody else, and it becomes a
case with its documents in one transaction.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
import sqlalchemy as sa

from casework.access import Viewer
from casework.bureau import Bureau
from casework.documents import insert_file, store_document
from casework.encryption import place
from casework.errors import RegistrationDraftChangedError, RegistrationDraftsFullError
from casework.store.tables import registration_attachment, registration_draft
from casework.work import Work
from engine.domain.errors import NotFoundError

MOST_DRAFTS = 30
MOST_ATTACHMENTS = 40
KEPT = timedelta(days=30)
"""How long a draft is kept after the last change."""


@dataclass(frozen=True, slots=True, repr=False)
class Attachment:
    """A file that will be a document of the case."""

    id: UUID
    kind: str
    title: str
    sha256: str
    media_type: str
    is_confidential: bool
    created_at: datetime


@dataclass(frozen=True, slots=True, repr=False)
class Draft:
    """A registration as far as it has come."""

    id: UUID
    content: Mapping[str, Any]
    """What was filled in, as the form sends it; checked only when it is registered."""
    created_at: datetime
    updated_at: datetime
    attachments: tuple[Attachment, ...] = ()


def list_drafts(connection: sa.Connection, bureau: Bureau, viewer: Viewer) -> list[Draft]:
    """Return the viewer's drafts without their attachments, the one changed last first."""
    rows = connection.execute(
        sa.select(registration_draft)
        .where(registration_draft.c.user_id == viewer.user_id)
        .order_by(registration_draft.c.updated_at.desc(), registration_draft.c.id)
    )
    return [_draft(bureau, row) for row in rows]


def get_draft(connection: sa.Connection, bureau: Bureau, viewer: Viewer, draft_id: UUID) -> Draft:
    """Return a draft of the viewer with its attachments. Raises NotFoundError."""
    row = _own(connection, viewer, draft_id)
    attachments = connection.execute(
        sa.select(registration_attachment)
        .where(registration_attachment.c.draft_id == draft_id)
        .order_by(registration_attachment.c.created_at, registration_attachment.c.id)
    )
    return _draft(bureau, row, tuple(_attachment(bureau, each) for each in attachments))


def begin_draft(work: Work, bureau: Bureau, viewer: Viewer, content: Mapping[str, Any]) -> UUID:
    """Keep a new draft; return its id. Raises RegistrationDraftsFullError."""
    count = (
        sa.select(sa.func.count()).select_from(registration_draft).where(registration_draft.c.user_id == viewer.user_id)
    )
    if work.connection.execute(count).scalar_one() >= MOST_DRAFTS:
        raise RegistrationDraftsFullError(limit=MOST_DRAFTS)
    draft_id = work.ids()
    work.connection.execute(
        sa.insert(registration_draft).values(
            id=draft_id,
            user_id=viewer.user_id,
            content=_sealed(bureau, draft_id, content),
            created_at=work.now,
            updated_at=work.now,
        )
    )
    return draft_id


def save_draft(
    work: Work,
    bureau: Bureau,
    viewer: Viewer,
    draft_id: UUID,
    content: Mapping[str, Any],
    seen_at: datetime | None = None,
) -> None:
    """Replace what was filled in so far; with `seen_at` only if nobody changed it since then.

    Raises NotFoundError, RegistrationDraftChangedError.
    """
    row = _lock(work.connection, viewer, draft_id)
    if seen_at is not None and seen_at != row.updated_at:
        raise RegistrationDraftChangedError(updated_at=row.updated_at.isoformat())
    _write(work, bureau, draft_id, content)


def put_workers(
    work: Work,
    bureau: Bureau,
    viewer: Viewer,
    draft_id: UUID,
    side: str,
    parties: list[dict[str, Any]],
    claims: list[dict[str, Any]],
) -> None:
    """Replace all parties of a side (`applicants` or `respondents`) of a draft, and the claims of single applicants.

    `claims` name their applicant by position. Raises NotFoundError.
    """
    row = _lock(work.connection, viewer, draft_id)
    content = dict(_draft(bureau, row).content)
    content[side] = parties
    if side == "applicants":
        kept = content.get("claims")
        common = (
            [each for each in kept if isinstance(each, dict) and each.get("applicant") is None]
            if (isinstance(kept, list))
            else []
        )
        content["claims"] = [*common, *claims]
    _write(work, bureau, draft_id, content)


def drop_draft(work: Work, viewer: Viewer, draft_id: UUID) -> None:
    """Remove a draft with its attachments. Raises NotFoundError."""
    _lock(work.connection, viewer, draft_id)
    work.connection.execute(sa.delete(registration_draft).where(registration_draft.c.id == draft_id))


def purge_drafts(connection: sa.Connection, now: datetime) -> int:
    """Remove the drafts that nobody has touched for KEPT; return how many."""
    statement = sa.delete(registration_draft).where(registration_draft.c.updated_at < now - KEPT)
    return connection.execute(statement).rowcount


def attach(
    work: Work,
    bureau: Bureau,
    viewer: Viewer,
    draft_id: UUID,
    *,
    kind: str,
    title: str,
    content: bytes,
    media_type: str,
    is_confidential: bool,
) -> UUID:
    """Keep a file with a draft; return its id. The bytes are on disk before the transaction commits.

    Raises NotFoundError, FileTooLargeError, RegistrationDraftsFullError.
    """
    _lock(work.connection, viewer, draft_id)
    count = (
        sa.select(sa.func.count())
        .select_from(registration_attachment)
        .where(registration_attachment.c.draft_id == draft_id)
    )
    if work.connection.execute(count).scalar_one() >= MOST_ATTACHMENTS:
        raise RegistrationDraftsFullError(limit=MOST_ATTACHMENTS)
    sha256 = bureau.files.store(content)
    insert_file(work, sha256, len(content))
    attachment_id = work.ids()
    work.connection.execute(
        sa.insert(registration_attachment).values(
            id=attachment_id,
            draft_id=draft_id,
            kind=kind,
            title=bureau.keyring.seal(title, place("registration_attachment", "title", attachment_id)),
            sha256=sha256,
            media_type=media_type,
            is_confidential=is_confidential,
            created_at=work.now,
        )
    )
    return attachment_id


def read_attachment(
    connection: sa.Connection, bureau: Bureau, viewer: Viewer, draft_id: UUID, attachment_id: UUID
) -> tuple[Attachment, bytes]:
    """Return an attachment of a draft of the viewer with its bytes. Raises NotFoundError, StoredFileBrokenError."""
    draft = get_draft(connection, bureau, viewer, draft_id)
    for each in draft.attachments:
        if each.id == attachment_id:
            return each, bureau.files.read(each.sha256)
    raise NotFoundError(what="attachment", id=attachment_id)


def detach(work: Work, viewer: Viewer, draft_id: UUID, attachment_id: UUID) -> None:
    """Remove an attachment from a draft. Raises NotFoundError."""
    _lock(work.connection, viewer, draft_id)
    statement = sa.delete(registration_attachment).where(
        registration_attachment.c.id == attachment_id, registration_attachment.c.draft_id == draft_id
    )
    if work.connection.execute(statement).rowcount == 0:
        raise NotFoundError(what="attachment", id=attachment_id)


def settle_draft(work: Work, bureau: Bureau, draft: Draft, case_id: UUID) -> None:
    """Make the attachments of a draft documents of the case that it became, and remove the draft."""
    for each in draft.attachments:
        store_document(
            work,
            bureau,
            case_id,
            kind=each.kind,
            title=each.title,
            content=bureau.files.read(each.sha256),
            media_type=each.media_type,
            idempotency_key=f"attachment:{each.id}",
            is_confidential=each.is_confidential,
        )
    work.connection.execute(sa.delete(registration_draft).where(registration_draft.c.id == draft.id))


def lock_draft(work: Work, bureau: Bureau, viewer: Viewer, draft_id: UUID) -> Draft:
    """Return a draft of the viewer that nobody else changes until the transaction ends. Raises NotFoundError."""
    _lock(work.connection, viewer, draft_id)
    return get_draft(work.connection, bureau, viewer, draft_id)


def _own(connection: sa.Connection, viewer: Viewer, draft_id: UUID, *, locks: bool = False) -> Any:
    statement = sa.select(registration_draft).where(
        registration_draft.c.id == draft_id, registration_draft.c.user_id == viewer.user_id
    )
    row = connection.execute(statement.with_for_update() if locks else statement).one_or_none()
    if row is None:
        raise NotFoundError(what="registration draft", id=draft_id)
    return row


def _lock(connection: sa.Connection, viewer: Viewer, draft_id: UUID) -> Any:
    return _own(connection, viewer, draft_id, locks=True)


def _write(work: Work, bureau: Bureau, draft_id: UUID, content: Mapping[str, Any]) -> None:
    work.connection.execute(
        sa.update(registration_draft)
        .where(registration_draft.c.id == draft_id)
        .values(content=_sealed(bureau, draft_id, content), updated_at=work.now)
    )


def _sealed(bureau: Bureau, draft_id: UUID, content: Mapping[str, Any]) -> str:
    return bureau.keyring.seal(orjson.dumps(dict(content)).decode(), place("registration_draft", "content", draft_id))


def _draft(bureau: Bureau, row: Any, attachments: tuple[Attachment, ...] = ()) -> Draft:
    content = bureau.keyring.open(row.content, place("registration_draft", "content", row.id))
    return Draft(row.id, orjson.loads(content), row.created_at, row.updated_at, attachments)


def _attachment(bureau: Bureau, row: Any) -> Attachment:
    return Attachment(
        id=row.id,
        kind=row.kind,
        title=bureau.keyring.open(row.title, place("registration_attachment", "title", row.id)),
        sha256=row.sha256,
        media_type=row.media_type,
        is_confidential=row.is_confidential,
        created_at=row.created_at,
    )
