"""Registering at the window over HTTP: drafts, scans, spreadsheets of workers, duplicates; and whom they concern."""

import io
from copy import deepcopy
from datetime import timedelta
from typing import Any

import openpyxl
import sqlalchemy as sa

from casework.registration_drafts import purge_drafts
from casework.store.tables import dispute, party, registration_attachment, registration_draft
from tests.integration.api.service_desk import CASE, ServiceDesk

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 64
WORKER = {"kind": "person", "name": "张标记", "id_number": "11010519491231002X"}


def begin(desk: ServiceDesk, content: dict[str, Any] | None = None, by: str = "window") -> str:
    """Begin a draft; return its path."""
    return (
        f"/registration-drafts/{desk.post('/registration-drafts', {'content': content or deepcopy(CASE)}, by=by)['id']}"
    )


def send(
    desk: ServiceDesk, method: str, path: str, content: bytes, name: str, by: str = "window", **fields: str
) -> Any:
    """Send a file as a form does."""
    data = {"file": (io.BytesIO(content), name), **fields}
    return desk.call(method, path, by=by, data=data, content_type="multipart/form-data")


def sheet(desk: ServiceDesk, *rows: tuple[Any, ...]) -> bytes:
    """Return the template that the API hands out, filled in."""
    template = desk.call("GET", "/registration-drafts/worker-sheet-template")
    assert template.status_code == 200
    book = openpyxl.load_workbook(io.BytesIO(template.get_data()))
    for number, row in enumerate(rows, 2):
        for position, value in enumerate(row, 1):
            book.active.cell(number, position, value)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def test_a_draft_with_scans_becomes_a_case_with_documents_at_once(desk: ServiceDesk) -> None:
    draft = begin(desk)
    assert send(desk, "POST", f"{draft}/attachments", PNG, "工资条.png", kind="evidence").status_code == 201
    shown = desk.get(draft)
    assert (shown["content"], shown["title"]) == (CASE, "张三 / 某某机械有限公司")
    titles = [each["title"] for each in shown["attachments"]]
    assert titles[0].startswith("证据材料：工资条（2026年")
    content = desk.call("GET", f"{draft}/attachments/{shown['attachments'][0]['id']}/content")
    assert content.get_data() == PNG
    answer = desk.post(f"{draft}/registration", key="once")
    assert desk.post(f"{draft}/registration", key="once") == answer
    assert [each["title"] for each in desk.get(f"/cases/{answer['id']}/documents")["items"]] == titles
    assert desk.problem("GET", draft) == (404, "not_found")
    assert desk.problem("POST", f"{draft}/registration") == (404, "not_found")
    assert (desk.rows(registration_draft), desk.rows(registration_attachment)) == ([], [])
    assert len(desk.rows(dispute)) == 1


def test_a_draft_that_cannot_be_registered_stays_whole(desk: ServiceDesk) -> None:
    draft = begin(desk, {"channel": "window", "applicants": [{"kind": "person", "name": "张三"}]})
    send(desk, "POST", f"{draft}/attachments", PNG, "a.png", kind="evidence")
    answer = desk.call("POST", f"{draft}/registration")
    assert answer.status_code == 422
    assert {"area_code", "respondents", "claims"} <= {each["path"] for each in answer.get_json()["errors"]}
    assert {each["path"] for each in desk.get(f"{draft}/check")["problems"]} >= {"area_code", "claims"}
    wrong = deepcopy(CASE) | {"area_code": "000000"}
    assert desk.call("PUT", draft, {"content": wrong}).status_code == 200
    assert [each["path"] for each in desk.get(f"{draft}/check")["problems"]] == ["area_code"]
    assert desk.problem("POST", f"{draft}/registration") == (422, "dispute_invalid")
    assert len(desk.get(draft)["attachments"]) == 1
    assert desk.rows(dispute) == []


def test_nobody_reaches_the_draft_of_somebody_else(desk: ServiceDesk) -> None:
    draft = begin(desk)
    send(desk, "POST", f"{draft}/attachments", PNG, "a.png", kind="evidence")
    attachment = desk.get(draft)["attachments"][0]["id"]
    for username in ("window2", "supervisor", "mediator", "worker", "union"):
        assert desk.get("/registration-drafts", by=username)["items"] == []
        for method, path, body in (
            ("GET", draft, None),
            ("PUT", draft, {"content": {}}),
            ("DELETE", draft, None),
            ("GET", f"{draft}/check", None),
            ("POST", f"{draft}/registration", None),
            ("GET", f"{draft}/attachments/{attachment}/content", None),
            ("DELETE", f"{draft}/attachments/{attachment}", None),
        ):
            assert desk.problem(method, path, body, by=username) == (404, "not_found"), (username, method, path)
        for method, path in (("POST", f"{draft}/attachments"), ("PUT", f"{draft}/workers")):
            answer = send(desk, method, path, PNG, "a.png", by=username, **({"kind": "x"} if method == "POST" else {}))
            assert (answer.status_code, answer.get_json()["code"]) == (404, "not_found"), (username, path)
    assert len(desk.get(draft)["attachments"]) == 1


def test_nothing_of_a_draft_is_readable_in_the_database(desk: ServiceDesk) -> None:
    draft = begin(desk, deepcopy(CASE) | {"applicants": [WORKER]})
    send(desk, "POST", f"{draft}/attachments", PNG, "张标记的工资条.png", kind="evidence")
    stored = str(desk.rows(registration_draft)) + str(desk.rows(registration_attachment))
    assert "张标记" not in stored
    assert "11010519491231002X" not in stored


