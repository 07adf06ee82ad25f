"""Starts a process that plays scenarios whenever a run of them waits, one at a time, beside what a worker does."""

import logging
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import timedelta

import sqlalchemy as sa

from casework.scenario_runs import fail_lost_runs, is_run_waiting
from engine.domain.clock import Clock
from tingzhu import children

_log = logging.getLogger(__name__)

PATIENCE = 5.0
"""Seconds that the process is given to clear away what it made when the worker stops."""

PROGRAM = (sys.executable, "-m", "tingzhu.scenarios_main")


class ScenarioPlayer:
    """The process that plays scenarios for a worker, if one does just now."""

    def __init__(
        self,
        begin: Callable[[], AbstractContextManager[sa.Connection]],
        clock: Clock,
        program: Sequence[str] = PROGRAM,
    ) -> None:
        """`begin` opens a transaction on the installation's database."""
        self._begin = begin
        self._clock = clock
        self._program = program
        self._child: subprocess.Popen[bytes] | None = None

    def look(self) -> None:
        """Start the process if a run waits and none is there; end runs that nobody plays any more."""
        if self._child is not None:
            status = self._child.poll()
            if status is None:
                return
            self._child = None
            if status:
                _log.error("scenarios: the process that played them ended with status %s", status)
                self._fail_lost_runs(timedelta(0))
        self._fail_lost_runs()
        with self._begin() as connection:
            is_waiting = is_run_waiting(connection)
        if is_waiting:
            self._child = children.spawn(self._program, environment=os.environ)

    def stop(self) -> None:
        """End the process; its run is told to have broken off."""
        if self._child is not None and self._child.poll() is None:
            children.stop(self._child, [(signal.SIGTERM, PATIENCE)])
            self._fail_lost_runs(timedelta(0))

    def _fail_lost_runs(self, silence: timedelta | None = None) -> None:
        with self._begin() as connection:
            if silence is None:
                fail_lost_runs(connection, self._clock.now())
            else:
                fail_lost_runs(connection, self._clock.now(), silence)
