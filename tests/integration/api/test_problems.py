"""Every error is a problem: the library's own, the database's, and ours."""

import io
import json

import pytest
import sqlalchemy as sa

from tests.integration.api.service_desk import CASE, ServiceDesk


def test_an_address_that_is_not_there_is_a_problem(desk: ServiceDesk) -> None:
    for path in ("/nothing", "/cases/1", "/cases/", "//cases", "/api/v2/cases", "/api/", "/cases/%00"):
        assert desk.problem("GET", path)[0] == 404


def test_a_method_that_is_not_taken_is_a_problem_that_names_those_that_are(desk: ServiceDesk) -> None:
    answer = desk.call("PATCH", "/cases", {})
    assert (answer.status_code, answer.get_json()["code"]) == (405, "method_not_allowed")
    assert {"GET", "POST"} <= set(answer.headers["Allow"].split(", "))


@pytest.mark.parametrize(
    ("data", "media_type", "expected"),
    [
        (b"{", "application/json", (400, "json_malformed")),
        (b'{"channel": "a\\u0000"}', "application/json", (400, "json_malformed")),
        (b"\xff", "application/json", (400, "json_malformed")),
        (b"{}", "text/plain", (415, "content_type_unsupported")),
        (b"{}", None, (415, "content_type_unsupported")),
        (b"channel=window", "application/x-www-form-urlencoded", (415, "content_type_unsupported")),
        (b"[]", "application/json", (422, "request_invalid")),
        (b'"x"', "application/json", (422, "request_invalid")),
        (b"null", "application/json", (422, "request_invalid")),
        (b"", "application/json", (422, "request_invalid")),
        (b"", None, (422, "request_invalid")),
        (b" " * (10 * 2**20 + 1), "application/json", (413, "body_too_large")),
    ],
    ids=str,
)
def test_a_body_that_cannot_be_read_is_a_problem(
    desk: ServiceDesk, data: bytes, media_type: str | None, expected: tuple[int, str]
) -> None:
    headers = {"Content-Type": media_type} if media_type else {}
    assert desk.problem("POST", "/cases", data=data, headers=headers) == expected


def test_a_body_in_chunks_is_limited_too(desk: ServiceDesk) -> None:
    headers = {"Transfer-Encoding": "chunked", "Content-Type": "application/json"}
    for size, expected in ((2**20, (400, "json_malformed")), (11 * 2**20, (413, "body_too_large"))):
        sent = {"input_stream": io.BytesIO(b"[" * size), "environ_overrides": {"wsgi.input_terminated": True}}
        assert desk.problem("POST", "/cases", headers=headers, **sent) == expected


def test_fields_to_mend_are_named_all_at_once_in_the_readers_language(desk: ServiceDesk) -> None:
    body = CASE | {"claims": [{"cause_code": "wages", "amount": 18000.5}], "chanel": "window", "area_code": 3}
    for language, sentence in (
        ("zh", "没有这个字段，请核对拼写。"),
        ("en", "There is no such field; check its spelling."),
    ):
        answer = desk.call("POST", f"/cases?lang={language}", body)
        problem = answer.get_json()
        assert problem["code"] == "request_invalid"
        told = {error["path"]: (error["code"], error["message"]) for error in problem["errors"]}
        assert told.keys() == {"claims[0].amount", "chanel", "area_code"}
        assert told["chanel"] == ("unknown_field", sentence)
        assert answer.headers["Content-Language"].startswith(language)


def test_what_the_domain_refuses_has_the_same_shape(desk: ServiceDesk) -> None:
    body = CASE | {"channel": "pigeon", "claims": [{"cause_code": "nonsense", "amount": "-1"}]}
    problem = desk.call("POST", "/cases", body, headers={"Accept-Language": "en"}).get_json()
    assert problem["code"] == "dispute_invalid"
    assert {error["path"] for error in problem["errors"]} == {"channel", "claims[0].cause_code", "claims[0].amount"}
    assert all(error["message"] and error["code"] for error in problem["errors"])


@pytest.mark.parametrize(
    "query",
    ["?stage=x&limit=0", "?limit=201", "?limit=x", "?chanel=window", "?cursor=abc", "?organisation_id=7", "?q=%00"],
)
def test_a_parameter_that_is_not_understood_is_never_ignored(desk: ServiceDesk, query: str) -> None:
    assert desk.problem("GET", f"/cases{query}")[0] in (400, 422)


def test_a_fault_of_ours_tells_a_number_and_nothing_else(desk: ServiceDesk, caplog: pytest.LogCaptureFixture) -> None:
    with desk.engine.begin() as connection:
        connection.execute(sa.text("alter table dispute rename column number to nummer"))
    answer = desk.call("GET", "/cases")
    problem = answer.get_json()
    assert (answer.status_code, problem["code"]) == (500, "unexpected")
    assert problem["data"].keys() == {"error_id"}
    assert "nummer" not in json.dumps(problem)
    assert problem["data"]["error_id"] in caplog.text


def test_every_answer_says_what_browsers_may_not_do(desk: ServiceDesk) -> None:
    for answer in (desk.call("GET", "/me"), desk.call("GET", "/nothing"), desk.call("GET", "/me", by=None)):
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert "Access-Control-Allow-Origin" not in answer.headers
