"""Shapes of disputes as they are shown."""

from marshmallow import fields, validate

from api.model_texts import ModelName
from api.schemas.cases import EventDateSchema
from api.schemas.fields import AnswerSchema, PageQuerySchema, ProvisionalField, SafeDateField, page_of
from api.schemas.law_clocks import LawClockSchema, WordsSchema

_INSTANT = {"format": "date-time"}
_DAY = {"format": "date"}


class TermSchema(AnswerSchema):
    """A code and what people call it."""

    code = fields.String(required=True)
    zh = fields.String(required=True)
    en = fields.String(required=True)


class PlaceSchema(AnswerSchema):
    """An area."""

    code = fields.String(required=True)
    name = fields.String(required=True)


class StageChangeSchema(TermSchema):
    """A stage that the dispute reached."""

    at = fields.String(required=True, metadata=_INSTANT)


class AgentSchema(AnswerSchema):
    """Who acts for a party, as the caller may see it."""

    id = fields.String(required=True)
    kind = fields.String(required=True)
    powers = fields.String(required=True)
    name = fields.String(required=True)
    id_number = fields.String(required=True, allow_none=True)
    phone = fields.String(required=True, allow_none=True)


class PartySchema(AnswerSchema):
    """A party, as the caller may see it: what is not for them is masked or null."""

    id = fields.String(required=True)
    side = fields.String(required=True, validate=validate.OneOf(["applicant", "respondent"]))
    kind = fields.String(required=True, validate=validate.OneOf(["person", "organisation"]))
    position = fields.Integer(required=True)
    is_own = fields.Boolean(required=True)
    name = fields.String(required=True)
    id_number = fields.String(required=True, allow_none=True)
    phone = fields.String(required=True, allow_none=True)
    email = fields.String(required=True, allow_none=True)
    address = fields.String(required=True, allow_none=True)
    legal_representative = fields.String(required=True, allow_none=True)
    agents = fields.List(fields.Nested(AgentSchema), required=True)


class ClaimSchema(AnswerSchema):
    """What is asked for."""

    position = fields.Integer(required=True)
    party_id = fields.String(required=True, allow_none=True)
    cause = fields.Nested(TermSchema, required=True)
    amount = fields.String(required=True, allow_none=True)
    facts = fields.String(required=True, allow_none=True)


class ReceiverSchema(AnswerSchema):
    """An organisation that has the case."""

    id = fields.String(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True)
    kind = fields.String(required=True)
    phone = fields.String(required=True, allow_none=True)


class HoldingGroupSchema(TermSchema):
    """A candidate group, and the body of the case in which its people sit."""

    organisation = fields.String(required=True, allow_none=True)


class OpenTaskSchema(AnswerSchema):
    """An open user task of the case."""

    id = fields.String(required=True)
    process_key = fields.String(required=True)
    element_id = fields.String(required=True)
    element_name = ModelName(required=True)
    form_key = fields.String(required=True, allow_none=True)
    state = fields.String(required=True)
    assignee = fields.String(required=True, allow_none=True)
    assignee_name = fields.String(required=True, allow_none=True, metadata={"description": "Who holds it now."})
    candidate_groups = fields.List(fields.String(), required=True)
    groups = fields.List(
        fields.Nested(HoldingGroupSchema),
        required=True,
        metadata={"description": "Who may claim it, and where they sit."},
    )
    due_at = fields.String(required=True, allow_none=True, metadata=_INSTANT)
    safe_on = SafeDateField("due_explanation")
    is_provisional = ProvisionalField("due_explanation")
    due_explanation = fields.Dict(required=True, allow_none=True)
    rule_name = fields.Nested(WordsSchema, required=True, allow_none=True)
    created_at = fields.String(required=True, metadata=_INSTANT)


class RunningDeadlineSchema(AnswerSchema):
    """A time limit that runs, and why it ends when it ends."""

    timer_id = fields.String(required=True)
    process_key = fields.String(required=True)
    element_id = fields.String(required=True)
    element_name = ModelName(required=True)
    due_on = fields.String(required=True, allow_none=True, metadata=_DAY)
    due_at = fields.String(required=True, metadata=_INSTANT)
    days_left = fields.Integer(required=True, allow_none=True)
    safe_on = SafeDateField("explanation")
    is_provisional = fields.Boolean(required=True)
    has_passed = fields.Boolean(required=True)
    is_suspended = fields.Boolean(required=True, metadata={"description": "The legal clock stands still (中止)."})
    explanation = fields.Dict(required=True, allow_none=True)
    rule_name = fields.Nested(WordsSchema, required=True, allow_none=True)


