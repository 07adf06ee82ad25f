"""Deadlines of a case: both dates, every date they ever had, and what stopped, restarted or extended them."""

from typing import Any
from uuid import UUID

from flask import request
from marshmallow import fields, validate

from api.actors import shown_actor
from api.context import current
from api.languages import language_of
from api.model_texts import ModelName
from api.routes import Routes
from api.rules import CASEWORKERS, OFFICERS, requires
from api.schemas.cases import MovedTimerSchema
from api.schemas.fields import AnswerSchema, BodySchema, text
from api.schemas.office_verbs import MovedDueDateSchema
from casework.access import require
from casework.deadline_events import (
    NewDeadlineEvent,
    RecordedDeadlineEvent,
    list_deadline_events,
    record_deadline_event,
)
from casework.queries.list_case_deadlines import list_case_deadlines

routes = Routes(
    "case-deadlines",
    __name__,
    url_prefix="/api/v1/cases/<uuid:case_id>",
    description="Deadlines of a case, and their history",
)

_DAY = {"format": "date"}


class DeadlineDateSchema(AnswerSchema):
    """A date that a deadline had, and why."""

    at = fields.AwareDateTime(required=True)
    start = fields.String(required=True, allow_none=True, metadata=_DAY)
    due_on = fields.String(required=True, allow_none=True, metadata=_DAY)
    safe_on = fields.String(required=True, allow_none=True, metadata=_DAY)
    is_provisional = fields.Boolean(required=True)
    is_suspended = fields.Boolean(required=True)
    cause = fields.Dict(required=True)


class DeadlineUseSchema(AnswerSchema):
    """A timer or user task that aims at a deadline."""

    what = fields.String(required=True, validate=validate.OneOf(["timer", "user-task"]))
    id = fields.String(required=True)
    process_key = fields.String(required=True)
    element_id = fields.String(required=True)
    element_name = ModelName(required=True)
    state = fields.String(required=True)
    due_at = fields.AwareDateTime(required=True, allow_none=True)


class CaseDeadlineSchema(AnswerSchema):
    """A rule and the day it counts from, with both dates."""

    rule = fields.String(required=True)
    name = fields.String(required=True)
    version = fields.Integer(required=True, allow_none=True)
    start = fields.String(required=True, allow_none=True, metadata=_DAY)
    due_on = fields.String(
        required=True, allow_none=True, metadata={**_DAY, "description": "Null while it is suspended."}
    )
    safe_on = fields.String(required=True, allow_none=True, metadata=_DAY)
    is_provisional = fields.Boolean(required=True)
    is_suspended = fields.Boolean(required=True)
    is_running = fields.Boolean(required=True)
    explanation = fields.String(required=True, allow_none=True)
    safe_explanation = fields.String(required=True, allow_none=True)
    uses = fields.List(fields.Nested(DeadlineUseSchema), required=True)
    dates = fields.List(fields.Nested(DeadlineDateSchema), required=True)


class DeadlineEventSchema(AnswerSchema):
    """What happened to the clock of a rule; corrected rows are kept."""

    id = fields.UUID(required=True)
    rule = fields.String(required=True)
    kind = fields.String(required=True)
    on = fields.Date(required=True)
    until = fields.Date(required=True, allow_none=True)
    units = fields.Integer(required=True, allow_none=True)
    approved_by = fields.String(required=True, allow_none=True)
    document_id = fields.UUID(required=True, allow_none=True)
    note = fields.String(required=True, allow_none=True, metadata={"description": "Null for parties."})
    reason = fields.String(required=True, allow_none=True, metadata={"description": "Null for parties."})
    recorded_at = fields.AwareDateTime(required=True)
    recorded_by = fields.String(required=True)
    is_current = fields.Boolean(required=True)


class CaseDeadlinesSchema(AnswerSchema):
    """Deadlines of a case, running ones first, and the events on their clocks."""

    items = fields.List(fields.Nested(CaseDeadlineSchema), required=True)
    events = fields.List(fields.Nested(DeadlineEventSchema), required=True)


class DeadlineEventBodySchema(BodySchema):
    """A suspension, a restart or an extension."""

    rule = fields.String(required=True, metadata={"example": "ARB-45"})
    kind = fields.String(required=True, metadata={"description": "suspension, restart or extension"})
    on = fields.Date(
        required=True,
        metadata={"description": "Begin of the suspension, day to count from anew, or day of the approval."},
    )
    until = fields.Date(
        load_default=None,
        allow_none=True,
        metadata={"description": "Suspension: the day that counts again. Extension: the agreed last day."},
    )
    units = fields.Integer(load_default=None, allow_none=True, metadata={"description": "Extension: units added."})
    approved_by = text(200, description="Who approved an extension; kept encrypted.")
    document_id = fields.UUID(load_default=None, allow_none=True)
    note = text(1000, description="Kept encrypted.")
    replaces = fields.UUID(load_default=None, allow_none=True, metadata={"description": "The row it corrects."})
    is_retracted = fields.Boolean(load_default=False)
    reason = text(1000, description="Needed for a correction; kept encrypted.")


class DeadlineEventAnswerSchema(AnswerSchema):
    """The row, and what moved."""

    id = fields.UUID(required=True)
    moved_timers = fields.List(fields.Nested(MovedTimerSchema), required=True)
    moved_due_dates = fields.List(fields.Nested(MovedDueDateSchema), required=True)


@routes.route("/deadlines", methods=["GET"])
@requires(*CASEWORKERS, owner="casework", scope="case")
@routes.response(200, CaseDeadlinesSchema)
def list_deadlines_of_case(case_id: UUID) -> dict[str, Any]:
    """Every deadline of the case, running or past, with both dates and every date it ever had and why."""
    context = current()
    require(context.connection, context.viewer, "read", case_id)
    is_officer = bool(context.viewer.roles.intersection(OFFICERS))
    events = list_deadline_events(context.connection, context.bureau, case_id)
    return {
        "items": list_case_deadlines(context.connection, case_id, language_of(request)),
        "events": [_shown(event, is_officer) for event in events],
    }


@routes.route("/deadline-events", methods=["POST"])
@requires(*OFFICERS, owner="casework", scope="case")
@routes.arguments(DeadlineEventBodySchema)
@routes.response(201, DeadlineEventAnswerSchema)
def create_deadline_event(body: dict[str, Any], case_id: UUID) -> dict[str, Any]:
    """Record a suspension (中止), restart (重新计算) or extension (延期), or correct one; what hangs on it moves at once.

    Suspending an instance (挂起) stops work, not law; only this stops a legal clock.
    """
    context = current()
    require(context.connection, context.viewer, "correct-event-date", case_id)
    recorded = record_deadline_event(context.uow, context.bureau, case_id, NewDeadlineEvent(**body))
    return {
        "id": recorded.id,
        "moved_timers": [each for each in recorded.moved.timers if each.old_due_at != each.new_due_at],
        "moved_due_dates": [each for each in recorded.moved.due_dates if each.old_due_at != each.new_due_at],
    }


def _shown(event: RecordedDeadlineEvent, is_officer: bool) -> dict[str, Any]:
    return {
        "id": event.id,
        "rule": event.rule,
        "kind": event.kind,
        "on": event.on,
        "until": event.until,
        "units": event.units,
        "approved_by": event.approved_by if is_officer else None,
        "document_id": event.document_id,
        "note": event.note if is_officer else None,
        "reason": event.reason if is_officer else None,
        "recorded_at": event.recorded_at,
        "recorded_by": shown_actor(event.recorded_by),
        "is_current": event.is_current,
    }
