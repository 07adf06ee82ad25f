"""The party desk's door: codes, sessions by link and code or by a letter, and who one is."""

from typing import Any

from flask import Response, after_this_request, request

from api.authentication import CLIENT_HEADER, PARTY_COOKIE
from api.context import current
from api.routes import Routes
from api.rules import PARTIES, public, requires
from api.schemas.party_access import (
    IssuedPartySessionSchema,
    LetterSessionBodySchema,
    PartyCodeBodySchema,
    PartyCodeSchema,
    PartyIdentitySchema,
    PartySessionBodySchema,
)
from casework.errors import PartyAccessLockedError, PartyCodeRefusedError
from casework.party_access import (
    CODE_DIGITS,
    CODE_LIFETIME,
    SESSION_LIFETIME,
    IssuedSession,
    end_session,
    open_letter_session,
    open_session,
    request_session_code,
)
from casework.party_desk import list_seats

routes = Routes("party-sessions", __name__, url_prefix="/api/v1/party", description="The party desk's door")

REASON = "whoever holds a link may ask that a code be sent to the party's own telephone; the answer is the same for all"
SESSION_REASON = "this is how a party without an account gets a token"


@routes.route("/codes", methods=["POST"])
@public(owner="casework", reason=REASON, needs_key=False)
@routes.arguments(PartyCodeBodySchema)
@routes.response(202, PartyCodeSchema)
def create_party_code(body: dict[str, str]) -> dict[str, Any]:
    """Ask for a one-time code for a link; it goes to the number on file for the party.

    The answer looks the same for a link that does not exist or is no longer good. 429 `request_throttled` after five
    codes in an hour. A new code ends the one before.
    """
    context = current()
    client = request.remote_addr or ""
    phone = request_session_code(context.work, context.bureau, body["link"].strip(), client)
    return {"phone": phone, "expires_in": int(CODE_LIFETIME.total_seconds()), "digits": CODE_DIGITS}


@routes.route("/sessions", methods=["POST"])
@public(
    owner="casework",
    reason=SESSION_REASON,
    needs_key=False,
    commits_on=(PartyCodeRefusedError, PartyAccessLockedError),
)
@routes.arguments(PartySessionBodySchema)
@routes.response(201, IssuedPartySessionSchema)
def create_party_session(body: dict[str, str]) -> dict[str, Any]:
    """Open a session for one party of one case with a link and the code that was sent for it.

    A browser, which sends `X-Tingzhu-Client`, gets the token in a cookie that scripts cannot read, and not in the answer.
    401 `party_code_refused` whatever is wrong; a code works once. 403 `party_access_locked` after ten wrong codes.
    """
    context = current()
    return _issued(open_session(context.work, context.bureau, body["link"].strip(), body["code"]))


@routes.route("/letter-sessions", methods=["POST"])
@public(owner="casework", reason=SESSION_REASON, needs_key=False, commits_on=(PartyCodeRefusedError,))
@routes.arguments(LetterSessionBodySchema)
@routes.response(201, IssuedPartySessionSchema)
def create_party_letter_session(body: dict[str, str]) -> dict[str, Any]:
    """Open a session with the number and the code printed on a letter that was addressed to one party.

    401 `party_code_refused` whatever is wrong. 429 `verification_throttled` after too many wrong answers from one
    address. Signing needs a session by link and code.
    """
    context = current()
    client = request.remote_addr or ""
    return _issued(open_letter_session(context.work, context.bureau, body["number"], body["code"], client))


@routes.route("/sessions/current", methods=["GET"])
@requires(*PARTIES, owner="casework", scope="own", admits_parties=True)
@routes.response(200, PartyIdentitySchema)
def get_party_session() -> dict[str, Any]:
    """Who the caller is: one party of one case by link or letter, or every party that an account stands for."""
    context = current()
    session = context.viewer.session
    return {
        "level": "account" if session is None else session.level,
        "expires_at": None if session is None else session.expires_at,
        "seats": list_seats(context.connection, context.bureau, context.viewer),
    }


@routes.route("/sessions/current", methods=["DELETE"])
@requires(*PARTIES, owner="casework", scope="own", admits_parties=True)
@routes.response(204)
def delete_party_session() -> Response:
    """Sign out of a session by link or letter; an account signs out with its access token."""
    context = current()
    if context.viewer.session is not None:
        end_session(context.work, context.viewer.session)
    answer = Response(status=204)
    answer.delete_cookie(PARTY_COOKIE, path=routes.url_prefix, httponly=True, samesite="Strict")
    return answer


def _issued(found: IssuedSession) -> dict[str, Any]:
    session = found.session
    is_browser = bool(request.headers.get(CLIENT_HEADER))
    if is_browser:

        @after_this_request
        def keep(response: Response) -> Response:
            response.set_cookie(
                PARTY_COOKIE,
                found.token,
                max_age=int(SESSION_LIFETIME.total_seconds()),
                path=routes.url_prefix,
                secure=current().runtime.settings.address.startswith("https:"),
                httponly=True,
                samesite="Strict",
            )
            return response

    return {
        "access_token": None if is_browser else found.token,
        "expires_at": session.expires_at,
        "level": session.level,
        "case_id": session.case_id,
        "party_id": session.party_id,
    }
