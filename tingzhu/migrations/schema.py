"""The one MetaData with every table on it, and Procrastinate's own schema."""

from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa
from procrastinate.schema import SchemaManager

import casework.store.tables  # noqa: F401 - puts its tables on the MetaData
from engine.store.tables import metadata

__all__ = ["metadata", "procrastinate_scripts", "run_procrastinate_scripts"]

FOREIGN_PREFIXES = ("procrastinate_", "alembic_")


def procrastinate_scripts(after: str = "", up_to: str = "") -> Iterator[Path]:
    """Yield the SQL scripts that Procrastinate ships, those with a name in (after, up_to], in their order.

    A migration of ours names its range, so that it does the same whatever release of the library is installed.
    """
    for path in sorted(Path(SchemaManager.get_migrations_path()).glob("*.sql")):
        if path.stem > after and (not up_to or path.stem <= up_to):
            yield path


def run_procrastinate_scripts(connection: sa.Connection, after: str, up_to: str) -> None:
    """Run that range of Procrastinate's scripts in the connection's transaction."""
    driver = connection.connection.driver_connection
    assert driver is not None
    for path in procrastinate_scripts(after, up_to):
        driver.execute(path.read_text(encoding="utf-8"))
