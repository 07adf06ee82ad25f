"""User tasks: finding them, claiming, filling in, completing."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from api.actors import actor_of, shown_actor
from api.context import current
from api.forms import form_of, known_values
from api.on_behalf import on_behalf_of
from api.pages import answer_page, start_of
from api.parties import require_party
from api.routes import Routes
from api.rules import CASEWORKERS, MACHINISTS, requires
from api.schemas.instances import StepOutcomeSchema
from api.schemas.user_tasks import (
    AssignmentBodySchema,
    CommentBodySchema,
    CommentsSchema,
    CompletionBodySchema,
    CreatedSchema,
    DraftBodySchema,
    InboxCountsSchema,
    UserTaskDetailSchema,
    UserTaskPage,
    UserTaskQuerySchema,
)
from api.task_access import TaskAccess, require_assignee, task_access, task_query
from api.task_verbs import retractability, shown_verbs
from api.visibility import is_machinist
from casework.drafts import open_draft, seal_draft
from casework.encryption import place
from casework.errors import ActionForbiddenError
from casework.queries.inbox import InboxFilters, count_inbox, list_inbox
from casework.task_notices import tell, users
from engine.commands.assign_user_task import assign_user_task
from engine.commands.claim_user_task import claim_user_task
from engine.commands.comment_on_user_task import comment_on_user_task
from engine.commands.complete_user_task import complete_user_task
from engine.commands.copy_user_task import has_copy
from engine.commands.read_comments import read_comments
from engine.commands.save_draft import save_draft
from engine.commands.unclaim_user_task import unclaim_user_task
from engine.domain.clock import shanghai_date
from engine.queries.user_tasks import OPEN, get_user_task, list_comments
from engine.store.instances import business_key_of, get_row
from engine.store.tables import user_task

routes = Routes("user-tasks", __name__, url_prefix="/api/v1/user-tasks", description="Work for people")
_USERS = (*CASEWORKERS, *MACHINISTS)


@routes.route("", methods=["GET"])
@requires(*_USERS, owner="engine", scope="case")
@routes.arguments(UserTaskQuerySchema, location="query")
@routes.response(200, UserTaskPage)
def list_visible_user_tasks(query: dict[str, Any]) -> dict[str, Any]:
    """User tasks of visible cases as an inbox shows them, the most urgent first."""
    context = current()
    assignee = context.viewer.username if query["assignee"] == "me" else query["assignee"]
    filters = InboxFilters(
        view=query["view"],
        states=OPEN if query["state"] == "open" else [query["state"]],
        is_offered=query["offered"],
        case_id=query["case_id"],
        assignee=actor_of(assignee) if assignee else None,
        groups=[query["group"]] if query["group"] else [],
        process_keys=query["process_key"],
        element_ids=query["element_id"],
        organisation_id=query["organisation_id"],
        cause_codes=query["cause_code"],
        stages=query["stage"],
        flag=query["flag"],
        due_before=query["due_before"],
        law_due_until=_law_due_until(query),
        text=query["q"],
    )
    page = list_inbox(
        context.connection,
        context.bureau,
        context.viewer,
        filters,
        sees_trials=is_machinist(context.viewer),
        now=context.now,
        sort=query["sort"],
        after=start_of(query),
        limit=query["limit"],
    )
    page.items[:] = [_shown(item) for item in page.items]
    return answer_page(page, query)


@routes.route("/counts", methods=["GET"])
@requires(*_USERS, owner="casework", scope="case")
@routes.response(200, InboxCountsSchema)
def count_user_tasks() -> dict[str, Any]:
    """How many user tasks each view of the caller's inbox holds, how many are overdue, and how many are due today."""
    context = current()
    return count_inbox(
        context.connection,
        context.bureau,
        context.viewer,
        sees_trials=is_machinist(context.viewer),
        now=context.now,
    )


@routes.route("/<uuid:user_task_id>", methods=["GET"])
@requires(*_USERS, owner="engine", scope="case")
@routes.response(200, UserTaskDetailSchema)
def get_one_user_task(user_task_id: UUID) -> dict[str, Any]:
    """A user task with its form; with known values and the draft for whoever may work on it."""
    context = current()
    access = _access(user_task_id)
    found = get_user_task(context.connection, user_task_id)
    form = form_of(context, found)
    reads_data = access.may_work or has_copy(context.connection, user_task_id, context.actor.id)
    if found["state"] == "completed":
        reads_data = access.reads_notes and (reads_data or access.may_assign or found["ended_by"] == context.actor.id)
    return _shown(found) | {
        "business_key": business_key_of(context.connection, access.case_id),
        "form": form,
        "data": known_values(context, found, form) if reads_data else None,
        "draft": open_draft(context.bureau.keyring, user_task_id, found["draft"]) if access.may_work else None,
        "may_work": access.may_work,
        "may_assign": access.may_assign,
        "retraction": retractability(context, found),
        "verbs": shown_verbs(context, user_task_id, access),
    }


@routes.route("/<uuid:user_task_id>/claim", methods=["POST"])
@requires(*_USERS, owner="engine", scope="case")
@routes.response(204)
def claim_one_user_task(user_task_id: UUID) -> None:
    """Claim a user task: nobody else may complete it then. Claiming one's own again changes nothing."""
    _access(user_task_id).require_work()
    claim_user_task(current().uow, user_task_id)


