"""Shapes of user tasks."""

from marshmallow import fields, validate

from api.schemas.fields import AnswerSchema, BodySchema, PageQuerySchema, ProvisionalField, SafeDateField, page_of
from engine.commands.complete_user_task import METHODS

TASK_STATES = ("created", "assigned", "completed", "canceled")


class OnBehalfOfBodySchema(BodySchema):
    """For which party the caller acts, how the party made it known, when, and the proof kept of it."""

    party_id = fields.UUID(required=True)
    method = fields.String(required=True, validate=validate.OneOf(sorted(METHODS)))
    at = fields.Date(required=True, metadata={"description": "Day on which the party did it.", "example": "2026-11-20"})
    proof_document_id = fields.UUID(load_default=None, allow_none=True)


class OnBehalfOfSchema(AnswerSchema):
    """For which party somebody acted."""

    party_id = fields.String(required=True)
    method = fields.String(required=True)
    at = fields.String(required=True)
    proof_document_id = fields.String(required=True, allow_none=True)


class UserTaskSchema(AnswerSchema):
    """Work for a person."""

    id = fields.UUID(required=True)
    case_id = fields.UUID(required=True)
    business_key = fields.String(required=True)
    instance_id = fields.UUID(required=True)
    process_key = fields.String(required=True)
    element_id = fields.String(required=True)
    element_name = fields.String(required=True)
    form_key = fields.String(required=True, allow_none=True)
    assignee = fields.String(required=True, allow_none=True, metadata={"description": "Username."})
    owner = fields.String(
        required=True, allow_none=True, metadata={"description": "Whose it is while and after it was delegated."}
    )
    delegation = fields.String(required=True, allow_none=True, validate=validate.OneOf(["pending", "resolved"]))
    open_correction_requests = fields.Integer(
        required=True, metadata={"description": "It cannot be completed while there are any."}
    )
    candidate_groups = fields.List(fields.String(), required=True)
    candidate_users = fields.List(fields.String(), required=True)
    priority = fields.Integer(required=True)
    due_at = fields.AwareDateTime(required=True, allow_none=True)
    follow_up_at = fields.AwareDateTime(required=True, allow_none=True)
    safe_on = SafeDateField("due_explanation")
    is_provisional = ProvisionalField("due_explanation")
    due_explanation = fields.Dict(required=True, allow_none=True)
    escalated_at = fields.AwareDateTime(
        required=True, allow_none=True, metadata={"description": "When supervisors were told that it is overdue."}
    )
    state = fields.String(required=True, validate=validate.OneOf(TASK_STATES))
    created_at = fields.AwareDateTime(required=True)
    ended_at = fields.AwareDateTime(required=True, allow_none=True)
    ended_by = fields.String(required=True, allow_none=True)
    on_behalf_of = fields.Nested(OnBehalfOfSchema, required=True, allow_none=True)


class UserTaskDetailSchema(UserTaskSchema):
    """A user task with its form and what to fill it with."""

    form = fields.Dict(
        required=True, allow_none=True, metadata={"description": "The form-js form that the instance is pinned to."}
    )
    data = fields.Dict(
        required=True,
        allow_none=True,
        metadata={"description": "Known values of the form's fields; null unless the caller may work on the task."},
    )
    draft = fields.Dict(
        required=True,
        allow_none=True,
        metadata={"description": "What was filled in so far; null unless the caller may work on the task."},
    )
    may_work = fields.Boolean(required=True)
    may_assign = fields.Boolean(required=True)
    retraction = fields.Nested("RetractabilitySchema", required=True)
    verbs = fields.Nested("VerbsSchema", required=True)


class UserTaskQuerySchema(PageQuerySchema):
    """Filters of the list of user tasks."""

    case_id = fields.UUID(load_default=None)
    assignee = fields.String(load_default=None, metadata={"description": "A username, or `me`.", "example": "me"})
    group = fields.String(load_default=None, metadata={"description": "A candidate group.", "example": "mediator"})
    offered = fields.Boolean(
        load_default=False, metadata={"description": "Only tasks that the caller has claimed or may claim."}
    )
    state = fields.String(
        load_default="open",
        validate=validate.OneOf(["open", *TASK_STATES]),
        metadata={"description": "`open` is created or assigned."},
    )
    element_id = fields.String(load_default=None)
    due_before = fields.AwareDateTime(load_default=None, metadata={"example": "2026-12-01T00:00:00+08:00"})


class DraftBodySchema(BodySchema):
    """What was filled in so far."""

    draft = fields.Dict(required=True, keys=fields.String(), values=fields.Raw(allow_none=True))


class CompletionBodySchema(BodySchema):
    """What the form was filled in with."""

    variables = fields.Dict(
        load_default=dict,
        keys=fields.String(validate=validate.Length(1, 200)),
        values=fields.Raw(allow_none=True),
        metadata={"description": "The form's fields by key.", "example": {"answer": "agree"}},
    )
    on_behalf_of = fields.Nested(OnBehalfOfBodySchema, load_default=None, allow_none=True)


class AssignmentBodySchema(BodySchema):
    """To whom."""

    assignee = fields.String(required=True, validate=validate.Length(1, 100), metadata={"example": "mediator"})


class CommentBodySchema(BodySchema):
    """A comment."""

    text = fields.String(required=True, validate=[validate.Length(1, 800), validate.Regexp(r"(?s).*\S")])


class CreatedSchema(AnswerSchema):
    """What was made."""

    id = fields.UUID(required=True)


class CommentSchema(AnswerSchema):
    """A comment on a user task."""

    id = fields.UUID(required=True)
    actor = fields.String(required=True)
    text = fields.String(required=True)
    created_at = fields.AwareDateTime(required=True)


class CommentsSchema(AnswerSchema):
    """All comments on a user task, oldest first."""

    items = fields.List(fields.Nested(CommentSchema), required=True)


UserTaskPage = page_of(UserTaskSchema, "UserTaskPage")
