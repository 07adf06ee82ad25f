"""What all tests share: a PostgreSQL for the run, a fresh database per test, and the time of each suite at the end.

The server starts when the first test asks for a database, serves all processes of the run, and stops with it. Each
test gets its own copy of the migrated database, so tests need neither clean up nor take turns.
"""

import fcntl
import itertools
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings

from tests import effort
from tests.scenario_coverage import ScenarioCoverage

_FOLDER = pytest.StashKey[Path]()
_OWNER = pytest.StashKey[int]()
_START_PATIENCE = 90.0
_numbers = itertools.count(1)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add --soak."""
    parser.addoption("--soak", action="store_true", help="run random tests at length (see tests/effort.py)")


def pytest_configure(config: pytest.Config) -> None:
    """Choose how long random tests run, and agree on a folder for the server.

    The folder is made by the process that was started and told to its xdist workers. Random tests draw the same
    examples each time; a soak draws those of --hypothesis-seed.
    """
    is_soak = config.getoption("soak")
    effort.set_soak(is_soak)
    settings.register_profile(
        "tingzhu",
        max_examples=effort.examples(60),
        deadline=None,
        database=None,
        derandomize=not is_soak,
        print_blob=True,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    )
    settings.load_profile("tingzhu")
    given = getattr(config, "workerinput", {})
    if not given:
        scenarios = Path(__file__).parents[1].glob("processes/*/scenarios/*.yaml")
        config.pluginmanager.register(ScenarioCoverage(sum(1 for _ in scenarios)))
    config.stash[_FOLDER] = Path(given.get("server_folder") or tempfile.mkdtemp(prefix="tingzhu-tests-"))
    config.stash[_OWNER] = given.get("server_owner") or os.getpid()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell an xdist worker where the server is."""
    node.workerinput["server_folder"] = str(node.config.stash[_FOLDER])
    node.workerinput["server_owner"] = node.config.stash[_OWNER]


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the server and remove its folder, in the process that was started."""
    folder = config.stash.get(_FOLDER, None)
    if folder is None or config.stash[_OWNER] != os.getpid():
        return
    started = folder / "pid"
    if started.exists():
        _terminate(int(started.read_text()))
    shutil.rmtree(folder, ignore_errors=True)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print how many tests each suite ran and the seconds they took together."""
    seconds: dict[str, float] = defaultdict(float)
    tests: dict[str, set[str]] = defaultdict(set)
    for reports in terminalreporter.stats.values():
        for report in reports:
            if isinstance(report, pytest.TestReport):
                suite = report.nodeid.split("/")[1] if report.nodeid.startswith("tests/") else "others"
                seconds[suite] += report.duration
                tests[suite].add(report.nodeid)
    if tests:
        terminalreporter.section("time per suite", sep="-")
    for suite in sorted(tests):
        terminalreporter.write_line(f"{suite:<14}{len(tests[suite]):>6} tests {seconds[suite]:>9.1f} s")


@pytest.fixture
def passable_path() -> Iterator[Path]:
    """A temporary folder in which the embedded database may run; `tmp_path` is closed to its account under root."""
    with tempfile.TemporaryDirectory(prefix="tingzhu-") as folder:
        yield Path(folder).resolve()


@pytest.fixture(scope="session")
def server_url(pytestconfig: pytest.Config) -> str:
    """URL of the migrated template database; connect to it only to look, never to write."""
    folder, owner = pytestconfig.stash[_FOLDER], pytestconfig.stash[_OWNER]
    with open(folder / "start.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "pid").exists():
            script = Path(__file__).with_name("postgres_server.py")
            with open(folder / "server.log", "wb") as log:
                server = subprocess.Popen(
                    [sys.executable, script, folder, str(owner)],
                    stdout=log,
                    stderr=log,
                    stdin=subprocess.DEVNULL,
                    start_new_session=True,
                    cwd=script.parent.parent,
                )
            (folder / "pid").write_text(str(server.pid))
            give_up = time.monotonic() + _START_PATIENCE
            while not (folder / "ready").exists():
                if server.poll() is not None or time.monotonic() > give_up:
                    pytest.exit("the test database did not start:\n" + (folder / "server.log").read_text(), 3)
                time.sleep(0.02)
    return (folder / "ready").read_text()


@pytest.fixture(scope="session")
def _server(server_url: str) -> Iterator["psycopg.Connection[Any]"]:
    parts = sa.make_url(server_url)
    with psycopg.connect(
        host=str(parts.query["host"]), user=parts.username, dbname="postgres", autocommit=True
    ) as connection:
        yield connection


@pytest.fixture
def database_url(server_url: str, _server: "psycopg.Connection[Any]") -> Iterator[str]:
    """SQLAlchemy URL of a database of this test's own: migrated, empty, gone afterwards."""
    template = sa.make_url(server_url)
    name = f"test_{os.getpid()}_{next(_numbers)}"
    _server.execute(f'create database "{name}" template "{template.database}" strategy file_copy'.encode())
    yield template.set(database=name).render_as_string(hide_password=False)
    _server.execute(f'drop database "{name}" with (force)'.encode())


@pytest.fixture
def engine(database_url: str) -> Iterator[sa.Engine]:
    """An SQLAlchemy engine on this test's own database."""
    engine = sa.create_engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def connection(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A connection to this test's own database; the test begins and commits as it likes."""
    with engine.connect() as connection:
        yield connection


def _terminate(pid: int) -> None:
    """End the server of this run by its id and wait until it is gone."""
    try:
        os.kill(pid, 15)
    except ProcessLookupError:
        return
    for _ in range(500):
        try:
            is_gone = os.waitpid(pid, os.WNOHANG)[0] == pid
        except ChildProcessError:  # a worker started it, so it is nobody's child by now
            is_gone = not Path(f"/proc/{pid}").exists() if Path("/proc").exists() else False
        if is_gone:
            return
        time.sleep(0.02)
    os.kill(pid, 9)
