"""Sandbox processes come when needed, may die, are shared by threads, and go."""

import contextlib
import multiprocessing
import os
import signal
import threading
from multiprocessing.connection import Connection
from typing import Any

import psutil
import pytest

from engine.domain.errors import ExpressionsUnavailableError
from engine.expressions import Evaluator, ExpressionProblemError, Limits
from engine.expressions.host_calls import HostCalls
from engine.expressions.programs import program
from engine.expressions.sandbox import Checkout, Pool
from tests.integration.engine.expressions.conftest import NOW, host_functions

pytestmark = pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")


def _sandboxes(parent: int | None = None) -> set[int]:
    found = set()
    for process in psutil.Process(parent or os.getpid()).children():
        with contextlib.suppress(psutil.Error):
            if any("monty" in word for word in process.cmdline()):
                found.add(process.pid)
    return found


def _new_evaluator(**limits: Any) -> Evaluator:
    return Evaluator(Limits(seconds=0.5, **limits))


def test_harmless_expression_starts_a_sandbox() -> None:
    before = _sandboxes()
    evaluator = _new_evaluator()
    with evaluator.session({}, NOW) as session:
        assert session.evaluate("a > 1", {"a": 2}).value is True
        assert _sandboxes() == before
        assert session.evaluate("a ** 1", {"a": 2}).value == 2
        assert len(_sandboxes() - before) == 1
    evaluator.close()
    assert _sandboxes() <= before


def test_death_of_an_idle_sandbox_is_noticed() -> None:
    before = _sandboxes()
    evaluator = _new_evaluator(processes=1)
    for _ in range(2):
        with evaluator.session({}, NOW) as session:
            assert session.evaluate("a ** 1", {"a": 2}).value == 2
        for pid in _sandboxes() - before:
            os.kill(pid, signal.SIGKILL)
    evaluator.close()


def test_death_of_a_sandbox_in_the_middle_of_a_step_is_noticed() -> None:
    before = _sandboxes()
    evaluator = _new_evaluator(processes=1)
    with evaluator.session(host_functions(), NOW) as session:
        assert session.evaluate("a ** 1", {"a": 2}).value == 2
        for pid in _sandboxes() - before:
            os.kill(pid, signal.SIGKILL)
        evaluation = session.evaluate("max(deadline('X', today()), today())", {})
        assert len(evaluation.explanations) == 1
    evaluator.close()


def test_expression_that_kills_every_sandbox_is_tried_without_end() -> None:
    pool = Pool(Limits(seconds=0.5, processes=1))
    checkout = Checkout(pool, NOW)
    before = _sandboxes()

    def deadly() -> int:
        for pid in _sandboxes() - before:
            os.kill(pid, signal.SIGKILL)
        return 1

    functions = host_functions()
    today = functions["today"]
    functions["today"] = type(today)(today.name, today.stub, deadly)
    with pytest.raises(ExpressionProblemError, match="broke down twice"):
        checkout.evaluate(program("max(today(), 1)", "expression"), {}, HostCalls(functions))
    assert checkout.evaluate(program("max(2, 1)", "expression"), {}, HostCalls({})) == 2
    checkout.close()
    pool.close()


def test_threads_disturb_one_another() -> None:
    evaluator = _new_evaluator(processes=2)
    wrong: list[Any] = []

    def work(number: int) -> None:
        for round_ in range(30):
            with evaluator.session(host_functions(), NOW) as session:
                a = number * 1000 + round_
                if session.evaluate("a ** 1", {"a": a}).value != a or session.execute("x = a", {"a": a}) != {"x": a}:
                    wrong.append(a)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    evaluator.close()
    assert not wrong


def test_step_waits_for_ever_for_a_busy_sandbox() -> None:
    evaluator = _new_evaluator(processes=1, wait_seconds=0.2)
    with evaluator.session({}, NOW) as first, evaluator.session({}, NOW) as second:
        first.evaluate("a ** 1", {"a": 2})
        with pytest.raises(ExpressionsUnavailableError):
            second.evaluate("a ** 1", {"a": 2})
    evaluator.close()


def test_closed_evaluator_starts_sandboxes_again() -> None:
    evaluator = _new_evaluator()
    evaluator.close()
    evaluator.close()
    with evaluator.session({}, NOW) as session, pytest.raises(RuntimeError, match="closed"):
        session.evaluate("a ** 1", {"a": 2})


def _evaluate_in_child(evaluator: Evaluator, answers: Connection) -> None:
    signal.alarm(10)  # a child that hangs must not outlive the test
    try:
        with evaluator.session({}, NOW) as session:
            answers.send(session.evaluate("a > 1", {"a": 2}).value)
            answers.send(session.evaluate("a ** 1", {"a": 2}).value)
    except RuntimeError as error:
        answers.send(str(error))
    evaluator.close()


def _in_forked_child(evaluator: Evaluator) -> list[Any]:
    context = multiprocessing.get_context("fork")
    answers, sender = context.Pipe(duplex=False)
    child = context.Process(target=_evaluate_in_child, args=(evaluator, sender))
    child.start()
    received = [answers.recv() for _ in range(2) if answers.poll(15)]
    child.join(15)
    assert child.exitcode == 0
    return received


def _fork_before_use(answers: Connection) -> None:
    answers.send(_in_forked_child(_new_evaluator()))


def _fork_after_use(answers: Connection) -> None:
    evaluator = _new_evaluator()
    with evaluator.session({}, NOW) as session:
        session.evaluate("a ** 1", {"a": 2})
    received = _in_forked_child(evaluator)
    with evaluator.session({}, NOW) as session:
        received.append(session.evaluate("a ** 1", {"a": 3}).value)
    answers.send(received)
    evaluator.close()


def _spawned(target: Any) -> list[Any]:
    """Run in a process that has never evaluated anything, whatever this one did before."""
    context = multiprocessing.get_context("spawn")
    answers, sender = context.Pipe(duplex=False)
    process = context.Process(target=target, args=(sender,))
    process.start()
    assert answers.poll(30), "no answer"
    received: list[Any] = answers.recv()
    process.join(15)
    assert process.exitcode == 0
    return received


def test_evaluator_made_before_a_fork_does_not_work_after_it() -> None:
    assert _spawned(_fork_before_use) == [True, 2]


def test_fork_after_use_hangs_child_or_parent() -> None:
    quick, refusal, parent = _spawned(_fork_after_use)
    assert quick is True
    assert "forked" in refusal
    assert parent == 3
