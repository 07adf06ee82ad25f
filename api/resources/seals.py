"""Seals and signatures on papers: electronic ones, scans of sealed originals, and what they are worth."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from flask import request

from api.actors import shown_actor
from api.context import current
from api.errors import AssigneeUnsuitableError, ContentTypeUnsupportedError
from api.idempotency import HEADER
from api.media_types import checked_media_type
from api.parsing import read_body
from api.resources.papers import LARGEST_DOCUMENT
from api.routes import Routes
from api.rules import CASEWORKERS, ISSUERS, requires
from api.schemas.papers import ScanFieldsSchema, SealBodySchema, SealSchema, SealsSchema
from api.uploads import sent_file
from casework.commands.seal_document import SealRecord, attach_scan, list_seals, seal_document
from casework.file_types import PDF
from casework.queries.documents import read_document
from casework.seal_checks import check_seals
from casework.seal_keys import list_keys
from casework.seal_providers import seal_provider
from casework.seals import SEAL_KINDS
from casework.users import viewer_for_username

SCANS = (PDF, "image/png", "image/jpeg")

routes = Routes(
    "seals",
    __name__,
    url_prefix="/api/v1/documents/<uuid:document_id>/seals",
    description="Seals and signatures on papers",
)

_BODY, _SCAN = SealBodySchema(), ScanFieldsSchema()
_CONTENT = {
    "application/json": {
        "schema": {
            "type": "object",
            "required": ["kind"],
            "properties": {"kind": {"type": "string", "enum": list(SEAL_KINDS), "example": "organisation-seal"}},
        }
    },
    "multipart/form-data": {
        "schema": {
            "type": "object",
            "required": ["file", "kind", "signed_on"],
            "properties": {
                "file": {"type": "string", "format": "binary"},
                "kind": {"type": "string", "example": "organisation-seal"},
                "signed_on": {"type": "string", "format": "date"},
                "username": {"type": "string"},
            },
        }
    },
}


@routes.route("", methods=["GET"])
@requires(*CASEWORKERS, owner="casework", scope="case")
@routes.response(200, SealsSchema)
def list_document_seals(document_id: UUID) -> dict[str, Any]:
    """The log of the document's seals and signatures, and a fresh check of those in its PDF."""
    context = current()
    found = read_document(context.connection, context.bureau, context.viewer, document_id)
    certificates = [key.certificate for key in list_keys(context.connection)]
    checks = check_seals(found.content, certificates, context.now) if found.media_type == PDF else []
    return {
        "items": [_shown(each) for each in list_seals(context.connection, document_id)],
        "checks": [asdict(each) for each in checks],
    }


@routes.route("", methods=["POST"])
@requires(*ISSUERS, owner="casework", scope="case", body_limit=LARGEST_DOCUMENT + 2**16)
@routes.doc(requestBody={"required": True, "content": _CONTENT})
@routes.response(201, SealSchema)
def create_document_seal(document_id: UUID) -> tuple[dict[str, Any], int]:
    """Put the organisation's seal or one's own signature on a paper, or keep a scan of the sealed original.

    JSON asks for an electronic seal: the organisation's by who keeps it, a mediator's or arbitrator's signature by the
    person appointed to the case. multipart/form-data brings a scan (PDF or picture), whose level is `paper-scan`. On a
    mediation agreement each counts for its effect, with its level and day.
    """
    context = current()
    key = f"{context.actor.id}:{document_id}:{request.headers[HEADER]}"
    if request.mimetype != "multipart/form-data":
        sent = _BODY.load(read_body(request))
        record = seal_document(
            context.uow,
            context.bureau,
            seal_provider(context.connection, context.bureau, context.runtime.settings),
            context.viewer,
            document_id,
            sent["kind"],
            key,
        )
        return _shown(record), 201
    upload = sent_file(request, LARGEST_DOCUMENT)
    media_type = checked_media_type(upload)
    if media_type not in SCANS:
        raise ContentTypeUnsupportedError(media_type=media_type, expected=".pdf, .png, .jpg")
    sent = _SCAN.load(request.form.to_dict())
    user_id = None
    if sent["username"]:
        signer = viewer_for_username(context.connection, sent["username"])
        if signer is None:
            raise AssigneeUnsuitableError(username=sent["username"])
        user_id = signer.user_id
    record = attach_scan(
        context.uow,
        context.bureau,
        context.viewer,
        document_id,
        sent["kind"],
        content=upload.content,
        media_type=media_type,
        signed_on=sent["signed_on"],
        user_id=user_id,
        idempotency_key=key,
    )
    return _shown(record), 201


def _shown(record: SealRecord) -> dict[str, Any]:
    return asdict(record) | {"sealed_by": shown_actor(record.sealed_by)}
