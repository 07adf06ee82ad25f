"""Forgets idempotency keys that are older than their promise."""

from datetime import timedelta

import sqlalchemy as sa

from engine.commands.unit_of_work import UnitOfWork
from engine.store.tables import idempotency_key

KEPT_FOR = timedelta(days=7)


def purge_idempotency_keys(uow: UnitOfWork) -> int:
    """Delete the keys of requests made more than seven days ago; return how many."""
    result = uow.connection.execute(sa.delete(idempotency_key).where(idempotency_key.c.created_at < uow.now - KEPT_FOR))
    return result.rowcount
