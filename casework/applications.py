"""Applications by people without an account, their author's side: a draft that survives, evidence in pieces, a receipt.

What strangers send never makes a case by itself: it waits in a list (`casework.applications_at_window`).
A draft belongs to whoever holds its token. Content and files are encrypted; files stay in pieces in the database until the
application is accepted, so that whatever is thrown away leaves nothing on disk.
"""

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa
import yaml

from casework.bureau import Bureau
from casework.encryption import place
from casework.errors import (
    ApplicationClosedError,
    ApplicationInvalidError,
    ReceiptUnknownError,
    UploadBrokenError,
    UploadOffsetWrongError,
)
from casework.file_types import media_type_of
from casework.numbers import next_position
from casework.paper_codes import pair_index, pair_indexes, paper_code
from casework.store.tables import application, application_chunk, application_file, dispute
from casework.throttles import Throttle
from casework.tokens import token_hash
from casework.work import Work, today_of
from engine.domain.errors import NotFoundError, UnauthenticatedError

DRAFT_LIFETIME = timedelta(days=7)
"""Since it was last changed."""
KEPT_FOR = timedelta(days=90)
"""So long an application is kept after it was decided on, or given back."""
OPEN = ("draft", "returned")
"""States in which its author changes it."""
MAX_CONTENT = 64 * 1024
MAX_FILES = 20
MAX_FILE = 10 * 2**20
MAX_TOTAL = 60 * 2**20
MAX_CHUNK = 512 * 1024

DRAFTS_PER_CLIENT = Throttle("applications of a client", 20, timedelta(hours=1))
DRAFTS_OF_ALL = Throttle("applications of all", 2000, timedelta(days=1))
"""A flood fills a list of drafts that expire, and no more than this."""
LOOKUPS = Throttle("wrong receipts of a client", 20, timedelta(minutes=10))
_ALL = "all"


@dataclass(frozen=True, slots=True, repr=False)
class ApplicationRecord:
    """An application with its content in clear."""

    id: UUID
    state: str
    content: Mapping[str, Any]
    notice_version: str | None
    consented_at: datetime | None
    created_at: datetime
    expires_at: datetime
    submitted_at: datetime | None
    receipt_number: str | None
    receipt_code: str | None
    case_id: UUID | None
    decided_at: datetime | None
    decided_by: str | None
    rejection: str | None
    """Why it was rejected, or given back to be mended."""
    referral: str | None
    """Where its author should go instead."""
    files: tuple[Mapping[str, Any], ...]


@cache
def personal_information_notice() -> Mapping[str, str]:
    """Return the notice on personal information: `version`, `zh`, `en`."""
    found: Mapping[str, str] = yaml.safe_load(
        Path(__file__).with_name("personal_information_notice.yaml").read_text("utf-8")
    )
    return found


def begin_application(work: Work, bureau: Bureau, client: str) -> tuple[str, ApplicationRecord]:
    """Begin a draft; return the token by which its author comes back, shown once, and the draft.

    Raises RequestThrottledError.
    """
    DRAFTS_PER_CLIENT.take(work.connection, bureau.keyring, client, work.now)
    DRAFTS_OF_ALL.take(work.connection, bureau.keyring, _ALL, work.now)
    token, application_id = secrets.token_urlsafe(32), work.ids()
    work.connection.execute(
        sa.insert(application).values(
            id=application_id,
            token_hash=token_hash(token),
            state="draft",
            content_sealed=_sealed(bureau, application_id, {}),
            created_at=work.now,
            updated_at=work.now,
            expires_at=work.now + DRAFT_LIFETIME,
        )
    )
    return token, own_application(work, bureau, token)


def own_application(work: Work, bureau: Bureau, token: str, *, is_changed: bool = False) -> ApplicationRecord:
    """Return the application of a token, its row locked when it `is_changed`.

    Raises UnauthenticatedError for a token that is unknown or ran out, and ApplicationClosedError when it is to be changed
    and lies at the window or was decided on.
    """
    statement = sa.select(application).where(application.c.token_hash == token_hash(token))
    row = work.connection.execute(statement.with_for_update() if is_changed else statement).one_or_none()
    if row is None or (row.state == "draft" and row.expires_at <= work.now):
        raise UnauthenticatedError()
    if is_changed and row.state not in OPEN:
        raise ApplicationClosedError()
    return record_of(work.connection, bureau, row)


