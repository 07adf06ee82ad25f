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
    return fetch_merged(connection, [statement], order, after=after, limit=limit, descending=descending)


def fetch_merged(
    connection: sa.Connection,
    statements: Sequence[sa.Select[Any]],
    order: Sequence[sa.ColumnElement[Any]],
    *,
    after: Sequence[Any] | None = None,
    limit: int = 50,
    descending: bool = False,
) -> Page:
    """Run selects with the same columns and no row in common as one page, as `fetch_page` does with one.

    Each is fetched by itself, so that an index can serve each; a UNION or an OR over them would read all rows.
    """
    limit = max(1, min(limit, MAX_LIMIT))
    ordered = [column.desc() if descending else column.asc() for column in order]
    names = [f"_order_{index}" for index in range(len(order))]
    labels = [column.label(name) for name, column in zip(names, order, strict=True)]
    rows: list[Any] = []
    for each in statements:
        statement = each
        if after is not None:
            position = sa.tuple_(*order)
            bound = sa.tuple_(*[sa.literal(value, column.type) for value, column in zip(after, order, strict=True)])
            statement = statement.where(position < bound if descending else position > bound)
        rows += connection.execute(statement.add_columns(*labels).order_by(*ordered).limit(limit + 1)).mappings().all()
    if len(statements) > 1:
        rows.sort(key=lambda row: [row[name] for name in names], reverse=descending)
    items = [{key: value for key, value in row.items() if key not in names} for row in rows[:limit]]
    last = tuple(rows[limit - 1][name] for name in names) if len(rows) > limit else None
    return Page(items, last)
