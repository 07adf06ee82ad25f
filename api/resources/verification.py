"""Whether a paper is genuine: for everybody, by number and code."""

from typing import Any

from flask import request

from api.context import current
from api.errors import RequestInvalidError
from api.routes import Routes
from api.rules import public
from api.schemas.papers import PaperVerificationSchema, VerificationQuerySchema
from api.validation_sentences import FieldProblem
from casework.verification import Verification, verify_paper

REASON = "whoever holds a paper may ask whether it is genuine; number and code together are the proof of holding it"

routes = Routes("verification", __name__, url_prefix="/api/v1/verification", description="Are papers genuine")


@routes.route("", methods=["GET"])
@public(owner="casework", reason=REASON, logs_reading=True)
@routes.arguments(VerificationQuerySchema, location="query")
@routes.response(200, PaperVerificationSchema)
def get_verification(query: dict[str, str]) -> dict[str, Any]:
    """Whether number and code belong to a paper issued here, whether it was replaced or voided, its date and issuer.

    Nothing else is told; a wrong number and a wrong code have the same answer. Too many wrong answers from one address
    answer 429 `verification_throttled` with Retry-After.
    """
    number, code = query["number"], query["code"]
    if not number.strip() or not code.strip():
        name = "code" if number.strip() else "number"
        problem = FieldProblem(name, "required", "必填。", "This field is required.")
        raise RequestInvalidError(count=1, problems=[problem])
    return _answer(verify(number, code))


def verify(number: str, code: str) -> Verification | None:
    """Ask for the caller's address; what `casework.verification.verify_paper` says."""
    context = current()
    return verify_paper(
        context.connection,
        context.bureau,
        number,
        code,
        client=request.remote_addr or "",
        now=context.now,
    )


def _answer(found: Verification | None) -> dict[str, Any]:
    return {
        "is_genuine": found is not None,
        "state": found.state if found else None,
        "version": found.version if found else None,
        "replaced_by_version": found.replaced_by_version if found else None,
        "issued_on": found.issued_on if found else None,
        "issuer": found.issuer if found else None,
    }
