"""Calendar years: the work-day notices that deadlines are counted with."""

from datetime import date
from typing import Any

from marshmallow import fields, validate

from api.actors import shown_actor
from api.context import current
from api.model_texts import ModelName
from api.pages import answer_page, start_of
from api.routes import Routes
from api.rules import MACHINISTS, requires
from api.schemas.fields import AnswerSchema, BodySchema, PageQuerySchema, QuerySchema, page_of, text
from api.visibility import machine_cases
from casework.calendar_years import CalendarYear, YearNotice, list_calendar_years, read_calendar_year
from casework.commands.load_calendar_year import load_calendar_year, recount_key
from casework.deadline_recounts import list_moved, recount_progress
from casework.store.tables import deadline_recount
from engine.domain.clock import shanghai_date
from engine.domain.errors import NotFoundError
from engine.queries.pages import Page

routes = Routes(
    "calendar-years",
    __name__,
    url_prefix="/api/v1/calendar-years",
    description="Calendar years: work days and rest days",
)


class NamedDaySchema(AnswerSchema):
    """A day off and its holiday."""

    day = fields.Date(required=True)
    name = fields.String(required=True)


class RestDayBodySchema(BodySchema):
    """A day off and its holiday."""

    day = fields.Date(required=True, metadata={"example": "2027-01-01"})
    name = fields.String(required=True, validate=validate.Length(1, 20), metadata={"example": "元旦"})


class CalendarYearBodySchema(BodySchema):
    """The notice of the State Council on one year, plain weekends left out."""

    notice_number = fields.String(required=True, validate=validate.Length(1, 100))
    rest_days = fields.List(fields.Nested(RestDayBodySchema), required=True, validate=validate.Length(1, 366))
    make_up_days = fields.List(fields.Date(), required=True, validate=validate.Length(max=366))
    reason = text(1000, description="Needed where a notice is corrected; kept encrypted.")


class YearVersionSchema(AnswerSchema):
    """A notice as it was entered."""

    version = fields.Integer(required=True)
    notice_number = fields.String(required=True)
    recorded_at = fields.AwareDateTime(required=True)
    recorded_by = fields.String(required=True)
    reason = fields.String(required=True, allow_none=True)


class RecountSchema(AnswerSchema):
    """How many cases are counted again after the last version was entered."""

    pending = fields.Integer(required=True)
    done = fields.Integer(required=True)
    failed = fields.Integer(required=True)


class CalendarYearItemSchema(AnswerSchema):
    """A year as deadlines are counted with it now."""

    year = fields.Integer(required=True)
    status = fields.String(required=True, validate=validate.OneOf(["published", "provisional"]))
    origin = fields.String(required=True, validate=validate.OneOf(["notice", "software", "projection"]))
    notice_number = fields.String(required=True, allow_none=True)
    working_days = fields.Integer(required=True)


class CalendarYearSchema(CalendarYearItemSchema):
    """A year with its days, every version of its notice, and the recount that the last one brought."""

    rest_days = fields.List(fields.Nested(NamedDaySchema), required=True)
    make_up_days = fields.List(fields.Date(), required=True)
    versions = fields.List(fields.Nested(YearVersionSchema), required=True)
    recount = fields.Nested(RecountSchema, required=True)


class CalendarYearsSchema(AnswerSchema):
    """The years that cases of today may touch."""

    items = fields.List(fields.Nested(CalendarYearItemSchema), required=True)


class MovedDateSchema(AnswerSchema):
    """A date that came out otherwise."""

    what = fields.String(
        required=True,
        validate=validate.OneOf(["timer", "user-task", "service"]),
        metadata={"description": "service: the day on which a paper that was left or affixed counts as served."},
    )
    id = fields.String(required=True)
    element_id = fields.String(required=True)
    element_name = ModelName(required=True)
    rule = fields.String(required=True, allow_none=True)
    old_due_on = fields.String(required=True, allow_none=True, metadata={"format": "date"})
    new_due_on = fields.String(required=True, allow_none=True, metadata={"format": "date"})
    old_safe_on = fields.String(required=True, allow_none=True, metadata={"format": "date"})
    new_safe_on = fields.String(required=True, allow_none=True, metadata={"format": "date"})
    is_provisional = fields.Boolean(required=True)
    old_due_at = fields.String(required=True, allow_none=True, metadata={"format": "date-time"})
    new_due_at = fields.String(required=True, allow_none=True, metadata={"format": "date-time"})


