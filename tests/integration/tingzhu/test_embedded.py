"""The embedded PostgreSQL starts from whatever it finds, and keeps what was committed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest
import sqlalchemy as sa

from casework.settings import Settings
from tingzhu import children
from tingzhu.accounts import server_account
from tingzhu.embedded import EmbeddedPostgres, database, running_url
from tingzhu.errors import (
    EmbeddedDatabaseFailedError,
    EmbeddedDatabaseInUseError,
    EmbeddedDatabaseVersionError,
)


def query(url: str, statement: str) -> object:
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        result = connection.exec_driver_sql(statement)
        return result.scalar() if result.returns_rows else None


@pytest.fixture
def server(passable_path: Path) -> Iterator[EmbeddedPostgres]:
    server = EmbeddedPostgres(passable_path / "pg", is_durable=False)
    yield server
    server.stop()


def test_starting_or_stopping_twice_fails(server: EmbeddedPostgres) -> None:
    server.stop()
    url = server.start()
    pid = server.pid
    assert server.start() == url
    assert server.pid == pid
    server.stop()
    server.stop()
    assert server.pid is None


def test_data_are_gone_after_a_restart(server: EmbeddedPostgres) -> None:
    query(server.start(), "create table kept as select 7 as n")
    server.stop()
    assert query(server.start(), "select n from kept") == 7


def test_the_database_listens_on_a_port_or_lets_other_accounts_in(server: EmbeddedPostgres) -> None:
    url = server.start()
    assert query(url, "show listen_addresses") == ""
    socket_dir = Path(str(sa.make_url(url).query["host"]))
    assert socket_dir.stat().st_mode & 0o077 == 0
    assert server.data.stat().st_mode & 0o077 == 0


def test_the_real_server_gives_up_durability_or_runs_in_another_zone(passable_path: Path) -> None:
    with EmbeddedPostgres(passable_path / "pg") as server:
        shown = [query(server.url, f"show {name}") for name in ("fsync", "synchronous_commit", "timezone")]
        assert shown == ["on", "on", "UTC"]
        assert query(server.url, "show data_checksums") == "on"


def test_a_committed_row_is_lost_when_the_server_is_killed(passable_path: Path) -> None:
    with EmbeddedPostgres(passable_path / "pg") as server:
        query(server.url, "create table kept as select 7 as n")
        url = server.url
        assert server.pid is not None
        os.kill(server.pid, signal.SIGKILL)
        while server.is_running:
            time.sleep(0.01)
        for _ in range(50):
            try:
                server.revive()
                break
            except EmbeddedDatabaseFailedError:  # its backends are still leaving
                time.sleep(0.1)
        assert server.url == url
        assert query(url, "select n from kept") == 7


@pytest.mark.parametrize("name", ["a b", "案件 \"一\", 'x'", "n" * 120], ids=["space", "quotes", "long"])
def test_an_unusual_folder_keeps_the_server_from_starting(passable_path: Path, name: str) -> None:
    with EmbeddedPostgres(passable_path / name / "pg", is_durable=False) as server:
        assert query(server.url, "select 1") == 1
        url = sa.make_url(server.url).set(drivername="postgresql").render_as_string(hide_password=False)
        psycopg.connect(url).close()  # libpq reads it like SQLAlchemy
        socket_dir = Path(str(sa.make_url(server.url).query["host"]))
    assert not socket_dir.exists() or socket_dir.parent == server.folder


def test_a_pid_file_whose_number_another_process_has_keeps_the_server_from_starting(server: EmbeddedPostgres) -> None:
    query(server.start(), "create table kept as select 7 as n")
    text = (server.data / "postmaster.pid").read_text()
    server.stop()
    (server.data / "postmaster.pid").write_text("\n".join([str(os.getpid()), *text.splitlines()[1:]]))
    assert query(server.start(), "select n from kept") == 7


def test_a_server_that_outlived_its_owner_keeps_the_next_from_starting(server: EmbeddedPostgres) -> None:
    server.start()
    assert server.pid is not None
    command = psutil.Process(server.pid).cmdline()
    account = server_account(server.data)
    server.stop()
    orphan = children.spawn(
        command,
        environment={"LC_ALL": "C"},
        output=subprocess.DEVNULL,  # type: ignore[arg-type]
        errors=subprocess.DEVNULL,  # type: ignore[arg-type]
        user=account.uid,
        group=account.gid,
    )
    while not (server.data / "postmaster.pid").exists():
        assert orphan.poll() is None
    assert query(server.start(), "select 1") == 1
    assert orphan.wait(60) == 0
    assert server.pid != orphan.pid


def test_a_first_start_cut_short_cannot_be_repeated(server: EmbeddedPostgres) -> None:
    (server.folder / "data.new" / "base").mkdir(parents=True)
    assert query(server.start(), "select 1") == 1


def test_two_owners_start_one_cluster(server: EmbeddedPostgres) -> None:
    server.start()
    with pytest.raises(EmbeddedDatabaseInUseError, match="in use"):
        EmbeddedPostgres(server.folder).start()
    assert server.is_running


def test_data_of_another_major_version_are_touched(server: EmbeddedPostgres) -> None:
    server.start()
    server.stop()
    (server.data / "PG_VERSION").write_text("16\n")
    with pytest.raises(EmbeddedDatabaseVersionError, match="16"):
        server.start()


def test_a_server_that_cannot_start_does_not_say_why(server: EmbeddedPostgres) -> None:
    server.start()
    server.stop()
    (server.data / "global" / "pg_control").unlink()
    with pytest.raises(EmbeddedDatabaseFailedError, match="pg_control"):
        server.start()
    (server.folder / "lock").unlink()  # nobody holds it: the next test of the folder could start


def test_a_command_starts_a_second_server_beside_the_running_one(passable_path: Path) -> None:
    settings = Settings(var_dir=passable_path)
    with database(settings) as url, database(settings) as again:
        assert again == url
    assert running_url(passable_path / "pg") is None


def test_the_server_of_a_killed_owner_lives_on(passable_path: Path) -> None:
    code = (
        "import os, sys, pathlib; from tingzhu.embedded import EmbeddedPostgres\n"
        "server = EmbeddedPostgres(pathlib.Path(sys.argv[1]), is_durable=False); server.start()\n"
        "print(server.pid, flush=True); os.kill(os.getpid(), 9)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, passable_path / "pg"], capture_output=True, text=True, timeout=60
    )
    psutil.wait_procs([p for p in [_process(int(done.stdout))] if p], timeout=10)
    assert _process(int(done.stdout)) is None


def _process(pid: int) -> psutil.Process | None:
    try:
        process = psutil.Process(pid)
        return None if process.status() == psutil.STATUS_ZOMBIE else process
    except psutil.NoSuchProcess:
        return None
