"""Actors as people write them: `user:window` in the database is `window` in requests and answers."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from casework.bureau import Bureau
from casework.users import user_names

_USER = "user:"


def actor_of(username: str) -> str:
    """Return the actor id of a user account."""
    return f"{_USER}{username}"


def shown_actor(actor_id: str | None) -> str | None:
    """Return the username of a user's actor id; others (`clock`, `worker:...`) stay as they are."""
    return actor_id.removeprefix(_USER) if actor_id else None


def name_assignees(connection: sa.Connection, bureau: Bureau, items: Sequence[dict[str, Any]]) -> None:
    """Write into each item the username of its `assignee` instead of the actor id, and as `assignee_name` who that is."""
    for item in items:
        item["assignee"] = shown_actor(item["assignee"])
    names = user_names(connection, bureau, {item["assignee"] for item in items if item["assignee"]})
    for item in items:
        item["assignee_name"] = names.get(item["assignee"] or "")
