"""Shapes of user tasks."""

from marshmallow import fields, validate

from api.model_texts import ModelForm, ModelName
from api.schemas.case_views import PlaceSchema, TermSchema
from api.schemas.fields import AnswerSchema, BodySchema, PageQuerySchema, ProvisionalField, SafeDateField, page_of
from api.schemas.law_clocks import LawClockSchema
from casework.queries.inbox import SORTS, VIEWS
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
    element_name = ModelName(required=True)
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

    form = ModelForm(
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


class InboxOrganisationSchema(AnswerSchema):
    """The mediation organisation that has the case."""

    id = fields.UUID(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True)


class InboxPartySchema(AnswerSchema):
    """The first party of a side; a person's name is masked for whoever need not know it."""

    name = fields.String(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(["person", "organisation"]))
    count = fields.Integer(required=True, metadata={"description": "Parties of this side."})


class InboxDisputeSchema(AnswerSchema):
    """The dispute that a user task belongs to."""

    number = fields.String(required=True)
    cause = fields.Nested(TermSchema, required=True)
    stage = fields.Nested(TermSchema, required=True)
    area = fields.Nested(PlaceSchema, required=True)
    flags = fields.List(fields.String(), required=True)
    worker_count = fields.Integer(required=True)
    organisation = fields.Nested(InboxOrganisationSchema, required=True, allow_none=True)
    applicant = fields.Nested(InboxPartySchema, required=True, allow_none=True)
    respondent = fields.Nested(InboxPartySchema, required=True, allow_none=True)


class InboxItemSchema(UserTaskSchema):
    """A user task as a line of an inbox."""

    dispute = fields.Nested(
        InboxDisputeSchema, required=True, allow_none=True, metadata={"description": "Null: a process tried out."}
    )
    is_offered = fields.Boolean(
        required=True, metadata={"description": "Open, and the caller holds it or may claim it."}
    )
    is_overdue = fields.Boolean(required=True, metadata={"description": "Open, and past `due_at`."})
    assignee_name = fields.String(required=True, allow_none=True)
    owner_name = fields.String(required=True, allow_none=True)
    groups = fields.List(
        fields.Nested(TermSchema), required=True, metadata={"description": "The candidate groups with their names."}
    )
    law = fields.Nested(
        LawClockSchema,
        required=True,
        allow_none=True,
        metadata={"description": "Null where the law sets no day; `due_at` is then the house's."},
    )
    urgings = fields.Integer(required=True, metadata={"description": "How often it was urged (催办)."})
    last_urged_at = fields.AwareDateTime(required=True, allow_none=True)
    comments = fields.Integer(required=True)
    unread_comments = fields.Integer(required=True, metadata={"description": "By others, since the caller read them."})


class InboxNumbersSchema(AnswerSchema):
    """How many tasks a view holds; every number stops at 1000."""

    total = fields.Integer(required=True)
    overdue = fields.Integer(required=True)
    due_today = fields.Integer(required=True, metadata={"description": "Due by the end of today, not overdue yet."})


class DoneNumbersSchema(AnswerSchema):
    """How many tasks the caller has completed; stops at 1000."""

    total = fields.Integer(required=True)


class InboxCountsSchema(AnswerSchema):
    """How many tasks each view of the caller's inbox holds."""

    mine = fields.Nested(InboxNumbersSchema, required=True)
    groups = fields.Nested(InboxNumbersSchema, required=True)
    waiting = fields.Nested(InboxNumbersSchema, required=True)
    done = fields.Nested(DoneNumbersSchema, required=True)


class UserTaskQuerySchema(PageQuerySchema):
    """Filters of the list of user tasks."""

    view = fields.String(
        load_default=None,
        validate=validate.OneOf(VIEWS),
        metadata={
            "description": "`mine`: held by the caller. `groups`: unclaimed, and the caller may claim it. `waiting`: with "
            "others though the caller answers for it (delegated, sent back for correction, or of a case the caller "
            "handles). `done`: completed by the caller, newest first. A view says which states it shows."
        },
    )
    sort = fields.String(
        load_default="due",
        validate=validate.OneOf(SORTS),
        metadata={
            "description": "`law`: by the time left in law; `newest`: newest first; else ascending, then by due time."
        },
    )
    q = fields.String(
        load_default=None,
        validate=validate.Length(1, 100),
        metadata={
            "description": "Words that must all be found: in numbers, names of parties and organisations, or causes."
        },
    )
    process_key = fields.List(
        fields.String(), load_default=list, metadata={"description": "May be given several times."}
    )
    cause_code = fields.List(
        fields.String(), load_default=list, metadata={"description": "May be given several times."}
    )
    stage = fields.List(fields.String(), load_default=list, metadata={"description": "May be given several times."})
    organisation_id = fields.UUID(
        load_default=None,
        metadata={"description": "That has the case: for mediation, arbitration, at court, at the union."},
    )
    flag = fields.String(load_default=None)
    law_due_until = fields.Date(
        load_default=None, metadata={"description": "The next day that the law sets is this one or earlier."}
    )
    law_within_days = fields.Integer(
        load_default=None,
        validate=validate.Range(0, 366),
        metadata={
            "description": "The same, told in days from today, for filters that are kept: 0 is today or earlier. Both: "
            "the earlier day holds."
        },
    )

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
    element_id = fields.List(
        fields.String(), load_default=list, metadata={"description": "May be given several times."}
    )
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


UserTaskPage = page_of(InboxItemSchema, "UserTaskPage")
