"""What an agreement promises, item by item: checked, kept as one encrypted statement, read back as values."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from casework.causes import cause
from casework.errors import CauseUnknownError, InputInvalidError
from engine.domain.values import Value, decode, encode

MAX_ITEMS = 200
MAX_CONTENT = 2_000

ITEM_STATEMENTS = ("agreement_items", "settlement_items")
"""Statements that hold items."""

PartyOf = Callable[[str], UUID | None]
"""Code (`applicant-1`) or id of a party -> its id; None when the case has no such party."""


@dataclass(frozen=True, slots=True)
class AgreementItem:
    """One promise of an agreement."""

    position: int
    content: str
    cause_code: str
    amount: Decimal | None = None
    """In yuan; None: nothing is to be paid."""
    payer_party_id: str | None = None
    payee_party_id: str | None = None
    due_on: date | None = None
    worker: str | None = None
    """Id of the party whose claim the item settles."""
    account: str | None = None
    clause: str | None = None
    """Code of the clause whose words its content is; None: written by hand."""


def checked_items(name: str, value: Value, party_of: PartyOf) -> list[dict[str, Value]]:
    """Return the rows of a form as they are kept: parties by id, amounts exact. Raises InputInvalidError.

    Rows are dicts with `content`, `cause_code`, and where they apply `amount` (yuan), `payer_party_id`,
    `payee_party_id`, `worker` (codes or ids of parties), `due_on` and `account`. A row may name a `clause` instead of its
    content, which is then left out: `clauses_in_use.with_clauses` fills it in.
    """
    if not isinstance(value, list) or not 1 <= len(value) <= MAX_ITEMS:
        raise InputInvalidError(
            name=name,
            problem_zh=f"应为 1 至 {MAX_ITEMS} 项的列表。",
            problem_en=f"a list of 1 to {MAX_ITEMS} items is needed.",
        )
    return [_checked(name, position, row, party_of) for position, row in enumerate(value, 1)]


def items_text(rows: list[dict[str, Value]]) -> str:
    """Return what is encrypted for items that were checked."""
    return json.dumps(encode(rows), ensure_ascii=False)


def agreement_items(text: str | None) -> tuple[AgreementItem, ...]:
    """Return the items kept as `items_text` wrote them; none for None."""
    if not text:
        return ()
    return tuple(AgreementItem(position=position, **row) for position, row in enumerate(decode(json.loads(text)), 1))


def reviewability(cause_codes: Iterable[str]) -> str:
    """Return `all`, `none` or `mixed`: whether arbitration review is open to items of these causes.

    Items that establish an employment relationship can never be reviewed (劳动人事争议仲裁办案规则 Art. 75(4)).
    """
    answers = {cause(code).may_be_reviewed for code in cause_codes}
    return "mixed" if len(answers) == 2 else "none" if answers == {False} else "all"


def terms_of(items: Iterable[AgreementItem], clauses: Iterable[str], text: str | None) -> str:
    """Return an agreement's terms, one per line: the items first, then clauses of the library, then free text."""
    return "\n".join([*(item.content for item in items), *clauses, *([text] if text else [])])


def last_due_day(rows: Iterable[dict[str, Value]]) -> date | None:
    """Return the latest day on which one of the items falls due."""
    return max((row["due_on"] for row in rows if row.get("due_on") is not None), default=None)


def _checked(name: str, position: int, row: Any, party_of: PartyOf) -> dict[str, Value]:
    def wrong(zh: str, en: str) -> InputInvalidError:
        return InputInvalidError(name=name, problem_zh=f"第 {position} 项{zh}", problem_en=f"item {position}: {en}")

    if not isinstance(row, dict):
        raise wrong("格式不正确。", "it is not a row.")
    content = " ".join(str(row.get("content") or "").split())
    clause = "" if content else str(row.get("clause") or "")[:100]
    if not (content or clause) or len(content) > MAX_CONTENT:
        raise wrong(
            f"应写明内容，不超过 {MAX_CONTENT} 字。", f"its content is missing or above {MAX_CONTENT} characters."
        )
    try:
        code = cause(str(row.get("cause_code") or "")).code
    except CauseUnknownError:
        raise wrong("没有选择案由。", "it has no known cause.") from None
    kept: dict[str, Value] = {"cause_code": code, **({"clause": clause} if clause else {"content": content})}
    amount = _amount(row.get("amount"), wrong)
    if amount is not None:
        kept["amount"] = amount
    for key in ("payer_party_id", "payee_party_id", "worker"):
        if row.get(key):
            party_id = party_of(str(row[key]))
            if party_id is None:
                raise wrong("所选当事人不在本案之内。", "the case has no such party.")
            kept[key] = str(party_id)
    if amount is not None and not ("payer_party_id" in kept and "payee_party_id" in kept):
        raise wrong("有金额的，应选择付款方和收款方。", "an amount needs who pays and who is paid.")
    if amount is not None and kept["payer_party_id"] == kept["payee_party_id"]:
        raise wrong("付款方和收款方不能相同。", "nobody pays to themselves.")
    due_on = _day(row.get("due_on"), wrong)
    if due_on is not None:
        kept["due_on"] = due_on
    if row.get("account"):
        kept["account"] = str(row["account"])[:200]
    return kept


def _amount(value: Any, wrong: Callable[[str, str], InputInvalidError]) -> Decimal | None:
    if value in (None, "", 0):
        return None
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        raise wrong("金额不是数字。", "the amount is not a number.") from None
    if not amount.is_finite() or amount <= 0 or amount != amount.quantize(Decimal("0.01")):
        raise wrong("金额应大于零，最多两位小数。", "the amount must be above zero, with at most two decimals.")
    return amount.quantize(Decimal("0.01"))


def _day(value: Any, wrong: Callable[[str, str], InputInvalidError]) -> date | None:
    if value in (None, ""):
        return None
    if type(value) is date:
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise wrong("履行日期不正确。", "its day is none.") from None
