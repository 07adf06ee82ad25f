"""What a viewer may do with one user task."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

import sqlalchemy as sa

from api.actors import actor_of
from api.errors import AssigneeUnsuitableError, GroupUnsuitableError, ReviewerMediatedError
from api.rules import PARTIES
from api.visibility import in_dispute, is_machinist
from casework.access import OTHER_PART, Viewer, has_other_part, roles_in_scope, roles_of_each
from casework.bureau import Bureau
from casework.errors import ActionForbiddenError
from casework.notifications import users_of_role
from casework.roles import ROLES
from casework.users import viewer_for_username
from engine.domain.errors import NotFoundError
from engine.store.raw import Query, fetch_together
from engine.store.tables import user_task

Purpose = Literal["assignment", "handover", "copy"]
"""What a colleague is looked for: to be assigned a task, to have it handed over or delegated, to read a copy of it."""

ASSIGNING_ROLES = frozenset({"supervisor", "organisation-head", "arbitration-director"})

_PARTS = " ".join(f"when '{key}' then array{list(roles)}" for key, roles in OTHER_PART.items())
_TASK = f"""
    select t.case_id, t.assignee, t.candidate_groups, t.candidate_users, d.case_id is not null as is_dispute,
        array(select a.user_id from appointment a where a.case_id = t.case_id
              and a.role = any(case t.process_key {_PARTS} end)) as excluded
    from user_task t left join dispute d on d.case_id = t.case_id
    where t.id = %s
"""  # noqa: S608 - names of our processes and appointments


@dataclass(frozen=True, slots=True)
class TaskAccess:
    """A user task as one viewer meets it."""

    user_task_id: UUID
    case_id: UUID
    is_assignee: bool
    may_work: bool
    """Whether the viewer is its assignee or one of its candidates, and has no other part in the case."""
    may_assign: bool
    reads_notes: bool
    """Whether the viewer sees the comments that caseworkers leave for each other."""
    excluded: str | None = None
    """The viewer's username when only their other part in the case keeps them from working on it."""

    def require_work(self) -> None:
        """Raise unless the viewer may claim, fill in and complete the task.

        ReviewerMediatedError when they have the other part in the case: nobody reviews what they mediated. Otherwise
        ActionForbiddenError.
        """
        if self.excluded is not None:
            raise ReviewerMediatedError(username=self.excluded)
        if not self.may_work:
            raise ActionForbiddenError(action="work")

    def require_assign(self) -> None:
        """Raise ActionForbiddenError unless the viewer may give the task to somebody."""
        if not self.may_assign:
            raise ActionForbiddenError(action="assign")


def task_query(user_task_id: UUID) -> Query:
    """Return the query whose rows `task_access` decides on."""
    return _TASK, (user_task_id,)


def task_access(
    connection: sa.Connection, viewer: Viewer, user_task_id: UUID, rows: list[Any] | None = None
) -> TaskAccess:
    """Return what the viewer may do with a user task; raises NotFoundError when it is not for the viewer's eyes.

    `rows` are those of `task_query` when they were read before.
    """
    if rows is None:
        [rows] = fetch_together(connection, task_query(user_task_id))
    if not rows:
        raise NotFoundError(what="user task", id=user_task_id)
    row = rows[0]
    is_assignee = row.assignee == actor_of(viewer.username)
    if row.is_dispute:
        roles = roles_in_scope(connection, viewer, row.case_id)
        working = frozenset(role for role in roles if "work" in ROLES[role].actions)
        is_visible = bool(roles)
    else:
        roles = working = viewer.roles
        is_visible = is_machinist(viewer) or is_assignee or _is_candidate(row, viewer, working)
    if not is_visible:
        raise NotFoundError(what="user task", id=user_task_id)
    is_called = bool(working) and (is_assignee or _is_candidate(row, viewer, working))
    has_part = viewer.user_id in row.excluded
    may_work = is_called and not has_part
    return TaskAccess(
        user_task_id=user_task_id,
        case_id=row.case_id,
        is_assignee=is_assignee,
        may_work=may_work,
        may_assign=bool(ASSIGNING_ROLES & roles) or (not row.is_dispute and is_machinist(viewer)),
        reads_notes=may_work or bool(roles.difference(PARTIES)),
        excluded=viewer.username if is_called and has_part else None,
    )


