"""Who asks: the bearer token of a request, looked up in the request's own transaction."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import Request

from casework.access import Viewer
from casework.tokens import token_query, viewer_of
from engine.domain.errors import UnauthenticatedError
from engine.store.raw import Query, fetch_together

_SCHEME = "bearer "
_LONGEST_TOKEN = 512


def bearer_token(request: Request) -> str:
    """Return the access token of `request`; raises UnauthenticatedError when there is none."""
    header = request.headers.get("Authorization", "")
    token = header[len(_SCHEME) :].strip()
    if not header.lower().startswith(_SCHEME) or not 1 <= len(token) <= _LONGEST_TOKEN or not token.isascii():
        raise UnauthenticatedError()
    return token


def authenticate(
    connection: sa.Connection, request: Request, now: datetime, *beside: Query
) -> tuple[Viewer, list[list[Any]]]:
    """Return who asks, and the rows of the queries to be run `beside`, all in one trip.

    Raises UnauthenticatedError for a missing, unknown, revoked or expired token.
    """
    found, *others = fetch_together(connection, token_query(bearer_token(request), now), *beside)
    if not found:
        raise UnauthenticatedError()
    return viewer_of(found[0]), others
