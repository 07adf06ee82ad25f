"""The OpenAPI document: built from the routes, finished here, served as one unchanging string."""

from collections.abc import Iterator
from typing import Any

from flask import Flask
from flask_smorest import Api

from api.idempotency import HEADER
from api.problems import MEDIA_TYPE, TITLES
from api.resources import RESOURCES
from api.schemas.models import DeploymentBodySchema
from api.schemas.problems import ProblemSchema

TITLE = "Tingzhu 听竹 API"
VERSION = "v1"
METHODS = ("get", "put", "post", "delete", "patch")

_DESCRIPTION = """\
Labour and personnel disputes through negotiation, mediation, arbitration review and judicial confirmation.

- Sign in with `POST /api/v1/auth/tokens`, then send `Authorization: Bearer <access_token>`.
- Every `POST` that changes something needs an `Idempotency-Key`: repeat the key when you retry, and the work is done once.
- Lists answer `{items, next_cursor}`: pass `next_cursor` as `?cursor=` for the next page.
- Errors are RFC 9457 problems with a stable `code`, in Chinese, or in English by `Accept-Language` or `?lang=en`.
"""

CONFIGURATION = {
    "API_TITLE": TITLE,
    "API_VERSION": VERSION,
    "OPENAPI_VERSION": "3.1.0",
    "API_SPEC_OPTIONS": {
        "info": {"description": _DESCRIPTION, "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"}},
        "servers": [{"url": "/"}],
    },
}

_KEY_PARAMETER = {
    "in": "header",
    "name": HEADER,
    "required": True,
    "description": "One unique key per request, repeated when the request is retried.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200},
    "example": "b2f1c7a0-6f0e-4f0e-9d6b-0f6f5f1a2c3d",
}


class ProblemApi(Api):  # type: ignore[misc]
    """flask-smorest's registry of routes, leaving the answering of errors to `api.problems`."""

    ERROR_SCHEMA = ProblemSchema

    def _register_error_handlers(self) -> None:
        """Register none."""


def make_api(app: Flask) -> ProblemApi:
    """Return the registry of routes of `app`, with the components that every route shares."""
    app.config.update(CONFIGURATION)
    api = ProblemApi(app)
    components = api.spec.components
    components.security_scheme("bearer", {"type": "http", "scheme": "bearer"})
    components.parameter("IdempotencyKey", "header", _KEY_PARAMETER)
    components.schema("DeploymentBody", schema=DeploymentBodySchema)
    components.response(
        "Problem",
        {
            "description": "RFC 9457 problem",
            "content": {MEDIA_TYPE: {"schema": ProblemSchema}},
        },
    )
    return api


def contract() -> dict[str, Any]:
    """Return the OpenAPI document without serving anything."""
    api = make_api(Flask("api", static_folder=None))
    for resource in RESOURCES:
        api.register_blueprint(resource)
    return finished_document(api)


def finished_document(api: ProblemApi) -> dict[str, Any]:
    """Return the OpenAPI document: errors as problems, keys as parameters, sorted paths."""
    document: dict[str, Any] = api.spec.to_dict()
    for path, method, operation in _operations(document):
        responses = {
            status: response for status, response in operation.get("responses", {}).items() if status[0] in "23"
        }
        expected = {400, 503}
        if operation["security"]:
            expected |= {401, 403}
        if "{" in path:
            expected.add(404)
        if method != "get":
            expected |= {409, 422}
        responses |= {str(status): {"$ref": "#/components/responses/Problem"} for status in sorted(expected)}
        operation["responses"] = responses
        if operation.pop("x-needs-idempotency-key", False):
            operation.setdefault("parameters", []).append({"$ref": "#/components/parameters/IdempotencyKey"})
    components = document["components"]
    components["responses"] = {"Problem": components["responses"]["Problem"]}
    document["paths"] = dict(sorted(document["paths"].items()))
    components["schemas"] = dict(sorted(components["schemas"].items()))
    document["x-problem-titles"] = {str(status): {"zh": zh, "en": en} for status, (zh, en) in TITLES.items()}
    return document


def _operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                yield path, method, item[method]
