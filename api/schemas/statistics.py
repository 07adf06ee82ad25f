"""Shapes of the monthly sheet."""

from marshmallow import ValidationError, fields, validate

from api.schemas.case_views import TermSchema
from api.schemas.fields import AnswerSchema, PageQuerySchema, QuerySchema
from casework.statistics.measures import MEASURES
from casework.statistics.stages import COUNTED_STAGES

STAGE_CODES = list(COUNTED_STAGES)
MEASURE_CODES = list(MEASURES)


def _check_month(text: str) -> None:
    year, _, month = text.partition("-")
    is_month = len(year) == 4 and len(month) == 2 and (year + month).isascii() and (year + month).isdigit()
    if not is_month or not 1 <= int(month) <= 12 or not 2008 <= int(year) <= 2200:
        raise ValidationError("Not a valid month.")


_MONTH = {"description": "A month of Asia/Shanghai.", "example": "2026-10"}
_BASIS = {
    "description": "accepted: the stage was taken on in the month (受理日); closed: it ended in the month (结案日)."
}


class SheetQuerySchema(QuerySchema):
    """Which month is counted, and how cases belong to it."""

    month = fields.String(required=True, validate=_check_month, metadata=_MONTH)
    basis = fields.String(load_default="closed", validate=validate.OneOf(["accepted", "closed"]), metadata=_BASIS)
    area_code = fields.String(load_default=None, metadata={"description": "This area and below."})


class SheetCasesQuerySchema(PageQuerySchema):
    """Which number's cases are listed."""

    month = fields.String(required=True, validate=_check_month, metadata=_MONTH)
    basis = fields.String(load_default="closed", validate=validate.OneOf(["accepted", "closed"]), metadata=_BASIS)
    area_code = fields.String(load_default=None, metadata={"description": "This area and below."})
    stage = fields.String(required=True, validate=validate.OneOf(STAGE_CODES))
    measure = fields.String(load_default="all", validate=validate.OneOf(MEASURE_CODES))
    organisation_id = fields.UUID(load_default=None)
    without_organisation = fields.Boolean(
        load_default=False, metadata={"description": "Only cases that have no organisation for the stage."}
    )


class SheetOrganisationSchema(AnswerSchema):
    """An organisation of the sheet."""

    id = fields.UUID(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True)
    kind = fields.String(required=True)


class SheetCountsSchema(AnswerSchema):
    """Numbers of cases by measure; each is the length of `/statistics/monthly/cases` with that measure."""

    all = fields.Integer(required=True)
    agreed = fields.Integer(required=True)
    failed = fields.Integer(required=True)
    withdrawn = fields.Integer(required=True)
    running = fields.Integer(required=True)
    ended = fields.Integer(required=True)
    with_due_date = fields.Integer(required=True, data_key="with-due-date", attribute="with-due-date")
    overdue = fields.Integer(required=True)


class SheetRowSchema(AnswerSchema):
    """The figures of one stage at one organisation, or over all of them."""

    stage = fields.Nested(TermSchema, required=True)
    organisation = fields.Nested(
        SheetOrganisationSchema,
        required=True,
        allow_none=True,
        metadata={"description": "In rows: null where no organisation has the stage. In totals: always null."},
    )
    counts = fields.Nested(SheetCountsSchema, required=True)
    worker_count = fields.Integer(required=True)
    claim_total = fields.String(required=True, metadata={"example": "18000.00"})
    success_rate = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "K3 in percent: agreed / (agreed + failed); kept for mediation."},
    )
    mean_days = fields.String(
        required=True, allow_none=True, metadata={"description": "K13: calendar days from acceptance to the end."}
    )
    median_days = fields.String(required=True, allow_none=True)
    overdue_rate = fields.String(
        required=True, allow_none=True, metadata={"description": "K14 in percent: overdue / with a due date."}
    )


class SheetSchema(AnswerSchema):
    """The monthly sheet: K1, K3, K13, K14 by stage and organisation."""

    month = fields.String(required=True)
    basis = fields.String(required=True, validate=validate.OneOf(["accepted", "closed"]))
    as_of = fields.Date(required=True, metadata={"description": "The day on which it was counted."})
    rows = fields.List(fields.Nested(SheetRowSchema), required=True)
    totals = fields.List(fields.Nested(SheetRowSchema), required=True, metadata={"description": "One per stage."})
    definitions = fields.List(
        fields.String(), required=True, metadata={"description": "What the figures mean, in the reader's language."}
    )
