"""Money and dates as official papers write them: figures, capital numerals (大写) and Chinese dates."""

from datetime import date
from decimal import Decimal

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_EVERYDAY = "零一二三四五六七八九"
_PLACES = ("", "拾", "佰", "仟")
_LIMIT = Decimal(10) ** 16


def capital_amount(amount: Decimal) -> str:
    """Return `amount` (yuan) in capital numerals, e.g. 10005 -> 壹万零伍元整, 0.05 -> 伍分.

    Written as the settlement rules for bills ask: 整 closes an amount without 分, one 零 stands for skipped places,
    and 零 stands between 元 and 分 when there is no 角.
    Raises ValueError for a negative amount, for parts of a 分, and from 10^16 yuan on.
    """
    cents = amount * 100
    if not amount.is_finite() or amount < 0 or amount >= _LIMIT or cents != cents.to_integral_value():
        raise ValueError("an amount is between 0 and 9999999999999999.99 yuan, in whole fen")
    yuan, rest = divmod(int(cents), 100)
    jiao, fen = divmod(rest, 10)
    words = f"{_integer(yuan)}元" if yuan or not rest else ""
    if jiao:
        words += f"{_DIGITS[jiao]}角"
    elif fen and yuan:
        words += "零"
    return words + (f"{_DIGITS[fen]}分" if fen else "整")


def figure_amount(amount: Decimal) -> str:
    """Return `amount` (yuan) in figures with thousands separators and two decimals, e.g. 12,345.00."""
    return f"{amount:,.2f}"


def chinese_date(day: date) -> str:
    """Return the day as papers write it, e.g. 2026年2月24日."""
    return f"{day.year}年{day.month}月{day.day}日"


def chinese_count(number: int) -> str:
    """Return 1..999 in everyday Chinese numerals, as in 一式三份: 3 -> 三, 12 -> 十二, 34 -> 三十四, 105 -> 一百零五.

    Raises ValueError outside that range.
    """
    if not 1 <= number <= 999:
        raise ValueError("a count lies between 1 and 999")
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    words = f"{_EVERYDAY[hundreds]}百" if hundreds else ""
    if tens:
        words += "十" if number < 20 else f"{_EVERYDAY[tens]}十"
    elif hundreds and ones:
        words += _EVERYDAY[0]
    return words + (_EVERYDAY[ones] if ones else "")


def _integer(number: int) -> str:
    """Return the capital numerals of a whole number below 10^16."""
    if number == 0:
        return _DIGITS[0]
    if number >= 10**8:
        return _joined(_integer(number // 10**8) + "亿", number % 10**8, places=8)
    if number >= 10**4:
        return _joined(_section(number // 10**4) + "万", number % 10**4, places=4)
    return _section(number)


def _joined(head: str, tail: int, *, places: int) -> str:
    """Return `head` followed by the words of `tail`, with one 零 where leading places of the tail are empty."""
    if tail == 0:
        return head
    gap = _DIGITS[0] if tail < 10 ** (places - 1) else ""
    return head + gap + _integer(tail)


def _section(number: int) -> str:
    """Return the capital numerals of 1..9999."""
    words, is_gap = "", False
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if digit:
            words += (_DIGITS[0] if is_gap and words else "") + _DIGITS[digit] + _PLACES[place]
        is_gap = digit == 0
    return words
