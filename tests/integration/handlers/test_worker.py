"""Looking at a job: once, whoever else looks, and whatever happens meanwhile."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from marshmallow import Schema, fields

from engine.commands.cancel_instance import cancel_instance
from engine.commands.leasing import LeasedJob
from engine.domain.clock import SystemClock
from engine.runtime.queue import ProcrastinateQueue
from engine.runtime.timers import expire_leases
from engine.store.tables import history, job
from handlers.children import ChildPool, ChildSetup, PoolClosedError
from handlers.execution import Completed, Failed, Outcome, Threw
from handlers.procrastinate_app import make_procrastinate_app, run_procrastinate
from handlers.registry import HandlerDefinition, collect, job_types
from handlers.sweep import sweep
from handlers.worker import HandlerRunner, Looked, Worker
from tests.bpmn_builder import END, boundary, catches_error, error, file, parameters, process, service, user
from tests.bpmn_builder import START as START_EVENT
from tests.engine_world import World
from tests.integration.handlers.test_children import ENVIRONMENT

Run = Callable[[LeasedJob, Callable[[], None]], Outcome]
DONE = Completed({"pid": 1})


class Told(Schema):
    """Where to leave a trace, and how long to take."""

    path = fields.String()
    seconds = fields.Float()


class Echo(Schema):
    """What was done."""

    pid = fields.Integer()
    key = fields.String()
    attempts = fields.Integer()


class Runs:
    """Runs handlers as the test says; keeps what it was asked to run."""

    def __init__(self, *runs: Run) -> None:
        self._runs = iter(runs)
        self.asked: list[LeasedJob] = []

    def run(
        self, definition: HandlerDefinition, leased: LeasedJob, keep: Callable[[], None], keep_every: timedelta
    ) -> Outcome:
        self.asked.append(leased)
        return next(self._runs)(leased, keep)


def gives(outcome: Outcome) -> Run:
    return lambda leased, keep: outcome


ODD = collect(
    HandlerDefinition(name, lambda *_: {}, Told, Echo, "", "") for name in ("odd-echo", "odd-hang", "odd-crash")
)


class Shop(World):
    """A world with one job waiting in a process that ends in the user task `done`."""

    def __init__(self, engine: sa.Engine, topic: str = "odd-echo", *, retry: str = "PT1S", **inputs: str) -> None:
        super().__init__(engine, job_types=job_types(ODD), queue=ProcrastinateQueue())
        self.topic, self.retry, self.inputs = topic, retry, inputs

    def open(self, outputs: dict[str, str] | None = None) -> "Shop":
        content = file(
            error("e", "no-paper"),
            process(
                "p",
                START_EVENT,
                END,
                service("do", self.topic, parameters(self.inputs, outputs or {"pid": "${pid}"}, self.retry)),
                boundary("refused", "do", catches_error("e")),
                user("done"),
                user("by-hand"),
                "start>do",
                "do>done",
                "done>end",
                "refused>by-hand",
                "by-hand>end",
            ),
        )
        self.deploy(content)
        self.start()
        return self

    def worker(self, runner: HandlerRunner, name: str = "w", **more: Any) -> Worker:
        return Worker(name, self.platform, self.begin, ODD, runner, **more)

    def look(self, runner: HandlerRunner) -> Looked:
        return self.worker(runner).look_at_job(self.the_job.id)

    @property
    def the_job(self) -> Any:
        (row,) = self.rows(job)
        return row

    def announced(self) -> list[str]:
        """Return the states of Procrastinate's jobs."""
        with self.begin() as connection:
            return list(connection.execute(sa.text("select status::text from procrastinate_jobs")).scalars())


@pytest.fixture
def shop(engine: sa.Engine) -> Shop:
    return Shop(engine).open()


def test_a_job_done_lets_its_process_go_on(shop: Shop) -> None:
    runs = Runs(gives(DONE))
    assert shop.look(runs) == "completed"
    assert shop.open_tasks() == ["done"]
    assert runs.asked[0].idempotency_key == str(shop.the_job.id)


def test_a_bpmn_error_takes_the_boundary_event(shop: Shop) -> None:
    assert shop.look(Runs(gives(Threw("no-paper", "没有纸")))) == "threw"
    assert shop.open_tasks() == ["by-hand"]


def test_a_bpmn_error_nobody_catches_is_an_incident(shop: Shop) -> None:
    shop.look(Runs(gives(Threw("no-ink", "没有墨"))))
    assert "no-ink" in shop.incidents()[0].message


def test_a_failed_job_is_tried_again_with_the_same_key_and_then_an_incident(shop: Shop) -> None:
    runs = Runs(gives(Failed("打印机离线")), gives(Failed("打印机离线")))
    assert shop.look(runs) == "failed"
    assert shop.look(runs) == "not-leased", "it is not due yet"
    shop.clock.advance(timedelta(seconds=1))
    assert shop.look(runs) == "failed"
    assert shop.incidents()[0].message == "打印机离线"
    first, second = runs.asked
    assert first.idempotency_key == second.idempotency_key
    assert (first.attempts, second.attempts) == (1, 2)


