"""Signatures and seals on the mediation agreement of a case, and whether it is in effect."""

from typing import Any
from uuid import UUID

from api.actors import shown_actor
from api.context import current
from api.routes import Routes
from api.rules import CASEWORKERS, OFFICERS, requires
from api.schemas.signatures import (
    EffectGateSchema,
    SignaturesBodySchema,
    SigningOutcomeSchema,
    WithdrawalBodySchema,
)
from casework.access import require
from casework.commands.record_signatures import SigningResult, record_signatures
from casework.commands.withdraw_signature import withdraw_signature
from casework.queries.get_signatures import get_signatures

routes = Routes(
    "signatures",
    __name__,
    url_prefix="/api/v1/cases/<uuid:case_id>/signatures",
    description="Signatures on the mediation agreement of a case, and whether it is in effect",
)


@routes.route("", methods=["GET"])
@requires(*CASEWORKERS, owner="casework", scope="case")
@routes.response(200, EffectGateSchema)
def list_case_signatures(case_id: UUID) -> dict[str, Any]:
    """Who must sign the mediation agreement, what is missing, and every signature ever recorded, oldest first."""
    require(current().connection, current().viewer, "read", case_id)
    return _gate(case_id)


@routes.route("", methods=["POST"])
@requires(*OFFICERS, owner="casework", scope="case")
@routes.arguments(SignaturesBodySchema)
@routes.response(200, SigningOutcomeSchema)
def create_case_signatures(body: dict[str, Any], case_id: UUID) -> dict[str, Any]:
    """Record signatures and seals as they are on the paper, on the days they bear.

    The agreement takes effect on the day of the last of them; timers follow. A signature of somebody who has one
    replaces it, and both are kept.
    """
    context = current()
    require(context.connection, context.viewer, "correct-event-date", case_id)
    result = record_signatures(
        context.uow,
        context.bureau,
        case_id,
        body["signatures"],
        signed_copy=body["signed_copy"],
        reason=body["reason"],
    )
    return _outcome(case_id, result)


@routes.route("/<uuid:signature_id>/withdrawal", methods=["POST"])
@requires(*OFFICERS, owner="casework", scope="case")
@routes.arguments(WithdrawalBodySchema)
@routes.response(200, SigningOutcomeSchema)
def withdraw_case_signature(body: dict[str, Any], case_id: UUID, signature_id: UUID) -> dict[str, Any]:
    """Withdraw a signature that does not hold; it is kept with the reason, and the day of effect follows."""
    context = current()
    require(context.connection, context.viewer, "correct-event-date", case_id)
    result = withdraw_signature(context.uow, context.bureau, case_id, signature_id, body["reason"])
    return _outcome(case_id, result)


def _outcome(case_id: UUID, result: SigningResult) -> dict[str, Any]:
    return _gate(case_id) | {"moved_timers": result.moved_timers}


def _gate(case_id: UUID) -> dict[str, Any]:
    found = get_signatures(current().connection, current().bureau, case_id)
    for row in found["signatures"]:
        row["recorded_by"] = shown_actor(row["recorded_by"])
    return found
