"""Gives a claimed user task back to its candidates."""

from uuid import UUID

from engine.commands.set_assignee import set_assignee
from engine.commands.unit_of_work import UnitOfWork


def unclaim_user_task(uow: UnitOfWork, user_task_id: UUID) -> None:
    """Give a user task back to its candidates."""
    set_assignee(uow, user_task_id, None, is_claim=False)
