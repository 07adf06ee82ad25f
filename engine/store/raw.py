"""Statements of the hot path on the driver's own cursors: several of them in one trip to the server.

SQLAlchemy cannot read results in a pipeline, and a trip costs more than most statements. Everything here runs on the
connection, and so in the transaction, of the command that calls it.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import orjson
import psycopg
import sqlalchemy as sa
from psycopg.rows import namedtuple_row
from psycopg.types.json import Jsonb
from sqlalchemy.dialects.postgresql import JSONB

Query = tuple[str, Sequence[Any]]


def as_jsonb(value: Any) -> Jsonb | None:
    """Return a value to be stored in a JSONB column; None is NULL."""
    return None if value is None else Jsonb(value, dumps=orjson.dumps)


def fetch_together(connection: sa.Connection, *queries: Query) -> list[list[Any]]:
    """Run queries one after the other in one trip; return the rows of each, with columns as attributes.

    Each query sees what was committed when it began: one that follows a lock sees the locked row as it stands.
    """
    raw = _driver(connection)
    with _translated(queries), raw.pipeline():
        cursors = [raw.cursor(row_factory=namedtuple_row).execute(sql.encode(), params) for sql, params in queries]
        return [cursor.fetchall() for cursor in cursors]


class Batch:
    """Writes that are sent to the server together."""

    def __init__(self) -> None:
        self._queries: list[Query] = []

    def add(self, sql: str, params: Sequence[Any]) -> None:
        """Add a statement with `%s` parameters."""
        self._queries.append((sql, params))

    def insert(self, table: sa.Table, rows: Iterable[Mapping[str, Any]]) -> None:
        """Add rows; all of them have the same columns."""
        for row in rows:
            sql, json_columns = _insert_sql(table, tuple(row))
            self._queries.append(
                (sql, [as_jsonb(value) if name in json_columns else value for name, value in row.items()])
            )

    def send(self, connection: sa.Connection) -> None:
        """Run everything in order, in one trip."""
        if not self._queries:
            return
        raw = _driver(connection)
        with _translated(self._queries), raw.pipeline(), raw.cursor() as cursor:
            for sql, params in self._queries:
                cursor.execute(sql.encode(), params)
        self._queries = []


class _translated:  # noqa: N801 - reads as a statement
    """Raises the driver's errors as SQLAlchemy does, so that callers know one kind of error."""

    def __init__(self, queries: Sequence[Query]) -> None:
        self._queries = queries

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: Any, error: Any, traceback: Any) -> None:
        if isinstance(error, psycopg.Error):
            is_gone = isinstance(error, psycopg.OperationalError)
            raise sa.exc.DBAPIError.instance(
                self._queries[0][0], None, error, psycopg.Error, connection_invalidated=is_gone
            ) from error


@lru_cache(maxsize=256)
def _insert_sql(table: sa.Table, columns: tuple[str, ...]) -> tuple[str, frozenset[str]]:
    names = ", ".join(f'"{name}"' for name in columns)
    marks = ", ".join(["%s"] * len(columns))
    json_columns = frozenset(name for name in columns if isinstance(table.c[name].type, JSONB))
    return f'insert into "{table.name}" ({names}) values ({marks})', json_columns  # noqa: S608 - names of our tables


def _driver(connection: sa.Connection) -> "psycopg.Connection[Any]":
    raw: psycopg.Connection[Any] | None = connection.connection.driver_connection
    assert raw is not None
    return raw
