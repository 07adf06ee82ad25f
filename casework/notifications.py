"""Notifications: that somebody was told something, through which channel and whether it arrived; never the text."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from casework.access import Viewer, case_scope, party_seats
from casework.bureau import Bureau
from casework.encryption import place
from casework.store.tables import dispute, notification, party, user_account
from casework.tokens import VIEWER_COLUMNS, viewer_of
from casework.work import Work
from engine.domain.errors import NotFoundError

CHANNELS = ("in-app", "email", "sms")

_SIDES_OF = {"worker": "person", "employer": "organisation"}
"""Roles that stand for parties of the case -> kind of party."""


@dataclass(frozen=True, slots=True)
class RecordedNotification:
    """A notification after recording it."""

    id: UUID
    state: str
    """`pending`, `delivered` or `failed`; in-app ones are delivered at once."""
    is_new: bool


@dataclass(frozen=True, slots=True, repr=False)
class Recipient:
    """Somebody who can be told, with addresses in clear: for handlers only."""

    user_id: UUID | None
    party_id: UUID | None
    name: str
    email: str | None
    phone: str | None
    language: str


def record_notification(
    work: Work,
    case_id: UUID | None,
    *,
    template: str,
    channel: str,
    idempotency_key: str,
    user_id: UUID | None = None,
    party_id: UUID | None = None,
    facts: Mapping[str, Any] | None = None,
) -> RecordedNotification:
    """Write down that a user or a party is to be told; the same key returns the first one.

    `case_id` is None where the notice is about no case; only users get such ones.
    `facts` is plain JSON without personal data (dates, numbers of papers). In-app notifications count as delivered.
    """
    if (user_id is None) == (party_id is None):
        raise ValueError("a notification goes to a user or to a party")
    is_in_app = channel == "in-app"
    inserted = work.connection.execute(
        insert(notification)
        .values(
            id=work.ids(),
            case_id=case_id,
            template=template,
            channel=channel,
            user_id=user_id,
            party_id=party_id,
            facts=dict(facts or {}),
            state="delivered" if is_in_app else "pending",
            idempotency_key=idempotency_key,
            created_at=work.now,
            delivered_at=work.now if is_in_app else None,
        )
        .on_conflict_do_nothing(index_elements=["idempotency_key"])
        .returning(notification.c.id, notification.c.state)
    ).one_or_none()
    if inserted is not None:
        return RecordedNotification(inserted.id, inserted.state, is_new=True)
    earlier = work.connection.execute(
        sa.select(notification.c.id, notification.c.state).where(notification.c.idempotency_key == idempotency_key)
    ).one()
    return RecordedNotification(earlier.id, earlier.state, is_new=False)


def pending_text_message(connection: sa.Connection, templates: Collection[str], except_ids: Collection[UUID]) -> Any:
    """Return the oldest text message of these templates that waits, locked, or None; locked ones are passed over."""
    return connection.execute(
        sa.select(notification)
        .where(
            notification.c.state == "pending",
            notification.c.channel == "sms",
            notification.c.template.in_(list(templates)),
            notification.c.id.not_in(list(except_ids)),
        )
        .order_by(notification.c.created_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).one_or_none()


def mark_delivered(work: Work, notification_id: UUID, external_id: str | None = None) -> None:
    """Write down that a notification arrived at its channel's gateway. Raises NotFoundError."""
    _set_state(work, notification_id, state="delivered", delivered_at=work.now, external_id=external_id)


def mark_failed(work: Work, notification_id: UUID) -> None:
    """Write down that a notification could not be handed over. Raises NotFoundError."""
    _set_state(work, notification_id, state="failed")


def mark_read(work: Work, viewer: Viewer, notification_id: UUID) -> None:
    """Write down that the viewer read a notification of theirs. Raises NotFoundError for anybody else's."""
    found = work.connection.execute(
        sa.update(notification)
        .where(notification.c.id == notification_id, _is_for(viewer))
        .values(read_at=sa.func.coalesce(notification.c.read_at, work.now))
        .returning(notification.c.id)
    ).one_or_none()
    if found is None:
        raise NotFoundError(what="notification", id=notification_id)


def mark_all_read(work: Work, viewer: Viewer, until: datetime) -> None:
    """Write down that the viewer read every in-app notification of theirs that was made up to an instant."""
    work.connection.execute(
        sa.update(notification)
        .where(
            notification.c.channel == "in-app",
            notification.c.read_at.is_(None),
            notification.c.created_at <= until,
            _is_for(viewer),
        )
        .values(read_at=work.now)
    )


@dataclass(frozen=True, slots=True)
class NotificationRecord:
    """A notification in its reader's list."""

    id: UUID
    case_id: UUID | None
    number: str | None
    template: str
    facts: Mapping[str, Any]
    created_at: datetime
    read_at: datetime | None


