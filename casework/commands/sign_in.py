"""Sign in with a password, and hand out and take back access tokens."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from casework.access import Viewer
from casework.bureau import Bureau
from casework.errors import LoginFailedError, LoginThrottledError
from casework.passwords import hash_password, is_password, needs_rehash
from casework.store.tables import access_token, login_failure, user_account
from casework.work import Work

TOKEN_LIFETIME = timedelta(hours=12)
FREE_FAILURES = 10
WAIT_AFTER_FAILURES = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, repr=False)
class IssuedToken:
    """An access token in clear: shown once, kept nowhere."""

    token: str
    expires_at: datetime


def sign_in(
    work: Work, bureau: Bureau, username: str, password: str
) -> Viewer | LoginFailedError | LoginThrottledError:
    """Return who signed in, or the error to raise after committing.

    Failures are counted in the same transaction, so the refusal is returned, not raised: the caller commits first.
    After ten failures in a row a username waits five minutes, whether or not it exists; an unknown username takes as
    long as a wrong password.
    """
    username_index = bureau.keyring.index("login", username.casefold())
    wait = _remaining_wait(work, username_index)
    if wait > timedelta(0):
        return LoginThrottledError(retry_after=max(1, int(wait.total_seconds())))
    row = work.connection.execute(
        sa.select(user_account).where(user_account.c.username == username, user_account.c.is_active)
    ).one_or_none()
    if not is_password(row.password_hash if row else None, password) or row is None:
        _count_failure(work, username_index)
        return LoginFailedError()
    work.connection.execute(sa.delete(login_failure).where(login_failure.c.username_index == username_index))
    if needs_rehash(row.password_hash):
        work.connection.execute(
            sa.update(user_account)
            .where(user_account.c.id == row.id)
            .values(password_hash=hash_password(password), updated_at=work.now)
        )
    return Viewer(
        user_id=row.id,
        username=row.username,
        roles=frozenset(row.roles),
        area_code=row.area_code,
        area_path=row.area_path,
        organisation_id=row.organisation_id,
        language=row.language,
    )


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


def delete_stale_sign_ins(work: Work) -> int:
    """Delete tokens that ran out and failure counts a day old; return how many rows went."""
    day_ago = work.now - timedelta(days=1)
    gone = work.connection.execute(sa.delete(access_token).where(access_token.c.expires_at < day_ago)).rowcount
    gone += work.connection.execute(sa.delete(login_failure).where(login_failure.c.failed_at < day_ago)).rowcount
    return gone


def token_hash(token: str) -> str:
    """Return what is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def _remaining_wait(work: Work, username_index: str) -> timedelta:
    row = work.connection.execute(
        sa.select(login_failure.c.failures, login_failure.c.failed_at).where(
            login_failure.c.username_index == username_index
        )
    ).one_or_none()
    if row is None or row.failures < FREE_FAILURES:
        return timedelta(0)
    return row.failed_at + WAIT_AFTER_FAILURES - work.now


def _count_failure(work: Work, username_index: str) -> None:
    statement = insert(login_failure).values(username_index=username_index, failures=1, failed_at=work.now)
    work.connection.execute(
        statement.on_conflict_do_update(
            index_elements=["username_index"],
            set_={"failures": login_failure.c.failures + 1, "failed_at": work.now},
        )
    )
