"""Actors as people write them: `user:window` in the database is `window` in requests and answers."""

_USER = "user:"


def actor_of(username: str) -> str:
    """Return the actor id of a user account."""
    return f"{_USER}{username}"


def shown_actor(actor_id: str | None) -> str | None:
    """Return the username of a user's actor id; others (`clock`, `worker:...`) stay as they are."""
    return actor_id.removeprefix(_USER) if actor_id else None
