"""What the caller was told."""

from typing import Any
from uuid import UUID

from flask import request
from marshmallow import fields

from api.context import current
from api.languages import language_of
from api.pages import answer_page, start_of
from api.routes import Routes
from api.rules import requires
from api.schemas.fields import AnswerSchema, BodySchema, PageQuerySchema, page_of
from casework.notices import render_notice
from casework.notifications import NotificationRecord, list_notifications, mark_all_read, mark_read
from engine.queries.pages import Page

routes = Routes("notifications", __name__, url_prefix="/api/v1/notifications", description="The caller's notifications")


class NotificationSchema(AnswerSchema):
    """A notification in the reader's language."""

    id = fields.UUID(required=True)
    case_id = fields.UUID(required=True, allow_none=True)
    number = fields.String(required=True, allow_none=True)
    user_task_id = fields.UUID(
        required=True,
        allow_none=True,
        metadata={"description": "The user task that it is about, where it is about one."},
    )
    template = fields.String(required=True)
    subject = fields.String(required=True)
    text = fields.String(required=True)
    created_at = fields.AwareDateTime(required=True)
    read_at = fields.AwareDateTime(required=True, allow_none=True)


class NotificationQuerySchema(PageQuerySchema):
    """Filters of the list of notifications."""

    unread = fields.Boolean(load_default=False)


class ReadingBodySchema(BodySchema):
    """What the caller has seen."""

    until = fields.AwareDateTime(
        required=True, metadata={"description": "`created_at` of the newest notification on the screen."}
    )


NotificationPage = page_of(NotificationSchema, "NotificationPage")


@routes.route("", methods=["GET"])
@requires(owner="casework", scope="own")
@routes.arguments(NotificationQuerySchema, location="query")
@routes.response(200, NotificationPage)
def list_own_notifications(query: dict[str, Any]) -> dict[str, Any]:
    """Notifications to the caller, newest first."""
    context = current()
    start, limit = start_of(query), query["limit"]
    records = list_notifications(
        context.connection,
        context.viewer,
        after=(start[0], start[1]) if start else None,
        limit=limit + 1,
        only_unread=query["unread"],
    )
    shown = records[:limit]
    following = (shown[-1].created_at, shown[-1].id) if len(records) > limit else None
    language = language_of(request)
    return answer_page(Page([_shown(record, language) for record in shown], following), query)


@routes.route("/reading", methods=["PUT"])
@requires(owner="casework", scope="own")
@routes.arguments(ReadingBodySchema)
@routes.response(204)
def read_all_notifications(body: dict[str, Any]) -> None:
    """Mark the caller's notifications as read, up to the newest one they saw."""
    context = current()
    mark_all_read(context.work, context.viewer, body["until"])


@routes.route("/<uuid:notification_id>/reading", methods=["PUT"])
@requires(owner="casework", scope="own")
@routes.response(204)
def read_notification(notification_id: UUID) -> None:
    """Mark a notification as read."""
    context = current()
    mark_read(context.work, context.viewer, notification_id)


def _shown(record: NotificationRecord, language: str) -> dict[str, Any]:
    facts = current().bureau.words.facts(record.facts, language)
    notice = render_notice(record.template, language, {"number": record.number, **facts})
    return {
        "id": record.id,
        "case_id": record.case_id,
        "number": record.number,
        "user_task_id": record.facts.get("user_task_id"),
        "template": record.template,
        "subject": notice.subject,
        "text": notice.text,
        "created_at": record.created_at,
        "read_at": record.read_at,
    }
