"""Keeps instalments and payments of a case, and tells what the ledger says otherwise than before."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from casework.agreements import ITEM_STATEMENTS
from casework.bureau import Bureau
from casework.errors import InputInvalidError
from casework.payments import DERIVED_FROM_LEDGER, PAYMENTS, Due, checked_payments
from casework.statements import instalments, statement_text
from casework.store.named_inputs import current_inputs
from casework.store.payments import add_payment, current_dues, has_instalment_plan, put_dues
from casework.store.service_records import is_document_of
from engine.domain.clock import shanghai_date
from engine.domain.host import InputChange
from engine.domain.ids import IdSource
from engine.domain.values import Value


def keep_dues(
    connection: sa.Connection,
    ids: IdSource,
    case_id: UUID,
    given: Mapping[str, Value],
    before: Mapping[str, Any],
    *,
    now: datetime,
) -> list[InputChange]:
    """Let the instalments follow what an agreement says; return what the ledger now says otherwise.

    `given` holds checked items of agreements. A plan of instalments goes before items, as in the papers; `before` are
    the named inputs as they were.
    """
    if "instalments" in given:
        plan = instalments(statement_text("instalments", given["instalments"]))
        source, dues = "instalments", [Due(each.position, each.amount, each.due_on) for each in plan]
    else:
        named = next((name for name in ITEM_STATEMENTS if name in given), None)
        if named is None or has_instalment_plan(connection, case_id):
            return []
        source = named
        rows = list(enumerate(given[named], 1))
        dues = [Due(number, row["amount"], row.get("due_on")) for number, row in rows if row.get("amount") is not None]
    put_dues(connection, case_id, source, dues, new_id=ids, now=now)
    return told_anew(connection, case_id, before, None)


def keep_payments(
    connection: sa.Connection,
    bureau: Bureau,
    ids: IdSource,
    case_id: UUID,
    rows: Value,
    *,
    actor_id: str,
    now: datetime,
    reason: str | None = None,
) -> list[InputChange]:
    """Record payments, whose case's lock the caller holds; return what the ledger now says otherwise.

    Raises InputInvalidError when an amount, a day, an instalment or a proof cannot be.
    """
    positions = [due.position for due in current_dues(connection, case_id)]
    new = checked_payments(rows, positions, shanghai_date(now))
    for payment in new:
        if payment.proof is not None and not _is_document(connection, case_id, payment.proof):
            raise InputInvalidError(
                name=PAYMENTS,
                problem_zh="付款凭证不是本案文书。",
                problem_en="the proof is not a document of this case.",
            )
    before = current_inputs(connection, case_id)
    for payment in new:
        add_payment(connection, bureau.keyring, case_id, payment, new_id=ids, actor_id=actor_id, now=now)
    recorded = sum((payment.payment.amount for payment in new), Decimal(0))
    return [InputChange(PAYMENTS, None, recorded, reason), *told_anew(connection, case_id, before, reason)]


def told_anew(
    connection: sa.Connection, case_id: UUID, before: Mapping[str, Any], reason: str | None
) -> list[InputChange]:
    """Return what the ledger says otherwise than the named inputs `before`."""
    after = current_inputs(connection, case_id)
    return [
        InputChange(name, before.get(name), after.get(name), reason)
        for name in DERIVED_FROM_LEDGER
        if before.get(name) != after.get(name)
    ]


def _is_document(connection: sa.Connection, case_id: UUID, proof: str) -> bool:
    try:
        return is_document_of(connection, case_id, UUID(proof))
    except ValueError:
        return False
