"""What was done wrongly or is missing: 撤回, 更正, 退回补正, and papers made anew."""

from typing import Any
from uuid import UUID

from api.context import RequestContext, current
from api.on_behalf import on_behalf_of
from api.parties import require_party
from api.resources.papers import require_issuer
from api.routes import Routes
from api.rules import CASEWORKERS, ISSUERS, MACHINISTS, OFFICERS, requires
from api.schemas.office_verbs import (
    AddedJobSchema,
    CorrectionAnswerBodySchema,
    CorrectionBodySchema,
    CorrectionQuerySchema,
    CorrectionRequestBodySchema,
    CorrectionSchema,
    ReissueBodySchema,
)
from api.schemas.user_tasks import CreatedSchema
from api.task_access import TaskAccess, task_access
from api.task_verbs import sealed, shown_settled
from casework.commands.ask_for_correction import ask_for_correction
from casework.documents import rendering_key, request_reissue
from casework.errors import ActionForbiddenError, DocumentNotIssuedError
from casework.queries.affected_documents import affected_documents
from casework.queries.find_own_parties import own_parties
from casework.task_notices import tell, users
from engine.commands.answer_correction_request import answer_correction_request
from engine.commands.correct_user_task import Correction, correct_user_task
from engine.commands.end_correction_request import find_request
from engine.commands.repeat_job import repeat_job
from engine.commands.retract_completion import retract_completion
from engine.commands.withdraw_correction_request import withdraw_correction_request
from engine.domain.values import plain
from engine.queries.office_verbs import concerned_by_correction
from engine.store.instances import get_row
from engine.store.tables import user_task

routes = Routes(
    "corrections",
    __name__,
    url_prefix="/api/v1",
    description="Retraction, correction, requests for correction, papers made anew",
)
_OFFICE = (*OFFICERS, *MACHINISTS)
_REQUEST = "user_task_correction_request"


@routes.route("/user-tasks/<uuid:user_task_id>/completion", methods=["DELETE"])
@requires(*CASEWORKERS, *MACHINISTS, owner="engine", scope="case")
@routes.response(204)
def retract_one_completion(user_task_id: UUID) -> None:
    """Take back one's own completion of a user task (撤回) while nothing has come of it; all stands as before.

    409 `completion_not_retractable` says what stands in the way.
    """
    context = current()
    _access(context, user_task_id)
    retract_completion(context.uow, user_task_id)


@routes.route("/user-tasks/<uuid:user_task_id>/corrections", methods=["POST"])
@requires(*_OFFICE, owner="engine", scope="case")
@routes.arguments(CorrectionQuerySchema, location="query")
@routes.arguments(CorrectionBodySchema)
@routes.response(200, CorrectionSchema)
def correct_one_user_task(query: dict[str, Any], body: dict[str, Any], user_task_id: UUID) -> dict[str, Any]:
    """Correct data of a completed user task (更正) with a reason; nothing is done again, what cannot change is named.

    Whoever completed it does this, or a head, a director or a supervisor. `dry_run=true` tells the same and changes
    nothing. `documents` are papers made since; have them made anew one by one.
    """
    context = current()
    access = _access(context, user_task_id)
    row = _task(context, user_task_id)
    is_own = row.ended_by == context.actor.id and access.reads_notes
    if not is_own and not access.may_assign:
        raise ActionForbiddenError(action="correct")
    if query["dry_run"]:
        with context.connection.begin_nested() as savepoint:
            answer = _correct(context, user_task_id, body)
            savepoint.rollback()
        return answer | {"is_preview": True}
    return _correct(context, user_task_id, body) | {"is_preview": False}


@routes.route("/user-tasks/<uuid:user_task_id>/correction-requests", methods=["POST"])
@requires(*_OFFICE, owner="engine", scope="case")
@routes.arguments(CorrectionRequestBodySchema)
@routes.response(201, CreatedSchema)
def request_one_correction(body: dict[str, Any], user_task_id: UUID) -> dict[str, Any]:
    """Ask for what is missing (退回补正): whoever completed another task of the case, or a party; the task at hand waits.

    Everything that is missing is asked for at once, with a day; they are told now and reminded before it.
    """
    context = current()
    access = _access(context, user_task_id)
    access.require_work()
    request_id = ask_for_correction(
        context.uow,
        context.bureau,
        user_task_id,
        missing=body["missing"],
        due_on=body["due_on"],
        about_user_task_id=body["about_user_task_id"],
        party_id=body["party_id"],
    )
    return {"id": request_id}


