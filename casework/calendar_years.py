"""Calendar years: the State Council's yearly notice as the office enters it, checked, kept with every correction."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from casework.bureau import Bureau
from casework.calendar_days import load_calendar
from casework.deadlines.projection import LAST_PROJECTED_YEAR, statutory_days
from casework.deadlines.published import published_years
from casework.deadlines.work_calendar import WEEKDAYS_ZH, WorkCalendar
from casework.encryption import place
from casework.errors import CalendarYearInvalidError, CalendarYearReasonMissingError
from casework.store.tables import calendar_day, calendar_year
from casework.work import Work

Origin = Literal["notice", "software", "projection"]
"""Entered by the office, shipped with the software, or weekends and statutory holidays alone."""

LONGEST_NAME = 20
MOST_REST_DAYS = 60
MOST_MAKE_UP_DAYS = 20


@dataclass(frozen=True, slots=True)
class YearNotice:
    """What the notice of one year says beyond plain weekends."""

    year: int
    number: str
    """The number of the notice, e.g. 国办发明电〔2025〕7号."""
    rest_days: Mapping[date, str]
    """Every day off that the notice names, weekends inside a holiday included, with the holiday's name."""
    make_up_days: frozenset[date]
    """Saturdays and Sundays that are worked."""


@dataclass(frozen=True, slots=True)
class YearVersion:
    """One notice as it was entered for a year."""

    version: int
    notice: YearNotice
    recorded_at: datetime
    recorded_by: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class CalendarYear:
    """A year as deadlines are counted with it now."""

    year: int
    origin: Origin
    notice_number: str | None
    rest_days: Mapping[date, str]
    make_up_days: tuple[date, ...]
    working_days: int
    versions: tuple[YearVersion, ...]

    @property
    def is_published(self) -> bool:
        """Whether dates counted through this year are settled."""
        return self.origin != "projection"


def check_notice(notice: YearNotice) -> None:
    """Raise CalendarYearInvalidError naming everything in `notice` that cannot be so.

    Every day lies in its year, make-up days are Saturdays or Sundays and no rest days, and the thirteen statutory
    holidays (Regulation on Public Holidays, Art. 2) are all among the rest days.
    """
    problems = list(_problems(notice))
    if problems:
        raise CalendarYearInvalidError(year=notice.year, problems=problems)


def put_calendar_year(work: Work, bureau: Bureau, notice: YearNotice, reason: str | None) -> YearVersion | None:
    """Keep a year's notice; return the new version, or None when the same stands there already.

    What the office entered for single days stays and prevails. Raises CalendarYearInvalidError, and
    CalendarYearReasonMissingError when it replaces a notice (entered, or shipped with the software) without a reason.
    """
    check_notice(notice)
    work.connection.execute(sa.text("select pg_advisory_xact_lock(hashtext('calendar_year'))"))
    before = _versions(work.connection, bureau, notice.year)
    if before and before[-1].notice == notice:
        return None
    said = (reason or "").strip() or None
    if said is None and (before or notice.year in published_years()):
        raise CalendarYearReasonMissingError(year=notice.year)
    version = YearVersion(len(before) + 1, notice, work.now, work.actor.id, said)
    row_id = work.ids()
    work.connection.execute(
        sa.insert(calendar_year).values(
            id=row_id,
            year=notice.year,
            version=version.version,
            notice_number=notice.number,
            rest_days=[{"day": day.isoformat(), "name": name} for day, name in sorted(notice.rest_days.items())],
            make_up_days=[day.isoformat() for day in sorted(notice.make_up_days)],
            recorded_at=work.now,
            recorded_by=work.actor.id,
            reason=bureau.keyring.seal_optional(said, place("calendar_year", "reason", row_id)),
        )
    )
    _put_days(work, notice)
    return version


def read_calendar_year(connection: sa.Connection, bureau: Bureau, year: int) -> CalendarYear:
    """Return a year as it counts now, with every notice entered for it. Raises DateOutsideCalendarError."""
    return _shown(load_calendar(connection), year, _versions(connection, bureau, year))


def list_calendar_years(connection: sa.Connection, bureau: Bureau, this_year: int) -> list[CalendarYear]:
    """Return the years that cases of today may touch: from last year on, to the last one entered or the one after next."""
    calendar = load_calendar(connection)
    last = max([this_year + 2, *calendar.loaded_years])
    return [
        _shown(calendar, year, _versions(connection, bureau, year))
        for year in range(this_year - 1, min(last, LAST_PROJECTED_YEAR) + 1)
    ]


