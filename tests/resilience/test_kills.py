"""Servers and workers die in the middle of things: what was acknowledged is there, once, and the rest can be repeated."""

import signal
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa

from engine.store.tables import history, job, process_instance, user_task
from tests.integration.handlers.test_worker import Shop
from tests.integration.handlers.test_worker_main import Started, lines, real_time
from tests.resilience.serving import Answer, Served, until, verify_histories
from tingzhu import migrations
from tingzhu.embedded import EmbeddedPostgres

CLIENTS = 4
PATIENCE = 120.0


class Clients:
    """Threads that complete the task `a` and then `b` of each case; each repeats a request with its key until answered."""

    def __init__(self, served: Served, tasks: list[UUID]) -> None:
        self._served = served
        self._left = iter(tasks)
        self._lock = threading.Lock()
        self._give_up = time.monotonic() + PATIENCE
        self.answers: list[Answer] = []
        """Every answer, and every broken connection, in order."""
        self.acknowledged: dict[UUID, Answer] = {}
        served.desk.token("window")
        self._threads = [threading.Thread(target=self._work, daemon=True) for _ in range(CLIENTS)]
        for thread in self._threads:
            thread.start()

    def _work(self) -> None:
        while (task := self._next()) is not None:
            first = self._insist(task)
            if first is None:
                return
            for opened in first.body["user_tasks"]:
                self._insist(UUID(opened["id"]))

    def _next(self) -> UUID | None:
        with self._lock:
            return next(self._left, None)

    def _insist(self, task: UUID) -> Answer | None:
        while time.monotonic() < self._give_up:
            answer = self._served.complete(task, key=f"complete-{task}")
            with self._lock:
                self.answers.append(answer)
                if answer.status == 200:
                    self.acknowledged[task] = answer
            if answer.status == 200:
                return answer
            if answer.status not in (0, 503):
                return None
            time.sleep(0.05)
        return None

    def until_acknowledged(self, count: int) -> None:
        """Wait until so many requests have been acknowledged."""
        until(lambda: len(self.acknowledged) >= count, lambda: str(self.statuses()))

    def join(self) -> None:
        """Wait until all is done."""
        for thread in self._threads:
            thread.join(PATIENCE + 16)
            assert not thread.is_alive(), "a client hangs"

    def statuses(self) -> Counter[int]:
        """Return how often each status was answered."""
        return Counter(answer.status for answer in self.answers)


def assert_everything_once(served: Served, clients: Clients, cases: int) -> None:
    """Every acknowledged completion is in the history once, and the cases are where that leaves them."""
    completed = Counter(row.facts["id"] for row in served.desk.rows(history, history.c.kind == "user-task-completed"))
    assert len(clients.acknowledged) == 2 * cases, clients.statuses()
    assert completed == Counter(str(task) for task in clients.acknowledged)
    assert {row.state for row in served.desk.rows(user_task)} == {"completed"}
    assert {row.state for row in served.desk.rows(process_instance)} == {"completed"}
    assert len(served.desk.rows(user_task)) == 2 * cases
    assert served.kept_answers() == 2 * cases
    assert verify_histories(served.engine) == cases


@pytest.fixture
def server() -> Iterator[EmbeddedPostgres]:
    """A server of the test's own, as durable as in earnest; not in pytest's folder, which another run may close."""
    with (
        tempfile.TemporaryDirectory(prefix="tingzhu-kills-") as folder,
        EmbeddedPostgres(Path(folder) / "pg") as server,
    ):
        migrations.upgrade(server.url)
        yield server


def test_a_database_server_that_dies_loses_or_doubles_what_was_acknowledged(
    server: EmbeddedPostgres, tmp_path: Path
) -> None:
    engine = sa.create_engine(server.url, pool_pre_ping=True)
    served = Served(engine, server.url, tmp_path)
    try:
        served.api.start()
        tasks = served.open_cases(60)
        clients = Clients(served, tasks)
        # Immediate shutdown, and the postmaster alone gone: both need recovery. A short outage is bridged, a long one told.
        for share, number, seconds in ((20, signal.SIGQUIT, 0.2), (70, signal.SIGKILL, 2.0)):
            clients.until_acknowledged(share)
            process = server._server
            assert process is not None
            process.send_signal(number)
            process.wait()
            time.sleep(seconds)
            server.revive()
        clients.join()
        engine.dispose()
        assert set(clients.statuses()) <= {200, 503}, clients.statuses()
        assert clients.statuses()[503] > 0, "nobody noticed"
        assert all(int(answer.retry_after or 0) >= 1 for answer in clients.answers if answer.status == 503)
        assert_everything_once(served, clients, 60)
    finally:
        served.close()
        engine.dispose()


def test_a_completion_is_lost_or_doubled_when_the_api_process_is_killed(served: Served) -> None:
    tasks = served.open_cases(60)
    clients = Clients(served, tasks)
    for share in (20, 70):
        clients.until_acknowledged(share)
        served.api.kill()
        served.api.start()
    clients.join()
    assert set(clients.statuses()) <= {200, 0}, clients.statuses()
    assert clients.statuses()[0] > 0, "nobody noticed"
    assert_everything_once(served, clients, 60)


@pytest.fixture
def workers(database_url: str, tmp_path: Path) -> Iterator[Started]:
    started = Started(database_url, tmp_path)
    yield started
    for each in started.processes:
        each.kill()
        each.wait()


def test_a_job_is_lost_or_its_case_moves_twice_when_its_worker_is_killed(
    engine: sa.Engine, workers: Started, tmp_path: Path
) -> None:
    trace = tmp_path / "trace"
    shop = real_time(Shop(engine, path=str(trace), seconds="${0.8}")).open()
    for number in range(2, 5):
        shop.start(business_key=f"case-{number}")
    first = workers.start()
    until(lambda: len(lines(trace)) >= 1, workers.log)
    first.send_signal(signal.SIGKILL)
    first.wait()
    at_kill = len(lines(trace))
    workers.start()
    until(lambda: shop.open_tasks() == ["done"] * 4, workers.log)

    jobs = shop.rows(job)
    ran = Counter(lines(trace))
    assert set(ran) == {str(row.id) for row in jobs}
    assert sum(ran.values()) == 4 + at_kill
    assert {row.state for row in jobs} == {"completed"}
    assert {row.result["key"] for row in jobs} == {str(row.id) for row in jobs}
    assert all(row.attempts >= ran[str(row.id)] for row in jobs)  # leased, and killed before its handler began
    told = Counter(row.facts["id"] for row in shop.rows(history, history.c.kind == "job-completed"))
    assert told == {str(row.id): 1 for row in jobs}
    assert shop.incidents() == []
    verify_histories(engine)
