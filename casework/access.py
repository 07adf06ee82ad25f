"""The one place that decides who sees which case and may do what with it.

Rules: parties see their own cases; mediation organisations the cases assigned to them; arbitration institutions and
courts those sent to them; union stations those of their area assigned to them; window clerks those of their area or
registered by themselves; supervisors everything in their area. Designers and administrators see no case content.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args
from uuid import UUID

import sqlalchemy as sa

from casework.errors import ActionForbiddenError
from casework.roles import ROLES, Sight
from casework.store.tables import agent, appointment, case_access, dispute, party, party_session
from casework.work import Work
from engine.domain.actor import Actor
from engine.domain.errors import ForbiddenError, NotFoundError
from engine.store.tables import user_task

Action = Literal[
    "read",
    "read-document",
    "read-confidential",
    "work",
    "add-document",
    "issue-document",
    "sign-document",
    "seal-document",
    "correct-event-date",
    "transfer",
    "operate",
    "audit",
]
GlobalAction = Literal["register", "deploy", "operate", "manage-users"]

_SIGHTS: tuple[Sight, ...] = get_args(Sight)


@dataclass(frozen=True, slots=True)
class PartySession:
    """The sign-in of one party of one case by link and code; it reaches nothing else."""

    id: UUID
    case_id: UUID
    party_id: UUID
    level: Literal["code", "letter"]
    """`code`: a code sent to the party's telephone; `letter`: number and code of a paper sent to the party."""
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks: a signed-in user with roles, area and organisation, or one party of one case by link and code."""

    user_id: UUID
    username: str
    roles: frozenset[str]
    area_code: str | None
    area_path: str | None
    organisation_id: UUID | None
    language: str = "zh"
    session: PartySession | None = None
    """Set for a party that came by link and code: it has no account, and `user_id` is that of no account."""

    @property
    def actor(self) -> Actor:
        """The actor that history names."""
        return Actor(f"user:{self.username}" if self.session is None else f"party:{self.session.party_id}")

    @property
    def is_supervisor(self) -> bool:
        """Tell whether this viewer's reading of cases is logged."""
        return "supervisor" in self.roles


def case_scope(viewer: Viewer) -> sa.ColumnElement[bool]:
    """Return the condition over `dispute` under which a case lies in the viewer's scope.

    Every list of cases, user tasks, documents or anything else that belongs to a case is limited by it.
    """
    return sa.or_(sa.false(), *(condition for role in sorted(viewer.roles) for condition in _scope_of(role, viewer)))


def _scope_of(role: str, viewer: Viewer) -> list[sa.ColumnElement[bool]]:
    columns = dispute.c
    match role:
        case "worker" | "employer":
            return [_is_own(viewer)]
        case "mediator" | "organisation-head":
            return _sent_to(columns.organisation_id, viewer)
        case "arbitration-clerk" | "reviewer" | "arbitration-director":
            return _sent_to(columns.arbitration_organisation_id, viewer)
        case "court-liaison":
            return _sent_to(columns.court_id, viewer)
        case "union-station":
            return [
                sa.and_(sent, inside)
                for sent in _sent_to(columns.union_organisation_id, viewer)
                for inside in _inside(viewer)
            ]
        case "window-clerk":
            return [*_inside(viewer), columns.registered_by == viewer.actor.id]
        case "supervisor":
            return _inside(viewer)
    return []


def party_seats(viewer: Viewer) -> sa.Select[tuple[UUID, UUID]]:
    """Return the query of (case id, party id) for which the viewer speaks: as a party, as its agent, or by link and code.

    A session by link and code has one row, as long as it has not ended; it is looked up anew in every query.
    """
    if viewer.session is not None:
        return (
            sa.select(party.c.case_id, party.c.id.label("party_id"))
            .join(
                party_session,
                sa.and_(party_session.c.party_id == party.c.id, party_session.c.case_id == party.c.case_id),
            )
            .where(party_session.c.id == viewer.session.id, party_session.c.ended_at.is_(None))
        )
    as_agent = sa.exists().where(agent.c.party_id == party.c.id, agent.c.user_account_id == viewer.user_id)
    return sa.select(party.c.case_id, party.c.id.label("party_id")).where(
        sa.or_(party.c.user_account_id == viewer.user_id, as_agent)
    )


def _is_own(viewer: Viewer) -> sa.ColumnElement[bool]:
    seats = party_seats(viewer).subquery("seats")
    return sa.exists(sa.select(sa.literal(1)).select_from(seats).where(seats.c.case_id == dispute.c.case_id))


def _sent_to(column: "sa.Column[UUID]", viewer: Viewer) -> list[sa.ColumnElement[bool]]:
    return [] if viewer.organisation_id is None else [column == viewer.organisation_id]


def _inside(viewer: Viewer) -> list[sa.ColumnElement[bool]]:
    if viewer.area_path is None:
        return []
    return [dispute.c.area_path.startswith(viewer.area_path, autoescape=True)]


def has_case_scope(viewer: Viewer) -> bool:
    """Tell whether any role of the viewer can have cases in its scope at all."""
    return any(ROLES[role].actions for role in viewer.roles if role in ROLES)


def in_scope(connection: sa.Connection, viewer: Viewer, case_id: UUID) -> bool:
    """Tell whether the case lies in the viewer's scope."""
    statement = sa.select(sa.literal(1)).where(dispute.c.case_id == case_id, case_scope(viewer))
    return connection.execute(statement).first() is not None


