"""Runs one job: leases it, lets its handler work outside of any lock, and tells the process what came of it."""

import itertools
import logging
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal, Protocol
from uuid import UUID

import sqlalchemy as sa

from engine.commands.complete_job import complete_job
from engine.commands.extend_lease import extend_lease
from engine.commands.fail_job import fail_job
from engine.commands.lease_job import lease_job
from engine.commands.leasing import LeasedJob
from engine.commands.throw_bpmn_error import throw_bpmn_error
from engine.commands.unit_of_work import Platform, UnitOfWork
from engine.domain.actor import Actor
from engine.domain.errors import JobNotLeasedError, NotFoundError, TingzhuError
from engine.store.tables import job
from handlers.children import PoolClosedError
from handlers.context import HandlerContext
from handlers.execution import Completed, Failed, Outcome, Threw, execute
from handlers.registry import HandlerDefinition, HandlerJob

logger = logging.getLogger(__name__)

Begin = Callable[[], AbstractContextManager[sa.Connection]]
"""Opens a connection in a transaction that commits at the end of the block."""

Looked = Literal["not-leased", "completed", "threw", "failed", "lost"]
"""What came of looking at a job; `lost`: somebody else has it by now, or the process went on without it."""

DEFAULT_LEASE = timedelta(seconds=30)

PATIENCE = (0.1, 0.5, 2.0, 5.0)
"""Seconds to wait before telling an outcome again when the database cannot be reached, as during its restart."""


class HandlerRunner(Protocol):
    """Runs a handler, in a child process or in ours."""

    def run(
        self, definition: HandlerDefinition, leased: LeasedJob, keep: Callable[[], None], keep_every: timedelta
    ) -> Outcome:
        """Return the outcome, calling `keep` every now and then; what `keep` raises goes on to the caller."""
        ...


class InProcessRunner:
    """Runs handlers in the caller's own process, without a time limit: for tests and scenarios."""

    def __init__(self, contexts: Callable[[], HandlerContext]) -> None:
        self._contexts = contexts

    def run(
        self, definition: HandlerDefinition, leased: LeasedJob, keep: Callable[[], None], keep_every: timedelta
    ) -> Outcome:
        """Run the handler now; it is quick, or nobody minds."""
        asked = HandlerJob(leased.id, leased.case_id, leased.idempotency_key, leased.attempts)
        return execute(definition, self._contexts(), asked, leased.input)


