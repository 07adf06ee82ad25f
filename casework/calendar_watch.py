"""Watches that next year's work days are entered in time: the notice is usually out by November."""

from datetime import date

import sqlalchemy as sa

from casework.bureau import Bureau
from casework.calendar_days import load_calendar
from casework.deadlines.work_calendar import WorkCalendar
from casework.notifications import record_notification
from casework.store.tables import user_account
from casework.work import Work, today_of

TEMPLATE = "calendar-year-missing"


def missing_year(calendar: WorkCalendar, today: date) -> int | None:
    """Return the year that should be published by now and is not: this one, or after 1 December the next one."""
    if not calendar.is_published(today.year):
        return today.year
    if today >= date(today.year, 12, 1) and not calendar.is_published(today.year + 1):
        return today.year + 1
    return None


def warn_of_missing_year(work: Work, bureau: Bureau) -> int | None:
    """Tell administrators and the city's supervisors, once a day, that a year is missing; return the year."""
    today = today_of(work)
    year = missing_year(load_calendar(work.connection), today)
    if year is None:
        return None
    is_city = sa.and_(user_account.c.roles.contains(["supervisor"]), user_account.c.area_code == bureau.site.root_area)
    users = work.connection.execute(
        sa.select(user_account.c.id)
        .where(user_account.c.is_active, sa.or_(user_account.c.roles.contains(["admin"]), is_city))
        .order_by(user_account.c.id)
    ).scalars()
    for user_id in users.all():
        record_notification(
            work,
            None,
            template=TEMPLATE,
            channel="in-app",
            idempotency_key=f"{TEMPLATE}/{year}/{today}/{user_id}",
            user_id=user_id,
            facts={"year": year},
        )
    return year
