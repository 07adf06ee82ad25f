"""Applications without an account: draft, evidence in pieces, submission, receipt; and the window's list of them."""

from typing import Any
from uuid import UUID

from flask import Response, request

from api.actors import shown_actor
from api.authentication import presented_token
from api.context import current
from api.document_content import download
from api.errors import BodyTooLargeError
from api.languages import language_of
from api.resources.cases import registered_answer, registration_of, shown_warnings
from api.resources.registration_drafts import RegistrationCheckSchema
from api.routes import Routes
from api.rules import WINDOW, public, requires
from api.schemas.applications import (
    ApplicationContentSchema,
    ApplicationDetailSchema,
    ApplicationDraftBodySchema,
    ApplicationFileBodySchema,
    ApplicationFileSchema,
    ApplicationGuideSchema,
    ApplicationReceiptSchema,
    ApplicationSchema,
    ApplicationsQuerySchema,
    ApplicationSubmissionBodySchema,
    BegunApplicationSchema,
    ReceiptQuerySchema,
    RejectionBodySchema,
    ResumptionBodySchema,
    ReturnBodySchema,
    SubmittedApplicationSchema,
    SubmittedApplicationsSchema,
)
from api.schemas.cases import CaseBodySchema, RegisteredCaseSchema
from api.validation_sentences import FieldProblem
from casework.applications import (
    MAX_CHUNK,
    MAX_FILE,
    MAX_FILES,
    OPEN,
    ApplicationRecord,
    add_chunk,
    begin_application,
    begin_file,
    case_number_of,
    delete_application,
    delete_file,
    look_up_receipt,
    own_application,
    personal_information_notice,
    read_file,
    resume_returned,
    save_application,
    submit_application,
)
from casework.applications_at_window import (
    Decision,
    accept_application,
    get_application,
    list_applications,
    others_waiting,
    proposed_registration,
    reject_application,
    return_application,
)
from casework.areas import area
from casework.causes import cause, causes
from casework.commands.register_dispute import find_registration_problems
from casework.errors import ReceiptUnknownError, UploadBrokenError
from casework.queries.registration_warnings import registration_warnings

routes = Routes(
    "applications", __name__, url_prefix="/api/v1/applications", description="Applications without an account"
)

REASON = "anybody may apply; what is sent waits for a clerk and makes no case by itself"
OWN = "whoever holds the draft's token is its author; it is asked for on every request"
_CONTENT = ApplicationContentSchema()
_BINARY = {
    "required": True,
    "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
}


@routes.route("/guide", methods=["GET"])
@public(owner="casework", reason="what a form needs; nothing of anybody")
@routes.response(200, ApplicationGuideSchema)
def get_application_guide() -> dict[str, Any]:
    """The notice on personal information, the areas and causes to choose from, other ways to help, and limits."""
    language, notice = language_of(request), personal_information_notice()
    is_zh = language == "zh"
    site = current().bureau.site
    return {
        "notice": {"version": notice["version"], "text": notice[language]},
        "areas": [{"code": each.code, "name": each.full_name} for each in site.areas.values()],
        "causes": [{"code": each.code, "name": each.zh if is_zh else each.en} for each in causes().values()],
        "help_lines": [
            {"name": each.name.of(language), "phone": each.phone, "note": each.note.of(language)}
            for each in site.help_lines
        ],
        "chunk_size": MAX_CHUNK,
        "largest_file": MAX_FILE,
        "most_files": MAX_FILES,
    }


@routes.route("", methods=["POST"])
@public(owner="casework", reason=REASON, needs_key=False)
@routes.response(201, BegunApplicationSchema)
def create_application() -> dict[str, Any]:
    """Begin a draft; 429 `request_throttled` for too many from one address."""
    context = current()
    token, found = begin_application(context.work, context.bureau, request.remote_addr or "")
    return {"resume_token": token, "expires_at": found.expires_at}


@routes.route("/current", methods=["GET"])
@public(owner="casework", reason=OWN)
@routes.response(200, ApplicationSchema)
def get_own_application() -> ApplicationRecord:
    """The application of the token: where its author left off, on any device."""
    context = current()
    return own_application(context.work, context.bureau, presented_token(request))


@routes.route("/current", methods=["PUT"])
@public(owner="casework", reason=OWN)
@routes.arguments(ApplicationDraftBodySchema)
@routes.response(204)
def put_own_application(body: dict[str, Any]) -> None:
    """Keep what was filled in so far, at most 64 KiB; it is checked when it is submitted. Kept seven days from now."""
    context = current()
    save_application(context.work, context.bureau, presented_token(request), body["content"])


