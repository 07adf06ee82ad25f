"""Asks for what is missing (退回补正): the user task at hand stays open and waits; no token moves back.

The request goes to the person who completed an earlier user task, or to a party, with a list of what is missing and a
day; see `docs/decisions/0010-retract-correct-return.md`.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.commands.add_job import add_job
from engine.commands.unit_of_work import UnitOfWork
from engine.commands.user_task_access import lock_user_task, require_holder, require_undelegated, user_task_event
from engine.domain.clock import shanghai_date
from engine.domain.errors import InvalidInputError
from engine.store import history
from engine.store.cases import lock_case
from engine.store.instances import get_row
from engine.store.tables import user_task, user_task_correction_request


class CorrectionRequestInvalidError(InvalidInputError):
    """A request for correction cannot be as it was put."""

    zh = "补正要求有误：{problem_zh}"
    en = "The request for correction is not valid: {problem_en}"


def request_correction(
    uow: UnitOfWork,
    user_task_id: UUID,
    *,
    missing: str,
    due_on: date,
    about_user_task_id: UUID | None = None,
    asked_party: str | None = None,
    remind_at: datetime | None = None,
    reminder: tuple[str, Mapping[str, Any]] | None = None,
) -> UUID:
    """Ask for what is missing before the actor's user task can go on; return the request's id.

    Asked is whoever completed `about_user_task_id`, a user task of the same case, or the party `asked_party` (a
    reference of the host). `missing` is stored as given: seal it before. At `remind_at` a job `reminder` (type, input)
    runs unless the request has ended by then. While it is open the user task cannot be completed. Raises NotFoundError,
    UserTaskAlreadyCompletedError, UserTaskCanceledError, UserTaskNotHeldError, UserTaskDelegatedError,
    CorrectionRequestInvalidError.
    """
    locked, row, _ = lock_user_task(uow, user_task_id)
    require_undelegated(row)
    require_holder(uow, row)
    if (about_user_task_id is None) == (asked_party is None):
        raise CorrectionRequestInvalidError(
            problem_zh="应指明一项已提交的任务，或者一方当事人。",
            problem_en="name a completed user task, or a party.",
        )
    if due_on < shanghai_date(uow.now):
        raise CorrectionRequestInvalidError(
            problem_zh=f"补正期限 {due_on} 已过。", problem_en=f"the day {due_on} lies in the past."
        )
    asked_user = None
    if about_user_task_id is not None:
        about = get_row(uow.connection, user_task, about_user_task_id, "user task")
        if about.case_id != row.case_id or about.state != "completed":
            raise CorrectionRequestInvalidError(
                problem_zh="只能退回本案已提交的任务。",
                problem_en="only a completed user task of this case can be asked about.",
            )
        asked_user = about.ended_by
    request_id = uow.platform.ids()
    reminder_job_id = None
    if reminder is not None and remind_at is not None:
        job_type, input = reminder
        reminder_job_id = add_job(
            uow, locked, row, job_type, input, run_at=remind_at, correction_request_id=str(request_id)
        )
        locked = lock_case(uow.connection, locked.id)
    uow.connection.execute(
        sa.insert(user_task_correction_request).values(
            id=request_id,
            case_id=locked.id,
            user_task_id=row.id,
            asked_by=uow.actor.id,
            asked_user=asked_user,
            about_user_task_id=about_user_task_id,
            asked_party=asked_party,
            missing=missing,
            due_on=due_on,
            reminder_job_id=reminder_job_id,
            state="open",
            created_at=uow.now,
        )
    )
    _count(uow, row.id, 1)
    event = user_task_event(
        "user-task-correction-requested",
        row,
        request_id=str(request_id),
        asked_user=asked_user,
        about_user_task_id=str(about_user_task_id) if about_user_task_id else None,
        asked_party=asked_party,
        due_on=due_on.isoformat(),
    )
    history.append(uow.connection, locked, [event], actor=uow.actor, now=uow.now)
    return request_id


def _count(uow: UnitOfWork, user_task_id: UUID, change: int) -> None:
    uow.connection.execute(
        sa.update(user_task)
        .where(user_task.c.id == user_task_id)
        .values(open_correction_requests=user_task.c.open_correction_requests + change)
    )
