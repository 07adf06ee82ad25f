"""Process definitions: what can be started, as XML and as a picture."""

from typing import Any
from uuid import UUID

from flask import Response

from api.context import current
from api.model_texts import shown_drawing
from api.pages import answer_page, start_of
from api.routes import Routes
from api.rules import requires
from api.schemas.models import ProcessDefinitionPage, ProcessDefinitionQuerySchema, ProcessDefinitionSchema
from engine.diagram import render_svg
from engine.queries.definitions import get_process_definition, get_resource, list_process_definitions

routes = Routes(
    "process-definitions", __name__, url_prefix="/api/v1/process-definitions", description="Process definitions"
)

_PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


@routes.route("", methods=["GET"])
@requires(owner="engine", scope="site")
@routes.arguments(ProcessDefinitionQuerySchema, location="query")
@routes.response(200, ProcessDefinitionPage)
def list_definitions(query: dict[str, Any]) -> dict[str, Any]:
    """Process definitions by key: the newest version of each, or all versions."""
    page = list_process_definitions(
        current().connection,
        key=query["key"],
        latest_only=not query["all_versions"],
        after=start_of(query),
        limit=query["limit"],
    )
    return answer_page(page, query)


@routes.route("/<uuid:definition_id>", methods=["GET"])
@requires(owner="engine", scope="site")
@routes.response(200, ProcessDefinitionSchema)
def get_definition(definition_id: UUID) -> dict[str, Any]:
    """One version of a process definition."""
    return get_process_definition(current().connection, definition_id)


@routes.route("/<uuid:definition_id>/xml", methods=["GET"])
@requires(owner="engine", scope="site")
@routes.response(200, {"type": "string"}, content_type="application/xml")
def get_definition_xml(definition_id: UUID) -> Response:
    """The BPMN file, byte for byte as it was deployed."""
    content = _file(definition_id)
    answer = Response(content, content_type="application/xml; charset=utf-8")
    answer.headers["Content-Disposition"] = "attachment"
    return answer


@routes.route("/<uuid:definition_id>/drawing", methods=["GET"])
@requires(owner="engine", scope="site")
@routes.response(200, {"type": "string"}, content_type="application/xml")
def get_definition_drawing(definition_id: UUID) -> Response:
    """The BPMN file to look at: as it was deployed, but with its names in the reader's language where they are known."""
    return Response(shown_drawing(_file(definition_id)), content_type="application/xml; charset=utf-8")


@routes.route("/<uuid:definition_id>/diagram", methods=["GET"])
@requires(owner="engine", scope="site")
@routes.response(200, {"type": "string"}, content_type="image/svg+xml")
def get_definition_diagram(definition_id: UUID) -> Response:
    """The BPMN file drawn as SVG from its diagram interchange, with names in the reader's language."""
    answer = Response(render_svg(shown_drawing(_file(definition_id))), content_type="image/svg+xml")
    answer.headers["Content-Security-Policy"] = _PICTURE_POLICY
    return answer


def _file(definition_id: UUID) -> bytes:
    connection = current().connection
    definition = get_process_definition(connection, definition_id)
    return get_resource(connection, definition["deployment_id"], definition["resource_name"])
