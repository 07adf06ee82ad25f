"""Shapes of the party desk."""

from marshmallow import fields, validate

from api.model_texts import ModelForm, ModelName
from api.schemas.fields import AnswerSchema, BodySchema, QuerySchema, text
from api.schemas.user_tasks import OnBehalfOfBodySchema
from casework.party_declarations import DECLARATIONS, MESSAGE
from casework.party_messages import MAX_TEXT
from casework.party_papers import UPLOADS

KINDS = (MESSAGE, *DECLARATIONS)
ANSWERS = ("agreed", "refused")
_AMOUNT = {"description": "In yuan, as a string.", "example": "5000.00"}


class PlainStageSchema(AnswerSchema):
    """A stage in plain words."""

    code = fields.String(required=True)
    name = fields.String(required=True)
    meaning = fields.String(
        required=True, allow_none=True, metadata={"description": "What it means, and what can be done."}
    )


class PartyCaseItemSchema(AnswerSchema):
    """A case of the caller, in short."""

    case_id = fields.UUID(required=True)
    party_id = fields.UUID(required=True)
    side = fields.String(required=True, validate=validate.OneOf(["applicant", "respondent"]))
    number = fields.String(required=True)
    registered_on = fields.Date(required=True)
    cause = fields.String(required=True)
    stage = fields.Nested(PlainStageSchema, required=True)
    other_side = fields.List(fields.String(), required=True, metadata={"description": "Names, three at most."})
    open_tasks = fields.Integer(required=True, metadata={"description": "How many wait for the caller."})
    next_date = fields.Date(required=True, allow_none=True, metadata={"description": "The next safe date of the case."})
    unread_messages = fields.Integer(required=True)


class PartyCasesSchema(AnswerSchema):
    """The caller's cases, newest first."""

    items = fields.List(fields.Nested(PartyCaseItemSchema), required=True)


class PassedStageSchema(AnswerSchema):
    """A stage that the case has been in."""

    code = fields.String(required=True)
    name = fields.String(required=True)
    at = fields.AwareDateTime(required=True, metadata={"description": "When it began."})


class PartyOfCaseSchema(AnswerSchema):
    """A party; of the others the name alone."""

    id = fields.UUID(required=True)
    is_own = fields.Boolean(required=True)
    side = fields.String(required=True, validate=validate.OneOf(["applicant", "respondent"]))
    kind = fields.String(required=True, validate=validate.OneOf(["person", "organisation"]))
    position = fields.Integer(required=True)
    name = fields.String(required=True)
    phone = fields.String(required=True, allow_none=True)
    email = fields.String(required=True, allow_none=True)
    address = fields.String(required=True, allow_none=True)


class PartyClaimSchema(AnswerSchema):
    """What is claimed; the facts only for whom they are."""

    position = fields.Integer(required=True)
    cause = fields.String(required=True)
    amount = fields.Decimal(required=True, allow_none=True, as_string=True, metadata=_AMOUNT)
    facts = fields.String(required=True, allow_none=True)


class ContactSchema(AnswerSchema):
    """A body that has to do with the case."""

    role = fields.String(required=True)
    name = fields.String(required=True)
    phone = fields.String(required=True, allow_none=True)
    address = fields.String(required=True, allow_none=True)


class StepSchema(AnswerSchema):
    """Who must do what by which day, and why that day."""

    what = ModelName(required=True)
    who = fields.String(required=True)
    is_mine = fields.Boolean(required=True)
    user_task_id = fields.UUID(required=True, allow_none=True, metadata={"description": "Of the caller's own steps."})
    due_on = fields.Date(required=True, allow_none=True, metadata={"description": "As computed."})
    safe_on = fields.Date(required=True, allow_none=True, metadata={"description": "By the earliest reading."})
    reason = fields.String(required=True, allow_none=True)
    is_overdue = fields.Boolean(required=True)


class PartyDeadlineSchema(AnswerSchema):
    """A legal time limit that runs."""

    rule = fields.String(required=True)
    name = fields.String(required=True)
    who = fields.String(required=True)
    concerns_me = fields.Boolean(required=True, metadata={"description": "Whether it is for parties to keep."})
    due_on = fields.Date(required=True, allow_none=True)
    safe_on = fields.Date(required=True, allow_none=True)
    days_left = fields.Integer(required=True, allow_none=True)
    is_provisional = fields.Boolean(required=True)
    is_suspended = fields.Boolean(required=True)
    reason = fields.String(required=True, allow_none=True)
    safe_reason = fields.String(required=True, allow_none=True)
    consequence = fields.String(required=True, metadata={"description": "What follows when it is missed."})


