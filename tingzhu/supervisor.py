"""The process tree of `tingzhu up`: database, preparation, API server and workers; started, watched and stopped."""

import http.client
import json
import logging
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import FrameType
from typing import Any

import click

from casework.settings import Settings
from tingzhu import children
from tingzhu.embedded import EmbeddedPostgres
from tingzhu.errors import (
    AddressUnusableError,
    EmbeddedDatabaseFailedError,
    ExposureRefusedError,
    PortInUseError,
    StartFailedError,
)

_log = logging.getLogger(__name__)

TICK = 0.1
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
"""Seconds before a child that ended is started again; doubled each time it ends soon after its start."""
STEADY_AFTER = 30.0
"""Seconds a child must have lived for its next end to count as the first one."""
CHILD_PATIENCE = 12.0
"""Seconds between TERM and KILL."""
SECOND_THOUGHT = 1.0
"""Seconds after which being asked to stop again means: wait for nobody. Before that it is `make` passing it on."""
HOPELESS = 3
"""Ends of the API server before it ever answered, after which the start is given up."""


def _module(name: str) -> tuple[str, ...]:
    return (sys.executable, "-m", name)


@dataclass(frozen=True, slots=True)
class Programs:
    """The commands of the tree."""

    prepare: Sequence[str] = _module("tingzhu.prepare_main")
    """Ends with status 0 and JSON on standard output: `demo_accounts`, each with username, password and roles."""
    api: Sequence[str] = _module("tingzhu.api_main")
    worker: Sequence[str] = _module("tingzhu.worker_main")


@dataclass
class _Watched:
    """A child that is started again whenever it ends."""

    name: str
    command: Sequence[str]
    child: "subprocess.Popen[bytes] | None" = None
    started_at: float = 0.0
    start_again_at: float = 0.0
    pause: float = FIRST_PAUSE
    ends: int = 0