@routes.route("/<uuid:user_task_id>/claim", methods=["DELETE"])
@requires(*_USERS, owner="engine", scope="case")
@routes.response(204)
def unclaim_one_user_task(user_task_id: UUID) -> None:
    """Give a claimed user task back to its candidates."""
    access = _access(user_task_id)
    if not access.is_assignee and not access.may_assign:
        raise ActionForbiddenError(action="unclaim")
    unclaim_user_task(current().uow, user_task_id)


@routes.route("/<uuid:user_task_id>/assignment", methods=["PUT"])
@requires(*_USERS, owner="engine", scope="case")
@routes.arguments(AssignmentBodySchema)
@routes.response(204)
def assign_one_user_task(body: dict[str, str], user_task_id: UUID) -> None:
    """Give a user task to somebody who may work on it, whoever had it before."""
    context = current()
    _access(user_task_id).require_assign()
    require_assignee(context.connection, body["assignee"], user_task_id)
    assign_user_task(context.uow, user_task_id, actor_of(body["assignee"]))


@routes.route("/<uuid:user_task_id>/draft", methods=["PUT"])
@requires(*_USERS, owner="engine", scope="case")
@routes.arguments(DraftBodySchema)
@routes.response(204)
def put_user_task_draft(body: dict[str, Any], user_task_id: UUID) -> None:
    """Keep what was filled in so far; it is not checked, and gone once the task is completed."""
    _access(user_task_id).require_work()
    context = current()
    save_draft(context.uow, user_task_id, seal_draft(context.bureau.keyring, user_task_id, body["draft"]))


@routes.route("/<uuid:user_task_id>/completion", methods=["POST"])
@requires(*_USERS, owner="engine", scope="case", prefetch=task_query)
@routes.arguments(CompletionBodySchema)
@routes.response(200, StepOutcomeSchema)
def complete_one_user_task(body: dict[str, Any], user_task_id: UUID) -> Any:
    """Complete a user task: the form is checked on the server, and the process goes on.

    422 `form_invalid` names every field to mend; 409 `user_task_already_completed` says by whom and when.
    """
    context = current()
    access = _access(user_task_id)
    access.require_work()
    behalf = body["on_behalf_of"]
    if behalf is not None:
        require_party(context.connection, access.case_id, behalf)
    return complete_user_task(context.uow, user_task_id, body["variables"], on_behalf_of(behalf))


@routes.route("/<uuid:user_task_id>/comments", methods=["GET"])
@requires(*_USERS, owner="engine", scope="case")
@routes.response(200, CommentsSchema)
def list_user_task_comments(user_task_id: UUID) -> dict[str, Any]:
    """The comments that caseworkers left on a user task, oldest first."""
    access = _access(user_task_id)
    if not access.reads_notes:
        raise ActionForbiddenError(action="read-comments")
    context = current()
    comments = list_comments(context.connection, user_task_id)
    at = place("user_task_comment", "text", user_task_id)
    return {
        "items": [
            comment
            | {"actor": shown_actor(comment["actor_id"]), "text": context.bureau.keyring.open(comment["text"], at)}
            for comment in comments
        ]
    }


@routes.route("/<uuid:user_task_id>/comments", methods=["POST"])
@requires(*_USERS, owner="engine", scope="case")
@routes.arguments(CommentBodySchema)
@routes.response(201, CreatedSchema)
def create_user_task_comment(body: dict[str, str], user_task_id: UUID) -> dict[str, Any]:
    """Leave a comment: kept encrypted; history tells that, not what, was said."""
    access = _access(user_task_id)
    if not access.reads_notes:
        raise ActionForbiddenError(action="comment")
    context = current()
    sealed = context.bureau.keyring.seal(body["text"].strip(), place("user_task_comment", "text", user_task_id))
    comment_id = comment_on_user_task(context.uow, user_task_id, sealed)
    _tell_of_comment(user_task_id, comment_id)
    return {"id": comment_id}


@routes.route("/<uuid:user_task_id>/comments/reading", methods=["PUT"])
@requires(*_USERS, owner="engine", scope="case")
@routes.response(204)
def read_user_task_comments(user_task_id: UUID) -> None:
    """Mark the comments on a user task as read by the caller, up to now."""
    access = _access(user_task_id)
    if not access.reads_notes:
        raise ActionForbiddenError(action="read-comments")
    read_comments(current().uow, user_task_id)


def _tell_of_comment(user_task_id: UUID, comment_id: UUID) -> None:
    """Tell whoever holds or owns the task, and whoever commented on it before."""
    context = current()
    task = get_row(context.connection, user_task, user_task_id, "user task")
    involved = {
        task.assignee,
        task.owner,
        *(each["actor_id"] for each in list_comments(context.connection, user_task_id)),
    }
    told = users(context.connection, context.bureau, sorted(involved - {None}))
    tell(context.work, task, "task-commented", told, comment_id)


def _law_due_until(query: dict[str, Any]) -> date | None:
    """Return the last day of the two filters by time left in law; the earlier one when both are given."""
    days = query["law_within_days"]
    ends = [query["law_due_until"], None if days is None else shanghai_date(current().now) + timedelta(days=days)]
    return min((end for end in ends if end is not None), default=None)


def _access(user_task_id: UUID) -> TaskAccess:
    context = current()
    return task_access(context.connection, context.viewer, user_task_id, context.prefetched)


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    return row | {
        "assignee": shown_actor(row["assignee"]),
        "owner": shown_actor(row["owner"]),
        "ended_by": shown_actor(row["ended_by"]),
        "candidate_users": [shown_actor(name) for name in row["candidate_users"]],
    }