def test_thirty_workers_are_taken_from_a_spreadsheet_and_registered(desk: ServiceDesk) -> None:
    draft = begin(desk)
    rows = [(f"张{n}", f"3704021990{n:08}", 13800000000 + n, "某路", "追索劳动报酬", 1000 + n) for n in range(30)]
    answer = send(desk, "PUT", f"{draft}/workers", sheet(desk, *rows), "名单.xlsx")
    assert answer.status_code == 200
    assert [answer.get_json()[name] for name in ("workers", "claims")] == [30, 30]
    content = desk.get(draft)["content"]
    assert [len(content[name]) for name in ("applicants", "claims", "respondents")] == [30, 31, 1]
    # taken again: the same thirty, not sixty
    send(desk, "PUT", f"{draft}/workers", sheet(desk, *rows), "名单.xlsx")
    assert [len(desk.get(draft)["content"][name]) for name in ("applicants", "claims")] == [30, 31]
    made = desk.post(f"{draft}/registration")
    assert "group" in {each["code"] for each in made["warnings"]}
    assert desk.get(f"/cases/{made['id']}")["worker_count"] == 30
    assert len(desk.rows(party)) == 31


def test_one_bad_cell_and_nothing_is_taken(desk: ServiceDesk) -> None:
    draft = begin(desk)
    bad = sheet(desk, ("张三", "37040219900101123X"), ("", "3704021990"), ("李四", "", "", "", "没有的案由"))
    answer = send(desk, "PUT", f"{draft}/workers", bad, "名单.xlsx")
    problem = answer.get_json()
    assert (answer.status_code, problem["code"]) == (422, "worker_sheet_invalid")
    assert [each["path"] for each in problem["errors"]] == ["A3", "E4"]
    assert "37040219900101123X" not in answer.get_data(as_text=True)
    assert desk.get(draft)["content"] == CASE
    for content, name in ((b"PK\x03\x04x", "a.xlsx"), (PNG, "a.png"), (b"", "a.csv")):
        refused = send(desk, "PUT", f"{draft}/workers", content, name)
        assert (refused.status_code, refused.get_json()["code"]) == (422, "worker_sheet_unreadable")
    assert send(desk, "PUT", f"{draft}/workers", b"x" * (3 * 2**20), "a.csv").status_code == 413


def test_a_duplicate_is_named_to_whoever_may_see_it_and_to_nobody_else(desk: ServiceDesk) -> None:
    first = desk.case()

    def warned(by: str) -> dict[str, Any]:
        draft = begin(desk, by=by)
        found = {each["code"]: each for each in desk.get(f"{draft}/check", by=by)["warnings"]}
        assert desk.call("DELETE", draft, by=by).status_code == 204
        return found

    assert warned("window")["duplicate"]["data"]["number"] == first["number"]
    assert "duplicate" in warned("supervisor")
    for username in ("mediator", "tengzhou"):
        found = warned(username)
        assert "duplicate" not in found
        assert first["number"] not in str(found)
        assert first["business_key"] not in str(found)
        assert found["duplicate-elsewhere"]["data"] == {}
    # a party could try out who has a dispute with whom
    assert not {"duplicate", "duplicate-elsewhere"} & set(warned("worker"))
    made = desk.post("/cases", CASE, by="mediator")
    assert [each["code"] for each in made["warnings"]] == ["duplicate-elsewhere", "id-number-doubtful"]
    with desk.engine.begin() as connection:
        connection.execute(sa.update(dispute).values(stage="closed"))
    assert {"handled-before"} <= set(warned("window"))
    assert "duplicate-elsewhere" not in warned("tengzhou")


def test_a_second_window_overwrites_what_the_first_kept(desk: ServiceDesk) -> None:
    draft = begin(desk)
    seen = desk.get(draft)["updated_at"]
    desk.clock.advance(timedelta(seconds=1))
    kept = desk.call("PUT", draft, {"content": {"channel": "phone"}, "seen_at": seen}).get_json()
    desk.clock.advance(timedelta(seconds=1))
    stale = {"content": {"channel": "window"}, "seen_at": seen}
    assert desk.problem("PUT", draft, stale) == (409, "registration_draft_changed")
    assert desk.get(draft)["content"] == {"channel": "phone"}
    desk.call("PUT", draft, stale | {"seen_at": kept["updated_at"]})
    assert desk.get(draft)["content"] == {"channel": "window"}
    desk.call("PUT", draft, {"content": {}})
    assert desk.get(draft)["content"] == {}


def test_drafts_are_few_and_go_when_nobody_touches_them(desk: ServiceDesk) -> None:
    for _ in range(30):
        begin(desk, {})
    assert desk.problem("POST", "/registration-drafts", {"content": {}}) == (409, "registration_drafts_full")
    with desk.engine.begin() as connection:
        assert purge_drafts(connection, desk.clock.now() + timedelta(days=29)) == 0
        assert purge_drafts(connection, desk.clock.now() + timedelta(days=31)) == 30
    assert desk.get("/registration-drafts")["items"] == []


def test_a_case_says_who_holds_it_now(desk: ServiceDesk) -> None:
    case = desk.case()
    (task,) = desk.get(f"/cases/{case['id']}")["open_user_tasks"]
    assert (task["assignee_name"], task["groups"]) == (
        None,
        [{"code": "window-clerk", "zh": "窗口受理员", "en": "Window clerk", "organisation": None}],
    )
    desk.post(f"/user-tasks/{task['id']}/claim")
    (held,) = desk.get(f"/cases/{case['id']}", by="supervisor")["open_user_tasks"]
    assert (held["assignee"], held["assignee_name"]) == ("window", "window")
