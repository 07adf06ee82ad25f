"""The one place that talks to Monty: a pool of sandboxed interpreter processes, and one checkout of it at a time."""

import os
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic_monty import (
    Monty,
    MontyConversionError,
    MontyCrashedError,
    MontyError,
    MontyRuntimeError,
    MontySession,
    MontySyntaxError,
)

from engine.domain.errors import ExpressionsUnavailableError
from engine.domain.values import Value
from engine.expressions import failures
from engine.expressions.host_calls import HostCalls
from engine.expressions.problems import failure
from engine.expressions.programs import Program
from engine.expressions.syntax import PRELOADED

_BROKEN = frozenset({"MemoryError", "TimeoutError", "RecursionError"})
"""After these the heap of a checkout is not to be trusted."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one evaluation may use."""

    seconds: float = 1.0
    megabytes: int = 64
    recursion: int = 200
    calls: int = 5_000
    """Host calls within one checkout; `host_calls.MAX_CALLS` holds for one evaluation."""
    processes: int = 4
    """Sandbox processes of one pool."""
    wait_seconds: float = 10.0
    """How long a step waits for a free one."""


class Pool:
    """Sandbox processes, started when the first one is needed.

    May be made before a fork, but not used before one: the library behind it breaks down in a process forked from one
    that has used it, and breaks that one too. `checkout` refuses there at once instead.
    """

    _used_in: int | None = None
    """The process in which any pool was first opened."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._lock = threading.Lock()
        self._monty: Monty | None = None
        self._is_closed = False

    def checkout(self, **options: Any) -> MontySession:
        """Return an entered session in a process of its own.

        Raises ExpressionsUnavailableError when all are busy for too long, RuntimeError after `close` and after a fork.
        """
        for _ in range(self.limits.processes + 1):
            session = self._opened().checkout(**options)
            try:
                session.__enter__()
            except MontyCrashedError as error:
                died = error  # while it was idle; the pool has noticed now and gives another one
            except TimeoutError as error:
                raise ExpressionsUnavailableError from error
            else:
                return session
        raise ExpressionsUnavailableError from died

    def _opened(self) -> Monty:
        with self._lock:
            if self._is_closed:
                raise RuntimeError("the pool of sandboxes is closed")
            if Pool._used_in not in (None, os.getpid()):
                raise RuntimeError("this process was forked from one that had evaluated expressions; spawn it instead")
            if self._monty is None:
                Pool._used_in = os.getpid()
                self._monty = Monty(
                    min_processes=1,
                    max_processes=self.limits.processes,
                    checkout_timeout=self.limits.wait_seconds,
                    request_timeout=2 * self.limits.seconds + 1,
                    feed_duration_limit_grace=self.limits.seconds / 2,
                    turn_duration_limit_grace=self.limits.seconds / 2,
                )
                self._monty.__enter__()
            return self._monty

    def close(self) -> None:
        """End the processes; in a forked child, only forget them."""
        with self._lock:
            self._is_closed = True
            if self._monty is not None and Pool._used_in == os.getpid():
                self._monty.__exit__(None, None, None)
                self._monty = None


class Checkout:
    """At most one checkout of the pool at a time, for one step of one case; taken when it is first needed."""

    def __init__(self, pool: Pool, now: datetime) -> None:
        self._pool = pool
        self._now = now
        self._session: MontySession | None = None

    def evaluate(self, program: Program, inputs: Mapping[str, Value], calls: HostCalls) -> Any:
        """Return what an expression gives, as the sandbox hands it out.

        Raises ExpressionProblemError, or what a host function raised.
        """
        names = ", ".join(inputs)
        # Parameters, not globals: what one expression is given must not be there for the next one in the same step.
        code = (
            f"{_imports(program.reads - inputs.keys())}"
            f"(lambda r: (isinstance(r, str), r))((lambda {names}: ({program.text}))(*__arguments))"
        )
        return _value(*self._run(code, {"__arguments": list(inputs.values())}, calls, {}))

    def execute(
        self, program: Program, inputs: Mapping[str, Value], wanted: frozenset[str], calls: HostCalls
    ) -> dict[str, Any]:
        """Run a script; return those of the wanted names that it left bound, as a dict.

        Raises ExpressionProblemError, or what a host function raised.
        """
        prelude = _imports(program.reads - inputs.keys())
        collected = "".join(
            f"\ntry:\n    __left[{name!r}] = (isinstance({name}, str), {name})\nexcept NameError:\n    pass"
            for name in sorted(wanted)
        )
        code = f"{prelude}{program.text}\n__left = {{}}{collected}\n__left"
        offset = prelude.count("\n")
        lines = {line + offset: original for line, original in program.lines.items()}
        try:
            left = self._run(code, dict(inputs), calls, lines)
            return {name: _value(is_text, value) for name, (is_text, value) in left.items()}
        finally:
            # A script may leave functions, imports and changed modules behind.
            self.close()

    def _run(self, code: str, inputs: dict[str, Any], calls: HostCalls, lines: Mapping[int, int]) -> Any:
        for attempt in (1, 2):
            try:
                return self._feed(code, inputs, calls, lines)
            except MontyCrashedError as error:
                self._drop()
                if calls.failure is not None:
                    raise calls.failure from error
                if error.timed_out:
                    raise failures.time_limit(self._pool.limits.seconds) from error
                if attempt == 2:
                    raise failures.crashed() from error
                calls.restart()
        raise AssertionError

    def _feed(self, code: str, inputs: dict[str, Any], calls: HostCalls, lines: Mapping[int, int]) -> Any:
        limits = self._pool.limits
        if self._session is None:
            self._session = self._pool.checkout(limits=_resource_limits(limits), os_policy=_os_policy(self._now))
        try:
            result = self._session.feed_run(
                code, inputs=inputs, external_lookup=_external(calls), print_callback=_drop_print
            )
        except MontyCrashedError:
            raise
        except MontyError as error:
            name, message = _described(error)
            if name in _BROKEN or name == "RuntimeError":
                self._drop()
            if calls.failure is not None:
                raise calls.failure from error
            line = _line(error, lines)
            raise failures.from_sandbox(name, message, limits.seconds, limits.megabytes, line) from error
        if calls.failure is not None:
            raise calls.failure
        return result

    def _drop(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            # The session is given up because it failed; what it has to say about that is known already.
            with suppress(MontyError, RuntimeError):
                session.__exit__(None, None, None)

    def close(self) -> None:
        """Give the sandbox process back to the pool."""
        self._drop()


def _value(is_text: bool, result: Any) -> Any:
    """Return a result, unless it is a function: those leave the sandbox as text about them."""
    if isinstance(result, str) and not is_text:
        raise failure(
            "result-refused",
            "结果是函数，而不是值：调用函数要写括号。",
            "The result is a function, not a value: a call needs brackets.",
        )
    return result


def _imports(names: frozenset[str]) -> str:
    return "".join(f"from {module} import {name}\n" for name, module in PRELOADED.items() if name in names)


def _external(calls: HostCalls) -> dict[str, Callable[..., Any]]:
    def bind(name: str) -> Callable[..., Any]:
        return lambda *arguments, **keywords: calls.call(name, arguments, keywords)

    return {name: bind(name) for name in calls.functions}


def _resource_limits(limits: Limits) -> Any:
    return {
        "max_feed_duration_secs": limits.seconds,
        "max_memory": limits.megabytes * 1_000_000,
        "max_recursion_depth": limits.recursion,
        "max_suspensions": limits.calls,
    }


def _os_policy(now: datetime) -> Any:
    """Stop the sandbox's clock at the step's instant, and let its random numbers follow from it."""
    return {
        "datetime": now,
        "timezone": "Asia/Shanghai",
        "sleep": "zero",
        "random_start": {"seed": now.isoformat()},
    }


def _drop_print(stream: str, text: str) -> None:
    """Take printed text and let it go: nobody reads it."""


def _described(error: MontyError) -> tuple[str, str]:
    if isinstance(error, MontyRuntimeError):
        name, _, message = error.display("type-msg").partition(": ")
        return name.rpartition(".")[2], message
    if isinstance(error, MontySyntaxError):
        return "SyntaxError", error.display("msg")
    if isinstance(error, MontyConversionError):
        return "ValueError", str(error)
    return type(error).__name__, str(error)


def _line(error: MontyError, lines: Mapping[int, int]) -> int | None:
    """Return the line of the source where a script failed: that of the innermost statement begun before."""
    if not lines or not isinstance(error, MontyRuntimeError | MontySyntaxError):
        return None
    frames = error.traceback()
    if not frames:
        return None
    begun = [line for line in lines if line <= frames[-1].line]
    return lines[max(begun)] if begun else None
