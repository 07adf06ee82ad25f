"""Finds what got lost between job rows and Procrastinate: jobs nobody announces, announcements nobody works on."""

from collections.abc import Collection
from datetime import timedelta

import sqlalchemy as sa

from engine.commands.leasing import may_run
from engine.commands.unit_of_work import Platform
from engine.runtime.queue import TASK
from engine.runtime.timers import expire_leases
from engine.store.tables import job, process_instance
from handlers.worker import Begin

LIMIT = 500
SILENCE = timedelta(seconds=30)
"""A Procrastinate worker that gave no sign of life for so long is dead."""

_LOCK = sa.text("select pg_try_advisory_xact_lock(hashtextextended('tingzhu.sweep', 0))")

_STALLED = sa.text(
    """
    delete from procrastinate_jobs as stalled
    where stalled.task_name = :task and stalled.status = 'doing'
      and not exists (
        select from procrastinate_workers as worker
        where worker.id = stalled.worker_id and worker.last_heartbeat > now() - make_interval(secs => :silence)
      )
    """
)
"""A worker that died leaves its announcements in `doing`; the job row alone says what is still to be done."""

_UNANNOUNCED = sa.text(
    """
    not exists (
        select from procrastinate_jobs as announced
        where announced.task_name = :task and announced.status in ('todo', 'doing')
          and announced.args ->> 'job_id' = job.id::text
    )
    """
)


def sweep(platform: Platform, begin: Begin, job_types: Collection[str]) -> int:
    """Give back expired leases, drop stalled announcements, announce due jobs of `job_types`; return how many those were.

    Several workers may sweep: one does it, the others return at once.
    """
    expire_leases(platform, begin)
    with begin() as connection:
        if not connection.execute(_LOCK).scalar_one():
            return 0
        connection.execute(_STALLED, {"task": TASK, "silence": SILENCE.total_seconds()})
        lost = list(
            connection.execute(
                sa.select(job.c.id)
                .join(process_instance, process_instance.c.id == job.c.instance_id)
                .where(
                    job.c.state == "waiting",
                    job.c.run_at <= platform.clock.now(),
                    job.c.job_type.in_(sorted(job_types)),
                    may_run(),
                    _UNANNOUNCED,
                )
                .order_by(job.c.run_at)
                .limit(LIMIT),
                {"task": TASK},
            ).scalars()
        )
        platform.queue.defer(connection, [(job_id, None) for job_id in lost])
        return len(lost)