def suitable_for(
    connection: sa.Connection, purpose: Purpose, user_task_id: UUID, people: Collection[Viewer]
) -> list[Viewer]:
    """Return those of some people to whom a user task may be given, or a copy of it.

    They are those that `require_assignee` and `require_receiver` let pass, and readers with the case in scope: the same
    decisions, for many at once. Raises NotFoundError.
    """
    [rows] = fetch_together(connection, task_query(user_task_id))
    if not rows:
        raise NotFoundError(what="user task", id=user_task_id)
    row = rows[0]
    if row.is_dispute:
        roles = roles_of_each(connection, people, row.case_id)
    else:
        roles = {person.user_id: person.roles for person in people}
    return [person for person in people if _suits(purpose, row, person, roles[person.user_id])]


def _suits(purpose: Purpose, row: Any, person: Viewer, roles: frozenset[str]) -> bool:
    if purpose == "copy":
        return bool(roles.difference(PARTIES))
    working = frozenset(role for role in roles if "work" in ROLES[role].actions)
    if person.user_id in row.excluded:
        return False
    if purpose == "handover":
        return bool(working.difference(PARTIES))
    is_called = row.assignee == actor_of(person.username) or _is_candidate(row, person, working)
    return bool(working) and is_called


def require_assignee(connection: sa.Connection, username: str, user_task_id: UUID) -> None:
    """Raise AssigneeUnsuitableError unless the account exists and may work on the user task."""
    candidate = viewer_for_username(connection, username)
    if candidate is None:
        raise AssigneeUnsuitableError(username=username)
    try:
        access = task_access(connection, candidate, user_task_id)
    except NotFoundError:
        raise AssigneeUnsuitableError(username=username) from None
    if not access.may_work:
        raise AssigneeUnsuitableError(username=username)


def require_receiver(connection: sa.Connection, username: str, user_task_id: UUID) -> None:
    """Raise AssigneeUnsuitableError unless a user task may be handed over or delegated to the account.

    That is anybody in the office who works on the case, candidate or not; never a party, and never one who has the other
    part in the case: nobody reviews what they mediated.
    """
    receiver = viewer_for_username(connection, username)
    row = connection.execute(
        sa.select(user_task.c.case_id, user_task.c.process_key).where(user_task.c.id == user_task_id)
    ).one()
    if receiver is None or not _works_on(connection, receiver, row.case_id):
        raise AssigneeUnsuitableError(username=username)
    if has_other_part(connection, row.case_id, receiver.user_id, row.process_key):
        raise ReviewerMediatedError(username=username)


def require_group(connection: sa.Connection, bureau: Bureau, case_id: UUID, group: str) -> None:
    """Raise GroupUnsuitableError unless a user task may be handed over to the group: office workers with the case in scope."""
    is_office = group in ROLES and "work" in ROLES[group].actions and group not in PARTIES
    is_dispute = in_dispute(connection, case_id)
    if not is_office or (is_dispute and not users_of_role(connection, bureau, case_id, group)):
        raise GroupUnsuitableError(group=group)


def _works_on(connection: sa.Connection, viewer: Viewer, case_id: UUID) -> bool:
    roles = roles_in_scope(connection, viewer, case_id) if in_dispute(connection, case_id) else viewer.roles
    return any("work" in ROLES[role].actions for role in roles.difference(PARTIES) if role in ROLES)


def _is_candidate(row: Any, viewer: Viewer, roles: frozenset[str]) -> bool:
    if roles.intersection(row.candidate_groups) or set(_names(viewer)).intersection(row.candidate_users):
        return True
    # a task that names nobody is for whoever works on the case
    return not row.candidate_groups and not row.candidate_users and row.assignee is None


def _names(viewer: Viewer) -> list[str]:
    return [viewer.username, actor_of(viewer.username)]