@dataclass(frozen=True)
class Worker:
    """What looks at jobs under one name; safe to use from several threads."""

    name: str
    """Tells this worker from all others: its leases are its own."""
    platform: Platform
    begin: Begin
    definitions: Mapping[str, HandlerDefinition]
    runner: HandlerRunner
    lease_for: timedelta = DEFAULT_LEASE

    def look_at_job(self, job_id: UUID) -> Looked:
        """Do a job if it waits, is due and is of a type we have a handler for; once, whoever else looks at it.

        Every transaction is short, and none is open while the handler works.
        """
        # Its own owner for each time: a result that comes after the lease was lost must not pass for a later one.
        owner = f"{self.name}/{next(_runs)}"
        leased, definition = self._lease(job_id, owner)
        if leased is None or definition is None:
            return "not-leased"
        try:
            outcome = self.runner.run(definition, leased, lambda: self._keep(job_id, owner), self.lease_for / 3)
        except (JobNotLeasedError, NotFoundError) as lost:
            logger.info("job %s was lost while its handler ran: %s", job_id, lost)
            return "lost"
        except PoolClosedError:
            self._give_back(job_id, owner)
            return "lost"
        except TingzhuError as error:  # no child could be started: not the job's fault, and perhaps better soon
            outcome = Failed(error.sentence("zh"), failure_en=error.sentence("en"))
        return self._tell(job_id, owner, outcome)

    def _lease(self, job_id: UUID, owner: str) -> tuple[LeasedJob | None, HandlerDefinition | None]:
        with self.begin() as connection:
            job_type = connection.execute(sa.select(job.c.job_type).where(job.c.id == job_id)).scalar_one_or_none()
            definition = self.definitions.get(job_type or "")
            if definition is None:  # left to those who lease it over HTTP
                return None, None
            return lease_job(self._uow(connection), job_id, owner, self.lease_for), definition

    def _keep(self, job_id: UUID, owner: str) -> None:
        """Make the lease longer; raises JobNotLeasedError when it is ours no more."""
        try:
            with self.begin() as connection:
                extend_lease(self._uow(connection), job_id, owner, self.lease_for)
        except sa.exc.DBAPIError as error:  # out of reach just now; the lease has some time left
            logger.warning("the lease of job %s could not be extended: %s", job_id, type(error.orig).__name__)

    def _give_back(self, job_id: UUID, owner: str) -> None:
        """Let the lease run out at once, so that the next sweep, of any worker, makes the job wait again."""
        with self.begin() as connection:
            extend_lease(self._uow(connection), job_id, owner, timedelta(0))

    def _tell(self, job_id: UUID, owner: str, outcome: Outcome) -> Looked:
        for wait in (*PATIENCE, None):
            try:
                return self._tell_once(job_id, owner, outcome)
            except sa.exc.DBAPIError as error:
                logger.warning("the outcome of job %s could not be told: %s", job_id, type(error.orig).__name__)
                if wait is None:  # the lease runs out, and the job runs again with the same idempotency key
                    return "lost"
                time.sleep(wait)
        raise AssertionError("the loop returns")

    def _tell_once(self, job_id: UUID, owner: str, outcome: Outcome) -> Looked:
        try:
            with self.begin() as connection:
                return _apply(self._uow(connection), job_id, owner, outcome)
        except (JobNotLeasedError, NotFoundError) as late:
            logger.info("a late outcome of job %s was dropped: %s", job_id, late)
            return "lost"
        except TingzhuError as error:
            if isinstance(outcome, Failed):
                raise
            # The handler did its work, but the process cannot go on with it: an operator has to look.
            logger.warning("the outcome of job %s was not accepted: %s", job_id, error)
            return self._tell_once(job_id, owner, Failed(error.sentence("zh"), True, error.sentence("en")))

    def _uow(self, connection: sa.Connection) -> UnitOfWork:
        return self.platform.unit_of_work(connection, Actor(f"worker:{self.name}"))


_runs = itertools.count(1)


def _apply(uow: UnitOfWork, job_id: UUID, owner: str, outcome: Outcome) -> Looked:
    match outcome:
        case Completed(result):
            complete_job(uow, job_id, owner, result)
            return "completed"
        case Threw(code, message, variables):
            throw_bpmn_error(uow, job_id, owner, code, message, variables)
            return "threw"
        case Failed(failure, is_final, failure_en):
            fail_job(uow, job_id, owner, failure, is_final=is_final, failure_en=failure_en)
            return "failed"


def run_job_now(
    platform: Platform,
    begin: Begin,
    job_id: UUID,
    definitions: Mapping[str, HandlerDefinition],
    contexts: Callable[[], HandlerContext],
) -> Looked:
    """Do a job at once in this process: the worker's own way but for the child process."""
    return Worker("now", platform, begin, definitions, InProcessRunner(contexts)).look_at_job(job_id)


def due_jobs(connection: sa.Connection, platform: Platform, job_types: Mapping[str, object]) -> list[UUID]:
    """Return the jobs of these types that wait and are due, oldest first: for those who drive them by hand."""
    return list(
        connection.execute(
            sa.select(job.c.id)
            .where(
                job.c.state == "waiting", job.c.run_at <= platform.clock.now(), job.c.job_type.in_(sorted(job_types))
            )
            .order_by(job.c.run_at, job.c.id)
        ).scalars()
    )