def save_application(work: Work, bureau: Bureau, token: str, content: Mapping[str, Any]) -> None:
    """Keep what was filled in so far; it is not checked but for its size.

    Raises UnauthenticatedError, ApplicationClosedError and ApplicationInvalidError.
    """
    found = own_application(work, bureau, token, is_changed=True)
    if len(json.dumps(content, ensure_ascii=False).encode()) > MAX_CONTENT:
        raise ApplicationInvalidError(
            problem_zh=f"内容过长，上限为 {MAX_CONTENT // 1024} KiB。",
            problem_en=f"it is too long; the limit is {MAX_CONTENT // 1024} KiB.",
        )
    work.connection.execute(
        sa.update(application)
        .where(application.c.id == found.id)
        .values(
            content_sealed=_sealed(bureau, found.id, content),
            updated_at=work.now,
            expires_at=work.now + (DRAFT_LIFETIME if found.state == "draft" else KEPT_FOR),
        )
    )


def submit_application(
    work: Work, bureau: Bureau, token: str, area_code: str, notice_version: str
) -> ApplicationRecord:
    """Hand a draft in, whose content the caller has checked; twice is once. Its consent is recorded with the version.

    One that was given back keeps its receipt and the instant at which it was first handed in.
    Raises UnauthenticatedError and ApplicationInvalidError for an unfinished file or another version of the notice.
    """
    statement = sa.select(application).where(application.c.token_hash == token_hash(token)).with_for_update()
    row = work.connection.execute(statement).one_or_none()
    if row is None or (row.state == "draft" and row.expires_at <= work.now):
        raise UnauthenticatedError()
    if row.state not in OPEN:
        return record_of(work.connection, bureau, row)
    if notice_version != personal_information_notice()["version"]:
        raise ApplicationInvalidError(
            problem_zh="个人信息处理告知已更新，请重新阅读并同意。",
            problem_en="the notice on personal information was changed; read it and agree again.",
        )
    record = record_of(work.connection, bureau, row)
    if any(each["received"] < each["size"] for each in record.files):
        raise ApplicationInvalidError(
            problem_zh="有文件尚未传完，请继续上传或者删除。",
            problem_en="a file is not here in full: go on, or delete it.",
        )
    number = row.receipt_number
    if number is None:
        year = today_of(work).year
        number = f"网申〔{year}〕{next_position(work, 'application', year)}号"
    code = paper_code(bureau.keyring, f"application:{row.id}")
    work.connection.execute(
        sa.update(application)
        .where(application.c.id == row.id)
        .values(
            state="submitted",
            area_path=bureau.site.areas[area_code].path,
            notice_version=notice_version,
            consented_at=work.now,
            submitted_at=row.submitted_at or work.now,
            updated_at=work.now,
            expires_at=work.now + KEPT_FOR,
            receipt_number=number,
            receipt_index=pair_index(bureau.keyring, number, code),
        )
    )
    return own_application(work, bureau, token)


def delete_application(work: Work, bureau: Bureau, token: str) -> None:
    """Throw a draft away. Raises UnauthenticatedError, ApplicationClosedError."""
    found = own_application(work, bureau, token, is_changed=True)
    if found.state != "draft":
        raise ApplicationClosedError()
    work.connection.execute(sa.delete(application).where(application.c.id == found.id))


