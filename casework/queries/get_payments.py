"""What an agreement promises in money, and what has been paid."""

from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from casework.bureau import Bureau
from casework.encryption import place
from casework.payments import ledger
from casework.store.named_inputs import current_dates
from casework.store.payments import current_dues, current_payments, every_payment


def get_payments(connection: sa.Connection, bureau: Bureau, case_id: UUID, today: date) -> dict[str, Any]:
    """Return the ledger of a case: instalments with what was paid on each, the sums in yuan, every payment recorded.

    `state` is null where no instalment is known. Whether the viewer may see the case is the caller's affair.
    """
    rows = every_payment(connection, case_id)
    standing = current_payments(connection, case_id)
    due_by_default = current_dates(connection, case_id).get("performance_due_on")
    found = ledger(current_dues(connection, case_id), standing, due_by_default)
    return {
        "state": found.state,
        "total": found.total,
        "paid": found.paid,
        "outstanding": found.outstanding,
        "overdue": found.overdue(today),
        "overpaid": found.overpaid,
        "instalments": [
            {
                "position": row.position,
                "amount": row.amount,
                "due_on": row.due_on,
                "paid": row.paid,
                "outstanding": row.outstanding,
                "settled_on": row.settled_on,
                "is_overdue": row.outstanding > 0 and row.due_on is not None and row.due_on < today,
            }
            for row in found.rows
        ],
        "payments": [
            {
                "id": row.id,
                "position": row.position,
                "amount": row.amount,
                "paid_on": row.paid_on,
                "proof_document_id": row.proof_document_id,
                "note": bureau.keyring.open_optional(row.note, place("instalment_payment", "note", row.id)),
                "recorded_at": row.recorded_at,
                "recorded_by": row.recorded_by,
                "is_current": row.superseded_at is None,
                "is_of_earlier_agreement": row.is_of_earlier_agreement,
                "reason": bureau.keyring.open_optional(row.reason, place("instalment_payment", "reason", row.id)),
            }
            for row in rows
        ],
    }
