"""The clock that really runs: APScheduler, notices, several workers."""

import time
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from engine.commands.purge_idempotency_keys import purge_idempotency_keys
from engine.domain.clock import SystemClock
from engine.domain.ids import uuid7_source
from engine.runtime.platform import Platform
from engine.runtime.timer_clock import TimerClock
from engine.store.tables import history, idempotency_key, timer
from tests.bpmn_builder import END, START, boundary, file, process, user
from tests.bpmn_builder import timer as timer_event
from tests.engine_world import World

SOON = file(
    process(
        "p", START, END, user("a"), boundary("t", "a", timer_event("Duration", "PT1S")), user("late"), "start>a", "a>end", "t>late"
    )
)  # fmt: skip


def running(world: World) -> Platform:
    """Return the world's platform with the machine's clock."""
    from dataclasses import replace

    clock = SystemClock()
    return replace(world.platform, clock=clock, ids=uuid7_source(clock))


def wait_for(condition: Callable[[], bool], seconds: float = 8) -> None:
    give_up = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < give_up, "it did not happen in time"
        time.sleep(0.02)


@pytest.fixture
def world(engine: sa.Engine) -> World:
    world = World(engine)
    world.platform = running(world)
    world.deploy(SOON)
    return world


def test_a_timer_set_between_two_sweeps_is_not_late_for_the_next_one(world):
    clock = TimerClock(world.platform, world.engine, sweep_interval=timedelta(seconds=60))
    clock.start()
    try:
        time.sleep(0.3)
        world.start()
        wait_for(lambda: world.open_tasks() == ["late"])
    finally:
        clock.stop()
    (row,) = world.rows(timer)
    assert 0 <= row.lateness_ms < 2000


def test_timers_that_became_due_while_nobody_watched_fire_at_the_start(world):
    world.start()
    time.sleep(1.1)
    clock = TimerClock(world.platform, world.engine, sweep_interval=timedelta(seconds=60))
    clock.start()
    try:
        wait_for(lambda: world.open_tasks() == ["late"])
    finally:
        clock.stop()


def test_two_clocks_fire_every_timer_once_and_none_early(world):
    for number in range(30):
        world.start(business_key=f"case-{number}")
    clocks = [TimerClock(world.platform, world.engine, sweep_interval=timedelta(seconds=1)) for _ in range(2)]
    for clock in clocks:
        clock.start()
    try:
        wait_for(lambda: world.open_tasks() == ["late"] * 30)
    finally:
        for clock in clocks:
            clock.stop()
    fired = world.rows(history, history.c.kind == "timer-fired")
    assert len(fired) == 30
    assert all(row.lateness_ms >= 0 for row in world.rows(timer))


def test_idempotency_keys_are_forgotten_after_seven_days(world):
    with world.work() as uow:
        for days, key in ((8, "old"), (6, "young")):
            uow.connection.execute(
                sa.insert(idempotency_key).values(
                    actor_id="user:a", route="r", key=key, body_hash="h", created_at=uow.now - timedelta(days=days)
                )
            )
        assert purge_idempotency_keys(uow) == 1
    with world.engine.connect() as connection:
        assert list(connection.scalars(sa.select(idempotency_key.c.key))) == ["young"]
