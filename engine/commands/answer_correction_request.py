"""Answers a request for correction: what was missing is there, and the user task that waits goes on."""

from uuid import UUID

from engine.commands.end_correction_request import end_correction_request
from engine.commands.unit_of_work import UnitOfWork
from engine.domain.actor import OnBehalfOf


def answer_correction_request(
    uow: UnitOfWork, user_task_id: UUID, request_id: UUID, answer: str, on_behalf_of: OnBehalfOf | None = None
) -> None:
    """Keep the answer to a request for correction, late ones too; a party's may be entered on its behalf.

    `answer` is stored as given: seal it before. Who may answer is the caller's affair. Raises NotFoundError,
    UserTaskAlreadyCompletedError, UserTaskCanceledError, CorrectionRequestEndedError.
    """
    end_correction_request(uow, user_task_id, request_id, "answered", answer=answer, on_behalf_of=on_behalf_of)
