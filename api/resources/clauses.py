"""Clauses for agreements, filled from a case when one is named."""

from typing import Any

from marshmallow import fields, validate

from api.context import current
from api.routes import Routes
from api.rules import CASEWORKERS, requires
from api.schemas.fields import AnswerSchema, QuerySchema
from casework.access import require
from casework.causes import causes
from casework.clauses import TOPICS, Clause, clauses, fill, meant_for
from casework.queries.read_dispute import read_dispute

routes = Routes("clauses", __name__, url_prefix="/api/v1/clauses", description="Clauses for agreements")


class ClauseQuerySchema(QuerySchema):
    """Filters of the library."""

    case_id = fields.UUID(
        load_default=None,
        metadata={"description": "Fill names, amounts and dates from this case, and show what its claims call for."},
    )
    cause = fields.String(load_default=None, validate=validate.OneOf(list(causes())))
    topic = fields.String(load_default=None, validate=validate.OneOf(list(TOPICS)))


class ClauseSchema(AnswerSchema):
    """A clause of the library."""

    code = fields.String(required=True)
    topic = fields.String(required=True)
    topic_zh = fields.String(required=True)
    topic_en = fields.String(required=True)
    title = fields.String(required=True)
    title_en = fields.String(required=True)
    causes = fields.List(fields.String(), required=True)
    text = fields.String(required=True, metadata={"description": "With {placeholders}, or filled from the case."})
    missing = fields.List(
        fields.String(), required=True, metadata={"description": "What the case does not know: blanks to fill."}
    )


class ClausesSchema(AnswerSchema):
    """Clauses in the order of the library."""

    items = fields.List(fields.Nested(ClauseSchema), required=True)


@routes.route("", methods=["GET"])
@requires(*CASEWORKERS, owner="casework", scope="case")
@routes.arguments(ClauseQuerySchema, location="query")
@routes.response(200, ClausesSchema)
def list_clauses(query: dict[str, Any]) -> dict[str, Any]:
    """The library of clauses; with `case_id` those its claims call for, ready to put into an agreement.

    Text that is put into an agreement may be changed there: the library only proposes.
    """
    context = current()
    found = list(clauses(context.bureau.site.folder))
    if query["topic"]:
        found = [clause for clause in found if clause.topic == query["topic"]]
    if query["cause"]:
        found = meant_for(found, [query["cause"]])
    if query["case_id"] is None:
        return {"items": [_shown(clause, clause.text, ()) for clause in found]}
    require(context.connection, context.viewer, "work", query["case_id"])
    dispute = read_dispute(context.connection, context.bureau, query["case_id"])
    if not query["cause"]:
        found = meant_for(found, [claim.cause.code for claim in dispute.claims])
    filled = [fill(clause, dispute) for clause in found]
    return {"items": [_shown(each.clause, each.text, each.missing) for each in filled]}


def _shown(clause: Clause, text: str, missing: tuple[str, ...]) -> dict[str, Any]:
    topic = TOPICS[clause.topic]
    return {
        "code": clause.code,
        "topic": clause.topic,
        "topic_zh": topic.zh,
        "topic_en": topic.en,
        "title": clause.title,
        "title_en": clause.title_en,
        "causes": list(clause.causes),
        "text": text,
        "missing": list(missing),
    }
