"""Shapes of disputes."""

from decimal import Decimal
from typing import Any

from marshmallow import fields, validate

from api.model_texts import ModelName
from api.schemas.fields import AnswerSchema, BodySchema, PageQuerySchema, text


class AmountField(fields.Decimal):
    """An amount of money in yuan, written as a string so that no digit is lost on the way."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Decimal:
        if not isinstance(value, str):
            raise self.make_error("invalid")
        return super()._deserialize(value, attr, data, **kwargs)


class AgentBodySchema(BodySchema):
    """Who acts for a party."""

    kind = fields.String(required=True, metadata={"example": "lawyer"})
    name = fields.String(required=True, validate=validate.Length(1, 200), metadata={"example": "孙律师"})
    powers = fields.String(load_default="general", metadata={"example": "special"})
    id_number = text(50)
    phone = text(50)
    username = text(100, description="Account that may see the case.")


class PartyBodySchema(BodySchema):
    """A party to register."""

    kind = fields.String(required=True, metadata={"description": "person or organisation", "example": "person"})
    name = fields.String(required=True, validate=validate.Length(1, 200), metadata={"example": "王某"})
    id_number = text(50, description="Resident identity number, or unified social credit code.")
    phone = text(50)
    email = text(200)
    address = text(500)
    legal_representative = text(200)
    agents = fields.List(fields.Nested(AgentBodySchema), load_default=list, validate=validate.Length(max=10))
    username = text(100, description="Account that may see the case.")


class ClaimBodySchema(BodySchema):
    """A claim to register."""

    cause_code = fields.String(required=True, metadata={"example": "wages"})
    amount = AmountField(
        load_default=None,
        allow_none=True,
        as_string=True,
        metadata={"description": "In yuan, as a string.", "example": "18000.00"},
    )
    facts = text(20_000)
    applicant = fields.Integer(
        load_default=None,
        allow_none=True,
        metadata={"description": "Index into applicants; null: all of them together."},
    )
    known_on = fields.Date(
        load_default=None,
        allow_none=True,
        metadata={"description": "When the party knew or should have known of the infringement."},
    )
    employment_ended_on = fields.Date(load_default=None, allow_none=True)
    is_wage_arrears = fields.Boolean(
        load_default=None, allow_none=True, metadata={"description": "Null: the cause decides."}
    )


class CaseBodySchema(BodySchema):
    """A dispute to register."""

    channel = fields.String(required=True, metadata={"example": "window"})
    area_code = fields.String(required=True, metadata={"example": "370402"})
    applicants = fields.List(fields.Nested(PartyBodySchema), required=True, validate=validate.Length(1, 500))
    respondents = fields.List(fields.Nested(PartyBodySchema), required=True, validate=validate.Length(1, 500))
    claims = fields.List(fields.Nested(ClaimBodySchema), required=True, validate=validate.Length(1, 200))
    worker_count = fields.Integer(load_default=None, allow_none=True)
    event_dates = fields.Dict(
        keys=fields.String(),
        values=fields.Date(),
        load_default=dict,
        metadata={"example": {"received_on": "2026-11-20"}},
    )
    industry = text(100)
    flags = fields.List(fields.String(), load_default=list, validate=validate.Length(max=20))
    first_asked = text(100, description="Username of whom the party asked first.")


class WarningSchema(AnswerSchema):
    """Something to look at that forbids nothing."""

    code = fields.String(required=True)
    message = fields.String(required=True)
    data = fields.Dict(required=True)


class RegisteredCaseSchema(AnswerSchema):
    """A registered dispute; its parties are read with `GET`."""

    id = fields.UUID(required=True)
    business_key = fields.String(required=True)
    number = fields.String(required=True)
    instance_id = fields.UUID(required=True)
    warnings = fields.List(fields.Nested(WarningSchema), required=True)


class MovedTimerSchema(AnswerSchema):
    """A timer that is due at another instant now."""

    timer_id = fields.UUID(required=True)
    element_id = fields.String(required=True)
    element_name = ModelName(required=True)
    old_due_at = fields.AwareDateTime(required=True)
    new_due_at = fields.AwareDateTime(required=True)
    has_passed = fields.Boolean(required=True)


class DateWarningSchema(AnswerSchema):
    """Two event dates in an unusual order."""

    earlier = fields.String(required=True)
    later = fields.String(required=True)
    message = fields.String(required=True)


class EventDateBodySchema(BodySchema):
    """An event date; a reason is needed where there was another value."""

    value = fields.Date(required=True, metadata={"example": "2026-11-20"})
    reason = text(1000, description="Why the date before was wrong; kept encrypted.")


class EventDateChangeSchema(AnswerSchema):
    """What recording or correcting an event date brought about."""

    name = fields.String(required=True)
    old = fields.Date(required=True, allow_none=True)
    new = fields.Date(required=True)
    moved_timers = fields.List(fields.Nested(MovedTimerSchema), required=True)
    passed = fields.List(
        fields.Nested(MovedTimerSchema),
        required=True,
        metadata={"description": "Those of the moved timers whose new day has run out already."},
    )
    warnings = fields.List(fields.Nested(DateWarningSchema), required=True)


class EventDateSchema(AnswerSchema):
    """One recorded value of an event date."""

    name = fields.String(required=True)
    zh = fields.String(required=True)
    en = fields.String(required=True)
    value = fields.String(required=True, metadata={"format": "date"})
    is_current = fields.Boolean(required=True)
    recorded_at = fields.String(required=True, metadata={"format": "date-time"})
    recorded_by = fields.String(required=True)
    recorded_by_name = fields.String(required=True, allow_none=True)
    reason = fields.String(required=True, allow_none=True)


class OfferedEventDateSchema(AnswerSchema):
    """An event date that may be recorded now."""

    name = fields.String(required=True, metadata={"example": "mediation_accepted_on"})
    zh = fields.String(required=True)
    en = fields.String(required=True)
    may_be_future = fields.Boolean(
        required=True, metadata={"description": "Agreed or following by law; others lie in the past."}
    )


class OfferedEventDatesSchema(AnswerSchema):
    """Event dates in the order of a case's stages."""

    items = fields.List(fields.Nested(OfferedEventDateSchema), required=True)


