"""Where a dispute's rows stand that a completed user task may change, and how to bring them back there.

What a form gives is kept row by row, and one row per name is current. Going back never deletes such a row: those that
came since are no longer current, those that were current are so again.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from casework.limitation_ledger import CLAIM_FACTS
from casework.store.tables import (
    appointment,
    claim,
    dispute,
    event_date,
    instalment,
    instalment_payment,
    service_record,
    signature,
    stage_change,
    statement,
)

CURRENT: Mapping[str, tuple[sa.Table, str]] = {
    "appointment": (appointment, "ended_at"),
    **{
        table.name: (table, "superseded_at")
        for table in (event_date, instalment, instalment_payment, service_record, signature, statement)
    },
}
"""Tables with one current row per name -> the column that is empty while a row is current."""

STANDING = ("stage", "arbitration_organisation_id", "court_id", "union_organisation_id")
"""Columns of the dispute that follow its process."""

_COLUMNS = ", ".join(f"'{column}', d.{column}" for column in STANDING)
_ROWS = ", ".join(
    f"'{name}', (select coalesce(jsonb_agg(id), '[]') from {name} where case_id = d.case_id and {column} is null)"  # noqa: S608 - names of our tables
    for name, (_, column) in CURRENT.items()
)
_FACTS = ", ".join(f"'{column}', {column}" for column in ("id", *CLAIM_FACTS))
BOOKMARK_SQL = (
    f"select jsonb_build_object({_COLUMNS}, {_ROWS},"  # noqa: S608 - names of our tables
    f" 'claims', (select jsonb_agg(jsonb_build_object({_FACTS})) from claim where case_id = d.case_id),"
    " 'stage_changes', (select count(*) from stage_change where case_id = d.case_id))"
    " from dispute d where d.case_id = %s"
)
"""A scalar select of the bookmark of a case (one parameter); null for a case that is no dispute."""


def return_to_bookmark(connection: sa.Connection, case_id: UUID, bookmark: Mapping[str, Any], now: datetime) -> None:
    """Bring a dispute's rows back to where a bookmark found them; the caller holds the case's lock.

    A table that the bookmark does not name was added to the system after it: all its rows came since.
    """
    for name, (table, column) in CURRENT.items():
        was_current = [UUID(row_id) for row_id in bookmark.get(name, ())]
        is_of_case = table.c.case_id == case_id
        connection.execute(
            sa.update(table)
            .where(is_of_case, table.c[column].is_(None), table.c.id.not_in(was_current))
            .values({column: now})
        )
        revived: dict[str, Any] = {column: None}
        if "superseded_by" in table.c:
            revived["superseded_by"] = None
        connection.execute(
            sa.update(table)
            .where(is_of_case, table.c[column].is_not(None), table.c.id.in_(was_current))
            .values(revived)
        )
    connection.execute(
        sa.delete(stage_change).where(
            stage_change.c.case_id == case_id, stage_change.c.position > bookmark["stage_changes"]
        )
    )
    for facts in bookmark.get("claims") or ():
        days = {
            name: date.fromisoformat(facts[name]) if kind == "date" and facts[name] else facts[name]
            for name, kind in CLAIM_FACTS.items()
        }
        connection.execute(sa.update(claim).where(claim.c.id == UUID(facts["id"])).values(days))
    standing = {
        column: UUID(bookmark[column]) if bookmark[column] and column != "stage" else bookmark[column]
        for column in STANDING
    }
    connection.execute(sa.update(dispute).where(dispute.c.case_id == case_id).values(standing))
