"""The supervised tree starts, mends and stops itself; with stand-ins for the API and the worker."""

import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from tingzhu import children
from tingzhu.embedded import running_url

SCRIPT = Path(__file__).parents[2] / "twins" / "supervised_tree.py"


class Tree:
    """One run of the supervisor over a var folder."""

    def __init__(self, var: Path, kind: str, port: int) -> None:
        self.var = var
        self.output = var / "output"
        environment = {**os.environ, "TINGZHU_VAR_DIR": str(var), "TINGZHU_PORT": str(port), "PYTHONUNBUFFERED": "1"}
        for name in ("TINGZHU_HOST", "TINGZHU_DATABASE_URL"):
            environment.pop(name, None)
        with open(self.output, "ab") as output:
            self.process = children.spawn(
                [sys.executable, SCRIPT, kind], environment=environment, output=output, errors=output
            )

    def until(self, condition: Callable[[], bool], patience: float = 30) -> None:
        give_up = time.monotonic() + patience
        while not condition():
            assert time.monotonic() < give_up, self.said()
            time.sleep(0.02)

    def until_ready(self) -> None:
        self.until(lambda: "open-sesame" in self.said() and (self.var / "worker").exists())

    def pid(self, name: str) -> int:
        return int((self.var / name).read_text())

    def said(self) -> str:
        return self.output.read_text()

    def stop(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(40)


def is_alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def start(passable_path: Path, port: int) -> Iterator[Callable[..., Tree]]:
    trees: list[Tree] = []

    def start(kind: str = "orderly") -> Tree:
        trees.append(Tree(passable_path, kind, port))
        return trees[-1]

    yield start
    for tree in trees:
        if tree.process.poll() is None:
            tree.stop()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stopped_system_leaves_a_process_behind(start: Callable[..., Tree], number: int) -> None:
    tree = start()
    tree.until_ready()
    pids = [tree.pid("api"), tree.pid("worker")]
    assert all(is_alive(pid) for pid in pids)
    assert tree.stop(number) == 0
    assert not any(is_alive(pid) for pid in pids)
    assert running_url(tree.var / "pg") is None


def test_the_address_or_the_demo_accounts_are_not_printed(start: Callable[..., Tree], port: int) -> None:
    tree = start()
    tree.until_ready()
    assert f"http://127.0.0.1:{port}" in tree.said()
    assert "window  open-sesame  clerk" in tree.said()


@pytest.mark.parametrize("name", ["api", "worker"])
def test_a_killed_child_stays_dead(start: Callable[..., Tree], name: str) -> None:
    tree = start()
    tree.until_ready()
    before = tree.pid(name)
    os.kill(before, signal.SIGKILL)
    tree.until(lambda: tree.pid(name) != before and is_alive(tree.pid(name)))


def test_a_killed_database_stays_dead_or_moves_to_another_address(start: Callable[..., Tree]) -> None:
    tree = start()
    tree.until_ready()
    url = running_url(tree.var / "pg")
    server = int((tree.var / "pg" / "data" / "postmaster.pid").read_text().splitlines()[0])
    os.kill(server, signal.SIGKILL)
    tree.until(lambda: not is_alive(server))
    tree.until(lambda: running_url(tree.var / "pg") == url and "starting it again" in tree.said())


def test_children_outlive_a_supervisor_that_was_killed(start: Callable[..., Tree]) -> None:
    tree = start()
    tree.until_ready()
    pids = [tree.pid("api"), tree.pid("worker")]
    server = int((tree.var / "pg" / "data" / "postmaster.pid").read_text().splitlines()[0])
    tree.stop(signal.SIGKILL)
    tree.until(lambda: not any(is_alive(pid) for pid in [*pids, server]), 10)


def test_the_next_start_after_a_kill_fails_or_is_slow(start: Callable[..., Tree]) -> None:
    tree = start()
    tree.until_ready()
    tree.stop(signal.SIGKILL)
    tree.output.unlink()
    before = time.monotonic()
    tree = start()
    tree.until_ready()
    assert time.monotonic() - before < 10


def test_a_child_that_ignores_term_keeps_the_system_from_stopping(start: Callable[..., Tree]) -> None:
    tree = start("stubborn")
    tree.until_ready()
    worker = tree.pid("worker")
    for _ in range(2):  # twice at once is one wish, heard through `make` and through the terminal
        tree.process.send_signal(signal.SIGINT)
        time.sleep(0.6)
    assert is_alive(worker)
    tree.process.send_signal(signal.SIGINT)  # impatient by now
    assert tree.process.wait(5) == 0
    assert not is_alive(worker)


@pytest.mark.parametrize(("kind", "step"), [("hopeless", "api"), ("unprepared", "prepare")])
def test_a_system_that_cannot_start_hangs(start: Callable[..., Tree], kind: str, step: str) -> None:
    tree = start(kind)
    assert tree.process.wait(40) != 0
    assert f"step {step}" in tree.said()
    assert running_url(tree.var / "pg") is None


def test_two_systems_share_one_var_folder(start: Callable[..., Tree], passable_path: Path) -> None:
    first = start()
    first.until_ready()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    second = Tree(passable_path, "orderly", port)
    assert second.process.wait(20) != 0
    assert "in use by another process" in second.said()
    assert first.process.poll() is None
