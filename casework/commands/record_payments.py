"""Records payments on an agreement outside any form, and withdraws what was recorded by mistake."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from casework.bureau import Bureau
from casework.errors import PaymentGoneError, ReasonMissingError
from casework.keep_payments import keep_payments, told_anew
from casework.store.named_inputs import current_inputs
from casework.store.payments import every_payment, withdraw_row
from casework.work import append_history
from engine.commands.reevaluate_timers import TimerMoved, reevaluate_timers
from engine.commands.unit_of_work import UnitOfWork
from engine.domain.errors import NotFoundError
from engine.domain.events import HistoryEvent
from engine.domain.host import InputChange
from engine.domain.values import plain
from engine.store.cases import lock_case


@dataclass(frozen=True, slots=True)
class PaymentsResult:
    """What recording or withdrawing payments brought about."""

    changes: tuple[InputChange, ...]
    moved_timers: tuple[TimerMoved, ...]


def record_payments(
    uow: UnitOfWork, bureau: Bureau, case_id: UUID, rows: Sequence[Mapping[str, Any]]
) -> PaymentsResult:
    """Record payments of a dispute; timers that aim at the next instalment follow.

    Raises NotFoundError and InputInvalidError.
    """
    lock_case(uow.connection, case_id)
    changes = keep_payments(
        uow.connection,
        bureau,
        uow.ids,
        case_id,
        [dict(row) for row in rows],
        actor_id=uow.actor.id,
        now=uow.now,
    )
    return _told(uow, case_id, "payments-recorded", changes)


def withdraw_payment(uow: UnitOfWork, bureau: Bureau, case_id: UUID, payment_id: UUID, reason: str) -> PaymentsResult:
    """Let a payment stand no more; row and reason are kept.

    Raises ReasonMissingError, NotFoundError, and PaymentGoneError for one that does not stand any more.
    """
    if not reason.strip():
        raise ReasonMissingError()
    lock_case(uow.connection, case_id)
    row = next((row for row in every_payment(uow.connection, case_id) if row.id == payment_id), None)
    if row is None:
        raise NotFoundError(what="payment", id=payment_id)
    if row.superseded_at is not None:
        raise PaymentGoneError()
    before = current_inputs(uow.connection, case_id)
    withdraw_row(uow.connection, bureau.keyring, payment_id, reason.strip(), uow.now)
    withdrawn = InputChange("instalment_payments", row.amount, None, None)
    return _told(uow, case_id, "payment-withdrawn", [withdrawn, *told_anew(uow.connection, case_id, before, None)])


def _told(uow: UnitOfWork, case_id: UUID, kind: str, changes: Sequence[InputChange]) -> PaymentsResult:
    facts = {change.name: {"old": plain(change.old), "new": plain(change.new)} for change in changes}
    append_history(uow, case_id, HistoryEvent(kind, facts))
    moved = reevaluate_timers(uow, case_id, [change.name for change in changes])
    return PaymentsResult(tuple(changes), tuple(moved))
