"""Announces jobs through Procrastinate, inside the command's own transaction."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import procrastinate
import sqlalchemy as sa
from procrastinate import SyncPsycopgConnector

QUEUE = "jobs"
TASK = "look-at-job"


class ProcrastinateQueue:
    """Says "look at job N" to whichever worker comes first; the job row alone holds state."""

    def __init__(self) -> None:
        # The connector is never opened: every insert runs on the command's connection.
        self._app = procrastinate.App(connector=SyncPsycopgConnector())
        self._task = self._app.configure_task(TASK, queue=QUEUE, allow_unknown=True)

    def defer(self, connection: sa.Connection, jobs: Sequence[tuple[UUID, datetime | None]]) -> None:
        """Insert one Procrastinate job per (id, not before) on the connection's transaction."""
        raw = connection.connection.driver_connection
        for job_id, not_before in jobs:
            configured = self._app.configure_task(
                TASK, queue=QUEUE, allow_unknown=True, schedule_at=not_before, connection=raw
            )
            configured.defer(job_id=str(job_id))
