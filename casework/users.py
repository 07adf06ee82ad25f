"""User accounts: signing in with a password, creating, changing and listing them."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from casework.access import Viewer
from casework.areas import area
from casework.bureau import Bureau
from casework.encryption import place
from casework.errors import (
    LoginFailedError,
    LoginThrottledError,
    RoleUnknownError,
    UserInvalidError,
    UsernameTakenError,
)
from casework.passwords import hash_password, is_password, needs_rehash
from casework.roles import ROLES
from casework.store.tables import agent, login_failure, organisation, party, user_account
from casework.tokens import VIEWER_COLUMNS, revoke_tokens_of, viewer_of
from casework.work import Work
from engine.domain.errors import NotFoundError

FREE_FAILURES = 10
WAIT_AFTER_FAILURES = timedelta(minutes=5)
_USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")


def verify_password(connection: sa.Connection, bureau: Bureau, username: str, password: str, now: datetime) -> Viewer:
    """Return who signs in with this password.

    Raises LoginFailedError, also for an unknown username, which takes as long; the failure is counted in this
    transaction, so the caller commits before answering. Raises LoginThrottledError when a username, existing or not,
    failed ten times in a row less than five minutes ago.
    """
    username = username.casefold()
    username_index = bureau.keyring.index("login", username)
    wait = _remaining_wait(connection, username_index, now)
    if wait > timedelta(0):
        raise LoginThrottledError(retry_after=max(1, int(wait.total_seconds())))
    row = connection.execute(
        sa.select(*VIEWER_COLUMNS, user_account.c.password_hash).where(
            user_account.c.username == username, user_account.c.is_active
        )
    ).one_or_none()
    if not is_password(row.password_hash if row else None, password) or row is None:
        _count_failure(connection, username_index, now)
        raise LoginFailedError()
    connection.execute(sa.delete(login_failure).where(login_failure.c.username_index == username_index))
    if needs_rehash(row.password_hash):
        connection.execute(
            sa.update(user_account)
            .where(user_account.c.id == row.id)
            .values(password_hash=hash_password(password), updated_at=now)
        )
    return viewer_of(row)


@dataclass(frozen=True, slots=True)
class NewUser:
    """An account to create."""

    username: str
    """2 to 40 lower-case letters, digits, dots, hyphens or underscores; stands in history, so never a person's name."""
    password: str
    display_name: str
    roles: Sequence[str]
    area_code: str | None = None
    organisation_code: str | None = None
    phone: str | None = None
    email: str | None = None
    language: str = "zh"
    is_demo: bool = False


def create_user(work: Work, bureau: Bureau, user: NewUser) -> UUID:
    """Create an account and return its id.

    Raises UserInvalidError, RoleUnknownError, AreaUnknownError, NotFoundError for an unknown organisation, and
    UsernameTakenError.
    """
    _check(user)
    user_id = work.ids()
    values: dict[str, Any] = {
        "id": user_id,
        "username": user.username,
        "password_hash": hash_password(user.password),
        "roles": sorted(set(user.roles)),
        "area_code": user.area_code,
        "area_path": area(bureau.site.areas, user.area_code).path if user.area_code else None,
        "organisation_id": _organisation_id(work, user.organisation_code),
        "is_demo": user.is_demo,
        "language": user.language,
        "created_at": work.now,
        "updated_at": work.now,
    }
    for column in ("display_name", "phone", "email"):
        values[column] = bureau.keyring.seal_optional(getattr(user, column), place("user_account", column, user_id))
    statement = (
        insert(user_account)
        .values(**values)
        .on_conflict_do_nothing(index_elements=["username"])
        .returning(user_account.c.id)
    )
    if work.connection.execute(statement).one_or_none() is None:
        raise UsernameTakenError(username=user.username)
    return user_id


def change_password(work: Work, user_id: UUID, password: str) -> None:
    """Give an account another password and end its sign-ins. Raises UserInvalidError, NotFoundError."""
    _update(work, user_id, password_hash=hash_password(password))
    revoke_tokens_of(work, user_id)


def deactivate_user(work: Work, user_id: UUID) -> None:
    """Close an account and end its sign-ins; what it did stays in history. Raises NotFoundError."""
    _update(work, user_id, is_active=False)
    revoke_tokens_of(work, user_id)


def link_party_account(work: Work, party_id: UUID, user_id: UUID) -> None:
    """Let an account see and act in the case of a party. Raises NotFoundError."""
    found = work.connection.execute(
        sa.update(party).where(party.c.id == party_id).values(user_account_id=user_id).returning(party.c.id)
    ).one_or_none()
    if found is None:
        raise NotFoundError(what="party", id=party_id)


def link_agent_account(work: Work, agent_id: UUID, user_id: UUID) -> None:
    """Let an account see and act in the case of an agent. Raises NotFoundError."""
    found = work.connection.execute(
        sa.update(agent).where(agent.c.id == agent_id).values(user_account_id=user_id).returning(agent.c.id)
    ).one_or_none()
    if found is None:
        raise NotFoundError(what="agent", id=agent_id)


def viewer_for_username(connection: sa.Connection, username: str) -> Viewer | None:
    """Return the open account of this username, or None."""
    row = connection.execute(
        sa.select(*VIEWER_COLUMNS).where(user_account.c.username == username, user_account.c.is_active)
    ).one_or_none()
    return None if row is None else viewer_of(row)


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


def _check(user: NewUser) -> None:
    if not _USERNAME.fullmatch(user.username):
        raise UserInvalidError(
            problem_zh="用户名应为 2 至 40 个小写字母、数字、点、横线或下划线。",
            problem_en="a username has 2 to 40 lower-case letters, digits, dots, hyphens or underscores.",
        )
    if not user.display_name.strip():
        raise UserInvalidError(problem_zh="缺少显示名称。", problem_en="the display name is missing.")
    if not user.roles:
        raise UserInvalidError(problem_zh="至少需要一个角色。", problem_en="at least one role is needed.")
    for role in user.roles:
        if role not in ROLES:
            raise RoleUnknownError(role=role)


def _organisation_id(work: Work, code: str | None) -> UUID | None:
    if code is None:
        return None
    found: UUID | None = work.connection.execute(
        sa.select(organisation.c.id).where(organisation.c.code == code)
    ).scalar_one_or_none()
    if found is None:
        raise NotFoundError(what="organisation", id=code)
    return found


def _update(work: Work, user_id: UUID, **values: Any) -> None:
    found = work.connection.execute(
        sa.update(user_account)
        .where(user_account.c.id == user_id)
        .values(updated_at=work.now, **values)
        .returning(user_account.c.id)
    ).one_or_none()
    if found is None:
        raise NotFoundError(what="user", id=user_id)


def _remaining_wait(connection: sa.Connection, username_index: str, now: datetime) -> timedelta:
    row = connection.execute(
        sa.select(login_failure.c.failures, login_failure.c.failed_at).where(
            login_failure.c.username_index == username_index
        )
    ).one_or_none()
    if row is None or row.failures < FREE_FAILURES:
        return timedelta(0)
    failed_at: datetime = row.failed_at
    return failed_at + WAIT_AFTER_FAILURES - now


def _count_failure(connection: sa.Connection, username_index: str, now: datetime) -> None:
    statement = insert(login_failure).values(username_index=username_index, failures=1, failed_at=now)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["username_index"],
            set_={"failures": login_failure.c.failures + 1, "failed_at": now},
        )
    )
