"""What was written since somebody looked last, told by transactions and not by clocks.

A snapshot names every transaction that had committed when it was taken. A row that was written in one that had not is
news, whenever that transaction began and however long it took: nothing is missed, nothing is told twice.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import UserDefinedType


class _Named(UserDefinedType[Any]):
    """A type of PostgreSQL that is only cast to."""

    cache_ok = True

    def __init__(self, name: str) -> None:
        self.name = name

    def get_col_spec(self, **_options: Any) -> str:
        """Return the type's name."""
        return self.name


_SNAPSHOT, _XID = _Named("pg_snapshot"), _Named("xid8")


def current_snapshot(connection: sa.Connection) -> str:
    """Return what has committed so far, as text for `written_since`."""
    return str(connection.execute(sa.text("select pg_current_snapshot()::text")).scalar_one())


def written_since(written_in: "sa.ColumnElement[Any]", snapshot: str) -> sa.ColumnElement[bool]:
    """Return the condition over a column `written_in` that its row was written after `snapshot` and is there now.

    Numbers beyond the present ones, as a restored backup may bring, are no news.
    """
    seen = sa.cast(sa.literal(snapshot, sa.Text()), _SNAPSHOT)
    number = sa.cast(sa.cast(written_in, sa.Text()), _XID)
    least = sa.cast(sa.cast(sa.func.pg_snapshot_xmin(seen), sa.Text()), sa.BigInteger())
    return sa.and_(
        written_in >= least,
        ~sa.func.pg_visible_in_snapshot(number, seen),
        sa.func.pg_visible_in_snapshot(number, sa.func.pg_current_snapshot()),
    )
