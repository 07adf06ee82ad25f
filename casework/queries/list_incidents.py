"""The incidents of cases, with what a supervisor needs to see to them: case, organisation, owner."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from casework.queries.responsible import ORGANISATION_COLUMNS, responsible_id, shown_organisation
from casework.stages import STAGES
from casework.store.tables import dispute, organisation
from engine.queries.pages import Page, fetch_page
from engine.store.tables import case, incident


@dataclass(frozen=True, slots=True)
class IncidentFilters:
    """What the list is narrowed to; None means everything in scope."""

    state: str = "open"
    case_id: UUID | None = None
    instance_id: UUID | None = None
    organisation_id: UUID | None = None
    area_path: str | None = None
    assignee: str | None = None
    """Actor id of who sees to it."""
    is_assigned: bool | None = None
    kind: str | None = None
    raised_before: datetime | None = None


def list_incidents(
    connection: sa.Connection,
    scope: sa.ColumnElement[bool],
    filters: IncidentFilters,
    *,
    after: Sequence[Any] | None = None,
    limit: int = 50,
) -> Page:
    """Return incidents, oldest first; `scope` is a condition over `incident.case_id`.

    A case that is no dispute has no number, stage and organisation.
    """
    stuck = sa.select(incident).where(scope).subquery()
    statement = (
        sa.select(
            *[column for column in stuck.c if column.name != "token_id"],
            case.c.business_key,
            dispute.c.number,
            dispute.c.stage,
            *ORGANISATION_COLUMNS,
        )
        .join(case, case.c.id == stuck.c.case_id)
        .outerjoin(dispute, dispute.c.case_id == stuck.c.case_id)
        .outerjoin(organisation, organisation.c.id == responsible_id(stuck.c.process_key))
        .where(*_conditions(stuck, filters))
    )
    page = fetch_page(connection, statement, [stuck.c.raised_at, stuck.c.id], after=after, limit=limit)
    for item in page.items:
        item["organisation"] = shown_organisation(item)
        item["stage"] = STAGES[item["stage"]].as_dict() if item["stage"] else None
    return page


def _conditions(stuck: sa.Subquery, filters: IncidentFilters) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = [stuck.c.state == filters.state]
    if filters.case_id is not None:
        found.append(stuck.c.case_id == filters.case_id)
    if filters.instance_id is not None:
        found.append(stuck.c.instance_id == filters.instance_id)
    if filters.organisation_id is not None:
        found.append(organisation.c.id == filters.organisation_id)
    if filters.area_path is not None:
        found.append(dispute.c.area_path.startswith(filters.area_path, autoescape=True))
    if filters.assignee is not None:
        found.append(stuck.c.assignee == filters.assignee)
    if filters.is_assigned is not None:
        found.append(stuck.c.assignee.is_not(None) if filters.is_assigned else stuck.c.assignee.is_(None))
    if filters.kind is not None:
        found.append(stuck.c.kind == filters.kind)
    if filters.raised_before is not None:
        found.append(stuck.c.raised_at < filters.raised_before)
    return found
