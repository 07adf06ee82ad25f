"""The ledger of performance, in and out."""

from marshmallow import fields, validate

from api.schemas.cases import MovedTimerSchema
from api.schemas.fields import AnswerSchema, BodySchema, text
from casework.payments import MAX_NOTE, MAX_ROWS


class NewPaymentSchema(BodySchema):
    """Money that was paid."""

    amount = fields.Decimal(
        required=True, places=None, as_string=True, metadata={"example": "5000.00", "description": "In yuan."}
    )
    paid_on = fields.Date(required=True, metadata={"example": "2026-09-20"})
    position = fields.Integer(
        load_default=None,
        allow_none=True,
        metadata={"description": "The instalment for which it was paid; none: the first that is open."},
    )
    proof = fields.UUID(load_default=None, allow_none=True, metadata={"description": "A document of the case."})
    note = text(MAX_NOTE, description="Kept encrypted.")


class PaymentsBodySchema(BodySchema):
    """Payments to record."""

    payments = fields.List(fields.Nested(NewPaymentSchema), required=True, validate=validate.Length(1, MAX_ROWS))


class PaymentWithdrawalBodySchema(BodySchema):
    """Why a payment does not stand."""

    reason = fields.String(required=True, validate=validate.Length(1, 1000))


class InstalmentRowSchema(AnswerSchema):
    """One instalment and what has been paid on it, in yuan."""

    position = fields.Integer(required=True)
    amount = fields.Decimal(required=True, as_string=True)
    due_on = fields.Date(required=True, allow_none=True)
    paid = fields.Decimal(required=True, as_string=True)
    outstanding = fields.Decimal(required=True, as_string=True)
    settled_on = fields.Date(required=True, allow_none=True)
    is_overdue = fields.Boolean(required=True)


class PaymentSchema(AnswerSchema):
    """A payment on record."""

    id = fields.UUID(required=True)
    position = fields.Integer(required=True, allow_none=True)
    amount = fields.Decimal(required=True, as_string=True)
    paid_on = fields.Date(required=True)
    proof_document_id = fields.UUID(required=True, allow_none=True)
    note = fields.String(required=True, allow_none=True)
    recorded_at = fields.AwareDateTime(required=True)
    recorded_by = fields.String(required=True)
    is_of_earlier_agreement = fields.Boolean(
        required=True,
        metadata={"description": "Whether it was paid on a settlement that a mediation agreement replaced."},
    )
    is_current = fields.Boolean(required=True)
    reason = fields.String(required=True, allow_none=True)


class LedgerSchema(AnswerSchema):
    """What an agreement promises in money, and what has been paid, in yuan."""

    state = fields.String(required=True, allow_none=True, metadata={"enum": ["none", "partial", "complete"]})
    total = fields.Decimal(required=True, as_string=True)
    paid = fields.Decimal(required=True, as_string=True)
    outstanding = fields.Decimal(required=True, as_string=True)
    overdue = fields.Decimal(required=True, as_string=True)
    overpaid = fields.Decimal(required=True, as_string=True)
    instalments = fields.List(fields.Nested(InstalmentRowSchema), required=True)
    payments = fields.List(fields.Nested(PaymentSchema), required=True)


class LedgerOutcomeSchema(LedgerSchema):
    """The ledger after a change, and the timers that moved with it."""

    moved_timers = fields.List(fields.Nested(MovedTimerSchema), required=True)
