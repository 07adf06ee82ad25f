"""Calendar years: what a notice must be, what a correction keeps, and which dates move when a year is loaded."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from casework.calendar_days import load_calendar, put_calendar_days
from casework.calendar_watch import missing_year, warn_of_missing_year
from casework.calendar_years import YearNotice, check_notice, list_calendar_years, read_calendar_year
from casework.commands.load_calendar_year import YearLoaded, load_calendar_year
from casework.commands.record_services import record_services
from casework.deadline_recounts import recount_progress, request_overdue_recounts, run_recounts
from casework.deadlines.work_calendar import DayOverride, WorkCalendar
from casework.documents import store_document
from casework.errors import CalendarYearInvalidError, CalendarYearReasonMissingError, CityOnlyError
from casework.service_records import Service
from casework.store.named_inputs import current_dates, drop_row
from casework.store.tables import (
    calendar_day,
    calendar_year,
    deadline_recount,
    event_date,
    notification,
    party,
    service_record,
)
from engine.domain.actor import Actor
from engine.store.history import verify
from engine.store.tables import history, timer, user_task
from tests.bpmn_builder import END, boundary, file, node, process
from tests.bpmn_builder import START as START_EVENT
from tests.bpmn_builder import timer as timer_event
from tests.integration.casework.office import Office

ACROSS_THE_YEAR = file(
    process(
        "dispute",
        START_EVENT,
        END,
        node(
            "userTask",
            "a",
            camunda_candidateGroups="mediator",
            camunda_dueDate="${working_days(today(), 3)}",
        ),
        boundary("late", "a", timer_event("Date", "${deadline('MED-ACC', received_on)}"), interrupting=False),
        boundary("soon", "a", timer_event("Date", "${now() + days(1)}"), interrupting=False),
        node("userTask", "b", camunda_candidateGroups="supervisor"),
        "start>a",
        "a>end",
        "late>b",
        "soon>b",
        "b>end",
    )
)


def span(first: date, last: date, name: str) -> dict[date, str]:
    return {first + timedelta(days=n): name for n in range((last - first).days + 1)}


NOTICE = YearNotice(
    year=2027,
    number="测试通知〔2026〕1号",
    rest_days={
        **span(date(2027, 1, 1), date(2027, 1, 2), "元旦"),
        **span(date(2027, 2, 5), date(2027, 2, 12), "春节"),
        **span(date(2027, 4, 3), date(2027, 4, 5), "清明节"),
        **span(date(2027, 5, 1), date(2027, 5, 5), "劳动节"),
        **span(date(2027, 6, 9), date(2027, 6, 9), "端午节"),
        **span(date(2027, 9, 15), date(2027, 9, 15), "中秋节"),
        **span(date(2027, 10, 1), date(2027, 10, 7), "国庆节"),
    },
    make_up_days=frozenset({date(2027, 1, 3), date(2027, 2, 13), date(2027, 5, 8), date(2027, 10, 9)}),
)
"""Invented."""


@pytest.fixture
def year_end(office: Office) -> Office:
    office.deploy(ACROSS_THE_YEAR)
    office.clock.set(datetime(2026, 12, 30, 2, tzinfo=UTC))
    office.user("city", "supervisor", area="370400")
    return office


def load(office: Office, notice: YearNotice = NOTICE, reason: str | None = None, by: str = "city") -> YearLoaded:
    with office.as_user(by) as uow:
        viewer = office_viewer(office, by)
        return load_calendar_year(uow, office.bureau, viewer, notice, reason)


def office_viewer(office: Office, username: str):
    from casework.users import viewer_for_username

    with office.begin() as connection:
        return viewer_for_username(connection, username)


def recount(office: Office) -> int:
    return run_recounts(lambda: office.work(Actor("system")))


def test_loading_a_year_settles_provisional_dates_and_lists_what_moved(year_end: Office) -> None:
    case_id = year_end.register(event_dates={"received_on": date(2026, 12, 30)}).case_id
    (before,) = year_end.rows(timer, timer.c.element_id == "late")
    assert (before.due_on, before.is_provisional) == (date(2027, 1, 5), True)
    (plain,) = year_end.rows(timer, timer.c.element_id == "soon")
    loaded = load(year_end)
    assert loaded.cases == 1
    year_end.clock.advance(timedelta(hours=3))
    assert recount(year_end) == 1
    (after,) = year_end.rows(timer, timer.c.element_id == "late")
    assert (after.due_on, after.is_provisional) == (date(2027, 1, 4), False)
    (task,) = year_end.rows(user_task, user_task.c.element_id == "a")
    assert task.due_explanation["due"] == "2027-01-04"
    assert year_end.rows(timer, timer.c.element_id == "soon") == [plain]
    (done,) = year_end.rows(deadline_recount)
    assert [(each["what"], each["old_due_on"], each["new_due_on"]) for each in done.moved] == [
        ("timer", "2027-01-05", "2027-01-04"),
        ("user-task", "2027-01-05", "2027-01-04"),
    ]
    (moved,) = year_end.rows(history, history.c.kind == "timer-moved")
    assert moved.facts["cause"] == {"kind": "calendar-year", "year": 2027, "version": 1}
    with year_end.begin() as connection:
        assert recount_progress(connection, "calendar-year/2027/1").done == 1
        assert verify(connection, case_id)
    assert recount(year_end) == 0


def test_what_counts_from_a_day_that_was_withdrawn_keeps_its_date_and_the_rest_of_the_case_moves(
    year_end: Office,
) -> None:
    case_id = year_end.register(event_dates={"received_on": date(2026, 12, 30)}).case_id
    (before,) = year_end.rows(timer, timer.c.element_id == "late")
    with year_end.begin() as connection:
        drop_row(connection, event_date, case_id, "received_on", now=year_end.clock.now())
    load(year_end)
    year_end.clock.advance(timedelta(hours=3))
    assert recount(year_end) == 1
    (done,) = year_end.rows(deadline_recount)
    assert (done.state, [each["what"] for each in done.moved]) == ("done", ["user-task"])
    assert year_end.rows(timer, timer.c.element_id == "late") == [before]


def test_the_day_of_a_service_counted_in_working_days_stays_when_the_year_is_loaded(year_end: Office) -> None:
    year_end.clock.set(datetime(2026, 12, 31, 8, tzinfo=UTC))
    case_id = year_end.register().case_id
    with year_end.as_user("clerk") as uow:
        paper = store_document(
            uow,
            year_end.bureau,
            case_id,
            kind="review-acceptance-notice",
            title="受理通知书",
            content=b"%PDF",
            media_type="application/pdf",
            idempotency_key="paper",
        ).document_id
    parties = [row.id for row in year_end.rows(party, party.c.case_id == case_id)]
    left = Service(
        party_id=parties[0],
        method="left",
        sent_on=None,
        served_on=date(2026, 12, 31),
        is_refused=True,
        has_consent=False,
        has_photographs=True,
        proof_document_id=None,
        note="留置",
    )
    signed = replace(left, party_id=parties[1], method="direct", is_refused=False, has_photographs=False)
    with year_end.as_user("clerk") as uow:
        before = record_services(uow, year_end.bureau, paper, [left, signed])
    assert before.served_on == date(2027, 1, 6)
    assert load(year_end).cases == 1
    assert recount(year_end) == 1
    with year_end.begin() as connection:
        assert current_dates(connection, case_id)["review_acceptance_notice_served_on"] == date(2027, 1, 5)
        verify(connection, case_id)
    counted = {row.party_id: row.counts_on for row in year_end.rows(service_record)}
    assert counted == {parties[0]: date(2027, 1, 5), parties[1]: date(2026, 12, 31)}
    moved = {item["what"]: item for item in year_end.rows(deadline_recount)[0].moved}
    assert (moved["service"]["old_due_on"], moved["service"]["new_due_on"]) == ("2027-01-06", "2027-01-05")


def test_the_same_notice_twice_changes_nothing(year_end: Office) -> None:
    year_end.register(event_dates={"received_on": date(2026, 12, 30)})
    assert load(year_end).cases == 1
    assert load(year_end) == YearLoaded(None, 0)
    assert len(year_end.rows(calendar_year)) == 1


def test_a_correction_needs_a_reason_keeps_both_and_moves_again(year_end: Office) -> None:
    year_end.register(event_dates={"received_on": date(2026, 12, 30)})
    load(year_end)
    recount(year_end)
    corrected = replace(NOTICE, make_up_days=NOTICE.make_up_days - {date(2027, 1, 3)})
    with pytest.raises(CalendarYearReasonMissingError):
        load(year_end, corrected)
    load(year_end, corrected, "通知更正")
    recount(year_end)
    (after,) = year_end.rows(timer, timer.c.element_id == "late")
    assert (after.due_on, after.is_provisional) == (date(2027, 1, 5), False)
    with year_end.begin() as connection:
        found = read_calendar_year(connection, year_end.bureau, 2027)
    assert [each.reason for each in found.versions] == [None, "通知更正"]
    assert date(2027, 1, 3) not in found.make_up_days
    assert found.origin == "notice"


def test_a_year_shipped_with_the_software_is_corrected_as_a_whole_and_with_a_reason(year_end: Office) -> None:
    with year_end.begin() as connection:
        shipped = read_calendar_year(connection, year_end.bureau, 2026)
    notice = YearNotice(2026, "测试", dict(shipped.rest_days), frozenset(shipped.make_up_days) - {date(2026, 10, 10)})
    with pytest.raises(CalendarYearReasonMissingError):
        load(year_end, notice)
    load(year_end, notice, "更正")
    with year_end.begin() as connection:
        assert not load_calendar(connection).is_working_day(date(2026, 10, 10))
        assert load_calendar(connection).is_working_day(date(2026, 2, 14))


def test_a_day_that_the_office_entered_prevails_over_the_notice(year_end: Office) -> None:
    with year_end.as_user("admin") as uow:
        put_calendar_days(uow, {date(2027, 1, 4): DayOverride(False, "本市放假")}, "office")
    load(year_end)
    load(year_end, replace(NOTICE, number="另一号"), "更正")
    with year_end.begin() as connection:
        assert not load_calendar(connection).is_working_day(date(2027, 1, 4))
    assert {row.source for row in year_end.rows(calendar_day)} == {"notice", "office"}


@pytest.mark.parametrize(("area", "roles"), [("370402", ("supervisor",)), ("370400", ("window-clerk",))])
def test_whoever_is_not_of_the_city_cannot_load_a_year(year_end: Office, area: str, roles: tuple[str, ...]) -> None:
    year_end.user("somebody", *roles, area=area)
    with pytest.raises(CityOnlyError):
        load(year_end, by="somebody")
    assert not year_end.rows(calendar_year)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"number": " "}, "notice_missing"),
        ({"year": 2200}, "year_outside_calendar"),
        ({"rest_days": {**NOTICE.rest_days, date(2026, 12, 31): "元旦"}}, "day_in_another_year"),
        ({"make_up_days": frozenset({date(2028, 1, 1)})}, "day_in_another_year"),
        ({"make_up_days": frozenset({date(2027, 1, 5)})}, "make_up_day_not_on_weekend"),
        ({"make_up_days": frozenset({date(2027, 1, 2)})}, "day_contradictory"),
        ({"rest_days": {date(2027, 1, 1): "元旦"}}, "statutory_day_missing"),
        ({"rest_days": {**NOTICE.rest_days, date(2027, 3, 1): ""}}, "name_missing"),
        ({"rest_days": {**NOTICE.rest_days, **span(date(2027, 7, 1), date(2027, 8, 31), "暑假")}}, "too_many_days"),
    ],
)
def test_a_notice_that_cannot_be_says_what_is_wrong(changes: dict, code: str) -> None:
    with pytest.raises(CalendarYearInvalidError) as refused:
        check_notice(replace(NOTICE, **changes))
    assert code in {problem["code"] for problem in refused.value.problems}


def test_a_year_missing_after_the_first_of_december_is_told_once_a_day(year_end: Office) -> None:
    year_end.user("boss", "admin")
    for _ in range(2):
        with year_end.work(Actor("system")) as uow:
            assert warn_of_missing_year(uow, year_end.bureau) == 2027
    told = year_end.rows(notification, notification.c.template == "calendar-year-missing")
    assert {row.case_id for row in told} == {None}
    assert len(told) == len({row.user_id for row in told})
    load(year_end)
    with year_end.work(Actor("system")) as uow:
        assert warn_of_missing_year(uow, year_end.bureau) is None


@pytest.mark.parametrize(
    ("today", "missing"),
    [(date(2026, 11, 30), None), (date(2026, 12, 1), 2027), (date(2027, 1, 2), 2027), (date(2025, 12, 15), None)],
)
def test_next_year_is_missed_from_the_first_of_december(today: date, missing: int | None) -> None:
    assert missing_year(WorkCalendar(), today) == missing


def test_dates_that_stayed_provisional_without_need_are_counted_again(year_end: Office) -> None:
    year_end.register(event_dates={"received_on": date(2026, 12, 30)})
    with year_end.work(Actor("system")) as uow:
        assert request_overdue_recounts(uow) == 0
    with year_end.as_user("city") as uow:
        days = {day: DayOverride(False, name) for day, name in NOTICE.rest_days.items()}
        put_calendar_days(uow, days, "notice")
    with year_end.work(Actor("system")) as uow:
        assert request_overdue_recounts(uow) == 1
    recount(year_end)
    (after,) = year_end.rows(timer, timer.c.element_id == "late")
    assert not after.is_provisional


def test_years_are_listed_with_their_standing(year_end: Office) -> None:
    load(year_end)
    with year_end.begin() as connection:
        found = list_calendar_years(connection, year_end.bureau, 2026)
    assert [(year.year, year.origin) for year in found] == [
        (2025, "software"),
        (2026, "software"),
        (2027, "notice"),
        (2028, "projection"),
    ]
