"""The ledger of performance of a case: instalments and payments."""

from typing import Any
from uuid import UUID

from api.actors import shown_actor
from api.context import current
from api.routes import Routes
from api.rules import CASEWORKERS, OFFICERS, requires
from api.schemas.payments import LedgerOutcomeSchema, LedgerSchema, PaymentsBodySchema, PaymentWithdrawalBodySchema
from casework.access import require
from casework.commands.record_payments import record_payments, withdraw_payment
from casework.queries.get_payments import get_payments
from engine.domain.clock import shanghai_date

routes = Routes(
    "payments",
    __name__,
    url_prefix="/api/v1/cases/<uuid:case_id>/payments",
    description="The ledger of performance of a case: what is to be paid, and what was",
)


@routes.route("", methods=["GET"])
@requires(*CASEWORKERS, owner="casework", scope="case")
@routes.response(200, LedgerSchema)
def list_case_payments(case_id: UUID) -> dict[str, Any]:
    """The instalments of the agreement, what was paid on each, and every payment ever recorded, the earliest first."""
    require(current().connection, current().viewer, "read", case_id)
    return _ledger(case_id)


@routes.route("", methods=["POST"])
@requires(*OFFICERS, owner="casework", scope="case")
@routes.arguments(PaymentsBodySchema)
@routes.response(200, LedgerOutcomeSchema)
def create_case_payments(body: dict[str, Any], case_id: UUID) -> dict[str, Any]:
    """Record payments on the days on which they were made; reminders of the next instalment follow.

    Works at any time, also after a breach.
    """
    context = current()
    require(context.connection, context.viewer, "correct-event-date", case_id)
    result = record_payments(context.uow, context.bureau, case_id, body["payments"])
    return _ledger(case_id) | {"moved_timers": result.moved_timers}


@routes.route("/<uuid:payment_id>/withdrawal", methods=["POST"])
@requires(*OFFICERS, owner="casework", scope="case")
@routes.arguments(PaymentWithdrawalBodySchema)
@routes.response(200, LedgerOutcomeSchema)
def withdraw_case_payment(body: dict[str, Any], case_id: UUID, payment_id: UUID) -> dict[str, Any]:
    """Withdraw a payment that was recorded by mistake; it is kept with the reason."""
    context = current()
    require(context.connection, context.viewer, "correct-event-date", case_id)
    result = withdraw_payment(context.uow, context.bureau, case_id, payment_id, body["reason"])
    return _ledger(case_id) | {"moved_timers": result.moved_timers}


def _ledger(case_id: UUID) -> dict[str, Any]:
    context = current()
    found = get_payments(context.connection, context.bureau, case_id, shanghai_date(context.now))
    for row in found["payments"]:
        row["recorded_by"] = shown_actor(row["recorded_by"])
    return found