@routes.route("/user-tasks/<uuid:user_task_id>/correction-requests/<uuid:request_id>/answer", methods=["PUT"])
@requires(*CASEWORKERS, *MACHINISTS, owner="engine", scope="case")
@routes.arguments(CorrectionAnswerBodySchema)
@routes.response(204)
def answer_one_correction_request(body: dict[str, Any], user_task_id: UUID, request_id: UUID) -> None:
    """Answer a request for correction: whoever was asked, or for a party whoever works on the task, on its behalf."""
    context = current()
    access = _access(context, user_task_id)
    found = find_request(context.uow, user_task_id, request_id)
    mine = {str(each) for each in own_parties(context.connection, context.viewer, access.case_id)}
    is_asked = found.asked_user == context.actor.id or found.asked_party in mine
    is_office = access.reads_notes and (access.is_assignee or access.may_assign)
    if not is_asked and not is_office:
        raise ActionForbiddenError(action="answer-correction")
    behalf = body["on_behalf_of"]
    if behalf is not None:
        require_party(context.connection, access.case_id, behalf)
    answer = sealed(context, _REQUEST, "answer", user_task_id, body["text"])
    answer_correction_request(context.uow, user_task_id, request_id, answer, on_behalf_of(behalf))
    task = _task(context, user_task_id)
    asked_by = users(context.connection, context.bureau, [task.assignee or found.asked_by])
    tell(context.work, task, "task-correction-answered", asked_by, request_id)


@routes.route("/user-tasks/<uuid:user_task_id>/correction-requests/<uuid:request_id>", methods=["DELETE"])
@requires(*_OFFICE, owner="engine", scope="case")
@routes.response(204)
def withdraw_one_correction_request(user_task_id: UUID, request_id: UUID) -> None:
    """Withdraw a request for correction: whoever holds the task, or a head, a director or a supervisor."""
    context = current()
    access = _access(context, user_task_id)
    if not access.is_assignee and not access.may_assign:
        raise ActionForbiddenError(action="withdraw-correction")
    found = find_request(context.uow, user_task_id, request_id)
    withdraw_correction_request(context.uow, user_task_id, request_id)
    if found.asked_user is not None:
        asked = users(context.connection, context.bureau, [found.asked_user])
        tell(context.work, _task(context, user_task_id), "task-correction-withdrawn", asked, request_id)


@routes.route("/documents/<uuid:document_id>/reissue", methods=["POST"])
@requires(*ISSUERS, owner="casework", scope="case")
@routes.arguments(ReissueBodySchema)
@routes.response(202, AddedJobSchema)
def reissue_document(body: dict[str, str], document_id: UUID) -> dict[str, Any]:
    """Make a paper anew from the case's data as they stand now: its next version, by the job that made it first.

    The version before stays, marked as replaced, and the reason stands beside the new one. Seals are needed anew.
    """
    context = current()
    require_issuer(document_id)
    key = rendering_key(context.connection, document_id)
    try:
        job_id = repeat_job(context.uow, UUID(key))
    except ValueError:
        raise DocumentNotIssuedError(id=document_id) from None  # made here, but by no job
    request_reissue(context.work, context.bureau, document_id, body["reason"], str(job_id))
    return {"job_id": job_id}


def _correct(context: RequestContext, user_task_id: UUID, body: dict[str, Any]) -> dict[str, Any]:
    reason = body["reason"].strip()
    kept = sealed(context, "user_task_correction", "reason", user_task_id, reason)
    correction = correct_user_task(context.uow, user_task_id, body["variables"], reason, kept)
    concerned = users(context.connection, context.bureau, concerned_by_correction(context.connection, user_task_id))
    tell(context.work, _task(context, user_task_id), "task-corrected", concerned, correction.id)
    return _shown(correction) | {"documents": affected_documents(context.connection, user_task_id)}


def _shown(correction: Correction) -> dict[str, Any]:
    return {
        "changes": [
            {"name": each.name, "old": plain(each.old), "new": plain(each.new), "is_input": each.is_input}
            for each in correction.changes
        ],
        "moved_timers": correction.moved_timers,
        "moved_due_dates": correction.moved_due_dates,
        "settled": [shown_settled(each.as_dict()) for each in correction.settled],
    }


def _access(context: RequestContext, user_task_id: UUID) -> TaskAccess:
    return task_access(context.connection, context.viewer, user_task_id)


def _task(context: RequestContext, user_task_id: UUID) -> Any:
    return get_row(context.connection, user_task, user_task_id, "user task")
