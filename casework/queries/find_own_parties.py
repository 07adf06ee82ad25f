"""Which parties of a case a viewer is or stands for."""

from uuid import UUID

import sqlalchemy as sa

from casework.access import Viewer, party_seats


def own_parties(connection: sa.Connection, viewer: Viewer, case_id: UUID) -> list[UUID]:
    """Return the ids of the parties of a case that the viewer is or stands for."""
    seats = party_seats(viewer).subquery("seats")
    return list(connection.execute(sa.select(seats.c.party_id).where(seats.c.case_id == case_id)).scalars())
