"""Counting the deadlines of many cases again after something common to them changed: asked for at once, done in turn."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from casework.calendar_days import load_calendar
from casework.deadlines.work_calendar import WorkCalendar
from casework.recount_services import recount_services
from casework.service_records import PHOTOGRAPHED
from casework.store.service_records import services_counted_through
from casework.store.tables import deadline_recount, dispute
from casework.work import Work
from engine.commands.reevaluate_timers import DueDateMoved, Reevaluation, TimerMoved, reevaluate_deadlines
from engine.commands.unit_of_work import UnitOfWork
from engine.domain.clock import day_start, shanghai_date
from engine.domain.errors import TingzhuError
from engine.queries.pages import Page, fetch_page
from engine.store.cases import lock_case
from engine.store.tables import case, timer, user_task

BATCH = 50
"""Cases that one round counts again, each in a transaction of its own under its case's lock."""

MARGIN = timedelta(days=60)
"""A period that is due so long before a year begins does not look at its days."""


def request_recount(uow: Work, cause: Mapping[str, Any], cause_key: str, cases: sa.Select[tuple[UUID]]) -> int:
    """Ask for every case of the query to be counted again; return how many were not asked for already.

    A worker does it soon after the commit. `cause` is kept beside every date that moves.
    """
    case_ids = uow.connection.execute(cases).scalars().all()
    if not case_ids:
        return 0
    rows = [
        {
            "id": uow.ids(),
            "case_id": case_id,
            "cause": dict(cause),
            "cause_key": cause_key,
            "state": "pending",
            "requested_at": uow.now,
        }
        for case_id in sorted(case_ids)
    ]
    statement = insert(deadline_recount).on_conflict_do_nothing().returning(deadline_recount.c.id)
    return len(uow.connection.execute(statement, rows).all())


def cases_counted_through(year: int) -> sa.Select[tuple[UUID]]:
    """Return the query of cases with an open explained date, or a service counted in working days, whose count may touch
    days of `year`.
    """
    from_day = day_start(date(year, 1, 1) - MARGIN)
    until = date(year, 12, 31).isoformat()
    services = services_counted_through(date(year, 1, 1) - MARGIN, date(year, 12, 31), PHOTOGRAPHED)
    open_cases = _open_cases(
        sa.and_(timer.c.due_at >= from_day, timer.c.explanation["start"].astext <= until),
        sa.and_(user_task.c.due_at >= from_day, user_task.c.due_explanation["start"].astext <= until),
    )
    both = sa.union(open_cases, services).subquery()
    return sa.select(both.c.case_id)


def cases_wrongly_provisional(calendar: WorkCalendar, today: date) -> sa.Select[tuple[UUID]]:
    """Return the query of cases with a provisional date although every year up to it is published by now."""
    year = today.year
    while calendar.is_published(year):
        year += 1
    before = day_start(date(year, 1, 1) - timedelta(days=1))
    return _open_cases(
        sa.and_(timer.c.due_at <= before, timer.c.is_provisional),
        sa.and_(user_task.c.due_at <= before, user_task.c.due_explanation["provisional"].astext == "true"),
    )


def _open_cases(timers: sa.ColumnElement[bool], tasks: sa.ColumnElement[bool]) -> sa.Select[tuple[UUID]]:
    waiting = sa.select(timer.c.case_id).where(timer.c.state == "waiting", timer.c.explanation.is_not(None), timers)
    still_open = sa.select(user_task.c.case_id).where(
        user_task.c.state.in_(["created", "assigned"]), user_task.c.due_explanation.is_not(None), tasks
    )
    both = sa.union(waiting, still_open).subquery()
    return sa.select(both.c.case_id)


def request_overdue_recounts(uow: UnitOfWork) -> int:
    """Ask for cases whose dates are provisional without need: the software brought a newer calendar, or a step raced."""
    calendar = load_calendar(uow.connection)
    today = shanghai_date(uow.now)
    cause = {"kind": "calendar-published", "on": today.isoformat()}
    return request_recount(uow, cause, f"calendar-published/{today}", cases_wrongly_provisional(calendar, today))


