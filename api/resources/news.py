"""What changed for the caller since they asked last; docs/decisions/0012 says why it is asked for, not pushed."""

from typing import Any

from marshmallow import fields, validate

from api.context import current
from api.pages import position_of, sign_position
from api.routes import Routes
from api.rules import CASEWORKERS, requires
from api.schemas.fields import AnswerSchema, QuerySchema
from casework.queries.list_news import list_news

routes = Routes("news", __name__, url_prefix="/api/v1/news", description="What changed for the caller")

POLL_AFTER_SECONDS = 10


class NewsQuerySchema(QuerySchema):
    """Since when."""

    after = fields.String(
        load_default=None,
        validate=validate.Length(max=1000),
        metadata={"description": "`next_after` of the answer before; without it the answer only says where to begin."},
    )
    case_id = fields.UUID(load_default=None, metadata={"description": "A case that is on the screen."})


class NewsTaskSchema(AnswerSchema):
    """A user task to read again."""

    id = fields.UUID(required=True)
    case_id = fields.UUID(required=True)


class NewsSchema(AnswerSchema):
    """What to read again; no content."""

    next_after = fields.String(required=True)
    poll_after_seconds = fields.Integer(required=True, metadata={"description": "When to ask again."})
    user_tasks = fields.List(
        fields.Nested(NewsTaskSchema),
        required=True,
        metadata={
            "description": "User tasks that appeared, changed or ended, or were commented or urged: of those that the "
            "caller holds, may claim, gave away, or that lie in cases they handle."
        },
    )
    has_more = fields.Boolean(required=True, metadata={"description": "More changed than is listed: read all again."})
    unread_notifications = fields.Integer(required=True)
    history_seq = fields.Integer(
        required=True,
        allow_none=True,
        metadata={"description": "Of the case asked about: it grows with everything that happens to the case."},
    )


@routes.route("", methods=["GET"])
@requires(*CASEWORKERS, owner="casework", scope="case")
@routes.arguments(NewsQuerySchema, location="query")
@routes.response(200, NewsSchema)
def get_news(query: dict[str, Any]) -> dict[str, Any]:
    """What changed for the caller since `after`, as ids; it answers at once and is meant to be asked again and again."""
    context = current()
    position = position_of(query["after"])
    since = None if position is None else str(position[0])
    found = list_news(context.connection, context.viewer, since, query["case_id"])
    return {
        "next_after": sign_position([found.snapshot]),
        "poll_after_seconds": POLL_AFTER_SECONDS,
        "user_tasks": [{"id": task_id, "case_id": case_id} for task_id, case_id in found.user_tasks],
        "has_more": found.has_more,
        "unread_notifications": found.unread_notifications,
        "history_seq": found.history_seq,
    }
