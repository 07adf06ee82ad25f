"""Who asks: the access token of a request, looked up in the request's own transaction."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import Request

from api.errors import ForeignPageError
from casework.access import Viewer
from casework.party_access import session_query, session_viewer
from casework.tokens import token_query, viewer_of
from engine.domain.errors import UnauthenticatedError
from engine.store.raw import Query, fetch_together

_SCHEME = "bearer "
_LONGEST_TOKEN = 512


SESSION_COOKIE = "tingzhu_session"
"""Holds the access token of a browser: out of the reach of scripts, sent to our own pages only (SameSite=Strict)."""

PARTY_COOKIE = "tingzhu_party"
"""Holds the token of a party's session; goes to the party desk alone, so an officer's own session stands beside it."""

CLIENT_HEADER = "X-Tingzhu-Client"
"""A browser lets only scripts of our own pages send it, so a request that has it does not come from another page."""

_READING_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def presented_token(request: Request, *cookies: str) -> str:
    """Return the access token of `request`: of its Authorization header, or else of the first cookie that is there.

    Raises UnauthenticatedError when there is none, and ForeignPageError when a browser's session would change something
    without the header that only our own pages send.
    """
    header = request.headers.get("Authorization", "")
    token = header[len(_SCHEME) :].strip() if header.lower().startswith(_SCHEME) else ""
    if not header:
        token = next(filter(None, map(request.cookies.get, cookies or (SESSION_COOKIE,))), "")
        if token and request.method not in _READING_METHODS and not request.headers.get(CLIENT_HEADER):
            raise ForeignPageError(header=CLIENT_HEADER)
    if not 1 <= len(token) <= _LONGEST_TOKEN or not token.isascii():
        raise UnauthenticatedError()
    return token


def authenticate(
    connection: sa.Connection, request: Request, now: datetime, *beside: Query
) -> tuple[Viewer, list[list[Any]]]:
    """Return who asks, and the rows of the queries to be run `beside`, all in one trip.

    Raises UnauthenticatedError for a missing, unknown, revoked or expired token.
    """
    found, *others = fetch_together(connection, token_query(presented_token(request), now), *beside)
    if not found:
        raise UnauthenticatedError()
    return viewer_of(found[0]), others


def authenticate_party(
    connection: sa.Connection, request: Request, now: datetime, *beside: Query
) -> tuple[Viewer, list[list[Any]]]:
    """Return who asks, a party by link and code or an account, and the rows of the queries to be run `beside`.

    Raises UnauthenticatedError for a missing, unknown, ended or expired token.
    """
    token = presented_token(request, PARTY_COOKIE, SESSION_COOKIE)
    by_session, by_account, *others = fetch_together(
        connection, session_query(token, now), token_query(token, now), *beside
    )
    if by_session:
        return session_viewer(by_session[0]), others
    if not by_account:
        raise UnauthenticatedError()
    return viewer_of(by_account[0]), others
