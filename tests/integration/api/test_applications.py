"""Applications without an account, from the outside: drafts, files in pieces, submission, receipt, and the window."""

import hashlib
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from werkzeug.test import TestResponse

from casework.applications import MAX_CHUNK, delete_stale_applications, personal_information_notice
from casework.store.tables import application, application_chunk, application_file, dispute
from engine.domain.actor import Actor
from tests.integration.api.service_desk import CASE, ServiceDesk
from tests.integration.casework.office import GML

CONTENT: dict[str, Any] = {
    "area_code": GML,
    "applicant": {"name": "赵六", "phone": "13800000009"},
    "employer": {"is_unknown": True, "site": "某某路工地", "phone": "13900000009"},
    "what_happened": "干了两个月没有发工资",
    "claims": [{"cause_code": "wages", "amount": "9000.00"}],
    "preferred_way": "mediation",
}
PDF = b"%PDF-1.7\n" + b"x" * (MAX_CHUNK + 1000)
CONSENT = {"consents": True, "notice_version": personal_information_notice()["version"]}


class Author:
    """Somebody with a browser and no account."""

    def __init__(self, desk: ServiceDesk) -> None:
        self.desk = desk
        self.token = desk.post("/applications", by=None, key=None)["resume_token"]

    def call(self, method: str, tail: str = "", body: Any = None, **options: Any) -> TestResponse:
        headers = {"Authorization": f"Bearer {self.token}"}
        path = f"/applications/current{tail}"
        return self.desk.call(method, path, body, by=None, key=None, headers=headers, **options)

    def save(self, **changes: Any) -> None:
        assert self.call("PUT", "", {"content": CONTENT | changes}).status_code == 204

    def announce(self, content: bytes, name: str = "工资条.pdf") -> Any:
        body = {"name": name, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        answer = self.call("POST", "/files", body)
        assert answer.status_code == 201, answer.get_json()
        return answer.get_json()

    def piece(self, file: Any, start: int, content: bytes) -> TestResponse:
        options = {"data": content, "content_type": "application/octet-stream"}
        return self.call("PUT", f"/files/{file['id']}/chunks/{start}", **options)

    def upload(self, content: bytes = PDF) -> Any:
        file = self.announce(content)
        for start in range(0, len(content), MAX_CHUNK):
            answer = self.piece(file, start, content[start : start + MAX_CHUNK])
            assert answer.status_code == 200, answer.get_json()
        return answer.get_json()

    def submit(self) -> Any:
        answer = self.call("POST", "/submission", CONSENT)
        assert answer.status_code == 200, answer.get_json()
        return answer.get_json()


@pytest.fixture
def author(desk: ServiceDesk) -> Author:
    return Author(desk)


def receipt(desk: ServiceDesk, number: str, code: str) -> Any:
    return desk.get(f"/applications/receipts?number={number}&code={code}", by=None)


def test_a_draft_survives_the_tab_and_becomes_a_case_at_the_window(desk: ServiceDesk, author: Author) -> None:
    author.save()
    author.upload()
    shown = author.call("GET").get_json()
    assert (shown["state"], shown["content"]) == ("draft", CONTENT)
    assert [(each["received"], each["media_type"]) for each in shown["files"]] == [(len(PDF), "application/pdf")]
    assert desk.get("/applications")["items"] == []
    done = author.submit()
    assert author.submit() == done  # twice is once
    assert desk.rows(dispute) == []  # what strangers send makes no case by itself
    (listed,) = desk.get("/applications")["items"]
    assert listed["content"]["employer"]["site"] == "某某路工地"
    assert listed["notice_version"] == CONSENT["notice_version"]
    path = f"/applications/{listed['id']}"
    assert desk.call("GET", f"{path}/files/{listed['files'][0]['id']}/content").data == PDF
    case = desk.post(f"{path}/registration", CASE | {"channel": "online"})
    (document,) = desk.get(f"/cases/{case['id']}")["documents"]
    assert (document["kind"], document["size"]) == ("evidence", len(PDF))
    assert document["title"].startswith("证据材料：工资条（2026年")
    assert desk.problem("POST", f"{path}/registration", CASE) == (409, "application_closed")
    told = receipt(desk, done["receipt_number"], done["receipt_code"])
    assert (told["state"], told["case_number"]) == ("accepted", case["number"])
    assert desk.rows(application_chunk) == []


def test_a_rejection_says_why_and_comes_once(desk: ServiceDesk, author: Author) -> None:
    author.save()
    done = author.submit()
    (listed,) = desk.get("/applications")["items"]
    path = f"/applications/{listed['id']}/rejection"
    assert desk.problem("POST", path, {"reason": " "})[0] == 422
    desk.post(path, {"reason": "不属于劳动争议，请到法院起诉"})
    assert desk.problem("POST", path, {"reason": "再次"}) == (409, "application_closed")
    told = receipt(desk, done["receipt_number"], done["receipt_code"])
    assert (told["state"], told["rejection"]) == ("rejected", "不属于劳动争议，请到法院起诉")


def waiting(desk: ServiceDesk, by: str = "window") -> Any:
    (listed,) = desk.get("/applications", by=by)["items"]
    return desk.get(f"/applications/{listed['id']}", by=by)


def test_an_application_cannot_be_given_back_and_mended_from_another_device(desk: ServiceDesk, author: Author) -> None:
    author.save()
    done = author.submit()
    first = waiting(desk)
    path = f"/applications/{first['id']}"
    assert desk.problem("POST", f"{path}/return", {"reason": " "})[0] == 422
    desk.post(f"{path}/return", {"reason": "请写清楚从哪天开始干活"})
    assert desk.get("/applications")["items"] == []
    told = receipt(desk, done["receipt_number"], done["receipt_code"])
    assert (told["state"], told["rejection"]) == ("returned", "请写清楚从哪天开始干活")
    pair = {"number": done["receipt_number"], "code": done["receipt_code"]}
    elsewhere = Author(desk)
    elsewhere.token = desk.post("/applications/resumption", pair, by=None, key=None)["resume_token"]
    assert author.call("GET").status_code == 401  # there is one author at a time
    shown = elsewhere.call("GET").get_json()
    assert (shown["state"], shown["rejection"], shown["content"]) == ("returned", "请写清楚从哪天开始干活", CONTENT)
    assert elsewhere.call("DELETE").status_code == 409  # the window has seen it
    desk.clock.advance(timedelta(days=20))
    elsewhere.save(what_happened="六月一日开始干活")
    elsewhere.upload()
    again = elsewhere.submit()
    assert {name: again[name] for name in ("receipt_number", "receipt_code", "submitted_at")} == {
        name: done[name] for name in ("receipt_number", "receipt_code", "submitted_at")
    }
    mended = waiting(desk, by="window2")  # the first clerk's session has run out meanwhile
    assert (mended["id"], mended["content"]["what_happened"]) == (first["id"], "六月一日开始干活")
    assert mended["proposal"]["event_dates"] == {"received_on": first["submitted_at"][:10]}
    assert elsewhere.call("PUT", "", {"content": CONTENT}).status_code == 409


def test_only_a_returned_application_is_resumed_and_receipts_are_not_guessed_there(
    desk: ServiceDesk, author: Author
) -> None:
    author.save()
    done = author.submit()
    pair = {"number": done["receipt_number"], "code": done["receipt_code"]}
    wrong = pair | {"code": "AAAA-AAAA-AAAA"}
    assert desk.problem("POST", "/applications/resumption", pair, by=None, key=None) == (409, "application_closed")
    assert author.call("GET").status_code == 200  # the author's own token still holds
    for _ in range(20):
        answer = desk.problem("POST", "/applications/resumption", wrong, by=None, key=None)
        assert answer == (422, "receipt_unknown")
    assert desk.problem("POST", "/applications/resumption", pair, by=None, key=None) == (429, "request_throttled")


def test_a_rejection_does_not_say_where_to_go(desk: ServiceDesk, author: Author) -> None:
    author.save()
    done = author.submit()
    referral = "市中区劳动保障监察大队，0632-0000000"
    desk.post(f"/applications/{waiting(desk)['id']}/rejection", {"reason": "由监察机构处理", "referral": referral})
    assert receipt(desk, done["receipt_number"], done["receipt_code"])["referral"] == referral


def test_a_proposal_is_no_registration_or_a_duplicate_is_not_named(desk: ServiceDesk, author: Author) -> None:
    author.save(
        employer={"is_unknown": False, "name": "某某机械有限公司"}, applicant={"name": "张三", "phone": "138 0000 0000"}
    )
    author.submit()
    twin = Author(desk)
    twin.save(applicant={"name": "张三", "phone": "13800000000"})
    twin.submit()
    case = desk.post("/cases", CASE)
    first, second = (desk.get(f"/applications/{each['id']}") for each in desk.get("/applications")["items"])
    (warning,) = [each for each in first["warnings"] if each["code"] == "duplicate"]
    assert warning["data"]["case_id"] == case["id"]
    assert [each["id"] for each in first["others"]] == [second["id"]]
    assert second["proposal"]["respondents"][0]["name"] == "名称不详（某某路工地，13900000009）"
    path = f"/applications/{first['id']}"
    checked = desk.post(f"{path}/check", first["proposal"])
    assert checked["problems"] == []
    assert "duplicate" in {each["code"] for each in checked["warnings"]}
    nameless = first["proposal"] | {"area_code": "999999"}
    assert [each["path"] for each in desk.post(f"{path}/check", nameless)["problems"]] == ["area_code"]
    made = desk.post(f"{path}/registration", first["proposal"])
    invitations = desk.get(f"/cases/{made['id']}/invitations")["items"]
    assert [each["state"] for each in invitations] == ["open"]  # the applicant gets the link to its case


@pytest.mark.parametrize("by", ["worker", "mediator", "supervisor", "designer"])
def test_somebody_else_than_the_window_decides_on_applications(desk: ServiceDesk, author: Author, by: str) -> None:
    author.save()
    author.submit()
    found = waiting(desk)
    path = f"/applications/{found['id']}"
    for tail, body in (
        ("registration", CASE),
        ("check", CASE),
        ("rejection", {"reason": "x"}),
        ("return", {"reason": "x"}),
    ):
        assert desk.problem("POST", f"{path}/{tail}", body, by=by) == (403, "forbidden"), tail
    assert desk.problem("GET", path, by=by) == (403, "forbidden")


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"area_code": "999999"}, 422),
        ({"claims": []}, 422),
        ({"claims": [{"cause_code": "nonsense"}]}, 422),
        ({"employer": {"is_unknown": False}}, 422),
        ({"employer": {"is_unknown": True}}, 422),
        ({"applicant": {"name": "x"}}, 422),
        ({"preferred_way": "war"}, 422),
        ({"extra": 1}, 422),
        ({"what_happened": ["x"]}, 422),
    ],
)
def test_an_application_is_checked_when_it_is_handed_in(author: Author, changes: Any, status: int) -> None:
    author.save(**changes)
    assert author.call("POST", "/submission", CONSENT).status_code == status
    author.save()
    author.submit()


