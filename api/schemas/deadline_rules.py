"""Schemas of deadline rules, their arithmetic and their versions."""

from typing import get_args

from marshmallow import fields, validate

from api.model_texts import ModelName
from api.schemas.fields import AnswerSchema, BodySchema, PageQuerySchema, QuerySchema, text
from casework.deadlines.rule_book import CasesBefore
from casework.deadlines.rules import Bound
from casework.employer_kinds import EMPLOYER_KINDS
from casework.store.tables import ORGANISATION_KINDS

STATES = ("proposed", "published", "rejected", "withdrawn")


class AppliesToSchema(AnswerSchema):
    """Whom a rule binds of its own force; an empty list means everybody. Others follow it by analogy."""

    employers = fields.List(fields.String(), required=True)
    organisations = fields.List(fields.String(), required=True)
    matters = fields.List(fields.String(), required=True)


class DeadlineRuleSchema(AnswerSchema):
    """A time limit in its normal form with its basis, words in the reader's language."""

    id = fields.String(required=True, metadata={"example": "MED-15R"})
    version = fields.Integer(required=True, metadata={"description": "1 came with the software."})
    stage = fields.String(required=True)
    name = fields.String(required=True)
    trigger = fields.String(required=True)
    trigger_event = fields.String(
        required=True, allow_none=True, metadata={"description": "Name of the event date from which it runs."}
    )
    length = fields.Integer(required=True, allow_none=True)
    length_text = fields.String(required=True)
    unit = fields.String(required=True)
    direction = fields.String(required=True, validate=validate.OneOf(["forward", "backward"]))
    roll = fields.String(required=True)
    bound = fields.String(required=True, validate=validate.OneOf(get_args(Bound)))
    actor = fields.String(required=True)
    actor_codes = fields.List(fields.String(), required=True)
    extension = fields.String(required=True)
    extension_by = fields.List(fields.String(), required=True, metadata={"description": "Empty: nobody may extend."})
    extension_length = fields.Integer(required=True, allow_none=True)
    extension_times = fields.Integer(required=True, allow_none=True)
    consequence = fields.String(required=True)
    consequence_codes = fields.List(fields.String(), required=True)
    applies_to = fields.Nested(AppliesToSchema, required=True)
    basis = fields.List(fields.String(), required=True, metadata={"description": "Statutes and articles."})
    basis_kind = fields.String(required=True)
    confirmed = fields.String(required=True)
    valid_from = fields.Date(required=True, allow_none=True)
    valid_to = fields.Date(required=True, allow_none=True)
    left_to_office = fields.List(
        fields.String(), required=True, metadata={"description": "What the office may decide by a version of its own."}
    )
    is_computable = fields.Boolean(required=True)
    note = fields.String(required=True, allow_none=True)


class DeadlineRulesSchema(AnswerSchema):
    """All deadline rules, in the order of the procedure."""

    items = fields.List(fields.Nested(DeadlineRuleSchema), required=True)


class OnQuerySchema(QuerySchema):
    """The day for which rules are wanted."""

    on = fields.Date(load_default=None, metadata={"description": "Today unless given.", "example": "2026-07-01"})


class ComputationQuerySchema(QuerySchema):
    """From which day to count, and for whom."""

    start = fields.Date(required=True, metadata={"example": "2026-02-01"})
    extended_by = fields.Integer(load_default=0, validate=validate.Range(0, 3650))
    organisation_kind = fields.String(load_default=None, validate=validate.OneOf(ORGANISATION_KINDS))
    employer_kind = fields.String(load_default=None, validate=validate.OneOf(list(EMPLOYER_KINDS)))


class ComputationSchema(AnswerSchema):
    """A due date with its explanation."""

    rule = fields.String(required=True)
    version = fields.Integer(required=True)
    start = fields.String(required=True, metadata={"format": "date"})
    due = fields.String(required=True, metadata={"format": "date", "example": "2026-02-24"})
    safe = fields.String(required=True, metadata={"format": "date", "description": "The earliest reading."})
    provisional = fields.Boolean(required=True)
    explanation = fields.String(required=True)
    safe_explanation = fields.String(required=True)


