"""The disputes in a viewer's scope, page by page, with names masked for those who need not know them."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from casework.access import Viewer, case_scope, names_in_lists
from casework.areas import area
from casework.bureau import Bureau
from casework.causes import cause
from casework.queries.first_parties import first_parties, shown_party
from casework.queries.inbox import law_clocks
from casework.queries.search_cases import matching_text
from casework.stages import STAGES
from casework.store.tables import dispute, organisation
from engine.domain.clock import shanghai_date
from engine.queries.pages import Page, fetch_page
from engine.store.tables import case


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
    """Words that must all be found (`casework.queries.search_cases`)."""
    registered_from: datetime | None = None
    registered_until: datetime | None = None
    """Exclusive."""
    case_ids: Collection[UUID] | None = None


def list_disputes(
    connection: sa.Connection,
    bureau: Bureau,
    viewer: Viewer,
    filters: DisputeFilters,
    *,
    now: datetime,
    after: Sequence[Any] | None = None,
    limit: int = 50,
) -> Page:
    """Return a page of the disputes in the viewer's scope, newest first, as JSON-ready items.

    `after` is the `next_after` of the page before. Raises AreaUnknownError.
    """
    statement = (
        sa.select(
            dispute,
            case.c.business_key,
            organisation.c.code.label("organisation_code"),
            organisation.c.name.label("organisation_name"),
            names_in_lists(viewer).label("shows_names"),
        )
        .join(case, case.c.id == dispute.c.case_id)
        .outerjoin(organisation, organisation.c.id == dispute.c.organisation_id)
        .where(case_scope(viewer), *_conditions(bureau, viewer, filters))
    )
    order = (dispute.c.registered_at, dispute.c.case_id)
    page = fetch_page(connection, statement, order, after=after, limit=limit, descending=True)
    ids = [row["case_id"] for row in page.items]
    parties = first_parties(connection, bureau, ids)
    clocks = law_clocks(connection, ids, shanghai_date(now))
    items = [
        _item(bureau, row, parties.get(row["case_id"], {})) | {"law": clocks.get(row["case_id"])} for row in page.items
    ]
    return Page(items, page.next_after)


def _conditions(bureau: Bureau, viewer: Viewer, filters: DisputeFilters) -> Iterable[sa.ColumnElement[bool]]:
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
    if filters.case_ids is not None:
        yield dispute.c.case_id.in_(list(filters.case_ids))
    if filters.text:
        yield matching_text(bureau, viewer, filters.text)


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
    }
    for side in ("applicant", "respondent"):
        first = shown_party(parties.get(side), shows_names=row["shows_names"])
        if first is not None:
            item[side] = first
    return item
