"""Deadline rules: which period runs from which event, by which article; and counting one."""

from datetime import date
from typing import Any

from flask import request
from marshmallow import fields, validate

from api.context import current
from api.languages import language_of
from api.routes import Routes
from api.rules import requires
from api.schemas.fields import AnswerSchema, QuerySchema
from casework.calendar_days import load_calendar
from casework.deadlines.computation import compute
from casework.deadlines.rules import DeadlineRule, deadline_rules, find_rule

routes = Routes(
    "deadline-rules", __name__, url_prefix="/api/v1/deadline-rules", description="Deadline rules and their arithmetic"
)


class DeadlineRuleSchema(AnswerSchema):
    """A time limit with its basis, in the reader's language."""

    id = fields.String(required=True, metadata={"example": "MED-15R"})
    stage = fields.String(required=True)
    name = fields.String(required=True)
    trigger = fields.String(required=True)
    length = fields.Integer(required=True, allow_none=True)
    length_text = fields.String(required=True)
    unit = fields.String(required=True)
    direction = fields.String(required=True, validate=validate.OneOf(["forward", "backward"]))
    roll = fields.String(required=True)
    actor = fields.String(required=True)
    extension = fields.String(required=True)
    consequence = fields.String(required=True)
    basis = fields.List(fields.String(), required=True, metadata={"description": "Statutes and articles."})
    basis_kind = fields.String(required=True)
    confirmed = fields.String(required=True)
    is_computable = fields.Boolean(required=True)
    note = fields.String(required=True, allow_none=True)


class DeadlineRulesSchema(AnswerSchema):
    """All deadline rules, in the order of the procedure."""

    items = fields.List(fields.Nested(DeadlineRuleSchema), required=True)


class ComputationQuerySchema(QuerySchema):
    """From which day to count."""

    start = fields.Date(required=True, metadata={"example": "2026-02-01"})
    extended_by = fields.Integer(load_default=0, validate=validate.Range(0, 3650))


class ComputationSchema(AnswerSchema):
    """A due date with its explanation."""

    rule = fields.String(required=True)
    start = fields.String(required=True, metadata={"format": "date"})
    due = fields.String(required=True, metadata={"format": "date", "example": "2026-02-24"})
    safe = fields.String(required=True, metadata={"format": "date", "description": "The earliest reading."})
    provisional = fields.Boolean(required=True)
    explanation = fields.String(required=True)
    safe_explanation = fields.String(required=True)


@routes.route("", methods=["GET"])
@requires(owner="casework", scope="site")
@routes.arguments(QuerySchema, location="query")
@routes.response(200, DeadlineRulesSchema)
def list_deadline_rules(query: dict[str, Any]) -> dict[str, Any]:
    """All deadline rules, in the order of the procedure."""
    language = language_of(request)
    return {"items": [_shown(rule, language) for rule in deadline_rules().values()]}


@routes.route("/<rule_id>", methods=["GET"])
@requires(owner="casework", scope="site")
@routes.arguments(QuerySchema, location="query")
@routes.response(200, DeadlineRuleSchema)
def get_deadline_rule(query: dict[str, Any], rule_id: str) -> dict[str, Any]:
    """One deadline rule."""
    return _shown(find_rule(rule_id), language_of(request))


@routes.route("/<rule_id>/computation", methods=["GET"])
@requires(owner="casework", scope="site")
@routes.arguments(ComputationQuerySchema, location="query")
@routes.response(200, ComputationSchema)
def compute_deadline(query: dict[str, Any], rule_id: str) -> dict[str, Any]:
    """The day on which a period that starts on a given day runs out, and why."""
    start: date = query["start"]
    calendar = load_calendar(current().connection)
    due = compute(rule_id, start, calendar, extended_by=query["extended_by"])
    return due.as_dict(language_of(request))


def _shown(rule: DeadlineRule, language: str) -> dict[str, Any]:
    return {
        "id": rule.id,
        "stage": rule.stage_words.of(language),
        "name": rule.name.of(language),
        "trigger": rule.trigger.of(language),
        "length": rule.length,
        "length_text": rule.length_words(language),
        "unit": str(rule.unit),
        "direction": rule.direction,
        "roll": rule.roll,
        "actor": rule.actor.of(language),
        "extension": rule.extension.of(language),
        "consequence": rule.consequence.of(language),
        "basis": [citation.of(language) for citation in rule.basis],
        "basis_kind": rule.basis_kind,
        "confirmed": rule.confirmed,
        "is_computable": rule.is_computable,
        "note": rule.note.of(language) if rule.note else None,
    }