@routes.route("/current", methods=["DELETE"])
@public(owner="casework", reason=OWN)
@routes.response(204)
def delete_own_application() -> None:
    """Throw a draft away, with its files."""
    context = current()
    delete_application(context.work, context.bureau, presented_token(request))


@routes.route("/current/submission", methods=["POST"])
@public(owner="casework", reason=OWN, needs_key=False)
@routes.arguments(ApplicationSubmissionBodySchema)
@routes.response(200, ApplicationSchema)
def submit_own_application(body: dict[str, Any]) -> ApplicationRecord:
    """Hand the draft in: it is checked, and the answer holds the receipt. Handing it in twice is once.

    422 `request_invalid` names every field to mend. The consent is recorded with the version of the notice.
    """
    context = current()
    token = presented_token(request)
    found = own_application(context.work, context.bureau, token)
    area_code = ""
    if found.state in OPEN:
        content = _CONTENT.load(dict(found.content))
        area_code = area(context.bureau.site.areas, content["area_code"]).code
        for each in content["claims"]:
            cause(each["cause_code"])
    return submit_application(context.work, context.bureau, token, area_code, body["notice_version"])


@routes.route("/current/files", methods=["POST"])
@public(owner="casework", reason=OWN, needs_key=False)
@routes.arguments(ApplicationFileBodySchema)
@routes.response(201, ApplicationFileSchema)
def create_own_application_file(body: dict[str, Any]) -> Any:
    """Announce a file of at most 10 MiB by its size and SHA-256; the same one again tells how much of it is here."""
    context = current()
    return begin_file(context.work, context.bureau, presented_token(request), **body)


@routes.route("/current/files/<uuid:file_id>/chunks/<int:start>", methods=["PUT"])
@public(owner="casework", reason=OWN, commits_on=(UploadBrokenError,), body_limit=MAX_CHUNK)
@routes.doc(requestBody=_BINARY)
@routes.response(200, ApplicationFileSchema)
def put_own_application_chunk(file_id: UUID, start: int) -> Any:
    """Send the next piece of a file, from byte `start`, at most 512 KiB as it is; a piece sent twice is taken once.

    409 `upload_offset_wrong` says from which byte to go on. 422 `upload_broken` when the whole is not what was announced.
    """
    context = current()
    content = request.get_data(cache=False)
    if len(content) > MAX_CHUNK:
        raise BodyTooLargeError(limit_mib=1)
    return add_chunk(context.work, context.bureau, presented_token(request), file_id, start, content)


@routes.route("/current/files/<uuid:file_id>", methods=["DELETE"])
@public(owner="casework", reason=OWN)
@routes.response(204)
def delete_own_application_file(file_id: UUID) -> None:
    """Take a file out of a draft."""
    context = current()
    delete_file(context.work, context.bureau, presented_token(request), file_id)


@routes.route("/receipts", methods=["GET"])
@public(
    owner="casework", reason="number and code of the receipt together are the proof of holding it", logs_reading=True
)
@routes.arguments(ReceiptQuerySchema, location="query")
@routes.response(200, ApplicationReceiptSchema)
def get_application_receipt(query: dict[str, str]) -> dict[str, Any]:
    """What became of an application, by number and code of its receipt; a wrong number and a wrong code look the same."""
    context = current()
    client = request.remote_addr or ""
    found = look_up_receipt(context.work, context.bureau, query["number"], query["code"], client)
    return {
        "is_known": found is not None,
        "state": found.state if found else None,
        "submitted_at": found.submitted_at if found else None,
        "case_number": case_number_of(context.connection, found.case_id) if found else None,
        "rejection": found.rejection if found else None,
        "referral": found.referral if found else None,
    }


@routes.route("/resumption", methods=["POST"])
@public(
    owner="casework",
    reason="number and code of the receipt together are the proof of holding it",
    needs_key=False,
    commits_on=(ReceiptUnknownError,),
)
@routes.arguments(ResumptionBodySchema)
@routes.response(201, BegunApplicationSchema)
def create_application_resumption(body: dict[str, str]) -> dict[str, Any]:
    """Come back to an application that was given back to be mended, from any device; the token before this one ends.

    422 `receipt_unknown` whichever of the two is wrong; 409 `application_closed` when there is nothing to mend.
    """
    context = current()
    client = request.remote_addr or ""
    token, found = resume_returned(context.work, context.bureau, body["number"], body["code"], client)
    return {"resume_token": token, "expires_at": found.expires_at}


