"""Which database errors mean "try again", which mean "not there", and which are our own mistakes."""

from collections.abc import Iterator

import psycopg
import sqlalchemy as sa

_LOST = frozenset(
    {
        "40001",  # serialization_failure
        "40P01",  # deadlock_detected
    }
)
_WAITED = frozenset(
    {
        "55P03",  # lock_not_available: lock_timeout ran out
        "57014",  # query_canceled: statement_timeout ran out
    }
)


def is_worth_repeating(error: BaseException) -> bool:
    """Return whether the transaction lost against others or its connection broke: running it again may well work.

    One that has waited for its time limit is not run again: the caller has waited long enough.
    """
    return _has_state(error, _LOST) or (is_connection_lost(error) and not _has_state(error, _WAITED))


def is_busy(error: BaseException) -> bool:
    """Return whether the database is there, but others were in the way."""
    return _has_state(error, _LOST | _WAITED)


def is_connection_lost(error: BaseException) -> bool:
    """Return whether the server could not be reached, or went away in the middle."""
    if isinstance(error, sa.exc.TimeoutError):
        return True
    for cause in _causes(error):
        if isinstance(cause, sa.exc.DBAPIError) and cause.connection_invalidated:
            return True
        if isinstance(cause, psycopg.InterfaceError):
            return True
        if isinstance(cause, psycopg.OperationalError) and not isinstance(cause, psycopg.errors.PipelineAborted):
            # 08: connection exceptions, 53: out of resources, 57P: the server shuts down or starts up
            state = cause.sqlstate
            if state is None or state.startswith(("08", "53", "57P")):
                return True
    return False


def is_database_fault(error: BaseException) -> bool:
    """Return whether `error` comes from the database's condition, not from what the request asked."""
    return is_busy(error) or is_connection_lost(error)


def _has_state(error: BaseException, states: frozenset[str]) -> bool:
    return any(getattr(cause, "sqlstate", None) in states for cause in _causes(error))


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield `error`, the driver's error inside it, and what they were raised from."""
    seen: set[int] = set()
    pending = [error]
    while pending:
        current = pending.pop()
        if id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        pending.extend(
            cause
            for cause in (getattr(current, "orig", None), current.__cause__, current.__context__)
            if isinstance(cause, BaseException)
        )
