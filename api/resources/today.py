"""The caller's day on one screen."""

from datetime import timedelta
from typing import Any

from marshmallow import fields

from api.actors import shown_actor
from api.context import current
from api.model_texts import ModelName
from api.routes import Routes
from api.rules import CASEWORKERS, requires
from api.schemas.case_views import TermSchema
from api.schemas.fields import AnswerSchema, QuerySchema
from api.schemas.law_clocks import LawClockSchema
from api.schemas.user_tasks import InboxCountsSchema, InboxItemSchema, InboxPartySchema
from casework.queries.inbox import count_inbox
from casework.queries.today import today_of_viewer
from engine.domain.clock import day_start, shanghai_date

routes = Routes("today", __name__, url_prefix="/api/v1/today", description="The caller's day")


class TodayQuerySchema(QuerySchema):
    """Since when."""

    since = fields.AwareDateTime(
        load_default=None,
        metadata={"description": "From when on something counts as moved; by default since yesterday morning."},
    )


class TodayTaskSchema(AnswerSchema):
    """An open user task of a case, and who holds it."""

    id = fields.UUID(required=True)
    element_name = ModelName(required=True)
    assignee = fields.String(required=True, allow_none=True)
    assignee_name = fields.String(required=True, allow_none=True)
    groups = fields.List(fields.Nested(TermSchema), required=True)
    since = fields.AwareDateTime(required=True)
    due_at = fields.AwareDateTime(required=True, allow_none=True)
    is_overdue = fields.Boolean(required=True)
    is_mine = fields.Boolean(required=True)


class MoveSchema(AnswerSchema):
    """The last thing that others did in a case, and how many such things there were."""

    at = fields.AwareDateTime(required=True)
    kind = fields.String(required=True, metadata={"description": "Of history.", "example": "user-task-completed"})
    element_name = ModelName(required=True, allow_none=True)
    actor = fields.String(required=True)
    actor_name = fields.String(required=True, allow_none=True)
    count = fields.Integer(required=True)


class TodayCaseSchema(AnswerSchema):
    """An open case that the caller handles or holds a task of."""

    id = fields.UUID(required=True)
    business_key = fields.String(required=True)
    number = fields.String(required=True)
    cause = fields.Nested(TermSchema, required=True)
    stage = fields.Nested(TermSchema, required=True)
    flags = fields.List(fields.String(), required=True)
    registered_at = fields.AwareDateTime(required=True)
    applicant = fields.Nested(InboxPartySchema, required=True, allow_none=True)
    respondent = fields.Nested(InboxPartySchema, required=True, allow_none=True)
    law = fields.Nested(LawClockSchema, required=True, allow_none=True)
    moved = fields.Nested(MoveSchema, required=True, allow_none=True)
    open_user_tasks = fields.List(fields.Nested(TodayTaskSchema), required=True)


class TodaySchema(AnswerSchema):
    """What is due by tonight, what else waits for the caller, and their cases with what moved."""

    since = fields.AwareDateTime(required=True)
    due = fields.List(fields.Nested(InboxItemSchema), required=True)
    waiting = fields.List(fields.Nested(InboxItemSchema), required=True)
    cases = fields.List(
        fields.Nested(TodayCaseSchema),
        required=True,
        metadata={"description": "At most 60, the one whose legal period ends first in front."},
    )
    counts = fields.Nested(InboxCountsSchema, required=True)


@routes.route("", methods=["GET"])
@requires(*CASEWORKERS, owner="casework", scope="case")
@routes.arguments(TodayQuerySchema, location="query")
@routes.response(200, TodaySchema)
def get_today(query: dict[str, Any]) -> dict[str, Any]:
    """The caller's day: what is due, what waits, and what moved in their cases."""
    context = current()
    since = query["since"] or day_start(shanghai_date(context.now) - timedelta(days=1))
    found = today_of_viewer(context.connection, context.bureau, context.viewer, since=since, now=context.now)
    for row in (*found["due"], *found["waiting"]):
        row |= {name: shown_actor(row[name]) for name in ("assignee", "owner", "ended_by")}
        row["candidate_users"] = [shown_actor(name) for name in row["candidate_users"]]
    counts = count_inbox(context.connection, context.bureau, context.viewer, sees_trials=False, now=context.now)
    return found | {"counts": counts}
