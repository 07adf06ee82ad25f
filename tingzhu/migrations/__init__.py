"""Schema migrations: `upgrade` brings a database up to date; Alembic does the work without any ini file."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from tingzhu.errors import SchemaTooNewError

FOLDER = Path(__file__).parent
VERSIONS = FOLDER / "versions"
_LOCK = 0x74696E677A6875  # "tingzhu": the advisory lock under which one process migrates


def upgrade(url: str) -> bool:
    """Migrate the database to the newest schema; return whether anything was done.

    Processes that start together take turns. All migrations run in one transaction. Raises SchemaTooNewError when
    a newer release has written the database.
    """
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection, _alone(connection):
        before = _present(connection)
        scripts = ScriptDirectory(str(FOLDER))
        if before is not None and before not in {script.revision for script in scripts.walk_revisions()}:
            raise SchemaTooNewError(found=before, newest=scripts.get_current_head())
        if before == scripts.get_current_head():
            return False
        config = Config()
        config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()
    return True


def current(url: str) -> str | None:
    """Return the revision of the database, or None when it was never migrated."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        return _present(connection)


@contextmanager
def _alone(connection: sa.Connection) -> Iterator[None]:
    connection.execute(sa.text("select pg_advisory_lock(:lock)"), {"lock": _LOCK})
    connection.commit()
    try:
        yield
    finally:
        connection.rollback()
        connection.execute(sa.text("select pg_advisory_unlock(:lock)"), {"lock": _LOCK})
        connection.commit()


def _present(connection: sa.Connection) -> str | None:
    revision = MigrationContext.configure(connection).get_current_revision()
    connection.rollback()
    return revision
