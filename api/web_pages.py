"""Serves the web application: one page for every address below /app, and its files under names that hold their hash."""

import mimetypes
from pathlib import Path

from flask import Blueprint, Flask, Response, redirect, request, send_from_directory

from api.errors import WebNotBuiltError
from api.rules import public
from api.security_headers import PAGE_POLICY

_REASON = "pages and scripts; the data come through the API"
_A_YEAR = 365 * 24 * 3600

APP_POLICY = PAGE_POLICY.replace("img-src 'self' data:", "img-src 'self' data: blob:") + "; frame-src blob:"
"""Pictures and PDFs of a case are fetched by script, for they need a sign-in, and shown from memory."""


def register_web_pages(app: Flask, folder: Path) -> None:
    """Serve the built web application in `folder`; raises WebNotBuiltError at a request when it was not built."""
    pages = Blueprint("web", __name__)

    @pages.get("/")
    @public(owner="web", reason=_REASON)
    def web_root() -> Response:
        return redirect("/app/")  # type: ignore[return-value]

    @pages.get("/app/", defaults={"address": ""})
    @pages.get("/app/<path:address>")
    @public(owner="web", reason=_REASON)
    def web_page(address: str) -> Response:
        if not (folder / "index.html").is_file():
            raise WebNotBuiltError()
        page = send_from_directory(folder, "index.html")
        page.headers["Content-Security-Policy"] = APP_POLICY
        page.headers["Cache-Control"] = "no-cache"
        return page

    @pages.get("/app/assets/<path:name>")
    @public(owner="web", reason=_REASON)
    def web_asset(name: str) -> Response:
        packed = f"{name}.gz"
        is_packed = request.accept_encodings.quality("gzip") > 0 and (folder / "assets" / packed).is_file()
        asset = send_from_directory(folder / "assets", packed if is_packed else name, max_age=_A_YEAR)
        if is_packed:
            asset.headers["Content-Encoding"] = "gzip"
            asset.headers["Content-Type"] = mimetypes.guess_type(name)[0] or "application/octet-stream"
        asset.headers["Vary"] = "Accept-Encoding"
        asset.headers["Cache-Control"] = f"public, max-age={_A_YEAR}, immutable"
        return asset

    app.register_blueprint(pages)