def test_a_final_failure_is_not_tried_again(shop: Shop) -> None:
    shop.look(Runs(gives(Failed("无此文书", is_final=True))))
    assert len(shop.incidents()) == 1


def test_an_outcome_the_process_cannot_use_is_an_incident_and_not_lost(engine: sa.Engine) -> None:
    shop = Shop(engine).open(outputs={"pid": "${pid + 'x'}"})
    shop.look(Runs(gives(DONE)))
    assert len(shop.incidents()) == 1
    assert shop.open_tasks() == []


def test_two_who_look_at_one_job_do_it_once(shop: Shop) -> None:
    runs = Runs(gives(DONE), gives(DONE))
    job_id = shop.the_job.id
    looked: list[Looked] = []
    threads = [
        threading.Thread(target=lambda name=name: looked.append(shop.worker(runs, name).look_at_job(job_id)))
        for name in ("a", "b")
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(looked) == ["completed", "not-leased"]
    assert len(runs.asked) == 1


def test_a_late_outcome_is_dropped_and_not_doubled(shop: Shop) -> None:
    def overtaken(leased: LeasedJob, keep: Callable[[], None]) -> Outcome:
        shop.clock.advance(timedelta(minutes=5))
        assert expire_leases(shop.platform, shop.begin) == 1
        assert shop.look(Runs(gives(Completed({"pid": 2})))) == "completed"
        return DONE

    assert shop.look(Runs(overtaken)) == "lost"
    assert shop.the_job.result["pid"] == 2
    assert len(shop.rows(history, history.c.kind == "job-completed")) == 1


def test_a_late_outcome_is_dropped_even_when_the_same_worker_does_the_job_again(shop: Shop) -> None:
    def overtaken(leased: LeasedJob, keep: Callable[[], None]) -> Outcome:
        shop.clock.advance(timedelta(minutes=5))
        expire_leases(shop.platform, shop.begin)
        assert worker.look_at_job(leased.id) == "lost"
        return Completed({"pid": 1})

    def late(leased: LeasedJob, keep: Callable[[], None]) -> Outcome:
        shop.clock.advance(timedelta(minutes=5))
        expire_leases(shop.platform, shop.begin)
        return Completed({"pid": 2})

    worker = shop.worker(Runs(overtaken, late))
    assert worker.look_at_job(shop.the_job.id) == "lost"
    assert shop.the_job.state == "waiting"


def test_keeping_a_lease_makes_it_longer(shop: Shop) -> None:
    def long(leased: LeasedJob, keep: Callable[[], None]) -> Outcome:
        for _ in range(5):
            shop.clock.advance(timedelta(seconds=25))
            keep()
        assert expire_leases(shop.platform, shop.begin) == 0
        return DONE

    assert shop.look(Runs(long)) == "completed"


def test_a_job_canceled_while_its_handler_works_is_let_go(shop: Shop) -> None:
    def canceled(leased: LeasedJob, keep: Callable[[], None]) -> Outcome:
        with shop.work() as uow:
            cancel_instance(uow, leased.instance_id, "withdrawn")
        keep()
        raise AssertionError("the lease was lost")

    assert shop.look(Runs(canceled)) == "lost"
    assert shop.incidents() == []


def test_a_job_cut_short_by_the_workers_end_waits_for_the_next_worker(shop: Shop) -> None:
    def stopped(leased: LeasedJob, keep: Callable[[], None]) -> Outcome:
        raise PoolClosedError

    assert shop.look(Runs(stopped)) == "lost"
    assert sweep(shop.platform, shop.begin, ODD) == 0
    assert shop.look(Runs(gives(DONE))) == "completed"


def test_an_outcome_survives_a_database_that_goes_away_for_a_moment(shop: Shop) -> None:
    def restarted(leased: LeasedJob, keep: Callable[[], None]) -> Outcome:
        cut_off(shop.engine)
        return DONE

    assert shop.look(Runs(restarted)) == "completed"
    assert shop.open_tasks() == ["done"]


def test_a_lease_that_cannot_be_kept_for_a_moment_is_not_lost(shop: Shop) -> None:
    def restarted(leased: LeasedJob, keep: Callable[[], None]) -> Outcome:
        cut_off(shop.engine)
        keep()
        return DONE

    assert shop.look(Runs(restarted)) == "completed"


def test_a_job_of_a_type_we_have_no_handler_for_is_left_to_others(engine: sa.Engine) -> None:
    shop = Shop(engine).open()
    worker = replace(shop.worker(Runs()), definitions={})
    assert worker.look_at_job(shop.the_job.id) == "not-leased"
    assert shop.the_job.state == "waiting"


def test_a_job_that_is_not_there_is_nobodys(shop: Shop) -> None:
    assert shop.worker(Runs()).look_at_job(shop.platform.ids()) == "not-leased"


# --- announcements -------------------------------------------------------------------------------------------------


def test_a_job_nobody_is_told_of_is_announced_again_once(shop: Shop) -> None:
    assert shop.announced() == ["todo"]
    assert sweep(shop.platform, shop.begin, ODD) == 0
    forget(shop)
    assert sweep(shop.platform, shop.begin, ODD) == 1
    assert sweep(shop.platform, shop.begin, ODD) == 0
    assert shop.announced() == ["todo"]


def test_what_a_dead_worker_was_told_is_announced_again(shop: Shop) -> None:
    with shop.begin() as connection:
        connection.execute(
            sa.text("insert into procrastinate_workers (last_heartbeat) values (now() - interval '1 h')")
        )
        connection.execute(
            sa.text(
                "update procrastinate_jobs set status = 'doing', worker_id = (select id from procrastinate_workers)"
            )
        )
    assert sweep(shop.platform, shop.begin, ODD) == 1
    assert shop.announced() == ["todo"]


def test_what_a_living_worker_was_told_is_left_to_it(shop: Shop) -> None:
    with shop.begin() as connection:
        connection.execute(sa.text("insert into procrastinate_workers default values"))
        connection.execute(
            sa.text(
                "update procrastinate_jobs set status = 'doing', worker_id = (select id from procrastinate_workers)"
            )
        )
    assert sweep(shop.platform, shop.begin, ODD) == 0
    assert shop.announced() == ["doing"]


def test_jobs_that_are_not_due_or_not_ours_are_not_announced(shop: Shop) -> None:
    forget(shop)
    assert sweep(shop.platform, shop.begin, {"other": None}) == 0
    shop.look(Runs(gives(Failed("later"))))
    forget(shop)
    assert sweep(shop.platform, shop.begin, ODD) == 0


# --- the whole way -------------------------------------------------------------------------------------------------


@pytest.fixture
def pool() -> Iterator[ChildPool]:
    children = ChildPool(ChildSetup("ready", "odd_handlers:contexts", ENVIRONMENT), 2, timedelta(seconds=20))
    yield children
    children.close()


def work_until(shop: Shop, look_at_job: Callable[[Any], Any], is_done: Callable[[], bool], seconds: float = 15) -> None:
    """Run Procrastinate, which has jobs looked at so, until the condition holds."""

    async def main() -> None:
        url = shop.engine.url.render_as_string(hide_password=False)
        with ThreadPoolExecutor(2) as threads:
            app = make_procrastinate_app(url, look_at_job, threads)
            async with app.open_async():
                task = asyncio.create_task(run_procrastinate(app, 2))
                give_up = time.monotonic() + seconds
                while not is_done() and time.monotonic() < give_up:
                    await asyncio.sleep(0.05)
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task

    asyncio.run(main())
    assert is_done()


def real_time(shop: Shop) -> Shop:
    shop.platform = replace(shop.platform, clock=SystemClock())
    return shop


def test_an_announced_job_is_done_in_a_child_and_leaves_no_announcement(
    engine: sa.Engine, pool: ChildPool, tmp_path: Path
) -> None:
    shop = real_time(Shop(engine, path=str(tmp_path / "trace"))).open()
    work_until(shop, shop.worker(pool).look_at_job, lambda: shop.open_tasks() == ["done"] and shop.announced() == [])
    assert (tmp_path / "trace").read_text().split() == [str(shop.the_job.id)]


def test_a_crashing_job_is_tried_again_after_its_pause_and_then_an_incident(
    engine: sa.Engine, pool: ChildPool, tmp_path: Path
) -> None:
    shop = real_time(Shop(engine, "odd-crash", path=str(tmp_path / "trace"))).open()
    work_until(shop, shop.worker(pool).look_at_job, lambda: len(shop.incidents()) == 1)
    assert "意外终止" in shop.incidents()[0].message
    assert "process of the handler died" in shop.incidents()[0].message_en
    assert len((tmp_path / "trace").read_text().split()) == 2
    assert shop.announced() == []


def test_whatever_looking_raises_ends_the_announcement_alone(shop: Shop) -> None:
    seen: list[Any] = []

    def fail(job_id: Any) -> None:
        seen.append(job_id)
        raise RuntimeError("nothing works")

    work_until(shop, fail, lambda: bool(seen) and shop.announced() == [])
    assert seen == [shop.the_job.id]
    assert shop.the_job.state == "waiting"


def cut_off(engine: sa.Engine) -> None:
    """End every other connection to the test's database, as its restart would."""
    with sa.create_engine(engine.url, poolclass=sa.NullPool, isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(
            sa.text(
                "select pg_terminate_backend(pid) from pg_stat_activity "
                "where datname = current_database() and pid <> pg_backend_pid()"
            )
        )


def forget(shop: Shop) -> None:
    """Lose every announcement."""
    with shop.begin() as connection:
        connection.execute(sa.text("delete from procrastinate_jobs"))
