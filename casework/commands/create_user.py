"""Create and change user accounts."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from casework.areas import area
from casework.bureau import Bureau
from casework.encryption import place
from casework.errors import RoleUnknownError, UserInvalidError, UsernameTakenError
from casework.passwords import hash_password
from casework.roles import ROLES
from casework.store.tables import access_token, agent, organisation, party, user_account
from casework.work import Work
from engine.domain.errors import NotFoundError

_USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")


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


def revoke_tokens_of(work: Work, user_id: UUID) -> None:
    """End every sign-in of an account."""
    work.connection.execute(
        sa.update(access_token)
        .where(access_token.c.user_id == user_id, access_token.c.revoked_at.is_(None))
        .values(revoked_at=work.now)
    )


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
    found = work.connection.execute(
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
