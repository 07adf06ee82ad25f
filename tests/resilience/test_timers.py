"""Due timers: swept by processes that are killed, and raced by people; each fires once, never early."""

import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine.commands.complete_user_task import complete_user_task
from engine.commands.trigger_timer import trigger_timer
from engine.domain.actor import CLOCK
from engine.domain.errors import UserTaskAlreadyCompletedError, UserTaskCanceledError
from engine.store.tables import history, process_instance, timer, user_task
from tests.bpmn_builder import END, START, boundary, file, process, user
from tests.bpmn_builder import timer as timer_definition
from tests.effort import examples
from tests.engine_world import World
from tests.resilience.serving import at_once, until, verify_histories

CASES = 150
LATE = boundary("late", "a", timer_definition("Duration", "PT2S"))
PARTS = (START, END, user("a"), user("b"), LATE, "start>a", "a>end", "late>b", "b>end")


def count(engine: sa.Engine, table: sa.Table, *where: sa.ColumnElement[bool]) -> int:
    with engine.connect() as connection:
        return int(connection.execute(sa.select(sa.func.count()).select_from(table).where(*where)).scalar_one())


@pytest.fixture
def sweepers(database_url: str) -> Iterator["list[subprocess.Popen[bytes]]"]:
    """Two processes that wait for a line and then fire due timers until there are none."""
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.resilience.sweeping", database_url],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parents[2],
        )
        for _ in range(2)
    ]
    yield started
    for each in started:
        each.kill()
        each.wait()
        each.stdin.close()
        each.stdout.close()


def test_a_timer_is_lost_doubled_or_early_when_a_sweeping_process_is_killed(
    engine: sa.Engine, sweepers: "list[subprocess.Popen[bytes]]"
) -> None:
    world = World(engine)
    world.clock.set(datetime.now(UTC) - timedelta(hours=1))  # what we start here was due long ago for the sweepers
    world.deploy(file(process("p", *PARTS)))
    for number in range(CASES):
        world.start(business_key=f"case-{number}")
    world.clock.set(datetime.now(UTC))
    early = [world.start(business_key=f"early-{number}") for number in range(5)]
    with engine.begin() as connection:
        future = datetime.now(UTC) + timedelta(hours=1)
        ids = [outcome.instance_id for outcome in early]
        connection.execute(sa.update(timer).where(timer.c.instance_id.in_(ids)).values(due_at=future))

    killed, other = sweepers
    for each in sweepers:
        assert each.stdout.readline() == b"ready\n"
    for each in sweepers:
        each.stdin.write(b"go\n")
        each.stdin.flush()
    until(lambda: count(engine, timer, timer.c.state == "fired") >= CASES // 10, lambda: "nothing fires")
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    at_kill = count(engine, timer, timer.c.state == "fired")
    assert at_kill < CASES, "the kill came too late to show anything"
    until(lambda: count(engine, timer, timer.c.state == "fired") == CASES, lambda: "timers are left over")
    other.stdin.write(b"stop\n")
    other.stdin.flush()
    assert other.wait(10) == 0

    fired = Counter(row.facts["id"] for row in world.rows(history, history.c.kind == "timer-fired"))
    assert len(fired) == CASES
    assert set(fired.values()) == {1}
    assert Counter(row.element_id for row in world.rows(user_task, user_task.c.state == "created")) == {
        "b": CASES,
        "a": 5,
    }
    rows = world.rows(timer)
    assert all(row.ended_at >= row.due_at for row in rows if row.state == "fired")
    assert sum(row.state == "waiting" for row in rows) == 5
    assert world.incidents() == []
    assert verify_histories(engine) == CASES + 5


def test_a_completion_and_a_timer_at_the_same_instant_deadlock_or_both_happen(engine: sa.Engine) -> None:
    world = World(engine)
    world.deploy(file(process("p", *PARTS)))
    won: Counter[str] = Counter()
    for number in range(examples(30)):
        started = world.start(business_key=f"case-{number}")
        world.clock.advance(timedelta(seconds=2))
        (late,) = world.rows(timer, timer.c.instance_id == started.instance_id, timer.c.element_id == "late")
        tasks = {task["element_id"]: task["id"] for task in started.user_tasks}

        def complete(task_id=tasks["a"], pause=number % 5 / 1000) -> str:
            time.sleep(pause)
            try:
                with world.work() as uow:
                    complete_user_task(uow, task_id, {})
            except (UserTaskCanceledError, UserTaskAlreadyCompletedError) as lost:
                return type(lost).__name__
            return "completed"

        def fire(timer_id=late.id, wait=bool(number % 3)) -> bool:
            with world.work(CLOCK) as uow:
                return trigger_timer(uow, timer_id, wait=wait)

        calls = (complete, fire) if number % 2 else (fire, complete)
        gave = at_once(*calls)
        completed, fired = (gave[0], gave[1]) if number % 2 else (gave[1], gave[0])
        (row,) = world.rows(timer, timer.c.id == late.id)
        (task,) = world.rows(user_task, user_task.c.id == tasks["a"])
        after = world.rows(user_task, user_task.c.instance_id == started.instance_id, user_task.c.element_id == "b")
        if fired:
            assert (completed, row.state, task.state, len(after)) == ("UserTaskCanceledError", "fired", "canceled", 1)
        else:
            assert (completed, row.state, task.state, len(after)) == ("completed", "canceled", "completed", 0)
        won["timer" if fired else "person"] += 1
    assert won.total() == examples(30)
    assert set(won) == {"timer", "person"}, "there was no race"
    assert Counter(row.state for row in world.rows(process_instance)) == {
        state: times for state, times in (("active", won["timer"]), ("completed", won["person"])) if times
    }
    verify_histories(engine)
