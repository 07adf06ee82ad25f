"""Documents of a case: listing, adding, reading."""

from typing import Any
from uuid import UUID

from flask import Response, request

from api.actors import shown_actor
from api.context import current
from api.document_content import content_answer
from api.idempotency import HEADER
from api.media_types import checked_media_type
from api.routes import Routes
from api.rules import CASEWORKERS, requires
from api.schemas.cases import DocumentsSchema, StoredDocumentSchema
from api.schemas.uploads import UploadFieldsSchema
from api.uploads import document_form, sent_file
from casework.access import require
from casework.documents import store_document
from casework.queries.documents import list_documents, read_document
from casework.upload_titles import upload_title
from engine.domain.errors import NotFoundError

LARGEST_DOCUMENT = 20 * 2**20

routes = Routes(
    "documents",
    __name__,
    url_prefix="/api/v1/cases/<uuid:case_id>/documents",
    description="Documents of a case",
)

_FIELDS = UploadFieldsSchema()


@routes.route("", methods=["GET"])
@requires(*CASEWORKERS, owner="casework", scope="case")
@routes.response(200, DocumentsSchema)
def list_case_documents(case_id: UUID) -> dict[str, Any]:
    """The documents of a case, oldest first; confidential ones only for whom the law lets read them."""
    context = current()
    records = list_documents(context.connection, context.bureau, case_id, context.viewer)
    return {"items": [record.as_dict() | {"created_by": shown_actor(record.created_by)} for record in records]}


@routes.route("", methods=["POST"])
@requires(*CASEWORKERS, owner="casework", scope="case", body_limit=LARGEST_DOCUMENT + 2**16)
@routes.doc(requestBody=document_form(may_be_confidential=True))
@routes.response(201, StoredDocumentSchema)
def create_case_document(case_id: UUID) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Add a document: a PDF, picture, Word or Excel file of at most 20 MiB, sent as multipart/form-data."""
    context = current()
    require(context.connection, context.viewer, "add-document", case_id)
    upload = sent_file(request, LARGEST_DOCUMENT)
    sent = _FIELDS.load(request.form.to_dict())
    stored = store_document(
        context.work,
        context.bureau,
        case_id,
        kind=sent["kind"],
        title=sent["title"] or upload_title(sent["kind"], upload.name, context.now),
        content=upload.content,
        media_type=checked_media_type(upload),
        idempotency_key=f"upload:{context.actor.id}:{case_id}:{request.headers[HEADER]}",
        is_confidential=sent["is_confidential"],
    )
    location = f"/api/v1/cases/{case_id}/documents/{stored.document_id}/content"
    return {"id": stored.document_id, "sha256": stored.sha256}, 201, {"Location": location}


@routes.route("/<uuid:document_id>/content", methods=["GET"])
@requires(*CASEWORKERS, owner="casework", scope="case")
@routes.response(200, {"type": "string", "format": "binary"}, content_type="application/octet-stream")
def get_document_content(case_id: UUID, document_id: UUID) -> Response:
    """The bytes of a document, sealed where it is sealed; `/documents/{id}/content` offers its other formats."""
    context = current()
    found = read_document(context.connection, context.bureau, context.viewer, document_id)
    if found.record.case_id != case_id:
        raise NotFoundError(what="document", id=document_id)
    return content_answer(found)
