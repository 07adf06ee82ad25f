"""Shapes of the register of service."""

from marshmallow import fields, validate

from api.schemas.cases import DateWarningSchema, MovedTimerSchema
from api.schemas.fields import AnswerSchema, BodySchema, text
from casework.service_records import MAX_ROWS, METHODS


class ServiceBodySchema(BodySchema):
    """Service of a paper on one party, or the attempt."""

    party_id = fields.UUID(required=True)
    method = fields.String(required=True, validate=validate.OneOf(list(METHODS)), metadata={"example": "direct"})
    sent_on = fields.Date(load_default=None, allow_none=True)
    served_on = fields.Date(
        load_default=None,
        allow_none=True,
        metadata={
            "description": "Day on the receipt; of a paper left, affixed or announced: the day on which that was done."
        },
    )
    refused = fields.Boolean(load_default=False)
    has_consent = fields.Boolean(load_default=False, metadata={"description": "Needed for electronic service."})
    has_photographs = fields.Boolean(
        load_default=False, metadata={"description": "Needed, or a proof, where the paper was left or affixed."}
    )
    proof_document_id = fields.UUID(load_default=None, allow_none=True)
    note = text(1000, description="Kept encrypted; needed when a service that counted is corrected.")


class ServicesBodySchema(BodySchema):
    """Services of one document."""

    services = fields.List(fields.Nested(ServiceBodySchema), required=True, validate=validate.Length(1, MAX_ROWS))


class ServicesResultSchema(AnswerSchema):
    """What recording services brought about."""

    case_id = fields.UUID(required=True)
    kind = fields.String(required=True)
    document_id = fields.UUID(required=True)
    state = fields.String(required=True, metadata={"description": "none, partial, refused or complete"})
    event_date = fields.String(required=True, metadata={"example": "award_served_on"})
    served_on = fields.Date(
        required=True, allow_none=True, metadata={"description": "When every addressee had been served."}
    )
    moved_timers = fields.List(fields.Nested(MovedTimerSchema), required=True)
    warnings = fields.List(fields.Nested(DateWarningSchema), required=True)


class ServiceSchema(AnswerSchema):
    """One row of the register."""

    id = fields.UUID(required=True)
    party_id = fields.UUID(required=True)
    party = fields.String(required=True, metadata={"example": "respondent-2"})
    method = fields.String(required=True)
    method_zh = fields.String(required=True)
    method_en = fields.String(required=True)
    sent_on = fields.Date(required=True, allow_none=True)
    served_on = fields.Date(required=True, allow_none=True)
    counts_on = fields.Date(
        required=True, allow_none=True, metadata={"description": "When the law takes it as served; null: not served."}
    )
    is_refused = fields.Boolean(required=True)
    has_consent = fields.Boolean(required=True)
    has_photographs = fields.Boolean(required=True)
    proof_document_id = fields.UUID(required=True, allow_none=True)
    note = fields.String(required=True, allow_none=True)
    recorded_at = fields.AwareDateTime(required=True)
    recorded_by = fields.String(required=True)
    is_current = fields.Boolean(required=True)


class ServedPaperSchema(AnswerSchema):
    """A paper with its service."""

    kind = fields.String(required=True)
    zh = fields.String(required=True)
    en = fields.String(required=True)
    document_id = fields.UUID(required=True, allow_none=True)
    state = fields.String(required=True)
    served_on = fields.Date(required=True, allow_none=True)
    missing = fields.List(
        fields.String(), required=True, metadata={"description": "Addressees not served, e.g. respondent-2."}
    )
    services = fields.List(fields.Nested(ServiceSchema), required=True)


class RegisterOfServiceSchema(AnswerSchema):
    """The papers of a case that are served, each with its services."""

    items = fields.List(fields.Nested(ServedPaperSchema), required=True)
