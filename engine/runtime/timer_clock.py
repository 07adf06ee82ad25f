"""The clock of a worker: APScheduler wakes for the next due timer, on notice of an earlier one, and sweeps regularly."""

import logging
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

import psycopg
import sqlalchemy as sa
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger

from engine.commands.unit_of_work import Platform
from engine.domain.clock import SHANGHAI
from engine.runtime.timers import BATCH, fire_due_timers, next_due_at
from engine.store.timer_notices import CHANNEL

_log = logging.getLogger(__name__)
logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a sweep that meets another one is no news

DEFAULT_SWEEP = timedelta(seconds=2)
_LISTEN_PAUSE = 1.0


class TimerClock:
    """Fires due timers from a thread of its own until it is stopped; several workers may run one each.

    The timer rows are the truth: a notice that gets lost costs at most one sweep interval, never a timer.
    """

    def __init__(
        self,
        platform: Platform,
        engine: sa.Engine,
        *,
        sweep_interval: timedelta = DEFAULT_SWEEP,
        recurring: Mapping[str, tuple[timedelta | str, Callable[[], object]]] | None = None,
    ) -> None:
        """`recurring` maps a name to (interval, or cron expression in Asia/Shanghai; what to call).

        What has a cron expression is also called once when the clock starts: a worker may have slept through its time.
        """
        self._platform = platform
        self._engine = engine
        self._interval = sweep_interval
        self._stopping = threading.Event()
        self._sweeping = threading.Lock()
        self._wanted = threading.Event()
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            executors={"default": ThreadPoolExecutor(2), "recurring": ThreadPoolExecutor(1)},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        self._scheduler.add_job(self._sweep, IntervalTrigger(seconds=sweep_interval.total_seconds()), id="sweep")
        for name, (when, function) in (recurring or {}).items():
            trigger = (
                CronTrigger.from_crontab(when, SHANGHAI)
                if isinstance(when, str)
                else IntervalTrigger(seconds=when.total_seconds())
            )
            first = {"next_run_time": datetime.now(UTC)} if isinstance(when, str) else {}  # noqa: TID251 - its own time
            self._scheduler.add_job(self._run, trigger, id=name, args=(name, function), executor="recurring", **first)
        self._listener = threading.Thread(target=self._listen, name="timer-notices", daemon=True)

    def start(self) -> None:
        """Begin to fire timers; what became due while nobody watched fires at once."""
        self._scheduler.start()
        self._wake_at(datetime.now(UTC))  # noqa: TID251 - the scheduler's own time, not a case's
        self._listener.start()

    def stop(self) -> None:
        """Stop, letting the timer that is just being fired finish."""
        self._stopping.set()
        self._scheduler.shutdown(wait=True)
        self._listener.join(timeout=2 * _LISTEN_PAUSE + 1)

    def _sweep(self) -> None:
        """Sweep, unless a sweep is under way: that one then goes round once more."""
        self._wanted.set()
        while self._wanted.is_set() and self._sweeping.acquire(blocking=False):
            try:
                self._wanted.clear()
                self._sweep_once()
            finally:
                self._sweeping.release()

    def _sweep_once(self) -> None:
        """Fire what is due, batch by batch, then see to it that somebody wakes for the next one."""
        try:
            while not self._stopping.is_set() and fire_due_timers(self._platform, self._engine.begin) == BATCH:
                pass
            with self._engine.begin() as connection:
                due = next_due_at(connection)
        except sa.exc.DBAPIError as error:
            # The database is away; the next sweep finds everything as it was.
            _log.warning("timers: the database cannot be reached: %s", error.orig)
            return
        now = self._platform.clock.now()
        if due is not None and now < due < now + self._interval:
            self._wake_at(due)

    def _wake_at(self, instant: datetime) -> None:
        if not self._stopping.is_set():
            self._scheduler.add_job(self._sweep, DateTrigger(instant), id="wake", replace_existing=True)

    def _run(self, name: str, function: Callable[[], object]) -> None:
        try:
            function()
        except sa.exc.DBAPIError as error:
            _log.warning("%s: the database cannot be reached: %s", name, error.orig)

    def _listen(self) -> None:
        """Wake at once when a command sets a timer that is due before the next sweep."""
        url = self._engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        while not self._stopping.is_set():
            try:
                with psycopg.connect(url, autocommit=True) as connection:
                    connection.execute(f"listen {CHANNEL}".encode())
                    while not self._stopping.is_set():
                        for notice in connection.notifies(timeout=_LISTEN_PAUSE):
                            self._wake_at(datetime.fromisoformat(notice.payload))
            except psycopg.OperationalError as error:
                _log.warning("timers: not listening just now: %s", error)
                self._stopping.wait(_LISTEN_PAUSE)
