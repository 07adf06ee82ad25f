"""Suspends a process instance. Suspension stops work, not law: time limits run on."""

from uuid import UUID

from engine.commands.advance import require_active
from engine.commands.operator_verbs import lock_for_operator, note_operator_verb, set_instance_state
from engine.commands.unit_of_work import UnitOfWork


def suspend_instance(uow: UnitOfWork, instance_id: UUID, reason: str) -> None:
    """Stop work on an active instance; due timers, results and messages wait. Raises ProcessInstanceNotActiveError."""
    locked, instance = lock_for_operator(uow, instance_id, reason)
    require_active(instance)
    set_instance_state(uow, instance_id, "suspended")
    note_operator_verb(uow, locked, instance, "process-instance-suspended", reason)
