"""Who is behind an access token or a username."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from casework.access import Viewer
from casework.bureau import Bureau
from casework.commands.sign_in import token_hash
from casework.encryption import place
from casework.store.tables import access_token, organisation, user_account

_COLUMNS = (
    user_account.c.id,
    user_account.c.username,
    user_account.c.roles,
    user_account.c.area_code,
    user_account.c.area_path,
    user_account.c.organisation_id,
    user_account.c.language,
)

_BY_TOKEN = (
    sa.select(*_COLUMNS)
    .join(access_token, access_token.c.user_id == user_account.c.id)
    .where(
        access_token.c.token_hash == sa.bindparam("token_hash"),
        access_token.c.expires_at > sa.bindparam("now"),
        access_token.c.revoked_at.is_(None),
        user_account.c.is_active,
    )
)


def viewer_for_token(connection: sa.Connection, token: str, now: datetime) -> Viewer | None:
    """Return who holds a valid token, or None; one query by primary key."""
    row = connection.execute(_BY_TOKEN, {"token_hash": token_hash(token), "now": now}).one_or_none()
    return None if row is None else _viewer(row)


def viewer_for_username(connection: sa.Connection, username: str) -> Viewer | None:
    """Return the open account of this username, or None."""
    row = connection.execute(
        sa.select(*_COLUMNS).where(user_account.c.username == username, user_account.c.is_active)
    ).one_or_none()
    return None if row is None else _viewer(row)


@dataclass(frozen=True, slots=True)
class UserRecord:
    """An account as administrators and lists show it."""

    id: UUID
    username: str
    display_name: str
    roles: tuple[str, ...]
    area_code: str | None
    organisation_code: str | None
    organisation_name: str | None
    is_active: bool
    is_demo: bool
    language: str


def list_users(
    connection: sa.Connection,
    bureau: Bureau,
    *,
    role: str | None = None,
    area_path: str | None = None,
    organisation_id: UUID | None = None,
) -> list[UserRecord]:
    """Return accounts by username, optionally those of a role, of an area and below, or of an organisation."""
    statement = (
        sa.select(user_account, organisation.c.code.label("organisation_code"), organisation.c.name)
        .outerjoin(organisation, organisation.c.id == user_account.c.organisation_id)
        .order_by(user_account.c.username)
    )
    if role is not None:
        statement = statement.where(user_account.c.roles.contains([role]))
    if area_path is not None:
        statement = statement.where(user_account.c.area_path.startswith(area_path, autoescape=True))
    if organisation_id is not None:
        statement = statement.where(user_account.c.organisation_id == organisation_id)
    return [
        UserRecord(
            id=row.id,
            username=row.username,
            display_name=_name(bureau, row.id, row.display_name),
            roles=tuple(row.roles),
            area_code=row.area_code,
            organisation_code=row.organisation_code,
            organisation_name=row.name,
            is_active=row.is_active,
            is_demo=row.is_demo,
            language=row.language,
        )
        for row in connection.execute(statement)
    ]


def user_names(connection: sa.Connection, bureau: Bureau, usernames: Collection[str]) -> dict[str, str]:
    """Return the display names of accounts by username; unknown usernames are left out."""
    statement = sa.select(user_account.c.id, user_account.c.username, user_account.c.display_name).where(
        user_account.c.username.in_(list(usernames))
    )
    return {row.username: _name(bureau, row.id, row.display_name) for row in connection.execute(statement)}


def _name(bureau: Bureau, user_id: UUID, sealed: str) -> str:
    return bureau.keyring.open(sealed, place("user_account", "display_name", user_id))


def _viewer(row: Any) -> Viewer:
    return Viewer(
        user_id=row.id,
        username=row.username,
        roles=frozenset(row.roles),
        area_code=row.area_code,
        area_path=row.area_path,
        organisation_id=row.organisation_id,
        language=row.language,
    )
