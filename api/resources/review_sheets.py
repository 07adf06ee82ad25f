"""What a reviewer checks an agreement against, put together for one user task of the arbitration review."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import orjson

from api.context import current
from api.routes import Routes
from api.rules import OFFICERS, requires
from api.schemas.review_sheets import ReviewSheetSchema
from api.task_access import task_access
from casework import reviews
from casework.queries.read_dispute import read_dispute
from casework.store.signatures import latest_agreement
from engine.bpmn.visible import visible_variables
from engine.domain.errors import NotFoundError
from engine.queries.user_tasks import get_user_task
from engine.store.instances import get_instance

routes = Routes(
    "review-sheets",
    __name__,
    url_prefix="/api/v1/user-tasks/<uuid:user_task_id>/review-sheet",
    description="What a reviewer checks an agreement against",
)


@routes.route("", methods=["GET"])
@requires(*OFFICERS, owner="casework", scope="case")
@routes.response(200, ReviewSheetSchema)
def get_review_sheet(user_task_id: UUID) -> dict[str, Any]:
    """The agreement of a case, its items, its papers and the grounds to refuse, for whoever may work on the user task.

    Only user tasks of the arbitration review (仲裁审查) have one. Words of grounds and papers are those of the forms
    that the case is pinned to.
    """
    context = current()
    access = task_access(context.connection, context.viewer, user_task_id)
    access.require_work()
    task = get_user_task(context.connection, user_task_id)
    if task["process_key"] != reviews.PROCESS:
        raise NotFoundError(what="review sheet", id=user_task_id)
    instance = get_instance(context.connection, task["instance_id"])
    bundle = context.runtime.platform.definitions.bundle(context.connection, instance.deployment_id)

    def form(key: str) -> Mapping[str, Any] | None:
        found = bundle.forms.get(key)
        return None if found is None else orjson.loads(bundle.resources[found.file].content)

    variables = visible_variables(instance.snapshot, task["token_id"])
    said = {name: value for name, value in variables.items() if name in reviews.VARIABLES}
    record = read_dispute(context.connection, context.bureau, access.case_id)
    names = {str(party.party_id): party.name for party in record.parties}
    return {
        "agreement_document_id": latest_agreement(context.connection, access.case_id),
        "terms": [line.strip() for line in record.statements.get("agreement_terms", "").splitlines() if line.strip()],
        "items": reviews.items(record.agreement_items, form(reviews.DECISIONS_FORM), said, names),
        "materials": reviews.materials(form(reviews.APPLICATION_FORM), said),
        "grounds": [
            {
                "form_key": key,
                "field": field,
                "grounds": [ground.as_dict() for ground in reviews.grounds(form(key), field)],
            }
            for key, field in reviews.GROUND_FIELDS.items()
        ],
    }