def run_recounts(begin: Callable[[], AbstractContextManager[UnitOfWork]], limit: int = BATCH) -> int:
    """Count up to `limit` cases again, each in its own transaction; return how many were looked at.

    A case whose dates cannot be counted keeps the old ones and is marked failed with the sentence that says why.
    """
    with begin() as uow:
        waiting = uow.connection.execute(
            sa.select(deadline_recount.c.id, deadline_recount.c.case_id)
            .where(deadline_recount.c.state == "pending")
            .order_by(deadline_recount.c.requested_at, deadline_recount.c.id)
            .limit(limit)
        ).all()
    for row in waiting:
        try:
            with begin() as uow:
                recount_case(uow, row.id, row.case_id)
        except TingzhuError as error:
            with begin() as uow:
                _end(uow, row.id, "failed", [], f"{error.sentence('zh')} / {error.sentence('en')}")
    return len(waiting)


def recount_case(uow: UnitOfWork, recount_id: UUID, case_id: UUID) -> Reevaluation | None:
    """Do one recount under the case's lock; None when somebody else has done it."""
    lock_case(uow.connection, case_id)
    row = uow.connection.execute(sa.select(deadline_recount).where(deadline_recount.c.id == recount_id)).one()
    if row.state != "pending":
        return None
    services, followed = recount_services(uow, case_id, row.cause)
    found = reevaluate_deadlines(uow, case_id, row.cause)
    moved = services + [_moved("timer", each.timer_id, each) for each in (*followed, *found.timers)]
    moved += [_moved("user-task", each.user_task_id, each) for each in found.due_dates]
    _end(uow, recount_id, "done", [each for each in moved if _is_another_date(each)], None)
    return found


@dataclass(frozen=True, slots=True)
class RecountProgress:
    """How far the recount of one cause has come, in cases."""

    pending: int
    done: int
    failed: int


def recount_progress(connection: sa.Connection, cause_key: str) -> RecountProgress:
    """Return how many cases of a cause wait, are done, or could not be counted."""
    rows = connection.execute(
        sa.select(deadline_recount.c.state, sa.func.count())
        .where(deadline_recount.c.cause_key == cause_key)
        .group_by(deadline_recount.c.state)
    )
    found: dict[str, int] = {row[0]: row[1] for row in rows}
    return RecountProgress(found.get("pending", 0), found.get("done", 0), found.get("failed", 0))


def list_moved(
    connection: sa.Connection,
    cause_key: str,
    scope: sa.ColumnElement[bool],
    *,
    after: Any = None,
    limit: int = 50,
) -> Page:
    """Return the cases of a cause that moved or failed, with what moved; `scope` is over `deadline_recount.case_id`."""
    numbered = dispute.alias("numbered")  # the scope asks about `dispute` itself
    statement = (
        sa.select(deadline_recount, case.c.business_key, numbered.c.number)
        .join(case, case.c.id == deadline_recount.c.case_id)
        .outerjoin(numbered, numbered.c.case_id == deadline_recount.c.case_id)
        .where(
            deadline_recount.c.cause_key == cause_key,
            scope,
            sa.or_(deadline_recount.c.state == "failed", sa.func.jsonb_array_length(deadline_recount.c.moved) > 0),
        )
    )
    return fetch_page(connection, statement, [deadline_recount.c.id], after=after, limit=limit)


def _moved(what: str, row_id: UUID, moved: TimerMoved | DueDateMoved) -> dict[str, Any]:
    old, new = moved.old_explanation or {}, moved.new_explanation or {}
    return {
        "what": what,
        "id": str(row_id),
        "element_id": moved.element_id,
        "element_name": moved.element_name,
        "rule": new.get("rule"),
        "old_due_on": old.get("due") or _day(moved.old_due_at),
        "new_due_on": new.get("due") or _day(moved.new_due_at),
        "old_safe_on": old.get("safe"),
        "new_safe_on": new.get("safe"),
        "is_provisional": bool(new.get("provisional")),
        "old_due_at": moved.old_due_at.isoformat() if moved.old_due_at else None,
        "new_due_at": moved.new_due_at.isoformat() if moved.new_due_at else None,
    }


def _is_another_date(moved: Mapping[str, Any]) -> bool:
    """Tell whether a date changed, not only the words about it (a provisional date that is settled now)."""
    return any(moved[f"old_{name}"] != moved[f"new_{name}"] for name in ("due_on", "safe_on", "due_at"))


def _day(instant: datetime | None) -> str | None:
    return shanghai_date(instant - timedelta(seconds=1)).isoformat() if instant else None


def _end(uow: UnitOfWork, recount_id: UUID, state: str, moved: list[dict[str, Any]], problem: str | None) -> None:
    uow.connection.execute(
        sa.update(deadline_recount)
        .where(deadline_recount.c.id == recount_id, deadline_recount.c.state == "pending")
        .values(state=state, moved=moved, problem=problem, ended_at=uow.now)
    )
