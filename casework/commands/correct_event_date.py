"""Corrects an event date; what the law counts from it is counted again."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from casework.bureau import Bureau
from casework.errors import EventDateMissingError, ReasonMissingError
from casework.event_dates import DateWarning, event_date, order_warnings
from casework.named_inputs import keep_inputs
from casework.store.named_inputs import current_dates
from casework.work import append_history
from engine.commands.reevaluate_timers import TimerMoved, reevaluate_timers
from engine.commands.unit_of_work import UnitOfWork
from engine.domain.events import HistoryEvent
from engine.store.cases import lock_case


@dataclass(frozen=True, slots=True)
class CorrectionResult:
    """What correcting an event date brought about."""

    name: str
    old: date
    new: date
    moved_timers: tuple[TimerMoved, ...]
    passed: tuple[TimerMoved, ...]
    """Those of the moved timers whose new day has run out already."""
    warnings: tuple[DateWarning, ...]


def correct_event_date(
    uow: UnitOfWork, bureau: Bureau, case_id: UUID, name: str, value: date, reason: str
) -> CorrectionResult:
    """Replace an event date that was wrong and count again what hangs on it; both values and the reason are kept.

    The reason stays encrypted with the date; history says that there is one, and names both days. Raises
    ReasonMissingError, EventDateUnknownError, EventDateInvalidError, EventDateMissingError when there is nothing to
    correct, and NotFoundError.
    """
    entry = event_date(name)
    if not reason.strip():
        raise ReasonMissingError()
    lock_case(uow.connection, case_id)
    old = current_dates(uow.connection, case_id).get(name)
    if old is None:
        raise EventDateMissingError(name=name, name_zh=entry.zh, name_en=entry.en)
    changes = keep_inputs(
        uow.connection,
        bureau,
        uow.ids,
        case_id,
        {name: value},
        actor_id=uow.actor.id,
        now=uow.now,
        reason=reason.strip(),
    )
    moved: list[TimerMoved] = []
    if changes:
        facts = {"name": name, "old": old.isoformat(), "new": value.isoformat(), "has_reason": True}
        append_history(uow, case_id, HistoryEvent("event-date-corrected", facts))
        moved = reevaluate_timers(uow, case_id, [name])
    return CorrectionResult(
        name=name,
        old=old,
        new=value,
        moved_timers=tuple(moved),
        passed=tuple(timer for timer in moved if timer.has_passed),
        warnings=tuple(order_warnings(current_dates(uow.connection, case_id))),
    )
