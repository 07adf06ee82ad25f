"""The history of a case, and the proof that nobody touched it."""

from typing import Any
from uuid import UUID

from flask import request

from api.context import current
from api.languages import language_of
from api.pages import answer_page, start_of
from api.routes import Routes
from api.rules import CASEWORKERS, MACHINISTS, requires
from api.schemas.cases import HistoryQuerySchema, HistoryRowSchema, VerificationSchema
from api.schemas.fields import page_of
from api.visibility import require_case, require_machine
from engine.domain.errors import HistoryBrokenError
from engine.queries.history import list_history, verify_history

routes = Routes(
    "case-history",
    __name__,
    url_prefix="/api/v1/cases/<uuid:case_id>/history",
    description="History of a case, and its verification",
)

HistoryPage = page_of(HistoryRowSchema, "HistoryPage")


@routes.route("", methods=["GET"])
@requires(*CASEWORKERS, *MACHINISTS, owner="engine", scope="case")
@routes.arguments(HistoryQuerySchema, location="query")
@routes.response(200, HistoryPage)
def list_case_history(query: dict[str, Any], case_id: UUID) -> dict[str, Any]:
    """What happened to a case, in order: who, when, on whose behalf, and what changed."""
    context = current()
    require_case(context.connection, context.viewer, "audit", case_id)
    page = list_history(context.connection, case_id, kinds=query["kind"], after=start_of(query), limit=query["limit"])
    return answer_page(page, query)


@routes.route("/verification", methods=["GET"])
@requires(*CASEWORKERS, *MACHINISTS, owner="engine", scope="case")
@routes.response(200, VerificationSchema)
def verify_case_history(case_id: UUID) -> dict[str, Any]:
    """Check the hash chain of a case's history; names the first broken row."""
    context = current()
    if "admin" in context.viewer.roles:
        require_machine(context.connection, context.viewer, "read", case_id)
    else:
        require_case(context.connection, context.viewer, "audit", case_id)
    try:
        rows = verify_history(context.connection, case_id)
    except HistoryBrokenError as broken:
        reason = broken.sentence(language_of(request))
        return {"is_intact": False, "rows": None, "broken_at": broken.data["seq"], "reason": reason}
    return {"is_intact": True, "rows": rows, "broken_at": None, "reason": None}