class EventDatesSchema(AnswerSchema):
    """Every recorded value, the current one of each name first."""

    items = fields.List(fields.Nested(EventDateSchema), required=True)


class DocumentSchema(AnswerSchema):
    """A document of a case."""

    id = fields.UUID(required=True)
    case_id = fields.UUID(required=True)
    paper_id = fields.UUID(required=True, metadata={"description": "Shared by all versions of one paper."})
    kind = fields.String(required=True)
    number = fields.String(required=True, allow_none=True)
    version = fields.Integer(required=True)
    title = fields.String(required=True)
    sha256 = fields.String(required=True)
    size = fields.Integer(required=True)
    media_type = fields.String(required=True)
    is_confidential = fields.Boolean(required=True)
    source = fields.String(
        required=True, metadata={"description": "rendered by us, uploaded as it is, or edited by hand."}
    )
    state = fields.String(required=True, metadata={"description": "current, superseded or voided"})
    reason = fields.String(required=True, allow_none=True, metadata={"description": "Why there is this version."})
    void_reason = fields.String(required=True, allow_none=True)
    superseded_by = fields.UUID(required=True, allow_none=True, metadata={"description": "The next version."})
    voided_at = fields.String(required=True, allow_none=True, metadata={"format": "date-time"})
    formats = fields.List(fields.String(), required=True, metadata={"description": "What `format` may ask for."})
    created_at = fields.String(required=True, metadata={"format": "date-time"})
    created_by = fields.String(required=True)


class DocumentsSchema(AnswerSchema):
    """The documents of a case, oldest first."""

    items = fields.List(fields.Nested(DocumentSchema), required=True)


class StoredDocumentSchema(AnswerSchema):
    """A stored document."""

    id = fields.UUID(required=True)
    sha256 = fields.String(required=True)


class HistoryQuerySchema(PageQuerySchema):
    """Filters of a case's history."""

    kind = fields.List(fields.String(), load_default=None, metadata={"description": "May be given several times."})


class HistoryRowSchema(AnswerSchema):
    """One thing that happened to a case."""

    seq = fields.Integer(required=True)
    at = fields.AwareDateTime(required=True)
    actor = fields.String(required=True, attribute="actor_id")
    on_behalf_of = fields.Dict(required=True, allow_none=True)
    kind = fields.String(required=True, metadata={"example": "user-task-completed"})
    instance_id = fields.UUID(required=True, allow_none=True)
    element_id = fields.String(required=True, allow_none=True)
    element_name = fields.String(required=True, allow_none=True)
    facts = fields.Dict(required=True)
    values = fields.Dict(required=True)
    previous_hash = fields.String(required=True)
    hash = fields.String(required=True)


class VerificationSchema(AnswerSchema):
    """Whether a case's history is whole."""

    is_intact = fields.Boolean(required=True)
    rows = fields.Integer(required=True, allow_none=True, metadata={"description": "Rows checked, when intact."})
    broken_at = fields.Integer(required=True, allow_none=True, metadata={"description": "First broken row."})
    reason = fields.String(required=True, allow_none=True)
