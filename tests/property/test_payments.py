"""The ledger of performance: whatever is paid in whatever order, no fen is lost and none is made."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from casework.payments import Due, Payment, ledger
from tests import effort

START = date(2026, 1, 1)
amounts = st.integers(1, 10**7).map(lambda fen: Decimal(fen) / 100)
days = st.integers(0, 400).map(lambda count: START + timedelta(days=count))
plans = st.lists(st.tuples(amounts, st.none() | days), max_size=8).map(
    lambda rows: [Due(position, amount, due_on) for position, (amount, due_on) in enumerate(rows, 1)]
)
paid = st.lists(st.builds(Payment, amounts, days, st.none() | st.integers(1, 9)), max_size=12)
every_example = settings(max_examples=effort.examples(300))


@every_example
@given(plans, paid)
def test_money_is_lost_or_made_between_payments_and_instalments(dues: list[Due], payments: list[Payment]) -> None:
    found = ledger(dues, payments, START)
    received = sum((each.amount for each in payments), Decimal(0))
    promised = sum((each.amount for each in dues), Decimal(0))
    assert sum((row.paid for row in found.rows), Decimal(0)) + found.overpaid == received == found.paid
    assert found.outstanding == max(promised - received, Decimal(0))
    assert found.overpaid == max(received - promised, Decimal(0))
    for row in found.rows:
        assert 0 <= row.paid <= row.amount
        assert row.outstanding == row.amount - row.paid
        assert row.outstanding.as_tuple().exponent >= -2
        assert (row.settled_on is not None) == (row.outstanding == 0)
    assert found.state == (
        None if not dues else "complete" if received >= promised else "partial" if received else "none"
    )


@every_example
@given(plans, paid, st.randoms())
def test_the_order_of_recording_changes_what_is_paid(dues: list[Due], payments: list[Payment], shuffle) -> None:
    expected = ledger(dues, payments)
    shuffled = list(payments)
    shuffle.shuffle(shuffled)
    assert ledger(list(reversed(dues)), shuffled) == expected


@every_example
@given(plans, paid, days)
def test_more_money_leaves_more_overdue(dues: list[Due], payments: list[Payment], today: date) -> None:
    owing = [ledger(dues, payments[:count]).overdue(today) for count in range(len(payments) + 1)]
    total = [ledger(dues, payments[:count]).outstanding for count in range(len(payments) + 1)]
    assert total == sorted(total, reverse=True)
    assert all(0 <= each <= rest for each, rest in zip(owing, total, strict=True))


@every_example
@given(plans.filter(bool), paid)
def test_a_later_instalment_is_next_while_an_earlier_one_is_open(dues: list[Due], payments: list[Payment]) -> None:
    found = ledger(dues, payments, START)
    following = found.next_due
    if following is None:
        assert found.outstanding == 0
    else:
        earlier = [row for row in found.rows if (row.due_on, row.position) < (following.due_on, following.position)]
        assert all(row.outstanding == 0 for row in earlier)


def test_a_payment_for_a_named_instalment_settles_the_first_one() -> None:
    dues = [Due(1, Decimal(100), START), Due(2, Decimal(100), START + timedelta(days=30))]
    found = ledger(dues, [Payment(Decimal(120), START, 2)])
    assert [row.paid for row in found.rows] == [Decimal(20), Decimal(100)]
    assert found.next_due is not None
    assert found.next_due.position == 1
