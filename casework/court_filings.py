"""What was filed with a court, and what the court answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from casework.bureau import Bureau
from casework.encryption import place
from casework.errors import InputInvalidError
from casework.store.tables import court_filing
from casework.work import Work
from engine.domain.errors import NotFoundError
from engine.domain.events import HistoryEvent
from engine.store import history
from engine.store.cases import lock_case

STATES = ("filed", "accepted", "refused", "confirmed", "rejected")


@dataclass(frozen=True, slots=True)
class CourtFiling:
    """An application to a court."""

    id: UUID
    case_id: UUID
    court_filing_number: str | None
    state: str
    document_ids: tuple[UUID, ...]
    filed_at: datetime
    answered_at: datetime | None
    decided_on: date | None
    document_number: str | None
    """Number of the court's own paper."""


def record_court_filing(
    work: Work,
    case_id: UUID,
    *,
    idempotency_key: str,
    court_filing_number: str | None,
    document_ids: Sequence[UUID] = (),
) -> tuple[CourtFiling, bool]:
    """Write down that an application lies with the court; return it and whether it is new: a key returns its first.

    Raises NotFoundError.
    """
    locked = lock_case(work.connection, case_id)
    earlier = work.connection.execute(
        sa.select(court_filing).where(court_filing.c.idempotency_key == idempotency_key)
    ).one_or_none()
    if earlier is not None:
        return _record(earlier), False
    row = work.connection.execute(
        sa.insert(court_filing)
        .values(
            id=work.ids(),
            case_id=case_id,
            idempotency_key=idempotency_key,
            court_filing_number=court_filing_number,
            document_ids=list(document_ids),
            state="filed",
            filed_at=work.now,
        )
        .returning(court_filing)
    ).one()
    facts = {
        "court_filing_id": str(row.id),
        "court_filing_number": court_filing_number,
        "document_ids": [str(each) for each in document_ids],
    }
    history.append(work.connection, locked, [HistoryEvent("court-filing-sent", facts)], actor=work.actor, now=work.now)
    return _record(row), True


def answer_court_filing(
    work: Work,
    bureau: Bureau,
    court_filing_number: str,
    *,
    state: str,
    decided_on: date | None = None,
    document_number: str | None = None,
    reason: str | None = None,
) -> CourtFiling:
    """Write down what the court answered; the reason is kept encrypted. The same answer twice changes nothing.

    Raises NotFoundError for an unknown number and InputInvalidError for an unknown state.
    """
    if state not in STATES[1:]:
        raise InputInvalidError(
            name="state",
            problem_zh=f"应为 {'、'.join(STATES[1:])} 之一。",
            problem_en=f"one of {STATES[1:]} is needed.",
        )
    found = find_court_filing(work.connection, court_filing_number)
    locked = lock_case(work.connection, found.case_id)
    current = find_court_filing(work.connection, court_filing_number)
    if (current.state, current.decided_on, current.document_number) == (state, decided_on, document_number):
        return current
    row = work.connection.execute(
        sa.update(court_filing)
        .where(court_filing.c.id == found.id)
        .values(
            state=state,
            answered_at=work.now,
            decided_on=decided_on,
            document_number=document_number,
            reason=bureau.keyring.seal_optional(reason, place("court_filing", "reason", found.id)),
        )
        .returning(court_filing)
    ).one()
    facts = {
        "court_filing_id": str(row.id),
        "court_filing_number": court_filing_number,
        "state": state,
        "decided_on": decided_on.isoformat() if decided_on else None,
        "document_number": document_number,
    }
    history.append(
        work.connection, locked, [HistoryEvent("court-filing-answered", facts)], actor=work.actor, now=work.now
    )
    return _record(row)


def find_court_filing(connection: sa.Connection, court_filing_number: str) -> CourtFiling:
    """Return the filing with the court's number; raises NotFoundError."""
    row = connection.execute(
        sa.select(court_filing)
        .where(court_filing.c.court_filing_number == court_filing_number)
        .order_by(court_filing.c.filed_at.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        raise NotFoundError(what="court filing", id=court_filing_number)
    return _record(row)


def list_court_filings(connection: sa.Connection, case_id: UUID) -> list[CourtFiling]:
    """Return the filings of a case, oldest first."""
    statement = sa.select(court_filing).where(court_filing.c.case_id == case_id).order_by(court_filing.c.filed_at)
    return [_record(row) for row in connection.execute(statement)]


def _record(row: Any) -> CourtFiling:
    return CourtFiling(
        id=row.id,
        case_id=row.case_id,
        court_filing_number=row.court_filing_number,
        state=row.state,
        document_ids=tuple(row.document_ids),
        filed_at=row.filed_at,
        answered_at=row.answered_at,
        decided_on=row.decided_on,
        document_number=row.document_number,
    )
