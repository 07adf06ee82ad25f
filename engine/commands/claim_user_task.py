"""Claims a user task for the actor."""

from uuid import UUID

from engine.commands.set_assignee import set_assignee
from engine.commands.unit_of_work import UnitOfWork


def claim_user_task(uow: UnitOfWork, user_task_id: UUID) -> None:
    """Make the actor the assignee; claiming one's own again changes nothing.

    Raises UserTaskAlreadyClaimedError when somebody else has claimed it.
    """
    set_assignee(uow, user_task_id, uow.actor.id, is_claim=True)
