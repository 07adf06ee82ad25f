"""Records event dates of a dispute outside any form."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from casework.bureau import Bureau
from casework.event_dates import DateWarning, event_date, order_warnings
from casework.named_inputs import keep_inputs
from casework.store.named_inputs import current_dates
from casework.work import append_history
from engine.commands.reevaluate_timers import TimerMoved, reevaluate_timers
from engine.commands.unit_of_work import UnitOfWork
from engine.domain.events import HistoryEvent
from engine.domain.host import InputChange
from engine.store.cases import lock_case


@dataclass(frozen=True, slots=True)
class RecordingResult:
    """What recording event dates brought about."""

    changes: tuple[InputChange, ...]
    moved_timers: tuple[TimerMoved, ...]
    warnings: tuple[DateWarning, ...]


def record_event_dates(uow: UnitOfWork, bureau: Bureau, case_id: UUID, values: Mapping[str, date]) -> RecordingResult:
    """Record event dates of a dispute outside any form; dates that are there already are replaced, and kept.

    Raises NotFoundError, EventDateUnknownError and EventDateInvalidError.
    """
    for name in values:
        event_date(name)
    lock_case(uow.connection, case_id)
    changes = keep_inputs(
        uow.connection, bureau, uow.ids, case_id, values, actor_id=uow.actor.id, now=uow.now, reason=None
    )
    if changes:
        dates = {change.name: change.new.isoformat() for change in changes}
        append_history(uow, case_id, HistoryEvent("event-dates-recorded", {"event_dates": dates}))
    moved = reevaluate_timers(uow, case_id, [change.name for change in changes]) if changes else []
    return RecordingResult(tuple(changes), tuple(moved), tuple(order_warnings(current_dates(uow.connection, case_id))))
