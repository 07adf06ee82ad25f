"""Whether this process lives, reaches its database, and finds the schema it was written for."""

from typing import Any

import sqlalchemy as sa
from marshmallow import fields

from api.context import current
from api.routes import Routes
from api.rules import public
from api.schemas.fields import AnswerSchema

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
