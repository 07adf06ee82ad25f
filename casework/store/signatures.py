"""Rows of signatures and seals on mediation agreements, every one kept; and who is to sign."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from casework.effect_gate import Signatory, Signature, signatories
from casework.store.tables import appointment, dispute, document, party, signature
from engine.domain.errors import NotFoundError

AGREEMENT_KIND = "mediation-agreement"
"""The kind of document that the signatures are put on."""

MEDIATOR_ROLES = ("mediator", "mediator-2", "mediator-3")
"""The seats of a mediation panel, the one who presides first."""


@dataclass(frozen=True, slots=True)
class Signing:
    """Who must sign the mediation agreement of a case, and who they are."""

    signatories: tuple[Signatory, ...]
    parties: Mapping[str, UUID]
    """Code (`applicant-1`) -> party."""
    mediators: Mapping[str, UUID]
    """Code (`mediator-1`) -> user, of those that are appointed."""


def signing_of(connection: sa.Connection, case_id: UUID) -> Signing:
    """Return who must sign, as the case stands now. Raises NotFoundError when the case is no dispute."""
    worker_count = connection.execute(
        sa.select(dispute.c.worker_count).where(dispute.c.case_id == case_id)
    ).scalar_one_or_none()
    if worker_count is None:
        raise NotFoundError(what="dispute", id=case_id)
    rows = connection.execute(
        sa.select(party.c.id, party.c.side, party.c.position, party.c.kind)
        .where(party.c.case_id == case_id)
        .order_by(party.c.side, party.c.position)
    ).all()
    parties = {f"{row.side}-{row.position}": row.id for row in rows}
    named_workers = sum(row.kind == "person" for row in rows)
    seats = {
        row.role: row.user_id
        for row in connection.execute(
            sa.select(appointment.c.role, appointment.c.user_id).where(
                appointment.c.case_id == case_id,
                appointment.c.role.in_(MEDIATOR_ROLES),
                appointment.c.ended_at.is_(None),
            )
        )
    }
    users = [seats[role] for role in MEDIATOR_ROLES if role in seats]
    return Signing(
        signatories(parties, len(users), has_unnamed_workers=worker_count > named_workers),
        parties,
        {f"mediator-{position}": user_id for position, user_id in enumerate(users, 1)},
    )


def current_signatures(connection: sa.Connection, case_id: UUID) -> dict[str, sa.Row[Any]]:
    """Return the signatures that stand, by the code of who signed."""
    rows = connection.execute(
        sa.select(signature).where(signature.c.case_id == case_id, signature.c.superseded_at.is_(None))
    )
    return {row.signatory: row for row in rows}


def every_signature(connection: sa.Connection, case_id: UUID) -> list[sa.Row[Any]]:
    """Return all signatures ever recorded, oldest first."""
    return list(
        connection.execute(
            sa.select(signature).where(signature.c.case_id == case_id).order_by(signature.c.recorded_at, signature.c.id)
        )
    )


def signature_of(row: sa.Row[Any]) -> Signature:
    """Return a row as the effect gate looks at it."""
    return Signature(
        signatory=row.signatory,
        signed_on=row.signed_on,
        level=row.level,
        signed_by=row.signed_by,
        consented_on=row.consented_on,
        has_proof=row.proof_document_id is not None,
    )


def put_signature(connection: sa.Connection, row: Mapping[str, Any], *, now: datetime) -> None:
    """Add a signature and supersede the one that stood for the same signatory; the caller holds the case's lock."""
    old = supersede(connection, row["case_id"], row["signatory"], now=now)
    connection.execute(sa.insert(signature).values(**row))
    if old is not None:
        connection.execute(sa.update(signature).where(signature.c.id == old).values(superseded_by=row["id"]))


def supersede(connection: sa.Connection, case_id: UUID, signatory: str, *, now: datetime) -> UUID | None:
    """Let the standing signature of a signatory stand no more; return its id."""
    found: UUID | None = connection.execute(
        sa.update(signature)
        .where(signature.c.case_id == case_id, signature.c.signatory == signatory, signature.c.superseded_at.is_(None))
        .values(superseded_at=now)
        .returning(signature.c.id)
    ).scalar_one_or_none()
    return found


def latest_agreement(connection: sa.Connection, case_id: UUID) -> UUID | None:
    """Return the newest mediation agreement made in this system for the case that is not void."""
    found: UUID | None = connection.execute(
        sa.select(document.c.id)
        .where(document.c.case_id == case_id, document.c.kind == AGREEMENT_KIND, document.c.voided_at.is_(None))
        .order_by(document.c.created_at.desc(), document.c.id.desc())
        .limit(1)
    ).scalar_one_or_none()
    return found
