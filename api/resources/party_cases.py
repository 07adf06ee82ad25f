"""The party desk: a party's own cases, what it must do, what it reads, signs and declares.

Every route begins with the seat: the party of the case for which the caller speaks. Without one the case does not exist.
"""

from typing import Any
from uuid import UUID

from flask import Response, request

from api.context import current
from api.document_content import content_answer
from api.forms import form_of, known_values
from api.idempotency import HEADER
from api.languages import language_of
from api.media_types import checked_media_type
from api.routes import Routes
from api.rules import PARTIES, requires
from api.schemas.cases import StoredDocumentSchema
from api.schemas.party_desk import (
    PartyCaseSchema,
    PartyCasesSchema,
    PartyCompletionBodySchema,
    PartyCompletionSchema,
    PartyDocumentsSchema,
    PartyLedgerSchema,
    PartyMessageBodySchema,
    PartyMessagesSchema,
    PartySignatureBodySchema,
    PartySignatureSchema,
    PartyTaskSchema,
    PartyUploadFieldsSchema,
    ReceiptBodySchema,
    ReceiptSchema,
    SignatureCodeBodySchema,
    SignatureCodeSchema,
)
from api.schemas.user_tasks import CreatedSchema, DraftBodySchema
from api.uploads import document_form, sent_file
from casework.commands.act_as_party import receive_paper, request_signature_code, sign_as_party
from casework.documents import store_document
from casework.drafts import open_draft, seal_draft
from casework.errors import PartyCodeRefusedError
from casework.party_access import CODE_DIGITS, CODE_LIFETIME
from casework.party_desk import Seat, list_seats, seat_in
from casework.party_messages import Declared, declare, list_party_messages, mark_messages_read
from casework.party_papers import require_room
from casework.queries.documents import list_party_documents, read_party_document
from casework.queries.get_payments import get_payments
from casework.queries.party_case import (
    get_party_case,
    list_party_cases,
    list_steps,
    receipt_of,
    require_own_task,
)
from casework.upload_titles import upload_title
from engine.commands.complete_user_task import complete_user_task
from engine.commands.save_draft import save_draft
from engine.domain.clock import shanghai_date
from engine.queries.user_tasks import get_user_task

LARGEST_UPLOAD = 20 * 2**20

routes = Routes("party-desk", __name__, url_prefix="/api/v1/party", description="A party's own cases")

_FIELDS = PartyUploadFieldsSchema()


@routes.route("/cases", methods=["GET"])
@requires(*PARTIES, owner="casework", scope="own", admits_parties=True)
@routes.response(200, PartyCasesSchema)
def list_own_cases() -> dict[str, Any]:
    """The cases of the caller, newest first: one by link or letter, with an account all of them."""
    context = current()
    seats = list_seats(context.connection, context.bureau, context.viewer)
    return {"items": list_party_cases(context.connection, context.bureau, seats, language_of(request), context.now)}


@routes.route("/cases/<uuid:case_id>", methods=["GET"])
@requires(*PARTIES, owner="casework", scope="own", admits_parties=True)
@routes.response(200, PartyCaseSchema)
def get_own_case(case_id: UUID) -> dict[str, Any]:
    """A case in plain words: its stage, who must do what by which day and why, and what the caller can do now."""
    context = current()
    return get_party_case(
        context.connection, context.bureau, context.viewer, _seat(case_id), language_of(request), context.now
    )


@routes.route("/cases/<uuid:case_id>/tasks/<uuid:user_task_id>", methods=["GET"])
@requires(*PARTIES, owner="casework", scope="own", admits_parties=True)
@routes.response(200, PartyTaskSchema)
def get_own_task(case_id: UUID, user_task_id: UUID) -> dict[str, Any]:
    """A task that waits for the caller, with its form, what is known of its fields, and the draft."""
    context = current()
    seat = _seat(case_id)
    require_own_task(context.connection, seat, user_task_id)
    today = shanghai_date(context.now)
    steps = list_steps(context.connection, seat, language_of(request), today)
    step = next(each for each in steps if each["user_task_id"] == user_task_id)
    found = get_user_task(context.connection, user_task_id)
    form = form_of(context, found)
    return {
        "id": user_task_id,
        "case_id": case_id,
        **{name: step[name] for name in ("what", "due_on", "safe_on", "reason")},
        "form": form,
        "data": known_values(context, found, form),
        "draft": open_draft(context.bureau.keyring, user_task_id, found["draft"]),
    }


