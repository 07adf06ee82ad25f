"""Shapes of what supervisors look at over their area."""

from marshmallow import fields, validate

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
    element_name = fields.String(required=True)
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
