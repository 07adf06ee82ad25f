"""Who asks and in which transaction: the context of the request being answered."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa
from flask import g

from api.database import db
from api.runtime import Runtime
from casework.access import Viewer
from casework.bureau import Bureau
from casework.work import PlainWork
from engine.commands.unit_of_work import UnitOfWork
from engine.domain.actor import Actor


@dataclass(slots=True)
class RequestContext:
    """The request's transaction, its instant, and its viewer (None on public routes)."""

    runtime: Runtime
    actor: Actor
    now: datetime
    viewer_or_none: Viewer | None
    prefetched: list[Any] | None = None
    """Rows of the query that the route's rule runs beside authentication."""
    _connection: sa.Connection | None = None

    @property
    def connection(self) -> sa.Connection:
        """The connection with the request's transaction."""
        if self._connection is None:
            self._connection = db.session.connection()
        return self._connection

    def renew(self) -> None:
        """Forget a transaction that has ended; the next use of `connection` begins another."""
        self._connection = None
        self.prefetched = None

    @property
    def viewer(self) -> Viewer:
        """The signed-in viewer; only routes with a rule that asks for one may read it."""
        if self.viewer_or_none is None:
            raise AssertionError("a public route has no viewer")
        return self.viewer_or_none

    @property
    def bureau(self) -> Bureau:
        """Site, keys and files."""
        return self.runtime.bureau

    @property
    def uow(self) -> UnitOfWork:
        """The unit of work that commands take."""
        return UnitOfWork(self.connection, self.runtime.platform, self.actor, self.now)

    @property
    def work(self) -> PlainWork:
        """The same transaction for writes that touch no process."""
        return PlainWork(self.connection, self.actor, self.now, self.runtime.platform.ids)


def enter(context: RequestContext) -> None:
    """Make `context` the one that `current` returns."""
    g.context = context


def current() -> RequestContext:
    """Return the context of the request being answered."""
    return cast(RequestContext, g.context)
