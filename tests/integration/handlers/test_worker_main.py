"""The worker process as it is started in earnest: it works, stops when told, and is replaceable."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine.store.tables import history, timer
from tests.bpmn_builder import END, boundary, file, process, user
from tests.bpmn_builder import START as START_EVENT
from tests.bpmn_builder import timer as timer_definition
from tests.integration.handlers.test_children import ODD, is_gone
from tests.integration.handlers.test_worker import Shop, cut_off, forget, real_time


class Started:
    """Starts worker processes on one database and sees to it that none outlives the test."""

    def __init__(self, url: str, var: Path) -> None:
        self._environment = {
            **os.environ,
            "PYTHONPATH": str(ODD),
            "TINGZHU_DATABASE_URL": url,
            "TINGZHU_VAR_DIR": str(var),
            "TINGZHU_JOB_LEASE": "2",
            "TINGZHU_SWEEP_INTERVAL": "1",
        }
        self._log = var / "worker.log"
        self.processes: list[subprocess.Popen[bytes]] = []

    def start(self) -> "subprocess.Popen[bytes]":
        with self._log.open("ab") as log:
            started = subprocess.Popen(
                [sys.executable, "-m", "tingzhu.worker_main"], env=self._environment, stdout=log, stderr=log
            )
        self.processes.append(started)
        return started

    def log(self) -> str:
        return self._log.read_text()


@pytest.fixture
def workers(database_url: str, tmp_path: Path) -> Iterator[Started]:
    started = Started(database_url, tmp_path)
    yield started
    for each in started.processes:
        each.kill()
        each.wait()


def wait_until(condition: Callable[[], bool], what: str, seconds: float = 25) -> None:
    give_up = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < give_up, what
        time.sleep(0.05)


def lines(path: Path) -> list[str]:
    return path.read_text().split() if path.exists() else []


def test_a_worker_does_jobs_and_ends_cleanly_on_term(engine: sa.Engine, workers: Started, tmp_path: Path) -> None:
    shop = real_time(Shop(engine, path=str(tmp_path / "trace"))).open()
    worker = workers.start()
    wait_until(lambda: shop.open_tasks() == ["done"], workers.log())
    worker.terminate()
    assert worker.wait(10) == 0, workers.log()
    assert "Traceback" not in workers.log()
    (row,) = [each for each in shop.rows(history) if each.kind == "job-completed"]
    assert row.actor_id.startswith("worker:")


def test_a_job_whose_worker_is_killed_is_done_by_the_next_one_with_the_same_key(
    engine: sa.Engine, workers: Started, tmp_path: Path
) -> None:
    trace = tmp_path / "trace"
    shop = real_time(Shop(engine, path=str(trace), seconds="${1.5}")).open()
    first = workers.start()
    wait_until(lambda: len(lines(trace)) == 1, workers.log())
    first.send_signal(signal.SIGKILL)
    first.wait()
    workers.start()
    wait_until(lambda: shop.open_tasks() == ["done"], workers.log())
    assert lines(trace) == [str(shop.the_job.id)] * 2
    assert len(shop.rows(history, history.c.kind == "job-completed")) == 1


def test_a_worker_told_to_stop_gives_a_long_job_back(engine: sa.Engine, workers: Started, tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    shop = real_time(Shop(engine, "odd-hang", path=str(trace))).open()
    worker = workers.start()
    wait_until(lambda: len(lines(trace)) == 2, workers.log())
    worker.send_signal(signal.SIGINT)
    assert worker.wait(15) == 0, workers.log()
    assert all(is_gone(int(pid)) for pid in lines(trace))
    assert shop.incidents() == []
    assert shop.the_job.retries_left == 1


def test_a_job_nobody_was_told_of_is_found(engine: sa.Engine, workers: Started) -> None:
    shop = real_time(Shop(engine)).open()
    forget(shop)
    workers.start()
    wait_until(lambda: shop.open_tasks() == ["done"], workers.log())


def test_a_worker_outlives_a_database_that_goes_away(engine: sa.Engine, workers: Started) -> None:
    shop = real_time(Shop(engine))
    worker = workers.start()
    wait_until(lambda: "is ready" in workers.log(), workers.log())
    time.sleep(0.5)
    cut_off(engine)
    engine.dispose()
    shop.open()
    wait_until(lambda: shop.open_tasks() == ["done"], workers.log())
    assert worker.poll() is None


def test_a_timer_fires_once_and_not_early_with_two_workers(engine: sa.Engine, workers: Started) -> None:
    shop = real_time(Shop(engine))
    late = boundary("late", "a", timer_definition("Duration", "PT4S"))
    shop.deploy(file(process("p", START_EVENT, END, user("a"), user("b"), late, "start>a", "a>end", "late>b", "b>end")))
    workers.start()
    workers.start()
    wait_until(lambda: workers.log().count("is ready") == 2, workers.log())
    shop.start()
    wait_until(lambda: shop.open_tasks() == ["b"], workers.log())
    (row,) = shop.rows(timer)
    assert 0 <= row.lateness_ms < 1500
    assert len(shop.rows(history, history.c.kind == "timer-fired")) == 1
