"""Signatures and the effect gate, in and out."""

from marshmallow import fields, validate

from api.schemas.cases import MovedTimerSchema
from api.schemas.fields import AnswerSchema, BodySchema, text
from casework.effect_gate import LEVELS, SIGNED_BY


class NewSignatureSchema(BodySchema):
    """A signature or a seal that was put on the agreement."""

    signatory = fields.String(
        required=True,
        validate=validate.Length(1, 40),
        metadata={"example": "applicant-1", "description": "One of the codes that the effect gate names."},
    )
    signed_on = fields.Date(required=True, metadata={"example": "2026-09-25"})
    level = fields.String(load_default="paper-scan", validate=validate.OneOf(LEVELS))
    signed_by = fields.String(load_default="self", validate=validate.OneOf(SIGNED_BY))
    consented_on = fields.Date(
        load_default=None,
        allow_none=True,
        metadata={"description": "When somebody who was represented agreed to this settlement."},
    )
    proof = fields.UUID(load_default=None, allow_none=True, metadata={"description": "A document of the case."})


class SignaturesBodySchema(BodySchema):
    """Signatures to record."""

    signatures = fields.List(fields.Nested(NewSignatureSchema), load_default=list, validate=validate.Length(max=400))
    signed_copy = fields.UUID(
        load_default=None,
        allow_none=True,
        metadata={"description": "A document of the case: the scan for every paper signature that has none."},
    )
    reason = text(1000, description="Why what was recorded before is replaced; kept encrypted.")


class WithdrawalBodySchema(BodySchema):
    """Why a signature does not hold."""

    reason = fields.String(required=True, validate=validate.Length(1, 1000))


class SignatorySchema(AnswerSchema):
    """Somebody who must sign."""

    code = fields.String(required=True)
    signer = fields.String(required=True)
    party_id = fields.UUID(required=True, allow_none=True)


class MissingSignatureSchema(AnswerSchema):
    """Somebody whose signature does not count yet, and why."""

    signatory = fields.String(required=True)
    code = fields.String(required=True)
    zh = fields.String(required=True)
    en = fields.String(required=True)


class SignatureSchema(AnswerSchema):
    """A signature on record."""

    id = fields.UUID(required=True)
    signatory = fields.String(required=True)
    signer = fields.String(required=True)
    party_id = fields.UUID(required=True, allow_none=True)
    document_id = fields.UUID(required=True, allow_none=True)
    level = fields.String(required=True)
    signed_by = fields.String(required=True)
    signed_on = fields.Date(required=True)
    consented_on = fields.Date(required=True, allow_none=True)
    proof_document_id = fields.UUID(required=True, allow_none=True)
    recorded_at = fields.AwareDateTime(required=True)
    recorded_by = fields.String(required=True)
    is_current = fields.Boolean(required=True)
    reason = fields.String(required=True, allow_none=True)


class EffectGateSchema(AnswerSchema):
    """Whether the mediation agreement is in effect, who must sign it, and what is missing."""

    gate = fields.String(required=True, metadata={"enum": ["open", "satisfied"]})
    effective_on = fields.Date(required=True, allow_none=True)
    demanded_level = fields.String(required=True)
    is_scan_required = fields.Boolean(required=True)
    signatories = fields.List(fields.Nested(SignatorySchema), required=True)
    missing = fields.List(fields.Nested(MissingSignatureSchema), required=True)
    signatures = fields.List(fields.Nested(SignatureSchema), required=True)


class SigningOutcomeSchema(EffectGateSchema):
    """The effect gate after a change, and the timers that moved with it."""

    moved_timers = fields.List(fields.Nested(MovedTimerSchema), required=True)
