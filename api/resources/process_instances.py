"""Process instances: starting, looking, suspending, resuming, canceling."""

from typing import Any
from uuid import UUID

from api.context import current
from api.pages import answer_page, start_of
from api.routes import Routes
from api.rules import CASEWORKERS, MACHINISTS, OPERATORS, requires
from api.schemas.instances import (
    InstanceDetailSchema,
    InstancePage,
    InstanceQuerySchema,
    ProgressSchema,
    ReasonBodySchema,
    ReasonQuerySchema,
    StartBodySchema,
    StepOutcomeSchema,
)
from api.values import read_values
from api.visibility import machine_cases, reads_content, require_case, require_machine
from engine.commands.cancel_instance import cancel_instance
from engine.commands.open_case import open_case
from engine.commands.resume_instance import resume_instance
from engine.commands.start_by_message import start_by_message
from engine.commands.start_instance import start_instance
from engine.commands.suspend_instance import suspend_instance
from engine.queries.progress import get_progress
from engine.queries.work import get_process_instance, list_process_instances
from engine.store.instances import case_of
from engine.store.tables import process_instance

routes = Routes("process-instances", __name__, url_prefix="/api/v1/process-instances", description="Process instances")
_READERS = (*CASEWORKERS, *MACHINISTS)


@routes.route("", methods=["POST"])
@requires(*MACHINISTS, owner="engine", scope="case")
@routes.arguments(StartBodySchema)
@routes.response(201, StepOutcomeSchema)
def start_process_instance(body: dict[str, Any]) -> tuple[Any, int, dict[str, str]]:
    """Start a process instance, in a case that exists or in one of its own.

    Disputes are registered with `POST /api/v1/cases`; this route is for trying a process out and for repairs.
    """
    context = current()
    variables = read_values(body["variables"], "variables")
    if body["case_id"] is not None:
        require_case(context.connection, context.viewer, "operate", body["case_id"])
        case_id = body["case_id"]
    else:
        case_id = open_case(context.uow, body["business_key"])
    if body["message_name"] is not None:
        outcome = start_by_message(context.uow, message_name=body["message_name"], case_id=case_id, variables=variables)
    else:
        outcome = start_instance(
            context.uow, process_key=body["process_key"], case_id=case_id, variables=variables, version=body["version"]
        )
    return outcome, 201, {"Location": f"/api/v1/process-instances/{outcome.instance_id}"}


@routes.route("", methods=["GET"])
@requires(*_READERS, owner="engine", scope="case")
@routes.arguments(InstanceQuerySchema, location="query")
@routes.response(200, InstancePage)
def list_instances(query: dict[str, Any]) -> dict[str, Any]:
    """Process instances, newest first."""
    context = current()
    page = list_process_instances(
        context.connection,
        scope=machine_cases(context.viewer, process_instance.c.case_id),
        case_id=query["case_id"],
        process_key=query["process_key"],
        states=[query["state"]] if query["state"] else None,
        after=start_of(query),
        limit=query["limit"],
    )
    return answer_page(page, query)


@routes.route("/<uuid:instance_id>", methods=["GET"])
@requires(*_READERS, owner="engine", scope="case")
@routes.response(200, InstanceDetailSchema)
def get_instance(instance_id: UUID) -> dict[str, Any]:
    """A process instance with its tokens; its variables are null for whoever may not read the case."""
    context = current()
    found = get_process_instance(context.connection, instance_id)
    require_machine(context.connection, context.viewer, "read", found["case_id"])
    if not reads_content(context.connection, context.viewer, found["case_id"]):
        found["variables"] = None
    return found


@routes.route("/<uuid:instance_id>/progress", methods=["GET"])
@requires(*_READERS, owner="engine", scope="case")
@routes.response(200, ProgressSchema)
def get_instance_progress(instance_id: UUID) -> dict[str, Any]:
    """The diagrams of a process instance with what is active, done, stuck: its own, then the called ones it reached."""
    context = current()
    found = get_process_instance(context.connection, instance_id)
    require_machine(context.connection, context.viewer, "read", found["case_id"])
    bundle = context.runtime.platform.definitions.bundle(context.connection, found["deployment_id"])
    return {
        "instance_id": instance_id,
        "process_key": found["process_key"],
        "state": found["state"],
        "diagrams": get_progress(context.connection, bundle, instance_id),
    }


@routes.route("/<uuid:instance_id>/suspension", methods=["PUT"])
@requires(*OPERATORS, owner="engine", scope="case")
@routes.arguments(ReasonBodySchema)
@routes.response(204)
def suspend_process_instance(body: dict[str, Any], instance_id: UUID) -> None:
    """Suspend work on a process instance; legal time limits run on, and what comes meanwhile waits."""
    _require_operator(instance_id)
    suspend_instance(current().uow, instance_id, body["reason"])


@routes.route("/<uuid:instance_id>/suspension", methods=["DELETE"])
@requires(*OPERATORS, owner="engine", scope="case")
@routes.arguments(ReasonQuerySchema, location="query")
@routes.response(200, StepOutcomeSchema)
def resume_process_instance(query: dict[str, Any], instance_id: UUID) -> Any:
    """Resume a suspended process instance: what waited is applied in the order in which it came."""
    _require_operator(instance_id)
    return resume_instance(current().uow, instance_id, query["reason"])


@routes.route("/<uuid:instance_id>/cancellation", methods=["POST"])
@requires(*OPERATORS, owner="engine", scope="case")
@routes.arguments(ReasonBodySchema)
@routes.response(200, StepOutcomeSchema)
def cancel_process_instance(body: dict[str, Any], instance_id: UUID) -> Any:
    """Cancel a process instance: it ends without reaching an end event."""
    _require_operator(instance_id)
    return cancel_instance(current().uow, instance_id, body["reason"])


def _require_operator(instance_id: UUID) -> None:
    context = current()
    case_id = case_of(context.connection, process_instance, instance_id, "process instance")
    require_machine(context.connection, context.viewer, "operate", case_id)
