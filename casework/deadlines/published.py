"""Work-day notices of the State Council that came with the software, by year."""

from datetime import date
from functools import cache

import chinese_calendar

IN_LIEU_ZH = "（调休）"
IN_LIEU_EN = " (day off in lieu)"


@cache
def published_years() -> frozenset[int]:
    """Return the years whose notice is known; the package is asked, so a newer one knows more."""
    return frozenset(day.year for day in chinese_calendar.holidays)


def published_rest_day(day: date) -> tuple[str, str] | None:
    """Return the Chinese and English name of the holiday that makes `day` a rest day, or None.

    A day off in lieu bears the name of its holiday, marked as such. Plain weekends are not named here.
    """
    name = chinese_calendar.holidays.get(day)
    if name is None:
        return None
    chinese = chinese_calendar.Holiday(name).chinese
    if day in chinese_calendar.in_lieu_days:
        return f"{chinese}假期{IN_LIEU_ZH}", name + IN_LIEU_EN
    return f"{chinese}假期", name


def is_make_up_day(day: date) -> bool:
    """Tell whether a Saturday or Sunday is worked to make up for a day off in lieu."""
    return day in chinese_calendar.workdays
