"""The disputes in a viewer's scope, page by page, with names masked for those who need not know them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from casework.access import Viewer, case_scope, names_in_lists
from casework.areas import area
from casework.bureau import Bureau
from casework.causes import cause
from casework.encryption import place
from casework.masking import masked_name
from casework.queries.find_duplicates import matching_party
from casework.stages import STAGES
from casework.store.tables import dispute, organisation, party
from engine.queries.pages import Page, fetch_page
from engine.store.tables import case, timer


@dataclass(frozen=True, slots=True)
class DisputeFilters:
    """What a list of disputes is narrowed to; None and empty mean everything in scope."""

    stages: Sequence[str] = ()
    cause_code: str | None = None
    area_code: str | None = None
    """This area and below."""
    organisation_id: UUID | None = None
    flag: str | None = None
    text: str | None = None
    """Whole name or identity number of a party, the dispute's number, or its business key."""
    registered_from: datetime | None = None
    registered_until: datetime | None = None
    """Exclusive."""


def list_disputes(
    connection: sa.Connection,
    bureau: Bureau,
    viewer: Viewer,
    filters: DisputeFilters,
    *,
    after: Sequence[Any] | None = None,
    limit: int = 50,
) -> Page:
    """Return a page of the disputes in the viewer's scope, newest first, as JSON-ready items.

    `after` is the `next_after` of the page before. Raises AreaUnknownError.
    """
    next_due = (
        sa.select(sa.func.min(timer.c.due_at))
        .where(timer.c.case_id == dispute.c.case_id, timer.c.state == "waiting", timer.c.explanation.is_not(None))
        .scalar_subquery()
    )
    statement = (
        sa.select(
            dispute,
            case.c.business_key,
            organisation.c.code.label("organisation_code"),
            organisation.c.name.label("organisation_name"),
            next_due.label("next_due_at"),
            names_in_lists(viewer).label("shows_names"),
        )
        .join(case, case.c.id == dispute.c.case_id)
        .outerjoin(organisation, organisation.c.id == dispute.c.organisation_id)
        .where(case_scope(viewer), *_conditions(bureau, filters))
    )
    order = (dispute.c.registered_at, dispute.c.case_id)
    page = fetch_page(connection, statement, order, after=after, limit=limit, descending=True)
    parties = first_parties(connection, bureau, page.items)
    return Page([_item(bureau, row, parties.get(row["case_id"], {})) for row in page.items], page.next_after)


def _conditions(bureau: Bureau, filters: DisputeFilters) -> Iterable[sa.ColumnElement[bool]]:
    if filters.stages:
        yield dispute.c.stage.in_(list(filters.stages))
    if filters.cause_code is not None:
        yield dispute.c.cause_code == filters.cause_code
    if filters.area_code is not None:
        yield dispute.c.area_path.startswith(area(bureau.site.areas, filters.area_code).path, autoescape=True)
    if filters.organisation_id is not None:
        yield dispute.c.organisation_id == filters.organisation_id
    if filters.flag is not None:
        yield dispute.c.flags.contains([filters.flag])
    if filters.registered_from is not None:
        yield dispute.c.registered_at >= filters.registered_from
    if filters.registered_until is not None:
        yield dispute.c.registered_at < filters.registered_until
    if filters.text:
        text = filters.text.strip()
        found = sa.select(party.c.case_id).where(matching_party(bureau.keyring, text))
        yield sa.or_(dispute.c.number == text, case.c.business_key == text, dispute.c.case_id.in_(found))


def first_parties(
    connection: sa.Connection, bureau: Bureau, items: Sequence[dict[str, Any]]
) -> dict[UUID, dict[str, dict[str, Any]]]:
    """Return per case and side the first party and how many there are."""
    ids = [row["case_id"] for row in items]
    if not ids:
        return {}
    counts = sa.func.count().over(partition_by=(party.c.case_id, party.c.side)).label("count")
    ranked = sa.select(party, counts).where(party.c.case_id.in_(ids)).subquery()
    found: dict[UUID, dict[str, dict[str, Any]]] = {}
    for row in connection.execute(sa.select(ranked).where(ranked.c.position == 1)):
        name = bureau.keyring.open(row.name, place("party", "name", row.id))
        found.setdefault(row.case_id, {})[row.side] = {"name": name, "kind": row.kind, "count": row.count}
    return found


def _item(bureau: Bureau, row: dict[str, Any], parties: dict[str, dict[str, Any]]) -> dict[str, Any]:
    known_area = bureau.site.areas.get(row["area_code"])
    found_cause = cause(row["cause_code"])
    item = {
        "id": str(row["case_id"]),
        "business_key": row["business_key"],
        "number": row["number"],
        "registered_at": row["registered_at"].isoformat(),
        "stage": STAGES[row["stage"]].as_dict(),
        "cause": {"code": found_cause.code, "zh": found_cause.zh, "en": found_cause.en},
        "area": {"code": row["area_code"], "name": known_area.full_name if known_area else row["area_code"]},
        "worker_count": row["worker_count"],
        "claim_total": str(row["claim_total"]),
        "flags": list(row["flags"]),
        "organisation": (
            {"code": row["organisation_code"], "name": row["organisation_name"]} if row["organisation_code"] else None
        ),
        "next_due_at": row["next_due_at"].isoformat() if row["next_due_at"] else None,
    }
    for side in ("applicant", "respondent"):
        first = parties.get(side)
        if first is not None:
            is_hidden = first["kind"] == "person" and not row["shows_names"]
            item[side] = {**first, "name": masked_name(first["name"]) if is_hidden else first["name"]}
    return item
