"""Incidents: work that stopped, and letting it try again."""

from typing import Any
from uuid import UUID

from api.actors import shown_actor
from api.context import current
from api.pages import answer_page, start_of
from api.routes import Routes
from api.rules import MACHINISTS, OPERATORS, requires
from api.schemas.instances import StepOutcomeSchema
from api.schemas.work import IncidentPage, IncidentQuerySchema, ResolutionBodySchema
from api.visibility import machine_cases, require_machine
from engine.commands.resolve_incident import resolve_incident
from engine.queries.work import list_incidents
from engine.store.instances import case_of
from engine.store.tables import incident

routes = Routes("incidents", __name__, url_prefix="/api/v1/incidents", description="Incidents")


@routes.route("", methods=["GET"])
@requires(*MACHINISTS, owner="engine", scope="case")
@routes.arguments(IncidentQuerySchema, location="query")
@routes.response(200, IncidentPage)
def list_all_incidents(query: dict[str, Any]) -> dict[str, Any]:
    """Incidents, oldest first; open ones unless another state is asked for."""
    context = current()
    page = list_incidents(
        context.connection,
        scope=machine_cases(context.viewer, incident.c.case_id),
        case_id=query["case_id"],
        instance_id=query["instance_id"],
        states=[query["state"]],
        after=start_of(query),
        limit=query["limit"],
    )
    for item in page.items:
        item["resolved_by"] = shown_actor(item["resolved_by"])
    return answer_page(page, query)


@routes.route("/<uuid:incident_id>/resolution", methods=["POST"])
@requires(*OPERATORS, owner="engine", scope="case")
@routes.arguments(ResolutionBodySchema)
@routes.response(200, StepOutcomeSchema)
def resolve_one_incident(body: dict[str, Any], incident_id: UUID) -> Any:
    """Resolve an incident: what stopped tries again, a job with its attempts anew."""
    context = current()
    case_id = case_of(context.connection, incident, incident_id, "incident")
    require_machine(context.connection, context.viewer, "operate", case_id)
    return resolve_incident(context.uow, incident_id, body["resolution"] or "")
