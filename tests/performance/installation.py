"""An installation for the bench alone: embedded PostgreSQL that survives power cuts, API server, bare server, worker."""

import http.client
import json
import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from casework.settings import Settings
from casework.users import NewUser, create_user
from tests.performance.models import GROUP
from tingzhu import children, composition, migrations
from tingzhu.embedded import EmbeddedPostgres

CHECKOUT = Path(__file__).resolve().parents[2]
USERNAME = "bench"
PATIENCE = 60.0
STOP = [(2, 10.0), (15, 5.0)]


class Installation:
    """Where the servers are and how to talk to them."""

    def __init__(self, folder: Path, database_url: str) -> None:
        self.folder = folder
        self.dsn = database_url.replace("postgresql+psycopg://", "postgresql://")
        self.template = folder / "template.json"
        self.api_port, self.bare_port = _free_port(), _free_port()
        self.authorization = ""
        self.environment = {
            **os.environ,
            "TINGZHU_DATABASE_URL": database_url,
            "TINGZHU_VAR_DIR": str(folder / "var"),
            "TINGZHU_PORT": str(self.api_port),
            "TINGZHU_LOG_LEVEL": "warning",
            "BENCH_DATABASE": self.dsn,
            "BENCH_TEMPLATE": str(self.template),
            "BENCH_PORT": str(self.bare_port),
            "PYTHONPATH": os.pathsep.join([str(folder / "handlers"), str(CHECKOUT)]),
        }

    @property
    def settings(self) -> Settings:
        """The settings that the processes run with."""
        return Settings.from_environment(self.environment)

    def prepare(self, password: str) -> None:
        """Migrate the database and add the account of the bench."""
        migrations.upgrade(self.environment["TINGZHU_DATABASE_URL"])
        settings = self.settings
        installed = composition.install(settings, settings.database_url)
        try:
            with installed.begin() as connection:
                uow = installed.platform.unit_of_work(connection, composition.SYSTEM)
                roles = (GROUP, "designer", "supervisor", "admin")
                create_user(uow, installed.bureau, NewUser(USERNAME, password, "Bench", roles))
        finally:
            installed.platform.evaluator.close()
            installed.engine.dispose()

    @contextmanager
    def process(self, module: str) -> Iterator["subprocess.Popen[bytes]"]:
        """Run `python -m module` for as long as the block lasts."""
        command = [sys.executable, "-m", module]
        child = children.spawn(command, environment=self.environment, folder=CHECKOUT)
        try:
            yield child
        finally:
            children.stop(child, STOP)

    def sign_in(self, password: str) -> None:
        """Take a token for all further requests."""
        answer = self.call("POST", "/api/v1/auth/tokens", {"username": USERNAME, "password": password})
        self.authorization = f"Bearer {answer['access_token']}"

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """Send a request to the product; return its JSON. Raises RuntimeError for any answer but 2xx."""
        headers = {"Content-Type": "application/json", "Idempotency-Key": secrets.token_hex(16)}
        if self.authorization:
            headers["Authorization"] = self.authorization
        connection = http.client.HTTPConnection("127.0.0.1", self.api_port, timeout=60)
        try:
            connection.request(method, path, None if body is None else json.dumps(body), headers)
            response = connection.getresponse()
            text = response.read()
        finally:
            connection.close()
        if not 200 <= response.status < 300:
            raise RuntimeError(f"{method} {path}: {response.status} {text.decode()[:2000]}")
        return json.loads(text) if text else None

    def start(self, process_key: str, variables: Mapping[str, Any] | None = None) -> Any:
        """Start a process instance in a case of its own; return the answer."""
        return self.call(
            "POST",
            "/api/v1/process-instances",
            {"process_key": process_key, "business_key": secrets.token_hex(8), "variables": variables or {}},
        )


class Load:
    """A client process."""

    def __init__(self, installation: Installation) -> None:
        command = [sys.executable, "-m", "tests.performance.load"]
        self._child = subprocess.Popen(
            command,
            cwd=CHECKOUT,
            env=installation.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def begin(self, plan: Mapping[str, Any]) -> None:
        """Hand over a plan."""
        assert self._child.stdin is not None
        self._child.stdin.write(json.dumps(plan) + "\n")
        self._child.stdin.flush()

    def result(self) -> dict[str, Any]:
        """Wait for the plan's result. Raises RuntimeError when a request failed."""
        assert self._child.stdout is not None
        result: dict[str, Any] = json.loads(self._child.stdout.readline())
        if result["failures"]:
            raise RuntimeError(result["failures"][0])
        return result

    def run(self, plan: Mapping[str, Any]) -> dict[str, Any]:
        """Do a plan and wait for its result."""
        self.begin(plan)
        return self.result()

    def close(self) -> None:
        """End the process."""
        assert self._child.stdin is not None
        self._child.stdin.close()
        self._child.wait(10)


@contextmanager
def running(folder: Path) -> Iterator[Installation]:
    """Set everything up, serve, and take it down again."""
    password = secrets.token_urlsafe(16)
    with EmbeddedPostgres(folder / "pg") as database:
        installation = Installation(folder, database.url)
        write_handlers(folder / "handlers")
        installation.prepare(password)
        with installation.process("tingzhu.api_main"), installation.process("tests.performance.bare_main"):
            _await(installation.api_port, "/api/v1/health")
            _await(installation.bare_port, "/health")
            installation.sign_in(password)
            yield installation


def write_handlers(folder: Path) -> None:
    """Write a distribution with the handler of the bench, to be found by its entry point as any other would be."""
    distribution = folder / "bench_handlers-1.dist-info"
    distribution.mkdir(parents=True)
    (distribution / "METADATA").write_text("Metadata-Version: 2.1\nName: bench-handlers\nVersion: 1\n")
    (distribution / "entry_points.txt").write_text("[tingzhu.handlers]\nbench-noop = bench_handlers:run\n")
    (folder / "bench_handlers.py").write_text(_HANDLER)
    sys.path.insert(0, str(folder))


_HANDLER = '''
"""A handler that does nothing."""

from marshmallow import Schema, fields

from handlers.registry import handles


class Input(Schema):
    number = fields.Integer(required=True)


class Output(Schema):
    number = fields.Integer(required=True)


@handles("bench-noop", input=Input, output=Output, zh="什么也不做。", en="Does nothing.")
def run(context, job, given):
    return {"number": given["number"]}
'''


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await(port: int, path: str) -> None:
    give_up = time.monotonic() + PATIENCE
    while time.monotonic() < give_up:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", path)
            if connection.getresponse().status == 200:
                return
        except (OSError, http.client.HTTPException):
            pass
        finally:
            connection.close()
        time.sleep(0.1)
    raise TimeoutError(f"nothing answers on port {port}")


def tasks_per_client(tasks: Sequence[str], clients: int) -> list[list[str]]:
    """Deal tasks out to clients."""
    return [list(tasks[index::clients]) for index in range(clients)]
