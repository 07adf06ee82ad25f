"""The seats of the party desk: for which party of which case somebody speaks."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from casework.access import Viewer, party_seats
from casework.bureau import Bureau
from casework.encryption import place
from casework.errors import PartySeatUnclearError
from casework.store.tables import dispute, party
from engine.domain.errors import NotFoundError


@dataclass(frozen=True, slots=True, repr=False)
class Seat:
    """A party of a case, and what it is there."""

    case_id: UUID
    party_id: UUID
    number: str
    """Of the case."""
    side: str
    kind: str
    position: int
    name: str

    @property
    def code(self) -> str:
        """The party's code in forms and signatures, e.g. `respondent-2`."""
        return f"{self.side}-{self.position}"

    @property
    def role(self) -> str:
        """The candidate group that stands for such a party in processes."""
        return "employer" if self.kind == "organisation" else "worker"


def list_seats(connection: sa.Connection, bureau: Bureau, viewer: Viewer, case_id: UUID | None = None) -> list[Seat]:
    """Return the parties for which the viewer speaks, in one case or in all, newest case first."""
    seats = party_seats(viewer).subquery("seats")
    statement = (
        sa.select(party, dispute.c.number)
        .join(seats, sa.and_(seats.c.party_id == party.c.id, seats.c.case_id == party.c.case_id))
        .join(dispute, dispute.c.case_id == party.c.case_id)
        .order_by(dispute.c.registered_at.desc(), party.c.case_id, party.c.side, party.c.position)
    )
    if case_id is not None:
        statement = statement.where(party.c.case_id == case_id)
    return [_seat(bureau, row) for row in connection.execute(statement)]


def seat_of(connection: sa.Connection, bureau: Bureau, case_id: UUID, party_id: UUID) -> Seat:
    """Return a party of a case, for an office that acts on its behalf. Raises NotFoundError."""
    statement = (
        sa.select(party, dispute.c.number)
        .join(dispute, dispute.c.case_id == party.c.case_id)
        .where(party.c.case_id == case_id, party.c.id == party_id)
    )
    row = connection.execute(statement).one_or_none()
    if row is None:
        raise NotFoundError(what="party", id=party_id)
    return _seat(bureau, row)


def _seat(bureau: Bureau, row: Any) -> Seat:
    return Seat(
        case_id=row.case_id,
        party_id=row.id,
        number=row.number,
        side=row.side,
        kind=row.kind,
        position=row.position,
        name=bureau.keyring.open(row.name, place("party", "name", row.id)),
    )


def seat_in(connection: sa.Connection, bureau: Bureau, viewer: Viewer, case_id: UUID) -> Seat:
    """Return the one party for which the viewer acts in a case.

    Raises NotFoundError when there is none, so that nobody learns whether the case exists, and PartySeatUnclearError
    when there are several.
    """
    found = list_seats(connection, bureau, viewer, case_id)
    if not found:
        raise NotFoundError(what="case", id=case_id)
    if len(found) > 1:
        raise PartySeatUnclearError()
    return found[0]
