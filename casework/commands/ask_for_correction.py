"""Asks somebody for what is missing before a user task can go on, tells them, and sees that they are reminded."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
import sqlalchemy as sa

from casework.bureau import Bureau
from casework.encryption import place
from casework.store.tables import party
from casework.task_notices import users
from engine.commands.add_job import add_job
from engine.commands.request_correction import CorrectionRequestInvalidError, request_correction
from engine.commands.unit_of_work import UnitOfWork
from engine.domain.errors import NotFoundError
from engine.domain.host import Explained
from engine.store.cases import lock_case
from engine.store.instances import get_row
from engine.store.tables import user_task

REQUESTED, DUE_SOON = "task-correction-requested", "task-correction-due-soon"


def ask_for_correction(
    uow: UnitOfWork,
    bureau: Bureau,
    user_task_id: UUID,
    *,
    missing: list[str],
    due_on: date,
    about_user_task_id: UUID | None = None,
    party_id: UUID | None = None,
) -> UUID:
    """Ask whoever completed another user task of the case, or a party, for what is missing; return the request's id.

    They are told at once, and at the office's reminder hour on the working day before `due_on`, by every channel there
    is. What is missing is kept encrypted. Raises what `request_correction` raises, and NotFoundError.
    """
    task = get_row(uow.connection, user_task, user_task_id, "user task")
    recipient = _recipient(uow, bureau, task, about_user_task_id, party_id)
    text = orjson.dumps(missing).decode()
    at = place("user_task_correction_request", "missing", user_task_id)
    notice = {"recipient": recipient, "due_on": due_on}
    request_id = request_correction(
        uow,
        user_task_id,
        missing=bureau.keyring.seal(text, at),
        due_on=due_on,
        about_user_task_id=about_user_task_id,
        asked_party=str(party_id) if party_id else None,
        remind_at=_remind_at(uow, task.case_id, due_on) if recipient else None,
        reminder=("notify", {"template": DUE_SOON, **notice}),
    )
    if recipient is not None:
        locked = lock_case(uow.connection, task.case_id)
        add_job(uow, locked, task, "notify", {"template": REQUESTED, **notice}, correction_request_id=str(request_id))
    return request_id


def _recipient(
    uow: UnitOfWork, bureau: Bureau, task: Any, about_user_task_id: UUID | None, party_id: UUID | None
) -> str | None:
    """Return who is asked, as notices name recipients; None when that account is closed."""
    if party_id is not None:
        statement = sa.select(sa.literal(1)).where(party.c.id == party_id, party.c.case_id == task.case_id)
        if uow.connection.execute(statement).first() is None:
            raise CorrectionRequestInvalidError(
                problem_zh="本案没有该当事人。", problem_en="the case has no such party."
            )
        return f"party:{party_id}"
    if about_user_task_id is None:
        return None  # the command says what is missing
    row = uow.connection.execute(
        sa.select(user_task.c.ended_by).where(user_task.c.id == about_user_task_id, user_task.c.case_id == task.case_id)
    ).one_or_none()
    if row is None:
        raise NotFoundError(what="user task", id=about_user_task_id)
    by: str | None = row.ended_by
    return by if by is not None and users(uow.connection, bureau, [by]) else None


def _remind_at(uow: UnitOfWork, case_id: UUID, due_on: date) -> datetime | None:
    """Return the office's reminder hour before the day; None when it has passed already."""
    functions = uow.platform.host.context(uow.connection, case_id, uow.now).functions
    reminder = functions["reminder_at"].call(due_on - timedelta(days=1))
    found: Any = reminder.value if isinstance(reminder, Explained) else reminder
    return found if found > uow.now else None
