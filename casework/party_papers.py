"""Which documents a party may read at its desk, and for whom a letter is."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from casework.access import Viewer, party_seats
from casework.errors import PartyUploadsExhaustedError
from casework.store.tables import document, party

FOR_ALL = frozenset(
    {
        "internal-complaint-answer",
        "negotiation-request",
        "negotiation-answer",
        "negotiation-term",
        "settlement-agreement",
        "negotiation-mediation-proposal",
        "mediation-application",
        "mediation-acceptance-notice",
        "rights-notice",
        "mediation-session-notice",
        "mediation-extension-consent",
        "mediation-agreement",
        "signed-agreement",
        "performance-notice",
        "mediation-failure-notice",
        "arbitration-rights-notice",
        "review-application",
        "review-acceptance-notice",
        "review-refusal-notice",
        "review-correction-notice",
        "award",
        "award-refusal-notice",
        "review-withdrawal-decision",
        "mediation-proof",
        "confirmation-application",
    }
)
"""Papers that every party of the case may read. Records, assessments and the index of the file are not among them."""

FOR_SIDE: Mapping[str, str] = {
    "intake-receipt": "applicant",
    "oral-application-record": "applicant",
    "mediation-refusal-notice": "applicant",
    "payment-order-application": "applicant",
    "mediation-consent-inquiry": "respondent",
    "performance-urging-letter": "respondent",
}
"""Papers that go to one side. Where that side has one party they are its letters, and number and code open its case."""

UPLOADS = ("evidence", "identity-document", "business-licence", "mandate", "stamped-scan", "payment-proof", "other")
"""Kinds of what parties upload; each sees its own."""

MOST_UPLOADS = 100
"""Files that one party may add to one case."""


def not_for_others(viewer: Viewer) -> sa.ColumnElement[bool]:
    """Return the condition over `document` that it is not a letter to somebody else: its code would open their case."""
    seats = party_seats(viewer).subquery("seats")
    mine = sa.select(seats.c.party_id)
    own_sides = sa.select(party.c.side).where(party.c.id.in_(mine), party.c.case_id == document.c.case_id)
    by_side = [
        sa.and_(
            document.c.kind.in_([kind for kind, to in FOR_SIDE.items() if to == side]), sa.literal(side).in_(own_sides)
        )
        for side in ("applicant", "respondent")
    ]
    return sa.and_(
        sa.or_(document.c.party_id.is_(None), document.c.party_id.in_(mine)),
        sa.or_(document.c.kind.not_in(list(FOR_SIDE)), document.c.party_id.is_not(None), *by_side),
    )


def readable(viewer: Viewer) -> sa.ColumnElement[bool]:
    """Return the condition over `document` that the viewer reads it at the party desk.

    That is: a current paper of a kind that goes to parties, to all or to this one, or what this party uploaded; never a
    confidential one, nor one of a case where the viewer has no seat.
    """
    seats = party_seats(viewer).subquery("seats_read")
    is_mine = document.c.created_by.in_([viewer.actor.id]) | document.c.created_by.in_(
        sa.select(sa.literal("party:") + sa.cast(seats.c.party_id, sa.Text)).where(
            seats.c.case_id == document.c.case_id
        )
    )
    return sa.and_(
        document.c.case_id.in_(sa.select(seats.c.case_id)),
        ~document.c.is_confidential,
        document.c.superseded_at.is_(None),
        document.c.voided_at.is_(None),
        sa.or_(
            sa.and_(document.c.kind.in_(sorted({*FOR_ALL, *FOR_SIDE})), not_for_others(viewer)),
            sa.and_(is_mine, document.c.kind.in_(UPLOADS)),
        ),
    )


def addressee(connection: sa.Connection, row: Any) -> UUID | None:
    """Return the one party for which a document (a row) is a letter, or None when it is for nobody alone."""
    if row.party_id is not None:
        found: UUID = row.party_id
        return found
    side = FOR_SIDE.get(row.kind)
    parties = list(
        connection.execute(sa.select(party.c.id).where(party.c.case_id == row.case_id, party.c.side == side)).scalars()
    )
    return parties[0] if side is not None and len(parties) == 1 else None


def require_room(connection: sa.Connection, viewer: Viewer, case_id: UUID, party_id: UUID) -> None:
    """Raise PartyUploadsExhaustedError when a party has added as many files to a case as it may."""
    count: int = connection.execute(
        sa.select(sa.func.count())
        .select_from(document)
        .where(document.c.case_id == case_id, document.c.created_by.in_([viewer.actor.id, f"party:{party_id}"]))
    ).scalar_one()
    if count >= MOST_UPLOADS:
        raise PartyUploadsExhaustedError(limit=MOST_UPLOADS)
