"""Timers: what will happen when, and why then."""

from typing import Any

from api.context import current
from api.pages import answer_page, start_of
from api.routes import Routes
from api.rules import CASEWORKERS, MACHINISTS, requires
from api.schemas.work import TimerPage, TimerQuerySchema
from api.visibility import machine_cases
from engine.queries.work import list_timers
from engine.store.tables import timer

routes = Routes("timers", __name__, url_prefix="/api/v1/timers", description="Timers")


@routes.route("", methods=["GET"])
@requires(*CASEWORKERS, *MACHINISTS, owner="engine", scope="case")
@routes.arguments(TimerQuerySchema, location="query")
@routes.response(200, TimerPage)
def list_all_timers(query: dict[str, Any]) -> dict[str, Any]:
    """Timers by due time, with the explanation of each legal time limit."""
    context = current()
    page = list_timers(
        context.connection,
        scope=machine_cases(context.viewer, timer.c.case_id),
        case_id=query["case_id"],
        instance_id=query["instance_id"],
        states=[query["state"]],
        due_before=query["due_before"],
        after=start_of(query),
        limit=query["limit"],
    )
    return answer_page(page, query)
