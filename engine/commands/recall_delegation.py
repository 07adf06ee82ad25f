"""Takes a delegated user task back (收回), at any time."""

from uuid import UUID

from engine.commands.end_delegation import end_delegation, refuse_stranger, require_delegated
from engine.commands.unit_of_work import UnitOfWork
from engine.commands.user_task_access import lock_user_task


def recall_delegation(uow: UnitOfWork, user_task_id: UUID, *, is_override: bool = False) -> None:
    """Let the owner take a delegated user task back; with `is_override` a head does it for the owner.

    Raises NotFoundError, UserTaskAlreadyCompletedError, UserTaskCanceledError, UserTaskNotDelegatedError,
    DelegationOfOthersError.
    """
    locked, row, _ = lock_user_task(uow, user_task_id)
    require_delegated(row)
    if row.owner != uow.actor.id and not is_override:
        raise refuse_stranger(row, "委派人", "owner")
    end_delegation(uow, locked, row, "recalled", None)