def test_nothing_is_taken_without_consent_to_the_notice_as_it_stands(author: Author) -> None:
    author.save()
    for body in ({}, CONSENT | {"consents": False}, CONSENT | {"notice_version": "2020-01"}):
        assert author.call("POST", "/submission", body).status_code == 422
    assert author.call("GET").get_json()["state"] == "draft"


def test_a_broken_line_goes_on_where_it_stopped(author: Author) -> None:
    file = author.announce(PDF)
    first, rest = PDF[:MAX_CHUNK], PDF[MAX_CHUNK:]
    assert author.piece(file, 0, first).get_json()["received"] == MAX_CHUNK
    assert author.piece(file, 0, first).get_json()["received"] == MAX_CHUNK  # its answer was lost
    assert author.announce(PDF)["received"] == MAX_CHUNK  # another tab, the same file
    wrong = author.piece(file, MAX_CHUNK + 5, rest[5:])
    assert (wrong.status_code, wrong.get_json()["data"]) == (409, {"received": MAX_CHUNK})
    author.save()
    assert author.call("POST", "/submission", CONSENT).status_code == 422  # not here in full
    assert author.piece(file, MAX_CHUNK, rest).get_json()["media_type"] == "application/pdf"
    author.submit()


@pytest.mark.parametrize("content", [b"<html>", b"MZ\x90\x00", b"GIF89a"])
def test_a_file_of_another_kind_is_thrown_away(desk: ServiceDesk, author: Author, content: bytes) -> None:
    answer = author.piece(author.announce(content), 0, content)
    assert (answer.status_code, answer.get_json()["code"]) == (422, "upload_broken")
    assert desk.rows(application_file) == []


