"""Keeps services of papers, and derives from them the day on which everybody had been served."""

from collections.abc import Callable, Iterable
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from casework.bureau import Bureau
from casework.calendar_days import load_calendar
from casework.deadline_rules import rules_of_case
from casework.encryption import place
from casework.errors import InputInvalidError, ReasonMissingError
from casework.service_records import (
    SERVED_PAPERS,
    Service,
    ServiceState,
    addressees_of,
    read_rows,
    service_state,
)
from casework.store.named_inputs import current_dates, put_row
from casework.store.service_records import (
    case_parties,
    current_rows,
    is_document_of,
    newest_document_id,
    put_services,
    retract_event_date,
    standings,
)
from casework.store.tables import event_date
from engine.domain.clock import shanghai_date
from engine.domain.host import InputChange
from engine.domain.ids import IdSource
from engine.domain.values import Value


def state_of(connection: sa.Connection, case_id: UUID, kind: str, document_id: UUID | None) -> ServiceState:
    """Return how far the service of a paper has come."""
    addressees = [party.party_id for party in addressees_of(kind, case_parties(connection, case_id))]
    return service_state(addressees, standings(current_rows(connection, case_id, kind, document_id)))[0]


def keep_service_rows(
    connection: sa.Connection,
    bureau: Bureau,
    ids: IdSource,
    case_id: UUID,
    kind: str,
    value: Value,
    *,
    actor_id: str,
    now: datetime,
) -> list[InputChange]:
    """Keep the rows that a form gave for the newest paper of a kind; see `keep_services` and `read_rows`."""
    parties = addressees_of(kind, case_parties(connection, case_id))
    services = read_rows(kind, value, parties, shanghai_date(now))
    document_id = newest_document_id(connection, case_id, kind)
    return keep_services(connection, bureau, ids, case_id, kind, document_id, services, actor_id=actor_id, now=now)


def keep_services(
    connection: sa.Connection,
    bureau: Bureau,
    ids: IdSource,
    case_id: UUID,
    kind: str,
    document_id: UUID | None,
    services: Iterable[Service],
    *,
    actor_id: str,
    now: datetime,
) -> list[InputChange]:
    """Keep services of one paper, under the case's lock; return what named inputs changed by it.

    The state of service reads under the form field's name (`award_services`: `none`, `partial`, `refused`,
    `complete`). When every addressee has been served, the latest day becomes the event date (`award_served_on`); when
    a correction takes that back, the date is taken back, too. A service that counted already is changed only with a
    note that says why. Raises InputInvalidError and ReasonMissingError.
    """
    paper = SERVED_PAPERS[kind]
    services = list(services)
    for service in services:
        proof = service.proof_document_id
        if proof is not None and not is_document_of(connection, case_id, proof):
            raise InputInvalidError(
                name=paper.field,
                problem_zh="送达凭证不是本案文书。",
                problem_en="the proof is not a document of this case.",
            )
    addressees = [party.party_id for party in addressees_of(kind, case_parties(connection, case_id))]
    before = current_rows(connection, case_id, kind, document_id)
    old_state, _ = service_state(addressees, standings(before))
    calendar = load_calendar(connection)
    rules = rules_of_case(connection, case_id)
    counted = [(service, service.counts_on(calendar, rules)) for service in services]
    for service, counts_on in counted:
        old = before.get(service.party_id)
        if old is not None and old.counts_on not in (None, counts_on) and not service.note:
            raise ReasonMissingError()
    changed = put_services(
        connection,
        bureau.keyring,
        case_id,
        kind,
        document_id,
        counted,
        new_id=ids,
        actor_id=actor_id,
        now=now,
    )
    if not changed:
        return []
    state, _ = service_state(addressees, standings(current_rows(connection, case_id, kind, document_id)))
    reason = next((service.note for service in services if service.party_id in changed and service.note), None)
    return [
        InputChange(paper.field, old_state, state),
        *derive_served_on(
            connection,
            ids,
            case_id,
            kind,
            document_id,
            lambda row_id: bureau.keyring.seal_optional(reason, place("event_date", "reason", row_id)),
            actor_id=actor_id,
            now=now,
        ),
    ]


def derive_served_on(
    connection: sa.Connection,
    ids: IdSource,
    case_id: UUID,
    kind: str,
    document_id: UUID | None,
    sealed_reason: Callable[[UUID], str | None] | None,
    *,
    actor_id: str,
    now: datetime,
) -> list[InputChange]:
    """Make the day on which every addressee had been served the event date of the paper; return what changed by it.

    `sealed_reason` gives, for the id of the new row, why an earlier day is replaced. The caller holds the case's lock.
    """
    name = SERVED_PAPERS[kind].event_date
    addressees = [party.party_id for party in addressees_of(kind, case_parties(connection, case_id))]
    _, served_on = service_state(addressees, standings(current_rows(connection, case_id, kind, document_id)))
    known = current_dates(connection, case_id).get(name)
    if served_on == known:
        return []
    if served_on is None:
        retract_event_date(connection, case_id, name, now)
        return [InputChange(name, known, None)]
    row_id = ids()
    reason = sealed_reason(row_id) if known and sealed_reason else None
    row = {"id": row_id, "value": served_on, "recorded_at": now, "recorded_by": actor_id, "reason": reason}
    put_row(connection, event_date, case_id, name, row, now=now)
    return [InputChange(name, known, served_on)]
