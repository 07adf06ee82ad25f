"""The migrations make exactly the tables that the code declares."""

import threading
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from procrastinate.schema import SchemaManager

from tingzhu import migrations
from tingzhu.errors import SchemaTooNewError
from tingzhu.migrations.draft import comparison
from tingzhu.migrations.schema import metadata, procrastinate_scripts

_CATALOGUE = """
select 'column', c.relname || '.' || a.attname,
       format_type(a.atttypid, a.atttypmod) || case when a.attnotnull then ' not null' else '' end
       || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '')
  from pg_attribute a join pg_class c on c.oid = a.attrelid
  left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
 where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped
union all
select 'constraint', conrelid::regclass || '.' || conname, pg_get_constraintdef(oid)
  from pg_constraint where connamespace = 'public'::regnamespace and conrelid <> 0 and contype <> 'n'
union all
select 'index', indexrelid::regclass::text, pg_get_indexdef(indexrelid)
  from pg_index join pg_class c on c.oid = indrelid where c.relnamespace = 'public'::regnamespace
union all
select 'trigger', tgrelid::regclass || '.' || tgname, pg_get_triggerdef(oid) from pg_trigger where not tgisinternal
union all
select 'function', proname, pg_get_functiondef(oid) from pg_proc where pronamespace = 'public'::regnamespace
"""


def catalogue(url: str) -> set[tuple[Any, ...]]:
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        rows = connection.exec_driver_sql(_CATALOGUE).all()
    return {tuple(row) for row in rows if "alembic_version" not in row[1]}


def empty_database(connection: sa.Connection, name: str) -> str:
    with connection.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as admin:
        admin.exec_driver_sql(f'create database "{name}" template template0')
    return connection.engine.url.set(database=name).render_as_string(hide_password=False)


@pytest.fixture
def empty_url(engine: sa.Engine, connection: sa.Connection) -> Any:
    name = f"{engine.url.database}_empty"
    yield empty_database(connection, name)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as admin:
        admin.exec_driver_sql(f'drop database "{name}" with (force)')


def test_a_table_was_changed_without_a_migration(connection: sa.Connection) -> None:
    differences = compare_metadata(comparison(connection), metadata)
    assert differences == [], "draft a migration: make migration"


def test_migrations_and_tables_disagree_in_a_constraint_an_index_or_a_trigger(
    database_url: str, empty_url: str
) -> None:
    engine = sa.create_engine(empty_url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        metadata.create_all(connection)
        with psycopg.connect(
            host=str(engine.url.query["host"]), user=engine.url.username, dbname=engine.url.database
        ) as driver:
            driver.execute(SchemaManager.get_schema())
    declared, migrated = catalogue(empty_url), catalogue(database_url)
    assert len(declared) > 200
    assert sorted(declared ^ migrated) == []


def test_a_script_of_procrastinate_is_not_covered_by_a_migration() -> None:
    newest = [path.stem for path in procrastinate_scripts()][-1]
    texts = [path.read_text() for path in migrations.VERSIONS.glob("*.py")]
    assert any(f'up_to="{newest}"' in text for text in texts)


def test_two_starts_at_once_migrate_twice(empty_url: str) -> None:
    done: list[bool] = []
    threads = [threading.Thread(target=lambda: done.append(migrations.upgrade(empty_url))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(done) == [False, False, True]
    assert migrations.current(empty_url) is not None


def test_a_migration_that_fails_leaves_half_a_schema(empty_url: str) -> None:
    engine = sa.create_engine(empty_url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        connection.exec_driver_sql("create table history (x int)")  # in the way of the real one
    with pytest.raises(sa.exc.ProgrammingError):
        migrations.upgrade(empty_url)
    assert migrations.current(empty_url) is None
    assert {row[1] for row in catalogue(empty_url)} == {"history.x"}


def test_an_older_release_starts_on_a_newer_schema(engine: sa.Engine, database_url: str) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("update alembic_version set version_num = '9999'")
    with pytest.raises(SchemaTooNewError, match="9999"):
        migrations.upgrade(database_url)
