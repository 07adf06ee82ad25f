"""Keeps instalments and payments of a case, and tells what the ledger says otherwise than before."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from casework.agreements import ITEM_STATEMENTS
from casework.bureau import Bureau
from casework.errors import InputInvalidError
from casework.payments import AMOUNT, DERIVED_FROM_LEDGER, MAX_AMOUNT, PAYMENTS, Due, checked_payments
from casework.statements import instalments, statement_text
from casework.store.named_inputs import current_inputs, drop_row
from casework.store.payments import add_payment, close_ledger, current_dues, put_dues
from casework.store.service_records import is_document_of
from casework.store.tables import statement
from engine.domain.clock import shanghai_date
from engine.domain.host import InputChange
from engine.domain.ids import IdSource
from engine.domain.values import Value

_AGREEMENT = ("agreement_items", "agreement_clauses", "agreement_terms")
"""What a mediation agreement is written in."""
_ORDER = ("instalments", *ITEM_STATEMENTS, AMOUNT)
"""What goes before what when several promise the same money; settlements and agreements follow each other."""


def keep_dues(
    connection: sa.Connection,
    ids: IdSource,
    case_id: UUID,
    given: Mapping[str, Value],
    before: Mapping[str, Any],
    *,
    amount: Value = None,
    now: datetime,
) -> list[InputChange]:
    """Let the instalments follow what an agreement says; return what the ledger now says otherwise.

    `given` holds checked items of agreements. A plan of instalments goes before items, as in the papers, and items
    before `amount` (yuan), the sum of an agreement that promises money in words only. A mediation agreement begins a
    ledger of its own: it takes the place of a settlement that was not kept. `before` are the named inputs as they were.
    Raises InputInvalidError for a sum that is none.
    """
    if _is_first_agreement(given, before):
        put_dues(connection, case_id, "instalments", [], new_id=ids, now=now)
        if "instalments" not in given:
            drop_row(connection, statement, case_id, "instalments", now=now)
        close_ledger(connection, case_id)
    promised = _promised(given, amount)
    if promised is not None:
        source, dues = promised
        before_them = {due.source for due in current_dues(connection, case_id)}
        if not any(_ORDER.index(each) < _ORDER.index(source) for each in before_them):
            put_dues(connection, case_id, source, dues, new_id=ids, now=now)
    return told_anew(connection, case_id, before, None)


def _is_first_agreement(given: Mapping[str, Value], before: Mapping[str, Any]) -> bool:
    return any(name in given for name in _AGREEMENT) and not any(name in before for name in _AGREEMENT)


def _promised(given: Mapping[str, Value], amount: Value) -> tuple[str, list[Due]] | None:
    """Return what promises money, and the instalments it makes; None where nothing given could."""
    if "instalments" in given:
        plan = instalments(statement_text("instalments", given["instalments"]))
        return "instalments", [Due(each.position, each.amount, each.due_on) for each in plan]
    named = next((name for name in ITEM_STATEMENTS if name in given), None)
    rows = list(enumerate(given[named], 1)) if named else []
    dues = [Due(number, row["amount"], row.get("due_on")) for number, row in rows if row.get("amount") is not None]
    if named is not None and (dues or amount is None):
        return named, dues
    return None if amount is None else (AMOUNT, _whole_sum(amount))


def _whole_sum(amount: Value) -> list[Due]:
    try:
        total = Decimal(str(amount))
    except InvalidOperation:
        total = Decimal("NaN")
    if not total.is_finite() or total < 0 or total > MAX_AMOUNT or total != total.quantize(Decimal("0.01")):
        raise InputInvalidError(
            name=AMOUNT,
            problem_zh="金额应不小于零，最多两位小数；没有金钱给付的填 0。",
            problem_en="the amount must not be below zero, with at most two decimals; 0 where no money is promised.",
        )
    return [Due(1, total, None)] if total > 0 else []


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
