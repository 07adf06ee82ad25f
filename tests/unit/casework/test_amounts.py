"""Money and dates as official papers write them."""

from datetime import date
from decimal import Decimal

import pytest

from casework.amounts import capital_amount, chinese_count, chinese_date, figure_amount


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0", "零元整"),
        ("0.00", "零元整"),
        ("0.05", "伍分"),
        ("0.50", "伍角整"),
        ("0.55", "伍角伍分"),
        ("1", "壹元整"),
        ("10", "壹拾元整"),
        ("10.10", "壹拾元壹角整"),
        ("15.02", "壹拾伍元零贰分"),
        ("20.00", "贰拾元整"),
        ("101", "壹佰零壹元整"),
        ("1001", "壹仟零壹元整"),
        ("1010", "壹仟零壹拾元整"),
        ("1409.50", "壹仟肆佰零玖元伍角整"),
        ("1680.32", "壹仟陆佰捌拾元叁角贰分"),
        ("6007.14", "陆仟零柒元壹角肆分"),
        ("10000", "壹万元整"),
        ("10005.00", "壹万零伍元整"),
        ("10010", "壹万零壹拾元整"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("100000", "壹拾万元整"),
        ("107000.53", "壹拾万柒仟元伍角叁分"),
        ("1000001", "壹佰万零壹元整"),
        ("10000000", "壹仟万元整"),
        ("100000000", "壹亿元整"),
        ("100000001", "壹亿零壹元整"),
        ("100010010", "壹亿零壹万零壹拾元整"),
        ("105000000", "壹亿零伍佰万元整"),
        ("150000000", "壹亿伍仟万元整"),
        ("1000000000000", "壹万亿元整"),
        ("1000100000000", "壹万零壹亿元整"),
        ("1000000000000.01", "壹万亿元零壹分"),
        (
            "9999999999999999.99",
            "玖仟玖佰玖拾玖万玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分",
        ),
    ],
)
def test_an_amount_in_capital_numerals(amount: str, words: str) -> None:
    assert capital_amount(Decimal(amount)) == words


@pytest.mark.parametrize("amount", ["-1", "-0.01", "0.001", "10000000000000000", "NaN", "Infinity"])
def test_an_amount_that_no_paper_may_carry_is_refused(amount: str) -> None:
    with pytest.raises(ValueError, match="an amount is between"):
        capital_amount(Decimal(amount))


def test_capital_numerals_of_neighbours_never_coincide() -> None:
    words = [capital_amount(Decimal(number) / 100) for number in range(0, 2_000_000, 97)]
    assert len(set(words)) == len(words)


def test_figures_have_separators_and_two_decimals() -> None:
    assert [figure_amount(Decimal(each)) for each in ("0", "1234.5", "30000.75")] == ["0.00", "1,234.50", "30,000.75"]


def test_a_day_is_written_without_leading_zeros() -> None:
    assert chinese_date(date(2026, 2, 24)) == "2026年2月24日"
    assert chinese_date(date(2026, 12, 5)) == "2026年12月5日"


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "一"),
        (3, "三"),
        (10, "十"),
        (12, "十二"),
        (20, "二十"),
        (34, "三十四"),
        (105, "一百零五"),
        (110, "一百一十"),
    ],
)
def test_a_count_in_everyday_numerals(number: int, words: str) -> None:
    assert chinese_count(number) == words


@pytest.mark.parametrize("number", [0, 1000, -1])
def test_a_count_nobody_would_write_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match="a count lies between"):
        chinese_count(number)
