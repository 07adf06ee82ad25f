"""What a child process of the worker opens for its handlers: the database, the bureau and the settings."""

import os
from collections.abc import Callable, Mapping

import sqlalchemy as sa

from casework.bureau import open_bureau
from casework.secret_key import secret_key
from casework.settings import Settings
from engine.domain.actor import Actor
from engine.domain.clock import SystemClock
from engine.domain.ids import uuid7_source
from handlers.context import CaseworkContext, HandlerContext
from handlers.settings import HandlerSettings


def open_contexts(argument: Mapping[str, str]) -> Callable[[], HandlerContext]:
    """Return what gives each job its context.

    `argument` says `database_url` (the embedded server's is not in the settings) and `worker`, the name that history
    shows; everything else comes from the settings, read from the environment that the child inherits.
    """
    settings = Settings.from_environment(os.environ)
    bureau = open_bureau(settings.site_dir, settings.var_dir, secret_key(settings), settings.retired_secret_keys)
    database = sa.create_engine(argument["database_url"], pool_size=1, max_overflow=1, pool_pre_ping=True)
    clock = SystemClock()
    ids = uuid7_source(clock)
    told = HandlerSettings.from_settings(settings, bureau.site.brand["name"])
    actor = Actor(f"worker:{argument['worker']}")
    return lambda: CaseworkContext(database, bureau, clock, ids, told, actor)