def may(connection: sa.Connection, viewer: Viewer, action: Action, case_id: UUID) -> bool:
    """Tell whether one of the viewer's roles has the case in its scope and allows the action."""
    conditions = [
        condition
        for role in viewer.roles
        if role in ROLES and action in ROLES[role].actions
        for condition in _scope_of(role, viewer)
    ]
    if not conditions:
        return False
    statement = sa.select(sa.literal(1)).where(dispute.c.case_id == case_id, sa.or_(*conditions))
    return connection.execute(statement).first() is not None


def require(connection: sa.Connection, viewer: Viewer, action: Action, case_id: UUID) -> None:
    """Return when the viewer may; otherwise say no without telling strangers that the case exists.

    Raises NotFoundError when the case is out of scope, ActionForbiddenError when it is in scope but no role allows it.
    """
    if may(connection, viewer, action, case_id):
        return
    if in_scope(connection, viewer, case_id):
        raise ActionForbiddenError(action=action)
    raise NotFoundError(what="case", id=case_id)


def may_globally(viewer: Viewer, action: GlobalAction) -> bool:
    """Tell whether a role of the viewer allows an action that belongs to no case."""
    return any(action in ROLES[role].global_actions for role in viewer.roles if role in ROLES)


def require_globally(viewer: Viewer, action: GlobalAction) -> None:
    """Return when a role of the viewer allows the action; raises ForbiddenError."""
    if not may_globally(viewer, action):
        raise ForbiddenError(action=action)


def is_operator(viewer: Viewer) -> bool:
    """Tell whether the viewer looks after the machinery: incidents, jobs, timers."""
    return may_globally(viewer, "operate")


def candidate_groups(viewer: Viewer) -> list[str]:
    """Return the candidate groups whose user tasks the viewer may claim."""
    return sorted(role for role in viewer.roles if role in ROLES and "work" in ROLES[role].actions)


def offered_tasks(viewer: Viewer) -> sa.ColumnElement[bool]:
    """Return the condition over `user_task` that the viewer is its assignee or one of its candidates."""
    return sa.or_(user_task.c.assignee == viewer.actor.id, candidate_tasks(viewer))


def candidate_tasks(viewer: Viewer) -> sa.ColumnElement[bool]:
    """Return the condition over `user_task` that the viewer is one of its candidates."""
    return sa.or_(
        user_task.c.candidate_groups.overlap(sorted(viewer.roles)),
        user_task.c.candidate_users.overlap([viewer.username, viewer.actor.id]),
    )


def roles_in_scope(connection: sa.Connection, viewer: Viewer, case_id: UUID) -> frozenset[str]:
    """Return those of the viewer's roles that have the case in their scope; empty when none has."""
    conditions = {
        role: sa.or_(*found) for role in viewer.roles if role in ROLES for found in [_scope_of(role, viewer)] if found
    }
    if not conditions:
        return frozenset()
    columns = [condition.label(role) for role, condition in conditions.items()]
    row = connection.execute(sa.select(*columns).where(dispute.c.case_id == case_id)).mappings().one_or_none()
    return frozenset() if row is None else frozenset(role for role in conditions if row[role])


_CONDITIONS_AT_ONCE = 400


def roles_of_each(connection: sa.Connection, viewers: Collection[Viewer], case_id: UUID) -> dict[UUID, frozenset[str]]:
    """Return `roles_in_scope` of many viewers by user id, in one query for every few hundred of their roles."""
    asked = [
        (viewer.user_id, role, sa.or_(*found))
        for viewer in viewers
        for role in sorted(viewer.roles)
        for found in [_scope_of(role, viewer)]
        if found
    ]
    roles: dict[UUID, set[str]] = {viewer.user_id: set() for viewer in viewers}
    for start in range(0, len(asked), _CONDITIONS_AT_ONCE):
        part = asked[start : start + _CONDITIONS_AT_ONCE]
        columns = [condition.label(str(position)) for position, (_, _, condition) in enumerate(part)]
        row = connection.execute(sa.select(*columns).where(dispute.c.case_id == case_id)).one_or_none()
        for (user_id, role, _), holds in zip(part, row or (), strict=False):
            if holds:
                roles[user_id].add(role)
    return {user_id: frozenset(found) for user_id, found in roles.items()}


OTHER_PART = {"arbitration-review": ("mediator", "mediator-2", "mediator-3"), "mediation": ("reviewer",)}
"""Process -> the appointments of the case whose holders may not work in it: nobody reviews what they mediated."""


def has_other_part(connection: sa.Connection, case_id: UUID, user_id: UUID, process_key: str) -> bool:
    """Tell whether a user holds or held the appointment in the case that keeps them out of a process."""
    roles = OTHER_PART.get(process_key, ())
    statement = sa.select(sa.literal(1)).where(
        appointment.c.case_id == case_id, appointment.c.role.in_(roles), appointment.c.user_id == user_id
    )
    return connection.execute(statement).first() is not None


def sight(roles: Collection[str]) -> Sight:
    """Return how much of the parties these roles let a viewer see, the most generous role deciding."""
    return max((ROLES[role].sight for role in roles if role in ROLES), key=_SIGHTS.index, default="none")


def names_in_lists(viewer: Viewer) -> sa.ColumnElement[bool]:
    """Return the condition over `dispute` under which lists show the viewer names in full, not masked."""
    conditions = [
        condition
        for role in sorted(viewer.roles)
        if role in ROLES and ROLES[role].list_sight in ("contact", "full")
        for condition in _scope_of(role, viewer)
    ]
    return sa.or_(sa.false(), *conditions)


def log_case_access(work: Work, viewer: Viewer, case_id: UUID, purpose: str) -> None:
    """Write down that a supervisor read a case; other viewers leave no row."""
    if viewer.is_supervisor:
        work.connection.execute(
            sa.insert(case_access).values(
                id=work.ids(), case_id=case_id, user_id=viewer.user_id, purpose=purpose, at=work.now
            )
        )
