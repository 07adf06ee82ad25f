"""Rows of the ledger of performance: the instalments that count now, and every payment ever recorded."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from casework.encryption import Keyring, place
from casework.payments import Due, NewPayment, Payment
from casework.store.tables import instalment, instalment_payment


def current_dues(connection: sa.Connection, case_id: UUID) -> list[Due]:
    """Return the instalments of a case as they are promised now."""
    rows = connection.execute(
        sa.select(instalment.c.position, instalment.c.amount, instalment.c.due_on, instalment.c.source)
        .where(instalment.c.case_id == case_id, instalment.c.superseded_at.is_(None))
        .order_by(instalment.c.position)
    )
    return [Due(row.position, row.amount, row.due_on, row.source) for row in rows]


def current_payments(connection: sa.Connection, case_id: UUID) -> list[Payment]:
    """Return the payments of a case that stand, and count on the agreement that it has now."""
    return [
        Payment(row.amount, row.paid_on, row.position)
        for row in every_payment(connection, case_id)
        if row.superseded_at is None and not row.is_of_earlier_agreement
    ]


def every_payment(connection: sa.Connection, case_id: UUID) -> list[Any]:
    """Return every payment ever recorded of a case, the earliest first."""
    return list(
        connection.execute(
            sa.select(instalment_payment)
            .where(instalment_payment.c.case_id == case_id)
            .order_by(instalment_payment.c.paid_on, instalment_payment.c.id)
        )
    )


def put_dues(
    connection: sa.Connection,
    case_id: UUID,
    source: str,
    dues: Iterable[Due],
    *,
    new_id: Callable[[], UUID],
    now: datetime,
) -> None:
    """Let `dues` be the instalments of a case; those before are kept. The caller holds the case's lock."""
    connection.execute(
        sa.update(instalment)
        .where(instalment.c.case_id == case_id, instalment.c.superseded_at.is_(None))
        .values(superseded_at=now)
    )
    rows = [
        {
            "id": new_id(),
            "case_id": case_id,
            "source": source,
            "position": due.position,
            "amount": due.amount,
            "due_on": due.due_on,
            "recorded_at": now,
        }
        for due in dues
    ]
    if rows:
        connection.execute(sa.insert(instalment), rows)


def close_ledger(connection: sa.Connection, case_id: UUID) -> None:
    """Let what has been paid count on no agreement made later; the caller holds the case's lock."""
    connection.execute(
        sa.update(instalment_payment)
        .where(instalment_payment.c.case_id == case_id)
        .values(is_of_earlier_agreement=True)
    )


def add_payment(
    connection: sa.Connection,
    keyring: Keyring,
    case_id: UUID,
    new: NewPayment,
    *,
    new_id: Callable[[], UUID],
    actor_id: str,
    now: datetime,
) -> UUID:
    """Add a payment; the caller holds the case's lock."""
    row_id = new_id()
    connection.execute(
        sa.insert(instalment_payment).values(
            id=row_id,
            case_id=case_id,
            position=new.payment.position,
            amount=new.payment.amount,
            paid_on=new.payment.paid_on,
            proof_document_id=UUID(new.proof) if new.proof else None,
            note=keyring.seal_optional(new.note, place("instalment_payment", "note", row_id)),
            recorded_at=now,
            recorded_by=actor_id,
        )
    )
    return row_id


def withdraw_row(connection: sa.Connection, keyring: Keyring, payment_id: UUID, reason: str, now: datetime) -> None:
    """Let a payment stand no more; it is kept with the reason."""
    connection.execute(
        sa.update(instalment_payment)
        .where(instalment_payment.c.id == payment_id)
        .values(superseded_at=now, reason=keyring.seal(reason, place("instalment_payment", "reason", payment_id)))
    )
