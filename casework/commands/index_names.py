"""Makes parties findable by a part of their name whose rows were written before there was such an index."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import sqlalchemy as sa

from casework.bureau import Bureau
from casework.encryption import place
from casework.name_grams import stored_grams
from casework.store.tables import party

Begin = Callable[[], AbstractContextManager[sa.Connection]]
"""Opens a connection in a transaction that commits at the end of the block."""

BATCH = 1000


def index_names(bureau: Bureau, begin: Begin) -> int:
    """Index up to BATCH parties that have no digests yet, in one transaction; return how many, 0 once all have."""
    with begin() as connection:
        rows = connection.execute(
            sa.select(party.c.id, party.c.name)
            .where(party.c.name_grams.is_(None))
            .order_by(party.c.id)
            .limit(BATCH)
            .with_for_update(skip_locked=True)
        ).all()
        for row in rows:
            name = bureau.keyring.open(row.name, place("party", "name", row.id))
            connection.execute(
                sa.update(party).where(party.c.id == row.id).values(name_grams=stored_grams(bureau.keyring, name))
            )
    return len(rows)