def test_a_file_that_arrives_changed_is_thrown_away(desk: ServiceDesk, author: Author) -> None:
    file = author.announce(b"%PDF-1.7 a")
    assert author.piece(file, 0, b"%PDF-1.7 b").get_json()["code"] == "upload_broken"
    assert desk.rows(application_chunk) == []


def test_sizes_and_numbers_are_limited(author: Author) -> None:
    assert author.call("PUT", "", {"content": {"x": "y" * 70_000}}).status_code == 422
    for size in (0, -1, 11 * 2**20):
        assert author.call("POST", "/files", {"name": "x", "size": size, "sha256": "0" * 64}).status_code == 422
    file = author.announce(PDF)
    assert author.piece(file, 0, b"x" * (MAX_CHUNK + 1)).status_code == 413
    bodies = [{"name": "x", "size": 10 * 2**20, "sha256": f"{number:064x}"} for number in range(7)]
    assert [author.call("POST", "/files", body).status_code for body in bodies] == [201] * 5 + [422] * 2


def test_drafts_from_one_address_are_limited(desk: ServiceDesk) -> None:
    for _ in range(20):
        Author(desk)
    assert desk.problem("POST", "/applications", by=None, key=None) == (429, "request_throttled")


def test_nobody_reaches_anothers_draft(desk: ServiceDesk, author: Author) -> None:
    author.save()
    file, other = author.announce(PDF), Author(desk)
    assert other.piece(file, 0, PDF[:10]).status_code == 404
    assert other.call("DELETE", f"/files/{file['id']}").status_code == 404
    for token in ("x", "x" * 43, desk.token("window")):
        other.token = token
        for method, tail in (("GET", ""), ("DELETE", ""), ("PUT", ""), ("POST", "/submission"), ("POST", "/files")):
            body = {"content": {}} if method == "PUT" else CONSENT if tail == "/submission" else None
            body = {"name": "x", "size": 1, "sha256": "0" * 64} if tail == "/files" else body
            assert other.call(method, tail, body).status_code == 401
    for by in ("worker", "mediator", "supervisor", "designer"):
        assert desk.problem("GET", "/applications", by=by)[0] == 403
    assert desk.problem("GET", f"/applications/{uuid4()}") == (404, "not_found")
    (row,) = [row for row in desk.rows(application) if row.state == "draft" and row.content_sealed][:1]
    assert desk.problem("GET", f"/applications/{row.id}") == (404, "not_found")  # a draft is its author's alone


