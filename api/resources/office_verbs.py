"""User tasks that change hands, are urged and are copied: 转办, 委派并收回, 催办, 抄送阅知."""

from typing import Any
from uuid import UUID

from api.actors import actor_of, shown_actor
from api.context import RequestContext, current
from api.errors import AssigneeUnsuitableError, RequestInvalidError
from api.pages import answer_page, start_of
from api.routes import Routes
from api.rules import MACHINISTS, OFFICERS, requires
from api.schemas.office_verbs import (
    CopyBodySchema,
    DelegationBodySchema,
    HandoverBodySchema,
    OwnCopyPage,
    ReaderQuerySchema,
    TextBodySchema,
    UrgingBodySchema,
)
from api.schemas.user_tasks import CreatedSchema
from api.task_access import TaskAccess, require_group, require_receiver, task_access
from api.task_verbs import opened, sealed
from api.validation_sentences import FieldProblem
from api.visibility import in_dispute, seen_cases
from casework.access import roles_in_scope
from casework.errors import ActionForbiddenError
from casework.notifications import users_of_role
from casework.roles import ROLES
from casework.task_notices import actor_ids_of, heads, holders, tell, users
from casework.users import user_names, viewer_for_username
from engine.commands.acknowledge_copy import acknowledge_copy
from engine.commands.copy_user_task import copy_user_task
from engine.commands.delegate_user_task import delegate_user_task
from engine.commands.hand_over_user_task import hand_over_user_task
from engine.commands.recall_delegation import recall_delegation
from engine.commands.return_delegation import return_delegation
from engine.commands.urge_user_task import urge_user_task
from engine.queries.office_verbs import list_copies
from engine.store.instances import get_row
from engine.store.tables import user_task, user_task_copy

routes = Routes(
    "office-verbs",
    __name__,
    url_prefix="/api/v1/user-tasks",
    description="User tasks that change hands, are urged and are copied",
)
_OFFICE = (*OFFICERS, *MACHINISTS)
PARTIES = ("worker", "employer")


@routes.route("/<uuid:user_task_id>/handover", methods=["POST"])
@requires(*_OFFICE, owner="engine", scope="case")
@routes.arguments(HandoverBodySchema)
@routes.response(201, CreatedSchema)
def hand_over_one_user_task(body: dict[str, Any], user_task_id: UUID) -> dict[str, Any]:
    """Hand a user task over (转办) to a person or a role with the case in scope; the giver no longer holds it.

    Its holder does this, or a head, a director or a supervisor for them.
    """
    context = current()
    access = _access(context, user_task_id)
    is_override = not access.is_assignee and access.may_assign
    if not access.may_work and not is_override:
        raise ActionForbiddenError(action="hand-over")
    to_user, to_group = body["to_user"], body["to_group"]
    if (to_user is None) == (to_group is None):
        zh, en = "应填写 to_user 或 to_group 之一。", "give either `to_user` or `to_group`."
        raise RequestInvalidError(count=1, problems=[FieldProblem("to_user", "required", zh, en)])
    if to_user is not None:
        require_receiver(context.connection, to_user, user_task_id)
    else:
        require_group(context.connection, context.bureau, access.case_id, to_group)
    handover_id = hand_over_user_task(
        context.uow,
        user_task_id,
        to_user=actor_of(to_user) if to_user else None,
        to_group=to_group,
        reason=sealed(context, "user_task_handover", "reason", user_task_id, body["reason"]),
        is_override=is_override,
    )
    task = _task(context, user_task_id)
    tell(context.work, task, "task-handed-over", holders(context.connection, context.bureau, task), handover_id)
    return {"id": handover_id}


@routes.route("/<uuid:user_task_id>/delegation", methods=["PUT"])
@requires(*_OFFICE, owner="engine", scope="case")
@routes.arguments(DelegationBodySchema)
@routes.response(200, CreatedSchema)
def delegate_one_user_task(body: dict[str, str], user_task_id: UUID) -> dict[str, Any]:
    """Delegate a user task (委派): somebody else works on it and gives it back; its holder stays the owner."""
    context = current()
    _access(context, user_task_id).require_work()
    require_receiver(context.connection, body["to_user"], user_task_id)
    delegate = actor_of(body["to_user"])
    request_text = sealed(context, "user_task_delegation", "request", user_task_id, body["text"])
    delegation_id = delegate_user_task(context.uow, user_task_id, delegate, request_text)
    _tell_users(context, user_task_id, "task-delegated", [delegate], delegation_id)
    return {"id": delegation_id}


@routes.route("/<uuid:user_task_id>/delegation", methods=["DELETE"])
@requires(*_OFFICE, owner="engine", scope="case")
@routes.response(204)
def recall_one_delegation(user_task_id: UUID) -> None:
    """Take a delegated user task back (收回): its owner at any time, or a head, a director or a supervisor for them."""
    context = current()
    access = _access(context, user_task_id)
    before = _task(context, user_task_id)
    recall_delegation(context.uow, user_task_id, is_override=access.may_assign)
    _tell_users(context, user_task_id, "task-delegation-recalled", [before.assignee], context.uow.now.isoformat())


@routes.route("/<uuid:user_task_id>/delegation/return", methods=["POST"])
@requires(*_OFFICE, owner="engine", scope="case")
@routes.arguments(TextBodySchema)
@routes.response(204)
def return_one_delegation(body: dict[str, str], user_task_id: UUID) -> None:
    """Give a delegated user task back (交回) with what came of it; what was filled in stays as its draft."""
    context = current()
    _access(context, user_task_id)
    answer = sealed(context, "user_task_delegation", "answer", user_task_id, body["text"])
    return_delegation(context.uow, user_task_id, answer)
    owner = _task(context, user_task_id).assignee
    _tell_users(context, user_task_id, "task-delegation-resolved", [owner], context.uow.now.isoformat())


