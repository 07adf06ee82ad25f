"""The public page behind the QR code of papers: plain HTML, no script, both languages, works on any telephone."""

from flask import Blueprint, Flask, Response, render_template, request

from api.context import current
from api.languages import language_of
from api.resources.verification import REASON, verify
from api.rules import public, rule_of
from api.transaction import in_transaction
from casework.errors import VerificationThrottledError
from casework.verification import PAGE, is_complete

POLICY = "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"


def register_verification_page(app: Flask) -> None:
    """Serve the page and its style sheet."""
    pages = Blueprint("verification_page", __name__)
    pages.add_url_rule(PAGE, view_func=in_transaction(verification_page, rule_of(verification_page)))
    pages.add_url_rule(f"{PAGE}/style.css", view_func=verification_style)
    app.register_blueprint(pages)


@public(owner="casework", reason=REASON, logs_reading=True)
def verification_page() -> Response:
    """Answer with the form and, when number and code were sent, what may be told of the paper."""
    number, code = request.args.get("number", "").strip(), request.args.get("code", "").strip()
    found, wait = None, 0
    if is_complete(number, code):
        try:
            found = verify(number, code)
        except VerificationThrottledError as error:
            wait = int(error.data["retry_after"])
    body = render_template(
        "verify.html",
        brand=current().bureau.site.brand,
        language=language_of(request),
        number=number[:200],
        code=code[:50],
        is_asked=bool(number or code),
        is_complete=is_complete(number, code),
        found=found,
        wait=wait,
        minutes=-(-wait // 60),
    )
    answer = Response(body, status=429 if wait else 200, mimetype="text/html")
    answer.headers["Content-Security-Policy"] = POLICY
    answer.headers["Cache-Control"] = "no-store"
    if wait:
        answer.headers["Retry-After"] = str(wait)
    return answer


@public(owner="casework", reason="how the page looks; holds no data of anybody")
def verification_style() -> Response:
    """Answer with the page's style sheet."""
    answer = Response(render_template("verify.css"), mimetype="text/css")
    answer.headers["Cache-Control"] = "max-age=3600"
    return answer
