"""What a write of the dispute domain needs: the open transaction, who acts, the instant, and where ids come from."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

import sqlalchemy as sa

from engine.domain.actor import Actor, OnBehalfOf
from engine.domain.clock import shanghai_date
from engine.domain.events import HistoryEvent
from engine.domain.ids import IdSource
from engine.store import history
from engine.store.cases import lock_case


class Work(Protocol):
    """One transaction's worth of work; the engine's UnitOfWork is one. Nobody here commits."""

    @property
    def connection(self) -> sa.Connection:
        """The connection with the open transaction."""
        ...

    @property
    def actor(self) -> Actor:
        """Who acts."""
        ...

    @property
    def now(self) -> datetime:
        """The instant of the work."""
        ...

    @property
    def ids(self) -> IdSource:
        """Where new ids come from."""
        ...


@dataclass(frozen=True, slots=True)
class PlainWork:
    """Work of those who do not touch processes: handlers, the command line, tests."""

    connection: sa.Connection
    actor: Actor
    now: datetime
    ids: IdSource


def today_of(work: Work) -> date:
    """Return the Asia/Shanghai day of the work."""
    return shanghai_date(work.now)


def append_history(work: Work, case_id: UUID, *events: HistoryEvent, on_behalf_of: OnBehalfOf | None = None) -> None:
    """Lock the case and add events to its history, done for a party where one is named. Raises NotFoundError."""
    locked = lock_case(work.connection, case_id)
    history.append(work.connection, locked, events, actor=work.actor, on_behalf_of=on_behalf_of, now=work.now)
