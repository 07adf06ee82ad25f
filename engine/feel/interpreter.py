"""The FEEL interpreter of the browser in an embedded JavaScript engine, with limits on time and memory."""

import os
import threading
import weakref
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

from py_mini_racer import (
    DEFAULT_V8_FLAGS,
    JSEvalException,
    JSOOMException,
    JSTimeoutException,
    MiniRacer,
    init_mini_racer,
)

from engine.domain.errors import FeelAssetMissingError, FeelFailedError
from engine.domain.values import Value
from engine.feel.problems import FeelProblem, text_problem, to_problem
from engine.feel.realm import HARNESS, PRELUDE
from engine.feel.wire import UnsuitableValueError, from_wire, pack, to_wire, unpack

Kind = Literal["expression", "unary-test", "pattern"]

MAX_EXPRESSION = 10_000
"""Characters of one expression."""
_FLAGS = (*DEFAULT_V8_FLAGS, "--no-memory-protection-keys")
# Where the processor has protection keys, the engine shuts its pages to every thread that does not descend from the one
# that started it; a thread of a server, older than that one, would crash the process.
_START_LIMIT = 30.0
_CROSSINGS_PER_SWEEP = 5_000
"""After so many crossings the engine is told to collect its garbage, about 20 ms: by itself it would let it pile up."""


@dataclass(frozen=True, slots=True)
class FeelLimits:
    """What one crossing into the interpreter may cost."""

    duration: timedelta = timedelta(seconds=1)
    per_request: timedelta = timedelta(milliseconds=1)
    """Added to `duration` for every request of the crossing: a long list has many harmless conditions."""
    memory_bytes: int = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class FeelRequest:
    """One thing to evaluate: an expression, a unary test, or a regular expression against the text `?`."""

    kind: Kind
    text: str
    names: Mapping[str, Value] | None = None
    """Names this request sees beside the common ones."""


@dataclass(frozen=True, slots=True)
class FeelOutcome:
    """What came of a request: a value, or an error; warnings say why a value is null."""

    value: Value = None
    warnings: tuple[tuple[str, str], ...] = ()
    """(type, sentence), e.g. ("NO_VARIABLE_FOUND", "Variable 'x' not found")."""
    error: str | None = None


def default_assets_dir() -> Path:
    """Return `build/assets` of the checkout this package lies in."""
    return Path(__file__).resolve().parents[2] / "build" / "assets"


