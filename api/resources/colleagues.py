"""Colleagues: to whom a user task or an incident may be given, so that nobody has to know usernames by heart."""

from typing import Any
from uuid import UUID

from marshmallow import ValidationError, fields, validate, validates_schema

from api.context import current
from api.resources.incidents import may_repair, require_operator
from api.routes import Routes
from api.rules import DESIGNERS, OFFICERS, requires
from api.schemas.case_views import TermSchema
from api.schemas.fields import AnswerSchema, QuerySchema
from api.task_access import suitable_for, task_access
from casework.access import Viewer, is_operator
from casework.queries.colleagues import list_colleagues, nearest_first
from casework.roles import ROLES

routes = Routes("colleagues", __name__, url_prefix="/api/v1/colleagues", description="Colleagues")

MOST_TASKS = 50
_OF_TASKS = ("assignment", "handover", "copy")


class ColleagueQuerySchema(QuerySchema):
    """For what somebody is looked for."""

    purpose = fields.String(
        required=True,
        validate=validate.OneOf([*_OF_TASKS, "repair"]),
        metadata={
            "description": "assignment: may claim the tasks; handover: may have them handed over or delegated; copy: may "
            "read copies of them; repair: may see to the incident."
        },
    )
    user_task_id = fields.List(
        fields.UUID(),
        load_default=list,
        validate=validate.Length(max=MOST_TASKS),
        metadata={"description": "Whoever is listed suits all of these user tasks."},
    )
    incident_id = fields.UUID(load_default=None, metadata={"description": "With the purpose `repair`."})
    q = fields.String(
        load_default="",
        validate=validate.Length(max=60),
        metadata={"description": "Part of the name, of the username, or of the organisation's name."},
    )
    limit = fields.Integer(load_default=20, validate=validate.Range(1, 100))

    @validates_schema
    def check_subject(self, data: dict[str, Any], **_options: object) -> None:
        """Ask for what the purpose is about, and for nothing else."""
        is_repair = data["purpose"] == "repair"
        if is_repair != (data.get("incident_id") is not None):
            raise ValidationError("Missing data for required field.", "incident_id")
        if is_repair == bool(data.get("user_task_id")):
            raise ValidationError("Missing data for required field.", "user_task_id")


class ColleagueOrganisationSchema(AnswerSchema):
    """The organisation somebody works at."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)


class ColleagueSchema(AnswerSchema):
    """Somebody of the office."""

    username = fields.String(required=True)
    display_name = fields.String(required=True)
    roles = fields.List(fields.Nested(TermSchema), required=True)
    organisation = fields.Nested(ColleagueOrganisationSchema, required=True, allow_none=True)


class ColleaguesSchema(AnswerSchema):
    """Whoever suits, those of the caller's own organisation first."""

    items = fields.List(fields.Nested(ColleagueSchema), required=True)
    has_more = fields.Boolean(required=True, metadata={"description": "More suit than are listed: narrow with `q`."})


@routes.route("", methods=["GET"])
@requires(*OFFICERS, *DESIGNERS, owner="casework", scope="case")
@routes.arguments(ColleagueQuerySchema, location="query")
@routes.response(200, ColleaguesSchema)
def list_suitable_colleagues(query: dict[str, Any]) -> dict[str, Any]:
    """To whom user tasks or an incident that the caller sees may be given: staff only, with name, roles, organisation."""
    context = current()
    judge = _repairers if query["purpose"] == "repair" else _receivers
    found = [each for each in list_colleagues(context.connection, context.bureau) if each.matches(query["q"])]
    suited = judge(query, [each.viewer for each in found])
    shown = nearest_first(
        (each for each in found if each.viewer.user_id in suited), organisation_id=context.viewer.organisation_id
    )
    items = [
        {
            "username": each.viewer.username,
            "display_name": each.display_name,
            "roles": [{"code": code, "zh": ROLES[code].zh, "en": ROLES[code].en} for code in each.office_roles],
            "organisation": {"id": each.viewer.organisation_id, "name": each.organisation_name}
            if each.organisation_name is not None
            else None,
        }
        for each in shown[: query["limit"]]
    ]
    return {"items": items, "has_more": len(shown) > len(items)}


def _receivers(query: dict[str, Any], people: list[Viewer]) -> set[UUID]:
    """Return who suits every user task; raises NotFoundError when one of them is not for the caller's eyes."""
    context = current()
    for user_task_id in query["user_task_id"]:
        task_access(context.connection, context.viewer, user_task_id)
        people = suitable_for(context.connection, query["purpose"], user_task_id, people)
    return {person.user_id for person in people}


def _repairers(query: dict[str, Any], people: list[Viewer]) -> set[UUID]:
    """Return who may see to an incident; raises as a repair by the caller would."""
    context = current()
    case_id = require_operator(query["incident_id"])
    return {
        person.user_id for person in people if is_operator(person) and may_repair(context.connection, person, case_id)
    }
