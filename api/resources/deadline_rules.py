"""Deadline rules: which period runs from which event, by which article; counting one; and their versions."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Response, request

from api.actors import shown_actor
from api.context import current
from api.languages import language_of
from api.media_types import EXTENSIONS, checked_media_type
from api.pages import answer_page, start_of
from api.routes import Routes
from api.rules import requires
from api.schemas.deadline_rules import (
    ComputationQuerySchema,
    ComputationSchema,
    DeadlineRuleSchema,
    DeadlineRulesSchema,
    OnQuerySchema,
    RulePreviewQuerySchema,
    RulePreviewSchema,
    RuleProposedSchema,
    RulePublishedSchema,
    RuleRemarkBodySchema,
    RuleSourceSchema,
    RuleVersionBodySchema,
    RuleVersionSchema,
    RuleVersionsSchema,
)
from api.uploads import sent_file
from casework.calendar_days import load_calendar
from casework.commands.decide_deadline_rule import publish_deadline_rule, recount_key, reject_deadline_rule
from casework.commands.propose_deadline_rule import (
    Proposal,
    attach_source,
    propose_deadline_rule,
    withdraw_deadline_rule,
)
from casework.deadline_recounts import recount_progress
from casework.deadline_rules import load_book
from casework.deadlines.computation import compute
from casework.deadlines.rule_book import CaseRules
from casework.deadlines.rules import CaseFacts, DeadlineRule, find_rule
from casework.queries.deadline_rule_cases import Change, preview_version
from casework.queries.deadline_rule_versions import get_version, list_versions, read_source
from engine.domain.clock import shanghai_date
from engine.queries.pages import Page

LARGEST_SOURCE = 20 * 2**20
PROPOSERS = ("supervisor", "admin")
"""Of the whole city; see docs/decisions/0007-rules-are-published-by-two.md."""

routes = Routes(
    "deadline-rules",
    __name__,
    url_prefix="/api/v1/deadline-rules",
    description="Deadline rules, their arithmetic and their versions",
)

_MULTIPART = {
    "type": "object",
    "required": ["file"],
    "properties": {"file": {"type": "string", "format": "binary"}},
}


@routes.route("", methods=["GET"])
@requires(owner="casework", scope="site")
@routes.arguments(OnQuerySchema, location="query")
@routes.response(200, DeadlineRulesSchema)
def list_deadline_rules(query: dict[str, Any]) -> dict[str, Any]:
    """All deadline rules that hold on a day (today unless one is given), in the order of the procedure."""
    language = language_of(request)
    return {"items": [_shown(rule, language) for rule in _on(query).values()]}


@routes.route("/<rule_id>", methods=["GET"])
@requires(owner="casework", scope="site")
@routes.arguments(OnQuerySchema, location="query")
@routes.response(200, DeadlineRuleSchema)
def get_deadline_rule(query: dict[str, Any], rule_id: str) -> dict[str, Any]:
    """One deadline rule as it holds on a day (today unless one is given)."""
    return _shown(_on(query)[find_rule(rule_id).id], language_of(request))


@routes.route("/<rule_id>/computation", methods=["GET"])
@requires(owner="casework", scope="site")
@routes.arguments(ComputationQuerySchema, location="query")
@routes.response(200, ComputationSchema)
def compute_deadline(query: dict[str, Any], rule_id: str) -> dict[str, Any]:
    """The day on which a period that starts on a given day runs out, and why.

    The version of the rule is the one for that start. Name the kind of organisation to see what applies by analogy.
    """
    connection = current().connection
    facts = CaseFacts(query["organisation_kind"], query["employer_kind"])
    due = compute(
        rule_id,
        query["start"],
        load_calendar(connection),
        rules=CaseRules(load_book(connection), facts),
        extended_by=query["extended_by"],
    )
    return due.as_dict(language_of(request))


@routes.route("/<rule_id>/versions", methods=["GET"])
@requires(owner="casework", scope="site")
@routes.response(200, RuleVersionsSchema)
def list_deadline_rule_versions(rule_id: str) -> dict[str, Any]:
    """The versions of a rule that the office has published; supervisors and administrators see the others, too."""
    context = current()
    return {"items": [_version(row) for row in list_versions(context.connection, context.viewer, rule_id)]}


@routes.route("/<rule_id>/versions/<int:number>", methods=["GET"])
@requires(owner="casework", scope="site")
@routes.response(200, RuleVersionSchema)
def get_deadline_rule_version(rule_id: str, number: int) -> dict[str, Any]:
    """One version, and how far the dates of open cases have been counted again by it."""
    context = current()
    return _version(get_version(context.connection, context.viewer, rule_id, number))


@routes.route("/<rule_id>/versions", methods=["POST"])
@requires(*PROPOSERS, owner="casework", scope="site")
@routes.arguments(RuleVersionBodySchema)
@routes.response(201, RuleProposedSchema)
def propose_deadline_rule_version(body: dict[str, Any], rule_id: str) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Propose a new version of a rule. It counts nothing until a second person publishes it.

    For administrators and supervisors of the whole city.
    """
    context = current()
    number = propose_deadline_rule(context.work, context.bureau, context.viewer, Proposal(rule_id=rule_id, **body))
    location = f"/api/v1/deadline-rules/{rule_id}/versions/{number}"
    return {"rule_id": rule_id, "number": number}, 201, {"Location": location}


