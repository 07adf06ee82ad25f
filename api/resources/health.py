"""Whether this process lives, reaches its database, and finds the schema it was written for."""

from typing import Any

import sqlalchemy as sa
from flask import request
from marshmallow import fields

from api.context import current
from api.languages import language_of
from api.routes import Routes
from api.rules import MACHINISTS, public, requires
from api.schemas.fields import AnswerSchema
from casework.calendar_days import load_calendar
from casework.calendar_watch import missing_year
from casework.notices import render_notice
from engine.domain.clock import shanghai_date

routes = Routes("health", __name__, url_prefix="/api/v1/health", description="Health")


class HealthSchema(AnswerSchema):
    """Condition of the process and its database."""

    status = fields.String(required=True, metadata={"example": "ok"})
    database = fields.String(required=True, metadata={"example": "ok"})
    schema_version = fields.String(
        required=True, allow_none=True, metadata={"description": "Migration that the database stands at."}
    )


class LivenessSchema(AnswerSchema):
    """Condition of the process alone."""

    status = fields.String(required=True, metadata={"example": "ok"})


class StatusWarningSchema(AnswerSchema):
    """Something that somebody has to see to."""

    code = fields.String(required=True, metadata={"example": "calendar-year-missing"})
    message = fields.String(required=True)


class StatusSchema(AnswerSchema):
    """What the people in charge should know of the installation."""

    warnings = fields.List(fields.Nested(StatusWarningSchema), required=True)


@routes.route("/warnings", methods=["GET"])
@requires(*MACHINISTS, owner="casework", scope="site")
@routes.response(200, StatusSchema)
def get_warnings() -> dict[str, Any]:
    """What needs seeing to: a calendar year that is not entered although it should be."""
    context = current()
    year = missing_year(load_calendar(context.connection), shanghai_date(context.now))
    if year is None:
        return {"warnings": []}
    notice = render_notice("calendar-year-missing", language_of(request), {"year": year})
    return {"warnings": [{"code": "calendar-year-missing", "message": notice.text}]}


@routes.route("", methods=["GET"])
@public(owner="api", reason="asked by load balancers; shows nothing of anybody")
@routes.response(200, HealthSchema)
def get_health() -> dict[str, Any]:
    """Health of this process and its database.

    Answers 503 while the database cannot be reached.
    """
    connection = current().connection
    has_versions = connection.execute(sa.text("select to_regclass('alembic_version') is not null")).scalar_one()
    version = connection.execute(sa.text("select version_num from alembic_version")).scalar() if has_versions else None
    return {"status": "ok", "database": "ok", "schema_version": version}


@routes.route("/live", methods=["GET"])
@public(owner="api", reason="asked by supervisors of processes; shows nothing of anybody")
@routes.response(200, LivenessSchema)
def get_liveness() -> dict[str, Any]:
    """Whether this process answers; says nothing about the database."""
    return {"status": "ok"}
