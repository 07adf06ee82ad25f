"""Registers that forms and lists choose from: organisations, causes, areas, terms, forms."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from marshmallow import fields, validate

from api.context import current
from api.forms import latest_form
from api.model_texts import ModelForm
from api.routes import Routes
from api.rules import OFFICERS, requires
from api.schemas.case_views import TermSchema
from api.schemas.fields import AnswerSchema, QuerySchema
from casework.areas import area
from casework.causes import causes
from casework.event_dates import EVENT_DATES
from casework.limitation import KINDS as LIMITATION_KINDS
from casework.organisations import list_organisations
from casework.roles import ROLES
from casework.stages import STAGES
from casework.vocabulary import AGENT_KINDS, AGENT_POWERS, CHANNELS, FLAGS, ORGANISATION_KINDS, PARTY_KINDS

routes = Routes("registers", __name__, url_prefix="/api/v1", description="Registers to choose from")


class OrganisationSchema(AnswerSchema):
    """An organisation that takes part in disputes."""

    id = fields.UUID(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True)
    kind = fields.String(required=True)
    kind_number = fields.Integer(required=True, allow_none=True)
    area_code = fields.String(required=True)
    accepts = fields.Boolean(required=True)
    industries = fields.List(fields.String(), required=True)
    address = fields.String(required=True, allow_none=True)
    phone = fields.String(required=True, allow_none=True)
    open_cases = fields.Integer(
        required=True, allow_none=True, metadata={"description": "Null for whoever is no officer."}
    )


class OrganisationsSchema(AnswerSchema):
    """Organisations by code."""

    items = fields.List(fields.Nested(OrganisationSchema), required=True)


class OrganisationQuerySchema(QuerySchema):
    """Filters of the list of organisations."""

    kind = fields.String(load_default=None, validate=validate.OneOf(list(ORGANISATION_KINDS)))
    area_code = fields.String(load_default=None, metadata={"description": "This area and below."})
    accepts = fields.Boolean(load_default=None)


class CauseSchema(TermSchema):
    """A cause of action."""

    statistics_zh = fields.String(required=True)
    court_code = fields.String(required=True)
    court_zh = fields.String(required=True)
    may_be_reviewed = fields.Boolean(required=True)
    has_payment_order = fields.Boolean(required=True)


class CausesSchema(AnswerSchema):
    """Causes of action, in the order in which lists show them."""

    items = fields.List(fields.Nested(CauseSchema), required=True)


class AreaSchema(AnswerSchema):
    """An area of the site."""

    code = fields.String(required=True)
    name = fields.String(required=True)
    level = fields.String(required=True)
    parent = fields.String(required=True, allow_none=True)


class AreasSchema(AnswerSchema):
    """The site's areas, a parent before its children."""

    items = fields.List(fields.Nested(AreaSchema), required=True)


class TermsSchema(AnswerSchema):
    """Codes and what people call them, by the field that holds them."""

    terms = fields.Dict(keys=fields.String(), values=fields.List(fields.Nested(TermSchema)), required=True)


class FormSchema(AnswerSchema):
    """A form-js form."""

    key = fields.String(required=True)
    form = ModelForm(required=True)


@routes.route("/organisations", methods=["GET"])
@requires(owner="casework", scope="site")
@routes.arguments(OrganisationQuerySchema, location="query")
@routes.response(200, OrganisationsSchema)
def list_all_organisations(query: dict[str, Any]) -> dict[str, Any]:
    """Organisations by code."""
    context = current()
    path = area(context.bureau.site.areas, query["area_code"]).path if query["area_code"] else None
    found = list_organisations(context.connection, kind=query["kind"], area_path=path, accepts=query["accepts"])
    is_officer = bool(context.viewer.roles.intersection(OFFICERS))
    return {"items": [asdict(each) | ({} if is_officer else {"open_cases": None}) for each in found]}


@routes.route("/causes", methods=["GET"])
@requires(owner="casework", scope="site")
@routes.response(200, CausesSchema)
def list_causes() -> dict[str, Any]:
    """Causes of action (案由)."""
    return {"items": list(causes().values())}


@routes.route("/areas", methods=["GET"])
@requires(owner="casework", scope="site")
@routes.response(200, AreasSchema)
def list_areas() -> dict[str, Any]:
    """The site's areas."""
    return {"items": list(current().bureau.site.areas.values())}


@routes.route("/terms", methods=["GET"])
@requires(owner="casework", scope="site")
@routes.response(200, TermsSchema)
def list_terms() -> dict[str, Any]:
    """Every code that requests and answers hold, with its names."""
    groups: dict[str, Mapping[str, Any]] = {
        "channel": CHANNELS,
        "flag": FLAGS,
        "organisation_kind": ORGANISATION_KINDS,
        "agent_kind": AGENT_KINDS,
        "agent_powers": AGENT_POWERS,
        "party_kind": PARTY_KINDS,
        "stage": STAGES,
        "role": ROLES,
        "limitation_interruption": {code: kind for code, kind in LIMITATION_KINDS.items() if not kind.suspends},
        "limitation_suspension": {code: kind for code, kind in LIMITATION_KINDS.items() if kind.suspends},
    }
    found = {
        name: [{"code": term.code, "zh": term.zh, "en": term.en} for term in terms.values()]
        for name, terms in groups.items()
    }
    found["event_date"] = [{"code": each.name, "zh": each.zh, "en": each.en} for each in EVENT_DATES.values()]
    return {"terms": found}


@routes.route("/forms/<key>", methods=["GET"])
@requires(owner="engine", scope="site")
@routes.response(200, FormSchema)
def get_form(key: str) -> dict[str, Any]:
    """The newest form with this key; a user task shows the one that its instance is pinned to."""
    return {"key": key, "form": latest_form(current(), key)}
