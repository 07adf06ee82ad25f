"""Counts again when papers that were left or affixed count as served, after the work-day calendar or a rule has changed."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from casework.calendar_days import load_calendar
from casework.deadline_rules import rules_of_case
from casework.keep_services import derive_served_on
from casework.service_records import PHOTOGRAPHED, SERVED_PAPERS, counts_on
from casework.store.service_records import move_counts_on
from casework.store.tables import service_record
from casework.work import append_history
from engine.commands.reevaluate_timers import TimerMoved, reevaluate_timers
from engine.commands.unit_of_work import UnitOfWork
from engine.domain.events import HistoryEvent


def recount_services(
    uow: UnitOfWork, case_id: UUID, cause: Mapping[str, Any]
) -> tuple[list[dict[str, Any]], list[TimerMoved]]:
    """Count again when services of a case count, under the case's lock; return what moved, and the timers that followed.

    What moved is plain JSON: the paper, the party, the day it counted and the day it counts now. The day on which
    everybody had been served follows, and what runs from it. `cause` is kept in history beside it.
    """
    rows = uow.connection.execute(
        sa.select(service_record)
        .where(
            service_record.c.case_id == case_id,
            service_record.c.superseded_at.is_(None),
            service_record.c.method.in_(sorted(PHOTOGRAPHED)),
            service_record.c.served_on.is_not(None),
        )
        .order_by(service_record.c.id)
    ).all()
    if not rows:
        return [], []
    calendar, rules = load_calendar(uow.connection), rules_of_case(uow.connection, case_id)
    moved: list[tuple[Any, date]] = []
    for row in rows:
        day = counts_on(row.method, row.served_on, calendar, rules)
        if day is not None and day != row.counts_on:
            move_counts_on(uow.connection, row.id, day)
            moved.append((row, day))
    if not moved:
        return [], []
    changes = [
        change
        for kind, document_id in dict.fromkeys((row.kind, row.document_id) for row, _ in moved)
        for change in derive_served_on(
            uow.connection, uow.ids, case_id, kind, document_id, None, actor_id=uow.actor.id, now=uow.now
        )
    ]
    told = [
        {
            "service_id": str(row.id),
            "kind": row.kind,
            "party_id": str(row.party_id),
            "old_counts_on": row.counts_on.isoformat(),
            "new_counts_on": day.isoformat(),
        }
        for row, day in moved
    ]
    append_history(uow, case_id, HistoryEvent("services-recounted", {"cause": dict(cause), "services": told}))
    timers = reevaluate_timers(uow, case_id, [change.name for change in changes if change.new is not None])
    return [
        {
            "what": "service",
            "id": str(row.id),
            "element_id": SERVED_PAPERS[row.kind].event_date,
            "element_name": SERVED_PAPERS[row.kind].zh,
            "rule": "ARB-SVC3",
            "old_due_on": row.counts_on.isoformat(),
            "new_due_on": day.isoformat(),
            "old_safe_on": None,
            "new_safe_on": None,
            "is_provisional": not calendar.is_published(day.year),
            "old_due_at": None,
            "new_due_at": None,
        }
        for row, day in moved
    ], timers
