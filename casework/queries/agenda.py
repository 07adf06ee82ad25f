"""The agenda of somebody, or of their organisation: sessions of mediation and the days by which things are due."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Literal
from uuid import UUID

import sqlalchemy as sa

from casework.access import Viewer, case_scope
from casework.bureau import Bureau
from casework.encryption import place
from casework.store.tables import appointment, dispute, statement
from engine.domain.clock import SHANGHAI, shanghai_date
from engine.store.tables import job, timer, user_task

Whose = Literal["me", "organisation"]
"""What is mine: tasks I hold and sessions of cases that I am appointed to; or everything of the cases in my scope."""

SESSION_PAPER = "mediation-session-notice"
LONGEST = 1000
"""Entries that one agenda holds."""
_PLACE = "mediation_place"


@dataclass(frozen=True, slots=True)
class AgendaEntry:
    """Something on a day: no person is named in it."""

    what: Literal["session", "user-task", "deadline"]
    id: UUID
    """Of the notice's job, the user task or the timer."""
    case_id: UUID
    number: str
    element_name: str
    day: date
    """The day of the session, or the last day."""
    at: datetime | None
    """When the session begins."""
    place: str | None
    user_task_id: UUID | None
    assignee: str | None


def agenda(
    connection: sa.Connection, bureau: Bureau, viewer: Viewer, whose: Whose, first: date, last: date
) -> list[AgendaEntry]:
    """Return what lies between two days, both included, by day and time; at most LONGEST entries.

    A session stands where a notice told of it. Deadlines of the law belong to the organisation; a task's due day to
    whoever holds it too.
    """
    found = [
        *_sessions(connection, bureau, viewer, whose, first, last),
        *_user_tasks(connection, viewer, whose, first, last),
        *(_deadlines(connection, viewer, first, last) if whose == "organisation" else ()),
    ]
    found.sort(
        key=lambda each: (
            each.day,
            each.at is None,
            each.at or datetime.max.replace(tzinfo=SHANGHAI),
            each.number,
            each.id,
        )
    )
    return found[:LONGEST]


def _sessions(
    connection: sa.Connection, bureau: Bureau, viewer: Viewer, whose: Whose, first: date, last: date
) -> Iterable[AgendaEntry]:
    rows = connection.execute(
        sa.select(job.c.id, job.c.case_id, job.c.element_name, job.c.input, dispute.c.number)
        .join(dispute, dispute.c.case_id == job.c.case_id)
        .where(
            job.c.job_type == "render-document",
            job.c.input["kind"].astext == SESSION_PAPER,
            job.c.input["held_at"]["value"].astext >= (first - timedelta(days=1)).isoformat(),
            job.c.input["held_at"]["value"].astext < (last + timedelta(days=2)).isoformat(),
            job.c.state != "canceled",
            case_scope(viewer),
            *([_is_appointed(viewer)] if whose == "me" else []),
        )
        .order_by(job.c.id)
        .limit(LONGEST)
    ).all()
    places = _places(connection, bureau, [row.case_id for row in rows])
    seen = set()
    for row in rows:
        at = datetime.fromisoformat(row.input["held_at"]["value"]).astimezone(SHANGHAI)
        if not first <= at.date() <= last or (row.case_id, at) in seen:
            continue
        seen.add((row.case_id, at))
        yield AgendaEntry(
            "session", row.id, row.case_id, row.number, row.element_name, at.date(), at, places.get(row.case_id), None, None
        )  # fmt: skip


def _user_tasks(
    connection: sa.Connection, viewer: Viewer, whose: Whose, first: date, last: date
) -> Iterable[AgendaEntry]:
    rows = connection.execute(
        sa.select(user_task, dispute.c.number)
        .join(dispute, dispute.c.case_id == user_task.c.case_id)
        .where(
            user_task.c.state.in_(("created", "assigned")),
            *_within(user_task.c.due_at, first, last),
            case_scope(viewer),
            *([user_task.c.assignee == viewer.actor.id] if whose == "me" else []),
        )
        .order_by(user_task.c.due_at, user_task.c.id)
        .limit(LONGEST)
    )
    for row in rows:
        yield AgendaEntry(
            "user-task", row.id, row.case_id, row.number, row.element_name, _last_day(row.due_at), None, None, row.id, row.assignee
        )  # fmt: skip


def _deadlines(connection: sa.Connection, viewer: Viewer, first: date, last: date) -> Iterable[AgendaEntry]:
    same_work = sa.exists().where(
        user_task.c.case_id == timer.c.case_id,
        user_task.c.state.in_(("created", "assigned")),
        user_task.c.due_explanation["rule"].astext == timer.c.explanation["rule"].astext,
    )
    rows = connection.execute(
        sa.select(timer, dispute.c.number)
        .join(dispute, dispute.c.case_id == timer.c.case_id)
        .where(
            timer.c.state == "waiting",
            timer.c.due_on.between(first, last),
            timer.c.explanation["rule"].astext.is_not(None),
            sa.not_(sa.func.coalesce(timer.c.explanation["suspended"].as_boolean(), sa.false())),
            ~same_work,
            case_scope(viewer),
        )
        .order_by(timer.c.due_at, timer.c.id)
        .limit(LONGEST)
    )
    for row in rows:
        yield AgendaEntry(
            "deadline", row.id, row.case_id, row.number, row.element_name, row.due_on, None, None, None, None
        )  # fmt: skip


def _is_appointed(viewer: Viewer) -> sa.ColumnElement[bool]:
    return sa.exists().where(
        appointment.c.case_id == job.c.case_id,
        appointment.c.user_id == viewer.user_id,
        appointment.c.ended_at.is_(None),
    )


def _within(due_at: sa.ColumnElement[Any], first: date, last: date) -> tuple[sa.ColumnElement[bool], ...]:
    """Return the conditions that a due instant's last day lies between two days: midnight ends the day before."""
    return due_at > datetime.combine(first, time(), SHANGHAI), due_at <= datetime.combine(
        last + timedelta(days=1), time(), SHANGHAI
    )


def _last_day(due_at: datetime) -> date:
    return shanghai_date(due_at - timedelta(microseconds=1))


def _places(connection: sa.Connection, bureau: Bureau, case_ids: Sequence[UUID]) -> dict[UUID, str]:
    rows = connection.execute(
        sa.select(statement.c.id, statement.c.case_id, statement.c.content).where(
            statement.c.case_id.in_(case_ids), statement.c.name == _PLACE, statement.c.superseded_at.is_(None)
        )
    )
    return {row.case_id: bureau.keyring.open(row.content, place("statement", "content", row.id)) for row in rows}
