"""One worker process: python -m tingzhu.worker_main. It runs jobs and fires timers until told to stop."""

import asyncio
import contextlib
import logging
import os
import secrets
import signal
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from procrastinate import exceptions

from casework.applications import delete_stale_applications
from casework.calendar_watch import warn_of_missing_year
from casework.commands.decide_deadline_rule import request_raced_recounts
from casework.commands.escalate_overdue_tasks import escalate_overdue_tasks
from casework.deadline_recounts import request_overdue_recounts, run_recounts
from casework.limitation_ledger import refresh_flags
from casework.party_access import delete_stale_sessions
from casework.registration_drafts import purge_drafts
from casework.settings import Settings
from casework.throttles import forget_old_counts
from casework.tokens import delete_stale_sign_ins
from casework.verification import forget_old_failures
from engine.commands.purge_idempotency_keys import purge_idempotency_keys
from engine.commands.unit_of_work import UnitOfWork
from engine.runtime.timer_clock import TimerClock
from handlers.children import ChildPool, ChildSetup
from handlers.procrastinate_app import make_procrastinate_app, run_procrastinate
from handlers.registry import load_handlers
from handlers.settings import HandlerSettings
from handlers.sweep import sweep
from handlers.text_messages import send_text_messages
from handlers.worker import Worker
from tingzhu.composition import SYSTEM, Installation, install
from tingzhu.logs import set_up_logs
from tingzhu.scenario_player import ScenarioPlayer

_log = logging.getLogger(__name__)

STOP_PATIENCE = 6.0
"""Seconds that jobs under way are given to end; then their processes are killed and the jobs given back."""

CALENDAR_WATCH = "10 8 * * *"
"""Every morning in Asia/Shanghai; also when a worker starts."""

LIMITATION_WATCH = "5 0 * * *"
"""Every night in Asia/Shanghai, when another day has begun; also when a worker starts."""

TEXT_MESSAGES_EVERY = timedelta(seconds=1)
"""Somebody waits with a telephone in the hand."""

SCENARIOS_EVERY = timedelta(seconds=2)
"""How often it is looked whether a designer asked for scenarios to be played."""

PAUSE = 1.0
"""Seconds before another try when the database went away."""


def main() -> None:
    """Run until TERM or Ctrl-C."""
    settings = Settings.from_environment(os.environ)
    set_up_logs(settings)
    asyncio.run(work(settings))


async def work(settings: Settings) -> None:
    """Run one worker; ends cleanly on SIGTERM and SIGINT."""
    name = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(2)}"
    slots = settings.worker_slots
    installation = install(settings, settings.database_url, pool_size=2 * slots + 3)
    setup = ChildSetup({"database_url": settings.database_url, "worker": name})
    pool = ChildPool(setup, slots, settings.job_time_limit)
    worker = Worker(name, installation.platform, installation.begin, load_handlers(), pool, settings.job_lease)
    told = HandlerSettings.from_settings(settings, installation.bureau.site.brand["name"])
    player = ScenarioPlayer(installation.begin, installation.platform.clock)
    clock = TimerClock(
        installation.platform,
        installation.engine,
        recurring={
            "announce lost jobs": (settings.sweep_interval, lambda: _sweep(installation, worker)),
            "escalate overdue tasks": (timedelta(minutes=1), lambda: _escalate(installation)),
            "send links and codes": (TEXT_MESSAGES_EVERY, lambda: _send_text_messages(installation, told)),
            "forget what is stale": (timedelta(hours=1), lambda: _purge(installation)),
            "count deadlines again": (settings.sweep_interval, lambda: _recount(installation)),
            "play scenarios": (SCENARIOS_EVERY, player.look),
            "watch limitation": (LIMITATION_WATCH, lambda: _watch_limitation(installation)),
            "watch the calendar": (CALENDAR_WATCH, lambda: _watch_calendar(installation)),
        },
    )
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    with ThreadPoolExecutor(slots, "jobs") as threads:
        jobs = asyncio.create_task(_run_jobs(settings, worker, threads, stop))
        clock.start()
        _log.info("worker %s is ready", name)
        await asyncio.wait([jobs, asyncio.create_task(stop.wait())], return_when=asyncio.FIRST_COMPLETED)
        _log.info("worker %s stops", name)
        await asyncio.to_thread(clock.stop)
        await asyncio.to_thread(player.stop)
        jobs.cancel()
        await asyncio.wait([jobs], timeout=STOP_PATIENCE)
        await asyncio.to_thread(pool.close)
        with contextlib.suppress(asyncio.CancelledError):
            await jobs
    installation.platform.evaluator.close()
    installation.engine.dispose()


def _sweep(installation: Installation, worker: Worker) -> None:
    if found := sweep(installation.platform, installation.begin, worker.definitions):
        _log.info("%s jobs that nobody was told of were announced", found)


def _escalate(installation: Installation) -> None:
    if found := escalate_overdue_tasks(installation.platform, installation.bureau, installation.begin):
        _log.info("%s overdue user tasks were escalated", found)


def _send_text_messages(installation: Installation, told: HandlerSettings) -> None:
    send_text_messages(
        installation.begin, installation.bureau, installation.platform.ids, told, installation.platform.clock
    )


@contextlib.contextmanager
def _system(installation: Installation) -> Iterator[UnitOfWork]:
    with installation.begin() as connection:
        yield installation.platform.unit_of_work(connection, SYSTEM)


def _recount(installation: Installation) -> None:
    with _system(installation) as uow:
        request_raced_recounts(uow)
    run_recounts(lambda: _system(installation))


def _watch_calendar(installation: Installation) -> None:
    with _system(installation) as uow:
        year = warn_of_missing_year(uow, installation.bureau)
        cases = request_overdue_recounts(uow)
    if year is not None:
        _log.warning("the work days of %s are not entered: dates that depend on them are provisional", year)
    if cases:
        _log.info("the dates of %s cases are provisional without need and are counted again", cases)


def _watch_limitation(installation: Installation) -> None:
    if found := refresh_flags(lambda: _system(installation), installation.bureau):
        _log.info("%s cases came near the end of limitation, or no longer are", found)


def _purge(installation: Installation) -> None:
    with installation.begin() as connection:
        uow = installation.platform.unit_of_work(connection, SYSTEM)
        purge_idempotency_keys(uow)
        purge_drafts(uow.connection, uow.now)
        delete_stale_sign_ins(uow)
        forget_old_failures(connection, uow.now)
        forget_old_counts(connection, uow.now)
        delete_stale_sessions(uow)
        delete_stale_applications(uow)


async def _run_jobs(settings: Settings, worker: Worker, threads: ThreadPoolExecutor, stop: asyncio.Event) -> None:
    """Take jobs from Procrastinate, again and again: when the database restarts, its worker ends with an error."""
    while not stop.is_set():
        app = make_procrastinate_app(settings.database_url, worker.look_at_job, threads)
        try:
            async with app.open_async():
                await run_procrastinate(app, settings.worker_slots)
        except (exceptions.ConnectorException, OSError) as error:
            _log.warning("the job queue cannot be reached: %s", type(error).__name__)
        await asyncio.sleep(PAUSE)


if __name__ == "__main__":
    main()
