"""The contract: what the routes say of themselves."""

import json
import re

import pytest

from api.openapi import contract
from api.reference import PAGE, SNAPSHOT, page
from tests.integration.api.test_access import KEYLESS


@pytest.fixture(scope="module")
def document():
    return contract()


def operations(document):
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if method in ("get", "put", "post", "delete"):
                yield path, method, operation


def test_the_contract_changes_only_on_purpose(document) -> None:
    # look at the difference, then: python -m api.reference
    assert document == json.loads(SNAPSHOT.read_text())


def test_every_operation_has_a_name_of_its_own_a_summary_and_problems(document) -> None:
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
        needs_key = method == "post" and path not in KEYLESS
        assert ("#/components/parameters/IdempotencyKey" in keys) == needs_key, path


def test_every_reference_of_the_document_leads_somewhere(document) -> None:
    text = json.dumps(document)
    for reference in set(re.findall(r'"\$ref": ?"#/([^"]+)"', text)):
        place = document
        for step in reference.split("/"):
            place = place[step]


def test_the_reference_page_is_as_the_routes_are() -> None:
    assert without_sentences(PAGE.read_text()) == without_sentences(page())


def without_sentences(text: str) -> str:
    """Return the page without the wording of problems, which may change without being written anew at once."""
    return re.sub(r"(?m)^(\| \d{3} [^|]+\| `[a-z_]+` \|).*$", r"\1", text)
