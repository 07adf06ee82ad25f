"""Counters against guessing and flooding: so many times in so long, per keyed digest of who or what is counted."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from casework.encryption import Keyring
from casework.errors import RequestThrottledError
from casework.store.tables import throttle


@dataclass(frozen=True, slots=True)
class Throttle:
    """How often something may be done; `purpose` keeps the counters of different things apart."""

    purpose: str
    limit: int
    window: timedelta

    def count(self, connection: sa.Connection, keyring: Keyring, subject: str, now: datetime) -> int:
        """Count once more and return how often it was in this window; the caller commits."""
        statement = insert(throttle).values(
            subject_index=self._index(keyring, subject), times=1, first_at=now, ends_at=now + self.window
        )
        is_over = throttle.c.first_at <= now - self.window
        found: int = connection.execute(
            statement.on_conflict_do_update(
                index_elements=["subject_index"],
                set_={
                    "times": sa.case((is_over, 1), else_=throttle.c.times + 1),
                    "first_at": sa.case((is_over, now), else_=throttle.c.first_at),
                    "ends_at": sa.case((is_over, now + self.window), else_=throttle.c.ends_at),
                },
            ).returning(throttle.c.times)
        ).scalar_one()
        return found

    def require(self, connection: sa.Connection, keyring: Keyring, subject: str, now: datetime) -> None:
        """Raise RequestThrottledError, without counting, when the subject has used up its times."""
        row = connection.execute(
            sa.select(throttle).where(throttle.c.subject_index == self._index(keyring, subject))
        ).one_or_none()
        if row is None or row.times < self.limit:
            return
        wait = row.first_at + self.window - now
        if wait > timedelta(0):
            raise RequestThrottledError(retry_after=max(1, int(wait.total_seconds())))

    def take(self, connection: sa.Connection, keyring: Keyring, subject: str, now: datetime) -> None:
        """Raise RequestThrottledError when the subject has used up its times; else count."""
        self.require(connection, keyring, subject, now)
        self.count(connection, keyring, subject, now)

    def _index(self, keyring: Keyring, subject: str) -> str:
        return keyring.index(f"throttle {self.purpose}", subject)


def forget_old_counts(connection: sa.Connection, now: datetime) -> int:
    """Drop counters whose window has passed; returns how many."""
    return connection.execute(sa.delete(throttle).where(throttle.c.ends_at < now)).rowcount