def list_notifications(
    connection: sa.Connection,
    viewer: Viewer,
    *,
    after: tuple[datetime, UUID] | None = None,
    limit: int = 50,
    only_unread: bool = False,
) -> list[NotificationRecord]:
    """Return in-app notifications to the viewer or to the parties that the viewer is, newest first.

    Notifications of cases that have left the viewer's scope are not shown. `after` is (created_at, id) of the last one
    seen.
    """
    statement = (
        sa.select(notification, dispute.c.number)
        .outerjoin(dispute, dispute.c.case_id == notification.c.case_id)
        .where(notification.c.channel == "in-app", _is_for(viewer))
        .where(sa.or_(notification.c.case_id.is_(None), case_scope(viewer)))
        .order_by(notification.c.created_at.desc(), notification.c.id.desc())
        .limit(limit)
    )
    if only_unread:
        statement = statement.where(notification.c.read_at.is_(None))
    if after is not None:
        statement = statement.where(
            sa.tuple_(notification.c.created_at, notification.c.id)
            < sa.tuple_(sa.literal(after[0]), sa.literal(after[1]))
        )
    return [
        NotificationRecord(
            id=row.id,
            case_id=row.case_id,
            number=row.number,
            template=row.template,
            facts=row.facts,
            created_at=row.created_at,
            read_at=row.read_at,
        )
        for row in connection.execute(statement)
    ]


def count_unread(connection: sa.Connection, viewer: Viewer) -> int:
    """Return how many in-app notifications `list_notifications` would show the viewer as unread; stops at 100."""
    unread = (
        sa.select(sa.literal(1).label("one"))
        .select_from(notification.outerjoin(dispute, dispute.c.case_id == notification.c.case_id))
        .where(notification.c.channel == "in-app", notification.c.read_at.is_(None), _is_for(viewer))
        .where(sa.or_(notification.c.case_id.is_(None), case_scope(viewer)))
        .limit(100)
        .subquery()
    )
    return connection.execute(sa.select(sa.func.count()).select_from(unread)).scalar_one()


def users_of_role(connection: sa.Connection, bureau: Bureau, case_id: UUID, role: str) -> list[Recipient]:
    """Return whom a role means in a case: its users who have the case in scope; for worker and employer, the parties.

    Parties come with their agents' place taken by themselves: who represents whom is the party's affair.
    """
    if role in _SIDES_OF:
        rows = connection.execute(
            sa.select(party.c.id)
            .where(party.c.case_id == case_id, party.c.kind == _SIDES_OF[role])
            .order_by(party.c.side, party.c.position)
        )
        return [party_recipient(connection, bureau, row.id) for row in rows]
    statement = (
        sa.select(*VIEWER_COLUMNS, user_account.c.display_name, user_account.c.email, user_account.c.phone)
        .where(user_account.c.roles.contains([role]), user_account.c.is_active)
        .order_by(user_account.c.username)
    )
    found = []
    for row in connection.execute(statement).all():
        viewer = viewer_of(row)
        as_role = Viewer(
            user_id=viewer.user_id,
            username=viewer.username,
            roles=frozenset({role}),
            area_code=viewer.area_code,
            area_path=viewer.area_path,
            organisation_id=viewer.organisation_id,
        )
        reach = sa.select(dispute.c.case_id).where(dispute.c.case_id == case_id, case_scope(as_role))
        if connection.execute(reach).first() is not None:
            found.append(_user_recipient(bureau, row))
    return found


def user_recipient(connection: sa.Connection, bureau: Bureau, username: str) -> Recipient:
    """Return a user as a recipient. Raises NotFoundError."""
    row = connection.execute(
        sa.select(user_account).where(user_account.c.username == username, user_account.c.is_active)
    ).one_or_none()
    if row is None:
        raise NotFoundError(what="user", id=username)
    return _user_recipient(bureau, row)


def party_recipient(connection: sa.Connection, bureau: Bureau, party_id: UUID) -> Recipient:
    """Return a party as a recipient. Raises NotFoundError."""
    row = connection.execute(
        sa.select(party, user_account.c.language)
        .outerjoin(user_account, user_account.c.id == party.c.user_account_id)
        .where(party.c.id == party_id)
    ).one_or_none()
    if row is None:
        raise NotFoundError(what="party", id=party_id)
    keyring = bureau.keyring
    return Recipient(
        user_id=row.user_account_id,
        party_id=row.id,
        name=keyring.open(row.name, place("party", "name", row.id)),
        email=keyring.open_optional(row.email, place("party", "email", row.id)),
        phone=keyring.open_optional(row.phone, place("party", "phone", row.id)),
        language=row.language or "zh",
    )


def _user_recipient(bureau: Bureau, row: Any) -> Recipient:
    keyring = bureau.keyring
    return Recipient(
        user_id=row.id,
        party_id=None,
        name=keyring.open(row.display_name, place("user_account", "display_name", row.id)),
        email=keyring.open_optional(row.email, place("user_account", "email", row.id)),
        phone=keyring.open_optional(row.phone, place("user_account", "phone", row.id)),
        language=row.language,
    )


def _is_for(viewer: Viewer) -> sa.ColumnElement[bool]:
    seats = party_seats(viewer).subquery("seats")
    return sa.or_(notification.c.user_id == viewer.user_id, notification.c.party_id.in_(sa.select(seats.c.party_id)))


def _set_state(work: Work, notification_id: UUID, **values: Any) -> None:
    found = work.connection.execute(
        sa.update(notification).where(notification.c.id == notification_id).values(values).returning(notification.c.id)
    ).one_or_none()
    if found is None:
        raise NotFoundError(what="notification", id=notification_id)