class MovedCaseSchema(AnswerSchema):
    """A case whose dates came out otherwise, or could not be counted."""

    case_id = fields.UUID(required=True)
    business_key = fields.String(required=True)
    number = fields.String(required=True, allow_none=True)
    state = fields.String(required=True)
    problem = fields.String(required=True, allow_none=True)
    ended_at = fields.AwareDateTime(required=True, allow_none=True)
    moved = fields.List(fields.Nested(MovedDateSchema), required=True)


class MovedQuerySchema(PageQuerySchema):
    """Which page."""


MovedPage = page_of(MovedCaseSchema, "MovedPage")


@routes.route("", methods=["GET"])
@requires(owner="casework", scope="site")
@routes.arguments(QuerySchema, location="query")
@routes.response(200, CalendarYearsSchema)
def list_years(query: dict[str, Any]) -> dict[str, Any]:
    """The years that cases of today may touch, published or provisional."""
    context = current()
    found = list_calendar_years(context.connection, context.bureau, shanghai_date(context.now).year)
    return {"items": [_item(year) for year in found]}


@routes.route("/<int:year>", methods=["GET"])
@requires(owner="casework", scope="site")
@routes.arguments(QuerySchema, location="query")
@routes.response(200, CalendarYearSchema)
def get_year(query: dict[str, Any], year: int) -> dict[str, Any]:
    """A year's rest days and make-up days, and every notice entered for it."""
    return _shown(_year(year))


@routes.route("/<int:year>", methods=["PUT"])
@requires("admin", "supervisor", owner="casework", scope="site")
@routes.arguments(CalendarYearBodySchema)
@routes.response(200, CalendarYearSchema)
def put_year(body: dict[str, Any], year: int) -> dict[str, Any]:
    """Enter a year's notice, or correct it with a reason; a worker then counts every date again that it touches.

    For administrators and supervisors of the whole city. `recount` tells how far that has come, `/changes` what moved.
    """
    context = current()
    notice = YearNotice(
        year=year,
        number=body["notice_number"],
        rest_days={each["day"]: each["name"] for each in body["rest_days"]},
        make_up_days=frozenset(body["make_up_days"]),
    )
    load_calendar_year(context.uow, context.bureau, context.viewer, notice, body["reason"])
    return _shown(_year(year))


@routes.route("/<int:year>/changes", methods=["GET"])
@requires(*MACHINISTS, owner="casework", scope="case")
@routes.arguments(MovedQuerySchema, location="query")
@routes.response(200, MovedPage)
def list_changes(query: dict[str, Any], year: int) -> dict[str, Any]:
    """The cases in the caller's scope whose dates the last version of a year moved, with old and new date of each."""
    context = current()
    versions = _year(year).versions
    if not versions:
        return answer_page(Page([], None), query)
    page = list_moved(
        context.connection,
        recount_key(year, versions[-1]),
        machine_cases(context.viewer, deadline_recount.c.case_id),
        after=start_of(query),
        limit=query["limit"],
    )
    return answer_page(page, query)


def _year(year: int) -> CalendarYear:
    context = current()
    if not date.min.year <= year <= date.max.year:
        raise NotFoundError(what="calendar year", id=year)
    return read_calendar_year(context.connection, context.bureau, year)


def _item(year: CalendarYear) -> dict[str, Any]:
    return {
        "year": year.year,
        "status": "published" if year.is_published else "provisional",
        "origin": year.origin,
        "notice_number": year.notice_number,
        "working_days": year.working_days,
    }


def _shown(year: CalendarYear) -> dict[str, Any]:
    connection = current().connection
    key = recount_key(year.year, year.versions[-1]) if year.versions else ""
    return {
        **_item(year),
        "rest_days": [{"day": day, "name": name} for day, name in year.rest_days.items()],
        "make_up_days": year.make_up_days,
        "versions": [
            {
                "version": each.version,
                "notice_number": each.notice.number,
                "recorded_at": each.recorded_at,
                "recorded_by": shown_actor(each.recorded_by),
                "reason": each.reason,
            }
            for each in year.versions
        ],
        "recount": recount_progress(connection, key),
    }
