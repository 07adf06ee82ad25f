"""The limitation ledger of a case: until when each claim may be brought to arbitration, and why until then."""

from datetime import date
from typing import Any
from uuid import UUID

from flask import request
from marshmallow import fields, validate

from api.actors import shown_actor
from api.context import current
from api.languages import language_of
from api.routes import Routes
from api.rules import CASEWORKERS, OFFICERS, requires
from api.schemas.case_views import TermSchema
from api.schemas.fields import AnswerSchema, BodySchema, text
from casework.access import require
from casework.limitation import KINDS, RULE, Link, basis_words
from casework.limitation_ledger import (
    ClaimLedger,
    Ledger,
    NewEntry,
    RecordedEntry,
    correct_claim_facts,
    read_ledger,
    record_limitation_event,
)
from engine.domain.clock import shanghai_date

routes = Routes(
    "limitation", __name__, url_prefix="/api/v1/cases/<uuid:case_id>", description="Limitation of arbitration"
)

_DAY = {"format": "date"}


class ChainLinkSchema(AnswerSchema):
    """Something that happened, with what it did to the limitation and its articles."""

    kind = fields.String(required=True)
    name = fields.String(required=True)
    basis = fields.String(required=True)
    on = fields.Date(required=True)
    until = fields.Date(required=True, allow_none=True)
    source = fields.String(required=True, validate=validate.OneOf(["event-date", "deemed", "recorded"]))
    reference = fields.String(
        required=True, metadata={"description": "Event date, rule that ran out, or id of the entry."}
    )
    is_proven = fields.Boolean(required=True)
    effect = fields.String(
        required=True,
        validate=validate.OneOf(["interrupts", "suspends", "before-start", "too-late", "not-counted"]),
    )


class ClaimLimitationSchema(AnswerSchema):
    """A claim with its limitation."""

    position = fields.Integer(required=True)
    cause = fields.Nested(TermSchema, required=True)
    known_on = fields.Date(required=True, allow_none=True)
    employment_ended_on = fields.Date(required=True, allow_none=True)
    is_wage_arrears = fields.Boolean(required=True)
    is_assumed = fields.Boolean(required=True, metadata={"description": "Nobody said; the cause decides."})
    rule = fields.String(required=True)
    status = fields.String(
        required=True, validate=validate.OneOf(["running", "expired", "suspended", "not-limited", "unknown"])
    )
    started_on = fields.Date(required=True, allow_none=True)
    ends_on = fields.Date(required=True, allow_none=True)
    due_on = fields.Date(required=True, allow_none=True)
    safe_on = fields.Date(
        required=True, allow_none=True, metadata={"description": "Counting only what is proven, nothing moved."}
    )
    is_provisional = fields.Boolean(required=True)
    days_left = fields.Integer(required=True, allow_none=True)
    is_near = fields.Boolean(required=True)
    sentence = fields.String(required=True)
    events = fields.List(fields.Nested(ChainLinkSchema), required=True)


class LimitationEntrySchema(AnswerSchema):
    """An entry made by hand; corrected ones are kept."""

    id = fields.UUID(required=True)
    kind = fields.String(required=True)
    started_on = fields.Date(required=True)
    ended_on = fields.Date(required=True, allow_none=True)
    claim_position = fields.Integer(required=True, allow_none=True)
    document_id = fields.UUID(required=True, allow_none=True)
    note = fields.String(required=True, allow_none=True, metadata={"description": "Null for parties."})
    reason = fields.String(required=True, allow_none=True, metadata={"description": "Null for parties."})
    recorded_by = fields.String(required=True)
    is_current = fields.Boolean(required=True)


class LimitationSchema(AnswerSchema):
    """The limitation of every claim."""

    claims = fields.List(fields.Nested(ClaimLimitationSchema), required=True)
    recorded = fields.List(fields.Nested(LimitationEntrySchema), required=True)


class LimitationEventBodySchema(BodySchema):
    """What interrupted or suspended the limitation."""

    kind = fields.String(required=True, metadata={"example": "claimed-from-other-party"})
    started_on = fields.Date(required=True)
    ended_on = fields.Date(
        load_default=None,
        allow_none=True,
        metadata={"description": "Of a suspension: the day its cause was gone. Null: it lasts."},
    )
    claim_position = fields.Integer(load_default=None, allow_none=True)
    document_id = fields.UUID(load_default=None, allow_none=True, metadata={"description": "The proof."})
    note = text(1000, description="Kept encrypted.")
    replaces = fields.UUID(load_default=None, allow_none=True, metadata={"description": "The entry it corrects."})
    is_retracted = fields.Boolean(load_default=False, metadata={"description": "The replaced entry was wrong."})
    reason = text(1000, description="Needed for a correction; kept encrypted.")


