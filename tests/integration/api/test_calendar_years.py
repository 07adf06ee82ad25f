"""Calendar years over HTTP."""

from datetime import UTC, datetime
from typing import Any

from casework.calendar_watch import warn_of_missing_year
from casework.deadline_recounts import run_recounts
from engine.domain.actor import Actor
from tests.integration.api.service_desk import CASE, ServiceDesk
from tests.integration.casework.test_calendar_years import ACROSS_THE_YEAR, NOTICE

BODY: dict[str, Any] = {
    "notice_number": NOTICE.number,
    "rest_days": [{"day": day.isoformat(), "name": name} for day, name in NOTICE.rest_days.items()],
    "make_up_days": sorted(day.isoformat() for day in NOTICE.make_up_days),
}


def test_a_year_is_put_shown_and_lists_the_cases_that_moved(desk: ServiceDesk) -> None:
    desk.deploy(ACROSS_THE_YEAR)
    desk.clock.set(datetime(2026, 12, 30, 2, tzinfo=UTC))
    registered = desk.post("/cases", {**CASE, "event_dates": {"received_on": "2026-12-30"}})
    timers = desk.get(f"/cases/{registered['id']}/timers", by="supervisor")["items"]
    (late,) = [each for each in timers if each["element_id"] == "late"]
    assert (late["due_on"], late["safe_on"], late["is_provisional"]) == ("2027-01-05", "2027-01-03", True)
    (task,) = desk.get(f"/cases/{registered['id']}")["open_user_tasks"]
    assert (task["is_provisional"], task["safe_on"]) == (True, None)
    answer = desk.call("PUT", "/calendar-years/2027", BODY, by="supervisor")
    assert answer.status_code == 200, answer.get_data(as_text=True)
    assert answer.get_json()["recount"] == {"pending": 1, "done": 0, "failed": 0}
    run_recounts(lambda: desk.work(Actor("system")))
    shown = desk.get("/calendar-years/2027")
    assert (shown["status"], shown["origin"], shown["recount"]["done"]) == ("published", "notice", 1)
    (changed,) = desk.get("/calendar-years/2027/changes", by="supervisor")["items"]
    assert changed["case_id"] == registered["id"]
    assert changed["moved"][0]["new_due_on"] == "2027-01-04"
    assert desk.get("/calendar-years/2027/changes", by="tengzhou")["items"] == []
    years = desk.get("/calendar-years")["items"]
    assert [each["status"] for each in years] == ["published", "published", "published", "provisional"]


def test_a_year_is_not_for_everybody_to_put(desk: ServiceDesk) -> None:
    assert desk.problem("PUT", "/calendar-years/2027", BODY) == (403, "forbidden")
    assert desk.problem("PUT", "/calendar-years/2027", BODY, by="district") == (403, "city_only")
    assert desk.call("PUT", "/calendar-years/2027", BODY, by="admin").status_code == 200
    assert desk.problem("PUT", "/calendar-years/2027", {**BODY, "make_up_days": []}, by="admin") == (
        422,
        "calendar_year_reason_missing",
    )


def test_a_wrong_notice_names_each_thing_to_mend(desk: ServiceDesk) -> None:
    wrong = {**BODY, "make_up_days": ["2027-01-05", "2028-01-01"]}
    answer = desk.call("PUT", "/calendar-years/2027", wrong, by="supervisor").get_json()
    assert answer["code"] == "calendar_year_invalid"
    assert {each["code"] for each in answer["errors"]} == {"make_up_day_not_on_weekend", "day_in_another_year"}
    assert desk.problem("GET", "/calendar-years/1990") == (422, "date_outside_calendar")
    assert desk.problem("GET", "/calendar-years/99999") == (404, "not_found")


def test_supervisors_see_that_next_year_is_missing(desk: ServiceDesk) -> None:
    assert desk.get("/health/warnings", by="admin")["warnings"] == []
    desk.clock.set(datetime(2026, 12, 2, tzinfo=UTC))
    (warning,) = desk.get("/health/warnings", by="supervisor")["warnings"]
    assert "2027" in warning["message"]
    assert desk.problem("GET", "/health/warnings", by="mediator") == (403, "forbidden")
    with desk.work(Actor("system")) as uow:
        warn_of_missing_year(uow, desk.bureau)
    (told,) = desk.get("/notifications", by="supervisor")["items"]
    assert (told["template"], told["case_id"], told["number"]) == ("calendar-year-missing", None, None)
    assert "2027年放假安排尚未录入" in told["text"]
    assert desk.get("/notifications", by="mediator")["items"] == []
