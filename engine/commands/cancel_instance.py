"""Ends a process instance without an end event."""

from uuid import UUID

from engine.commands.advance import StepOutcome, advance
from engine.commands.operator_verbs import lock_for_operator
from engine.commands.unit_of_work import UnitOfWork
from engine.domain.errors import ProcessInstanceNotActiveError
from engine.domain.events import HistoryEvent
from engine.domain.stimuli import Canceled


def cancel_instance(uow: UnitOfWork, instance_id: UUID, reason: str) -> StepOutcome:
    """End an active or suspended instance without an end event. Raises ProcessInstanceNotActiveError."""
    locked, instance = lock_for_operator(uow, instance_id, reason)
    if instance.state not in ("active", "suspended"):
        raise ProcessInstanceNotActiveError(state=instance.state, id=str(instance_id))
    event = HistoryEvent("process-instance-cancel-asked", {"reason": reason}, {}, instance_id)
    return advance(uow, locked, instance, Canceled(), [event])