class ClaimFactsBodySchema(BodySchema):
    """What the limitation of a claim begins with."""

    known_on = fields.Date(required=True, allow_none=True)
    employment_ended_on = fields.Date(required=True, allow_none=True)
    is_wage_arrears = fields.Boolean(required=True, allow_none=True)
    reason = text(1000, description="Needed where a value is replaced; kept encrypted.")


@routes.route("/limitation", methods=["GET"])
@requires(*CASEWORKERS, owner="casework", scope="case")
@routes.response(200, LimitationSchema)
def get_limitation(case_id: UUID) -> dict[str, Any]:
    """Until when each claim may be brought to arbitration, with the chain of events and their articles."""
    context = current()
    require(context.connection, context.viewer, "read", case_id)
    return _answer(case_id)


@routes.route("/limitation-events", methods=["POST"])
@requires(*OFFICERS, owner="casework", scope="case")
@routes.arguments(LimitationEventBodySchema)
@routes.response(201, LimitationSchema)
def create_limitation_event(body: dict[str, Any], case_id: UUID) -> dict[str, Any]:
    """Enter an interruption or suspension by hand, with its proof, or correct such an entry by another row."""
    context = current()
    require(context.connection, context.viewer, "correct-event-date", case_id)
    record_limitation_event(context.work, context.bureau, case_id, NewEntry(**body))
    return _answer(case_id)


@routes.route("/claims/<int:position>/limitation-facts", methods=["PUT"])
@requires(*OFFICERS, owner="casework", scope="case")
@routes.arguments(ClaimFactsBodySchema)
@routes.response(200, LimitationSchema)
def put_claim_facts(body: dict[str, Any], case_id: UUID, position: int) -> dict[str, Any]:
    """Set what the limitation of one claim begins with: when the party knew, and the rule for wages."""
    context = current()
    require(context.connection, context.viewer, "correct-event-date", case_id)
    reason = body.pop("reason") or ""
    correct_claim_facts(context.work, context.bureau, case_id, position, body, reason)
    return _answer(case_id)


def _answer(case_id: UUID) -> dict[str, Any]:
    context, language = current(), language_of(request)
    today = shanghai_date(context.now)
    ledger: Ledger = read_ledger(context.connection, context.bureau, case_id, today)
    within = context.bureau.site.limitation_near_days
    is_officer = bool(context.viewer.roles.intersection(OFFICERS))
    return {
        "claims": [_claim(each, today, within, language) for each in ledger.claims],
        "recorded": [_recorded(each, is_officer) for each in ledger.recorded],
    }


def _claim(claim: ClaimLedger, today: date, within: int, language: str) -> dict[str, Any]:
    found = claim.limitation
    return {
        "position": claim.position,
        "cause": {"code": claim.cause.code, "zh": claim.cause.zh, "en": claim.cause.en},
        "known_on": claim.facts.known_on,
        "employment_ended_on": claim.facts.employment_ended_on,
        "is_wage_arrears": claim.facts.is_wage_arrears,
        "is_assumed": claim.is_assumed,
        "rule": RULE,
        "status": found.status,
        "started_on": found.started_on,
        "ends_on": found.ends_on,
        "due_on": found.due_on,
        "safe_on": found.safe_on,
        "is_provisional": found.is_provisional,
        "days_left": found.days_left(today),
        "is_near": found.is_near(today, within),
        "sentence": found.sentence.of(language),
        "events": [_link(link, language) for link in found.links],
    }


def _link(link: Link, language: str) -> dict[str, Any]:
    entry, kind = link.entry, KINDS[link.entry.kind]
    return {
        "kind": entry.kind,
        "name": kind.zh if language == "zh" else kind.en,
        "basis": basis_words(kind).of(language),
        "on": entry.on,
        "until": entry.until,
        "source": entry.source,
        "reference": entry.reference,
        "is_proven": entry.is_proven,
        "effect": link.effect,
    }


def _recorded(entry: RecordedEntry, is_officer: bool) -> dict[str, Any]:
    return {
        "id": entry.id,
        "kind": entry.kind,
        "started_on": entry.started_on,
        "ended_on": entry.ended_on,
        "claim_position": entry.claim_position,
        "document_id": entry.document_id,
        "note": entry.note if is_officer else None,
        "reason": entry.reason if is_officer else None,
        "recorded_by": shown_actor(entry.recorded_by),
        "is_current": entry.is_current,
    }
