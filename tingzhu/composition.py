"""Puts one serving process together from the settings: database, bureau, platform; and prepares an installation."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from casework.bureau import Bureau, open_bureau
from casework.commands.index_names import index_names
from casework.commands.load_demo import load_demo
from casework.deadlines.functions import deadline_function_stubs
from casework.host import CaseworkHost
from casework.model_words import read_model_words
from casework.named_inputs import INPUT_NAMES
from casework.organisations import synchronise_site
from casework.roles import ROLES
from casework.secret_key import secret_key
from casework.settings import Settings
from engine.bpmn.bundle import Surroundings
from engine.commands.deploy import Deployed, deploy
from engine.domain.actor import Actor
from engine.domain.clock import Clock, SystemClock
from engine.domain.ids import uuid7_source
from engine.domain.resource import Resource
from engine.expressions import Evaluator
from engine.feel import FeelInterpreter
from engine.runtime.platform import DefinitionCache, JobQueue, Platform
from engine.runtime.queue import ProcrastinateQueue
from handlers.registry import job_types

SYSTEM = Actor("system")


@dataclass(frozen=True)
class Installation:
    """What every serving process of an installation builds for itself at start."""

    settings: Settings
    bureau: Bureau
    platform: Platform
    engine: sa.Engine

    @contextmanager
    def begin(self) -> Iterator[sa.Connection]:
        """Open a connection in a transaction that commits at the end of the block."""
        with self.engine.begin() as connection:
            yield connection


def build_platform(
    bureau: Bureau, assets_dir: Path, *, clock: Clock | None = None, queue: JobQueue | None = None
) -> Platform:
    """Return the platform of a process; sandboxes and the FEEL interpreter start at first use, so a fork is safe."""
    clock = clock or SystemClock()
    ids = uuid7_source(clock)
    feel = FeelInterpreter(assets_dir)
    return Platform(
        clock=clock,
        ids=ids,
        host=CaseworkHost(bureau, ids),
        definitions=DefinitionCache(feel=feel),
        queue=queue or ProcrastinateQueue(),
        job_types=job_types(),
        evaluator=Evaluator(),
        feel=feel,
        groups=frozenset(ROLES),
    )


def install(settings: Settings, database_url: str, *, clock: Clock | None = None, pool_size: int = 5) -> Installation:
    """Return an installation over a migrated database."""
    bureau = open_bureau(
        settings.site_dir,
        settings.var_dir,
        secret_key(settings),
        settings.retired_secret_keys,
        read_model_words(settings),
    )
    engine = sa.create_engine(database_url, pool_pre_ping=True, pool_size=pool_size, max_overflow=pool_size)
    return Installation(settings, bureau, build_platform(bureau, settings.assets_dir, clock=clock), engine)


def model_surroundings() -> Surroundings:
    """Return what process definitions may refer to in this software; needs no running system."""
    return Surroundings(
        job_types=job_types(),
        function_stubs=deadline_function_stubs(),
        input_names=INPUT_NAMES,
        groups=frozenset(ROLES),
    )


def read_resources(*folders: Path) -> list[Resource]:
    """Return every .bpmn, .dmn and .form file below the folders, named by its path below them."""
    found = {}
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.suffix in (".bpmn", ".dmn", ".form"):
                name = path.relative_to(folder).as_posix()
                found[name] = Resource(name, path.read_bytes())
    return list(found.values())


def prepare(settings: Settings, database_url: str) -> Deployed:
    """Bring a migrated database up to date with the site, the processes and the forms; add demo data if asked.

    Does nothing that was done before. Raises ModelInvalidError when the processes do not pass the check.
    """
    installation = install(settings, database_url)
    try:
        with installation.begin() as connection:
            uow = installation.platform.unit_of_work(connection, SYSTEM)
            synchronise_site(uow, installation.bureau, with_demo=settings.demo)
            deployed = deploy(uow, read_resources(settings.processes_dir, settings.forms_dir), "start")
        while index_names(installation.bureau, installation.begin):
            pass
        if settings.demo:
            with installation.begin() as connection:
                load_demo(installation.platform.unit_of_work(connection, SYSTEM), installation.bureau)
        return deployed
    finally:
        installation.platform.evaluator.close()
        installation.engine.dispose()
