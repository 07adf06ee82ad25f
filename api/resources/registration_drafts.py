"""Registrations that are still being filled in, with scans, photographs and spreadsheets of workers."""

from typing import Any
from uuid import UUID

from flask import Response, request
from marshmallow import fields, validate

from api.context import current
from api.document_content import download
from api.languages import language_of
from api.media_types import checked_media_type
from api.resources.cases import registered_answer, registration_of, shown_warnings
from api.routes import Routes
from api.rules import REGISTRARS, requires
from api.schemas.cases import CaseBodySchema, RegisteredCaseSchema, WarningSchema
from api.schemas.fields import AnswerSchema, BodySchema
from api.schemas.problems import FieldProblemSchema
from api.schemas.uploads import UploadFieldsSchema
from api.schemas.user_tasks import CreatedSchema
from api.uploads import document_form, sent_file
from api.validation_sentences import FieldProblem, field_problems
from casework.commands.register_dispute import find_registration_problems, register_dispute
from casework.file_types import EXCEL
from casework.queries.registration_warnings import registration_warnings
from casework.registration_drafts import (
    KEPT,
    Draft,
    attach,
    begin_draft,
    detach,
    drop_draft,
    get_draft,
    list_drafts,
    lock_draft,
    put_workers,
    read_attachment,
    save_draft,
    settle_draft,
)
from casework.upload_titles import upload_title
from casework.worker_sheets import LARGEST_FILE, WorkerSheet, read_worker_sheet, worker_sheet_template
from engine.domain.clock import shanghai_date

LARGEST_ATTACHMENT = 20 * 2**20
LARGEST_CONTENT = 2 * 2**20

routes = Routes(
    "registration-drafts",
    __name__,
    url_prefix="/api/v1/registration-drafts",
    description="Registrations that are still being filled in; each is seen by its owner alone",
)

_FIELDS = UploadFieldsSchema()
_BODY = CaseBodySchema()
_SHEET = {
    "type": "object",
    "required": ["file"],
    "properties": {
        "file": {"type": "string", "format": "binary", "description": "XLSX or CSV, at most 2 MiB and 500 workers."},
        "side": {"type": "string", "enum": ["applicants", "respondents"], "default": "applicants"},
    },
}


class DraftContentBodySchema(BodySchema):
    """What was filled in so far."""

    content = fields.Dict(
        required=True,
        keys=fields.String(),
        values=fields.Raw(allow_none=True),
        metadata={
            "description": "As `POST /cases` takes it, as far as it has come; checked only when it is registered."
        },
    )


class SavedContentBodySchema(DraftContentBodySchema):
    """What was filled in so far, over what the caller has seen."""

    seen_at = fields.AwareDateTime(
        load_default=None,
        allow_none=True,
        metadata={
            "description": "`updated_at` of the draft as the caller last saw it. When another window changed it since, "
            "nothing is saved: 409 `registration_draft_changed`."
        },
    )


class SavedDraftSchema(AnswerSchema):
    """A draft that was kept."""

    id = fields.UUID(required=True)
    updated_at = fields.AwareDateTime(required=True)


class AttachmentSchema(AnswerSchema):
    """A file that will be a document of the case."""

    id = fields.UUID(required=True)
    kind = fields.String(required=True)
    title = fields.String(required=True)
    media_type = fields.String(required=True)
    is_confidential = fields.Boolean(required=True)
    created_at = fields.AwareDateTime(required=True)


class DraftItemSchema(AnswerSchema):
    """A draft in a list."""

    id = fields.UUID(required=True)
    title = fields.String(required=True, metadata={"description": "First applicant and first respondent, as typed."})
    created_at = fields.AwareDateTime(required=True)
    updated_at = fields.AwareDateTime(required=True)
    kept_until = fields.AwareDateTime(required=True, metadata={"description": "Unless it is changed before."})


class DraftsSchema(AnswerSchema):
    """The caller's drafts, the one changed last first."""

    items = fields.List(fields.Nested(DraftItemSchema), required=True)


class DraftSchema(DraftItemSchema):
    """A draft."""

    content = fields.Dict(required=True)
    attachments = fields.List(fields.Nested(AttachmentSchema), required=True)


class SheetWarningSchema(AnswerSchema):
    """A cell to look at again."""

    cell = fields.String(required=True, metadata={"example": "B5"})
    code = fields.String(required=True)
    message = fields.String(required=True)


class TakenWorkersSchema(AnswerSchema):
    """How many workers were taken from a spreadsheet."""

    workers = fields.Integer(required=True)
    claims = fields.Integer(required=True)
    warnings = fields.List(fields.Nested(SheetWarningSchema), required=True)


