"""The request's database session: Flask-SQLAlchemy on the one MetaData that the whole system shares."""

from typing import Any

from flask_sqlalchemy import SQLAlchemy

from engine.store.tables import metadata

LOCK_TIMEOUT = "10s"
"""A lock that is not free after this long is answered as busy instead of holding the client for ever."""

db = SQLAlchemy(metadata=metadata, add_models_to_shell=False)


def engine_options(pool_size: int) -> dict[str, Any]:
    """Return the engine's options for one serving process with `pool_size` threads.

    No ping before use: a connection that the server closed shows itself on the first statement, SQLAlchemy then
    discards the whole pool, and `api.transaction` runs the request's transaction again on a fresh one.
    """
    session = {
        "lock_timeout": LOCK_TIMEOUT,
        "statement_timeout": "25s",
        "idle_in_transaction_session_timeout": "60s",
        "timezone": "UTC",
        "application_name": "tingzhu-api",
    }
    return {
        "pool_size": pool_size,
        "max_overflow": 2,
        "pool_timeout": 10,
        "pool_use_lifo": True,
        "connect_args": {
            "connect_timeout": 5,
            "options": " ".join(f"-c {name}={value}" for name, value in session.items()),
        },
    }
