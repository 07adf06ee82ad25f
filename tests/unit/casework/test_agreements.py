"""Items of agreements: what is refused, what is kept, whether they can be reviewed."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from casework.agreements import agreement_items, checked_items, items_text, last_due_day, reviewability, terms_of
from casework.errors import InputInvalidError

WORKER, EMPLOYER = UUID(int=1), UUID(int=2)
PARTIES = {"applicant-1": WORKER, "respondent-1": EMPLOYER}
ITEM = {
    "content": "支付拖欠工资15000元",
    "cause_code": "wages",
    "amount": "15000",
    "payer_party_id": "respondent-1",
    "payee_party_id": "applicant-1",
    "worker": "applicant-1",
    "due_on": "2026-10-31",
}


def keep(*rows: object) -> list[dict]:
    return checked_items("agreement_items", list(rows), PARTIES.get)


def test_items_come_back_as_they_were_kept() -> None:
    (item,) = agreement_items(items_text(keep(ITEM)))
    assert (item.amount, item.due_on) == (Decimal("15000.00"), date(2026, 10, 31))
    assert (item.payer_party_id, item.payee_party_id, item.worker) == (str(EMPLOYER), str(WORKER), str(WORKER))
    assert agreement_items(None) == ()


@pytest.mark.parametrize(
    "change",
    [
        {"content": ""},
        {"content": "x" * 2001},
        {"cause_code": "no-such"},
        {"amount": "-1"},
        {"amount": "NaN"},
        {"amount": "1.001"},
        {"amount": "many"},
        {"payer_party_id": "respondent-7"},
        {"payee_party_id": ""},
        {"payee_party_id": "respondent-1"},
        {"due_on": "2026-13-01"},
    ],
)
def test_an_item_that_cannot_be_right_is_refused(change: dict) -> None:
    with pytest.raises(InputInvalidError, match="item 1"):
        keep(ITEM | change)


@pytest.mark.parametrize("rows", [None, [], "text", [1], [ITEM] * 201])
def test_what_is_no_list_of_items_is_refused(rows: object) -> None:
    with pytest.raises(InputInvalidError):
        checked_items("agreement_items", rows, PARTIES.get)


@pytest.mark.parametrize(
    ("codes", "wanted"),
    [(["wages"], "all"), (["labour-relation"], "none"), (["wages", "labour-relation"], "mixed"), ([], "all")],
)
def test_items_that_establish_employment_are_reviewed(codes: list[str], wanted: str) -> None:
    assert reviewability(codes) == wanted


def test_terms_name_the_items_first_and_the_last_day_counts() -> None:
    kept = keep(ITEM, {"content": "出具离职证明", "cause_code": "contract-end", "due_on": "2026-11-05"})
    assert last_due_day(kept) == date(2026, 11, 5)
    assert terms_of(agreement_items(items_text(kept)), ["双方保密。"], "无其他争议").splitlines() == [
        "支付拖欠工资15000元",
        "出具离职证明",
        "双方保密。",
        "无其他争议",
    ]
