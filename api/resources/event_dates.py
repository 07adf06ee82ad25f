"""Event dates of a case: what the law counts from, as a person entered it, and its correction."""

from typing import Any
from uuid import UUID

from flask import request

from api.actors import shown_actor
from api.context import current
from api.languages import language_of
from api.routes import Routes
from api.rules import CASEWORKERS, OFFICERS, requires
from api.schemas.cases import EventDateBodySchema, EventDateChangeSchema, EventDatesSchema, OfferedEventDatesSchema
from casework.access import require
from casework.commands.correct_event_date import correct_event_date
from casework.commands.record_event_dates import record_event_dates
from casework.event_dates import DateWarning, event_date
from casework.queries.get_dispute import list_event_dates
from casework.queries.offered_event_dates import list_offered_event_dates
from casework.store.named_inputs import current_dates

routes = Routes(
    "event-dates",
    __name__,
    url_prefix="/api/v1/cases/<uuid:case_id>/event-dates",
    description="Event dates of a case, and their correction",
)


@routes.route("", methods=["GET"])
@requires(*CASEWORKERS, owner="casework", scope="case")
@routes.response(200, EventDatesSchema)
def list_case_event_dates(case_id: UUID) -> dict[str, Any]:
    """Every value that was recorded, the current one of each name first."""
    context = current()
    require(context.connection, context.viewer, "read", case_id)
    items = list_event_dates(context.connection, context.bureau, case_id)
    return {"items": [item | {"recorded_by": shown_actor(item["recorded_by"])} for item in items]}


@routes.route("/offers", methods=["GET"])
@requires(*OFFICERS, owner="casework", scope="case")
@routes.response(200, OfferedEventDatesSchema)
def list_case_event_date_offers(case_id: UUID) -> dict[str, Any]:
    """The event dates that can sensibly be recorded now and are not there yet, in plain words."""
    context = current()
    require(context.connection, context.viewer, "correct-event-date", case_id)
    return {"items": list_offered_event_dates(context.connection, case_id)}


@routes.route("/<name>", methods=["PUT"])
@requires(*OFFICERS, owner="casework", scope="case")
@routes.arguments(EventDateBodySchema)
@routes.response(200, EventDateChangeSchema)
def put_event_date(body: dict[str, Any], case_id: UUID, name: str) -> dict[str, Any]:
    """Record an event date, or correct it; what hangs on it is counted again.

    A correction needs a reason; both values are kept. The answer names the timers that moved and those of them whose
    new day has run out already.
    """
    context = current()
    require(context.connection, context.viewer, "correct-event-date", case_id)
    event_date(name)
    value, language = body["value"], language_of(request)
    old = current_dates(context.connection, case_id).get(name)
    if old is None:
        recorded = record_event_dates(context.uow, context.bureau, case_id, {name: value})
        moved, passed = recorded.moved_timers, tuple(timer for timer in recorded.moved_timers if timer.has_passed)
        warnings = recorded.warnings
    else:
        corrected = correct_event_date(context.uow, context.bureau, case_id, name, value, body["reason"] or "")
        moved, passed, warnings = corrected.moved_timers, corrected.passed, corrected.warnings
    return {
        "name": name,
        "old": old,
        "new": value,
        "moved_timers": moved,
        "passed": passed,
        "warnings": [_shown_warning(warning, language) for warning in warnings],
    }


def _shown_warning(warning: DateWarning, language: str) -> dict[str, str]:
    message = warning.zh if language == "zh" else warning.en
    return {"earlier": warning.earlier, "later": warning.later, "message": message}
