"""The whole system as `tingzhu up` runs it: started, killed in parts and as a whole, started again."""

import signal
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.whole_system import System


@pytest.fixture
def system(passable_path: Path) -> Iterator[System]:
    system = System(passable_path / "var")
    yield system
    system.stop()


def _alive(processes: list[psutil.Process]) -> list[str]:
    """Return the command lines of those that are still there after ten seconds."""
    return [" ".join(process.cmdline()) for process in psutil.wait_procs(processes, timeout=10)[1]]


def test_a_part_that_is_killed_takes_the_system_down_or_a_stop_leaves_something_behind(system: System) -> None:
    system.start()
    assert system.signs_in(), system.said()
    for part in ("api_main", "worker_main", "bin/postgres"):
        victim = system.find(part)
        assert victim is not None
        victim.kill()
        system.until(lambda gone=victim, part=part: system.find(part) not in (None, gone))  # type: ignore[misc]
        system.until(system.is_healthy)
    assert system.signs_in()
    left = system.processes()
    assert len(left) > 5
    assert system.stop() == 0
    assert _alive(left) == []


def test_the_start_after_a_kill_of_everything_is_slow_or_has_lost_the_accounts(system: System) -> None:
    system.start()
    left = system.processes()
    system.stop(signal.SIGKILL)
    assert _alive(left) == []
    assert system.start() < 30  # ten are promised; here other tests take their share of the machine
    assert system.signs_in()


def test_demo_accounts_of_an_earlier_start_are_reachable_from_other_machines(system: System) -> None:
    system.start()
    system.stop()
    system.environment |= {"TINGZHU_HOST": "0.0.0.0", "TINGZHU_DEMO": "0"}
    system.start()
    assert system.process.wait(20) == 2
    assert "there are demo accounts" in system.said()
