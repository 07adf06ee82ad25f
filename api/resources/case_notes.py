"""What caseworkers write about a case for each other, and the mediators' confidential notes."""

from typing import Any
from uuid import UUID

from api.actors import shown_actor
from api.context import current
from api.routes import Routes
from api.rules import OFFICERS, requires
from api.schemas.case_notes import CaseNoteBodySchema, CaseNotesSchema
from api.schemas.user_tasks import CreatedSchema
from casework.case_notes import list_case_notes, reads_confidential_notes, write_case_note

routes = Routes(
    "case-notes",
    __name__,
    url_prefix="/api/v1/cases/<uuid:case_id>/notes",
    description="Notes of caseworkers on a case",
)


@routes.route("", methods=["GET"])
@requires(*OFFICERS, owner="casework", scope="case")
@routes.response(200, CaseNotesSchema)
def list_notes_of_case(case_id: UUID) -> dict[str, Any]:
    """The notes on a case, oldest first; the confidential ones for its mediators alone, never for a party."""
    context = current()
    notes = list_case_notes(context.connection, context.bureau, context.viewer, case_id)
    return {
        "items": [note | {"created_by": shown_actor(note["created_by"])} for note in notes],
        "may_keep_confidential": reads_confidential_notes(context.connection, context.viewer, case_id),
    }


@routes.route("", methods=["POST"])
@requires(*OFFICERS, owner="casework", scope="case")
@routes.arguments(CaseNoteBodySchema)
@routes.response(201, CreatedSchema)
def create_note_on_case(body: dict[str, Any], case_id: UUID) -> dict[str, Any]:
    """Write a note: kept encrypted and never changed; history tells that, not what, was written."""
    context = current()
    note_id = write_case_note(
        context.uow,
        context.bureau,
        context.viewer,
        case_id,
        body["text"],
        is_confidential=body["is_confidential"],
    )
    return {"id": note_id}
