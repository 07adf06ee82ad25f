"""Shapes of applications by people without an account."""

from typing import Any

from marshmallow import fields, validate, validates_schema
from marshmallow.exceptions import ValidationError

from api.schemas.cases import AmountField, CaseBodySchema, WarningSchema
from api.schemas.fields import AnswerSchema, BodySchema, QuerySchema, text
from casework.applications import MAX_FILE

WAYS = ("negotiation", "mediation", "arbitration", "unsure")
STATES = ("draft", "submitted", "returned", "accepted", "rejected")


class ApplicantSchema(BodySchema):
    """Who applies."""

    name = fields.String(required=True, validate=validate.Length(1, 200))
    id_number = text(50)
    phone = fields.String(required=True, validate=validate.Length(5, 50))
    address = text(500)


class ApplicationEmployerSchema(BodySchema):
    """Against whom; an unknown employer by the site and a telephone number."""

    is_unknown = fields.Boolean(load_default=False)
    name = text(200)
    address = text(500)
    site = text(500, description="Where the work was done: a building site, a shop.")
    phone = text(50)
    legal_representative = text(200)

    @validates_schema
    def name_somebody(self, data: dict[str, Any], **_options: Any) -> None:
        """An employer has a name; an unknown one a site or a telephone number."""
        if not data["is_unknown"] and not (data["name"] or "").strip():
            raise ValidationError("请填写单位名称，或者选择不清楚。", "name")
        if data["is_unknown"] and not (data["site"] or data["phone"]):
            raise ValidationError("请填写工作地点或者联系电话。", "site")


class ApplicationClaimSchema(BodySchema):
    """What is claimed."""

    cause_code = fields.String(required=True, validate=validate.Length(1, 50))
    amount = AmountField(load_default=None, allow_none=True, as_string=True, metadata={"example": "18000.00"})
    facts = text(2000)


class ApplicationContentSchema(BodySchema):
    """An application as it is handed in; a draft may hold any part of it."""

    area_code = fields.String(required=True, validate=validate.Length(1, 20))
    applicant = fields.Nested(ApplicantSchema, required=True)
    employer = fields.Nested(ApplicationEmployerSchema, required=True)
    what_happened = fields.String(required=True, validate=validate.Length(1, 10_000))
    claims = fields.List(fields.Nested(ApplicationClaimSchema), required=True, validate=validate.Length(1, 20))
    preferred_way = fields.String(required=True, validate=validate.OneOf(WAYS))
    worker_count = fields.Integer(load_default=1, validate=validate.Range(1, 100_000))


