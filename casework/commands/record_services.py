"""Records who was served with a paper; the day on which everybody was, and what hangs on it, follow."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import sqlalchemy as sa

from casework.bureau import Bureau
from casework.errors import PaperNotServedError
from casework.event_dates import DateWarning, order_warnings
from casework.keep_services import keep_services, state_of
from casework.service_records import SERVED_PAPERS, Service, ServiceState
from casework.store.named_inputs import current_dates
from casework.store.tables import document
from casework.work import append_history
from engine.commands.reevaluate_timers import TimerMoved, reevaluate_timers
from engine.commands.unit_of_work import UnitOfWork
from engine.domain.errors import NotFoundError
from engine.domain.events import HistoryEvent
from engine.domain.host import InputChange
from engine.store.cases import lock_case


@dataclass(frozen=True, slots=True)
class ServiceResult:
    """What recording services brought about."""

    case_id: UUID
    kind: str
    document_id: UUID
    state: ServiceState
    event_date: str
    served_on: date | None
    """The day on which every addressee had been served."""
    changes: tuple[InputChange, ...]
    moved_timers: tuple[TimerMoved, ...]
    warnings: tuple[DateWarning, ...]


def case_and_kind(connection: sa.Connection, document_id: UUID) -> tuple[UUID, str]:
    """Return case and kind of a document. Raises NotFoundError."""
    row = connection.execute(
        sa.select(document.c.case_id, document.c.kind).where(document.c.id == document_id)
    ).one_or_none()
    if row is None:
        raise NotFoundError(what="document", id=document_id)
    return row.case_id, row.kind


def require_served(kind: str) -> None:
    """Return when the service of this kind of paper is kept; raises PaperNotServedError."""
    if kind not in SERVED_PAPERS:
        raise PaperNotServedError(kind=kind, known=", ".join(SERVED_PAPERS))


def record_services(uow: UnitOfWork, bureau: Bureau, document_id: UUID, services: Sequence[Service]) -> ServiceResult:
    """Record services of a document of a case; a row that says otherwise than the one before supersedes it.

    History names party, way and days, never a note. Raises NotFoundError, PaperNotServedError, InputInvalidError, and
    ReasonMissingError when a service that counted is changed without a note.
    """
    case_id, kind = case_and_kind(uow.connection, document_id)
    require_served(kind)
    lock_case(uow.connection, case_id)
    changes = keep_services(
        uow.connection,
        bureau,
        uow.ids,
        case_id,
        kind,
        document_id,
        services,
        actor_id=uow.actor.id,
        now=uow.now,
    )
    moved: list[TimerMoved] = []
    if changes:
        facts = {
            "document_id": str(document_id),
            "kind": kind,
            "services": [
                {
                    "party_id": str(service.party_id),
                    "method": service.method,
                    "sent_on": service.sent_on.isoformat() if service.sent_on else None,
                    "served_on": service.served_on.isoformat() if service.served_on else None,
                    "is_refused": service.is_refused,
                }
                for service in services
            ],
        }
        append_history(uow, case_id, HistoryEvent("services-recorded", facts))
        moved = reevaluate_timers(uow, case_id, [change.name for change in changes if change.new is not None])
    dates = current_dates(uow.connection, case_id)
    paper = SERVED_PAPERS[kind]
    return ServiceResult(
        case_id=case_id,
        kind=kind,
        document_id=document_id,
        state=state_of(uow.connection, case_id, kind, document_id),
        event_date=paper.event_date,
        served_on=dates.get(paper.event_date),
        changes=tuple(changes),
        moved_timers=tuple(moved),
        warnings=tuple(order_warnings(dates)),
    )