@routes.route("/cases/<uuid:case_id>/tasks/<uuid:user_task_id>/draft", methods=["PUT"])
@requires(*PARTIES, owner="casework", scope="own", admits_parties=True)
@routes.arguments(DraftBodySchema)
@routes.response(204)
def put_own_task_draft(body: dict[str, Any], case_id: UUID, user_task_id: UUID) -> None:
    """Keep what was filled in so far; it is not checked."""
    context = current()
    require_own_task(current().connection, _seat(case_id), user_task_id)
    save_draft(context.uow, user_task_id, seal_draft(context.bureau.keyring, user_task_id, body["draft"]))


@routes.route("/cases/<uuid:case_id>/tasks/<uuid:user_task_id>/completion", methods=["POST"])
@requires(*PARTIES, owner="casework", scope="own", admits_parties=True)
@routes.arguments(PartyCompletionBodySchema)
@routes.response(200, PartyCompletionSchema)
def complete_own_task(body: dict[str, Any], case_id: UUID, user_task_id: UUID) -> dict[str, Any]:
    """Complete a task that waits for the caller; 422 `form_invalid` names every field to mend."""
    require_own_task(current().connection, _seat(case_id), user_task_id)
    complete_user_task(current().uow, user_task_id, body["variables"])
    return {"case_id": case_id}


@routes.route("/cases/<uuid:case_id>/documents", methods=["GET"])
@requires(*PARTIES, owner="casework", scope="own", admits_parties=True)
@routes.response(200, PartyDocumentsSchema)
def list_own_documents(case_id: UUID) -> dict[str, Any]:
    """The papers that go to the caller, and what the caller uploaded, newest first; never what is confidential."""
    context = current()
    seat = _seat(case_id)
    records = list_party_documents(context.connection, context.bureau, context.viewer, case_id)
    own = {context.actor.id, f"party:{seat.party_id}"}
    return {
        "items": [
            {
                "id": each.id,
                "kind": each.kind,
                "number": each.number,
                "title": each.title,
                "media_type": each.media_type,
                "size": each.size,
                "is_own": each.created_by in own,
                "created_at": each.created_at,
                "receipt": receipt_of(context.connection, seat, each.kind, each.id),
            }
            for each in records
        ]
    }