@routes.route("/<rule_id>/versions/<int:number>/source", methods=["POST"])
@requires(*PROPOSERS, owner="casework", scope="site", body_limit=LARGEST_SOURCE + 2**16)
@routes.doc(requestBody={"required": True, "content": {"multipart/form-data": {"schema": _MULTIPART}}})
@routes.response(201, RuleSourceSchema)
def attach_deadline_rule_source(rule_id: str, number: int) -> dict[str, Any]:
    """Attach the text that a proposed version rests on: a PDF, picture, Word or Excel file of at most 20 MiB."""
    context = current()
    upload = sent_file(request, LARGEST_SOURCE)
    media_type = checked_media_type(upload)
    sha256 = attach_source(context.work, context.bureau, context.viewer, rule_id, number, upload.content, media_type)
    return {"sha256": sha256, "media_type": media_type, "size": len(upload.content)}


@routes.route("/<rule_id>/versions/<int:number>/source", methods=["GET"])
@requires(owner="casework", scope="site")
@routes.response(200, {"type": "string", "format": "binary"}, content_type="application/octet-stream")
def get_deadline_rule_source(rule_id: str, number: int) -> Response:
    """The text that a version rests on, as it was attached."""
    context = current()
    found = read_source(context.connection, context.bureau, context.viewer, rule_id, number)
    answer = Response(found.content, mimetype=found.media_type)
    name = f"{rule_id}-{number}{EXTENSIONS.get(found.media_type, '')}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


@routes.route("/<rule_id>/versions/<int:number>/preview", methods=["GET"])
@requires(*PROPOSERS, owner="casework", scope="area")
@routes.arguments(RulePreviewQuerySchema, location="query")
@routes.response(200, RulePreviewSchema)
def preview_deadline_rule_version(query: dict[str, Any], rule_id: str, number: int) -> dict[str, Any]:
    """Every date of an open case that publishing a version would move, a page of cases at a time.

    Shows cases of the viewer's area; administrators, who see no cases, are told their number only.
    """
    context = current()
    row = get_version(context.connection, context.viewer, rule_id, number)
    after = start_of(query)
    found = preview_version(context.uow, context.viewer, row, after=after[0] if after else None, limit=query["limit"])
    language = language_of(request)
    items = [_change(change, language) for change in found.changes]
    return answer_page(Page(items, (found.next_after,) if found.next_after else None), query) | {
        "cases": found.cases,
        "cases_in_area": found.cases_in_area,
        "problems": [
            {"case_id": case_id, "case_number": name, "code": error.code, "message": error.sentence(language)}
            for case_id, name, error in found.problems
        ],
    }


@routes.route("/<rule_id>/versions/<int:number>/publication", methods=["POST"])
@requires("supervisor", owner="casework", scope="site")
@routes.arguments(RuleRemarkBodySchema)
@routes.response(200, RulePublishedSchema)
def publish_deadline_rule_version(body: dict[str, Any], rule_id: str, number: int) -> dict[str, Any]:
    """Publish a version: it counts from now on, and the dates of open cases are counted again soon.

    For supervisors of the whole city, and never for the one who proposed it.
    """
    context = current()
    done = publish_deadline_rule(context.uow, context.bureau, context.viewer, rule_id, number, body["remark"] or "")
    return {"rule_id": rule_id, "number": number, "cases": done.cases}


