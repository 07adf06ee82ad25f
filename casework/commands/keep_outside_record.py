"""Keeps the number and state that a case has at another platform."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from casework.errors import InputInvalidError
from casework.platforms import Platform
from casework.store.tables import outside_record
from casework.work import Work
from engine.domain.events import HistoryEvent
from engine.store import history
from engine.store.cases import lock_case


def keep_outside_record(work: Work, case_id: UUID, platform: Platform, state: str, outside_number: str | None) -> None:
    """Record where a case stands at a platform; the record before is kept, the same again changes nothing.

    Raises InputInvalidError for a state that the platform has not, NotFoundError.
    """
    if state not in platform.states:
        known = ", ".join(platform.states)
        raise InputInvalidError(name="state", problem_zh=f"可用状态：{known}。", problem_en=f"states are {known}.")
    number = (outside_number or "").strip() or None
    locked = lock_case(work.connection, case_id)
    current = current_records(work.connection, case_id).get(platform.key)
    if current is not None and (current["state"], current["outside_number"]) == (state, number):
        return
    row_id = work.ids()
    if current is not None:
        work.connection.execute(
            sa.update(outside_record)
            .where(outside_record.c.id == current["id"])
            .values(superseded_at=work.now, superseded_by=row_id)
        )
    work.connection.execute(
        sa.insert(outside_record).values(
            id=row_id,
            case_id=case_id,
            platform=platform.key,
            state=state,
            outside_number=number,
            recorded_at=work.now,
            recorded_by=work.actor.id,
        )
    )
    facts = {"id": str(row_id), "platform": platform.name, "state": state, "outside_number": number}
    event = HistoryEvent("outside-record-kept", facts)
    history.append(work.connection, locked, [event], actor=work.actor, now=work.now)


def current_records(connection: sa.Connection, case_id: UUID) -> dict[str, dict[str, Any]]:
    """Return platform -> the record that stands."""
    rows = connection.execute(
        sa.select(outside_record).where(outside_record.c.case_id == case_id, outside_record.c.superseded_at.is_(None))
    )
    return {row.platform: dict(row._mapping) for row in rows}


def outside_history(connection: sa.Connection, case_id: UUID) -> dict[str, list[dict[str, Any]]]:
    """Return platform -> every record that was ever kept of a case there, the newest first."""
    rows = connection.execute(
        sa.select(outside_record)
        .where(outside_record.c.case_id == case_id)
        .order_by(outside_record.c.recorded_at.desc(), outside_record.c.superseded_at.desc().nulls_first())
    )
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row.platform, []).append(dict(row._mapping))
    return found
