"""Shapes of what supervisors look at over their area."""

from marshmallow import fields, validate

from api.model_texts import ModelName
from api.schemas.case_views import TermSchema
from api.schemas.fields import AnswerSchema, PageQuerySchema, QuerySchema, page_of


class OrganisationReferenceSchema(AnswerSchema):
    """An organisation."""

    id = fields.UUID(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True)


_RESPONSIBLE = {"description": "Who answers for the process; null where no organisation has the case yet."}


class OverdueQuerySchema(PageQuerySchema):
    """Filters of the list of overdue work."""

    within_days = fields.Integer(
        load_default=0,
        validate=validate.Range(0, 90),
        metadata={"description": "0: past its day only; 1: due today too; n: due by the n-th day from today."},
    )
    what = fields.String(load_default=None, validate=validate.OneOf(["user-task", "deadline"]))
    organisation_id = fields.UUID(load_default=None)
    without_organisation = fields.Boolean(load_default=False)
    area_code = fields.String(load_default=None, metadata={"description": "This area and below."})
    assignee = fields.String(load_default=None, metadata={"description": "A username, or `me`."})


class OverdueItemSchema(AnswerSchema):
    """A user task or a legal deadline that is past its day, or soon will be."""

    what = fields.String(required=True, validate=validate.OneOf(["user-task", "deadline"]))
    id = fields.UUID(required=True, metadata={"description": "Of the user task or the timer."})
    case_id = fields.UUID(required=True)
    business_key = fields.String(required=True)
    number = fields.String(required=True)
    stage = fields.Nested(TermSchema, required=True)
    organisation = fields.Nested(OrganisationReferenceSchema, required=True, allow_none=True, metadata=_RESPONSIBLE)
    process_key = fields.String(required=True)
    element_id = fields.String(required=True)
    element_name = ModelName(required=True)
    due_at = fields.AwareDateTime(required=True)
    due_on = fields.Date(required=True, metadata={"description": "The last day."})
    days_left = fields.Integer(required=True, metadata={"description": "Negative once the day has passed."})
    is_overdue = fields.Boolean(required=True)
    rule = fields.String(
        required=True, allow_none=True, metadata={"description": "The legal rule; null: a norm of the house."}
    )
    rule_name = fields.String(required=True, allow_none=True)
    explanation = fields.String(required=True, allow_none=True, metadata={"description": "Why this day."})
    assignee = fields.String(required=True, allow_none=True)
    assignee_name = fields.String(required=True, allow_none=True)
    candidate_groups = fields.List(fields.String(), required=True)


OverduePage = page_of(OverdueItemSchema, "OverduePage")


class OverdueCountQuerySchema(QuerySchema):
    """What is counted."""

    within_days = fields.Integer(load_default=3, validate=validate.Range(0, 90))
    area_code = fields.String(load_default=None, metadata={"description": "This area and below."})


class OverdueCountSchema(AnswerSchema):
    """How much of an organisation's work is late or stuck."""

    organisation = fields.Nested(OrganisationReferenceSchema, required=True, allow_none=True, metadata=_RESPONSIBLE)
    overdue_user_tasks = fields.Integer(required=True)
    overdue_deadlines = fields.Integer(required=True)
    due_soon = fields.Integer(required=True, metadata={"description": "Not past, but due within `within_days`."})
    cases = fields.Integer(required=True, metadata={"description": "Cases with any of these."})
    incidents = fields.Integer(required=True, metadata={"description": "Open ones."})


class OverdueCountsSchema(AnswerSchema):
    """Counts by organisation, the worst first."""

    items = fields.List(fields.Nested(OverdueCountSchema), required=True)


class ReadingSchema(AnswerSchema):
    """A supervisor's reading of a case."""

    at = fields.AwareDateTime(required=True)
    username = fields.String(required=True)
    display_name = fields.String(required=True)
    purpose = fields.String(
        required=True, metadata={"description": "What was read: name of the operation.", "example": "get_case"}
    )


ReadingPage = page_of(ReadingSchema, "ReadingPage")


class TimelineQuerySchema(PageQuerySchema):
    """What a timeline shows."""

    details = fields.Boolean(
        load_default=False, metadata={"description": "Also what the machinery did: jobs, timers, data."}
    )


class TimelineDaySchema(AnswerSchema):
    """A legal day that an entry recorded."""

    name = fields.String(required=True)
    label = fields.String(required=True)
    value = fields.String(required=True, metadata={"format": "date", "description": "When it happened."})


class TimelineBehalfSchema(AnswerSchema):
    """For whom the actor stood in."""

    party_id = fields.String(required=True)
    party_name = fields.String(required=True, allow_none=True, metadata={"description": "Null: not for the reader."})
    method = fields.String(required=True)
    at = fields.String(required=True)
    proof_document_id = fields.String(required=True, allow_none=True)


class TimelineEntrySchema(AnswerSchema):
    """One thing that happened to a case, in the reader's language."""

    seq = fields.Integer(required=True)
    at = fields.AwareDateTime(required=True, metadata={"description": "When it was recorded."})
    happened_on = fields.List(
        fields.Nested(TimelineDaySchema),
        required=True,
        metadata={"description": "Legal days that it recorded; they may lie long before."},
    )
    actor = fields.String(required=True, metadata={"example": "window"})
    actor_name = fields.String(required=True)
    on_behalf_of = fields.Nested(TimelineBehalfSchema, required=True, allow_none=True)
    kind = fields.String(required=True, metadata={"example": "user-task-completed"})
    title = fields.String(required=True)
    is_detail = fields.Boolean(required=True)
    element_id = fields.String(required=True, allow_none=True)
    element_name = ModelName(required=True, allow_none=True)
    user_task_id = fields.UUID(required=True, allow_none=True)
    incident_id = fields.UUID(required=True, allow_none=True)
    document_id = fields.UUID(
        required=True, allow_none=True, metadata={"description": "Null too where the document is not for the reader."}
    )


TimelinePage = page_of(TimelineEntrySchema, "TimelinePage")
