"""Gives a delegated user task back to its owner (交回), with what came of it."""

from uuid import UUID

from engine.commands.end_delegation import end_delegation, refuse_stranger, require_delegated
from engine.commands.unit_of_work import UnitOfWork
from engine.commands.user_task_access import lock_user_task


def return_delegation(uow: UnitOfWork, user_task_id: UUID, answer: str) -> None:
    """Let the delegate give a user task back: its owner holds it again and completes it.

    What the delegate filled in stays as the draft. `answer` is stored as given: seal it before. Raises NotFoundError,
    UserTaskAlreadyCompletedError, UserTaskCanceledError, UserTaskNotDelegatedError, DelegationOfOthersError.
    """
    locked, row, _ = lock_user_task(uow, user_task_id)
    require_delegated(row)
    if row.assignee != uow.actor.id:
        raise refuse_stranger(row, "受派人", "delegate")
    end_delegation(uow, locked, row, "resolved", answer)
