"""The worker's side of Procrastinate: it says "look at job N"; state, retries and results are the job row's alone."""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import Executor
from uuid import UUID

import procrastinate
import sqlalchemy as sa
from procrastinate import PsycopgConnector

from engine.runtime.queue import QUEUE, TASK

logger = logging.getLogger(__name__)

POLL_SECONDS = 1.0
"""How often a worker asks for what no NOTIFY announces: jobs scheduled for later, as every further attempt is."""


def make_procrastinate_app(
    url: str, look_at_job: Callable[[UUID], object], threads: Executor | None = None
) -> procrastinate.App:
    """Return an app on the database at `url` (SQLAlchemy or libpq form) with the task that looks at jobs.

    `look_at_job` runs in `threads` (asyncio's own when None). Whatever it raises is logged and ends the Procrastinate
    job all the same: the job row is the truth, and the sweep announces it again.
    """
    app = procrastinate.App(connector=PsycopgConnector(conninfo=libpq_url(url)))

    @app.task(name=TASK, queue=QUEUE)
    async def look(job_id: str) -> None:
        try:
            await asyncio.get_running_loop().run_in_executor(threads, look_at_job, UUID(job_id))
        except Exception:
            logger.exception("looking at job %s failed", job_id)

    return app


async def run_procrastinate(app: procrastinate.App, concurrency: int) -> None:
    """Work until the task is cancelled; what is running then is finished first."""
    await app.run_worker_async(
        queues=[QUEUE],
        concurrency=concurrency,
        delete_jobs="always",
        install_signal_handlers=False,
        fetch_job_polling_interval=POLL_SECONDS,
    )


def libpq_url(url: str) -> str:
    """Return the URL as psycopg reads it: without the name of SQLAlchemy's driver."""
    return sa.make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
