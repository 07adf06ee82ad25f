"""Every route from the outside: without a token, with a bad one, with the wrong role, and out of scope."""

from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest

from api.rules import Rule, rule_of
from casework.roles import ROLES
from tests.integration.api.service_desk import PEOPLE, ServiceDesk

NOWHERE = str(UUID(int=7))
METHODS = ("GET", "POST", "PUT", "DELETE")
KEYLESS = {
    "/api/v1/applications",
    "/api/v1/applications/current/files",
    "/api/v1/applications/current/submission",
    "/api/v1/applications/resumption",
    "/api/v1/auth/sessions",
    "/api/v1/auth/tokens",
    "/api/v1/deployments/checks",
    "/api/v1/party/codes",
    "/api/v1/party/sessions",
    "/api/v1/party/letter-sessions",
}
"""POSTs that change nothing, and those of strangers: what these are answered is a secret and is not kept."""

SIGNING_OUT = ("/api/v1/auth/tokens/current", "/api/v1/auth/sessions/current")


def routes(desk: ServiceDesk) -> Iterator[tuple[str, str, Rule]]:
    """Yield method, path with made-up ids, and rule of every route."""
    for rule in desk.app.url_map.iter_rules():
        with desk.app.test_request_context():
            arguments = {
                name: {"UnicodeConverter": "x", "IntegerConverter": 7}.get(converter.__class__.__name__, UUID(NOWHERE))
                for name, converter in rule._converters.items()
                if converter.__class__.__name__ != "AnyConverter"
            }
        arguments |= {
            name: "docs.js" if "script" in rule.endpoint else "swagger-ui.css"
            for name, converter in rule._converters.items()
            if converter.__class__.__name__ == "AnyConverter"
        }
        built = rule.build(arguments, append_unknown=False)
        assert built is not None
        for method in sorted(set(rule.methods or ()) & set(METHODS)):
            yield method, built[1], rule_of(desk.app.view_functions[rule.endpoint])


def test_every_route_declares_owner_role_and_scope(desk: ServiceDesk) -> None:
    for method, path, rule in routes(desk):
        assert rule.owner in {"api", "engine", "casework", "web"}, (method, path)
        assert set(rule.roles) <= set(ROLES), (method, path)
        assert rule.is_public == bool(rule.reason), (method, path)
        if method == "POST" and not rule.needs_key:
            assert path in KEYLESS, path


def test_only_the_routes_meant_to_be_public_are(desk: ServiceDesk) -> None:
    public = {f"{method} {path}" for method, path, rule in routes(desk) if rule.is_public}
    assert public == {
        "GET /",
        f"GET /app/assets/{NOWHERE}",
        f"GET /app/{NOWHERE}",
        "GET /app/",
        "DELETE /api/v1/applications/current",
        f"DELETE /api/v1/applications/current/files/{NOWHERE}",
        "GET /api/v1/applications/current",
        "GET /api/v1/applications/guide",
        "GET /api/v1/applications/receipts",
        "POST /api/v1/applications",
        "POST /api/v1/applications/current/files",
        "POST /api/v1/applications/current/submission",
        "POST /api/v1/applications/resumption",
        "PUT /api/v1/applications/current",
        f"PUT /api/v1/applications/current/files/{NOWHERE}/chunks/7",
        "GET /api/docs",
        "GET /api/docs/docs.js",
        "GET /api/docs/swagger-ui.css",
        "GET /api/openapi.json",
        "GET /api/v1/calendar-feeds/x/content",
        "GET /api/v1/health",
        "GET /api/v1/health/live",
        "GET /api/v1/metrics",
        "GET /api/v1/verification",
        "POST /api/v1/auth/sessions",
        "POST /api/v1/auth/tokens",
        "POST /api/v1/court/callbacks",
        "POST /api/v1/party/codes",
        "POST /api/v1/party/letter-sessions",
        "POST /api/v1/party/sessions",
        "GET /verify",
        "GET /verify/style.css",
    }


@pytest.mark.parametrize(
    "header",
    [None, "", "Bearer", "Bearer ", "Bearer x", "Basic d2luZG93Og==", "Bearer " + "x" * 4000, "Bearer \xe4\xb8\xad"],
)
def test_no_route_answers_a_stranger(desk: ServiceDesk, header: str | None) -> None:
    headers = {} if header is None else {"Authorization": header}
    for method, path, rule in routes(desk):
        if not rule.is_public:
            answer = desk.call(method, path, {}, by=None, headers=headers)
            assert (answer.status_code, answer.get_json()["code"]) == (401, "unauthenticated"), (method, path)
            assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_no_route_serves_a_role_that_its_rule_does_not_name(desk: ServiceDesk) -> None:
    for method, path, rule in routes(desk):
        if rule.is_public or not rule.roles:
            continue
        strangers = [username for username, (role, _, _) in PEOPLE.items() if role not in rule.roles]
        for username in strangers:
            answer = desk.call(method, path, {}, by=username)
            assert (answer.status_code, answer.get_json()["code"]) == (403, "forbidden"), (method, path, username)


