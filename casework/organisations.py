"""Organisations: finding those that can take a case, and giving it to them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from casework.areas import area, lies_within, paths_upwards
from casework.bureau import Bureau
from casework.deadline_recounts import request_recount
from casework.errors import NoCompetentOrganisationError, OrganisationUnsuitableError
from casework.site import SiteOrganisation
from casework.store.tables import dispute, organisation
from casework.vocabulary import MEDIATION_KINDS, ORGANISATION_KINDS, kind_number
from casework.work import Work, append_history
from engine.domain.errors import NotFoundError
from engine.domain.events import HistoryEvent

ReceiverKind = Literal["arbitration", "court", "union"]

RECEIVER_COLUMNS: Mapping[str, str] = {
    "arbitration": "arbitration_organisation_id",
    "court": "court_id",
    "union": "union_organisation_id",
}
"""Kind of organisation that a case is sent to -> where the dispute keeps it."""

ENDED_STAGES = ("closed", "archived", "withdrawn", "perf_done", "referred_out")


@dataclass(frozen=True, slots=True)
class OrganisationRecord:
    """An organisation that takes part."""

    id: UUID
    code: str
    name: str
    kind: str
    kind_number: int | None
    """1-8 for the kinds of mediation organisation."""
    area_code: str
    area_path: str
    accepts: bool
    industries: tuple[str, ...]
    employer_code: str | None
    address: str | None
    phone: str | None
    seal_name: str | None
    number_word: str | None
    open_cases: int = 0


def record_of(row: Any, open_cases: int = 0) -> OrganisationRecord:
    """Return the organisation of a row of the table `organisation`."""
    return OrganisationRecord(
        id=row.id,
        code=row.code,
        name=row.name,
        kind=row.kind,
        kind_number=kind_number(row.kind),
        area_code=row.area_code,
        area_path=row.area_path,
        accepts=row.accepts,
        industries=tuple(row.industries),
        employer_code=row.employer_code,
        address=row.address,
        phone=row.phone,
        seal_name=row.seal_name or row.name,
        number_word=row.number_word,
        open_cases=open_cases,
    )


def list_organisations(
    connection: sa.Connection, *, kind: str | None = None, area_path: str | None = None, accepts: bool | None = None
) -> list[OrganisationRecord]:
    """Return organisations by code with their number of open cases, optionally of a kind or of an area and below."""
    counts = (
        sa.select(dispute.c.organisation_id, sa.func.count().label("open_cases"))
        .where(dispute.c.stage.not_in(ENDED_STAGES), dispute.c.organisation_id.is_not(None))
        .group_by(dispute.c.organisation_id)
        .subquery()
    )
    statement = (
        sa.select(organisation, sa.func.coalesce(counts.c.open_cases, 0).label("open_cases"))
        .outerjoin(counts, counts.c.organisation_id == organisation.c.id)
        .order_by(organisation.c.code)
    )
    if kind is not None:
        statement = statement.where(organisation.c.kind == kind)
    if area_path is not None:
        statement = statement.where(organisation.c.area_path.startswith(area_path, autoescape=True))
    if accepts is not None:
        statement = statement.where(organisation.c.accepts == accepts)
    return [record_of(row, row.open_cases) for row in connection.execute(statement)]


def get_organisation(connection: sa.Connection, organisation_id: UUID) -> OrganisationRecord:
    """Return an organisation; raises NotFoundError."""
    row = connection.execute(sa.select(organisation).where(organisation.c.id == organisation_id)).one_or_none()
    if row is None:
        raise NotFoundError(what="organisation", id=organisation_id)
    return record_of(row)


def organisation_of_code(connection: sa.Connection, code: str) -> OrganisationRecord:
    """Return the organisation with this code; raises NotFoundError."""
    row = connection.execute(sa.select(organisation).where(organisation.c.code == code)).one_or_none()
    if row is None:
        raise NotFoundError(what="organisation", id=code)
    return record_of(row)


def competent_organisation(connection: sa.Connection, kind: str, area_path: str) -> OrganisationRecord | None:
    """Return the accepting organisation of this kind nearest to an area, going up the tree; None when there is none."""
    row = connection.execute(
        sa.select(organisation)
        .where(
            organisation.c.kind == kind,
            organisation.c.accepts,
            organisation.c.area_path.in_(paths_upwards(area_path)),
        )
        .order_by(sa.func.length(organisation.c.area_path).desc(), organisation.c.code)
        .limit(1)
    ).one_or_none()
    return None if row is None else record_of(row)


def assign_organisation(work: Work, case_id: UUID, organisation_id: UUID, rule: str) -> OrganisationRecord:
    """Give a case to a mediation organisation; `rule` says in a code why this one. Giving it twice changes nothing.

    Raises NotFoundError, and OrganisationUnsuitableError when it does not mediate, does not accept, or lies elsewhere.
    """
    found = get_organisation(work.connection, organisation_id)
    row = _dispute(work, case_id)
    if row.organisation_id == organisation_id:
        return found
    if found.kind not in MEDIATION_KINDS:
        raise _unsuitable(found, "不是调解组织。", "it is no mediation organisation.")
    if not found.accepts:
        raise _unsuitable(found, "暂停受理。", "it does not accept cases at present.")
    if not lies_within(row.area_path, found.area_path) and not lies_within(found.area_path, row.area_path):
        raise _unsuitable(found, "不在案件所属区域。", "it does not serve the area of the case.")
    _set(work, case_id, "organisation_id", organisation_id)
    event = HistoryEvent(
        "organisation-assigned",
        {
            "organisation_id": str(organisation_id),
            "organisation_code": found.code,
            "rule": rule,
            "previous_organisation_id": str(row.organisation_id) if row.organisation_id else None,
        },
    )
    append_history(work, case_id, event)
    _recount_if_kind_changed(work, case_id, row.organisation_id, found)
    return found


def _recount_if_kind_changed(work: Work, case_id: UUID, previous_id: UUID | None, new: OrganisationRecord) -> None:
    """Have open dates explained again when a rule binds the new organisation that did not bind the one before."""
    if previous_id is None or get_organisation(work.connection, previous_id).kind == new.kind:
        return
    cause = {"kind": "organisation-changed", "organisation_id": str(new.id)}
    case = sa.select(dispute.c.case_id).where(dispute.c.case_id == case_id)
    request_recount(work, cause, f"organisation-changed/{work.ids()}", case)


def send_to(work: Work, case_id: UUID, kind: ReceiverKind, organisation_id: UUID | None = None) -> OrganisationRecord:
    """Send a case to an arbitration institution, court or union station: to the competent one unless named.

    From then on its people see the case. Raises NotFoundError, OrganisationUnsuitableError for another kind, and
    NoCompetentOrganisationError.
    """
    row = _dispute(work, case_id)
    if organisation_id is not None:
        found = get_organisation(work.connection, organisation_id)
        if found.kind != kind:
            raise _unsuitable(found, "类型不符。", "it is of another kind.")
    else:
        nearest = competent_organisation(work.connection, kind, row.area_path)
        if nearest is None:
            term = ORGANISATION_KINDS[kind]
            raise NoCompetentOrganisationError(area_code=row.area_code, kind_zh=term.zh, kind_en=term.en)
        found = nearest
    column = RECEIVER_COLUMNS[kind]
    if row._mapping[column] != found.id:
        _set(work, case_id, column, found.id)
        event = HistoryEvent(
            "case-sent", {"kind": kind, "organisation_id": str(found.id), "organisation_code": found.code}
        )
        append_history(work, case_id, event)
    return found


def synchronise_site(work: Work, bureau: Bureau, *, with_demo: bool = False) -> None:
    """Write the site's organisations to the table: new ones are added, changed ones updated, none is deleted."""
    entries = list(bureau.site.organisations)
    if with_demo and bureau.site.demo is not None:
        entries.extend(bureau.site.demo.organisations)
    known: dict[str, UUID] = {
        row.code: row.id for row in work.connection.execute(sa.select(organisation.c.code, organisation.c.id))
    }
    rows = []
    for entry in entries:
        known.setdefault(entry.code, work.ids())
        rows.append(_values(work, bureau, entry, known))
    if not rows:
        return
    statement = insert(organisation).values(rows)
    changing = [name for name in rows[0] if name not in ("id", "code", "created_at", "updated_at")]
    work.connection.execute(
        statement.on_conflict_do_update(
            index_elements=["code"],
            set_={**{name: statement.excluded[name] for name in changing}, "updated_at": work.now},
            where=sa.or_(*(organisation.c[name].is_distinct_from(statement.excluded[name]) for name in changing)),
        )
    )


