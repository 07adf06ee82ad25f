"""Tells those responsible, and their supervisors, of user tasks that are past their due time."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa

from casework.bureau import Bureau
from casework.calendar_days import load_calendar
from casework.notifications import users_of_role
from casework.task_notices import holders, tell
from engine.commands.escalate_user_task import EscalatedUserTask, escalate_user_task
from engine.commands.unit_of_work import Platform, UnitOfWork
from engine.domain.actor import CLOCK
from engine.domain.clock import SHANGHAI, shanghai_date
from engine.store.tables import process_instance, user_task

Begin = Callable[[], AbstractContextManager[sa.Connection]]
"""Opens a connection in a transaction that commits at the end of the block."""

BATCH = 200
TEMPLATE = "user-task-overdue"
SUPERVISOR = "supervisor"


def escalate_overdue_tasks(platform: Platform, bureau: Bureau, begin: Begin) -> int:
    """Escalate up to BATCH overdue user tasks, each in a transaction of its own; return how many.

    Only in office hours of working days, because that is when somebody can act: a task whose last day has run out is
    escalated when the office opens next. Whoever holds the task is told (its candidates where nobody does), and the
    supervisors of the area.
    """
    now = platform.clock.now().astimezone(SHANGHAI)
    office = bureau.site.hours
    with begin() as connection:
        if not office.opens <= now.time() < office.closes or load_calendar(connection).is_rest_day(now.date()):
            return 0
        ids = _overdue(connection, platform)
    escalated = 0
    for task_id in ids:
        with begin() as connection:
            uow = platform.unit_of_work(connection, CLOCK)
            task = escalate_user_task(uow, task_id)
            if task is not None:
                _tell(uow, bureau, task)
                escalated += 1
    return escalated


def _overdue(connection: sa.Connection, platform: Platform) -> list[UUID]:
    return list(
        connection.execute(
            sa.select(user_task.c.id)
            .join(process_instance, process_instance.c.id == user_task.c.instance_id)
            .where(
                user_task.c.state.in_(("created", "assigned")),
                user_task.c.due_at <= platform.clock.now(),
                user_task.c.escalated_at.is_(None),
                process_instance.c.state == "active",
            )
            .order_by(user_task.c.due_at, user_task.c.id)
            .limit(BATCH)
        ).scalars()
    )


def _tell(uow: UnitOfWork, bureau: Bureau, task: EscalatedUserTask) -> None:
    supervisors = users_of_role(uow.connection, bureau, task.case_id, SUPERVISOR)
    told = {each.party_id or each.user_id: each for each in (*holders(uow.connection, bureau, task), *supervisors)}
    last_day = shanghai_date(task.due_at - timedelta(microseconds=1))
    tell(uow, task, TEMPLATE, told.values(), task.id, due_on=last_day)
