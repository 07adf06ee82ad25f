"""The safe date beside the computed one: the earliest reading of a period that somebody could reasonably hold."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Literal

from casework.deadlines.citations import Words
from casework.deadlines.projection import statutory_days
from casework.deadlines.rules import DeadlineRule, Unit
from casework.deadlines.work_calendar import WEEKDAYS_EN, WEEKDAYS_ZH, WorkCalendar

Reason = Literal["not-rolled", "calendar-days", "unpublished-year"]

MAKE_UP_WITHIN = 8
"""A make-up working Saturday or Sunday has never lain further than this many days from a statutory holiday."""
LIEU_WITHIN = 5
"""Nor has a day off in lieu been further from one."""

_REASONS: Mapping[Reason, Words] = MappingProxyType(
    {
        "not-rolled": Words("最后一日为休息日，不等顺延", "the last day is a rest day; do not wait for it to move"),
        "calendar-days": Words("条文中的“日”理解不一，按自然日计", "what “days” means is disputed, so calendar days"),
        "unpublished-year": Words(
            "放假安排尚未公布，周末可能调休上班，按最早的可能计",
            "the work days are not published and weekends may be worked, so the earliest possibility",
        ),
    }
)

_COURT = Words("人民法院", "the court")
_INSPECTION = Words("劳动保障监察机构", "the labour inspection")
_ARBITRATION = Words("仲裁机构", "the arbitration institution")
_DECIDES: Mapping[str, Words] = MappingProxyType(
    {
        "judicial-confirmation": _COURT,
        "payment-order": _COURT,
        "court-delegation": _COURT,
        "court-entrustment": _COURT,
        "online-mediation": _COURT,
        "litigation": _COURT,
        "setting-aside": _COURT,
        "enforcement": _COURT,
        "inspection": _INSPECTION,
    }
)
"""Stage of a rule -> who decides whether something was in time; the arbitration institution for all others."""


@dataclass(frozen=True, slots=True)
class SafeDate:
    """The earliest reading, and which doubts made it earlier than the computed date."""

    day: date
    reasons: tuple[Reason, ...]


def safe_date(
    rule: DeadlineRule, start: date, length: int, due: date, ends_on: date, calendar: WorkCalendar
) -> SafeDate:
    """Return the safe date of a period of `length` units counted from `start`; it never lies after `due`.

    A last day that is a rest day stays the last day. A period whose unit is disputed (the office may set it) is
    counted in calendar days. In a year whose work days are not published, every weekend near a statutory holiday
    counts as worked, because it may be made up on; counted backwards, weekdays near one count as free.
    Raises DateOutsideCalendarError.
    """
    if rule.unit is not Unit.WORKING_DAY:
        return SafeDate(min(ends_on, due), ("not-rolled",) if ends_on < due else ())
    if "unit" in rule.settable and rule.direction == "forward":
        plain = start + timedelta(days=length)
        return SafeDate(min(plain, due), ("calendar-days",) if plain < due else ())
    if length == 0:
        return SafeDate(start, ("not-rolled",) if start < due else ())
    day = _earliest(start, length, calendar, forward=rule.direction == "forward")
    return SafeDate(day, ("unpublished-year",)) if day < due else SafeDate(due, ())


def safe_words(rule: DeadlineRule, safe: SafeDate, *, provisional: bool) -> Words:
    """Return what people are told about the safe date, and who decides, in both languages."""
    zh = f"稳妥日期：{safe.day}（{WEEKDAYS_ZH[safe.day.weekday()]}）"
    en = f"Safe date: {WEEKDAYS_EN[safe.day.weekday()]} {safe.day}"
    if safe.reasons:
        zh += "，" + "；".join(_REASONS[reason].zh for reason in safe.reasons)
        en += ", because " + "; ".join(_REASONS[reason].en for reason in safe.reasons)
    else:
        zh += "，与计算日期相同"
        en += ", the same as the computed date"
    if provisional:
        zh += "；有关年份放假安排尚未公布，均为暂定"
        en += "; provisional, because the work days of that year are not published"
    if rule.basis_kind == "house":
        return Words(f"{zh}。", f"{en}.")
    body = _DECIDES.get(rule.stage, _ARBITRATION)
    return Words(f"{zh}。是否逾期，以{body.zh}认定为准。", f"{en}. Whether it was in time is for {body.en} to decide.")


def safe_words_of(rule: DeadlineRule, day: date, due: date, *, provisional: bool) -> Words:
    """Return the same for a period whose clock was stopped, set back or extended."""
    return safe_words(rule, SafeDate(day, ("not-rolled",) if day < due else ()), provisional=provisional)


def _earliest(start: date, length: int, calendar: WorkCalendar, *, forward: bool) -> date:
    """Return the working day numbered `length` under the calendar that makes it earliest."""
    counts: Callable[[date], bool] = (
        (lambda day: calendar.is_working_day(day) or _may_be_made_up(day, calendar))
        if forward
        else (lambda day: calendar.is_working_day(day) and not _may_be_free(day, calendar))
    )
    day, left = start, length
    while left:
        day += timedelta(days=1 if forward else -1)
        left -= counts(day)
    return day


def _may_be_made_up(day: date, calendar: WorkCalendar) -> bool:
    return not calendar.is_published(day.year) and calendar.day(day).kind == "weekend" and _near(day, MAKE_UP_WITHIN)


def _may_be_free(day: date, calendar: WorkCalendar) -> bool:
    return not calendar.is_published(day.year) and calendar.day(day).kind == "working" and _near(day, LIEU_WITHIN)


def _near(day: date, within: int) -> bool:
    """Tell whether a statutory holiday lies within so many days of `day`."""
    return any(
        abs((holiday - day).days) <= within
        for year in {(day - timedelta(days=within)).year, (day + timedelta(days=within)).year}
        for holiday in statutory_days(year)
    )
