"""Timers: what will happen when, and why then."""

from typing import Any
from uuid import UUID

from api.context import current
from api.pages import answer_page, start_of
from api.routes import Routes
from api.rules import CASEWORKERS, MACHINISTS, requires
from api.schemas.work import CaseTimerQuerySchema, TimerPage, TimerQuerySchema
from api.visibility import machine_cases, require_machine
from engine.queries.work import list_timers
from engine.store.tables import timer

routes = Routes("timers", __name__, url_prefix="/api/v1", description="Timers")


@routes.route("/timers", methods=["GET"])
@requires(*CASEWORKERS, *MACHINISTS, owner="engine", scope="case")
@routes.arguments(TimerQuerySchema, location="query")
@routes.response(200, TimerPage)
def list_all_timers(query: dict[str, Any]) -> dict[str, Any]:
    """Timers by due time, with the explanation of each legal time limit."""
    return _page(query, query["case_id"])


@routes.route("/cases/<uuid:case_id>/timers", methods=["GET"])
@requires(*CASEWORKERS, *MACHINISTS, owner="engine", scope="case")
@routes.arguments(CaseTimerQuerySchema, location="query")
@routes.response(200, TimerPage)
def list_case_timers(query: dict[str, Any], case_id: UUID) -> dict[str, Any]:
    """The timers of one case by due time."""
    context = current()
    require_machine(context.connection, context.viewer, "read", case_id)
    return _page(query, case_id)


def _page(query: dict[str, Any], case_id: UUID | None) -> dict[str, Any]:
    context = current()
    page = list_timers(
        context.connection,
        scope=machine_cases(context.viewer, timer.c.case_id),
        case_id=case_id,
        instance_id=query["instance_id"],
        states=[query["state"]],
        due_before=query["due_before"],
        after=start_of(query),
        limit=query["limit"],
    )
    return answer_page(page, query)
