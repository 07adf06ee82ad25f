"""Handlers in child processes: killed at their limit, replaced when they die, gone with their parent."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from marshmallow import Schema

from engine.commands.leasing import LeasedJob
from handlers.children import ChildNotStartedError, ChildPool, ChildSetup, PoolClosedError
from handlers.execution import Completed, Failed, Outcome
from handlers.registry import HandlerDefinition

ODD = Path(__file__).with_name("odd_handlers")
SECOND = timedelta(seconds=1)
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ODD)}
SETUP = ChildSetup("ready", "odd_handlers:contexts", ENVIRONMENT)


@pytest.fixture
def pool() -> Iterator[ChildPool]:
    children = ChildPool(SETUP, size=2, time_limit=timedelta(seconds=20))
    yield children
    children.close()


def definition(job_type: str, time_limit: timedelta | None = None) -> HandlerDefinition:
    """Return what the parent knows of a handler; the child finds the function by itself."""
    return HandlerDefinition(job_type, lambda *_: {}, Schema, Schema, "", "", time_limit)


def leased(job_type: str, number: int = 1, **input: Any) -> LeasedJob:
    at = datetime(2026, 3, 2, tzinfo=UTC)
    return LeasedJob(UUID(int=number), UUID(int=2), UUID(int=3), "p", "e", "e", job_type, input, 1, at)


def run(
    pool: ChildPool,
    job_type: str,
    *,
    limit: timedelta | None = None,
    keep: Callable[[], None] = lambda: None,
    every: timedelta = SECOND,
    **input: Any,
) -> Outcome:
    return pool.run(definition(job_type, limit), leased(job_type, **input), keep, every)


def is_gone(pid: int) -> bool:
    """Tell whether a process is gone, or waits only for somebody to ask how it ended."""
    for _ in range(100):
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except FileNotFoundError:
            return True
        if state == "Z":
            return True
        time.sleep(0.02)
    return False


def test_a_child_does_one_job_after_another(pool: ChildPool) -> None:
    first, second = run(pool, "odd-echo"), run(pool, "odd-echo")
    assert isinstance(first, Completed)
    assert isinstance(second, Completed)
    assert first.result == {"pid": second.result["pid"], "key": str(UUID(int=1)), "attempts": 1}
    assert first.result["pid"] != os.getpid()


def test_a_hanging_handler_is_killed_at_its_limit_with_all_it_started(pool: ChildPool, tmp_path: Path) -> None:
    pool.start()
    begun = time.monotonic()
    outcome = run(pool, "odd-hang", limit=SECOND, path=str(tmp_path / "trace"))
    assert 0.9 < time.monotonic() - begun < 3
    assert isinstance(outcome, Failed)
    assert not outcome.is_final
    assert "时限 1 秒" in outcome.failure
    for pid in (tmp_path / "trace").read_text().split():
        assert is_gone(int(pid))
    assert isinstance(run(pool, "odd-echo"), Completed), "the child was not replaced"


def test_the_pools_own_limit_holds_for_handlers_without_one() -> None:
    children = ChildPool(SETUP, size=1, time_limit=SECOND)
    try:
        assert isinstance(run(children, "odd-hang"), Failed)
    finally:
        children.close()


def test_a_handler_that_crashes_its_process_fails_the_job_and_no_other(pool: ChildPool) -> None:
    outcome = run(pool, "odd-crash")
    assert isinstance(outcome, Failed)
    assert "退出状态 7" in outcome.failure
    assert "died (exit status 7)" in str(outcome.failure_en)
    assert isinstance(run(pool, "odd-echo"), Completed)


def test_a_child_killed_from_outside_while_idle_is_replaced_unnoticed(pool: ChildPool) -> None:
    run(pool, "odd-echo")
    (pid,) = pool.pids()
    os.kill(pid, signal.SIGKILL)
    assert is_gone(pid)
    assert isinstance(run(pool, "odd-echo"), Completed)


def test_what_a_handler_prints_is_not_taken_for_its_outcome(pool: ChildPool) -> None:
    assert run(pool, "odd-chat") == Completed({})
    assert isinstance(run(pool, "odd-echo"), Completed)


def test_a_result_too_large_for_a_variable_fails_for_good(pool: ChildPool) -> None:
    outcome = run(pool, "odd-flood")
    assert isinstance(outcome, Failed)
    assert outcome.is_final
    assert "过大" in outcome.failure


def test_a_job_type_unknown_to_the_child_fails_for_good(pool: ChildPool) -> None:
    outcome = run(pool, "no-such-type")
    assert isinstance(outcome, Failed)
    assert outcome.is_final


def test_the_lease_is_kept_while_the_handler_works(pool: ChildPool) -> None:
    pool.start()
    kept: list[float] = []
    run(pool, "odd-echo", seconds=1.0, keep=lambda: kept.append(time.monotonic()), every=timedelta(seconds=0.2))
    assert 3 <= len(kept) <= 5


def test_a_handler_whose_lease_is_lost_is_killed(pool: ChildPool, tmp_path: Path) -> None:
    trace = tmp_path / "trace"

    def lost() -> None:
        if trace.exists():
            raise LookupError("the lease is lost")

    with pytest.raises(LookupError):
        run(pool, "odd-hang", keep=lost, every=timedelta(seconds=0.5), path=str(trace))
    for pid in trace.read_text().split():
        assert is_gone(int(pid))


def test_a_lease_runs_out_while_a_child_starts(pool: ChildPool) -> None:
    kept: list[float] = []
    began = time.monotonic()
    outcome = run(
        pool, "odd-echo", keep=lambda: kept.append(time.monotonic()), every=timedelta(seconds=0.05), seconds=0.01
    )
    assert isinstance(outcome, Completed)
    # a child that has to be started takes tenths of seconds before it can take up anything
    assert kept
    assert kept[0] - began < 1


def test_as_many_jobs_run_at_once_as_there_are_children(pool: ChildPool) -> None:
    pool.start()
    outcomes: list[Outcome] = []
    threads = [threading.Thread(target=lambda: outcomes.append(run(pool, "odd-echo", seconds=0.3))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    pids = [outcome.result["pid"] for outcome in outcomes if isinstance(outcome, Completed)]
    assert len(pids) == 4
    assert len(set(pids)) == 2


def test_a_closed_pool_cuts_jobs_short_without_failing_them(tmp_path: Path) -> None:
    children = ChildPool(SETUP, size=1, time_limit=timedelta(seconds=20))
    children.start()
    ended: list[BaseException] = []

    def work() -> None:
        try:
            run(children, "odd-hang", path=str(tmp_path / "trace"))
        except PoolClosedError as error:
            ended.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    while not (tmp_path / "trace").exists():
        time.sleep(0.01)
    children.close()
    thread.join(5)
    assert len(ended) == 1
    with pytest.raises(PoolClosedError):
        run(children, "odd-echo")


def test_a_child_that_cannot_open_its_contexts_says_why() -> None:
    children = ChildPool(ChildSetup("broken", "odd_handlers:contexts", ENVIRONMENT), 1, SECOND)
    try:
        with pytest.raises(ChildNotStartedError, match="the database url is wrong"):
            children.start()
    finally:
        children.close()


PARENT = """
import threading, sys
from datetime import timedelta
from tests.integration.handlers.test_children import SETUP, run
from handlers.children import ChildPool
pool = ChildPool(SETUP, 1, timedelta(seconds=60))
run(pool, "odd-hang", path=sys.argv[1])
"""


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_children_are_gone_when_their_parent_is_killed(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    parent = subprocess.Popen([sys.executable, "-c", PARENT, trace], cwd=Path(__file__).parents[3])
    while not trace.exists() or trace.read_text().count("\n") < 2:
        assert parent.poll() is None
        time.sleep(0.02)
    parent.kill()
    parent.wait()
    child, started_by_child = (int(pid) for pid in trace.read_text().split())
    try:
        assert is_gone(child)
    finally:
        os.kill(started_by_child, signal.SIGKILL)
