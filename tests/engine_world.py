"""A platform over a real database for tests of the core alone: no host, no queue, a clock moved by hand."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.commands.advance import StepOutcome
from engine.commands.claim_user_task import claim_user_task
from engine.commands.complete_job import complete_job
from engine.commands.complete_user_task import complete_user_task
from engine.commands.deploy import Deployed, deploy
from engine.commands.fail_job import fail_job
from engine.commands.lease_job import lease_job
from engine.commands.leasing import LeasedJob
from engine.commands.open_case import open_case
from engine.commands.start_instance import start_instance
from engine.domain.actor import Actor, OnBehalfOf
from engine.domain.clock import ManualClock
from engine.domain.host import Host, NoHost
from engine.domain.ids import uuid7_source
from engine.domain.job_type import JobType
from engine.domain.resource import Resource
from engine.expressions import Evaluator
from engine.feel import FeelInterpreter
from engine.runtime.platform import DefinitionCache, JobQueue, NoQueue, Platform, UnitOfWork
from engine.runtime.timers import fire_due_timers
from engine.store.tables import history, incident, job, process_instance, timer, user_task

CLERK = Actor("user:clerk")
START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


class World:
    """One database with a platform; every call is a transaction of its own."""

    def __init__(
        self,
        engine: sa.Engine,
        job_types: Mapping[str, JobType] | None = None,
        host: Host | None = None,
        queue: JobQueue | None = None,
    ) -> None:
        self.engine = engine
        self.clock = ManualClock(START)
        self.platform = Platform(
            clock=self.clock,
            ids=uuid7_source(self.clock),
            host=host or NoHost(),
            definitions=DefinitionCache(),
            queue=queue or NoQueue(),
            job_types=job_types or {"work": JobType("work", frozenset({"n"}), frozenset({"done"}))},
            evaluator=Evaluator(),
            feel=FeelInterpreter(),
        )

    @contextmanager
    def work(self, actor: Actor = CLERK) -> Iterator[UnitOfWork]:
        """Open a unit of work that commits at the end of the block."""
        with self.engine.begin() as connection:
            yield self.platform.unit_of_work(connection, actor)

    def begin(self) -> Any:
        """Open a plain transaction."""
        return self.engine.begin()

    def deploy(self, content: bytes, *more: Resource, name: str = "test.bpmn") -> Deployed:
        """Deploy one BPMN file and whatever it needs."""
        with self.work() as uow:
            return deploy(uow, [Resource(name, content), *more])

    def start(self, key: str = "p", business_key: str = "case-1", **variables: Any) -> StepOutcome:
        """Open a case and start a process in it."""
        with self.work() as uow:
            case_id = open_case(uow, business_key)
            return start_instance(uow, process_key=key, case_id=case_id, variables=variables)

    def rows(self, table: sa.Table, *where: sa.ColumnElement[bool]) -> list[sa.Row[Any]]:
        """Return rows of a table in order of creation."""
        order = [table.c.seq] if "seq" in table.c else [table.c.id]
        with self.engine.connect() as connection:
            return list(connection.execute(sa.select(table).where(*where).order_by(*order)))

    def task(self, element_id: str) -> sa.Row[Any]:
        """Return the open user task of an element."""
        found = self.rows(
            user_task, user_task.c.element_id == element_id, user_task.c.state.in_(["created", "assigned"])
        )
        assert found, f"no open user task at {element_id}"
        return found[0]

    def open_tasks(self) -> list[str]:
        """Return the element ids of open user tasks, sorted."""
        return sorted(row.element_id for row in self.rows(user_task, user_task.c.state.in_(["created", "assigned"])))

    def complete(
        self,
        element_id: str,
        variables: Mapping[str, Any] | None = None,
        actor: Actor = CLERK,
        on_behalf_of: OnBehalfOf | None = None,
    ) -> StepOutcome:
        """Complete the open user task of an element."""
        task_id = self.task(element_id).id
        with self.work(actor) as uow:
            return complete_user_task(uow, task_id, variables or {}, on_behalf_of)

    def claim(self, element_id: str, actor: Actor = CLERK) -> None:
        """Claim the open user task of an element."""
        task_id = self.task(element_id).id
        with self.work(actor) as uow:
            claim_user_task(uow, task_id)

    def lease(self, worker: str = "w1", lease_for: timedelta = timedelta(minutes=1)) -> LeasedJob | None:
        """Lease the oldest waiting job."""
        waiting = self.rows(job, job.c.state == "waiting")
        if not waiting:
            return None
        with self.work(Actor(f"worker:{worker}")) as uow:
            return lease_job(uow, waiting[0].id, worker, lease_for)

    def do_job(self, result: Mapping[str, Any] | None = None, worker: str = "w1") -> StepOutcome:
        """Lease the oldest waiting job and complete it."""
        leased = self.lease(worker)
        assert leased is not None
        with self.work(Actor(f"worker:{worker}")) as uow:
            return complete_job(uow, leased.id, worker, result or {})

    def fail_job(self, failure: str, worker: str = "w1", is_final: bool = False) -> UUID | None:
        """Lease the oldest waiting job and fail it; return the incident's id if one was raised."""
        leased = self.lease(worker)
        assert leased is not None
        with self.work(Actor(f"worker:{worker}")) as uow:
            return fail_job(uow, leased.id, worker, failure, is_final=is_final)

    def pass_time(self, duration: timedelta) -> int:
        """Move the clock and fire what is due; return how many timers fired."""
        self.clock.advance(duration)
        total = 0
        while fired := fire_due_timers(self.platform, self.begin):
            total += fired
        return total

    def kinds(self) -> list[str]:
        """Return the kinds of all history rows in order."""
        return [row.kind for row in self.rows(history)]

    def instance(self) -> sa.Row[Any]:
        """Return the only process instance."""
        (row,) = self.rows(process_instance)
        return row

    def incidents(self) -> list[sa.Row[Any]]:
        """Return the open incidents."""
        return self.rows(incident, incident.c.state == "open")

    def timers(self) -> list[sa.Row[Any]]:
        """Return the waiting timers."""
        return self.rows(timer, timer.c.state == "waiting")
