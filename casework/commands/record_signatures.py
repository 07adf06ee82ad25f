"""Records signatures and seals on a mediation agreement outside any form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from casework.bureau import Bureau
from casework.signing import keep_signatures
from casework.store.named_inputs import current_dates
from casework.work import append_history
from engine.commands.reevaluate_timers import TimerMoved, reevaluate_timers
from engine.commands.unit_of_work import UnitOfWork
from engine.domain.events import HistoryEvent
from engine.domain.host import InputChange
from engine.domain.values import plain
from engine.store.cases import lock_case


@dataclass(frozen=True, slots=True)
class SigningResult:
    """What recording or withdrawing signatures brought about."""

    changes: tuple[InputChange, ...]
    effective_on: date | None
    moved_timers: tuple[TimerMoved, ...]


def record_signatures(
    uow: UnitOfWork,
    bureau: Bureau,
    case_id: UUID,
    rows: Sequence[Mapping[str, Any]],
    *,
    signed_copy: UUID | None = None,
    reason: str | None = None,
) -> SigningResult:
    """Record signatures of a dispute; one for somebody who has signed replaces what was recorded, which is kept.

    The day of effect, and every timer that reads it, follow. Raises NotFoundError and InputInvalidError.
    """
    lock_case(uow.connection, case_id)
    changes = keep_signatures(
        uow.connection,
        bureau,
        uow.ids,
        case_id,
        [dict(row) for row in rows],
        signed_copy=str(signed_copy) if signed_copy else None,
        actor_id=uow.actor.id,
        now=uow.now,
        reason=reason,
    )
    return told(uow, case_id, "signatures-recorded", changes)


def told(uow: UnitOfWork, case_id: UUID, kind: str, changes: Sequence[InputChange]) -> SigningResult:
    """Write changes of signatures into history, and let what is counted from the day of effect follow."""
    moved: list[TimerMoved] = []
    if changes:
        facts = {change.name: {"old": plain(change.old), "new": plain(change.new)} for change in changes}
        append_history(uow, case_id, HistoryEvent(kind, facts))
        moved = reevaluate_timers(uow, case_id, [change.name for change in changes])
    effective_on = current_dates(uow.connection, case_id).get("agreement_effective_on")
    return SigningResult(tuple(changes), effective_on, tuple(moved))