@routes.route("/<uuid:user_task_id>/urgings", methods=["POST"])
@requires(*_OFFICE, owner="engine", scope="case")
@routes.arguments(UrgingBodySchema)
@routes.response(201, CreatedSchema)
def urge_one_user_task(body: dict[str, Any], user_task_id: UUID) -> dict[str, Any]:
    """Urge a user task (催办): whoever holds it, or may claim it, is told, and on demand the heads; once in four hours."""
    context = current()
    access = _access(context, user_task_id)
    if not access.reads_notes:
        raise ActionForbiddenError(action="urge")
    task = _task(context, user_task_id)
    recipients = holders(context.connection, context.bureau, task)
    if body["tell_heads"]:
        recipients += heads(context.connection, context.bureau, access.case_id)
    told = actor_ids_of(context.connection, recipients)
    text = sealed(context, "user_task_urging", "text", user_task_id, body["text"])
    urging_id = urge_user_task(context.uow, user_task_id, told, text)
    tell(context.work, task, "task-urged", recipients, urging_id)
    return {"id": urging_id}


@routes.route("/<uuid:user_task_id>/copies", methods=["POST"])
@requires(*_OFFICE, owner="engine", scope="case")
@routes.arguments(CopyBodySchema)
@routes.response(204)
def copy_one_user_task(body: dict[str, Any], user_task_id: UUID) -> None:
    """Send copies of a user task for information (抄送): their readers see its content, acknowledge it, and cannot act.

    Readers have the case in scope, by name or by role. Who has a copy already gets no second one.
    """
    context = current()
    access = _access(context, user_task_id)
    if not access.reads_notes:
        raise ActionForbiddenError(action="copy")
    readers = [_reader(context, access.case_id, name) for name in body["users"]]
    for role in body["roles"]:
        require_group_of_readers(context, access.case_id, role)
        readers += actor_ids_of(
            context.connection, users_of_role(context.connection, context.bureau, access.case_id, role)
        )
    if not readers:
        zh, en = "应填写至少一名阅知人（users 或 roles）。", "name at least one reader in `users` or `roles`."
        raise RequestInvalidError(count=1, problems=[FieldProblem("users", "required", zh, en)])
    text = sealed(context, "user_task_copy", "text", user_task_id, body["text"])
    added = copy_user_task(context.uow, user_task_id, readers, text)
    _tell_users(context, user_task_id, "task-copied", added, user_task_id)


@routes.route("/<uuid:user_task_id>/copies/acknowledgement", methods=["PUT"])
@requires(*_OFFICE, owner="engine", scope="case")
@routes.response(204)
def acknowledge_one_copy(user_task_id: UUID) -> None:
    """Say that the caller's copy of a user task was read (阅知)."""
    context = current()
    _access(context, user_task_id)
    acknowledge_copy(context.uow, user_task_id)


@routes.route("/copies", methods=["GET"])
@requires(*_OFFICE, owner="engine", scope="own")
@routes.arguments(ReaderQuerySchema, location="query")
@routes.response(200, OwnCopyPage)
def list_own_copies(query: dict[str, Any]) -> dict[str, Any]:
    """Copies of user tasks to the caller, newest first; `unread=true`: those not acknowledged yet."""
    context = current()
    page = list_copies(
        context.connection,
        context.actor.id,
        seen_cases(context.viewer, user_task_copy.c.case_id),
        only_unread=query["unread"],
        after=start_of(query),
        limit=query["limit"],
    )
    senders = {shown_actor(item["sent_by"]) or "" for item in page.items}
    names = user_names(context.connection, context.bureau, senders)
    page.items[:] = [
        item
        | {
            "sent_by": shown_actor(item["sent_by"]),
            "sent_by_name": names.get(shown_actor(item["sent_by"]) or ""),
            "text": opened(context, "user_task_copy", "text", item["user_task_id"], item["text"]),
        }
        for item in page.items
    ]
    return answer_page(page, query)


def require_group_of_readers(context: RequestContext, case_id: UUID, role: str) -> None:
    """Raise GroupUnsuitableError unless the role is one of the office that may read the case."""
    if (
        role in ROLES
        and "read" in ROLES[role].actions
        and role not in PARTIES
        and in_dispute(context.connection, case_id)
    ):
        return
    require_group(context.connection, context.bureau, case_id, role)


def _reader(context: RequestContext, case_id: UUID, username: str) -> str:
    """Return the actor id of somebody of the office with the case in scope; raises AssigneeUnsuitableError."""
    reader = viewer_for_username(context.connection, username)
    if reader is None:
        raise AssigneeUnsuitableError(username=username)
    is_dispute = in_dispute(context.connection, case_id)
    roles = roles_in_scope(context.connection, reader, case_id) if is_dispute else reader.roles
    if not roles.difference(PARTIES):
        raise AssigneeUnsuitableError(username=username)
    return actor_of(username)


def _access(context: RequestContext, user_task_id: UUID) -> TaskAccess:
    return task_access(context.connection, context.viewer, user_task_id)


def _task(context: RequestContext, user_task_id: UUID) -> Any:
    return get_row(context.connection, user_task, user_task_id, "user task")


def _tell_users(context: RequestContext, user_task_id: UUID, template: str, actor_ids: list[str], key: object) -> None:
    task = _task(context, user_task_id)
    tell(context.work, task, template, users(context.connection, context.bureau, actor_ids), f"{user_task_id}:{key}")
