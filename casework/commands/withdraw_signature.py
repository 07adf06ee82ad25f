"""Withdraws a signature that was recorded by mistake, or that does not hold."""

from uuid import UUID

from casework.bureau import Bureau
from casework.commands.record_signatures import SigningResult, told
from casework.errors import ReasonMissingError, SignatureGoneError
from casework.signing import withdraw_signatures
from casework.store.signatures import every_signature
from engine.commands.unit_of_work import UnitOfWork
from engine.domain.errors import NotFoundError
from engine.store.cases import lock_case


def withdraw_signature(
    uow: UnitOfWork, bureau: Bureau, case_id: UUID, signature_id: UUID, reason: str
) -> SigningResult:
    """Let a signature stand no more; the row and the reason are kept, and the day of effect follows.

    Raises ReasonMissingError, NotFoundError, and SignatureGoneError for one that does not stand any more.
    """
    if not reason.strip():
        raise ReasonMissingError()
    lock_case(uow.connection, case_id)
    row = next((row for row in every_signature(uow.connection, case_id) if row.id == signature_id), None)
    if row is None:
        raise NotFoundError(what="signature", id=signature_id)
    if row.superseded_at is not None:
        raise SignatureGoneError()
    changes = withdraw_signatures(
        uow.connection,
        bureau,
        uow.ids,
        case_id,
        [row.signatory],
        actor_id=uow.actor.id,
        now=uow.now,
        reason=reason.strip(),
    )
    return told(uow, case_id, "signature-withdrawn", changes)
