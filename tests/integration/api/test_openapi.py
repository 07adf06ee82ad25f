"""The contract."""

import json
import re
from pathlib import Path

from tests.integration.api.service_desk import ServiceDesk

SNAPSHOT = Path(__file__).parents[2] / "unit" / "api" / "openapi.snapshot.json"


def operations(document):
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if method in ("get", "put", "post", "delete"):
                yield path, method, operation


def test_the_contract_changes_only_on_purpose(desk: ServiceDesk) -> None:
    # after looking at the difference: python -m tests.integration.api.write_openapi_snapshot
    document = desk.call("GET", "/api/openapi.json", by=None).get_json()
    assert document == json.loads(SNAPSHOT.read_text())


def test_every_operation_has_a_name_of_its_own_a_summary_and_problems(desk: ServiceDesk) -> None:
    document = desk.call("GET", "/api/openapi.json", by=None).get_json()
    found = list(operations(document))
    names = [operation["operationId"] for _, _, operation in found]
    assert len(set(names)) == len(names)
    assert len(found) > 50
    for path, method, operation in found:
        assert operation["summary"].endswith((".", "?")) or operation["summary"], path
        assert "x-roles" in operation, path
        assert operation["responses"]["503"] == {"$ref": "#/components/responses/Problem"}, path
        successes = [status for status in operation["responses"] if status.startswith("2")]
        assert successes, (method, path)
        keys = [each.get("$ref", "") for each in operation.get("parameters", [])]
        needs_key = method == "post" and path != "/api/v1/auth/tokens"
        assert ("#/components/parameters/IdempotencyKey" in keys) == needs_key, path


def test_every_reference_of_the_document_leads_somewhere(desk: ServiceDesk) -> None:
    text = desk.call("GET", "/api/openapi.json", by=None).get_data(as_text=True)
    document = json.loads(text)
    for reference in set(re.findall(r'"\$ref": ?"#/([^"]+)"', text)):
        place = document
        for step in reference.split("/"):
            place = place[step]


def test_the_document_covers_every_route(desk: ServiceDesk) -> None:
    document = desk.call("GET", "/api/openapi.json", by=None).get_json()
    told = {f"{method.upper()} {re.sub('{[^}]+}', '{}', path)}" for path, method, _ in operations(document)}
    served = {
        f"{method} {re.sub('<[^>]+>', '{}', rule.rule)}"
        for rule in desk.app.url_map.iter_rules()
        for method in rule.methods or ()
        if method in ("GET", "POST", "PUT", "DELETE") and rule.rule.startswith("/api/v1")
    }
    assert told == served


def test_the_page_to_try_it_brings_all_its_files_and_no_inline_script(desk: ServiceDesk) -> None:
    page = desk.call("GET", "/api/docs", by=None)
    assert page.status_code == 200
    text = page.get_data(as_text=True)
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    assert "unsafe-inline" not in page.headers["Content-Security-Policy"].split("style-src")[0]
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)
    files = re.findall(r'(?:src|href)="([^"]+)"', text)
    assert len(files) >= 4
    for file in files:
        assert file.startswith("/api/"), file
        answer = desk.call("GET", file, by=None)
        assert answer.status_code == 200, file


def test_files_outside_the_page_are_not_served(desk: ServiceDesk) -> None:
    for path in ("/api/docs/../app.py", "/api/docs/%2e%2e/app.py", "/api/docs/docs.html", "/api/docs/LICENSE"):
        assert desk.call("GET", path, by=None).status_code == 404, path