class FeelInterpreter:
    """Evaluates FEEL; one per serving process, usable from every thread.

    The engine is started at first use and thrown away when an evaluation exceeded a limit. It must not be used
    before a fork: its threads do not survive one.
    """

    def __init__(self, assets_dir: Path | None = None, limits: FeelLimits | None = None) -> None:
        self._asset = (assets_dir or default_assets_dir()) / "feelin.js"
        self._limits = limits or FeelLimits()
        self._lock = threading.Lock()
        self._engine: MiniRacer | None = None
        self._close: weakref.finalize[[MiniRacer, int], FeelInterpreter] | None = None
        self._process_id = 0
        self._crossings = 0

    def evaluate(self, expression: str, context: Mapping[str, Value]) -> Value:
        """Return the value of an expression; a name that `context` lacks is null.

        Raises FeelFailedError for a syntax error, an exceeded limit, or a result that is no Value.
        """
        return self._one(FeelRequest("expression", expression), context)

    def unary_test(self, test: str, value: Value, context: Mapping[str, Value]) -> bool:
        """Tell whether `value` satisfies a unary test (a cell of a decision table); raises FeelFailedError."""
        return self._one(FeelRequest("unary-test", test, {"?": value}), context) is True

    def evaluate_all(self, requests: Sequence[FeelRequest], context: Mapping[str, Value]) -> list[FeelOutcome]:
        """Return the outcomes of many requests over one context, in one crossing under one time limit.

        What is wrong with one request is in its outcome; FeelFailedError is raised for an exceeded limit and for
        a context that cannot cross.
        """
        if not requests:
            return []
        for request in requests:
            _refuse_oversize(request.text)
        # Requests that share their names, such as those of one row of a form, send them once.
        shared = {id(request.names): request.names for request in requests if request.names is not None}
        places = {name_id: place for place, name_id in enumerate(shared)}
        wired = [(request.kind, request.text, places.get(id(request.names))) for request in requests]
        try:
            scopes = [to_wire(names) for names in shared.values()]
            payload = pack({"context": to_wire(context), "scopes": scopes, "requests": wired})
        except UnsuitableValueError as problem:
            raise _failed(requests[0].text, problem.zh, problem.en) from problem
        answers = self._call("answerAll", payload, requests[0].text, len(requests))
        return [FeelOutcome(from_wire(value), tuple(map(tuple, warned)), error) for value, warned, error in answers]

    def match_rules(
        self,
        inputs: Sequence[tuple[str, str | None, str | None, str | None]],
        rules: Sequence[tuple[Sequence[str | None], Sequence[str | None]]],
        context: Mapping[str, Value],
        *,
        is_first_enough: bool = False,
    ) -> dict[str, Any]:
        """Match the rules of a decision table in one crossing.

        `inputs` are (expression, type, allowed values as a unary test, name of the value in cells), `rules` are
        (cells, output entries); None is an empty cell. Returns {"inputs": [[value, warnings, error, fits]...],
        "found": [[rule index, [[value, warnings, error]...]]...]}, or {"failed": [kind, row, column, sentence]}.
        Raises FeelFailedError for an exceeded limit and for a context that cannot cross.
        """
        text = inputs[0][0] if inputs else ""
        try:
            payload = pack({"context": to_wire(context), "inputs": inputs, "rules": rules, "first": is_first_enough})
        except UnsuitableValueError as problem:
            raise _failed(text, problem.zh, problem.en) from problem
        answer: dict[str, Any] = self._call("matchRules", payload, text, len(rules) * (len(inputs) + 1))
        if "failed" in answer:
            return answer
        for seen in answer["inputs"]:
            seen[0] = from_wire(seen[0])
        for _, outputs in answer["found"]:
            for output in outputs:
                output[0] = from_wire(output[0])
        return answer

    def check(self, expression: str, kind: Kind = "expression") -> list[FeelProblem]:
        """Return what is wrong with the text of an expression, without evaluating it."""
        return self.inspect([(kind, expression)])[0][0]

    def inspect(self, texts: Sequence[tuple[Kind, str]]) -> list[tuple[list[FeelProblem], frozenset[str]]]:
        """Return for each (kind, text) its problems and the names of variables it reads, in one crossing.

        Names that may be members of the items of a filter (`claims[amount > 5]`) are left out.
        """
        found: list[tuple[list[FeelProblem], frozenset[str]]] = [([], frozenset())] * len(texts)
        asked: list[tuple[int, Kind, str]] = []
        for index, (kind, text) in enumerate(texts):
            problem = text_problem(text, MAX_EXPRESSION)
            if problem is not None:
                found[index] = ([problem], frozenset())
            else:
                asked.append((index, kind, text))
        if asked:
            payload = pack([(kind, text) for _, kind, text in asked])
            answers = self._call("checkAll", payload, asked[0][2], len(asked))
            for (index, _, text), (problems, names) in zip(asked, answers, strict=True):
                found[index] = ([to_problem(text, *problem) for problem in problems], frozenset(names))
        return found

    def close(self) -> None:
        """Free the engine; the next use starts another."""
        with self._lock:
            self._discard()

    def _one(self, request: FeelRequest, context: Mapping[str, Value]) -> Value:
        outcome = self.evaluate_all([request], context)[0]
        if outcome.error is not None:
            raise _failed(request.text, f"解释器报告：{outcome.error}", outcome.error)
        return outcome.value

    def _call(self, function: str, payload: str, text: str, count: int) -> Any:
        limit = (self._limits.duration + self._limits.per_request * count).total_seconds()
        with self._lock:
            if self._crossings >= _CROSSINGS_PER_SWEEP and self._engine is not None:
                self._crossings = 1
                self._engine.low_memory_notification()
            had_others_before = self._crossings > 0
            try:
                try:
                    answer = self._cross(function, payload, limit)
                except JSOOMException:
                    if not had_others_before:
                        raise
                    # The memory may have been the garbage of others: the verdict belongs to a fresh engine.
                    self._discard()
                    answer = self._cross(function, payload, limit)
            except JSTimeoutException as error:
                self._let_stopped_evaluation_report()
                self._discard()
                raise _failed(text, f"计算超过 {limit:g} 秒。", f"it took more than {limit:g} s.", "time") from error
            except JSOOMException as error:
                self._discard()
                raise _failed(text, "占用内存过多。", "it needed too much memory.", "memory") from error
            except JSEvalException as error:
                self._discard()
                raise _failed(text, "结构过于复杂。", "it is too complex.", "complexity") from error
        return unpack(answer)

    def _cross(self, function: str, payload: str, limit: float) -> str:
        engine = self._running()
        self._crossings += 1
        answer = str(engine.eval(f"{function}({payload})", timeout_sec=limit))
        if engine.was_hard_memory_limit_reached():
            self._discard()
        return answer

    def _let_stopped_evaluation_report(self) -> None:
        # A stopped evaluation reports once more; closing the engine before that would leave the report homeless.
        if self._engine is not None:
            with suppress(JSEvalException):
                self._engine.eval("0", timeout_sec=_START_LIMIT)

    def _running(self) -> MiniRacer:
        if self._engine is not None:
            if self._process_id != os.getpid():
                raise RuntimeError("the FEEL interpreter was used before this process was forked")
            return self._engine
        try:
            source = self._asset.read_text(encoding="utf-8")
        except OSError as error:
            raise FeelAssetMissingError(path=self._asset.name) from error
        engine = _start()
        try:
            for script in (PRELUDE, source, HARNESS):
                engine.eval(script, timeout_sec=_START_LIMIT)
        except JSEvalException as error:
            engine.close()
            raise FeelAssetMissingError(path=self._asset.name) from error
        engine.set_hard_memory_limit(self._limits.memory_bytes)
        self._engine, self._process_id = engine, os.getpid()
        # Closed at exit while its threads still run: left to the end of the process, it would wait for them for ever.
        self._close = weakref.finalize(self, _close_own, engine, self._process_id)
        return engine

    def _discard(self) -> None:
        close, self._close, self._engine, self._crossings = self._close, None, None, 0
        if close is not None:
            close()