class RuleVersionBodySchema(BodySchema):
    """A new version of a rule."""

    changes = fields.Dict(
        keys=fields.String(),
        required=True,
        metadata={
            "description": "Fields of the normal form that differ: length, unit, roll, extension, extension_length, "
            "extension_times, consequence, note, basis, basis_kind, confirmed.",
            "example": {"length": 20, "basis": [{"statute": "mediation-arbitration-law", "articles": ["14(3)"]}]},
        },
    )
    effective_on = fields.Date(required=True, metadata={"example": "2027-01-01"})
    cases_before = fields.String(
        required=True,
        validate=validate.OneOf(get_args(CasesBefore)),
        metadata={"description": "keep: what began before has the old rule; change: what still runs has the new one."},
    )
    deciding_date = fields.String(
        load_default="start",
        validate=validate.Length(1, 60),
        metadata={"description": "`start` of the period, or an event date: whether it lies before `effective_on`."},
    )
    source = text(500, required=True, shortest=1, description="Where the new text stands: statute, article, day.")


class RuleProposedSchema(AnswerSchema):
    """A version that was proposed."""

    rule_id = fields.String(required=True)
    number = fields.Integer(required=True)


class RuleSourceSchema(AnswerSchema):
    """The file of the text that a version rests on."""

    sha256 = fields.String(required=True)
    media_type = fields.String(required=True)
    size = fields.Integer(required=True)


class RuleRecountSchema(AnswerSchema):
    """How many open cases wait to be counted again, are done, or could not be."""

    pending = fields.Integer(required=True)
    done = fields.Integer(required=True)
    failed = fields.Integer(required=True)


class RuleVersionSchema(AnswerSchema):
    """A version of a rule as it was proposed and decided."""

    rule_id = fields.String(required=True)
    number = fields.Integer(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    changes = fields.Dict(required=True)
    effective_on = fields.Date(required=True)
    cases_before = fields.String(required=True)
    deciding_date = fields.String(required=True)
    source = fields.String(required=True)
    source_file = fields.Nested(RuleSourceSchema, required=True, allow_none=True)
    proposed_at = fields.AwareDateTime(required=True)
    proposed_by = fields.String(required=True)
    ended_at = fields.AwareDateTime(required=True, allow_none=True)
    ended_by = fields.String(required=True, allow_none=True)
    remark = fields.String(required=True, allow_none=True)
    recount = fields.Nested(RuleRecountSchema, required=True, allow_none=True)


class RuleVersionsSchema(AnswerSchema):
    """The versions of a rule that the office has made, oldest first."""

    items = fields.List(fields.Nested(RuleVersionSchema), required=True)


class RulePreviewQuerySchema(PageQuerySchema):
    """Which page of cases."""


class RuleChangeSchema(AnswerSchema):
    """A date that a version would move."""

    case_id = fields.UUID(required=True)
    case_number = fields.String(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(["timer", "user-task"]))
    element_id = fields.String(required=True)
    element_name = ModelName(required=True)
    old_due_on = fields.String(required=True, allow_none=True, metadata={"format": "date"})
    new_due_on = fields.String(required=True, allow_none=True, metadata={"format": "date"})
    old_why = fields.String(required=True)
    why = fields.String(required=True)
    is_provisional = fields.Boolean(required=True)
    has_passed = fields.Boolean(required=True, metadata={"description": "The new day has run out already."})


class RulePreviewProblemSchema(AnswerSchema):
    """A case whose dates could not be counted."""

    case_id = fields.UUID(required=True)
    case_number = fields.String(required=True)
    code = fields.String(required=True)
    message = fields.String(required=True)


class RulePreviewSchema(AnswerSchema):
    """What publishing a version would change."""

    cases = fields.Integer(required=True, metadata={"description": "Open cases with a date that the rule counts."})
    cases_in_area = fields.Integer(required=True, metadata={"description": "Those in the viewer's area."})
    items = fields.List(fields.Nested(RuleChangeSchema), required=True)
    problems = fields.List(fields.Nested(RulePreviewProblemSchema), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class RuleRemarkBodySchema(BodySchema):
    """Why."""

    remark = text(500)


class RulePublishedSchema(AnswerSchema):
    """What publishing a version brought about."""

    rule_id = fields.String(required=True)
    number = fields.Integer(required=True)
    cases = fields.Integer(required=True, metadata={"description": "Open cases that are counted again."})
