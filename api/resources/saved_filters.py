"""Filters of the inbox that the caller saved under a name."""

from typing import Any
from uuid import UUID

from marshmallow import fields, validate

from api.context import current
from api.routes import Routes
from api.rules import CASEWORKERS, requires
from api.schemas.fields import AnswerSchema, BodySchema
from api.schemas.user_tasks import CreatedSchema, UserTaskQuerySchema
from casework.saved_filters import change_filter, drop_filter, list_saved_filters, save_filter

routes = Routes(
    "saved-filters", __name__, url_prefix="/api/v1/saved-filters", description="Filters of the inbox kept under a name"
)


class SavedQuerySchema(UserTaskQuerySchema):
    """The filters of `GET /user-tasks`, as they were sent."""

    class Meta(UserTaskQuerySchema.Meta):
        """Leave out what belongs to a page and not to a filter."""

        exclude = ("cursor", "limit", "lang")


class SavedFilterBodySchema(BodySchema):
    """A filter and what it is called."""

    name = fields.String(
        required=True,
        validate=[validate.Length(1, 60), validate.Regexp(r"(?s).*\S")],
        metadata={"example": "本周到期"},
    )
    query = fields.Dict(
        required=True,
        keys=fields.String(),
        values=fields.Raw(),
        metadata={
            "description": "Filters of `GET /user-tasks`, kept as they are sent.",
            "example": {"view": "mine", "sort": "law"},
        },
    )


class SavedFilterSchema(AnswerSchema):
    """A saved filter."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    query = fields.Dict(required=True)


class SavedFiltersSchema(AnswerSchema):
    """The caller's saved filters, the first saved first."""

    items = fields.List(fields.Nested(SavedFilterSchema), required=True)


@routes.route("", methods=["GET"])
@requires(*CASEWORKERS, owner="casework", scope="own")
@routes.response(200, SavedFiltersSchema)
def list_own_saved_filters() -> dict[str, Any]:
    """The caller's saved filters."""
    context = current()
    return {"items": list_saved_filters(context.connection, context.bureau, context.viewer)}


@routes.route("", methods=["POST"])
@requires(*CASEWORKERS, owner="casework", scope="own")
@routes.arguments(SavedFilterBodySchema)
@routes.response(201, CreatedSchema)
def create_saved_filter(body: dict[str, Any]) -> dict[str, Any]:
    """Save a filter under a name; at most 50."""
    context = current()
    _check(body["query"])
    return {"id": save_filter(context.work, context.bureau, context.viewer, body["name"], body["query"])}


@routes.route("/<uuid:filter_id>", methods=["PUT"])
@requires(*CASEWORKERS, owner="casework", scope="own")
@routes.arguments(SavedFilterBodySchema)
@routes.response(204)
def change_saved_filter(body: dict[str, Any], filter_id: UUID) -> None:
    """Replace a saved filter."""
    context = current()
    _check(body["query"])
    change_filter(context.work, context.bureau, context.viewer, filter_id, body["name"], body["query"])


@routes.route("/<uuid:filter_id>", methods=["DELETE"])
@requires(*CASEWORKERS, owner="casework", scope="own")
@routes.response(204)
def delete_saved_filter(filter_id: UUID) -> None:
    """Remove a saved filter."""
    context = current()
    drop_filter(context.work, context.viewer, filter_id)


def _check(query: dict[str, Any]) -> None:
    """Raise ValidationError unless the filters are those of the list."""
    SavedQuerySchema().load(query)