_shared_lock = threading.Lock()
_shared: FeelInterpreter | None = None


def shared_interpreter(assets_dir: Path | None = None) -> FeelInterpreter:
    """Return the interpreter of this process; the first call may say where the assets lie."""
    global _shared
    with _shared_lock:
        if _shared is None:
            _shared = FeelInterpreter(assets_dir)
        return _shared


def _start() -> MiniRacer:
    # In a thread of its own: the engine would otherwise adopt a caller's running event loop and then wait for itself.
    started: list[MiniRacer] = []
    init_mini_racer(flags=_FLAGS, ignore_duplicate_init=True)
    thread = threading.Thread(target=lambda: started.append(MiniRacer()), name="feel-start")
    thread.start()
    thread.join()
    return started[0]


def _close_own(engine: MiniRacer, process_id: int) -> None:
    # A forked child inherits the engine without its threads: closing it there would never end.
    if process_id == os.getpid():
        engine.close()


def _refuse_oversize(text: str) -> None:
    if len(text) > MAX_EXPRESSION:
        raise _failed(text[:80] + "…", f"超过 {MAX_EXPRESSION} 个字符。", f"it has over {MAX_EXPRESSION} characters.")


def _failed(expression: str, zh: str, en: str, limit: str | None = None) -> FeelFailedError:
    return FeelFailedError(expression=expression[:200], problem_zh=zh, problem=en, limit=limit)
