"""A caseworker's day on one screen: what is due, what waits, and what moved in the cases they have."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from casework.access import Viewer, case_scope, names_in_lists
from casework.bureau import Bureau
from casework.causes import cause
from casework.organisations import ENDED_STAGES
from casework.queries.first_parties import first_parties, shown_party
from casework.queries.inbox import InboxFilters, handled_cases, law_clocks, list_inbox
from casework.roles import ROLES
from casework.stages import STAGES
from casework.store.tables import dispute
from casework.users import user_names
from engine.domain.clock import day_end, shanghai_date
from engine.store.tables import case, history, user_task

MOST_CASES = 60
MOST_TASKS = 50
_OPEN = ("created", "assigned")

MOVES = (
    "dispute-registered",
    "user-task-completed",
    "user-task-completion-retracted",
    "user-task-corrected",
    "user-task-correction-requested",
    "user-task-commented",
    "user-task-urged",
    "user-task-delegated",
    "event-dates-recorded",
    "event-date-corrected",
    "document-stored",
    "document-sealed",
    "document-voided",
    "services-recorded",
    "signatures-recorded",
    "signature-withdrawn",
    "payments-recorded",
    "payment-withdrawn",
    "court-filing-answered",
    "deadline-event-recorded",
    "limitation-event-recorded",
    "claim-facts-corrected",
    "process-instance-suspended",
    "process-instance-resumed",
    "incident-raised",
)
"""Kinds of history that mean to a caseworker that a case moved; the rest is machinery."""


def today_of_viewer(
    connection: sa.Connection, bureau: Bureau, viewer: Viewer, *, since: datetime, now: datetime
) -> dict[str, Any]:
    """Return the viewer's tasks that are due by tonight, their other tasks, and their open cases with what moved.

    A case is theirs when they handle it or hold an open task of it. `since` says from when on something counts as moved;
    what they did themselves never does.
    """
    mine = InboxFilters(view="mine")
    page = list_inbox(connection, bureau, viewer, mine, sees_trials=False, now=now, sort="due", limit=2 * MOST_TASKS)
    tonight = day_end(shanghai_date(now))
    due = [row for row in page.items if row["due_at"] is not None and row["due_at"] <= tonight]
    waiting = [row for row in page.items if row not in due]
    return {
        "since": since,
        "due": due[:MOST_TASKS],
        "waiting": waiting[:MOST_TASKS],
        "cases": _cases(connection, bureau, viewer, since, now),
    }


def _cases(
    connection: sa.Connection, bureau: Bureau, viewer: Viewer, since: datetime, now: datetime
) -> list[dict[str, Any]]:
    """Return the viewer's open cases, those whose legal period ends first in front, then those that moved last."""
    held = sa.select(user_task.c.case_id).where(
        user_task.c.assignee == viewer.actor.id, user_task.c.state == "assigned"
    )
    found_rows = (
        connection.execute(
            sa.select(dispute, case.c.business_key, names_in_lists(viewer).label("shows_names"))
            .join(case, case.c.id == dispute.c.case_id)
            .where(
                sa.or_(dispute.c.case_id.in_(handled_cases(viewer)), dispute.c.case_id.in_(held)),
                dispute.c.stage.not_in(ENDED_STAGES),
                case_scope(viewer),
            )
            .order_by(dispute.c.registered_at.desc(), dispute.c.case_id)
            .limit(MOST_CASES)
        )
        .mappings()
        .all()
    )
    rows: list[Mapping[str, Any]] = [dict(row) for row in found_rows]
    ids = [row["case_id"] for row in rows]
    if not ids:
        return []
    clocks = law_clocks(connection, ids, shanghai_date(now))
    parties = first_parties(connection, bureau, ids)
    moves = _moves(connection, viewer, ids, since)
    tasks = _open_tasks(connection, ids)
    actors = {row["actor_id"] for row in moves.values()} | {
        row["assignee"] for found in tasks.values() for row in found if row["assignee"]
    }
    names = user_names(connection, bureau, {actor.removeprefix("user:") for actor in actors})
    found = [
        _case(row, parties)
        | {
            "law": clocks.get(row["case_id"]),
            "moved": _moved(moves.get(row["case_id"]), names),
            "open_user_tasks": [_task(task, viewer, names, now) for task in tasks.get(row["case_id"], ())],
        }
        for row in rows
    ]
    return sorted(found, key=_urgency)


