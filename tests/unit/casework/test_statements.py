"""Free text and instalments of an agreement."""

from datetime import date
from decimal import Decimal

import pytest

from casework.errors import InputInvalidError
from casework.statements import MAX_STATEMENT_LENGTH, Instalment, instalments, statement_text


def test_text_is_kept_without_the_space_around_it() -> None:
    assert statement_text("agreement_terms", "  一次性支付。\n") == "一次性支付。"


@pytest.mark.parametrize("value", [5, ["x"], "长" * (MAX_STATEMENT_LENGTH + 1)])
def test_what_is_no_text_or_far_too_long_is_refused(value: object) -> None:
    with pytest.raises(InputInvalidError):
        statement_text("remark", value)


def test_instalments_read_back_with_decimals_and_days() -> None:
    text = statement_text(
        "instalments",
        [
            {"amount": "5000", "due_on": date(2026, 4, 1), "payee_party_id": "p1", "account": "工商银行"},
            {"amount": 2500.5, "due_on": "2026-05-01"},
        ],
    )
    assert instalments(text) == (
        Instalment(1, Decimal("5000.00"), date(2026, 4, 1), payee_party_id="p1", account="工商银行"),
        Instalment(2, Decimal("2500.50"), date(2026, 5, 1)),
    )


def test_without_instalments_there_are_none() -> None:
    assert instalments(None) == ()


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ("5000", "a list"),
        ([{"amount": "5000", "due_on": "2026-05-01"}] * 121, "at most 120"),
        (["x"], "row 1: it is not a row"),
        ([{"due_on": "2026-05-01"}], "row 1: the amount"),
        ([{"amount": "NaN", "due_on": "2026-05-01"}], "row 1: the amount"),
        ([{"amount": "0", "due_on": "2026-05-01"}], "above zero"),
        ([{"amount": "1", "due_on": "2026-05-01"}, {"amount": "1", "due_on": "soon"}], "row 2: the due day"),
        ([{"amount": "1"}], "the due day"),
    ],
)
def test_a_wrong_instalment_is_named_by_its_row(rows: object, problem: str) -> None:
    with pytest.raises(InputInvalidError, match=problem):
        statement_text("instalments", rows)