@routes.route("/<rule_id>/versions/<int:number>/rejection", methods=["POST"])
@requires("supervisor", owner="casework", scope="site")
@routes.arguments(RuleRemarkBodySchema)
@routes.response(204)
def reject_deadline_rule_version(body: dict[str, Any], rule_id: str, number: int) -> None:
    """Turn a proposed version down. For supervisors of the whole city, and never for the one who proposed it."""
    context = current()
    reject_deadline_rule(context.uow, context.bureau, context.viewer, rule_id, number, body["remark"] or "")


@routes.route("/<rule_id>/versions/<int:number>/withdrawal", methods=["POST"])
@requires(*PROPOSERS, owner="casework", scope="site")
@routes.arguments(RuleRemarkBodySchema)
@routes.response(204)
def withdraw_deadline_rule_version(body: dict[str, Any], rule_id: str, number: int) -> None:
    """Take a proposed version back; its proposer alone may."""
    context = current()
    withdraw_deadline_rule(context.work, context.bureau, context.viewer, rule_id, number, body["remark"] or "")


def _on(query: Mapping[str, Any]) -> Mapping[str, DeadlineRule]:
    context = current()
    day: date = query["on"] or shanghai_date(context.now)
    return load_book(context.connection).on(day)


def _version(row: Any) -> dict[str, Any]:
    source_file = None
    if row.source_sha256 is not None:
        source_file = {"sha256": row.source_sha256, "media_type": row.source_media_type, "size": row.source_size}
    progress = None
    if row.state == "published":
        found = recount_progress(current().connection, recount_key(row.rule_id, row.number))
        progress = {"pending": found.pending, "done": found.done, "failed": found.failed}
    return {
        "rule_id": row.rule_id,
        "number": row.number,
        "state": row.state,
        "changes": row.changes,
        "effective_on": row.effective_on,
        "cases_before": row.cases_before,
        "deciding_date": row.deciding_date,
        "source": row.source,
        "source_file": source_file,
        "proposed_at": row.proposed_at,
        "proposed_by": shown_actor(row.proposed_by),
        "ended_at": row.ended_at,
        "ended_by": shown_actor(row.ended_by),
        "remark": row.remark,
        "recount": progress,
    }


def _change(change: Change, language: str) -> dict[str, Any]:
    words = "explanation" if language == "zh" else "explanation_en"
    return {
        "case_id": change.case_id,
        "case_number": change.number,
        "kind": change.kind,
        "element_id": change.element_id,
        "element_name": change.element_name,
        "old_due_on": change.old.get("due"),
        "new_due_on": change.new.get("due"),
        "old_why": change.old.get(words, ""),
        "why": change.new.get(words, ""),
        "is_provisional": bool(change.new.get("provisional")),
        "has_passed": change.has_passed,
    }


def _shown(rule: DeadlineRule, language: str) -> dict[str, Any]:
    return {
        "id": rule.id,
        "stage": rule.stage_words.of(language),
        "name": rule.name.of(language),
        "version": rule.version,
        "trigger": rule.trigger.of(language),
        "trigger_event": rule.trigger_event,
        "length": rule.length,
        "length_text": rule.length_words(language),
        "unit": str(rule.unit),
        "direction": rule.direction,
        "roll": rule.roll,
        "bound": rule.bound,
        "actor": rule.actor.of(language),
        "actor_codes": rule.actor_codes,
        "extension": rule.extension.of(language),
        "extension_by": rule.extension_by,
        "extension_length": rule.extension_length,
        "extension_times": rule.extension_times,
        "consequence": rule.consequence.of(language),
        "consequence_codes": rule.consequence_codes,
        "applies_to": {
            "employers": rule.applies_to.employers,
            "organisations": rule.applies_to.organisations,
            "matters": rule.applies_to.matters,
        },
        "valid_from": rule.valid_from,
        "valid_to": rule.valid_to,
        "left_to_office": sorted(rule.settable),
        "basis": [citation.of(language) for citation in rule.basis],
        "basis_kind": rule.basis_kind,
        "confirmed": rule.confirmed,
        "is_computable": rule.is_computable,
        "note": rule.note.of(language) if rule.note else None,
    }
