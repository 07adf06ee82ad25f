"""Registers, deadline rules, notifications, health and metrics."""

import pytest

from casework.notifications import record_notification
from casework.users import viewer_for_username
from engine.domain.actor import Actor
from tests.integration.api.service_desk import ServiceDesk


def test_a_deadline_is_counted_and_explained_in_both_languages(desk: ServiceDesk) -> None:
    due = desk.get("/deadline-rules/MED-15R/computation?start=2026-02-01")
    assert (due["due"], due["provisional"]) == ("2026-02-24", False)
    assert "2026" in due["explanation"]
    english = desk.get("/deadline-rules/MED-15R/computation?start=2026-02-01&lang=en")
    assert english["explanation"] != due["explanation"]
    assert english["explanation"].isascii() or "Spring" in english["explanation"]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/deadline-rules/MED-15X", (404, "unknown_deadline_rule")),
        ("/deadline-rules/MED-15R/computation", (422, "request_invalid")),
        ("/deadline-rules/MED-15R/computation?start=2026-02-30", (422, "request_invalid")),
        ("/deadline-rules/MED-15R/computation?start=9999-12-31", (422, "date_outside_calendar")),
        ("/deadline-rules/MED-15R/computation?start=2026-02-01&extended_by=-1", (422, "request_invalid")),
    ],
)
def test_a_deadline_that_cannot_be_counted_says_why(desk: ServiceDesk, path: str, expected: tuple[int, str]) -> None:
    assert desk.problem("GET", path) == expected


def test_every_rule_is_listed_with_its_basis(desk: ServiceDesk) -> None:
    rules = desk.get("/deadline-rules")["items"]
    assert len(rules) > 40
    assert all(rule["name"] and rule["trigger"] and rule["length_text"] for rule in rules)
    assert desk.get(f"/deadline-rules/{rules[0]['id']}") == rules[0]


def test_registers_give_what_a_registration_needs(desk: ServiceDesk) -> None:
    assert "wages" in {cause["code"] for cause in desk.get("/causes")["items"]}
    assert "370402006" in {area["code"] for area in desk.get("/areas")["items"]}
    terms = desk.get("/terms")["terms"]
    assert {
        "channel",
        "stage",
        "role",
        "event_date",
        "limitation_interruption",
        "limitation_suspension",
    } <= terms.keys()
    assert all({"code", "zh", "en"} == term.keys() for group in terms.values() for term in group)


def test_organisations_are_narrowed_by_kind_and_area_and_hide_figures_from_parties(desk: ServiceDesk) -> None:
    streets = desk.get("/organisations?kind=street&area_code=370402")["items"]
    assert streets
    assert {each["kind"] for each in streets} == {"street"}
    assert all(each["area_code"].startswith("370402") for each in streets)
    assert all(each["open_cases"] is None for each in desk.get("/organisations", by="worker")["items"])
    assert desk.problem("GET", "/organisations?area_code=1") == (422, "area_unknown")
    assert desk.problem("GET", "/organisations?kind=guild") == (422, "request_invalid")


def test_a_form_that_is_not_deployed_is_not_found(desk: ServiceDesk) -> None:
    assert desk.problem("GET", "/forms/nothing") == (404, "not_found")


def test_notifications_are_the_callers_own_and_can_be_read(desk: ServiceDesk) -> None:
    case = desk.case()
    desk.token("supervisor")
    with desk.work(Actor("worker:w")) as uow:
        viewer = viewer_for_username(uow.connection, "window")
        assert viewer is not None
        for n in range(3):
            record_notification(
                uow, case["id"], template="attention", channel="in-app", idempotency_key=str(n), user_id=viewer.user_id
            )
    first = desk.get("/notifications?limit=2")
    rest = desk.get(f"/notifications?limit=2&cursor={first['next_cursor']}")
    assert (len(first["items"]), len(rest["items"]), rest["next_cursor"]) == (2, 1, None)
    assert case["number"] in first["items"][0]["text"]
    path = f"/notifications/{first['items'][0]['id']}/reading"
    assert desk.problem("PUT", path, by="supervisor") == (404, "not_found")
    assert desk.call("PUT", path).status_code == 204
    assert len(desk.get("/notifications?unread=true")["items"]) == 2
    assert desk.get("/notifications", by="supervisor")["items"] == []
    # nobody reads all of somebody else's, nor what came after the newest on the screen
    newest = first["items"][0]["created_at"]
    for until, by, left in (
        ("2020-01-01T00:00:00+08:00", "window", 2),
        (newest, "supervisor", 2),
        (newest, "window", 0),
    ):
        assert desk.call("PUT", "/notifications/reading", {"until": until}, by=by).status_code == 204
        assert desk.get("/news")["unread_notifications"] == left
    assert desk.problem("PUT", "/notifications/reading", {"until": "now"}) == (422, "request_invalid")


def test_health_tells_the_schema_and_asks_for_no_token(desk: ServiceDesk) -> None:
    told = desk.get("/health", by=None)
    assert told["status"] == told["database"] == "ok"
    assert told["schema_version"]
    assert desk.get("/health/live", by=None) == {"status": "ok"}


def test_metrics_count_what_is_open_and_how_requests_went(desk: ServiceDesk) -> None:
    desk.case()
    desk.problem("GET", "/cases/00000000-0000-0000-0000-000000000007")
    text = desk.call("GET", "/metrics", by=None).get_data(as_text=True)
    assert 'tingzhu_user_tasks{state="created"} 1.0' in text
    assert 'tingzhu_process_instances{state="active"} 1.0' in text
    assert 'tingzhu_requests_total{method="POST",route="/api/v1/cases",status="2xx"} 1.0' in text
    assert 'tingzhu_requests_total{method="GET",route="/api/v1/cases/<uuid:case_id>",status="4xx"} 1.0' in text
    assert 'tingzhu_request_seconds_count{method="POST",route="/api/v1/cases"} 1.0' in text


@pytest.mark.parametrize(
    ("options", "status"),
    [
        ({"by": None, "environ_base": {"REMOTE_ADDR": "10.0.0.1"}}, 401),
        ({"by": None, "headers": {"X-Forwarded-For": "10.0.0.1"}}, 401),
        ({"by": "window", "environ_base": {"REMOTE_ADDR": "10.0.0.1"}}, 403),
        ({"by": "admin", "environ_base": {"REMOTE_ADDR": "10.0.0.1"}}, 200),
        ({"by": None, "environ_base": {"REMOTE_ADDR": "::1"}}, 200),
        ({"by": None, "environ_base": {"REMOTE_ADDR": ""}}, 401),
    ],
)
def test_metrics_are_for_this_machine_and_administrators(
    desk: ServiceDesk, options: dict[str, object], status: int
) -> None:
    assert desk.call("GET", "/metrics", **options).status_code == status