class Supervisor:
    """Owns the tree from `run` to its return; to be run in the main thread."""

    def __init__(
        self,
        settings: Settings,
        environment: Mapping[str, str],
        programs: Programs | None = None,
        *,
        as_json: bool = False,
    ) -> None:
        """Take the settings, and the environment that children inherit; `as_json` announces for programs."""
        self._as_json = as_json
        self._programs = programs or Programs()
        self._settings = settings
        self._environment = dict(environment)
        self._database = None if settings.database_url else EmbeddedPostgres(settings.var_dir / "pg")
        self._watched = [_Watched("api", self._programs.api)]
        self._watched += [_Watched(f"worker-{n}", self._programs.worker) for n in range(1, settings.workers + 1)]
        self._is_stopping = False
        self._asked_at = 0.0
        self._is_impatient = False
        self._is_announced = False
        self._database_again_at = 0.0

    def run(self) -> int:
        """Run until Ctrl-C or TERM and return 0.

        Raises what keeps the system from starting: ExposureRefusedError, PortInUseError, AddressUnusableError,
        StartFailedError and the errors of the embedded database.
        """
        former = {number: signal.signal(number, self._ask_to_stop) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            refuse_exposure(self._settings, has_demo_accounts=self._settings.demo)
            claim_port(self._settings.host, self._settings.port)
            self._start_database()
            report = self._prepare()
            if report is not None:
                refuse_exposure(self._settings, has_demo_accounts=bool(report["demo_accounts"]))
                self._watch(report)
        finally:
            self._stop_all()
            for number, handler in former.items():
                signal.signal(number, handler)
        return 0

    def _ask_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        now = time.monotonic()
        if not self._is_stopping:
            self._is_stopping, self._asked_at = True, now
        elif now - self._asked_at > SECOND_THOUGHT:
            self._is_impatient = True

    def _start_database(self) -> None:
        url = self._settings.database_url
        if self._database is not None:
            url = self._database.start()
            _log.info("embedded database started (pid %s)", self._database.pid)
        self._settings = replace(self._settings, database_url=url)
        self._environment["TINGZHU_DATABASE_URL"] = url
        self._environment["TINGZHU_VAR_DIR"] = str(self._settings.var_dir)

    def _prepare(self) -> dict[str, Any] | None:
        """Run the preparation and return its report; None when it was cut short by a request to stop."""
        read_end, write_end = os.pipe()
        with open(read_end, "rb") as report, open(write_end, "wb") as output:
            child = children.spawn(self._programs.prepare, environment=self._environment, output=output)
            output.close()
            os.set_blocking(read_end, False)
            text = b""
            while (ended := child.poll()) is None and not self._is_stopping:
                text += report.read() or b""
                time.sleep(TICK / 5)
            if ended is None:
                children.stop(child, [(signal.SIGTERM, 2)])
                return None
            text += report.read() or b""
        if ended != 0:
            raise StartFailedError(step="prepare", status=ended)
        return dict(json.loads(text))

    def _watch(self, report: Mapping[str, Any]) -> None:
        while not self._is_stopping:
            self._keep_database()
            for watched in self._watched:
                self._keep(watched)
            if not self._is_announced:
                if answers(self._settings.host, self._settings.port):
                    self._is_announced = True
                    announce(self._settings, report, as_json=self._as_json)
                elif self._watched[0].ends >= HOPELESS:
                    raise StartFailedError(step="api", status=self._watched[0].ends)
            time.sleep(TICK)

    def _keep(self, watched: _Watched) -> None:
        """Start the child if it is its time, and note when it has ended."""
        now = time.monotonic()
        if watched.child is not None:
            status = watched.child.poll()
            if status is None:
                return
            is_first = watched.ends == 0 or now - watched.started_at > STEADY_AFTER
            watched.pause = FIRST_PAUSE if is_first else min(watched.pause * 2, LONGEST_PAUSE)
            watched.ends += 1
            watched.child = None
            watched.start_again_at = now + watched.pause
            _log.warning("%s ended (status %s); starting it again in %.1f s", watched.name, status, watched.pause)
        if now >= watched.start_again_at:
            # KILL, not TERM: if we die the database goes too, and the next start wants the port at once
            watched.child = children.spawn(watched.command, environment=self._environment, death_signal=signal.SIGKILL)
            watched.started_at = now
            _log.info("%s started (pid %s)", watched.name, watched.child.pid)

    def _keep_database(self) -> None:
        if self._database is None or self._database.is_running or time.monotonic() < self._database_again_at:
            return
        _log.warning("the embedded database ended; starting it again")
        try:
            self._database.revive()
        except EmbeddedDatabaseFailedError as error:
            _log.error("%s", error)
            self._database_again_at = time.monotonic() + 2.0

    def _stop_all(self) -> None:
        """Stop the children together, then the database they use."""
        running = [watched for watched in self._watched if watched.child is not None]
        for watched in running:
            assert watched.child is not None
            if watched.child.poll() is None:
                watched.child.send_signal(signal.SIGTERM)
        give_up = time.monotonic() + CHILD_PATIENCE
        while time.monotonic() < give_up and not self._is_impatient and _any_alive(running):
            time.sleep(TICK / 5)
        for watched in running:
            assert watched.child is not None
            if watched.child.poll() is None:
                _log.warning("%s did not stop in time; killed", watched.name)
            children.stop(watched.child, [])
        if self._database is not None:
            self._database.stop()
        if running:
            _log.info("stopped")


def refuse_exposure(settings: Settings, *, has_demo_accounts: bool) -> None:
    """Raise ExposureRefusedError when others could reach a system with demo accounts or a default key."""
    if settings.is_loopback_only:
        return
    reasons = []
    if has_demo_accounts:
        reasons.append(("存在演示账号", "there are demo accounts"))
    if settings.has_default_key:
        reasons.append(("未设置 TINGZHU_SECRET_KEY", "TINGZHU_SECRET_KEY is not set"))
    if reasons:
        zh, en = zip(*reasons, strict=True)
        raise ExposureRefusedError(host=settings.host, reasons_zh="；".join(zh), reasons_en=" and ".join(en))


def claim_port(host: str, port: int) -> None:
    """Raise PortInUseError or AddressUnusableError unless a server could listen there now."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen(1)
    except OSError as error:
        if error.errno == 98 or "in use" in str(error):
            raise PortInUseError(host=host, port=port) from None
        raise AddressUnusableError(host=host, port=port, problem=error.strerror or error) from None


def answers(host: str, port: int) -> bool:
    """Return whether the API there says that it is healthy."""
    reachable = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not listened on
    connection = http.client.HTTPConnection(reachable, port, timeout=2)
    try:
        connection.request("GET", "/api/v1/health")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def announce(settings: Settings, report: Mapping[str, Any], *, as_json: bool = False) -> None:
    """Print where the system is and who may try it."""
    accounts = report["demo_accounts"]
    if as_json:
        ready = {"url": settings.address, "api": f"{settings.address}/api/docs", "demo_accounts": accounts}
        click.echo(json.dumps(ready, ensure_ascii=False))
        return
    click.echo(f"\n听竹已就绪 / Tingzhu is ready: {settings.address}")
    click.echo(f"  接口 / API: {settings.address}/api/docs")
    if accounts:
        click.echo("  演示账号 / demo accounts:")
        width = max(len(account["username"]) for account in accounts)
        for account in accounts:
            click.echo(f"    {account['username']:<{width}}  {account['password']}  {account['roles']}")
    click.echo("  停止请按 Ctrl-C / Ctrl-C stops it.")


def _any_alive(watched: Iterable[_Watched]) -> bool:
    return any(each.child is not None and each.child.poll() is None for each in watched)
