"""What caseworkers write about a case for each other: notes for all who work on it, and the mediators' own.

What a mediator learnt in confidence must not reach whoever decides later (《企业劳动争议协商调解规定》第二十四条; compare
the statements of `casework.statements` that are confidential): such notes are read by the mediators of the case alone,
never by the arbitration institution, a court, their own head, a supervisor, or a party.
"""

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from casework.access import Viewer, has_other_part, roles_in_scope
from casework.bureau import Bureau
from casework.encryption import place
from casework.errors import ActionForbiddenError
from casework.roles import ROLES
from casework.store.tables import case_note
from casework.users import user_names
from casework.work import Work, append_history
from engine.commands.comment_on_user_task import MAX_LENGTH, CommentInvalidError
from engine.domain.errors import NotFoundError
from engine.domain.events import HistoryEvent
from engine.store.cases import lock_case

_PARTIES = frozenset({"worker", "employer"})
_CONFIDANTS = frozenset(code for code, role in ROLES.items() if "read-confidential" in role.actions) - _PARTIES


def reads_confidential_notes(connection: sa.Connection, viewer: Viewer, case_id: UUID) -> bool:
    """Tell whether the viewer reads the mediators' notes on a case.

    A role that may read what is confidential must have the case in its scope; nobody who reviews the case reads them,
    whatever other role they have. Raises NotFoundError out of scope, ActionForbiddenError for a party.
    """
    roles = roles_in_scope(connection, viewer, case_id) - _PARTIES
    if not roles:
        if roles_in_scope(connection, viewer, case_id):
            raise ActionForbiddenError(action="read-notes")
        raise NotFoundError(what="case", id=case_id)
    return bool(roles & _CONFIDANTS) and not has_other_part(connection, case_id, viewer.user_id, "mediation")


def list_case_notes(connection: sa.Connection, bureau: Bureau, viewer: Viewer, case_id: UUID) -> list[dict[str, Any]]:
    """Return the notes on a case that the viewer may read, oldest first; raises as `reads_confidential_notes` does."""
    statement = (
        sa.select(case_note).where(case_note.c.case_id == case_id).order_by(case_note.c.created_at, case_note.c.id)
    )
    if not reads_confidential_notes(connection, viewer, case_id):
        statement = statement.where(case_note.c.is_confidential.is_(False))
    rows = connection.execute(statement).all()
    names = user_names(connection, bureau, {row.created_by.removeprefix("user:") for row in rows})
    return [
        {
            "id": row.id,
            "is_confidential": row.is_confidential,
            "text": bureau.keyring.open(row.text, place("case_note", "text", row.id)),
            "created_at": row.created_at,
            "created_by": row.created_by,
            "author": names.get(row.created_by.removeprefix("user:")),
        }
        for row in rows
    ]


def write_case_note(
    work: Work, bureau: Bureau, viewer: Viewer, case_id: UUID, text: str, *, is_confidential: bool
) -> UUID:
    """Keep a note and return its id. History tells that, not what, was written, nor whether it is confidential.

    Raises NotFoundError, ActionForbiddenError (also for a confidential one by who could not read it) and
    CommentInvalidError.
    """
    if not reads_confidential_notes(work.connection, viewer, case_id) and is_confidential:
        raise ActionForbiddenError(action="write-confidential-note")
    words = text.strip()
    if not 1 <= len(words) <= MAX_LENGTH:
        raise CommentInvalidError(limit=MAX_LENGTH, length=len(words))
    lock_case(work.connection, case_id)
    note_id = work.ids()
    work.connection.execute(
        sa.insert(case_note).values(
            id=note_id,
            case_id=case_id,
            is_confidential=is_confidential,
            text=bureau.keyring.seal(words, place("case_note", "text", note_id)),
            created_at=work.now,
            created_by=work.actor.id,
        )
    )
    append_history(work, case_id, HistoryEvent("case-note-written", {"note_id": str(note_id)}))
    return note_id