class PartyEventSchema(AnswerSchema):
    """What happened on which day."""

    on = fields.Date(required=True)
    what = fields.String(required=True)


class PartyActionSchema(AnswerSchema):
    """Something that the caller can declare now: `POST /party/cases/{id}/messages` with this kind."""

    kind = fields.String(required=True, validate=validate.OneOf(list(DECLARATIONS)))
    title = fields.String(required=True)
    note = fields.String(required=True, metadata={"description": "What follows from it."})
    needs_answer = fields.Boolean(required=True)
    needs_payment = fields.Boolean(required=True)
    is_binding = fields.Boolean(required=True, metadata={"description": "Not in a session by letter."})


class PartySignatureSchema(AnswerSchema):
    """The mediation agreement, as far as signing goes."""

    document_id = fields.UUID(required=True)
    is_signed = fields.Boolean(required=True, metadata={"description": "By the caller."})
    may_sign = fields.Boolean(required=True)
    effective_on = fields.Date(required=True, allow_none=True)
    missing = fields.Integer(required=True, metadata={"description": "How many signatures and seals are missing."})


class PartyCaseSchema(AnswerSchema):
    """A case as one of its parties sees it."""

    case_id = fields.UUID(required=True)
    party_id = fields.UUID(required=True)
    side = fields.String(required=True, validate=validate.OneOf(["applicant", "respondent"]))
    number = fields.String(required=True)
    registered_on = fields.Date(required=True)
    cause = fields.String(required=True)
    claim_total = fields.Decimal(required=True, as_string=True, metadata=_AMOUNT)
    area = fields.String(required=True)
    stage = fields.Nested(PlainStageSchema, required=True)
    stages = fields.List(fields.Nested(PassedStageSchema), required=True)
    other_side = fields.List(fields.String(), required=True)
    parties = fields.List(fields.Nested(PartyOfCaseSchema), required=True)
    claims = fields.List(fields.Nested(PartyClaimSchema), required=True)
    contacts = fields.List(fields.Nested(ContactSchema), required=True)
    mediator = fields.String(required=True, allow_none=True)
    steps = fields.List(fields.Nested(StepSchema), required=True)
    deadlines = fields.List(fields.Nested(PartyDeadlineSchema), required=True)
    events = fields.List(fields.Nested(PartyEventSchema), required=True)
    actions = fields.List(fields.Nested(PartyActionSchema), required=True)
    signature = fields.Nested(PartySignatureSchema, required=True, allow_none=True)
    unread_messages = fields.Integer(required=True)


class PartyTaskSchema(AnswerSchema):
    """A task for the caller to complete, with its form."""

    id = fields.UUID(required=True)
    case_id = fields.UUID(required=True)
    what = ModelName(required=True)
    due_on = fields.Date(required=True, allow_none=True)
    safe_on = fields.Date(required=True, allow_none=True)
    reason = fields.String(required=True, allow_none=True)
    form = ModelForm(required=True, allow_none=True, metadata={"description": "A form-js form."})
    data = fields.Dict(required=True, metadata={"description": "Known values of its fields."})
    draft = fields.Dict(required=True, allow_none=True)


class PartyCompletionBodySchema(BodySchema):
    """What the form was filled in with."""

    variables = fields.Dict(
        load_default=dict, keys=fields.String(validate=validate.Length(1, 200)), values=fields.Raw(allow_none=True)
    )


class PartyCompletionSchema(AnswerSchema):
    """That it was done."""

    case_id = fields.UUID(required=True)


class ReceiptSchema(AnswerSchema):
    """How the service of a paper on the caller stands."""

    served_on = fields.Date(required=True, allow_none=True)
    may_receive = fields.Boolean(
        required=True, metadata={"description": "Whether it can be signed for at the party desk."}
    )


