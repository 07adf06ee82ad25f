"""What suspending, resuming and canceling have in common: a locked instance, and a reason that is kept."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.commands.unit_of_work import UnitOfWork
from engine.domain.errors import InvalidInputError
from engine.domain.events import HistoryEvent
from engine.store import history
from engine.store.cases import CaseRow, lock_case
from engine.store.instances import case_of, get_instance
from engine.store.tables import process_instance


class OperatorReasonMissingError(InvalidInputError):
    """An operator's verb without a reason."""

    zh = "请填写原因：此操作会永久记录。"
    en = "Give a reason: this is recorded for good."


def lock_for_operator(uow: UnitOfWork, instance_id: UUID, reason: str) -> tuple[CaseRow, sa.Row[Any]]:
    """Lock the case of an instance for an operator who says why; return both. Raises OperatorReasonMissingError, NotFoundError."""
    if not reason.strip():
        raise OperatorReasonMissingError()
    locked = lock_case(uow.connection, case_of(uow.connection, process_instance, instance_id, "process instance"))
    return locked, get_instance(uow.connection, instance_id)


def set_instance_state(uow: UnitOfWork, instance_id: UUID, state: str) -> None:
    """Write an instance's state."""
    uow.connection.execute(sa.update(process_instance).where(process_instance.c.id == instance_id).values(state=state))


def note_operator_verb(uow: UnitOfWork, locked: CaseRow, instance: sa.Row[Any], kind: str, reason: str) -> None:
    """Add an operator's verb and its reason to history."""
    event = HistoryEvent(kind, {"reason": reason}, {}, instance.id)
    history.append(uow.connection, locked, [event], actor=uow.actor, now=uow.now)