def _urgency(shown: Mapping[str, Any]) -> tuple[str, float]:
    clock, moved = shown["law"], shown["moved"]
    return (clock["due_on"].isoformat() if clock else "9999", -(moved["at"].timestamp() if moved else 0.0))


def _case(row: Mapping[str, Any], parties: Mapping[UUID, Any]) -> dict[str, Any]:
    found_cause = cause(row["cause_code"])
    sides = parties.get(row["case_id"], {})
    return {
        "id": row["case_id"],
        "business_key": row["business_key"],
        "number": row["number"],
        "cause": {"code": found_cause.code, "zh": found_cause.zh, "en": found_cause.en},
        "stage": STAGES[row["stage"]].as_dict(),
        "flags": list(row["flags"]),
        "registered_at": row["registered_at"],
        "applicant": shown_party(sides.get("applicant"), shows_names=row["shows_names"]),
        "respondent": shown_party(sides.get("respondent"), shows_names=row["shows_names"]),
    }


def _moves(
    connection: sa.Connection, viewer: Viewer, case_ids: Sequence[UUID], since: datetime
) -> dict[UUID, Mapping[str, Any]]:
    """Return case -> the last thing that others did in it since then, and how many such things there were."""
    condition = (
        history.c.case_id.in_(case_ids),
        history.c.at >= since,
        history.c.kind.in_(MOVES),
        history.c.actor_id != viewer.actor.id,
    )
    count = sa.func.count().over(partition_by=history.c.case_id).label("count")
    last = sa.func.row_number().over(partition_by=history.c.case_id, order_by=history.c.seq.desc()).label("last")
    columns = (history.c.case_id, history.c.at, history.c.actor_id, history.c.kind, history.c.element_name)
    ranked = sa.select(*columns, count, last).where(*condition).subquery()
    rows = connection.execute(sa.select(ranked).where(ranked.c.last == 1)).mappings()
    return {row["case_id"]: dict(row) for row in rows}


def _moved(move: Mapping[str, Any] | None, names: Mapping[str, str]) -> dict[str, Any] | None:
    if move is None:
        return None
    actor = move["actor_id"].removeprefix("user:")
    return {
        "at": move["at"],
        "kind": move["kind"],
        "element_name": move["element_name"],
        "actor": actor,
        "actor_name": names.get(actor),
        "count": move["count"],
    }


def _open_tasks(connection: sa.Connection, case_ids: Sequence[UUID]) -> dict[UUID, list[Mapping[str, Any]]]:
    columns = ("id", "case_id", "element_name", "assignee", "candidate_groups", "due_at", "created_at", "delegation")
    rows = connection.execute(
        sa.select(*[user_task.c[name] for name in columns])
        .where(user_task.c.case_id.in_(case_ids), user_task.c.state.in_(_OPEN))
        .order_by(user_task.c.due_at.nulls_last(), user_task.c.id)
    ).mappings()
    found: dict[UUID, list[Mapping[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["case_id"], []).append(dict(row))
    return found


def _task(row: Mapping[str, Any], viewer: Viewer, names: Mapping[str, str], now: datetime) -> dict[str, Any]:
    holder = (row["assignee"] or "").removeprefix("user:") or None
    return {
        "id": row["id"],
        "element_name": row["element_name"],
        "assignee": holder,
        "assignee_name": names.get(holder or ""),
        "groups": [
            {"code": role.code, "zh": role.zh, "en": role.en}
            for role in (ROLES.get(group) for group in row["candidate_groups"])
            if role is not None
        ],
        "since": row["created_at"],
        "due_at": row["due_at"],
        "is_overdue": row["due_at"] is not None and row["due_at"] <= now,
        "is_mine": row["assignee"] == viewer.actor.id,
    }
