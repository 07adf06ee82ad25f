"""The clients: a process of its own that completes chains of user tasks over HTTP, or straight in the database.

Reads one plan per line on standard input, writes one result per line on standard output. It speaks HTTP over raw
sockets, kept alive, so that the client takes little of the processor it shares with the server.
"""

import json
import secrets
import socket
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg

from tests.performance.by_hand import Template, complete

Step = Callable[[str], str | None]
"""Completes a user task; returns the next one, or None at the end."""


def main() -> None:
    """Do plans until standard input ends."""
    for line in sys.stdin:
        print(json.dumps(_run(json.loads(line))), flush=True)


def _run(plan: dict[str, Any]) -> dict[str, Any]:
    """Let each client complete `steps` tasks from each of its first ones; return seconds, in all and of each."""
    clients = [_client(plan) for _ in plan["tasks"]]
    latencies: list[list[float]] = [[] for _ in clients]
    left: list[list[str | None]] = [[] for _ in clients]
    failures: list[str] = []
    barrier = threading.Barrier(len(clients) + 1)

    def work(index: int) -> None:
        barrier.wait()
        try:
            left[index] = _complete(clients[index], plan["tasks"][index], plan, latencies[index])
        except Exception as error:
            failures.append(f"{type(error).__name__}: {error}"[:500])

    threads = [threading.Thread(target=work, args=(index,), daemon=True) for index in range(len(clients))]
    for thread in threads:
        thread.start()
    barrier.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    elapsed = time.perf_counter() - began
    return {
        "elapsed": elapsed,
        "latencies": [value for values in latencies for value in values],
        "failures": failures,
        "left": left,
    }


def _complete(step: Step, tasks: list[str], plan: dict[str, Any], latencies: list[float]) -> list[str | None]:
    """Complete `steps` tasks of each case, one case after the other or in turns; return the tasks that are open then."""
    following: list[str | None] = list(tasks)
    turns = range(plan["steps"])
    cases = range(len(tasks))
    order = [case for _ in turns for case in cases] if plan["in_turns"] else [case for case in cases for _ in turns]
    for case in order:
        task = following[case]
        if task is None:
            raise RuntimeError("a case ended before its time")
        began = time.perf_counter()
        following[case] = step(task)
        latencies.append(time.perf_counter() - began)
    return following


def _client(plan: dict[str, Any]) -> Step:
    return _database_client(plan) if "database" in plan else _HttpClient(plan).complete


class _HttpClient:
    def __init__(self, plan: dict[str, Any]) -> None:
        self._socket = socket.create_connection((plan["host"], plan["port"]))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._path = plan["path"]
        self._body = json.dumps(plan["body"]).encode()
        self._head = (
            f" HTTP/1.1\r\nHost: {plan['host']}:{plan['port']}\r\nAuthorization: {plan['authorization']}\r\n"
            f"Content-Type: application/json\r\nAccept: application/json\r\nContent-Length: {len(self._body)}\r\n"
        )

    def complete(self, task: str) -> str | None:
        head = f"POST {self._path.format(id=task)}{self._head}Idempotency-Key: {secrets.token_hex(16)}\r\n\r\n"
        self._socket.sendall(head.encode() + self._body)
        status, body = self._answer()
        if status != 200:
            raise RuntimeError(f"{status} {body[:300]!r}")
        opened = json.loads(body)["user_tasks"]
        return opened[0]["id"] if opened else None

    def _answer(self) -> tuple[int, bytes]:
        received = b""
        while (end := received.find(b"\r\n\r\n")) < 0:
            received += self._more()
        head = received[:end].lower()
        at = head.index(b"content-length:") + 15
        length = int(head[at : head.find(b"\r", at) if head.find(b"\r", at) > 0 else len(head)])
        while len(received) < end + 4 + length:
            received += self._more()
        return int(received[9:12]), received[end + 4 :]

    def _more(self) -> bytes:
        part = self._socket.recv(65536)
        if not part:
            raise ConnectionError("the server closed the connection")
        return part


def _database_client(plan: dict[str, Any]) -> Step:
    connection = psycopg.connect(plan["database"])
    template = Template.read(Path(plan["template"]))
    body = json.dumps(plan["body"]).encode()

    def step(task: str) -> str | None:
        answer = complete(connection, template, task, secrets.token_hex(16), body)
        return str(answer["user_tasks"][0]["id"]) if answer["user_tasks"] else None

    return step


if __name__ == "__main__":
    main()
