"""Signing in and out, and who one is."""

from typing import Any

from flask import Response, jsonify, request
from marshmallow import fields, validate

from api.authentication import SESSION_COOKIE, presented_token
from api.context import current
from api.routes import Routes
from api.rules import public, requires
from api.schemas.case_views import TermSchema
from api.schemas.fields import AnswerSchema, BodySchema
from casework.access import Viewer
from casework.errors import CurrentPasswordWrongError, LoginFailedError, NewPasswordSameError
from casework.organisations import get_organisation
from casework.passwords import MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH
from casework.roles import ROLES
from casework.tokens import issue_token, revoke_token
from casework.users import change_password, user_names, verify_password

routes = Routes("auth", __name__, url_prefix="/api/v1", description="Access tokens and the caller's own account")


class CredentialsSchema(BodySchema):
    """A local account's username and password."""

    username = fields.String(required=True, validate=validate.Length(1, 100), metadata={"example": "window"})
    password = fields.String(required=True, validate=validate.Length(1, 1000), load_only=True)


class NewPasswordSchema(BodySchema):
    """The password that holds, and the one that shall."""

    current_password = fields.String(required=True, validate=validate.Length(1, 1000), load_only=True)
    new_password = fields.String(
        required=True, validate=validate.Length(MIN_PASSWORD_LENGTH, MAX_PASSWORD_LENGTH), load_only=True
    )


class UserSchema(AnswerSchema):
    """A user account as its owner sees it."""

    id = fields.UUID(required=True)
    username = fields.String(required=True)
    display_name = fields.String(required=True)
    roles = fields.List(fields.String(), required=True)
    role_names = fields.List(fields.Nested(TermSchema), required=True)
    area_code = fields.String(required=True, allow_none=True)
    area_name = fields.String(required=True, allow_none=True)
    organisation_id = fields.UUID(required=True, allow_none=True)
    organisation_name = fields.String(required=True, allow_none=True)
    language = fields.String(required=True)


class AccessTokenSchema(AnswerSchema):
    """An access token: shown once, kept nowhere in clear."""

    access_token = fields.String(required=True)
    token_type = fields.Constant("Bearer", required=True)
    expires_at = fields.AwareDateTime(required=True)
    user = fields.Nested(UserSchema, required=True)


@routes.route("/auth/tokens", methods=["POST"])
@public(
    owner="casework",
    reason="this is how one gets a token",
    needs_key=False,
    commits_on=(LoginFailedError,),
)
@routes.arguments(CredentialsSchema)
@routes.response(201, AccessTokenSchema)
def create_access_token(credentials: dict[str, str]) -> dict[str, Any]:
    """Sign in with a local account.

    Wrong credentials answer 401 `login_failed`; too many of them in a row 429 `login_throttled` with Retry-After.
    """
    context = current()
    viewer = verify_password(
        context.connection, context.bureau, credentials["username"], credentials["password"], context.now
    )
    issued = issue_token(context.work, viewer.user_id)
    return {"access_token": issued.token, "expires_at": issued.expires_at, "user": _user(viewer)}


@routes.route("/auth/sessions", methods=["POST"])
@public(
    owner="casework",
    reason="this is how one signs in to the pages",
    needs_key=False,
    commits_on=(LoginFailedError,),
)
@routes.arguments(CredentialsSchema)
@routes.response(201, UserSchema)
def create_session(credentials: dict[str, str]) -> Response:
    """Sign a browser in: the access token goes into a cookie that scripts cannot read, and is not shown.

    Errors as for `POST /auth/tokens`. Requests that change something must then send the header `X-Tingzhu-Client`.
    """
    context = current()
    viewer = verify_password(
        context.connection, context.bureau, credentials["username"], credentials["password"], context.now
    )
    issued = issue_token(context.work, viewer.user_id)
    answer = jsonify(_user(viewer))
    answer.status_code = 201
    answer.set_cookie(
        SESSION_COOKIE,
        issued.token,
        expires=issued.expires_at,
        path="/api",
        secure=_is_served_by_https(),
        httponly=True,
        samesite="Strict",
    )
    return answer


@routes.route("/auth/sessions/current", methods=["DELETE"])
@requires(owner="casework", scope="own")
@routes.response(204)
def delete_session() -> Response:
    """Sign a browser out: its access token is worth nothing from now on, and the cookie is taken away."""
    revoke_token(current().work, presented_token(request))
    answer = Response(status=204)
    answer.delete_cookie(SESSION_COOKIE, path="/api", httponly=True, samesite="Strict")
    return answer


@routes.route("/auth/tokens/current", methods=["DELETE"])
@requires(owner="casework", scope="own")
@routes.response(204)
def delete_access_token() -> None:
    """Sign out: the access token of this request is worth nothing from now on."""
    revoke_token(current().work, presented_token(request))


@routes.route("/me", methods=["GET"])
@requires(owner="casework", scope="own")
@routes.response(200, UserSchema)
def get_me() -> dict[str, Any]:
    """The caller's own account."""
    return _user(current().viewer)


@routes.route("/me/password", methods=["PUT"])
@requires(owner="casework", scope="own", needs_key=False, commits_on=(CurrentPasswordWrongError,))
@routes.arguments(NewPasswordSchema)
@routes.response(204)
def put_my_password(body: dict[str, str]) -> None:
    """Give one's own account another password. Every sign-in of the account ends, this one too.

    Errors: 422 `current_password_wrong`, which counts like a failed sign-in; 422 `new_password_same`; 429 `login_throttled`.
    """
    context = current()
    viewer = context.viewer
    try:
        verify_password(context.connection, context.bureau, viewer.username, body["current_password"], context.now)
    except LoginFailedError as failed:
        raise CurrentPasswordWrongError() from failed
    if body["new_password"] == body["current_password"]:
        raise NewPasswordSameError()
    change_password(context.work, viewer.user_id, body["new_password"])


def _is_served_by_https() -> bool:
    """Return whether people reach us by HTTPS; the server itself may stand behind a proxy that ends it."""
    return request.is_secure or current().runtime.settings.public_url.startswith("https://")


def _user(viewer: Viewer) -> dict[str, Any]:
    context = current()
    names = user_names(context.connection, context.bureau, [viewer.username])
    area = context.bureau.site.areas.get(viewer.area_code) if viewer.area_code else None
    organisation = get_organisation(context.connection, viewer.organisation_id) if viewer.organisation_id else None
    roles = sorted(viewer.roles)
    return {
        "id": viewer.user_id,
        "username": viewer.username,
        "display_name": names.get(viewer.username, viewer.username),
        "roles": roles,
        "role_names": [{"code": code, "zh": ROLES[code].zh, "en": ROLES[code].en} for code in roles],
        "area_code": viewer.area_code,
        "area_name": area.full_name if area else None,
        "organisation_id": viewer.organisation_id,
        "organisation_name": organisation.name if organisation else None,
        "language": viewer.language,
    }
