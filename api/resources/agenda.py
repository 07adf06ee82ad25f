"""The agenda, and calendar feeds of it."""

from dataclasses import asdict
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Response
from marshmallow import ValidationError, fields, validate, validates_schema

from api.actors import shown_actor
from api.context import current
from api.model_texts import ModelName
from api.routes import Routes
from api.rules import OFFICERS, public, requires
from api.schemas.fields import AnswerSchema, BodySchema, QuerySchema
from casework.calendar_feeds import issue_feed, list_feeds, read_feed, revoke_feed
from casework.queries.agenda import LONGEST, agenda
from casework.users import user_names

routes = Routes("agenda", __name__, url_prefix="/api/v1", description="Agenda and calendar feeds")
LONGEST_RANGE = timedelta(days=100)
_WHOSE = ["me", "organisation"]


class AgendaQuerySchema(QuerySchema):
    """Which days, and whose."""

    first = fields.Date(required=True, metadata={"example": "2026-11-23"})
    last = fields.Date(required=True, metadata={"description": "Inclusive; at most 100 days later."})
    whose = fields.String(
        load_default="me",
        validate=validate.OneOf(_WHOSE),
        metadata={
            "description": "me: tasks I hold and sessions of cases I am appointed to; organisation: of all my cases."
        },
    )

    @validates_schema
    def check_range(self, data: dict[str, Any], **_options: object) -> None:
        """Ask for a range that can be shown."""
        if not timedelta(0) <= data["last"] - data["first"] <= LONGEST_RANGE:
            raise ValidationError("Invalid value.", "last")


class AgendaEntrySchema(AnswerSchema):
    """A session, a task's due day, or a legal time limit."""

    what = fields.String(required=True, validate=validate.OneOf(["session", "user-task", "deadline"]))
    id = fields.UUID(required=True)
    case_id = fields.UUID(required=True)
    number = fields.String(required=True)
    element_name = ModelName(required=True)
    day = fields.Date(required=True, metadata={"description": "Of the session, or the last day."})
    at = fields.AwareDateTime(required=True, allow_none=True, metadata={"description": "When a session begins."})
    place = fields.String(required=True, allow_none=True)
    user_task_id = fields.UUID(required=True, allow_none=True)
    assignee = fields.String(required=True, allow_none=True)
    assignee_name = fields.String(required=True, allow_none=True)


class AgendaSchema(AnswerSchema):
    """The agenda, by day and time."""

    items = fields.List(fields.Nested(AgendaEntrySchema), required=True)
    is_cut_off = fields.Boolean(required=True, metadata={"description": "Ask for fewer days to see the rest."})


class CalendarFeedBodySchema(BodySchema):
    """What a new feed shows."""

    whose = fields.String(load_default="me", validate=validate.OneOf(_WHOSE))


class CalendarFeedSchema(AnswerSchema):
    """A calendar feed of the caller's."""

    id = fields.UUID(required=True)
    whose = fields.String(required=True, validate=validate.OneOf(_WHOSE))
    created_at = fields.AwareDateTime(required=True)


class CalendarFeedsSchema(AnswerSchema):
    """The caller's calendar feeds that stand."""

    items = fields.List(fields.Nested(CalendarFeedSchema), required=True)


class IssuedFeedSchema(AnswerSchema):
    """A new feed: whoever knows its address reads it, so it is told once only."""

    id = fields.UUID(required=True)
    path = fields.String(
        required=True,
        metadata={"description": "Address below this site, for calendar programs.", "example": "/api/v1/…"},
    )


@routes.route("/agenda", methods=["GET"])
@requires(*OFFICERS, owner="casework", scope="case")
@routes.arguments(AgendaQuerySchema, location="query")
@routes.response(200, AgendaSchema)
def get_agenda(query: dict[str, Any]) -> dict[str, Any]:
    """Sessions of mediation, due days and legal time limits between two days."""
    context = current()
    found = agenda(context.connection, context.bureau, context.viewer, query["whose"], query["first"], query["last"])
    items = [asdict(each) | {"assignee": shown_actor(each.assignee)} for each in found]
    names = user_names(context.connection, context.bureau, {item["assignee"] for item in items if item["assignee"]})
    for item in items:
        item["assignee_name"] = names.get(item["assignee"])
    return {"items": items, "is_cut_off": len(items) == LONGEST}


@routes.route("/calendar-feeds", methods=["GET"])
@requires(*OFFICERS, owner="casework", scope="own")
@routes.response(200, CalendarFeedsSchema)
def list_calendar_feeds() -> dict[str, Any]:
    """The caller's calendar feeds."""
    return {"items": list_feeds(current().connection, current().viewer)}


@routes.route("/calendar-feeds", methods=["POST"])
@requires(*OFFICERS, owner="casework", scope="own")
@routes.arguments(CalendarFeedBodySchema)
@routes.response(201, IssuedFeedSchema)
def create_calendar_feed(body: dict[str, str]) -> dict[str, Any]:
    """Make a calendar feed of the caller's agenda: case numbers, kinds and places, no names of persons."""
    context = current()
    feed = issue_feed(context.work, context.viewer, body["whose"])  # type: ignore[arg-type]
    return {"id": feed.id, "path": f"/api/v1/calendar-feeds/{feed.secret}/content"}


@routes.route("/calendar-feeds/<uuid:feed_id>", methods=["DELETE"])
@requires(*OFFICERS, owner="casework", scope="own")
@routes.response(204)
def delete_calendar_feed(feed_id: UUID) -> None:
    """End a calendar feed at once."""
    context = current()
    revoke_feed(context.work, context.viewer, feed_id)


@routes.route("/calendar-feeds/<string:secret>/content", methods=["GET"])
@public(
    owner="casework",
    reason="calendar programs send no token; the address holds a secret of 256 bits that can be taken back",
)
@routes.response(200, {"type": "string"}, content_type="text/calendar")
def read_calendar_feed(secret: str) -> Response:
    """The agenda of the feed's owner as iCalendar (RFC 5545)."""
    context = current()
    content = read_feed(context.connection, context.bureau, secret, context.now)
    answer = Response(content, content_type="text/calendar; charset=utf-8")
    answer.headers["Cache-Control"] = "private, max-age=900"
    return answer
