"""The ground scenarios stand on: a database with the site, the demonstration accounts and the deployed models.

It is prepared once. Each scenario plays on a copy of its own, with its own clock, so that none notices another.
"""

import itertools
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import sqlalchemy as sa

from casework.access import Viewer
from casework.bureau import Bureau, open_bureau
from casework.commands.load_demo import demo_user
from casework.organisations import synchronise_site
from casework.secret_key import secret_key
from casework.settings import Settings
from casework.site import DemoData, Site
from casework.users import create_user, viewer_for_username
from engine.bpmn.bundle import Bundle
from engine.commands.deploy import deploy
from engine.domain.clock import Clock, ManualClock
from engine.domain.ids import IdSource
from engine.domain.resource import Resource
from engine.runtime.platform import NoQueue, Platform
from engine.store.tables import deployment
from handlers.settings import HandlerSettings
from tingzhu import migrations
from tingzhu.composition import SYSTEM, build_platform
from tingzhu.embedded import EmbeddedPostgres
from tingzhu.scenarios.errors import DemoMissingError
from tingzhu.scenarios.names import Names

FOUNDED = datetime(2020, 1, 1, tzinfo=UTC)
"""When accounts and models of the ground came to be: before any scenario begins."""


@dataclass(frozen=True)
class Ground:
    """Everything that scenarios share."""

    url: sa.URL
    """The prepared database; only copied, never written."""
    settings: Settings
    bureau: Bureau
    platform: Platform
    """Its clock, ids and host are replaced for each scenario."""
    bundle: Bundle
    names: Names
    viewers: tuple[Viewer, ...]
    """The demonstration accounts in the site's order."""
    handler_settings: HandlerSettings

    @contextmanager
    def copy(self) -> Iterator[sa.Engine]:
        """Give a copy of the database; it is gone afterwards."""
        name = f"{self.url.database}_{os.getpid()}_{next(_numbers)}"
        with database_copy(self.url, name) as url:
            engine = sa.create_engine(url, pool_size=2, max_overflow=2)
            try:
                yield engine
            finally:
                engine.dispose()

    def close(self) -> None:
        """End the sandboxes of expressions."""
        self.platform.evaluator.close()


_numbers = itertools.count(1)


@contextmanager
def database_copy(source: sa.URL, name: str) -> Iterator[sa.URL]:
    """Give a copy of a database that nobody is connected to; it is dropped afterwards."""
    admin_url = source.set(drivername="postgresql", database="postgres").render_as_string(hide_password=False)
    with psycopg.connect(admin_url, autocommit=True) as admin:
        # file_copy: cloning files is many times faster here than writing every page to the log
        admin.execute(f'create database "{name}" template "{source.database}" strategy file_copy'.encode())
        try:
            yield source.set(database=name)
        finally:
            admin.execute(f'drop database "{name}" with (force)'.encode())


@contextmanager
def ground_of_its_own(settings: Settings, resources: Sequence[Resource]) -> Iterator[Ground]:
    """Give a ground in a database server of its own, which comes and goes with it; so do keys and files.

    The database, the key and the folder of the installation are not known here, so that no scenario can touch a case.
    Raises ModelInvalidError, DemoMissingError and the errors of the embedded database.
    """
    with tempfile.TemporaryDirectory(prefix="tingzhu-scenarios-") as name:
        folder = Path(name)
        with EmbeddedPostgres(folder / "pg", is_durable=False) as server:
            migrations.upgrade(server.url)
            own = replace(settings, database_url="", var_dir=folder / "var", secret_key="", retired_secret_keys=())
            with prepared_ground(sa.make_url(server.url), own, resources) as ground:
                yield ground


@contextmanager
def prepared_ground(migrated: sa.URL, settings: Settings, resources: Sequence[Resource]) -> Iterator[Ground]:
    """Give the ground made from a migrated, empty database: site, accounts, models.

    Raises ModelInvalidError with every finding when the models do not pass the check, and DemoMissingError.
    """
    with database_copy(migrated, f"scenarios_{os.getpid()}_{next(_numbers)}") as url:
        _prepare(url, settings, resources)
        ground = open_ground(url, settings)
        try:
            yield ground
        finally:
            ground.close()


def open_ground(url: sa.URL, settings: Settings) -> Ground:
    """Return the ground over a database that is prepared, in this or another process."""
    # Nothing leaves the machine: no partner is configured, whatever the installation says.
    settings = replace(settings, smtp_host="", sms_gateway_url="", seal_gateway_url="", court_gateway_url="")
    bureau = open_bureau(settings.site_dir, settings.var_dir, secret_key(settings), settings.retired_secret_keys)
    platform = build_platform(bureau, settings.assets_dir, clock=ManualClock(FOUNDED), queue=NoQueue())
    with _connection(url) as connection:
        deployment_id = connection.execute(
            sa.select(deployment.c.id).order_by(deployment.c.created_at.desc(), deployment.c.id.desc()).limit(1)
        ).scalar_one()
        bundle = platform.definitions.bundle(connection, deployment_id)
        usernames = [entry["username"] for entry in _demo(bureau.site).users]
        found = [viewer_for_username(connection, username) for username in usernames]
    return Ground(
        url=url,
        settings=settings,
        bureau=bureau,
        platform=platform,
        bundle=bundle,
        names=Names.of(bundle, bureau.site),
        viewers=tuple(viewer for viewer in found if viewer is not None),
        handler_settings=HandlerSettings.from_settings(settings, bureau.site.brand["name"]),
    )


def _prepare(url: sa.URL, settings: Settings, resources: Sequence[Resource]) -> None:
    bureau = open_bureau(settings.site_dir, settings.var_dir, secret_key(settings), settings.retired_secret_keys)
    demo = _demo(bureau.site)
    platform = build_platform(bureau, settings.assets_dir, clock=ManualClock(FOUNDED), queue=NoQueue())
    try:
        with _connection(url) as connection:
            uow = platform.unit_of_work(connection, SYSTEM)
            synchronise_site(uow, bureau, with_demo=True)
            for entry in demo.users:
                create_user(uow, bureau, demo_user(entry, demo.password))
            deploy(uow, resources)
    finally:
        platform.evaluator.close()


def _demo(site: Site) -> DemoData:
    if site.demo is None:
        raise DemoMissingError(site=site.key)
    return site.demo


@contextmanager
def _connection(url: sa.URL) -> Iterator[sa.Connection]:
    """Give a connection in a transaction; nothing stays connected, for what is connected to cannot be copied."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        yield connection


def growing_ids(clock: Clock) -> IdSource:
    """Return ids of version 7 that grow with every call even while the clock stands still: order is told by them."""
    numbers: Callable[[], Any] = itertools.count(1).__next__

    def new_id() -> UUID:
        milliseconds = int(clock.now().timestamp() * 1000) & ((1 << 48) - 1)
        return UUID(int=milliseconds << 80 | 0x7 << 76 | 0b10 << 62 | numbers())

    return new_id
