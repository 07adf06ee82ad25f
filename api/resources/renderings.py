"""Papers made at once because somebody asks for them: at the window, beside what the process makes."""

from typing import Any
from uuid import UUID

from api.context import current
from api.routes import Routes
from api.rules import ISSUERS, requires
from api.schemas.renderings import (
    OfferedPapersSchema,
    RenderingBodySchema,
    RenderingRequestedSchema,
    RenderingSchema,
)
from casework.commands.request_paper import PaperRequest, request_paper
from casework.queries.requested_papers import get_rendering, list_offered_papers

routes = Routes(
    "renderings",
    __name__,
    url_prefix="/api/v1/cases/<uuid:case_id>/documents/renderings",
    description="Papers of a case, made on request",
)


@routes.route("/offers", methods=["GET"])
@requires(*ISSUERS, owner="casework", scope="case")
@routes.response(200, OfferedPapersSchema)
def list_paper_offers(case_id: UUID) -> dict[str, Any]:
    """The papers that the caller may ask for in the case's present stage, with what may be ticked on each."""
    return {"items": list_offered_papers(current().connection, current().viewer, case_id)}


@routes.route("", methods=["POST"])
@requires(*ISSUERS, owner="casework", scope="case")
@routes.arguments(RenderingBodySchema)
@routes.response(202, RenderingRequestedSchema)
def create_rendering(body: dict[str, Any], case_id: UUID) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Have a paper made now: numbered, stored with the case, as PDF and Word file. The process does not move.

    Of a kind that a case has once, a further one is its next version. In a stage without it: 409 `paper_not_offered`.
    """
    context = current()
    wanted = PaperRequest(**{**body, "grounds": tuple(body["grounds"])})
    job_id = request_paper(context.uow, context.bureau, context.viewer, case_id, wanted)
    return {"job_id": job_id}, 202, {"Location": f"/api/v1/cases/{case_id}/documents/renderings/{job_id}"}


@routes.route("/<uuid:job_id>", methods=["GET"])
@requires(*ISSUERS, owner="casework", scope="case")
@routes.response(200, RenderingSchema)
def get_one_rendering(case_id: UUID, job_id: UUID) -> dict[str, Any]:
    """Whether the paper is there, with its document and number."""
    return get_rendering(current().connection, current().viewer, case_id, job_id)