class PartyDocumentSchema(AnswerSchema):
    """A document that the caller may read."""

    id = fields.UUID(required=True)
    kind = fields.String(required=True)
    number = fields.String(required=True, allow_none=True)
    title = fields.String(required=True)
    media_type = fields.String(required=True)
    size = fields.Integer(required=True)
    is_own = fields.Boolean(required=True, metadata={"description": "Uploaded by the caller."})
    created_at = fields.AwareDateTime(required=True)
    receipt = fields.Nested(
        ReceiptSchema, required=True, allow_none=True, metadata={"description": "Null: it is not served on the caller."}
    )


class PartyDocumentsSchema(AnswerSchema):
    """What the caller may read, newest first."""

    items = fields.List(fields.Nested(PartyDocumentSchema), required=True)


class PartyUploadFieldsSchema(BodySchema):
    """What is uploaded."""

    kind = fields.String(required=True, validate=validate.OneOf(UPLOADS))
    title = text(200)


class ReceiptBodySchema(BodySchema):
    """The consent on which electronic service rests."""

    consents = fields.Boolean(
        required=True,
        validate=validate.Equal(True),
        metadata={"description": "That the party received the paper and agrees to being served this way."},
    )


class SignatureCodeSchema(AnswerSchema):
    """Where the code goes."""

    phone = fields.String(required=True, metadata={"description": "Masked."})
    expires_in = fields.Integer(required=True)
    digits = fields.Integer(required=True)


class PartySignatureBodySchema(BodySchema):
    """What is signed, and the code."""

    document_id = fields.UUID(required=True)
    code = fields.String(required=True, validate=validate.Length(1, 50), load_only=True)


class SignatureCodeBodySchema(BodySchema):
    """What is to be signed."""

    document_id = fields.UUID(required=True)


class PartyMessageBodySchema(BodySchema):
    """What a party writes or declares."""

    kind = fields.String(load_default=MESSAGE, validate=validate.OneOf(KINDS))
    text = text(MAX_TEXT)
    answer = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(ANSWERS))
    amount = fields.Decimal(load_default=None, allow_none=True, places=2, metadata=_AMOUNT)
    happened_on = fields.Date(load_default=None, allow_none=True)
    document_id = fields.UUID(
        load_default=None, allow_none=True, metadata={"description": "Something that the party uploaded, as a proof."}
    )


class PartyMessageSchema(AnswerSchema):
    """What was written between a party and the office."""

    id = fields.UUID(required=True)
    party_id = fields.UUID(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    answer = fields.String(required=True, allow_none=True, validate=validate.OneOf(ANSWERS))
    is_from_party = fields.Boolean(required=True)
    text = fields.String(required=True, allow_none=True)
    amount = fields.Decimal(required=True, allow_none=True, as_string=True, metadata=_AMOUNT)
    happened_on = fields.Date(required=True, allow_none=True)
    document_id = fields.UUID(required=True, allow_none=True)
    created_at = fields.AwareDateTime(required=True)
    read_at = fields.AwareDateTime(required=True, allow_none=True, metadata={"description": "By the other end."})


class PartyMessagesSchema(AnswerSchema):
    """Messages, oldest first."""

    items = fields.List(fields.Nested(PartyMessageSchema), required=True)


class OfficeMessageBodySchema(BodySchema):
    """What the office writes to a party."""

    party_id = fields.UUID(required=True)
    text = fields.String(required=True, validate=validate.Length(1, MAX_TEXT))


class BehalfQuerySchema(QuerySchema):
    """For which party."""

    party_id = fields.UUID(required=True)


class PartyActionsSchema(AnswerSchema):
    """What can be declared for a party as its case stands."""

    items = fields.List(fields.Nested(PartyActionSchema), required=True)


class DeclarationOnBehalfBodySchema(BodySchema):
    """What a party told the office, and how it became known."""

    kind = fields.String(load_default=MESSAGE, validate=validate.OneOf(KINDS))
    text = text(MAX_TEXT)
    answer = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(ANSWERS))
    on_behalf_of = fields.Nested(OnBehalfOfBodySchema, required=True)


class PartyLedgerSchema(AnswerSchema):
    """What was promised and what is on record as paid, in yuan."""

    total = fields.Decimal(required=True, as_string=True)
    paid = fields.Decimal(required=True, as_string=True)
    outstanding = fields.Decimal(required=True, as_string=True)
    overdue = fields.Decimal(required=True, as_string=True)
    instalments = fields.List(fields.Nested("InstalmentRowSchema"), required=True)
