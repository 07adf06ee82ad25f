"""The ledger of performance: what promises money, and which payments count on it."""

from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from casework.commands.record_payments import record_payments
from casework.errors import InputInvalidError
from casework.queries.get_payments import get_payments
from casework.store.named_inputs import current_inputs
from tests.integration.casework.office import Office

ITEM = {
    "content": "支付拖欠工资",
    "cause_code": "wages",
    "amount": "15000.00",
    "payer_party_id": "respondent-1",
    "payee_party_id": "applicant-1",
}
WORDS = {"agreement_terms": "被申请人支付15000元。"}
PLAN = [{"amount": "5000", "due_on": "2026-04-01"}, {"amount": "10000", "due_on": "2026-05-01"}]


def keep(office: Office, case_id: UUID, **values: Any) -> list[str]:
    """Keep what a form gives; return the names of what changed."""
    with office.as_user("mediator") as uow:
        changes = office.platform.host.record_inputs(
            uow.connection, case_id, values, actor_id=uow.actor.id, now=uow.now, reason=None
        )
    return [change.name for change in changes]


def rows(office: Office, case_id: UUID) -> list[tuple[Decimal, str]]:
    """Return amount and source of what is promised now."""
    with office.begin() as connection:
        found = get_payments(connection, office.bureau, case_id, office.today)["instalments"]
        inputs = current_inputs(connection, case_id)
    assert inputs.get("agreement_amount", 0) == sum(each["amount"] for each in found)
    return [each["amount"] for each in found]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({**WORDS, "agreement_amount": Decimal("15000.00")}, ["15000.00"]),
        ({**WORDS, "agreement_amount": 0}, []),
        ({**WORDS}, []),
        ({"agreement_items": [ITEM], "agreement_amount": Decimal("99.00")}, ["15000.00"]),
        ({"agreement_items": [{"content": "出具证明", "cause_code": "wages"}], "agreement_amount": 7}, ["7.00"]),
        ({**WORDS, "instalments": PLAN, "agreement_amount": 15000}, ["5000.00", "10000.00"]),
    ],
)
def test_a_plan_goes_before_items_and_items_before_the_sum(
    office: Office, given: dict[str, Any], expected: list[str]
) -> None:
    case_id = office.register().case_id
    keep(office, case_id, **given)
    assert rows(office, case_id) == [Decimal(each) for each in expected]


def test_a_corrected_sum_replaces_itself_and_never_what_is_more_exact(office: Office) -> None:
    case_id = office.register().case_id
    keep(office, case_id, **WORDS, agreement_amount=100)
    assert "unpaid_total" in keep(office, case_id, agreement_amount=200)
    assert rows(office, case_id) == [Decimal(200)]
    keep(office, case_id, agreement_items=[ITEM])
    keep(office, case_id, agreement_amount=300)
    assert rows(office, case_id) == [Decimal(15000)]


@pytest.mark.parametrize("amount", ["-1", "1.234", "many", "NaN", "1e30"])
def test_a_sum_that_is_none_is_refused(office: Office, amount: str) -> None:
    case_id = office.register().case_id
    with pytest.raises(InputInvalidError):
        keep(office, case_id, **WORDS, agreement_amount=amount)
    assert rows(office, case_id) == []


def test_what_was_paid_on_a_settlement_does_not_count_on_the_agreement_that_replaces_it(office: Office) -> None:
    case_id = office.register().case_id
    keep(office, case_id, settlement_items=[ITEM], instalments=PLAN)
    with office.as_user("mediator") as uow:
        record_payments(uow, office.bureau, case_id, [{"amount": 2000, "paid_on": office.today}])
    keep(office, case_id, **WORDS, agreement_amount=13000)
    with office.begin() as connection:
        found = get_payments(connection, office.bureau, case_id, office.today)
    assert (found["state"], found["total"], found["outstanding"]) == ("none", Decimal(13000), Decimal(13000))
    assert [each["is_of_earlier_agreement"] for each in found["payments"]] == [True]
    keep(office, case_id, agreement_terms="改写条款。")
    with office.as_user("mediator") as uow:
        record_payments(uow, office.bureau, case_id, [{"amount": 13000, "paid_on": office.today}])
    with office.begin() as connection:
        assert get_payments(connection, office.bureau, case_id, office.today)["state"] == "complete"
