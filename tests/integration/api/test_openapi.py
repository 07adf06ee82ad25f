"""The contract as it is served, and the page to try it."""

import re

from api.openapi import METHODS
from tests.integration.api.service_desk import ServiceDesk


def test_the_document_covers_every_route(desk: ServiceDesk) -> None:
    document = desk.call("GET", "/api/openapi.json", by=None).get_json()
    told = {
        f"{method.upper()} {re.sub('{[^}]+}', '{}', path)}"
        for path, item in document["paths"].items()
        for method in item
        if method in METHODS
    }
    served = {
        f"{method} {re.sub('<[^>]+>', '{}', rule.rule)}"
        for rule in desk.app.url_map.iter_rules()
        for method in rule.methods or ()
        if method.lower() in METHODS and rule.rule.startswith("/api/v1")
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