def _values(work: Work, bureau: Bureau, entry: SiteOrganisation, known: Mapping[str, UUID]) -> dict[str, Any]:
    return {
        "id": known[entry.code],
        "code": entry.code,
        "name": entry.name,
        "kind": entry.kind,
        "area_code": entry.area_code,
        "area_path": area(bureau.site.areas, entry.area_code).path,
        "parent_id": known[entry.parent_code] if entry.parent_code else None,
        "accepts": entry.accepts,
        "industries": list(entry.industries),
        "employer_code": entry.employer_code,
        "address": entry.address,
        "phone": entry.phone,
        "seal_name": entry.seal_name,
        "number_word": entry.number_word,
        "created_at": work.now,
        "updated_at": work.now,
    }


def _dispute(work: Work, case_id: UUID) -> sa.Row[Any]:
    row = work.connection.execute(sa.select(dispute).where(dispute.c.case_id == case_id)).one_or_none()
    if row is None:
        raise NotFoundError(what="dispute", id=case_id)
    return row


def _set(work: Work, case_id: UUID, column: str, organisation_id: UUID) -> None:
    work.connection.execute(sa.update(dispute).where(dispute.c.case_id == case_id).values({column: organisation_id}))


def _unsuitable(found: OrganisationRecord, zh: str, en: str) -> OrganisationUnsuitableError:
    return OrganisationUnsuitableError(organisation=found.name, problem_zh=zh, problem_en=en)
