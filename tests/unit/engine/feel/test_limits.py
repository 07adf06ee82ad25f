"""Hostile expressions are stopped, and leave nothing behind."""

import asyncio
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pytest

from engine.domain.errors import FeelAssetMissingError, FeelFailedError
from engine.feel import FeelInterpreter, FeelLimits, FeelRequest, shared_interpreter

feel = shared_interpreter()
ROOT = Path(__file__).parents[4]


@pytest.mark.parametrize(
    ("expression", "limit"),
    [
        ("for i in 1.5..3 return i", "memory"),
        ('for i in 1..1000000000 return "aaaaaaaaaaaaaaaaaaaa"', "memory"),
        ('matches("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", "^(a+)+$")', "time"),
        ('{"f": function(n) f(n + 1), "r": f(1)}.r', None),
        ("(" * 4000 + "1" + ")" * 4000, None),
        ("[" * 4000 + "1" + "]" * 4000, None),
        ("1" + " + 1" * 5000, None),
    ],
)
def test_hostile_expression_is_stopped_and_the_next_one_works(expression: str, limit: str | None) -> None:
    interpreter = FeelInterpreter(limits=FeelLimits(duration=timedelta(milliseconds=700)))
    try:
        if limit is None:
            for kind in ("expression", "unary-test"):
                interpreter.evaluate_all([FeelRequest(kind, expression[:9990])], {})  # type: ignore[arg-type]
        else:
            with pytest.raises(FeelFailedError) as caught:
                interpreter.evaluate(expression, {})
            assert caught.value.data["limit"] in ("memory", "time")
        assert interpreter.evaluate("1 + 1", {}) == 2
    finally:
        interpreter.close()


FROM_AN_OLDER_THREAD = """
import threading
from engine.feel import FeelInterpreter

def evaluate():
    interpreter = FeelInterpreter()
    print(interpreter.evaluate("1 + 1", {}))
    interpreter.close()

engine_runs = threading.Event()
older = threading.Thread(target=lambda: (engine_runs.wait(), evaluate()))
older.start()
first = threading.Thread(target=evaluate)
first.start()
first.join()
engine_runs.set()
older.join()
evaluate()
"""


def test_thread_older_than_the_engine_may_use_it() -> None:
    done = subprocess.run(
        [sys.executable, "-c", FROM_AN_OLDER_THREAD], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stdout.split()) == (0, ["2", "2", "2"]), done.stderr


def test_huge_text_never_reaches_python() -> None:
    doubled = "(for i in 1..16 return if i = 1 then s else partial[i - 1] + partial[i - 1])[16]"
    with pytest.raises(FeelFailedError, match="too large"):
        feel.evaluate(doubled, {"s": "a" * 100})


@pytest.mark.parametrize(
    "expression",
    [
        "x.constructor",
        '"a".constructor',
        "{}.constructor",
        "sum.constructor",
        '@"2026-01-01".constructor',
        'get value({}, "constructor")',
        'get value({}, "__proto__")',
        "{a: 1}.__proto__",
        "globalThis",
        "answerAll",
    ],
)
def test_expression_cannot_reach_the_language_below(expression: str) -> None:
    assert feel.evaluate(expression, {"x": {"a": 1}}) is None


def test_one_evaluation_leaves_no_trace_in_the_next() -> None:
    attempts = [
        FeelRequest("expression", 'context put({}, "__proto__", {polluted: 1})'),
        FeelRequest("expression", '{"__proto__": {polluted: 1}}'),
        FeelRequest("expression", 'context merge([{}, {"__proto__": {polluted: 1}}])'),
        FeelRequest("expression", "(function(__proto__) __proto__)(1)"),
    ]
    feel.evaluate_all(attempts, {"x": {"__proto__": {"polluted": 1}}})
    assert feel.evaluate("polluted", {}) is None
    assert feel.evaluate("{}.polluted", {}) is None
    assert feel.evaluate("1 + 1", {}) == 2


def test_threads_share_one_interpreter() -> None:
    results: list[int] = []

    def work(n: int) -> None:
        results.extend(feel.evaluate("n * 2", {"n": n}) for _ in range(20))

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == sorted([n * 2 for n in range(4)] * 20)


def test_interpreter_started_inside_an_event_loop_does_not_wait_for_itself() -> None:
    interpreter = FeelInterpreter()

    async def work() -> object:
        return interpreter.evaluate("1 + 1", {})

    try:
        assert asyncio.run(work()) == 2
        assert asyncio.run(work()) == 2
    finally:
        interpreter.close()


def test_missing_asset_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(FeelAssetMissingError) as caught:
        FeelInterpreter(tmp_path).evaluate("1", {})
    assert "make assets" in caught.value.sentence("zh")


def test_broken_asset_says_what_to_run(tmp_path: Path) -> None:
    (tmp_path / "feelin.js").write_text("var feelin = {", encoding="utf-8")
    with pytest.raises(FeelAssetMissingError):
        FeelInterpreter(tmp_path).evaluate("1", {})


def test_garbage_of_others_is_not_held_against_an_expression() -> None:
    interpreter = FeelInterpreter(limits=FeelLimits(memory_bytes=24 * 1024 * 1024))
    try:
        for n in range(120):
            assert interpreter.evaluate("string length(s)", {"s": f"{n:06d}" + "甲" * 150_000}) == 150_006
    finally:
        interpreter.close()


def test_process_that_used_feel_ends() -> None:
    script = "from engine.feel import shared_interpreter as s, FeelInterpreter as F; s().evaluate('1', {}); f = F(); f.evaluate('1', {})"
    processes = [subprocess.Popen([sys.executable, "-c", script], cwd=ROOT) for _ in range(4)]
    try:
        assert [process.wait(timeout=60) for process in processes] == [0] * 4
    finally:
        for process in processes:
            process.kill()
