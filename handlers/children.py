"""The child processes of a worker: handlers run in them, because a process can be killed and a thread cannot."""

import json
import logging
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from engine.commands.leasing import LeasedJob
from engine.domain.errors import UnavailableError
from engine.domain.values import encode
from handlers.execution import MAX_OUTCOME, Failed, Outcome, outcome_from_json
from handlers.registry import HandlerDefinition

logger = logging.getLogger(__name__)

JOBS_PER_CHILD = 200
"""After so many jobs a child is replaced, so that what leaks in a handler does not pile up."""

DEAD_CHILDREN = 3
"""How many children in a row may be found dead before a job."""

START_PATIENCE = timedelta(seconds=60)


class ChildNotStartedError(UnavailableError):
    """A child process could not be made ready."""

    zh = "处理程序的子进程无法启动：{problem}"
    en = "A child process for handlers could not be started: {problem}"


class PoolClosedError(Exception):
    """The worker stops: the job was cut short, and whoever leases it next does it."""


@dataclass(frozen=True, slots=True)
class ChildSetup:
    """What a child needs to make itself ready."""

    argument: Any
    """JSON; goes through a pipe, never over the command line."""
    contexts: str = "handlers.child_contexts:open_contexts"
    """`module:function`, called with `argument` in the child; returns a function that gives a HandlerContext per job."""
    environment: Mapping[str, str] | None = None
    """The child's environment; ours when None."""


class ChildPool:
    """Up to `size` child processes, started when first needed; safe to use from several threads."""

    def __init__(self, setup: ChildSetup, size: int, time_limit: timedelta) -> None:
        self._setup = setup
        self._time_limit = time_limit
        self._slots = threading.Semaphore(size)
        self._idle: queue.LifoQueue[_Child] = queue.LifoQueue()
        self._lock = threading.Lock()
        self._alive: set[_Child] = set()
        self._is_closed = False
        # The kernel kills a child when the *thread* that started it ends, so one thread that stays starts them all.
        self._starter = ThreadPoolExecutor(1, "child-starter")

    def run(
        self, definition: HandlerDefinition, leased: LeasedJob, keep: Callable[[], None], keep_every: timedelta
    ) -> Outcome:
        """Run a job in a child and return its outcome, calling `keep` every now and then from now on.

        Starting a child may take longer than a lease lasts, so `keep` is called while one is waited for, too.

        A child that takes longer than the handler's time limit, or than the pool's where it has none, is killed and
        replaced; one that dies is replaced: both are failures of the job. When `keep` raises, the child is killed too
        and the exception goes on to the caller. Raises ChildNotStartedError, and PoolClosedError when `close` ended it.
        """
        limit = definition.time_limit or self._time_limit
        patience = _Patience(keep, keep_every.total_seconds())
        while not self._slots.acquire(timeout=patience.every):
            keep()
        try:
            child = self._begun(_request(leased), patience)
            try:
                outcome = self._await(child, limit, patience)
            except _ChildDiedError:
                status = self._discard(child)
                if self._is_closed:
                    raise PoolClosedError from None
                logger.warning("handler process %s died (exit status %s)", child.pid, status)
                en = f"The process of the handler died (exit status {status})"
                return Failed(f"处理程序的进程意外终止（退出状态 {status}）", failure_en=en)
            except BaseException:
                self._discard(child)
                raise
            if outcome is None:
                self._discard(child)
                logger.warning("handler process %s killed: job %s exceeded %s", child.pid, leased.id, limit)
                seconds = f"{limit.total_seconds():g}"
                en = f"The handler was killed at its time limit of {seconds} seconds"
                return Failed(f"处理程序超过时限 {seconds} 秒，已被终止", failure_en=en)
            if child.jobs_done >= JOBS_PER_CHILD:
                self._discard(child)
            else:
                self._idle.put(child)
            return outcome
        finally:
            self._slots.release()

    def start(self) -> None:
        """Start one child now: what is wrong with the set-up shows at once. Raises ChildNotStartedError."""
        self._idle.put(self._ready_child(_Patience(lambda: None, START_PATIENCE.total_seconds())))

    def close(self) -> None:
        """Kill every child; jobs under way are cut short, and others are not begun."""
        with self._lock:
            self._is_closed = True
            children = list(self._alive)
        for child in children:
            self._discard(child)
        self._starter.shutdown(wait=True)

    def pids(self) -> list[int]:
        """Return the process ids of the children that live now."""
        with self._lock:
            return [child.pid for child in self._alive]

    def _begun(self, request: Mapping[str, Any], patience: "_Patience") -> "_Child":
        """Return a child that has taken up the job; one found dead before that is no failure of the job."""
        for _ in range(DEAD_CHILDREN):
            child = self._ready_child(patience)
            try:
                child.send(request)
                if patience.answer_of(child, START_PATIENCE) == {"begun": True}:
                    return child
            except _ChildDiedError:
                logger.warning("idle handler process %s was dead", child.pid)
            except BaseException:
                self._discard(child)
                raise
            self._discard(child)
        raise ChildNotStartedError(problem=f"{DEAD_CHILDREN} children died before they took up a job")

    def _ready_child(self, patience: "_Patience") -> "_Child":
        while True:
            try:
                child = self._idle.get_nowait()
            except queue.Empty:
                return self._new_child(patience)
            if child.is_running():
                return child
            self._discard(child)

    def _new_child(self, patience: "_Patience") -> "_Child":
        if self._is_closed:
            raise PoolClosedError
        try:
            child = self._starter.submit(_Child.start, self._setup).result()
        except (RuntimeError, OSError, _ChildDiedError) as error:
            raise ChildNotStartedError(problem=str(error)) from error
        with self._lock:
            self._alive.add(child)
            is_closed = self._is_closed
        try:
            answer = None if is_closed else patience.answer_of(child, START_PATIENCE)
        except _ChildDiedError:
            answer = None
        except BaseException:
            self._discard(child)
            raise
        if answer is None or not answer.get("ready"):
            status = self._discard(child)
            if self._is_closed:
                raise PoolClosedError
            raise ChildNotStartedError(problem=(answer or {}).get("problem") or f"exit status {status}")
        return child

    def _await(self, child: "_Child", limit: timedelta, patience: "_Patience") -> Outcome | None:
        """Return the outcome, or None when the limit has passed."""
        answer = patience.answer_of(child, limit)
        if answer is None:
            return None
        child.jobs_done += 1
        return outcome_from_json(answer)

    def _discard(self, child: "_Child") -> int | None:
        with self._lock:
            self._alive.discard(child)
        return child.kill()


