"""The register of numbers of a case: what was given out to which kind of paper, and what is void."""

from typing import Any
from uuid import UUID

from marshmallow import fields

from api.actors import shown_actor
from api.context import current
from api.routes import Routes
from api.rules import OFFICERS, requires
from api.schemas.fields import AnswerSchema
from casework.access import require
from casework.numbers import IssuedNumber, issued_numbers

routes = Routes(
    "paper-numbers",
    __name__,
    url_prefix="/api/v1/cases/<uuid:case_id>/paper-numbers",
    description="Numbers given out to the papers of a case",
)


class PaperNumberSchema(AnswerSchema):
    """A number, given out once and never again."""

    number = fields.String(required=True)
    kind = fields.String(required=True)
    series = fields.String(required=True)
    issuer_id = fields.UUID(required=True, allow_none=True)
    issued_at = fields.AwareDateTime(required=True)
    voided_at = fields.AwareDateTime(required=True, allow_none=True)
    voided_by = fields.String(required=True, allow_none=True)
    void_reason = fields.String(required=True, allow_none=True)


class PaperNumbersSchema(AnswerSchema):
    """The numbers in the order in which they were given out."""

    items = fields.List(fields.Nested(PaperNumberSchema), required=True)


@routes.route("", methods=["GET"])
@requires(*OFFICERS, owner="casework", scope="case")
@routes.response(200, PaperNumbersSchema)
def list_paper_numbers(case_id: UUID) -> dict[str, Any]:
    """Every number given out to papers of the case, void ones with their reason."""
    context = current()
    require(context.connection, context.viewer, "read-document", case_id)
    return {"items": [_shown(each) for each in issued_numbers(context.connection, context.bureau, case_id)]}


def _shown(number: IssuedNumber) -> dict[str, Any]:
    return {
        "number": number.number,
        "kind": number.kind,
        "series": number.series,
        "issuer_id": number.issuer_id,
        "issued_at": number.issued_at,
        "voided_at": number.voided_at,
        "voided_by": None if number.voided_by is None else shown_actor(number.voided_by),
        "void_reason": number.void_reason,
    }
