"""Assigns a user task to somebody."""

from uuid import UUID

from engine.commands.set_assignee import set_assignee
from engine.commands.unit_of_work import UnitOfWork


def assign_user_task(uow: UnitOfWork, user_task_id: UUID, assignee: str) -> None:
    """Make somebody (an actor id) the assignee, whoever had it before."""
    set_assignee(uow, user_task_id, assignee, is_claim=False)
