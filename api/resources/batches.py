"""Many user tasks in one request, one decision each: those of one employer put together, and their completion."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import request

from api.actors import actor_of, shown_actor
from api.context import current
from api.languages import language_of
from api.on_behalf import on_behalf_of
from api.pages import answer_page, start_of
from api.parties import require_party
from api.problems import as_tingzhu_error, problem_response
from api.routes import Routes
from api.rules import CASEWORKERS, MACHINISTS, OFFICERS, requires
from api.schemas.batches import (
    AssignmentsBodySchema,
    BatchPage,
    BatchQuerySchema,
    CompletionsBodySchema,
    CompletionsSchema,
    ItemCompletionBodySchema,
    ItemResultsSchema,
    UserTaskIdsBodySchema,
)
from api.schemas.instances import StepOutcomeSchema
from api.task_access import require_assignee, task_access
from api.transaction import run_item
from casework.access import offered_tasks
from casework.queries.list_batches import BatchFilters, list_batches
from engine.commands.assign_user_task import assign_user_task
from engine.commands.claim_user_task import claim_user_task
from engine.commands.complete_user_task import complete_user_task
from engine.domain.errors import UnavailableError, UserTaskAlreadyCompletedError

routes = Routes(
    "batches",
    __name__,
    url_prefix="/api/v1/user-tasks",
    description="Many user tasks in one request, one decision each",
)


@routes.route("/batches", methods=["GET"])
@requires(*OFFICERS, owner="casework", scope="case")
@routes.arguments(BatchQuerySchema, location="query")
@routes.response(200, BatchPage)
def list_user_task_batches(query: dict[str, Any]) -> dict[str, Any]:
    """Open user tasks with one form that the caller has claimed or may claim, put together by employer."""
    context = current()
    filters = BatchFilters(query["form_key"], offered_tasks(context.viewer))
    page = list_batches(
        context.connection, context.bureau, context.viewer, filters, after=start_of(query), limit=query["limit"]
    )
    for item in page.items:
        for task in item["user_tasks"]:
            task["assignee"] = shown_actor(task["assignee"])
    return answer_page(page, query)


@routes.route("/completions", methods=["POST"])
@requires(*CASEWORKERS, *MACHINISTS, owner="engine", scope="case", answers_by_item=True)
@routes.arguments(CompletionsBodySchema)
@routes.response(200, CompletionsSchema)
def complete_many_user_tasks(body: dict[str, Any]) -> dict[str, Any]:
    """Complete up to 200 user tasks, each with its own form data, each in a transaction of its own.

    The answer has one item per user task, in the order sent: `done`; `already-done`, when it had been completed before;
    or `refused`, with the problem that a completion of it alone would answer. One that is refused stands in no other's
    way. Sent again under the same key, what was done answers as before and is not done again, and the rest is done:
    after a broken connection the same request is sent once more.
    """
    return {"items": [_completed(item) for item in body["items"]]}


@routes.route("/claims", methods=["POST"])
@requires(*CASEWORKERS, *MACHINISTS, owner="engine", scope="case", answers_by_item=True)
@routes.arguments(UserTaskIdsBodySchema)
@routes.response(200, ItemResultsSchema)
def claim_many_user_tasks(body: dict[str, Any]) -> dict[str, Any]:
    """Claim up to 200 user tasks, each in a transaction of its own; one that is refused stands in no other's way."""

    def claim(user_task_id: UUID) -> dict[str, Any]:
        context = current()
        task_access(context.connection, context.viewer, user_task_id).require_work()
        claim_user_task(context.uow, user_task_id)
        return {}

    return {"items": [_done(each, {}, "claim", claim) for each in body["user_task_ids"]]}


@routes.route("/assignments", methods=["POST"])
@requires(*CASEWORKERS, *MACHINISTS, owner="engine", scope="case", answers_by_item=True)
@routes.arguments(AssignmentsBodySchema)
@routes.response(200, ItemResultsSchema)
def assign_many_user_tasks(body: dict[str, Any]) -> dict[str, Any]:
    """Give up to 200 user tasks to one person, each in a transaction of its own."""
    assignee = body["assignee"]

    def assign(user_task_id: UUID) -> dict[str, Any]:
        context = current()
        task_access(context.connection, context.viewer, user_task_id).require_assign()
        require_assignee(context.connection, assignee, user_task_id)
        assign_user_task(context.uow, user_task_id, actor_of(assignee))
        return {}

    return {"items": [_done(each, {"assignee": assignee}, "assignment", assign) for each in body["user_task_ids"]]}


def _done(
    user_task_id: UUID, sent: dict[str, Any], verb: str, work: Callable[[UUID], dict[str, Any]]
) -> dict[str, Any]:
    """Do one thing with one user task and return its answer; `verb` ends the path that would do it alone."""
    try:
        run_item(str(user_task_id), sent, lambda: work(user_task_id))
    except Exception as error:
        problem = as_tingzhu_error(error)
        if isinstance(problem, UnavailableError):
            raise
        path = f"/api/v1/user-tasks/{user_task_id}/{verb}"
        answer = problem_response(problem, language_of(request), path).get_json()
        return {"user_task_id": user_task_id, "result": "refused", "problem": answer}
    return {"user_task_id": user_task_id, "result": "done", "problem": None}


def _completed(item: dict[str, Any]) -> dict[str, Any]:
    user_task_id = item["user_task_id"]
    sent = ItemCompletionBodySchema().dump(item)
    try:
        outcome = run_item(str(user_task_id), sent, lambda: _complete(item))
    except Exception as error:
        problem = as_tingzhu_error(error)
        if isinstance(problem, UnavailableError):
            raise
        path = f"/api/v1/user-tasks/{user_task_id}/completion"
        return {
            "user_task_id": user_task_id,
            "result": "already-done" if isinstance(problem, UserTaskAlreadyCompletedError) else "refused",
            "outcome": None,
            "problem": problem_response(problem, language_of(request), path).get_json(),
        }
    return {"user_task_id": user_task_id, "result": "done", "outcome": outcome, "problem": None}


def _complete(item: dict[str, Any]) -> dict[str, Any]:
    context = current()
    access = task_access(context.connection, context.viewer, item["user_task_id"])
    access.require_work()
    behalf = item["on_behalf_of"]
    if behalf is not None:
        require_party(context.connection, access.case_id, behalf)
    outcome = complete_user_task(context.uow, item["user_task_id"], item["variables"], on_behalf_of(behalf))
    answer: dict[str, Any] = StepOutcomeSchema().dump(outcome)
    return answer