def test_drafts_run_out_and_what_waits_for_the_window_does_not(desk: ServiceDesk, author: Author) -> None:
    author.save()
    waiting = Author(desk)
    waiting.save()
    waiting.submit()
    desk.clock.advance(timedelta(days=7, seconds=1))
    assert author.call("GET").status_code == 401
    desk.clock.advance(timedelta(days=100))
    with desk.work(Actor("system")) as uow:
        assert delete_stale_applications(uow) == 1
    assert [row.state for row in desk.rows(application)] == ["submitted"]


def test_a_thrown_away_draft_leaves_nothing(desk: ServiceDesk, author: Author) -> None:
    author.upload()
    assert author.call("DELETE").status_code == 204
    assert author.call("GET").status_code == 401
    assert [desk.rows(table) for table in (application, application_file, application_chunk)] == [[], [], []]


def test_receipts_cannot_be_guessed(desk: ServiceDesk, author: Author) -> None:
    author.save()
    done = author.submit()
    for _ in range(20):
        assert receipt(desk, done["receipt_number"], "AAAA-AAAA-AAAA")["is_known"] is False
    path = f"/applications/receipts?number={done['receipt_number']}&code={done['receipt_code']}"
    assert desk.problem("GET", path, by=None) == (429, "request_throttled")


def test_nothing_personal_of_an_application_is_kept_in_clear(desk: ServiceDesk, author: Author) -> None:
    author.save()
    author.upload()
    author.submit()
    with desk.engine.connect() as connection:
        for table in (application, application_file, application_chunk):
            kept = str(
                [
                    tuple(bytes(v) if isinstance(v, memoryview) else v for v in row)
                    for row in connection.execute(sa.select(table))
                ]
            )
            for word in ("赵六", "13800000009", "工地", "工资条", "%PDF", author.token):
                assert word not in kept, (table.name, word)


def test_the_guide_names_notice_choices_and_other_help(desk: ServiceDesk) -> None:
    guide = desk.get("/applications/guide", by=None)
    assert {"12333", "12348"} <= {each["phone"] for each in guide["help_lines"]}
    assert "劳动保障监察" in {each["name"] for each in guide["help_lines"]}
    assert GML in {each["code"] for each in guide["areas"]}
    assert desk.get("/applications/guide?lang=en", by=None)["notice"]["text"].startswith("To handle your dispute")
