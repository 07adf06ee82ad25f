"""An installation served by a real API process: tests speak to it over HTTP, and kill what they like."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa

from engine.queries.history import verify_history
from engine.store.tables import case, history, idempotency_key, job, message_subscription, timer, user_task
from tests.bpmn_builder import END, START, file, node, process
from tests.integration.api.service_desk import ServiceDesk
from tests.integration.casework.office import SECRET
from tingzhu import children
from tingzhu.supervisor import answers

WAITING = ("created", "assigned", "waiting", "leased", "failed")


COLLEAGUES = {
    "window": "window-clerk",
    "mediator": "mediator",
    "head": "organisation-head",
    "clerk": "arbitration-clerk",
    "reviewer": "reviewer",
    "director": "arbitration-director",
}
"""Users, and the roles in which they may do the tasks of these tests."""


def open_task(element_id: str) -> str:
    """Return a user task that any of the colleagues may complete."""
    return node("userTask", element_id, camunda_candidateGroups=",".join(COLLEAGUES.values()))


TWO_TASKS = file(process("trial", START, END, open_task("a"), open_task("b"), "start>a", "a>b", "b>end"))


@dataclass(frozen=True)
class Answer:
    """What the API answered; status 0: nothing, the connection broke."""

    status: int
    body: Any = None
    retry_after: str | None = None

    @property
    def code(self) -> str:
        """The code of a problem."""
        return str(self.body["code"])


class Api:
    """One API process, as the supervisor starts it; started again by the test that killed it."""

    def __init__(self, database_url: str, var: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self._log = var / "api.log"
        self._environment = {
            **os.environ,
            "TINGZHU_DATABASE_URL": database_url,
            "TINGZHU_VAR_DIR": str(var),
            "TINGZHU_SECRET_KEY": SECRET,
            "TINGZHU_HOST": "127.0.0.1",
            "TINGZHU_PORT": str(self.port),
        }
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start and wait until it is healthy."""
        with self._log.open("ab") as log:
            command = (sys.executable, "-m", "tingzhu.api_main")
            self.process = children.spawn(
                command, environment=self._environment, output=log, errors=log, death_signal=signal.SIGKILL
            )
        until(lambda: answers("127.0.0.1", self.port), self.log)

    def kill(self) -> None:
        """End it with -9, as the kernel would when memory is short; its serving process goes with it."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def log(self) -> str:
        """Return what it wrote."""
        return self._log.read_text()

    def post(self, path: str, body: Any, token: str, key: str | None = None) -> Answer:
        """Send a POST; status 0 when the connection is refused or breaks."""
        headers = {
            "Authorization": f"Bearer {token}",
            "Idempotency-Key": key or str(uuid4()),
            "Content-Type": "application/json",
        }
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=15)
        try:
            connection.request("POST", f"/api/v1{path}", json.dumps(body), headers)
            response = connection.getresponse()
            content = response.read()
            return Answer(response.status, json.loads(content) if content else None, response.getheader("Retry-After"))
        except (OSError, http.client.HTTPException):
            return Answer(0)
        finally:
            connection.close()


class Served:
    """A database with people and processes in it, and an API process in front."""

    def __init__(self, engine: sa.Engine, database_url: str, var: Path) -> None:
        self.desk = ServiceDesk(engine, var)
        self.desk.clock.set(datetime.now(UTC))  # the API process lives in the machine's time
        self.engine = engine
        self.api = Api(database_url, var)

    def close(self) -> None:
        """End the API process and give back every connection."""
        self.api.kill()
        self.desk.close()

    def open_cases(self, count: int, content: bytes = TWO_TASKS, key: str = "trial") -> list[UUID]:
        """Deploy and start a process in `count` cases; return the ids of their first user tasks."""
        self.desk.deploy(content, name=f"{key}.bpmn")
        started = [self.desk.start(key, f"{key}-{number}") for number in range(count)]
        return [outcome.user_tasks[0]["id"] for outcome in started]

    def complete(self, task_id: UUID, *, by: str = "window", key: str | None = None) -> Answer:
        """Complete a user task over HTTP."""
        return self.api.post(f"/user-tasks/{task_id}/completion", {}, self.desk.token(by), key)

    def times_completed(self, task_id: UUID) -> int:
        """Return how often history tells that a user task was completed."""
        rows = self.desk.rows(history, history.c.kind == "user-task-completed")
        return sum(row.facts["id"] == str(task_id) for row in rows)

    def tasks_named(self, element_id: str) -> list[Any]:
        """Return the user tasks of an element."""
        return self.desk.rows(user_task, user_task.c.element_id == element_id)

    def kept_answers(self) -> int:
        """Return how many answers are kept under keys."""
        with self.engine.connect() as connection:
            return int(connection.execute(sa.select(sa.func.count()).select_from(idempotency_key)).scalar_one())


def verify_histories(engine: sa.Engine) -> int:
    """Verify every case's history; return how many cases there are."""
    with engine.connect() as connection:
        cases = connection.execute(sa.select(case.c.id)).scalars().all()
        for case_id in cases:
            verify_history(connection, case_id)
    return len(cases)


def open_rows(engine: sa.Engine, case_id: UUID) -> list[str]:
    """Return the element ids of everything that waits in a case."""
    found: list[str] = []
    with engine.connect() as connection:
        for table in (user_task, job, timer, message_subscription):
            found += connection.execute(
                sa.select(table.c.element_id).where(table.c.case_id == case_id, table.c.state.in_(WAITING))
            ).scalars()
    return sorted(found)


def until(condition: Callable[[], bool], what: Callable[[], str], seconds: float = 120.0) -> None:
    """Wait until a condition holds; fail with what `what` says."""
    give_up = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < give_up, what()
        time.sleep(0.02)


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Make calls from threads that start together; return what they gave, in order. An exception is raised here."""
    barrier = threading.Barrier(len(calls))
    gave: list[Any] = [None] * len(calls)
    failed: list[BaseException] = []

    def run(index: int) -> None:
        barrier.wait()
        try:
            gave[index] = calls[index]()
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=run, args=(index,), daemon=True) for index in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
        assert not thread.is_alive(), "a call hangs"
    if failed:
        raise failed[0]
    return gave
