"""The ledger of performance: what an agreement promises in money, instalment by instalment, and what has been paid.

Amounts are exact decimals in yuan and fen. A payment for a named instalment settles that one first; what is left of
it, and every payment for none, goes to the instalments in the order in which they fall due (民法典 Art. 560).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

from casework.errors import InputInvalidError
from casework.event_dates import FIRST_DAY
from engine.domain.values import Value

PAYMENTS = "instalment_payments"
"""The form field whose rows are payments: `amount`, `paid_on`, and where they apply `position`, `proof`, `note`."""

AMOUNT = "agreement_amount"
"""The form field for the sum of an agreement that was not written item by item: one instalment, due at the end."""

DERIVED_FROM_LEDGER = ("payment_state", "unpaid_total", "next_instalment_due_on", AMOUNT)
"""The named inputs that follow from the ledger."""

MAX_ROWS = 200
MAX_NOTE = 1000
_CENT = Decimal("0.01")
MAX_AMOUNT = Decimal("99999999999.99")
_ZERO = Decimal(0)

PaymentState = Literal["none", "partial", "complete"]


@dataclass(frozen=True, slots=True)
class Due:
    """One instalment as promised; without a day it falls due on the day of performance."""

    position: int
    amount: Decimal
    due_on: date | None
    source: str = ""
    """What promises it: `instalments`, `agreement_items`, `settlement_items` or `agreement_amount`."""


@dataclass(frozen=True, slots=True)
class Payment:
    """Money that was paid."""

    amount: Decimal
    paid_on: date
    position: int | None = None
    """The instalment for which it was paid, where that was said."""


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One instalment and what has been paid on it."""

    position: int
    amount: Decimal
    due_on: date | None
    paid: Decimal
    settled_on: date | None
    """The day on which it was paid in full."""

    @property
    def outstanding(self) -> Decimal:
        """What is still to be paid."""
        return self.amount - self.paid


@dataclass(frozen=True, slots=True)
class Ledger:
    """Every instalment of a case, and the sums."""

    rows: tuple[LedgerRow, ...]
    total: Decimal
    paid: Decimal
    """Everything that was paid, also beyond what was promised."""

    @property
    def outstanding(self) -> Decimal:
        """What is still to be paid on all instalments."""
        return sum((row.outstanding for row in self.rows), _ZERO)

    @property
    def overpaid(self) -> Decimal:
        """What was paid beyond all instalments."""
        return self.paid - (self.total - self.outstanding)

    @property
    def state(self) -> PaymentState | None:
        """How far payment has come; None when no instalment is known."""
        if not self.rows:
            return None
        return "complete" if self.outstanding == 0 else "partial" if self.paid > 0 else "none"

    @property
    def next_due(self) -> LedgerRow | None:
        """The first instalment that is not paid in full."""
        return next((row for row in self.rows if row.outstanding > 0), None)

    def overdue(self, today: date) -> Decimal:
        """Return what should have been paid before `today`."""
        return sum((row.outstanding for row in self.overdue_rows(today)), _ZERO)

    def overdue_rows(self, today: date) -> tuple[LedgerRow, ...]:
        """Return the instalments that should have been paid in full before `today` and are not."""
        return tuple(row for row in self.rows if row.outstanding and row.due_on is not None and row.due_on < today)


def ledger(dues: Iterable[Due], payments: Iterable[Payment], due_by_default: date | None = None) -> Ledger:
    """Return the ledger; the order in which payments are given does not matter, only their days do."""
    ordered = sorted(
        (replace(due, due_on=due.due_on or due_by_default) for due in dues),
        key=lambda due: (due.due_on or date.max, due.position),
    )
    made = sorted(payments, key=lambda each: (each.paid_on, each.position is None, each.position or 0, each.amount))
    open_amounts = {due.position: due.amount for due in ordered}
    settled: dict[int, date] = {}
    for payment in made:
        left = payment.amount
        named = [payment.position] if payment.position in open_amounts else []
        for position in (*named, *open_amounts):
            taken = min(left, open_amounts[position])
            if taken > 0:
                open_amounts[position] -= taken
                left -= taken
                if open_amounts[position] == 0:
                    settled[position] = payment.paid_on
    rows = tuple(
        LedgerRow(
            due.position, due.amount, due.due_on, due.amount - open_amounts[due.position], settled.get(due.position)
        )
        for due in ordered
    )
    return Ledger(rows, sum((due.amount for due in ordered), _ZERO), sum((each.amount for each in made), _ZERO))


@dataclass(frozen=True, slots=True, repr=False)
class NewPayment:
    """A payment as checked, to be recorded."""

    payment: Payment
    proof: str | None
    """Id of a document of the case."""
    note: str | None


def checked_payments(value: Value, positions: Sequence[int], today: date) -> list[NewPayment]:
    """Return the payments that a form or a request gave. Raises InputInvalidError naming row and remedy."""
    if not isinstance(value, list) or not 1 <= len(value) <= MAX_ROWS:
        raise InputInvalidError(
            name=PAYMENTS,
            problem_zh=f"应为 1 至 {MAX_ROWS} 笔付款的列表。",
            problem_en=f"a list of 1 to {MAX_ROWS} payments is needed.",
        )
    return [_checked(number, row, positions, today) for number, row in enumerate(value, 1)]


def _checked(number: int, row: Any, positions: Sequence[int], today: date) -> NewPayment:
    def wrong(zh: str, en: str) -> InputInvalidError:
        return InputInvalidError(name=PAYMENTS, problem_zh=f"第 {number} 笔{zh}", problem_en=f"payment {number}: {en}")

    if not isinstance(row, dict):
        raise wrong("格式不正确。", "it is not a row.")
    try:
        amount = Decimal(str(row.get("amount")))
    except InvalidOperation:
        raise wrong("的金额不是数字。", "the amount is not a number.") from None
    if not amount.is_finite() or not 0 < amount <= MAX_AMOUNT or amount != amount.quantize(_CENT):
        raise wrong("的金额应大于零，最多两位小数。", "the amount must be above zero, with at most two decimals.")
    paid_on = row.get("paid_on")
    if isinstance(paid_on, str):
        try:
            paid_on = date.fromisoformat(paid_on)
        except ValueError:
            paid_on = None
    if type(paid_on) is not date:
        raise wrong("没有付款日期（YYYY-MM-DD）。", "the day of payment (YYYY-MM-DD) is missing.")
    if not FIRST_DAY <= paid_on <= today:
        raise wrong(
            f"的付款日期应在 {FIRST_DAY} 至今天（{today}）之间；将来的付款到账后再登记。",
            f"its day must lie between {FIRST_DAY} and today ({today}); record it when the money has come.",
        )
    return NewPayment(
        Payment(amount.quantize(_CENT), paid_on, _position(row.get("position"), positions, wrong)),
        str(row["proof"]) if row.get("proof") else None,
        str(row.get("note") or "").strip()[:MAX_NOTE] or None,
    )


def _position(value: Any, positions: Sequence[int], wrong: Any) -> int | None:
    if value in (None, ""):
        return None
    try:
        position = int(str(value))
    except ValueError:
        position = 0
    if position not in positions:
        known = "、".join(map(str, positions)) or "无"
        raise wrong(
            f"所指的期次 {value} 不存在（现有：{known}）。",
            f"there is no instalment {value!r} (there are: {', '.join(map(str, positions)) or 'none'}).",
        )
    return position