@routes.route("", methods=["GET"])
@requires(*WINDOW, owner="casework", scope="area")
@routes.arguments(ApplicationsQuerySchema, location="query")
@routes.response(200, SubmittedApplicationsSchema)
def list_submitted_applications(query: dict[str, str]) -> dict[str, Any]:
    """Applications of the caller's area, oldest first."""
    context = current()
    found = list_applications(context.connection, context.bureau, context.viewer, query["state"])
    return {"items": [_shown(each) for each in found]}


@routes.route("/<uuid:application_id>", methods=["GET"])
@requires(*WINDOW, owner="casework", scope="area")
@routes.response(200, ApplicationDetailSchema)
def get_submitted_application(application_id: UUID) -> dict[str, Any]:
    """An application of the caller's area, as a registration would put it, and what looks like a duplicate of it."""
    context = current()
    record = get_application(context.connection, context.bureau, context.viewer, application_id)
    proposal = proposed_registration(record)
    is_open = record.state == "submitted"
    warnings = registration_warnings(context.connection, context.bureau.keyring, proposal, context.viewer)
    others = others_waiting(context.connection, context.bureau, context.viewer, record) if is_open else []
    return _shown(record) | {
        "proposal": proposal,
        "warnings": shown_warnings(warnings) if is_open else [],
        "others": others,
    }


@routes.route("/<uuid:application_id>/files/<uuid:file_id>/content", methods=["GET"])
@requires(*WINDOW, owner="casework", scope="area")
@routes.response(200, {"type": "string", "format": "binary"}, content_type="application/octet-stream")
def get_application_file_content(application_id: UUID, file_id: UUID) -> Response:
    """The bytes of a file of an application."""
    context = current()
    record = get_application(context.connection, context.bureau, context.viewer, application_id)
    return download(*read_file(context.connection, context.bureau, record, file_id))


@routes.route("/<uuid:application_id>/registration", methods=["POST"])
@requires(*WINDOW, owner="casework", scope="area")
@routes.arguments(CaseBodySchema)
@routes.response(201, RegisteredCaseSchema)
def register_application(body: dict[str, Any], application_id: UUID) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Register the dispute that an application tells of, as the clerk has put it; its files become evidence of the case.

    409 `application_closed` when somebody decided on it already.
    """
    context = current()
    registered = accept_application(context.uow, context.bureau, context.viewer, application_id, registration_of(body))
    return registered_answer(registered)


@routes.route("/<uuid:application_id>/check", methods=["POST"])
@requires(*WINDOW, owner="casework", scope="area")
@routes.arguments(CaseBodySchema)
@routes.response(200, RegistrationCheckSchema)
def check_application_registration(body: dict[str, Any], application_id: UUID) -> dict[str, Any]:
    """What must be mended before an application can be registered so, and what should be looked at; registers nothing."""
    context = current()
    get_application(context.connection, context.bureau, context.viewer, application_id)
    registration = registration_of(body)
    found = find_registration_problems(context.work, context.bureau, registration)
    problems = [FieldProblem(each["field"], each["code"], each["zh"], each["en"]) for each in found]
    warnings = registration_warnings(context.connection, context.bureau.keyring, registration, context.viewer)
    language = language_of(request)
    return {"problems": [each.as_dict(language) for each in problems], "warnings": shown_warnings(warnings)}


@routes.route("/<uuid:application_id>/rejection", methods=["POST"])
@requires(*WINDOW, owner="casework", scope="area")
@routes.arguments(RejectionBodySchema)
@routes.response(204)
def create_application_rejection(body: dict[str, Any], application_id: UUID) -> None:
    """Say why an application does not become a case, and where to go instead; its author reads it by the receipt."""
    context = current()
    reject_application(context.uow, context.bureau, context.viewer, application_id, Decision(**body))


@routes.route("/<uuid:application_id>/return", methods=["POST"])
@requires(*WINDOW, owner="casework", scope="area")
@routes.arguments(ReturnBodySchema)
@routes.response(204)
def create_application_return(body: dict[str, str], application_id: UUID) -> None:
    """Give an application back to be mended; its author hands it in again under the same receipt."""
    context = current()
    return_application(context.uow, context.bureau, context.viewer, application_id, body["reason"])


def _shown(record: ApplicationRecord) -> dict[str, Any]:
    names = SubmittedApplicationSchema().fields
    shown = {name: getattr(record, name) for name in names}
    return shown | {"content": _CONTENT.load(dict(record.content)), "decided_by": shown_actor(record.decided_by)}
