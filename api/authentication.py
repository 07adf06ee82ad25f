"""Who asks: the bearer token of a request, looked up in the request's own transaction."""

from datetime import datetime

import sqlalchemy as sa
from flask import Request

from casework.access import Viewer
from casework.tokens import viewer_for_token
from engine.domain.errors import UnauthenticatedError

_SCHEME = "bearer "
_LONGEST_TOKEN = 512


def bearer_token(request: Request) -> str:
    """Return the access token of `request`; raises UnauthenticatedError when there is none."""
    header = request.headers.get("Authorization", "")
    token = header[len(_SCHEME) :].strip()
    if not header.lower().startswith(_SCHEME) or not 1 <= len(token) <= _LONGEST_TOKEN or not token.isascii():
        raise UnauthenticatedError()
    return token


def authenticate(connection: sa.Connection, request: Request, now: datetime) -> Viewer:
    """Return who asks; raises UnauthenticatedError for a missing, unknown, revoked or expired token."""
    viewer = viewer_for_token(connection, bearer_token(request), now)
    if viewer is None:
        raise UnauthenticatedError()
    return viewer
