"""One child process of a worker: runs handlers one after another and may be killed at any moment.

Started as `python -m handlers.child_main`. The parent writes one JSON object per line to stdin (first the set-up, then
jobs) and reads one per line: `{"ready": true}`, then for each job `{"begun": true}` and its
outcome. When the parent goes, so do we.
"""

import contextlib
import ctypes
import importlib
import json
import os
import queue
import signal
import sys
import threading
from collections.abc import Callable, Mapping
from typing import Any, BinaryIO
from uuid import UUID

from engine.domain.errors import TingzhuError
from engine.domain.values import decode
from handlers.context import HandlerContext
from handlers.errors import UnknownJobTypeError
from handlers.execution import MAX_OUTCOME, Failed, Outcome, execute, outcome_as_json
from handlers.registry import HandlerDefinition, HandlerJob, load_handlers

Contexts = Callable[[], HandlerContext]
"""Returns a fresh context for one job."""

_PR_SET_PDEATHSIG = 1


def main() -> None:
    """Serve the parent until it closes our stdin, or dies."""
    _die_with_parent()
    answers = _private_stdout()
    lines = _lines(sys.stdin.buffer)
    try:
        setup = json.loads(lines.get())
        contexts = open_contexts(setup["contexts"], setup["argument"])
        definitions = load_handlers()
    except Exception as error:
        text = error.sentence("zh") if isinstance(error, TingzhuError) else f"{type(error).__name__}: {error}"
        _write(answers, {"ready": False, "problem": text})
        raise
    _write(answers, {"ready": True})
    while True:
        request = json.loads(lines.get())
        _write(answers, {"begun": True})
        _write_outcome(answers, run_job(definitions, contexts(), request))


def _write_outcome(answers: BinaryIO, outcome: Outcome) -> None:
    if len(json.dumps(outcome_as_json(outcome), ensure_ascii=False).encode()) > MAX_OUTCOME:
        zh = "处理程序的结果过大：结果会成为流程变量，请改存为文书。"
        en = "The result of the handler is too large: it would become process variables; store it as a paper instead."
        outcome = Failed(zh, is_final=True, failure_en=en)
    _write(answers, outcome_as_json(outcome))


def open_contexts(dotted: str, argument: Any) -> Contexts:
    """Return the contexts that `module:function` opens when called with `argument`."""
    module, _, name = dotted.partition(":")
    contexts: Contexts = getattr(importlib.import_module(module), name)(argument)
    return contexts


def run_job(
    definitions: Mapping[str, HandlerDefinition], context: HandlerContext, request: Mapping[str, Any]
) -> Outcome:
    """Run the job that `request` describes."""
    definition = definitions.get(request["job_type"])
    if definition is None:
        unknown = UnknownJobTypeError(job_type=request["job_type"])
        return Failed(unknown.sentence("zh"), is_final=True, failure_en=unknown.sentence("en"))
    job = HandlerJob(
        id=UUID(request["id"]),
        case_id=UUID(request["case_id"]),
        idempotency_key=request["idempotency_key"],
        attempts=request["attempts"],
    )
    return execute(definition, context, job, decode(request["input"]))


def _write(answers: BinaryIO, message: Mapping[str, Any]) -> None:
    answers.write(json.dumps(message, ensure_ascii=False).encode() + b"\n")
    answers.flush()


def _private_stdout() -> BinaryIO:
    """Keep the pipe to the parent to ourselves: what a handler prints goes to stderr."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return answers


def _lines(source: BinaryIO) -> "queue.Queue[bytes]":
    """Read the parent's lines in a thread of its own, which ends this process as soon as the parent is gone."""
    lines: queue.Queue[bytes] = queue.Queue()

    def read() -> None:
        for line in iter(source.readline, b""):
            lines.put(line)
        os._exit(0)

    threading.Thread(target=read, name="parent", daemon=True).start()
    return lines


def _die_with_parent() -> None:
    """Ask the kernel to kill us with the parent, for a handler that keeps the interpreter busy in foreign code."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL))


if __name__ == "__main__":
    main()
