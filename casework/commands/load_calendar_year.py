"""Loads a year's work-day notice and has every open date counted again that may look at its days."""

from dataclasses import dataclass

from casework.access import Viewer
from casework.bureau import Bureau
from casework.calendar_years import YearNotice, YearVersion, put_calendar_year
from casework.deadline_recounts import cases_counted_through, request_recount
from casework.errors import CityOnlyError
from engine.commands.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class YearLoaded:
    """What loading a year brought about."""

    version: YearVersion | None
    """None: the same notice stood there already."""
    cases: int
    """Cases whose dates a worker will count again."""


def load_calendar_year(
    uow: UnitOfWork, bureau: Bureau, viewer: Viewer, notice: YearNotice, reason: str | None
) -> YearLoaded:
    """Keep the notice of a year, or a correction of it with a reason, and ask for the recount of open dates.

    Raises CityOnlyError unless the viewer is an administrator or a supervisor of the whole city,
    CalendarYearInvalidError, CalendarYearReasonMissingError.
    """
    require_city(bureau, viewer)
    version = put_calendar_year(uow, bureau, notice, reason)
    if version is None:
        return YearLoaded(None, 0)
    cause = {"kind": "calendar-year", "year": notice.year, "version": version.version}
    return YearLoaded(
        version, request_recount(uow, cause, recount_key(notice.year, version), cases_counted_through(notice.year))
    )


def recount_key(year: int, version: YearVersion) -> str:
    """Return the key under which the recount of a version of a year is found."""
    return f"calendar-year/{year}/{version.version}"


def require_city(bureau: Bureau, viewer: Viewer) -> None:
    """Return when the viewer may set what counts for the whole city. Raises CityOnlyError."""
    is_city = "supervisor" in viewer.roles and viewer.area_code == bureau.site.root_area
    if not is_city and "admin" not in viewer.roles:
        raise CityOnlyError()
