"""Statutory holidays of years whose work-day notice is not published yet."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from types import MappingProxyType

LAST_PROJECTED_YEAR = 2100
"""The lunar tables behind Spring Festival, Dragon Boat and Mid-Autumn end with this year."""


@cache
def statutory_days(year: int) -> Mapping[date, tuple[str, str]]:
    """Return the statutory holidays of `year` with their Chinese and English names.

    These are the thirteen days of the Regulation on Public Holidays as revised on 2024-11-10, Art. 2: New Year 1,
    Spring Festival 4 from New Year's Eve, Qingming 1, Labour Day 2, Dragon Boat 1, Mid-Autumn 1, National Day 3
    (twelve dates when Mid-Autumn falls on National Day). Days off in lieu are left out: which ones they are is for the
    yearly notice to say, and without them a projected due date errs on the early, safe side.
    """
    # the package takes 0.1 s to import, and most dates lie in published years
    from holidays.countries.china import China

    zh = China(years=year, observed=False, language="zh_CN")  # type: ignore[no-untyped-call]
    en = China(years=year, observed=False, language="en_US")  # type: ignore[no-untyped-call]
    return MappingProxyType({day: (zh[day], en[day]) for day in sorted(zh)})
