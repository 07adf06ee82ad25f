"""Headers that tell browsers what a page of ours may not do."""

from flask import Flask, Response, request

API_POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
"""For pages with scripts of ours: never an inline script; the style attributes of the shipped viewer are allowed."""


def register_security_headers(app: Flask) -> None:
    """Add the headers to every answer of `app` that does not say otherwise."""

    def protect(response: Response) -> Response:
        headers = response.headers
        headers.setdefault("Content-Security-Policy", API_POLICY)
        headers.setdefault("X-Content-Type-Options", "nosniff")
        headers.setdefault("X-Frame-Options", "DENY")
        headers.setdefault("Referrer-Policy", "no-referrer")
        headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if request.path.startswith("/api/"):
            headers.setdefault("Cache-Control", "no-store")
        return response

    app.after_request(protect)