@routes.route("/cases/<uuid:case_id>/documents", methods=["POST"])
@requires(*PARTIES, owner="casework", scope="own", admits_parties=True, body_limit=LARGEST_UPLOAD + 2**16)
@routes.doc(requestBody=document_form(may_be_confidential=False))
@routes.response(201, StoredDocumentSchema)
def create_own_document(case_id: UUID) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Add a file: a PDF, picture, Word or Excel file of at most 20 MiB, sent as multipart/form-data."""
    context = current()
    seat = _seat(case_id)
    require_room(context.connection, context.viewer, case_id, seat.party_id)
    upload = sent_file(request, LARGEST_UPLOAD)
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
    )
    location = f"/api/v1/party/cases/{case_id}/documents/{stored.document_id}/content"
    return {"id": stored.document_id, "sha256": stored.sha256}, 201, {"Location": location}


@routes.route("/cases/<uuid:case_id>/documents/<uuid:document_id>/content", methods=["GET"])
@requires(*PARTIES, owner="casework", scope="own", admits_parties=True)
@routes.response(200, {"type": "string", "format": "binary"}, content_type="application/octet-stream")
def get_own_document_content(case_id: UUID, document_id: UUID) -> Response:
    """The bytes of a document that the caller may read."""
    context = current()
    _seat(case_id)
    return content_answer(read_party_document(context.connection, context.bureau, context.viewer, case_id, document_id))


@routes.route("/cases/<uuid:case_id>/documents/<uuid:document_id>/receipt", methods=["POST"])
@requires(*PARTIES, owner="casework", scope="own", admits_parties=True)
@routes.arguments(ReceiptBodySchema)
@routes.response(200, ReceiptSchema)
def create_own_receipt(body: dict[str, Any], case_id: UUID, document_id: UUID) -> Any:
    """Sign for a paper (签收): it counts as served electronically today; an earlier service stands.

    422 `input_invalid` for an arbitral mediation document, which is signed for by hand.
    """
    context = current()
    seat = _seat(case_id)
    result = receive_paper(context.uow, context.bureau, context.viewer, seat, document_id)
    if result is not None:
        kind = result.kind
    else:
        records = list_party_documents(context.connection, context.bureau, context.viewer, case_id)
        kind = next(each.kind for each in records if each.id == document_id)
    return receipt_of(context.connection, seat, kind, document_id)


@routes.route("/cases/<uuid:case_id>/signature-codes", methods=["POST"])
@requires(*PARTIES, owner="casework", scope="own", admits_parties=True)
@routes.arguments(SignatureCodeBodySchema)
@routes.response(202, SignatureCodeSchema)
def create_own_signature_code(body: dict[str, Any], case_id: UUID) -> dict[str, Any]:
    """Ask for the code that signs the mediation agreement; it goes to the number on file."""
    context = current()
    seat = _seat(case_id)
    phone = request_signature_code(context.uow, context.bureau, context.viewer, seat, body["document_id"])
    return {"phone": phone, "expires_in": int(CODE_LIFETIME.total_seconds()), "digits": CODE_DIGITS}


@routes.route("/cases/<uuid:case_id>/signatures", methods=["POST"])
@requires(*PARTIES, owner="casework", scope="own", admits_parties=True, commits_on=(PartyCodeRefusedError,))
@routes.arguments(PartySignatureBodySchema)
@routes.response(200, PartySignatureSchema)
def create_own_signature(body: dict[str, Any], case_id: UUID) -> Any:
    """Sign the mediation agreement with the code that was sent for it: a plain electronic mark, level `basic`.

    Whether such a mark is enough is the site's affair; where paper originals are demanded, it announces them.
    """
    context = current()
    seat = _seat(case_id)
    sign_as_party(context.uow, context.bureau, context.viewer, seat, body["document_id"], body["code"])
    found = get_party_case(context.connection, context.bureau, context.viewer, seat, language_of(request), context.now)
    return found["signature"]


@routes.route("/cases/<uuid:case_id>/payments", methods=["GET"])
@requires(*PARTIES, owner="casework", scope="own", admits_parties=True)
@routes.response(200, PartyLedgerSchema)
def list_own_payments(case_id: UUID) -> dict[str, Any]:
    """What the agreement promises and what is on record as paid; report a payment as a message of that kind."""
    context = current()
    _seat(case_id)
    return get_payments(context.connection, context.bureau, case_id, shanghai_date(context.now))


@routes.route("/cases/<uuid:case_id>/messages", methods=["GET"])
@requires(*PARTIES, owner="casework", scope="own", admits_parties=True)
@routes.response(200, PartyMessagesSchema)
def list_own_messages(case_id: UUID) -> dict[str, Any]:
    """What was written between the caller and the office, oldest first."""
    context = current()
    seat = _seat(case_id)
    return {"items": list_party_messages(context.connection, context.bureau, case_id, seat.party_id)}


@routes.route("/cases/<uuid:case_id>/messages", methods=["POST"])
@requires(*PARTIES, owner="casework", scope="own", admits_parties=True)
@routes.arguments(PartyMessageBodySchema)
@routes.response(201, CreatedSchema)
def create_own_message(body: dict[str, Any], case_id: UUID) -> dict[str, Any]:
    """Write to the office, or declare one of the `actions` of the case: consent, withdrawal, arbitration, a payment.

    409 `party_action_unavailable` when the case has moved on; 403 `party_session_weak` for what binds, by letter.
    """
    context = current()
    seat = _seat(case_id)
    return {"id": declare(context.uow, context.bureau, context.viewer, seat, Declared(**body))}


@routes.route("/cases/<uuid:case_id>/messages/reading", methods=["PUT"])
@requires(*PARTIES, owner="casework", scope="own", admits_parties=True)
@routes.response(204)
def put_own_messages_reading(case_id: UUID) -> None:
    """Say that the office's messages were read."""
    seat = _seat(case_id)
    mark_messages_read(current().uow, case_id, is_from_party=False, party_id=seat.party_id)


def _seat(case_id: UUID) -> Seat:
    context = current()
    return seat_in(context.connection, context.bureau, context.viewer, case_id)
