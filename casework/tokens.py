"""Access tokens: handed out at sign-in, looked up on every request, taken back at sign-out."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from casework.access import Viewer
from casework.store.tables import access_token, login_failure, user_account
from casework.work import Work
from engine.store.raw import Query, fetch_together

TOKEN_LIFETIME = timedelta(hours=12)

VIEWER_COLUMNS = (
    user_account.c.id,
    user_account.c.username,
    user_account.c.roles,
    user_account.c.area_code,
    user_account.c.area_path,
    user_account.c.organisation_id,
    user_account.c.language,
)

_BY_TOKEN = f"""
    select {", ".join(f"u.{column.name}" for column in VIEWER_COLUMNS)}
    from access_token t join user_account u on u.id = t.user_id
    where t.token_hash = %s and t.expires_at > %s and t.revoked_at is null and u.is_active
"""  # noqa: S608 - names of our own columns


@dataclass(frozen=True, slots=True, repr=False)
class IssuedToken:
    """An access token in clear: shown once, kept nowhere."""

    token: str
    expires_at: datetime


def issue_token(work: Work, user_id: UUID, lifetime: timedelta = TOKEN_LIFETIME) -> IssuedToken:
    """Return a new access token (32 random bytes, URL-safe) for an account; only its SHA-256 is stored."""
    token = secrets.token_urlsafe(32)
    expires_at = work.now + lifetime
    work.connection.execute(
        sa.insert(access_token).values(
            token_hash=token_hash(token), user_id=user_id, created_at=work.now, expires_at=expires_at
        )
    )
    return IssuedToken(token, expires_at)


def revoke_token(work: Work, token: str) -> bool:
    """End a sign-in; tell whether there was one."""
    statement = (
        sa.update(access_token)
        .where(access_token.c.token_hash == token_hash(token), access_token.c.revoked_at.is_(None))
        .values(revoked_at=work.now)
        .returning(access_token.c.user_id)
    )
    return work.connection.execute(statement).one_or_none() is not None


def viewer_for_token(connection: sa.Connection, token: str, now: datetime) -> Viewer | None:
    """Return who holds a valid token, or None; one query by primary key, in one trip with the transaction's begin."""
    [rows] = fetch_together(connection, token_query(token, now))
    return viewer_of(rows[0]) if rows else None


def token_query(token: str, now: datetime) -> Query:
    """Return the query whose row, if there is one, is `viewer_of` the token; for sending together with others."""
    return _BY_TOKEN, (token_hash(token), now)


def revoke_tokens_of(work: Work, user_id: UUID) -> None:
    """End every sign-in of an account."""
    work.connection.execute(
        sa.update(access_token)
        .where(access_token.c.user_id == user_id, access_token.c.revoked_at.is_(None))
        .values(revoked_at=work.now)
    )


def delete_stale_sign_ins(work: Work) -> int:
    """Delete tokens that ran out and failure counts a day old; return how many rows went."""
    day_ago = work.now - timedelta(days=1)
    gone = work.connection.execute(sa.delete(access_token).where(access_token.c.expires_at < day_ago)).rowcount
    gone += work.connection.execute(sa.delete(login_failure).where(login_failure.c.failed_at < day_ago)).rowcount
    return gone


def token_hash(token: str) -> str:
    """Return what is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def viewer_of(row: Any) -> Viewer:
    """Return the viewer of a row of VIEWER_COLUMNS."""
    return Viewer(
        user_id=row.id,
        username=row.username,
        roles=frozenset(row.roles),
        area_code=row.area_code,
        area_path=row.area_path,
        organisation_id=row.organisation_id,
        language=row.language,
    )
