"""Incidents: work that stopped, who sees to it, and letting it try again."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask import request

from api.actors import actor_of, name_assignees, shown_actor
from api.context import current
from api.errors import IncidentOwnerUnsuitableError
from api.languages import language_of
from api.pages import answer_page, start_of
from api.resources.supervision import path_of
from api.routes import Routes
from api.rules import MACHINISTS, OPERATORS, requires
from api.schemas.instances import StepOutcomeSchema
from api.schemas.work import IncidentAssignmentBodySchema, IncidentPage, IncidentQuerySchema, ResolutionBodySchema
from api.visibility import machine_cases, require_machine
from casework.access import Viewer, is_operator
from casework.errors import ActionForbiddenError
from casework.queries.list_incidents import IncidentFilters, list_incidents
from casework.users import viewer_for_username
from engine.commands.assign_incident import assign_incident
from engine.commands.resolve_incident import resolve_incident
from engine.domain.errors import NotFoundError
from engine.store.instances import case_of
from engine.store.tables import incident

routes = Routes("incidents", __name__, url_prefix="/api/v1/incidents", description="Incidents")


@routes.route("", methods=["GET"])
@requires(*MACHINISTS, owner="casework", scope="case")
@routes.arguments(IncidentQuerySchema, location="query")
@routes.response(200, IncidentPage)
def list_all_incidents(query: dict[str, Any]) -> dict[str, Any]:
    """Incidents, oldest first, with case, organisation and owner; open ones unless another state is asked for."""
    context = current()
    viewer = context.viewer
    whose = viewer.username if query["assignee"] == "me" else query["assignee"]
    plain = ("state", "case_id", "instance_id", "organisation_id", "kind", "raised_before")
    filters = IncidentFilters(
        **{name: query[name] for name in plain},
        area_path=path_of(query["area_code"]),
        assignee=actor_of(whose) if whose and whose != "none" else None,
        is_assigned=False if whose == "none" else None,
    )
    page = list_incidents(
        context.connection,
        machine_cases(viewer, incident.c.case_id),
        filters,
        after=start_of(query),
        limit=query["limit"],
    )
    is_english = language_of(request) == "en"
    name_assignees(context.connection, context.bureau, page.items)
    for item in page.items:
        item["message"] = item["message_en"] if is_english and item["message_en"] else item["message"]
        item["resolved_by"] = shown_actor(item["resolved_by"])
    return answer_page(page, query)


@routes.route("/<uuid:incident_id>/assignment", methods=["PUT"])
@requires(*OPERATORS, owner="engine", scope="case")
@routes.arguments(IncidentAssignmentBodySchema)
@routes.response(204)
def assign_one_incident(body: dict[str, str], incident_id: UUID) -> None:
    """Say who sees to an incident: somebody who may repair its case."""
    context = current()
    case_id = require_operator(incident_id)
    username = context.viewer.username if body["assignee"] == "me" else body["assignee"]
    candidate = viewer_for_username(context.connection, username)
    if candidate is None or not may_repair(context.connection, candidate, case_id):
        raise IncidentOwnerUnsuitableError(username=username)
    assign_incident(context.uow, incident_id, actor_of(username))


@routes.route("/<uuid:incident_id>/assignment", methods=["DELETE"])
@requires(*OPERATORS, owner="engine", scope="case")
@routes.response(204)
def unassign_one_incident(incident_id: UUID) -> None:
    """Leave an incident to nobody in particular again."""
    require_operator(incident_id)
    assign_incident(current().uow, incident_id, None)


@routes.route("/<uuid:incident_id>/resolution", methods=["POST"])
@requires(*OPERATORS, owner="engine", scope="case")
@routes.arguments(ResolutionBodySchema)
@routes.response(200, StepOutcomeSchema)
def resolve_one_incident(body: dict[str, Any], incident_id: UUID) -> Any:
    """Resolve an incident: what stopped tries again, a job with its attempts anew."""
    require_operator(incident_id)
    return resolve_incident(current().uow, incident_id, body["resolution"] or "")


def require_operator(incident_id: UUID) -> UUID:
    """Return the case of an incident; raises unless the caller may repair it."""
    context = current()
    case_id = case_of(context.connection, incident, incident_id, "incident")
    require_machine(context.connection, context.viewer, "operate", case_id)
    return case_id


def may_repair(connection: sa.Connection, viewer: Viewer, case_id: UUID) -> bool:
    """Tell whether somebody may see to the incidents of a case."""
    if not is_operator(viewer):
        return False
    try:
        require_machine(connection, viewer, "operate", case_id)
    except (NotFoundError, ActionForbiddenError):
        return False
    return True
