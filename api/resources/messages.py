"""Messages: told to the one place in a case that waits for them."""

from typing import Any

from api.context import current
from api.routes import Routes
from api.rules import MACHINISTS, OFFICERS, PARTIES, requires
from api.schemas.instances import CorrelationBodySchema, StepOutcomeSchema
from api.values import read_values
from api.visibility import require_case
from casework.access import Action
from engine.commands.correlate_message import correlate_message
from engine.domain.errors import ForbiddenError, NotFoundError
from engine.store.cases import find_case

routes = Routes("messages", __name__, url_prefix="/api/v1/messages", description="Messages")

PARTY_MESSAGES = ("withdrawn", "withdrawal")
"""Endings of the messages that a party may send in a case of its own; all others are for officers."""


@routes.route("/correlation", methods=["POST"])
@requires(*OFFICERS, *PARTIES, *MACHINISTS, owner="engine", scope="case")
@routes.arguments(CorrelationBodySchema)
@routes.response(200, StepOutcomeSchema)
def correlate_one_message(body: dict[str, Any]) -> Any:
    """Give a message to the one place that waits for it in a case.

    409 `message_not_correlated` when nothing waits for it, 409 `message_ambiguous` when several places do.
    """
    context = current()
    case_id = find_case(context.connection, body["business_key"])
    if case_id is None:
        raise NotFoundError(what="case", id=body["business_key"])
    action: Action = "operate" if "supervisor" in context.viewer.roles else "work"
    require_case(context.connection, context.viewer, action, case_id)
    if context.viewer.roles.issubset(PARTIES) and not body["message_name"].endswith(PARTY_MESSAGES):
        raise ForbiddenError()
    return correlate_message(
        context.uow,
        message_name=body["message_name"],
        business_key=body["business_key"],
        variables=read_values(body["variables"], "variables"),
        instance_id=body["instance_id"],
    )