def test_no_route_finds_a_thing_that_does_not_exist_or_breaks_on_it(desk: ServiceDesk) -> None:
    for method, path, rule in routes(desk):
        if rule.is_public or path in SIGNING_OUT:
            continue
        for username, (role, _, _) in PEOPLE.items():
            if not rule.roles or role in rule.roles:
                answer = desk.call(method, path, {} if method in ("POST", "PUT") else None, by=username)
                assert answer.status_code < 500, (method, path, username, answer.get_data(as_text=True))
                if NOWHERE in path:
                    assert answer.status_code in (403, 404, 422), (method, path, username)


def test_a_case_out_of_scope_is_not_there(desk: ServiceDesk) -> None:
    case = desk.case()
    detail = desk.get(f"/cases/{case['id']}")
    task = detail["open_user_tasks"][0]["id"]
    document = uuid4()
    for username in ("mediator", "tengzhou", "clerk", "court", "worker", "employer"):
        for method, path, body in (
            ("GET", f"/cases/{case['id']}", None),
            ("GET", f"/cases/{case['id']}/documents", None),
            ("GET", f"/cases/{case['id']}/documents/{document}/content", None),
            ("GET", f"/cases/{case['id']}/event-dates", None),
            ("GET", f"/cases/{case['id']}/history", None),
            ("GET", f"/cases/{case['id']}/history/verification", None),
            ("GET", f"/user-tasks/{task}", None),
            ("GET", f"/user-tasks/{task}/comments", None),
            ("POST", f"/user-tasks/{task}/claim", None),
            ("POST", f"/user-tasks/{task}/completion", {}),
            ("POST", f"/user-tasks/{task}/comments", {"text": "看"}),
            ("PUT", f"/user-tasks/{task}/draft", {"draft": {}}),
            ("PUT", f"/user-tasks/{task}/assignment", {"assignee": "window"}),
            ("DELETE", f"/user-tasks/{task}/claim", None),
            ("GET", f"/process-instances/{case['instance_id']}", None),
        ):
            status, code = desk.problem(method, path, body, by=username)
            assert (status, code) == (404, "not_found"), (method, path, username)
        if username != "tengzhou":
            continue
        for method, path, body in (
            ("POST", f"/process-instances/{case['instance_id']}/cancellation", {"reason": "x"}),
            ("PUT", f"/process-instances/{case['instance_id']}/suspension", {"reason": "x"}),
            ("DELETE", f"/process-instances/{case['instance_id']}/suspension?reason=x", None),
        ):
            assert desk.problem(method, path, body, by=username) == (404, "not_found"), (method, path)


@pytest.mark.parametrize("path", ["/cases", "/user-tasks", "/timers", "/process-instances", "/jobs", "/incidents"])
def test_no_list_shows_what_is_out_of_scope(desk: ServiceDesk, path: str) -> None:
    case = desk.case()
    readers = {"window", "window2", "supervisor", "second", "district", "union"}
    for username in PEOPLE:
        answer = desk.call("GET", path, by=username)
        if answer.status_code == 200:
            shown = {item.get("case_id", item["id"]) for item in answer.get_json()["items"]}
            if username not in readers and username not in ("admin", "designer"):
                assert case["id"] not in shown, username
            if username in readers and path in ("/cases", "/user-tasks", "/process-instances"):
                assert case["id"] in shown, username


def test_administrators_see_the_machinery_of_a_dispute_but_not_its_content(desk: ServiceDesk) -> None:
    case = desk.case()
    found = desk.get(f"/process-instances/{case['instance_id']}", by="admin")
    assert found["tokens"]
    assert found["variables"] is None
    assert desk.problem("GET", f"/cases/{case['id']}", by="admin")[0] == 403
    assert desk.problem("GET", f"/cases/{case['id']}/history", by="admin")[0] == 404
    assert desk.get("/user-tasks", by="admin")["items"] == []
    assert desk.get(f"/cases/{case['id']}/history/verification", by="admin")["is_intact"] is True


def test_a_supervisors_reading_of_a_case_is_written_down(desk: ServiceDesk) -> None:
    from casework.store.tables import case_access

    case = desk.case()
    desk.get(f"/cases/{case['id']}", by="window")
    assert desk.rows(case_access) == []
    desk.get(f"/cases/{case['id']}", by="district")
    (row,) = desk.rows(case_access)
    assert str(row.case_id) == case["id"]


def test_a_stored_answer_is_not_given_to_somebody_signed_out(desk: ServiceDesk) -> None:
    desk.post("/process-instances", {"process_key": "dispute", "business_key": "t"}, by="admin", key="k1")
    desk.call("DELETE", "/auth/tokens/current", by="admin")
    assert desk.problem(
        "POST", "/process-instances", {"process_key": "dispute", "business_key": "t"}, by="admin", key="k1"
    ) == (401, "unauthenticated")
