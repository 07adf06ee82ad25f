"""Which event dates can sensibly be recorded in a case now: of the procedures it has been in, not recorded yet."""

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from casework.event_dates import EVENT_DATES, ORDER, EventDate
from casework.service_records import SERVED_ON
from casework.signing import EFFECTIVE
from casework.store.named_inputs import current_dates
from casework.store.tables import stage_change

_PROCESS_OF = {
    "neg": "negotiation",
    "med": "mediation",
    "rev": "arbitration-review",
    "jc": "judicial-confirmation",
    "perf": "performance",
    "po": "payment-order",
}
"""First part of a stage's code -> key of the process whose stage it is."""

_ELSEWHERE = frozenset({EFFECTIVE, *SERVED_ON, "withdrawn_on", "closed_on"})
"""Dates that follow from signatures or the register of service, or that the step which ends a case records."""


_INSTEAD = (
    {"mediation_accepted_on", "mediation_refused_on"},
    {"review_accepted_on", "review_refused_on"},
    {"award_made_on", "award_refused_on"},
    {"confirmation_accepted_on", "confirmation_refused_on"},
)
"""Dates of which one stands instead of the other."""


def list_offered_event_dates(connection: sa.Connection, case_id: UUID) -> list[dict[str, Any]]:
    """Return the event dates that may be recorded now, as JSON, in the order of the catalogue.

    Left out are those that are there (they are corrected instead), those of procedures that the case was never in,
    those whose usual forerunners are all missing, and those that are recorded elsewhere. Any other name may still be
    recorded by whoever knows it: this list helps, it does not forbid.
    """
    stages = connection.execute(sa.select(stage_change.c.stage).where(stage_change.c.case_id == case_id)).scalars()
    return [
        {"name": entry.name, "zh": entry.zh, "en": entry.en, "may_be_future": entry.may_be_future}
        for entry in sensible_event_dates(stages, current_dates(connection, case_id))
    ]


def sensible_event_dates(stages: Iterable[str], recorded: Collection[str]) -> list[EventDate]:
    """Return the event dates that make sense for a case that was in `stages` and has the dates `recorded`."""
    processes = {"dispute"} | {
        _PROCESS_OF[part] for part in (stage.split("_")[0] for stage in stages) if part in _PROCESS_OF
    }
    return [
        entry
        for entry in EVENT_DATES.values()
        if entry.stage in processes
        and entry.name not in recorded
        and entry.name not in _ELSEWHERE
        and _follows(entry.name, recorded)
        and not any(entry.name in pair and pair.intersection(recorded) for pair in _INSTEAD)
    ]


def _follows(name: str, recorded: Collection[str]) -> bool:
    forerunners = [earlier for earlier, later in ORDER if later == name]
    return not forerunners or any(earlier in recorded for earlier in forerunners)