class _ChildDiedError(Exception):
    """The child closed its pipe."""


@dataclass(frozen=True, slots=True)
class _Patience:
    """Waits for children without losing the lease of the job that they are wanted for."""

    keep: Callable[[], None]
    every: float
    """Seconds between two calls of `keep`."""

    def answer_of(self, child: "_Child", longest: timedelta) -> dict[str, Any] | None:
        """Return the child's next message, None when there is none in time; raises _ChildDiedError and what `keep` raises."""
        give_up = time.monotonic() + longest.total_seconds()
        while (left := give_up - time.monotonic()) > 0:
            answer = child.receive(min(left, self.every))
            if answer is not None:
                return answer
            if time.monotonic() < give_up:
                self.keep()
        return None


@dataclass(eq=False)
class _Child:
    process: "subprocess.Popen[bytes]"
    answers: "queue.Queue[bytes]" = field(default_factory=queue.Queue)
    jobs_done: int = 0

    @classmethod
    def start(cls, setup: ChildSetup) -> "_Child":
        environment = None if setup.environment is None else dict(setup.environment)
        process = subprocess.Popen(
            [sys.executable, "-m", "handlers.child_main"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
            start_new_session=True,  # Ctrl-C is for the worker; and the whole session can be killed at once
        )
        child = cls(process)
        threading.Thread(target=child._read, name=f"child-{process.pid}", daemon=True).start()
        child.send({"contexts": setup.contexts, "argument": setup.argument})
        return child

    @property
    def pid(self) -> int:
        return self.process.pid

    def is_running(self) -> bool:
        return self.process.poll() is None

    def send(self, message: Mapping[str, Any]) -> None:
        assert self.process.stdin is not None
        try:
            self.process.stdin.write(json.dumps(message, ensure_ascii=False).encode() + b"\n")
            self.process.stdin.flush()
        except (OSError, ValueError) as error:
            raise _ChildDiedError from error

    def receive(self, seconds: float) -> dict[str, Any] | None:
        """Return the next message, None when there is none in time; raises _ChildDiedError."""
        try:
            line = self.answers.get(timeout=seconds)
        except queue.Empty:
            return None
        if not line.endswith(b"\n"):
            raise _ChildDiedError
        message: dict[str, Any] = json.loads(line)
        return message

    def kill(self) -> int | None:
        """End the child and whatever it started; return its exit status."""
        try:
            if hasattr(os, "killpg"):
                os.killpg(self.process.pid, signal.SIGKILL)
            else:
                self.process.kill()
        except (ProcessLookupError, PermissionError):
            self.process.kill()
        status = self.process.wait()
        if self.process.stdin is not None:
            try:
                self.process.stdin.close()
            except OSError as error:
                logger.debug("pipe of handler process %s was broken: %s", self.pid, error)
        return status

    def _read(self) -> None:
        stdout = self.process.stdout
        assert stdout is not None
        with stdout:
            while True:
                line = stdout.readline(2 * MAX_OUTCOME)
                self.answers.put(line)
                if not line.endswith(b"\n"):  # closed, or longer than any outcome may be
                    return


def _request(leased: LeasedJob) -> dict[str, Any]:
    return {
        "id": str(leased.id),
        "case_id": str(leased.case_id),
        "job_type": leased.job_type,
        "idempotency_key": leased.idempotency_key,
        "attempts": leased.attempts,
        "input": encode(dict(leased.input)),
    }
