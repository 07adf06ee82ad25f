"""The office's own calendar days, kept in the database; they prevail over published and projected ones."""

from collections.abc import Mapping
from datetime import date
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from casework.deadlines.work_calendar import DayOverride, WorkCalendar
from casework.store.tables import calendar_day
from casework.work import Work

Source = Literal["notice", "office"]
"""A day of a year's whole notice, or a single day that the office has changed."""


def load_calendar(connection: sa.Connection) -> WorkCalendar:
    """Return the calendar with every day entered; a year with days from its notice counts as published."""
    rows = connection.execute(sa.select(calendar_day)).all()
    return WorkCalendar(
        overrides={row.day: DayOverride(row.is_working, row.label) for row in rows},
        loaded_years=frozenset(row.day.year for row in rows if row.source == "notice"),
    )


def calendar_version(connection: sa.Connection) -> tuple[int, object]:
    """Return a value that changes whenever a day was entered, changed or removed."""
    row = connection.execute(sa.select(sa.func.count(), sa.func.max(calendar_day.c.updated_at))).one()
    return row[0], row[1]


def put_calendar_days(work: Work, days: Mapping[date, DayOverride], source: Source) -> None:
    """Enter or change days."""
    for day, override in days.items():
        values = {
            "is_working": override.is_working,
            "label": override.label,
            "source": source,
            "updated_at": work.now,
        }
        work.connection.execute(
            insert(calendar_day).values(day=day, **values).on_conflict_do_update(index_elements=["day"], set_=values)
        )
