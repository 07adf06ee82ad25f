"""The clock of a worker: APScheduler wakes it for due timers, for the sweep, and for what is done every so often."""

import logging
from collections.abc import Callable, Collection
from datetime import timedelta

import sqlalchemy as sa
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from engine.runtime.platform import Platform
from engine.runtime.timers import BATCH, Begin, fire_due_timers, next_due_at
from engine.store.tables import idempotency_key
from handlers.sweep import sweep

_log = logging.getLogger(__name__)

LOOK_EVERY = timedelta(seconds=1)
"""How often the next due time is asked for; a timer that is due before the next look gets a wake-up of its own."""

ANSWERS_KEPT = timedelta(days=7)
"""How long the answers to requests with an Idempotency-Key are kept."""


class ClockLoop:
    """Timers, sweep and cleaning of one worker process; every worker has one, and they do not disturb one another."""

    def __init__(self, platform: Platform, begin: Begin, job_types: Collection[str], sweep_every: timedelta) -> None:
        self._platform = platform
        self._begin = begin
        self._job_types = job_types
        self._scheduler = BackgroundScheduler(
            timezone="UTC",
            # one thread for timers alone: neither a long sweep nor the cleaning makes them late
            executors={"default": ThreadPoolExecutor(1), "timers": ThreadPoolExecutor(1)},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        self._every(LOOK_EVERY, self._fire, "timers")
        self._every(sweep_every, self._sweep, "default")
        self._every(timedelta(hours=1), self._clean, "default")

    def start(self) -> None:
        """Start the scheduler's threads."""
        self._scheduler.start()

    def stop(self) -> None:
        """Stop after what is under way."""
        self._scheduler.shutdown(wait=True)

    def _every(self, interval: timedelta, work: Callable[[], None], executor: str) -> None:
        def tolerant() -> None:
            try:
                work()
            except sa.exc.DBAPIError as error:  # the database restarts, say: the next look finds everything
                _log.warning("%s was put off: %s", work.__name__.lstrip("_"), type(error.orig).__name__)

        self._scheduler.add_job(
            tolerant, "interval", seconds=interval.total_seconds(), executor=executor, id=work.__name__
        )

    def _fire(self) -> None:
        while fire_due_timers(self._platform, self._begin) == BATCH:
            pass
        with self._begin() as connection:
            due_at = next_due_at(connection)
        now = self._platform.clock.now()
        if due_at is not None and now < due_at < now + LOOK_EVERY:
            self._scheduler.modify_job("_fire", next_run_time=due_at)

    def _sweep(self) -> None:
        if found := sweep(self._platform, self._begin, self._job_types):
            _log.info("%s jobs that nobody was told of were announced", found)

    def _clean(self) -> None:
        limit = self._platform.clock.now() - ANSWERS_KEPT
        with self._begin() as connection:
            connection.execute(sa.delete(idempotency_key).where(idempotency_key.c.created_at < limit))