class CaseDocumentSchema(AnswerSchema):
    """A document of the case."""

    id = fields.String(required=True)
    kind = fields.String(required=True)
    number = fields.String(required=True, allow_none=True)
    version = fields.Integer(required=True)
    title = fields.String(required=True)
    sha256 = fields.String(required=True)
    size = fields.Integer(required=True)
    media_type = fields.String(required=True)
    is_confidential = fields.Boolean(required=True)
    created_at = fields.String(required=True, metadata=_INSTANT)
    created_by = fields.String(required=True)


class SentencesSchema(AnswerSchema):
    """A sentence in both languages."""

    zh = fields.String(required=True)
    en = fields.String(required=True)


class CaseSchema(AnswerSchema):
    """A dispute, as the caller may see it."""

    id = fields.String(required=True)
    business_key = fields.String(required=True)
    number = fields.String(required=True)
    registered_at = fields.String(required=True, metadata=_INSTANT)
    channel = fields.Nested(TermSchema, required=True)
    area = fields.Nested(PlaceSchema, required=True)
    industry = fields.String(required=True, allow_none=True)
    cause = fields.Nested(TermSchema, required=True)
    worker_count = fields.Integer(required=True)
    claim_total = fields.String(required=True, metadata={"example": "18000.00"})
    flags = fields.List(fields.Nested(TermSchema), required=True)
    stage = fields.Nested(TermSchema, required=True)
    stages = fields.List(fields.Nested(StageChangeSchema), required=True)
    parties = fields.List(fields.Nested(PartySchema), required=True)
    claims = fields.List(fields.Nested(ClaimSchema), required=True)
    organisation = fields.Nested(ReceiverSchema, required=True, allow_none=True)
    arbitration = fields.Nested(ReceiverSchema, required=True, allow_none=True)
    court = fields.Nested(ReceiverSchema, required=True, allow_none=True)
    union = fields.Nested(ReceiverSchema, required=True, allow_none=True)
    appointments = fields.Dict(required=True)
    agreement = fields.Dict(required=True, allow_none=True)
    statements = fields.Dict(required=True)
    event_dates = fields.List(fields.Nested(EventDateSchema), required=True)
    open_user_tasks = fields.List(fields.Nested(OpenTaskSchema), required=True)
    deadlines = fields.List(fields.Nested(RunningDeadlineSchema), required=True)
    documents = fields.List(fields.Nested(CaseDocumentSchema), required=True)
    warnings = fields.List(fields.Nested(SentencesSchema), required=True)


class SideSchema(AnswerSchema):
    """The first party of a side, and how many there are."""

    name = fields.String(required=True)
    kind = fields.String(required=True)
    count = fields.Integer(required=True)


class CaseItemSchema(AnswerSchema):
    """A dispute in a list."""

    id = fields.String(required=True)
    business_key = fields.String(required=True)
    number = fields.String(required=True)
    registered_at = fields.String(required=True, metadata=_INSTANT)
    stage = fields.Nested(TermSchema, required=True)
    cause = fields.Nested(TermSchema, required=True)
    area = fields.Nested(PlaceSchema, required=True)
    worker_count = fields.Integer(required=True)
    claim_total = fields.String(required=True)
    flags = fields.List(fields.String(), required=True)
    organisation = fields.Nested(PlaceSchema, required=True, allow_none=True)
    law = fields.Nested(LawClockSchema, required=True, allow_none=True)
    applicant = fields.Nested(SideSchema)
    respondent = fields.Nested(SideSchema)


class CaseQuerySchema(PageQuerySchema):
    """Filters of the list of disputes."""

    stage = fields.List(fields.String(), load_default=list, metadata={"description": "May be given several times."})
    cause_code = fields.String(load_default=None)
    area_code = fields.String(load_default=None, metadata={"description": "This area and below."})
    organisation_id = fields.UUID(load_default=None)
    flag = fields.String(load_default=None)
    q = fields.String(
        load_default=None,
        validate=validate.Length(1, 200),
        metadata={
            "description": "Words that must all be found: in numbers, names of parties and organisations, or causes. "
            "Identity numbers are found whole; so are names, for callers who see them masked."
        },
    )
    registered_from = fields.AwareDateTime(load_default=None)
    registered_until = fields.AwareDateTime(load_default=None, metadata={"description": "Exclusive."})


CasePage = page_of(CaseItemSchema, "CasePage")
