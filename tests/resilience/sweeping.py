"""A process that fires due timers by the machine's clock: ready, then from the line "go" until the next line."""

import sys
import threading
from dataclasses import replace

import sqlalchemy as sa

from engine.domain.clock import SystemClock
from engine.domain.ids import uuid7_source
from engine.runtime.timers import fire_due_timers
from tests.engine_world import World


def main() -> None:
    """Sweep the database whose URL is the first argument."""
    engine = sa.create_engine(sys.argv[1])
    world = World(engine)
    clock = SystemClock()
    platform = replace(world.platform, clock=clock, ids=uuid7_source(clock))
    print("ready", flush=True)
    sys.stdin.readline()
    stopping = threading.Event()

    def wait_for_the_end() -> None:
        sys.stdin.readline()
        stopping.set()

    threading.Thread(target=wait_for_the_end, daemon=True).start()
    while not stopping.wait(0.01):
        fire_due_timers(platform, engine.begin)
    platform.evaluator.close()
    engine.dispose()


if __name__ == "__main__":
    main()
