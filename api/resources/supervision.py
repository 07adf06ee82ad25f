"""What supervisors and heads of organisations look at first: work that is late, by organisation, and what happened to a case, and who read it."""

from typing import Any
from uuid import UUID

from flask import request

from api.actors import actor_of, name_assignees
from api.context import current
from api.languages import language_of
from api.pages import answer_page, start_of
from api.routes import Routes
from api.rules import CASEWORKERS, requires
from api.schemas.fields import PageQuerySchema
from api.schemas.supervision import (
    OverdueCountQuerySchema,
    OverdueCountsSchema,
    OverduePage,
    OverdueQuerySchema,
    ReadingPage,
    TimelinePage,
    TimelineQuerySchema,
)
from api.visibility import require_case
from casework.access import case_scope
from casework.areas import area
from casework.queries.list_readings import list_readings
from casework.queries.overdue_work import OverdueFilters, count_overdue_work, list_overdue_work
from casework.queries.timeline import list_timeline

routes = Routes("supervision", __name__, url_prefix="/api/v1", description="Late work, and who read a case")
HEADS = ("supervisor", "organisation-head", "arbitration-director")


@routes.route("/overdue-work", methods=["GET"])
@requires(*HEADS, owner="casework", scope="case")
@routes.arguments(OverdueQuerySchema, location="query")
@routes.response(200, OverduePage)
def list_late_work(query: dict[str, Any]) -> dict[str, Any]:
    """Open user tasks and legal deadlines that are past their day, or due in the next days, longest overdue first."""
    context = current()
    assignee = context.viewer.username if query["assignee"] == "me" else query["assignee"]
    filters = OverdueFilters(
        within_days=query["within_days"],
        what=query["what"],
        organisation_id=query["organisation_id"],
        without_organisation=query["without_organisation"],
        area_path=path_of(query["area_code"]),
        assignee=actor_of(assignee) if assignee else None,
    )
    page = list_overdue_work(
        context.connection,
        case_scope(context.viewer),
        filters,
        context.now,
        language_of(request),
        after=start_of(query),
        limit=query["limit"],
    )
    name_assignees(context.connection, context.bureau, page.items)
    return answer_page(page, query)


@routes.route("/overdue-work/counts", methods=["GET"])
@requires(*HEADS, owner="casework", scope="case")
@routes.arguments(OverdueCountQuerySchema, location="query")
@routes.response(200, OverdueCountsSchema)
def count_late_work(query: dict[str, Any]) -> dict[str, Any]:
    """How much work is late or stuck, by the organisation that answers for it."""
    context = current()
    found = count_overdue_work(
        context.connection,
        case_scope(context.viewer),
        context.now,
        query["within_days"],
        path_of(query["area_code"]),
    )
    return {"items": found}


@routes.route("/cases/<uuid:case_id>/readings", methods=["GET"])
@requires(*CASEWORKERS, owner="casework", scope="case")
@routes.arguments(PageQuerySchema, location="query")
@routes.response(200, ReadingPage)
def list_case_readings(query: dict[str, Any], case_id: UUID) -> dict[str, Any]:
    """Which supervisors read the case, newest first."""
    context = current()
    require_case(context.connection, context.viewer, "audit", case_id)
    page = list_readings(context.connection, context.bureau, case_id, after=start_of(query), limit=query["limit"])
    return answer_page(page, query)


@routes.route("/cases/<uuid:case_id>/timeline", methods=["GET"])
@requires(*CASEWORKERS, owner="casework", scope="case")
@routes.arguments(TimelineQuerySchema, location="query")
@routes.response(200, TimelinePage)
def list_case_timeline(query: dict[str, Any], case_id: UUID) -> dict[str, Any]:
    """What happened to a case in plain words, oldest first; `/history` has the rows as they are attested."""
    context = current()
    require_case(context.connection, context.viewer, "audit", case_id)
    page = list_timeline(
        context.connection,
        context.bureau,
        context.viewer,
        case_id,
        language_of(request),
        with_details=query["details"],
        after=start_of(query),
        limit=query["limit"],
    )
    return answer_page(page, query)


def path_of(area_code: str | None) -> str | None:
    """Return the path of an area of the site, None for none; raises AreaUnknownError."""
    return area(current().bureau.site.areas, area_code).path if area_code else None
