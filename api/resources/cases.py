"""Disputes: registering, listing, reading."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from flask import request

from api.actors import shown_actor
from api.context import current
from api.languages import language_of
from api.pages import answer_page, start_of
from api.routes import Routes
from api.rules import CASEWORKERS, REGISTRARS, requires
from api.schemas.case_views import CasePage, CaseQuerySchema, CaseSchema
from api.schemas.cases import CaseBodySchema, RegisteredCaseSchema
from casework.commands.register_dispute import RegisteredDispute, register_dispute
from casework.queries.get_dispute import get_dispute
from casework.queries.list_disputes import DisputeFilters, list_disputes
from casework.queries.registration_warnings import RegistrationWarning
from casework.registration import NewAgent, NewClaim, NewParty, RegisterDispute

routes = Routes("cases", __name__, url_prefix="/api/v1/cases", description="Disputes")


@routes.route("", methods=["POST"])
@requires(*REGISTRARS, owner="casework", scope="case")
@routes.arguments(CaseBodySchema)
@routes.response(201, RegisteredCaseSchema)
def create_case(body: dict[str, Any]) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Register a dispute and start its process.

    What cannot be taken as it stands answers 422 with every field to mend; warnings (a duplicate, a group dispute)
    forbid nothing.
    """
    context = current()
    registered = register_dispute(context.uow, context.bureau, registration_of(body), context.viewer)
    return registered_answer(registered)


@routes.route("", methods=["GET"])
@requires(*CASEWORKERS, owner="casework", scope="case")
@routes.arguments(CaseQuerySchema, location="query")
@routes.response(200, CasePage)
def list_cases(query: dict[str, Any]) -> dict[str, Any]:
    """The disputes in the caller's scope, newest first; names are masked for whoever need not know them."""
    context = current()
    filters = DisputeFilters(
        stages=query["stage"],
        cause_code=query["cause_code"],
        area_code=query["area_code"],
        organisation_id=query["organisation_id"],
        flag=query["flag"],
        text=query["q"],
        registered_from=query["registered_from"],
        registered_until=query["registered_until"],
    )
    page = list_disputes(
        context.connection,
        context.bureau,
        context.viewer,
        filters,
        now=context.now,
        after=start_of(query),
        limit=query["limit"],
    )
    return answer_page(page, query)


@routes.route("/<uuid:case_id>", methods=["GET"])
@requires(*CASEWORKERS, owner="casework", scope="case")
@routes.response(200, CaseSchema)
def get_case(case_id: UUID) -> dict[str, Any]:
    """A dispute with its stage, parties, open user tasks, running deadlines with their explanation, and papers.

    That a supervisor read it is written down.
    """
    context = current()
    found = get_dispute(context.connection, context.bureau, context.viewer, case_id, context.now)
    for task in found["open_user_tasks"]:
        task["assignee"] = shown_actor(task["assignee"])
    for item in found["documents"]:
        item["created_by"] = shown_actor(item["created_by"])
    for entry in found["event_dates"]:
        entry["recorded_by"] = shown_actor(entry["recorded_by"])
    return found


def registered_answer(registered: RegisteredDispute) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Return the answer that tells of a registered dispute."""
    answer = {
        "id": registered.case_id,
        "business_key": registered.business_key,
        "number": registered.number,
        "instance_id": registered.instance_id,
        "warnings": shown_warnings(registered.warnings),
    }
    return answer, 201, {"Location": f"/api/v1/cases/{registered.case_id}"}


def shown_warnings(warnings: Iterable[RegistrationWarning]) -> list[dict[str, Any]]:
    """Return warnings in the reader's language."""
    language = language_of(request)
    return [
        {"code": each.code, "message": each.zh if language == "zh" else each.en, "data": dict(each.data)}
        for each in warnings
    ]


def registration_of(body: dict[str, Any]) -> RegisterDispute:
    """Return what a body that fits CaseBodySchema asks to be registered."""
    plain = ("channel", "area_code", "worker_count", "event_dates", "industry", "first_asked")
    return RegisterDispute(
        **{name: body[name] for name in plain},
        applicants=tuple(_party(each) for each in body["applicants"]),
        respondents=tuple(_party(each) for each in body["respondents"]),
        claims=tuple(NewClaim(**each) for each in body["claims"]),
        flags=tuple(body["flags"]),
    )


def _party(sent: dict[str, Any]) -> NewParty:
    agents = tuple(NewAgent(**each) for each in sent["agents"])
    return NewParty(**{**sent, "agents": agents})
