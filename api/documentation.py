"""The OpenAPI document and the page to try the API, with every asset served by ourselves."""

from pathlib import Path

import orjson
from flask import Blueprint, Flask, Response, send_from_directory

from api.openapi import ProblemApi, finished_document
from api.rules import public
from api.security_headers import PAGE_POLICY

_STATIC = Path(__file__).parent / "static"
_SWAGGER_FILES = ("swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png")
_REASON = "describes the routes; holds no data of anybody"


def register_documentation(app: Flask, api: ProblemApi, assets_dir: Path) -> None:
    """Serve `/api/openapi.json`, `/api/docs` and the page's files; call after every route is registered."""
    document = orjson.dumps(finished_document(api), option=orjson.OPT_INDENT_2)
    pages = Blueprint("documentation", __name__)

    @pages.get("/api/openapi.json")
    @public(owner="api", reason=_REASON)
    def openapi_document() -> Response:
        return Response(document, mimetype="application/json")

    @pages.get("/api/docs")
    @public(owner="api", reason=_REASON)
    def documentation_page() -> Response:
        page = send_from_directory(_STATIC, "docs.html")
        page.headers["Content-Security-Policy"] = PAGE_POLICY
        return page

    @pages.get("/api/docs/<any('docs.js'):name>")
    @public(owner="api", reason=_REASON)
    def documentation_script(name: str) -> Response:
        return send_from_directory(_STATIC, name)

    @pages.get(f"/api/docs/<any({', '.join(repr(name) for name in _SWAGGER_FILES)}):name>")
    @public(owner="api", reason=_REASON)
    def documentation_asset(name: str) -> Response:
        return send_from_directory(assets_dir / "swagger-ui", name)

    app.register_blueprint(pages)