class RegistrationCheckSchema(AnswerSchema):
    """What is to be mended before a draft can be registered, and what should be looked at."""

    problems = fields.List(fields.Nested(FieldProblemSchema), required=True)
    warnings = fields.List(
        fields.Nested(WarningSchema),
        required=True,
        metadata={"description": "`duplicate` names an open case that looks the same and that the caller may see."},
    )


class SideQuerySchema(BodySchema):
    """Which parties the workers are."""

    side = fields.String(load_default="applicants", validate=validate.OneOf(["applicants", "respondents"]))


@routes.route("", methods=["GET"])
@requires(*REGISTRARS, owner="casework", scope="own")
@routes.response(200, DraftsSchema)
def list_registration_drafts() -> dict[str, Any]:
    """The caller's drafts."""
    context = current()
    return {"items": [_item(each) for each in list_drafts(context.connection, context.bureau, context.viewer)]}


@routes.route("", methods=["POST"])
@requires(*REGISTRARS, owner="casework", scope="own", body_limit=LARGEST_CONTENT)
@routes.arguments(DraftContentBodySchema)
@routes.response(201, SavedDraftSchema)
def create_registration_draft(body: dict[str, Any]) -> dict[str, Any]:
    """Begin a draft; at most 30. It is kept for 30 days after its last change."""
    context = current()
    draft_id = begin_draft(context.work, context.bureau, context.viewer, body["content"])
    return {"id": draft_id, "updated_at": context.now}


@routes.route("/worker-sheet-template", methods=["GET"])
@requires(*REGISTRARS, owner="casework", scope="site")
@routes.response(200, {"type": "string", "format": "binary"}, content_type=EXCEL)
def get_worker_sheet_template() -> Response:
    """An empty spreadsheet for the workers of one dispute."""
    return download(worker_sheet_template(), EXCEL, "劳动者名单模板")


@routes.route("/<uuid:draft_id>", methods=["GET"])
@requires(*REGISTRARS, owner="casework", scope="own")
@routes.response(200, DraftSchema)
def get_registration_draft(draft_id: UUID) -> dict[str, Any]:
    """A draft with its attachments."""
    context = current()
    draft = get_draft(context.connection, context.bureau, context.viewer, draft_id)
    return _item(draft) | {"content": draft.content, "attachments": draft.attachments}


@routes.route("/<uuid:draft_id>", methods=["PUT"])
@requires(*REGISTRARS, owner="casework", scope="own", body_limit=LARGEST_CONTENT)
@routes.arguments(SavedContentBodySchema)
@routes.response(200, SavedDraftSchema)
def save_registration_draft(body: dict[str, Any], draft_id: UUID) -> dict[str, Any]:
    """Replace what was filled in so far."""
    context = current()
    save_draft(context.work, context.bureau, context.viewer, draft_id, body["content"], body["seen_at"])
    return {"id": draft_id, "updated_at": context.now}


@routes.route("/<uuid:draft_id>", methods=["DELETE"])
@requires(*REGISTRARS, owner="casework", scope="own")
@routes.response(204)
def delete_registration_draft(draft_id: UUID) -> None:
    """Remove a draft with its attachments."""
    context = current()
    drop_draft(context.work, context.viewer, draft_id)


@routes.route("/<uuid:draft_id>/attachments", methods=["POST"])
@requires(*REGISTRARS, owner="casework", scope="own", body_limit=LARGEST_ATTACHMENT + 2**16)
@routes.doc(requestBody=document_form(may_be_confidential=True))
@routes.response(201, CreatedSchema)
def create_registration_attachment(draft_id: UUID) -> dict[str, Any]:
    """Add a scan, photograph or file; it becomes a document of the case when the draft is registered."""
    context = current()
    get_draft(context.connection, context.bureau, context.viewer, draft_id)
    upload = sent_file(request, LARGEST_ATTACHMENT)
    sent = _FIELDS.load(request.form.to_dict())
    attachment_id = attach(
        context.work,
        context.bureau,
        context.viewer,
        draft_id,
        kind=sent["kind"],
        title=sent["title"] or upload_title(sent["kind"], upload.name, context.now),
        content=upload.content,
        media_type=checked_media_type(upload),
        is_confidential=sent["is_confidential"],
    )
    return {"id": attachment_id}


@routes.route("/<uuid:draft_id>/attachments/<uuid:attachment_id>/content", methods=["GET"])
@requires(*REGISTRARS, owner="casework", scope="own")
@routes.response(200, {"type": "string", "format": "binary"}, content_type="application/octet-stream")
def get_registration_attachment(draft_id: UUID, attachment_id: UUID) -> Response:
    """The bytes of an attachment."""
    context = current()
    found, content = read_attachment(context.connection, context.bureau, context.viewer, draft_id, attachment_id)
    return download(content, found.media_type, found.title)


