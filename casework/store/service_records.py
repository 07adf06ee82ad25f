"""Rows of the register of service: one current row per paper and party, every earlier one kept."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from casework.encryption import Keyring, place
from casework.service_records import Addressee, Service, Standing
from casework.store.tables import document, event_date, party, service_record


def case_parties(connection: sa.Connection, case_id: UUID) -> list[Addressee]:
    """Return the parties of a case, applicants first."""
    rows = connection.execute(
        sa.select(party.c.id, party.c.side, party.c.position)
        .where(party.c.case_id == case_id)
        .order_by(party.c.side, party.c.position)
    )
    return [Addressee(row.id, row.side, row.position) for row in rows]


def newest_document_id(connection: sa.Connection, case_id: UUID, kind: str) -> UUID | None:
    """Return the newest document of a kind: the one that is being served."""
    found: UUID | None = connection.execute(
        sa.select(document.c.id)
        .where(document.c.case_id == case_id, document.c.kind == kind)
        .order_by(document.c.created_at.desc(), document.c.id.desc())
        .limit(1)
    ).scalar_one_or_none()
    return found


def is_document_of(connection: sa.Connection, case_id: UUID, document_id: UUID) -> bool:
    """Tell whether a document belongs to the case."""
    statement = sa.select(document.c.id).where(document.c.id == document_id, document.c.case_id == case_id)
    return connection.execute(statement).first() is not None


def current_rows(connection: sa.Connection, case_id: UUID, kind: str, document_id: UUID | None) -> Mapping[UUID, Any]:
    """Return party id -> current row of a paper's service."""
    rows = connection.execute(
        sa.select(service_record).where(
            service_record.c.case_id == case_id,
            service_record.c.kind == kind,
            service_record.c.document_id.is_not_distinct_from(document_id),
            service_record.c.superseded_at.is_(None),
        )
    )
    return {row.party_id: row for row in rows}


def standings(rows: Mapping[UUID, Any]) -> dict[UUID, Standing]:
    """Return how the service on each party stands."""
    return {party_id: Standing(row.counts_on, row.is_refused) for party_id, row in rows.items()}


def put_services(
    connection: sa.Connection,
    keyring: Keyring,
    case_id: UUID,
    kind: str,
    document_id: UUID | None,
    services: Iterable[tuple[Service, date | None]],
    *,
    new_id: Callable[[], UUID],
    actor_id: str,
    now: datetime,
) -> list[UUID]:
    """Keep services, each with the day on which it counts; a row that says something else is superseded, and kept.

    The caller holds the case's lock. Returns the parties whose service is told otherwise than before.
    """
    before = current_rows(connection, case_id, kind, document_id)
    changed = []
    for service, counts_on in services:
        old = before.get(service.party_id)
        if old is not None and _told(keyring, old) == (service, counts_on):
            continue
        row_id = new_id()
        if old is not None:
            connection.execute(sa.update(service_record).where(service_record.c.id == old.id).values(superseded_at=now))
        connection.execute(
            sa.insert(service_record).values(
                id=row_id,
                case_id=case_id,
                kind=kind,
                document_id=document_id,
                party_id=service.party_id,
                method=service.method,
                sent_on=service.sent_on,
                served_on=service.served_on,
                counts_on=counts_on,
                is_refused=service.is_refused,
                has_consent=service.has_consent,
                has_photographs=service.has_photographs,
                proof_document_id=service.proof_document_id,
                note=keyring.seal_optional(service.note, place("service_record", "note", row_id)),
                recorded_at=now,
                recorded_by=actor_id,
            )
        )
        if old is not None:
            connection.execute(
                sa.update(service_record).where(service_record.c.id == old.id).values(superseded_by=row_id)
            )
        changed.append(service.party_id)
    return changed


def move_counts_on(connection: sa.Connection, service_id: UUID, day: date) -> None:
    """Let a service count on another day: what people recorded stays, the day that was counted from it moves."""
    connection.execute(sa.update(service_record).where(service_record.c.id == service_id).values(counts_on=day))


def services_counted_through(first: date, last: date, methods: Iterable[str]) -> sa.Select[tuple[UUID]]:
    """Return the query of cases with a current service in one of these ways, made from `first` to `last`."""
    return sa.select(service_record.c.case_id).where(
        service_record.c.superseded_at.is_(None),
        service_record.c.method.in_(sorted(methods)),
        service_record.c.served_on.between(first, last),
    )


def has_services(connection: sa.Connection, case_id: UUID, kind: str) -> bool:
    """Tell whether the service of a kind of paper is kept in the register, so that its day is derived."""
    statement = sa.select(service_record.c.id).where(service_record.c.case_id == case_id, service_record.c.kind == kind)
    return connection.execute(statement.limit(1)).first() is not None


def retract_event_date(connection: sa.Connection, case_id: UUID, name: str, now: datetime) -> None:
    """Take back a derived event date: it stays in the list of what was recorded, and counts no more."""
    connection.execute(
        sa.update(event_date)
        .where(event_date.c.case_id == case_id, event_date.c.name == name, event_date.c.superseded_at.is_(None))
        .values(superseded_at=now)
    )


def list_rows(connection: sa.Connection, case_id: UUID) -> list[Any]:
    """Return every row of a case, current ones first, then the newest."""
    return list(
        connection.execute(
            sa.select(service_record, party.c.side, party.c.position)
            .join(party, party.c.id == service_record.c.party_id)
            .where(service_record.c.case_id == case_id)
            .order_by(
                service_record.c.kind,
                service_record.c.superseded_at.desc().nulls_first(),
                party.c.side,
                party.c.position,
                service_record.c.id.desc(),
            )
        )
    )


def _told(keyring: Keyring, row: Any) -> tuple[Service, date | None]:
    service = Service(
        party_id=row.party_id,
        method=row.method,
        sent_on=row.sent_on,
        served_on=row.served_on,
        is_refused=row.is_refused,
        has_consent=row.has_consent,
        has_photographs=row.has_photographs,
        proof_document_id=row.proof_document_id,
        note=keyring.open_optional(row.note, place("service_record", "note", row.id)),
    )
    return service, row.counts_on
