"""What a command works with: one connection in one transaction, the platform, the actor and the instant.

A command never commits: whoever opened the transaction does, once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

import sqlalchemy as sa

from engine.commands.definition_cache import DefinitionCache
from engine.domain.actor import Actor
from engine.domain.clock import Clock
from engine.domain.host import Host
from engine.domain.ids import IdSource
from engine.domain.job_type import JobType
from engine.expressions import Evaluator
from engine.feel import FeelInterpreter


class JobQueue(Protocol):
    """Tells workers, in the command's own transaction, that there is a job to look at."""

    def defer(self, connection: sa.Connection, jobs: Sequence[tuple[UUID, datetime | None]]) -> None:
        """Announce jobs (id, not before) as part of the connection's transaction."""
        ...


class NoQueue:
    """Announces nothing: whoever drives the jobs reads the rows."""

    def defer(self, connection: sa.Connection, jobs: Sequence[tuple[UUID, datetime | None]]) -> None:
        """Do nothing."""


@dataclass(frozen=True)
class Platform:
    """What a serving process shares between requests and jobs."""

    clock: Clock
    ids: IdSource
    host: Host
    definitions: DefinitionCache
    queue: JobQueue
    job_types: Mapping[str, JobType]
    evaluator: Evaluator
    feel: FeelInterpreter
    groups: frozenset[str] | None = None
    """Roles that may stand in candidateGroups; None lets any pass."""

    def unit_of_work(self, connection: sa.Connection, actor: Actor) -> "UnitOfWork":
        """Return a unit of work at the clock's present instant."""
        return UnitOfWork(connection, self, actor, self.clock.now())


@dataclass
class UnitOfWork:
    """One transaction's worth of work by one actor at one instant."""

    connection: sa.Connection
    platform: Platform
    actor: Actor
    now: datetime

    @property
    def ids(self) -> IdSource:
        """Where new ids come from."""
        return self.platform.ids