def _shown(calendar: WorkCalendar, year: int, versions: tuple[YearVersion, ...]) -> CalendarYear:
    calendar.require(date(year, 1, 1))
    days = [
        calendar.day(date(year, 1, 1) + timedelta(days=n))
        for n in range((date(year, 12, 31) - date(year, 1, 1)).days + 1)
    ]
    origin: Origin = "notice" if versions else "software" if calendar.is_published(year) else "projection"
    return CalendarYear(
        year=year,
        origin=origin,
        notice_number=versions[-1].notice.number if versions else None,
        rest_days={day.day: day.zh for day in days if day.kind == "holiday"},
        make_up_days=tuple(day.day for day in days if day.kind == "make-up"),
        working_days=sum(day.is_working for day in days),
        versions=versions,
    )


def _versions(connection: sa.Connection, bureau: Bureau, year: int) -> tuple[YearVersion, ...]:
    rows = connection.execute(
        sa.select(calendar_year).where(calendar_year.c.year == year).order_by(calendar_year.c.version)
    )
    return tuple(
        YearVersion(
            version=row.version,
            notice=YearNotice(
                year=row.year,
                number=row.notice_number,
                rest_days={date.fromisoformat(each["day"]): each["name"] for each in row.rest_days},
                make_up_days=frozenset(date.fromisoformat(day) for day in row.make_up_days),
            ),
            recorded_at=row.recorded_at,
            recorded_by=row.recorded_by,
            reason=bureau.keyring.open_optional(row.reason, place("calendar_year", "reason", row.id)),
        )
        for row in rows
    )


def _put_days(work: Work, notice: YearNotice) -> None:
    """Replace the days of the notice before; days that the office changed one by one are left alone."""
    first, last = date(notice.year, 1, 1), date(notice.year, 12, 31)
    work.connection.execute(
        sa.delete(calendar_day).where(calendar_day.c.day.between(first, last), calendar_day.c.source == "notice")
    )
    rows = [
        {"day": day, "is_working": False, "label": name, "source": "notice", "updated_at": work.now}
        for day, name in sorted(notice.rest_days.items())
    ]
    rows += [
        {"day": day, "is_working": True, "label": None, "source": "notice", "updated_at": work.now}
        for day in sorted(notice.make_up_days)
    ]
    work.connection.execute(insert(calendar_day).on_conflict_do_nothing(), rows)


def _problems(notice: YearNotice) -> Iterator[dict[str, Any]]:
    if not min(published_years()) <= notice.year <= LAST_PROJECTED_YEAR:
        zh = f"年份须在 {min(published_years())} 至 {LAST_PROJECTED_YEAR} 之间。"
        en = f"The year must lie between {min(published_years())} and {LAST_PROJECTED_YEAR}."
        yield _problem("year", "year_outside_calendar", zh, en)
        return
    if not notice.number.strip():
        yield _problem("notice_number", "notice_missing", "请写明通知文号。", "Give the number of the notice.")
    for day in sorted([*notice.rest_days, *notice.make_up_days]):
        if day.year != notice.year:
            path = "rest_days" if day in notice.rest_days else "make_up_days"
            yield _problem(
                path, "day_in_another_year", f"{day} 不在 {notice.year} 年。", f"{day} does not lie in {notice.year}."
            )
    for day, name in sorted(notice.rest_days.items()):
        if not 0 < len(name.strip()) <= LONGEST_NAME:
            yield _problem(
                "rest_days",
                "name_missing",
                f"{day} 缺少节日名称（不超过 {LONGEST_NAME} 字）。",
                f"{day} needs the name of its holiday, at most {LONGEST_NAME} characters.",
            )
    for day in sorted(notice.make_up_days):
        if day in notice.rest_days:
            yield _problem(
                "make_up_days",
                "day_contradictory",
                f"{day} 既列为放假又列为上班。",
                f"{day} is both a rest day and a make-up day.",
            )
        elif day.weekday() < 5:
            yield _problem(
                "make_up_days",
                "make_up_day_not_on_weekend",
                f"{day} 是{WEEKDAYS_ZH[day.weekday()]}，调休上班日只能是星期六、星期日。",
                f"{day} is no Saturday or Sunday, and only those are worked to make up.",
            )
    for day, (zh, en) in statutory_days(notice.year).items():
        if day not in notice.rest_days:
            yield _problem(
                "rest_days",
                "statutory_day_missing",
                f"缺少法定节假日 {day}（{zh}）。",
                f"The statutory holiday {day} ({en}) is missing.",
            )
    if len(notice.rest_days) > MOST_REST_DAYS or len(notice.make_up_days) > MOST_MAKE_UP_DAYS:
        yield _problem(
            "rest_days",
            "too_many_days",
            f"放假日不应超过 {MOST_REST_DAYS} 天，调休上班日不应超过 {MOST_MAKE_UP_DAYS} 天；不要列出普通周末。",
            f"More than {MOST_REST_DAYS} rest days or {MOST_MAKE_UP_DAYS} make-up days; leave plain weekends out.",
        )


def _problem(path: str, code: str, zh: str, en: str) -> dict[str, Any]:
    return {"path": path, "code": code, "zh": zh, "en": en}
