"""Shapes of what the office does with user tasks beside completing them."""

from marshmallow import fields, validate

from api.model_texts import ModelName
from api.schemas.cases import MovedTimerSchema
from api.schemas.fields import AnswerSchema, BodySchema, PageQuerySchema, QuerySchema, page_of, text
from api.schemas.user_tasks import OnBehalfOfBodySchema, OnBehalfOfSchema

_WORDS = [validate.Length(1, 800), validate.Regexp(r"(?s).*\S")]
_NAME = validate.Length(1, 100)


def _words(example: str) -> fields.String:
    return fields.String(required=True, validate=_WORDS, metadata={"example": example})


class HandoverBodySchema(BodySchema):
    """To whom and why: a username or a role."""

    to_user = fields.String(load_default=None, allow_none=True, validate=_NAME, metadata={"example": "mediator2"})
    to_group = fields.String(load_default=None, allow_none=True, validate=_NAME, metadata={"example": "mediator"})
    reason = _words("外出培训一周")


class DelegationBodySchema(BodySchema):
    """To whom, and what is wanted."""

    to_user = fields.String(required=True, validate=_NAME, metadata={"example": "mediator2"})
    text = _words("请先核对工资明细")


class TextBodySchema(BodySchema):
    """What there is to say."""

    text = _words("已核对，见草稿")


class UrgingBodySchema(TextBodySchema):
    """What there is to say, and whether the heads of the bodies that have the case are told too."""

    tell_heads = fields.Boolean(load_default=False)


class CorrectionRequestBodySchema(BodySchema):
    """Who is asked for what until when: whoever completed another user task, or a party."""

    about_user_task_id = fields.UUID(load_default=None, allow_none=True)
    party_id = fields.UUID(load_default=None, allow_none=True)
    missing = fields.List(
        fields.String(validate=_WORDS),
        required=True,
        validate=validate.Length(1, 30),
        metadata={"description": "Everything that is missing, at once.", "example": ["身份证复印件", "工资流水"]},
    )
    due_on = fields.Date(required=True, metadata={"example": "2026-12-04"})


class CorrectionAnswerBodySchema(TextBodySchema):
    """The answer; a party's may be entered on its behalf."""

    on_behalf_of = fields.Nested(OnBehalfOfBodySchema, load_default=None, allow_none=True)


class CopyBodySchema(BodySchema):
    """Who is to read the user task: usernames, or roles with the case in scope."""

    users = fields.List(fields.String(validate=_NAME), load_default=list, validate=validate.Length(max=50))
    roles = fields.List(fields.String(validate=_NAME), load_default=list, validate=validate.Length(max=20))
    text = _words("供参考")


class CorrectionBodySchema(BodySchema):
    """The fields that were wrong, as they should be, and why."""

    variables = fields.Dict(
        required=True,
        keys=fields.String(validate=validate.Length(1, 200)),
        values=fields.Raw(allow_none=True),
        metadata={"description": "Form fields by key; all others stay.", "example": {"amount": 18000}},
    )
    reason = _words("金额录入有误")


class CorrectionQuerySchema(QuerySchema):
    """Whether it is tried out only."""

    dry_run = fields.Boolean(
        load_default=False, metadata={"description": "Answer what would come of it, and change nothing."}
    )


class ReaderQuerySchema(PageQuerySchema):
    """Filters of the list of copies."""

    unread = fields.Boolean(load_default=False)


class HandoverSchema(AnswerSchema):
    """A user task that changed hands."""

    handed_by = fields.String(required=True)
    holder_before = fields.String(required=True, allow_none=True)
    to_user = fields.String(required=True, allow_none=True)
    to_group = fields.String(required=True, allow_none=True)
    reason = fields.String(required=True)
    created_at = fields.AwareDateTime(required=True)


class DelegationSchema(AnswerSchema):
    """A user task that somebody else worked on, or works on."""

    owner = fields.String(required=True)
    delegate = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(["pending", "resolved", "recalled"]))
    request = fields.String(required=True)
    answer = fields.String(required=True, allow_none=True)
    created_at = fields.AwareDateTime(required=True)
    ended_at = fields.AwareDateTime(required=True, allow_none=True)
    ended_by = fields.String(required=True, allow_none=True)


class UrgingSchema(AnswerSchema):
    """Somebody asked that it be done soon."""

    urged_by = fields.String(required=True)
    told = fields.List(fields.String(), required=True)
    text = fields.String(required=True)
    created_at = fields.AwareDateTime(required=True)


class CopySchema(AnswerSchema):
    """A copy for information; unread while `acknowledged_at` is null."""

    reader = fields.String(required=True)
    sent_by = fields.String(required=True)
    text = fields.String(required=True)
    created_at = fields.AwareDateTime(required=True)
    acknowledged_at = fields.AwareDateTime(required=True, allow_none=True)


