"""Handlers of a distribution outside the repository; each does something a handler should not, or just enough."""

import os
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from marshmallow import Schema, fields

from handlers.registry import HandlerJob, handles


class Told(Schema):
    """Where to leave a trace."""

    path = fields.String()
    seconds = fields.Float()


class Nothing(Schema):
    """No result."""


class Echo(Schema):
    """What was done."""

    pid = fields.Integer()
    key = fields.String()
    attempts = fields.Integer()


def trace(input: dict[str, Any], line: object) -> None:
    """Add a line to the file that the input names."""
    if "path" in input:
        with Path(input["path"]).open("a") as file:
            file.write(f"{line}\n")


@handles("odd-echo", input=Told, output=Echo, zh="回显。", en="Echoes.")
def echo(context: Any, job: HandlerJob, input: dict[str, Any]) -> dict[str, Any]:
    trace(input, job.idempotency_key)
    time.sleep(input.get("seconds", 0))
    return {"pid": os.getpid(), "key": job.idempotency_key, "attempts": job.attempts}


@handles("odd-hang", input=Told, output=Nothing, zh="挂起。", en="Hangs.")
def hang(context: Any, job: HandlerJob, input: dict[str, Any]) -> dict[str, Any]:
    sleeper = subprocess.Popen(["sleep", "300"])
    trace(input, os.getpid())
    trace(input, sleeper.pid)
    while True:
        time.sleep(0.05)


@handles("odd-crash", input=Told, output=Nothing, zh="崩溃。", en="Crashes.")
def crash(context: Any, job: HandlerJob, input: dict[str, Any]) -> dict[str, Any]:
    trace(input, os.getpid())
    os._exit(7)


@handles("odd-chat", input=Told, output=Nothing, zh="打印。", en="Prints.")
def chat(context: Any, job: HandlerJob, input: dict[str, Any]) -> dict[str, Any]:
    print('{"outcome": "completed", "result": {"pid": 1}}', flush=True)
    os.write(1, b"noise without end of line")
    subprocess.run([sys.executable, "-c", "print('more noise')"], check=True)
    return {}


class Much(Schema):
    """Too much."""

    text = fields.String()


@handles("odd-flood", input=Told, output=Much, zh="过多。", en="Gives too much.")
def flood(context: Any, job: HandlerJob, input: dict[str, Any]) -> dict[str, Any]:
    return {"text": "字" * 1_000_000}


def contexts(argument: Any) -> Any:
    """Open contexts for handlers that need none; an argument "broken" cannot be opened."""
    if argument == "broken":
        raise RuntimeError("the database url is wrong")
    settings = SimpleNamespace(secrets=lambda: ())
    return lambda: SimpleNamespace(settings=settings, disclosed=lambda: frozenset())
