"""Jobs: looking at them, and doing them from outside."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from api.context import current
from api.errors import RequestInvalidError
from api.pages import answer_page, start_of
from api.routes import Routes
from api.rules import MACHINISTS, WORKERS, requires
from api.schemas.instances import StepOutcomeSchema
from api.schemas.work import (
    BpmnErrorBodySchema,
    ExtensionBodySchema,
    JobCompletionBodySchema,
    JobFailureBodySchema,
    JobFailureSchema,
    JobPage,
    JobQuerySchema,
    LeaseBodySchema,
    LeaseSchema,
    LeasesSchema,
)
from api.validation_sentences import FieldProblem
from api.values import read_values
from api.visibility import machine_cases
from engine.commands.complete_job import complete_job
from engine.commands.extend_lease import extend_lease
from engine.commands.fail_job import fail_job
from engine.commands.lease_jobs import lease_jobs
from engine.commands.leasing import LeasedJob
from engine.commands.throw_bpmn_error import throw_bpmn_error
from engine.domain.values import plain
from engine.queries.work import list_jobs
from engine.store.tables import job

routes = Routes("jobs", __name__, url_prefix="/api/v1/jobs", description="Automatic work, and external workers")


@routes.route("", methods=["GET"])
@requires(*MACHINISTS, owner="engine", scope="case")
@routes.arguments(JobQuerySchema, location="query")
@routes.response(200, JobPage)
def list_all_jobs(query: dict[str, Any]) -> dict[str, Any]:
    """Jobs, newest first, without their input and result."""
    context = current()
    page = list_jobs(
        context.connection,
        scope=machine_cases(context.viewer, job.c.case_id),
        case_id=query["case_id"],
        instance_id=query["instance_id"],
        states=[query["state"]] if query["state"] else None,
        job_type=query["job_type"],
        after=start_of(query),
        limit=query["limit"],
    )
    return answer_page(page, query)


@routes.route("/leases", methods=["POST"])
@requires(*WORKERS, owner="engine", scope="site")
@routes.arguments(LeaseBodySchema)
@routes.response(200, LeasesSchema)
def lease_waiting_jobs(body: dict[str, Any]) -> dict[str, Any]:
    """Lease waiting jobs of some types, oldest first, for a while and for this worker only."""
    context = current()
    _check_job_types(body["job_types"])
    duration = timedelta(seconds=body["lease_seconds"])
    leased = lease_jobs(context.uow, _worker(body), body["job_types"], body["limit"], duration)
    return {"items": [_shown(item) for item in leased]}


@routes.route("/<uuid:job_id>/lease", methods=["PUT"])
@requires(*WORKERS, owner="engine", scope="site")
@routes.arguments(ExtensionBodySchema)
@routes.response(200, LeaseSchema)
def extend_job_lease(body: dict[str, Any], job_id: UUID) -> dict[str, Any]:
    """Keep a leased job longer."""
    until = extend_lease(current().uow, job_id, _worker(body), timedelta(seconds=body["lease_seconds"]))
    return {"lease_expires_at": until}


@routes.route("/<uuid:job_id>/completion", methods=["POST"])
@requires(*WORKERS, owner="engine", scope="site")
@routes.arguments(JobCompletionBodySchema)
@routes.response(200, StepOutcomeSchema)
def complete_leased_job(body: dict[str, Any], job_id: UUID) -> Any:
    """Give a job's result; its process goes on."""
    return complete_job(current().uow, job_id, _worker(body), read_values(body["result"], "result"))


@routes.route("/<uuid:job_id>/failure", methods=["POST"])
@requires(*WORKERS, owner="engine", scope="site")
@routes.arguments(JobFailureBodySchema)
@routes.response(200, JobFailureSchema)
def fail_leased_job(body: dict[str, Any], job_id: UUID) -> dict[str, Any]:
    """Say that an attempt failed: the job is tried again later, or an incident is raised."""
    incident_id = fail_job(current().uow, job_id, _worker(body), body["failure"], is_final=body["is_final"])
    return {"incident_id": incident_id}


@routes.route("/<uuid:job_id>/bpmn-error", methods=["POST"])
@requires(*WORKERS, owner="engine", scope="site")
@routes.arguments(BpmnErrorBodySchema)
@routes.response(200, StepOutcomeSchema)
def throw_job_bpmn_error(body: dict[str, Any], job_id: UUID) -> Any:
    """End a job with a BPMN error: the boundary event that catches its code decides what follows."""
    variables = read_values(body["variables"], "variables")
    return throw_bpmn_error(current().uow, job_id, _worker(body), body["error_code"], body["message"], variables)


def _worker(body: dict[str, Any]) -> str:
    """Return the name under which the caller leases: no account can touch another's leases."""
    return f"external:{current().viewer.username}:{body['worker']}"


def _check_job_types(names: list[str]) -> None:
    known = current().runtime.platform.job_types
    problems = [
        FieldProblem(
            f"job_types[{index}]", "not_a_choice", f"没有作业类型“{name}”。", f"There is no job type {name!r}."
        )
        for index, name in enumerate(names)
        if name not in known
    ]
    if problems:
        raise RequestInvalidError(count=len(problems), problems=problems)


def _shown(leased: LeasedJob) -> dict[str, Any]:
    names = ("id", "case_id", "instance_id", "process_key", "element_id", "element_name", "job_type", "attempts")
    return {
        **{name: getattr(leased, name) for name in names},
        "input": plain(dict(leased.input)),
        "lease_expires_at": leased.lease_expires_at,
        "idempotency_key": leased.idempotency_key,
    }
