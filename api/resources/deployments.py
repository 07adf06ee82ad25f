"""Making model files live together."""

from typing import Any
from uuid import UUID

from flask import request

from api.actors import shown_actor
from api.context import current
from api.errors import ContentTypeUnsupportedError, RequestInvalidError
from api.findings import shown_finding
from api.languages import language_of
from api.pages import answer_page, start_of
from api.parsing import read_body
from api.routes import Routes
from api.rules import DESIGNERS, MACHINISTS, requires
from api.schemas.fields import PageQuerySchema
from api.schemas.models import (
    LONGEST_FILE,
    DeployedSchema,
    DeploymentBodySchema,
    DeploymentCheckSchema,
    DeploymentPage,
    DeploymentSchema,
)
from api.uploads import read_upload
from api.validation_sentences import FieldProblem
from engine.commands.check_models import check_models
from engine.commands.deploy import deploy
from engine.domain.findings import errors
from engine.domain.resource import Resource
from engine.queries.definitions import get_deployment, list_deployments

routes = Routes("deployments", __name__, url_prefix="/api/v1/deployments", description="Deployments")

_BODY = DeploymentBodySchema()
_MULTIPART = {
    "type": "object",
    "required": ["files"],
    "properties": {
        "files": {"type": "array", "items": {"type": "string", "format": "binary"}},
        "note": {"type": "string", "maxLength": 1000},
    },
}


_REQUEST = {
    "required": True,
    "content": {
        "application/json": {"schema": {"$ref": "#/components/schemas/DeploymentBody"}},
        "multipart/form-data": {"schema": _MULTIPART},
    },
}


@routes.route("", methods=["POST"])
@requires(*DESIGNERS, owner="engine", scope="site")
@routes.doc(requestBody=_REQUEST)
@routes.response(201, DeployedSchema)
def create_deployment() -> tuple[dict[str, Any], int, dict[str, str]]:
    """Deploy BPMN, DMN and form files: all go live together, or none does.

    Files of the deployment before that are not sent again are carried along. A refused deployment answers 422
    `model_invalid` with every reason in `findings`; warnings come with the answer. The very same files answer 200.
    """
    resources, note = _sent()
    context = current()
    deployed = deploy(context.uow, resources, note)
    language = language_of(request)
    answer = {
        "id": deployed.deployment_id,
        "is_new": deployed.is_new,
        "process_definitions": deployed.process_definitions,
        "findings": [shown_finding(finding, language) for finding in deployed.findings],
    }
    location = {"Location": f"/api/v1/deployments/{deployed.deployment_id}"}
    return answer, 201 if deployed.is_new else 200, location


@routes.route("/checks", methods=["POST"])
@requires(*DESIGNERS, owner="engine", scope="site", needs_key=False)
@routes.doc(requestBody=_REQUEST)
@routes.response(200, DeploymentCheckSchema)
def check_deployment() -> dict[str, Any]:
    """Check files as a deployment would, without deploying or keeping anything; what is wrong is no problem but the answer."""
    resources, _ = _sent()
    context = current()
    check = check_models(context.connection, context.runtime.platform, resources)
    language = language_of(request)
    count = len(errors(list(check.findings)))
    return {
        "is_deployable": check.is_deployable,
        "errors": count,
        "warnings": len(check.findings) - count,
        "findings": [shown_finding(finding, language) for finding in check.findings],
        "process_definitions": check.process_definitions,
    }


@routes.route("", methods=["GET"])
@requires(*MACHINISTS, owner="engine", scope="site")
@routes.arguments(PageQuerySchema, location="query")
@routes.response(200, DeploymentPage)
def list_all_deployments(query: dict[str, Any]) -> dict[str, Any]:
    """Deployments, newest first: who made what live, and when."""
    page = list_deployments(current().connection, after=start_of(query), limit=query["limit"])
    for item in page.items:
        item["deployed_by"] = shown_actor(item["actor_id"])
    return answer_page(page, query)


@routes.route("/<uuid:deployment_id>", methods=["GET"])
@requires(*MACHINISTS, owner="engine", scope="site")
@routes.response(200, DeploymentSchema)
def get_one_deployment(deployment_id: UUID) -> dict[str, Any]:
    """A deployment with its files, warnings and process definitions."""
    found = get_deployment(current().connection, deployment_id)
    language = language_of(request)
    return found | {"findings": [shown_finding(finding, language) for finding in found["findings"]]}


def _sent() -> tuple[list[Resource], str | None]:
    """Return the files and the note of a JSON or multipart body."""
    if request.mimetype == "multipart/form-data":
        uploads = [read_upload(upload, LONGEST_FILE) for upload in request.files.getlist("files")]
        files = [(upload.name, upload.content) for upload in uploads]
        note = request.form.get("note")
    elif request.is_json:
        body = _BODY.load(read_body(request))
        files = [(item["name"], item["content"].encode()) for item in body["resources"]]
        note = body["note"]
    else:
        expected = "application/json, multipart/form-data"
        raise ContentTypeUnsupportedError(media_type=request.mimetype, expected=expected)
    _check_names([name for name, _ in files])
    return [Resource(name, content) for name, content in files], note


def _check_names(names: list[str]) -> None:
    problems = []
    for index, name in enumerate(names):
        path = f"resources[{index}].name"
        if not name or name.startswith("/") or ".." in name.split("/") or "\\" in name or "\x00" in name:
            problems.append(FieldProblem(path, "invalid", "文件名应为相对路径。", "The name must be a relative path."))
        elif name in names[:index]:
            problems.append(FieldProblem(path, "duplicate", f"文件名重复：{name}。", f"{name} is sent twice."))
    if problems:
        raise RequestInvalidError(count=len(problems), problems=problems)
