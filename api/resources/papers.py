"""Papers that we issue: their versions and formats, an edited version by upload, voiding."""

from typing import Any
from uuid import UUID

from flask import Response, request

from api.actors import shown_actor
from api.context import current
from api.document_content import content_answer
from api.errors import ContentTypeUnsupportedError
from api.idempotency import HEADER
from api.media_types import checked_media_type
from api.routes import Routes
from api.rules import CASEWORKERS, ISSUERS, requires
from api.schemas.cases import DocumentSchema, StoredDocumentSchema
from api.schemas.papers import ContentQuerySchema, VersionFieldsSchema, VersionsSchema, VoidingBodySchema
from api.uploads import sent_file
from casework.access import require
from casework.documents import store_edited_version, void_document
from casework.errors import ActionForbiddenError
from casework.file_types import PDF, WORD
from casework.queries.documents import DocumentRecord, get_document, list_versions, read_document

LARGEST_DOCUMENT = 20 * 2**20

routes = Routes(
    "papers",
    __name__,
    url_prefix="/api/v1/documents/<uuid:document_id>",
    description="Papers of a case: versions, formats, seals",
)

_FIELDS = VersionFieldsSchema()
_MULTIPART = {
    "type": "object",
    "required": ["file", "reason"],
    "properties": {
        "file": {"type": "string", "format": "binary"},
        "reason": {"type": "string", "maxLength": 1000},
    },
}


@routes.route("", methods=["GET"])
@requires(*CASEWORKERS, owner="casework", scope="case")
@routes.response(200, DocumentSchema)
def get_paper(document_id: UUID) -> dict[str, Any]:
    """One version of one paper: number, state, hash, formats."""
    context = current()
    return _shown(get_document(context.connection, context.bureau, context.viewer, document_id))


@routes.route("/content", methods=["GET"])
@requires(*CASEWORKERS, owner="casework", scope="case")
@routes.arguments(ContentQuerySchema, location="query")
@routes.response(200, {"type": "string", "format": "binary"}, content_type="application/octet-stream")
def get_paper_content(query: dict[str, Any], document_id: UUID) -> Response:
    """The bytes of a document: as PDF with its seals, as Word file, as scan, or as it was issued."""
    context = current()
    return content_answer(
        read_document(context.connection, context.bureau, context.viewer, document_id, query["format"])
    )


@routes.route("/versions", methods=["GET"])
@requires(*CASEWORKERS, owner="casework", scope="case")
@routes.response(200, VersionsSchema)
def list_paper_versions(document_id: UUID) -> dict[str, Any]:
    """Every version of the paper, oldest first, with why it was replaced."""
    context = current()
    found = list_versions(context.connection, context.bureau, context.viewer, document_id)
    return {"items": [_shown(each) for each in found]}


@routes.route("/versions", methods=["POST"])
@requires(*ISSUERS, owner="casework", scope="case", body_limit=LARGEST_DOCUMENT + 2**16)
@routes.doc(requestBody={"required": True, "content": {"multipart/form-data": {"schema": _MULTIPART}}})
@routes.response(201, StoredDocumentSchema)
def create_paper_version(document_id: UUID) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Upload what was edited by hand (PDF or Word) as the paper's next and final version; it still needs its seals.

    It keeps number and verification code, and is marked as edited. The version before stays, marked as replaced.
    """
    context = current()
    require_issuer(document_id)
    upload = sent_file(request, LARGEST_DOCUMENT)
    media_type = checked_media_type(upload)
    if media_type not in (PDF, WORD):
        raise ContentTypeUnsupportedError(media_type=media_type, expected=".pdf, .docx")
    sent = _FIELDS.load(request.form.to_dict())
    stored = store_edited_version(
        context.work,
        context.bureau,
        document_id,
        content=upload.content,
        media_type=media_type,
        reason=sent["reason"],
        idempotency_key=f"edit:{context.actor.id}:{document_id}:{request.headers[HEADER]}",
    )
    location = f"/api/v1/documents/{stored.document_id}"
    return {"id": stored.document_id, "sha256": stored.sha256}, 201, {"Location": location}


@routes.route("/voiding", methods=["POST"])
@requires(*ISSUERS, owner="casework", scope="case")
@routes.arguments(VoidingBodySchema)
@routes.response(204)
def void_paper(body: dict[str, str], document_id: UUID) -> None:
    """Void (作废) a paper for good: it stays readable, its number is never used again, and verification says so."""
    context = current()
    require_issuer(document_id)
    void_document(context.work, context.bureau, document_id, body["reason"])


def require_issuer(document_id: UUID) -> DocumentRecord:
    """Return the document when the viewer may issue papers in its case, for the organisation whose paper it is.

    Raises NotFoundError and ActionForbiddenError.
    """
    context = current()
    record = get_document(context.connection, context.bureau, context.viewer, document_id)
    require(context.connection, context.viewer, "issue-document", record.case_id)
    if record.issuer_id is not None and record.issuer_id != context.viewer.organisation_id:
        raise ActionForbiddenError(action="issue-document")
    return record


def _shown(record: DocumentRecord) -> dict[str, Any]:
    return record.as_dict() | {"created_by": shown_actor(record.created_by)}