class CorrectionRequestSchema(AnswerSchema):
    """What is missing, who is asked for it until when, and the answer."""

    id = fields.UUID(required=True)
    asked_by = fields.String(required=True)
    asked_user = fields.String(required=True, allow_none=True)
    about_user_task_id = fields.UUID(required=True, allow_none=True)
    party_id = fields.UUID(required=True, allow_none=True)
    missing = fields.List(fields.String(), required=True)
    due_on = fields.Date(required=True)
    state = fields.String(required=True, validate=validate.OneOf(["open", "answered", "withdrawn"]))
    is_late = fields.Boolean(required=True, metadata={"description": "Answered after the day, or still open after it."})
    answer = fields.String(required=True, allow_none=True)
    on_behalf_of = fields.Nested(OnBehalfOfSchema, required=True, allow_none=True)
    created_at = fields.AwareDateTime(required=True)
    ended_at = fields.AwareDateTime(required=True, allow_none=True)
    ended_by = fields.String(required=True, allow_none=True)


class ChangeSchema(AnswerSchema):
    """A field that has another value now; texts by reference."""

    name = fields.String(required=True)
    old = fields.Raw(required=True, allow_none=True)
    new = fields.Raw(required=True, allow_none=True)
    is_input = fields.Boolean(
        required=True, metadata={"description": "Kept with the case (a date, a text), not as a variable."}
    )


class SettledSchema(AnswerSchema):
    """What can no longer change."""

    kind = fields.String(required=True)
    element_id = fields.String(required=True, allow_none=True)
    element_name = ModelName(required=True, allow_none=True)
    process_key = fields.String(required=True, allow_none=True)
    names = fields.List(fields.String(), required=True)
    was = fields.Raw(required=True, allow_none=True)
    would_be = fields.Raw(required=True, allow_none=True)
    is_different = fields.Boolean(required=True)
    message = fields.String(required=True)


class MovedDueDateSchema(AnswerSchema):
    """A user task that is due on another day now."""

    user_task_id = fields.UUID(required=True)
    element_id = fields.String(required=True)
    element_name = ModelName(required=True)
    old_due_at = fields.AwareDateTime(required=True, allow_none=True)
    new_due_at = fields.AwareDateTime(required=True, allow_none=True)


class AffectedDocumentSchema(AnswerSchema):
    """A paper that may hold what was wrong; `POST /documents/{id}/reissue` makes it anew."""

    id = fields.UUID(required=True)
    kind = fields.String(required=True)
    number = fields.String(required=True, allow_none=True)
    version = fields.Integer(required=True)
    job_id = fields.UUID(required=True)
    created_at = fields.AwareDateTime(required=True)


class CorrectionSchema(AnswerSchema):
    """What a correction brings about, and what it cannot."""

    is_preview = fields.Boolean(required=True)
    changes = fields.List(fields.Nested(ChangeSchema), required=True)
    moved_timers = fields.List(fields.Nested(MovedTimerSchema), required=True)
    moved_due_dates = fields.List(fields.Nested(MovedDueDateSchema), required=True)
    settled = fields.List(fields.Nested(SettledSchema), required=True)
    documents = fields.List(fields.Nested(AffectedDocumentSchema), required=True)


class CorrectedSchema(AnswerSchema):
    """A correction that was made."""

    corrected_by = fields.String(required=True)
    reason = fields.String(required=True)
    changes = fields.List(fields.Nested(ChangeSchema), required=True)
    settled = fields.List(fields.Nested(SettledSchema), required=True)
    created_at = fields.AwareDateTime(required=True)


class ObstacleSchema(AnswerSchema):
    """One thing that stands in the way of a retraction."""

    code = fields.String(required=True)
    message = fields.String(required=True)


class RetractabilitySchema(AnswerSchema):
    """Whether the caller may take their completion back now, and why not."""

    may_retract = fields.Boolean(required=True)
    obstacles = fields.List(fields.Nested(ObstacleSchema), required=True)


class VerbsSchema(AnswerSchema):
    """What the office has done with a user task; a party sees only what it is asked for."""

    handovers = fields.List(fields.Nested(HandoverSchema), required=True)
    delegations = fields.List(fields.Nested(DelegationSchema), required=True)
    urgings = fields.List(fields.Nested(UrgingSchema), required=True)
    copies = fields.List(fields.Nested(CopySchema), required=True)
    correction_requests = fields.List(fields.Nested(CorrectionRequestSchema), required=True)
    corrections = fields.List(fields.Nested(CorrectedSchema), required=True)


class OwnCopySchema(AnswerSchema):
    """A user task that was copied to the caller."""

    user_task_id = fields.UUID(required=True)
    case_id = fields.UUID(required=True)
    business_key = fields.String(required=True)
    element_id = fields.String(required=True)
    element_name = ModelName(required=True)
    state = fields.String(required=True)
    sent_by = fields.String(required=True)
    sent_by_name = fields.String(required=True, allow_none=True)
    text = fields.String(required=True)
    created_at = fields.AwareDateTime(required=True)
    acknowledged_at = fields.AwareDateTime(required=True, allow_none=True)


class AddedJobSchema(AnswerSchema):
    """The job that was asked for."""

    job_id = fields.UUID(required=True)


OwnCopyPage = page_of(OwnCopySchema, "OwnCopyPage")


class ReissueBodySchema(BodySchema):
    """Why a paper is made anew."""

    reason = text(1000, required=True, shortest=1, description="Kept encrypted, beside the new version.")