class ApplicationFileSchema(AnswerSchema):
    """A file of an application, and how much of it is here."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    size = fields.Integer(required=True)
    sha256 = fields.String(required=True)
    received = fields.Integer(required=True, metadata={"description": "Bytes that are here; go on from this byte."})
    media_type = fields.String(
        required=True, allow_none=True, metadata={"description": "Null until all of it is here."}
    )


class ApplicationSchema(AnswerSchema):
    """An application as its author sees it."""

    state = fields.String(required=True, validate=validate.OneOf(STATES))
    content = fields.Dict(required=True, metadata={"description": "What was filled in so far."})
    files = fields.List(fields.Nested(ApplicationFileSchema), required=True)
    expires_at = fields.AwareDateTime(required=True, metadata={"description": "When it is deleted."})
    submitted_at = fields.AwareDateTime(required=True, allow_none=True)
    receipt_number = fields.String(required=True, allow_none=True)
    receipt_code = fields.String(required=True, allow_none=True)
    rejection = fields.String(
        required=True, allow_none=True, metadata={"description": "Why it was rejected, or what is to be mended."}
    )
    referral = fields.String(required=True, allow_none=True, metadata={"description": "Where to go instead."})


class BegunApplicationSchema(AnswerSchema):
    """A draft with the token by which its author comes back."""

    resume_token = fields.String(
        required=True,
        metadata={"description": "Shown once. Send it as `Authorization: Bearer`; keep it in the browser."},
    )
    expires_at = fields.AwareDateTime(required=True)


class ApplicationDraftBodySchema(BodySchema):
    """What was filled in so far."""

    content = fields.Dict(required=True, keys=fields.String(validate=validate.Length(1, 100)))


class ApplicationSubmissionBodySchema(BodySchema):
    """The consent without which nothing is taken."""

    consents = fields.Boolean(required=True, validate=validate.Equal(True))
    notice_version = fields.String(required=True, validate=validate.Length(1, 50))


class ApplicationFileBodySchema(BodySchema):
    """A file that is going to be sent in pieces."""

    name = fields.String(required=True, validate=validate.Length(1, 200))
    size = fields.Integer(required=True, validate=validate.Range(1, MAX_FILE))
    sha256 = fields.String(required=True, validate=validate.Regexp(r"[0-9a-f]{64}\Z"))


class NoticeSchema(AnswerSchema):
    """The notice on personal information."""

    version = fields.String(required=True)
    text = fields.String(required=True)


class ChoiceSchema(AnswerSchema):
    """A code and its name."""

    code = fields.String(required=True)
    name = fields.String(required=True)


class HelpLineSchema(AnswerSchema):
    """Somebody else who helps."""

    name = fields.String(required=True)
    phone = fields.String(required=True)
    note = fields.String(required=True)


class ApplicationGuideSchema(AnswerSchema):
    """What a form for an application needs."""

    notice = fields.Nested(NoticeSchema, required=True)
    areas = fields.List(fields.Nested(ChoiceSchema), required=True)
    causes = fields.List(fields.Nested(ChoiceSchema), required=True)
    help_lines = fields.List(fields.Nested(HelpLineSchema), required=True)
    chunk_size = fields.Integer(required=True, metadata={"description": "Largest piece of a file, in bytes."})
    largest_file = fields.Integer(required=True)
    most_files = fields.Integer(required=True)


class ReceiptQuerySchema(QuerySchema):
    """Number and code of a receipt."""

    number = fields.String(required=True, validate=validate.Length(1, 200))
    code = fields.String(required=True, validate=validate.Length(1, 50))


class ApplicationReceiptSchema(AnswerSchema):
    """What became of an application."""

    is_known = fields.Boolean(required=True, metadata={"description": "Whether number and code belong together."})
    state = fields.String(required=True, allow_none=True, validate=validate.OneOf(STATES[1:]))
    submitted_at = fields.AwareDateTime(required=True, allow_none=True)
    case_number = fields.String(required=True, allow_none=True)
    rejection = fields.String(
        required=True, allow_none=True, metadata={"description": "Why it was rejected, or what is to be mended."}
    )
    referral = fields.String(required=True, allow_none=True, metadata={"description": "Where to go instead."})


class SubmittedApplicationSchema(AnswerSchema):
    """An application as the window sees it."""

    id = fields.UUID(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES[1:]))
    receipt_number = fields.String(required=True)
    submitted_at = fields.AwareDateTime(required=True)
    content = fields.Nested(ApplicationContentSchema, required=True)
    files = fields.List(fields.Nested(ApplicationFileSchema), required=True)
    notice_version = fields.String(required=True)
    consented_at = fields.AwareDateTime(required=True)
    case_id = fields.UUID(required=True, allow_none=True)
    decided_at = fields.AwareDateTime(required=True, allow_none=True)
    decided_by = fields.String(required=True, allow_none=True)
    rejection = fields.String(required=True, allow_none=True)
    referral = fields.String(required=True, allow_none=True)


class OtherApplicationSchema(AnswerSchema):
    """Another waiting application of the same telephone."""

    id = fields.UUID(required=True)
    receipt_number = fields.String(required=True)
    submitted_at = fields.AwareDateTime(required=True)


class ApplicationDetailSchema(SubmittedApplicationSchema):
    """An application with what a clerk needs to decide on it."""

    proposal = fields.Nested(
        CaseBodySchema,
        required=True,
        metadata={"description": "As `POST .../registration` takes it: to be looked over, an unknown employer named."},
    )
    warnings = fields.List(
        fields.Nested(WarningSchema),
        required=True,
        metadata={"description": "`duplicate` names an open case that looks the same and that the caller may see."},
    )
    others = fields.List(fields.Nested(OtherApplicationSchema), required=True)


class SubmittedApplicationsSchema(AnswerSchema):
    """Applications in a state, oldest first, a hundred at most."""

    items = fields.List(fields.Nested(SubmittedApplicationSchema), required=True)


class ApplicationsQuerySchema(QuerySchema):
    """Which applications."""

    state = fields.String(load_default="submitted", validate=validate.OneOf(STATES[1:]))


class RejectionBodySchema(BodySchema):
    """Why it does not become a case; its author reads it."""

    reason = fields.String(required=True, validate=validate.Length(1, 2000))
    referral = text(500, description="Where to go instead: name, telephone, address.")


class ReturnBodySchema(BodySchema):
    """What is to be mended; its author reads it."""

    reason = fields.String(required=True, validate=validate.Length(1, 2000))


class ResumptionBodySchema(BodySchema):
    """Number and code of the receipt of an application that was given back."""

    number = fields.String(required=True, validate=validate.Length(1, 200))
    code = fields.String(required=True, validate=validate.Length(1, 50), load_only=True)