def begin_file(work: Work, bureau: Bureau, token: str, *, name: str, size: int, sha256: str) -> Mapping[str, Any]:
    """Announce a file; the same content announced again is the same file, with what of it is here.

    Raises UnauthenticatedError, ApplicationClosedError, ApplicationInvalidError.
    """
    found = own_application(work, bureau, token, is_changed=True)
    known = next((each for each in found.files if each["sha256"] == sha256 and each["size"] == size), None)
    if known is not None:
        return known
    if len(found.files) >= MAX_FILES or sum(each["size"] for each in found.files) + size > MAX_TOTAL:
        raise ApplicationInvalidError(
            problem_zh=f"最多 {MAX_FILES} 个文件，合计不超过 {MAX_TOTAL // 2**20} MiB。",
            problem_en=f"at most {MAX_FILES} files of {MAX_TOTAL // 2**20} MiB together.",
        )
    file_id = work.ids()
    work.connection.execute(
        sa.insert(application_file).values(
            id=file_id,
            application_id=found.id,
            name_sealed=bureau.keyring.seal(name, place("application_file", "name_sealed", file_id)),
            size=size,
            sha256=sha256,
            created_at=work.now,
        )
    )
    return _file(work.connection, bureau, found.id, file_id)


def add_chunk(work: Work, bureau: Bureau, token: str, file_id: UUID, start: int, content: bytes) -> Mapping[str, Any]:
    """Add the next piece of a file; a piece that is here already changes nothing. Return the file as it is now.

    When the last piece is here, the whole must have the announced SHA-256 and be of a kind that is taken; else it begins anew.
    Raises UploadOffsetWrongError, UploadBrokenError (the caller commits), UnauthenticatedError, NotFoundError.
    """
    found = own_application(work, bureau, token, is_changed=True)
    file = _file(work.connection, bureau, found.id, file_id)
    end = start + len(content)
    if end <= file["received"]:
        return file
    if start != file["received"] or end > file["size"] or len(content) > MAX_CHUNK:
        raise UploadOffsetWrongError(received=file["received"])
    sealed = bureau.keyring.seal_bytes(content, place("application_chunk", "content_sealed", f"{file_id}:{start}"))
    work.connection.execute(sa.insert(application_chunk).values(file_id=file_id, start=start, content_sealed=sealed))
    changes: dict[str, Any] = {"received": end}
    if end == file["size"]:
        whole = whole_file(work.connection, bureau, file_id)
        media_type = media_type_of(whole)
        if hashlib.sha256(whole).hexdigest() != file["sha256"] or media_type is None:
            work.connection.execute(sa.delete(application_file).where(application_file.c.id == file_id))
            raise UploadBrokenError()
        changes |= {"media_type": media_type, "completed_at": work.now}
    work.connection.execute(sa.update(application_file).where(application_file.c.id == file_id).values(changes))
    return _file(work.connection, bureau, found.id, file_id)


def delete_file(work: Work, bureau: Bureau, token: str, file_id: UUID) -> None:
    """Take a file out of a draft. Raises UnauthenticatedError, ApplicationClosedError, NotFoundError."""
    found = own_application(work, bureau, token, is_changed=True)
    _file(work.connection, bureau, found.id, file_id)
    work.connection.execute(sa.delete(application_file).where(application_file.c.id == file_id))


def look_up_receipt(work: Work, bureau: Bureau, number: str, code: str, client: str) -> ApplicationRecord | None:
    """Return the application of a receipt, or None when number and code do not belong together.

    Wrong answers are counted against `client`: the caller commits. Raises RequestThrottledError.
    """
    LOOKUPS.require(work.connection, bureau.keyring, client, work.now)
    row = work.connection.execute(
        sa.select(application).where(
            application.c.receipt_index.in_(pair_indexes(bureau.keyring, number[:200], code[:200]))
        )
    ).one_or_none()
    if row is None:
        LOOKUPS.count(work.connection, bureau.keyring, client, work.now)
        return None
    return record_of(work.connection, bureau, row)


def resume_returned(work: Work, bureau: Bureau, number: str, code: str, client: str) -> tuple[str, ApplicationRecord]:
    """Return a new token for an application that was given back, to whoever holds its receipt; the token before it ends.

    Wrong answers are counted against `client`: the caller commits. Raises RequestThrottledError, ReceiptUnknownError and
    ApplicationClosedError when there is nothing to mend.
    """
    found = look_up_receipt(work, bureau, number, code, client)
    if found is None:
        raise ReceiptUnknownError()
    token = secrets.token_urlsafe(32)
    changed = work.connection.execute(
        sa.update(application)
        .where(application.c.id == found.id, application.c.state == "returned")
        .values(token_hash=token_hash(token))
    )
    if changed.rowcount == 0:
        raise ApplicationClosedError()
    return token, found


