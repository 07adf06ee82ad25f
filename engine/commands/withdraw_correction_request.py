"""Withdraws a request for correction: the user task goes on without an answer."""

from uuid import UUID

from engine.commands.end_correction_request import end_correction_request
from engine.commands.unit_of_work import UnitOfWork


def withdraw_correction_request(uow: UnitOfWork, user_task_id: UUID, request_id: UUID) -> None:
    """Take a request for correction back. Who may is the caller's affair.

    Raises NotFoundError, UserTaskAlreadyCompletedError, UserTaskCanceledError, CorrectionRequestEndedError.
    """
    end_correction_request(uow, user_task_id, request_id, "withdrawn")