@routes.route("/<uuid:draft_id>/attachments/<uuid:attachment_id>", methods=["DELETE"])
@requires(*REGISTRARS, owner="casework", scope="own")
@routes.response(204)
def delete_registration_attachment(draft_id: UUID, attachment_id: UUID) -> None:
    """Remove an attachment."""
    context = current()
    detach(context.work, context.viewer, draft_id, attachment_id)


@routes.route("/<uuid:draft_id>/workers", methods=["PUT"])
@requires(*REGISTRARS, owner="casework", scope="own", body_limit=LARGEST_FILE + 2**16)
@routes.doc(requestBody={"required": True, "content": {"multipart/form-data": {"schema": _SHEET}}})
@routes.response(200, TakenWorkersSchema)
def put_registration_workers(draft_id: UUID) -> dict[str, Any]:
    """Take the workers of a side, and what each of them claims, from a spreadsheet: all rows or none.

    They replace the parties of that side. 422 `worker_sheet_invalid` names every cell to mend, e.g. B5;
    422 `worker_sheet_unreadable` says why the file cannot be read at all.
    """
    context = current()
    get_draft(context.connection, context.bureau, context.viewer, draft_id)
    upload = sent_file(request, LARGEST_FILE)
    side = SideQuerySchema().load(request.form.to_dict())["side"]
    sheet = read_worker_sheet(upload.content, shanghai_date(context.now))
    parties, claims = _bodies(sheet)
    put_workers(context.work, context.bureau, context.viewer, draft_id, side, parties, claims)
    language = language_of(request)
    return {
        "workers": len(parties),
        "claims": len(claims) if side == "applicants" else 0,
        "warnings": [
            {"cell": each.cell, "code": each.code, "message": each.zh if language == "zh" else each.en}
            for each in sheet.warnings
        ],
    }


@routes.route("/<uuid:draft_id>/check", methods=["GET"])
@requires(*REGISTRARS, owner="casework", scope="own")
@routes.response(200, RegistrationCheckSchema)
def check_registration_draft(draft_id: UUID) -> dict[str, Any]:
    """What must be mended before the draft can be registered, and what should be looked at; registers nothing."""
    context = current()
    draft = get_draft(context.connection, context.bureau, context.viewer, draft_id)
    language = language_of(request)
    problems = list(field_problems(_BODY.validate(dict(draft.content))))
    if problems:
        return {"problems": [each.as_dict(language) for each in problems], "warnings": []}
    registration = registration_of(_BODY.load(dict(draft.content)))
    found = find_registration_problems(context.work, context.bureau, registration)
    mended = [FieldProblem(each["field"], each["code"], each["zh"], each["en"]) for each in found]
    warnings = registration_warnings(context.connection, context.bureau.keyring, registration, context.viewer)
    return {"problems": [each.as_dict(language) for each in mended], "warnings": shown_warnings(warnings)}


@routes.route("/<uuid:draft_id>/registration", methods=["POST"])
@requires(*REGISTRARS, owner="casework", scope="own")
@routes.response(201, RegisteredCaseSchema)
def register_draft(draft_id: UUID) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Register the draft: it becomes a case, its attachments become documents, and the draft is gone; all or nothing."""
    context = current()
    draft = lock_draft(context.work, context.bureau, context.viewer, draft_id)
    registration = registration_of(_BODY.load(dict(draft.content)))
    registered = register_dispute(context.uow, context.bureau, registration, context.viewer)
    settle_draft(context.work, context.bureau, draft, registered.case_id)
    return registered_answer(registered)


def _item(draft: Draft) -> dict[str, Any]:
    names = [_first_name(draft.content.get(side)) for side in ("applicants", "respondents")]
    return {
        "id": draft.id,
        "title": " / ".join(name for name in names if name),
        "created_at": draft.created_at,
        "updated_at": draft.updated_at,
        "kept_until": draft.updated_at + KEPT,
    }


def _first_name(parties: Any) -> str:
    """Return the name of the first party of a draft, whose content nobody has checked."""
    first = parties[0] if isinstance(parties, list) and parties else None
    name = first.get("name") if isinstance(first, dict) else None
    return name[:200] if isinstance(name, str) else ""


def _bodies(sheet: WorkerSheet) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the workers of a spreadsheet as `POST /cases` takes parties and claims."""
    parties, claims = [], []
    for position, worker in enumerate(sheet.workers):
        given = {name: getattr(worker.party, name) for name in ("name", "id_number", "phone", "address")}
        parties.append({"kind": "person"} | {name: value for name, value in given.items() if value})
        if worker.claim is not None:
            claim = worker.claim
            claims.append(
                {
                    "cause_code": claim.cause_code,
                    "amount": None if claim.amount is None else str(claim.amount),
                    "facts": claim.facts,
                    "applicant": position,
                    "known_on": claim.known_on.isoformat() if claim.known_on else None,
                    "employment_ended_on": claim.employment_ended_on.isoformat() if claim.employment_ended_on else None,
                }
            )
    return parties, claims