def case_number_of(connection: sa.Connection, case_id: UUID | None) -> str | None:
    """Return the number of the case that an application became."""
    if case_id is None:
        return None
    found: str | None = connection.execute(
        sa.select(dispute.c.number).where(dispute.c.case_id == case_id)
    ).scalar_one_or_none()
    return found


def read_file(
    connection: sa.Connection, bureau: Bureau, record: ApplicationRecord, file_id: UUID
) -> tuple[bytes, str, str]:
    """Return content, media type and name of a file that is here in full. Raises NotFoundError."""
    file = _file(connection, bureau, record.id, file_id)
    if file["media_type"] is None:
        raise NotFoundError(what="file", id=file_id)
    return whole_file(connection, bureau, file_id), file["media_type"], file["name"]


def delete_stale_applications(work: Work) -> int:
    """Delete drafts and decided applications whose time has passed; return how many. What waits for the window stays."""
    return work.connection.execute(
        sa.delete(application).where(application.c.expires_at < work.now, application.c.state != "submitted")
    ).rowcount


def _sealed(bureau: Bureau, application_id: UUID, content: Mapping[str, Any]) -> str:
    text = json.dumps(content, ensure_ascii=False)
    return bureau.keyring.seal(text, place("application", "content_sealed", application_id))


def record_of(connection: sa.Connection, bureau: Bureau, row: Any) -> ApplicationRecord:
    """Return a row of `application` with its content in clear and its files."""
    files = connection.execute(
        sa.select(application_file)
        .where(application_file.c.application_id == row.id)
        .order_by(application_file.c.created_at, application_file.c.id)
    )
    keyring = bureau.keyring
    return ApplicationRecord(
        id=row.id,
        state=row.state,
        content=json.loads(keyring.open(row.content_sealed, place("application", "content_sealed", row.id))),
        notice_version=row.notice_version,
        consented_at=row.consented_at,
        created_at=row.created_at,
        expires_at=row.expires_at,
        submitted_at=row.submitted_at,
        receipt_number=row.receipt_number,
        receipt_code=None if row.receipt_number is None else paper_code(keyring, f"application:{row.id}"),
        case_id=row.case_id,
        decided_at=row.decided_at,
        decided_by=row.decided_by,
        rejection=keyring.open_optional(row.rejection_sealed, place("application", "rejection_sealed", row.id)),
        referral=row.referral,
        files=tuple(_shown_file(bureau, file) for file in files),
    )


def _file(connection: sa.Connection, bureau: Bureau, application_id: UUID, file_id: UUID) -> Mapping[str, Any]:
    row = connection.execute(
        sa.select(application_file).where(
            application_file.c.id == file_id, application_file.c.application_id == application_id
        )
    ).one_or_none()
    if row is None:
        raise NotFoundError(what="file", id=file_id)
    return _shown_file(bureau, row)


def _shown_file(bureau: Bureau, row: Any) -> Mapping[str, Any]:
    return {
        "id": row.id,
        "name": bureau.keyring.open(row.name_sealed, place("application_file", "name_sealed", row.id)),
        "size": row.size,
        "sha256": row.sha256,
        "received": row.received,
        "media_type": row.media_type,
    }


def whole_file(connection: sa.Connection, bureau: Bureau, file_id: UUID) -> bytes:
    rows = connection.execute(
        sa.select(application_chunk).where(application_chunk.c.file_id == file_id).order_by(application_chunk.c.start)
    )
    return b"".join(
        bureau.keyring.open_bytes(
            bytes(row.content_sealed), place("application_chunk", "content_sealed", f"{file_id}:{row.start}")
        )
        for row in rows
    )
