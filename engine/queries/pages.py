"""Cursor pages: a list goes on after the last row seen, whatever was added or removed meanwhile."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

MAX_LIMIT = 200


@dataclass(frozen=True)
class Page:
    """Some rows of a list, and where the next page begins."""

    items: list[dict[str, Any]]
    next_after: tuple[Any, ...] | None
    """Values of the order columns of the last row; None on the last page."""


def fetch_page(
    connection: sa.Connection,
    statement: sa.Select[Any],
    order: Sequence[sa.ColumnElement[Any]],
    *,
    after: Sequence[Any] | None = None,
    limit: int = 50,
    descending: bool = False,
) -> Page:
    """Run a select as a page ordered by non-null columns, the last of them unique. `limit` is 1 to 200."""
    limit = max(1, min(limit, MAX_LIMIT))
    if after is not None:
        position = sa.tuple_(*order)
        bound = sa.tuple_(*[sa.literal(value, column.type) for value, column in zip(after, order, strict=True)])
        statement = statement.where(position < bound if descending else position > bound)
    ordered = [column.desc() if descending else column.asc() for column in order]
    labels = [column.label(f"_order_{index}") for index, column in enumerate(order)]
    rows = connection.execute(statement.add_columns(*labels).order_by(*ordered).limit(limit + 1)).mappings().all()
    items = [{key: value for key, value in row.items() if not key.startswith("_order_")} for row in rows[:limit]]
    more = len(rows) > limit
    last = tuple(rows[limit - 1][f"_order_{index}"] for index in range(len(order))) if more else None
    return Page(items, last)
