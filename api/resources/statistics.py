"""The monthly sheet: figures by stage and organisation, each with its cases, and the same as a spreadsheet."""

from datetime import date
from typing import Any

from flask import Response, request

from api.context import current
from api.document_content import download
from api.languages import language_of
from api.pages import answer_page, start_of
from api.resources.supervision import HEADS, path_of
from api.routes import Routes
from api.rules import requires
from api.schemas.case_views import CasePage
from api.schemas.statistics import SheetCasesQuerySchema, SheetQuerySchema, SheetSchema
from casework.access import case_scope
from casework.file_types import EXCEL
from casework.queries.list_disputes import DisputeFilters, list_disputes
from casework.queries.monthly_sheet import SheetFilters, cases_of, month_of, organisations_of, stage_records
from casework.spreadsheets import Sheet, workbook
from casework.statistics.measures import SheetRow, sheet_rows, stage_totals
from casework.statistics.stages import COUNTED_STAGES
from casework.statistics.words import DEFINITIONS, HEADINGS
from engine.domain.clock import shanghai_date

routes = Routes("statistics", __name__, url_prefix="/api/v1/statistics", description="Figures over cases")


@routes.route("/monthly", methods=["GET"])
@requires(*HEADS, owner="casework", scope="case")
@routes.arguments(SheetQuerySchema, location="query")
@routes.response(200, SheetSchema)
def get_monthly_sheet(query: dict[str, Any]) -> dict[str, Any]:
    """Cases, workers and amounts, success rate, days and overdue rate of a month, by stage and organisation.

    Counted over the cases in the caller's scope. Every number opens its cases: `/statistics/monthly/cases`.
    """
    return _sheet(query)


@routes.route("/monthly/content", methods=["GET"])
@requires(*HEADS, owner="casework", scope="case")
@routes.arguments(SheetQuerySchema, location="query")
@routes.response(200, {"type": "string", "format": "binary"}, content_type=EXCEL)
def get_monthly_sheet_content(query: dict[str, Any]) -> Response:
    """The monthly sheet as a spreadsheet, with what its figures mean."""
    found, language = _sheet(query), language_of(request)
    basis = {"accepted": ("受理口径", "by acceptance"), "closed": ("结案口径", "by closing")}[query["basis"]]
    is_chinese = language == "zh"
    name = f"月报{query['month']}（{basis[0]}）" if is_chinese else f"Monthly sheet {query['month']} ({basis[1]})"
    total = "合计" if is_chinese else "Total"
    none = "尚无组织" if is_chinese else "No organisation"
    rows = [
        _cells(row, row["organisation"]["name"] if row["organisation"] else none, language) for row in found["rows"]
    ]
    rows += [_cells(row, total, language) for row in found["totals"]]
    remarks = (f"统计日 {found['as_of']}" if is_chinese else f"Counted on {found['as_of']}", *DEFINITIONS[language])
    return download(workbook(Sheet(query["month"], name, HEADINGS[language], rows, remarks)), EXCEL, name)


@routes.route("/monthly/cases", methods=["GET"])
@requires(*HEADS, owner="casework", scope="case")
@routes.arguments(SheetCasesQuerySchema, location="query")
@routes.response(200, CasePage)
def list_monthly_sheet_cases(query: dict[str, Any]) -> dict[str, Any]:
    """The cases behind one number of the monthly sheet, newest first; without an organisation, those of all."""
    context = current()
    records = stage_records(context.connection, case_scope(context.viewer), _filters(query), stage=query["stage"])
    every = query["organisation_id"] is None and not query["without_organisation"]
    ids = cases_of(records, query["measure"], _today(), query["organisation_id"], every_organisation=every)
    page = list_disputes(
        context.connection,
        context.bureau,
        context.viewer,
        DisputeFilters(case_ids=ids),
        now=context.now,
        after=start_of(query),
        limit=query["limit"],
    )
    return answer_page(page, query)


def _sheet(query: dict[str, Any]) -> dict[str, Any]:
    context = current()
    records = stage_records(context.connection, case_scope(context.viewer), _filters(query))
    rows, totals = sheet_rows(records, _today()), stage_totals(records, _today())
    known = organisations_of(context.connection, {row.organisation_id for row in rows if row.organisation_id})
    shown = [_shown(row, known.get(row.organisation_id) if row.organisation_id else None) for row in rows]
    order = list(COUNTED_STAGES)
    shown.sort(key=lambda row: (order.index(row["stage"]["code"]), (row["organisation"] or {"code": "~"})["code"]))
    return {
        "month": query["month"],
        "basis": query["basis"],
        "as_of": _today(),
        "rows": shown,
        "totals": [_shown(row, None) for row in totals],
        "definitions": list(DEFINITIONS[language_of(request)]),
    }


def _filters(query: dict[str, Any]) -> SheetFilters:
    year, month = query["month"].split("-")
    first, last = month_of(int(year), int(month))
    return SheetFilters(first, last, query["basis"], path_of(query["area_code"]))


def _today() -> date:
    return shanghai_date(current().now)


def _shown(row: SheetRow, organisation: dict[str, Any] | None) -> dict[str, Any]:
    stage = COUNTED_STAGES[row.stage]
    return {
        "stage": {"code": stage.code, "zh": stage.zh, "en": stage.en},
        "organisation": organisation,
        "counts": row.counts,
        "worker_count": row.worker_count,
        "claim_total": row.claim_total,
        "success_rate": row.success_rate,
        "mean_days": row.mean_days,
        "median_days": row.median_days,
        "overdue_rate": row.overdue_rate,
    }


def _cells(row: dict[str, Any], organisation: str, language: str) -> list[Any]:
    counts = row["counts"]
    return [
        row["stage"][language],
        organisation,
        counts["all"],
        row["worker_count"],
        row["claim_total"],
        *(counts[name] for name in ("agreed", "failed", "withdrawn", "running")),
        row["success_rate"],
        row["mean_days"],
        row["median_days"],
        counts["with-due-date"],
        counts["overdue"],
        row["overdue_rate"],
    ]
