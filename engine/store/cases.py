"""Case rows: the one lock that every command takes first."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from engine.domain.errors import BusinessKeyTakenError, NotFoundError
from engine.store.tables import case

GENESIS = "0" * 64
"""The hash before the first history row of a case."""


class CaseRow(NamedTuple):
    """A locked case: where its history ends."""

    id: UUID
    business_key: str
    history_seq: int
    head_hash: str


_LOCK = (
    sa.select(case.c.id, case.c.business_key, case.c.history_seq, case.c.head_hash)
    .where(case.c.id == sa.bindparam("case_id"))
    .with_for_update()
)


def lock_case(connection: sa.Connection, case_id: UUID) -> CaseRow:
    """Lock a case until the transaction ends; waits for whoever holds it. Raises NotFoundError."""
    row = connection.execute(_LOCK, {"case_id": case_id}).one_or_none()
    if row is None:
        raise NotFoundError(what="case", id=case_id)
    return CaseRow(*row)


def try_lock_case(connection: sa.Connection, case_id: UUID) -> CaseRow | None:
    """Lock a case if nobody holds it; return None at once when somebody does."""
    statement = (
        sa.select(case.c.id, case.c.business_key, case.c.history_seq, case.c.head_hash)
        .where(case.c.id == case_id)
        .with_for_update(skip_locked=True)
    )
    row = connection.execute(statement).one_or_none()
    return None if row is None else CaseRow(*row)


def insert_case(
    connection: sa.Connection, case_id: UUID, business_key: str, now: datetime, *, is_hosted: bool = False
) -> None:
    """Add a case. Raises BusinessKeyTakenError."""
    values = {"id": case_id, "business_key": business_key, "created_at": now, "is_hosted": is_hosted}
    statement = (
        insert(case)
        .values(head_hash=GENESIS, history_seq=0, **values)
        .on_conflict_do_nothing(index_elements=["business_key"])
        .returning(case.c.id)
    )
    if connection.execute(statement).one_or_none() is None:
        raise BusinessKeyTakenError(business_key=business_key)


def find_case(connection: sa.Connection, business_key: str) -> UUID | None:
    """Return the id of the case with a business key, or None."""
    return connection.execute(sa.select(case.c.id).where(case.c.business_key == business_key)).scalar_one_or_none()
