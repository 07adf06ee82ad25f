"""The parties' way in, from the outside: links, codes, guesses, locks, letters, and what a stranger is told."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from casework.documents import issue_paper, store_document, void_document
from casework.store.tables import notification, party_code, party_invitation, party_session, throttle
from engine.store.tables import history
from tests.integration.api.party_desk import enter, headers, invite, open_session, party_of, sent_code
from tests.integration.api.service_desk import ServiceDesk

MOBILES = {
    "applicants": [{"kind": "person", "name": "张三", "phone": "13800000000"}],
    "respondents": [{"kind": "organisation", "name": "某某机械有限公司", "phone": "+86 139 0000 0001"}],
}
NOBODYS = "0" * 32


def told(desk: ServiceDesk, method: str, path: str, body: Any = None, **options: Any) -> tuple[int, str]:
    """Send a stranger's request that must be refused; return status and code."""
    return desk.problem(method, path, body, by=None, key=None, **options)


def kinds(desk: ServiceDesk, case_id: str) -> list[str]:
    """Return what history tells of the party desk, in order."""
    rows = sorted(desk.rows(history, history.c.case_id == case_id), key=lambda row: row.seq)
    return [row.kind for row in rows if row.kind.startswith("party-")]


def test_a_party_comes_in_by_link_and_code_and_sees_itself(desk: ServiceDesk) -> None:
    case = desk.case(**MOBILES)
    party_id = party_of(desk, case["id"])
    link = invite(desk, case["id"], party_id)
    asked = desk.post("/party/codes", {"link": link}, by=None, key=None)
    assert asked == {"phone": "138******00", "expires_in": 600, "digits": 6}
    session = desk.post("/party/sessions", {"link": link, "code": f" {sent_code(desk)} "}, by=None, key=None)
    assert (session["case_id"], session["party_id"], session["level"]) == (case["id"], party_id, "code")
    me = desk.get("/party/sessions/current", by=None, headers=headers(session))
    assert me["seats"] == [
        {
            "case_id": case["id"],
            "party_id": party_id,
            "number": case["number"],
            "side": "applicant",
            "kind": "person",
            "name": "张三",
        }
    ]
    assert kinds(desk, case["id"]) == ["party-invited", "party-code-sent", "party-session-opened"]


def test_an_account_sits_on_the_desk_of_every_party_it_stands_for(desk: ServiceDesk) -> None:
    desk.token("worker")
    case = desk.case(applicants=[{"kind": "person", "name": "张三", "username": "worker"}])
    other = desk.case(applicants=[{"kind": "person", "name": "李四"}])
    me = desk.get("/party/sessions/current", by="worker")
    assert (me["level"], me["expires_at"]) == ("account", None)
    assert [seat["case_id"] for seat in me["seats"]] == [case["id"]] != [other["id"]]


def test_a_code_works_once(desk: ServiceDesk) -> None:
    case = desk.case(**MOBILES)
    link = invite(desk, case["id"], party_of(desk, case["id"]))
    desk.post("/party/codes", {"link": link}, by=None, key=None)
    code = sent_code(desk)
    desk.post("/party/sessions", {"link": link, "code": code}, by=None, key=None)
    assert told(desk, "POST", "/party/sessions", {"link": link, "code": code}) == (401, "party_code_refused")
    assert kinds(desk, case["id"])[-1] == "party-code-refused"


def test_of_ten_requests_with_the_same_code_at_once_one_gets_in(desk: ServiceDesk) -> None:
    case = desk.case(**MOBILES)
    link = invite(desk, case["id"], party_of(desk, case["id"]))
    desk.post("/party/codes", {"link": link}, by=None, key=None)
    body = {"link": link, "code": sent_code(desk)}
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: desk.call("POST", "/party/sessions", body, by=None, key=None), range(8)))
    assert sorted(answer.status_code for answer in answers) == [201] + [401] * 7


def test_after_ten_wrong_codes_the_link_is_locked_and_the_right_code_too(desk: ServiceDesk) -> None:
    case = desk.case(**MOBILES)
    link = invite(desk, case["id"], party_of(desk, case["id"]))
    desk.post("/party/codes", {"link": link}, by=None, key=None)
    right = sent_code(desk)
    wrong = "000000" if right != "000000" else "111111"
    for _ in range(10):
        assert told(desk, "POST", "/party/sessions", {"link": link, "code": wrong}) == (401, "party_code_refused")
    for code in (right, wrong):
        assert told(desk, "POST", "/party/sessions", {"link": link, "code": code}) == (403, "party_access_locked")
    assert kinds(desk, case["id"])[-1] == "party-invitation-locked"
    (found,) = desk.get(f"/cases/{case['id']}/invitations")["items"]
    assert found["state"] == "locked"
    # another invitation lets the party in again
    open_session(desk, invite(desk, case["id"], party_of(desk, case["id"])))


def test_asking_for_new_codes_does_not_start_the_guesses_anew(desk: ServiceDesk) -> None:
    case = desk.case(**MOBILES)
    link = invite(desk, case["id"], party_of(desk, case["id"]))
    for _ in range(5):
        desk.post("/party/codes", {"link": link}, by=None, key=None)
        right = sent_code(desk)
        for digit in "12":
            wrong = digit * 6 if right != digit * 6 else "999999"
            told(desk, "POST", "/party/sessions", {"link": link, "code": wrong})
    assert told(desk, "POST", "/party/sessions", {"link": link, "code": right}) == (403, "party_access_locked")


def test_a_link_that_does_not_exist_is_answered_like_one_that_does(desk: ServiceDesk) -> None:
    case = desk.case(**MOBILES)
    link = invite(desk, case["id"], party_of(desk, case["id"]))
    real = desk.post("/party/codes", {"link": link}, by=None, key=None)
    made_up = desk.post("/party/codes", {"link": NOBODYS}, by=None, key=None)
    assert made_up.keys() == real.keys()
    assert [len(made_up["phone"]), made_up["phone"][3:-2]] == [11, "******"]
    assert desk.post("/party/codes", {"link": NOBODYS}, by=None, key=None) == made_up  # no dice that show it is made up
    assert len(desk.rows(party_code)) == 1
    for _ in range(10):
        for each in (link, NOBODYS):
            assert told(desk, "POST", "/party/sessions", {"link": each, "code": "abc"}) == (401, "party_code_refused")
    for each in (link, NOBODYS):
        assert told(desk, "POST", "/party/sessions", {"link": each, "code": "abc"}) == (403, "party_access_locked")


def test_codes_for_a_link_are_limited_whether_it_exists_or_not(desk: ServiceDesk) -> None:
    case = desk.case(**MOBILES)
    link = invite(desk, case["id"], party_of(desk, case["id"]))
    for each in (link, NOBODYS):
        for _ in range(5):
            desk.post("/party/codes", {"link": each}, by=None, key=None)
        answer = desk.call("POST", "/party/codes", {"link": each}, by=None, key=None)
        assert (answer.status_code, answer.get_json()["code"]) == (429, "request_throttled")
        assert 0 < int(answer.headers["Retry-After"]) <= 3600
    desk.clock.advance(timedelta(hours=1, seconds=1))
    desk.post("/party/codes", {"link": link}, by=None, key=None)


def test_codes_sessions_and_links_run_out(desk: ServiceDesk) -> None:
    case = desk.case(**MOBILES)
    link = invite(desk, case["id"], party_of(desk, case["id"]))
    desk.post("/party/codes", {"link": link}, by=None, key=None)
    late = sent_code(desk)
    desk.clock.advance(timedelta(minutes=10, seconds=1))
    assert told(desk, "POST", "/party/sessions", {"link": link, "code": late}) == (401, "party_code_refused")
    session = open_session(desk, link)
    desk.clock.advance(timedelta(hours=1, seconds=1))
    assert told(desk, "GET", "/party/sessions/current", headers=headers(session)) == (401, "unauthenticated")
    desk.clock.advance(timedelta(days=30))
    desk.post("/party/codes", {"link": link}, by=None, key=None)
    assert len(desk.rows(party_code)) == 2


def test_signing_out_and_withdrawing_end_a_session_at_once(desk: ServiceDesk) -> None:
    case = desk.case(**MOBILES)
    party_id = party_of(desk, case["id"])
    mine = enter(desk, case["id"])
    assert desk.call("DELETE", "/party/sessions/current", by=None, headers=mine).status_code == 204
    assert told(desk, "GET", "/party/sessions/current", headers=mine) == (401, "unauthenticated")
    link = invite(desk, case["id"], party_id)
    mine = headers(open_session(desk, link))
    invitation = desk.get(f"/cases/{case['id']}/invitations")["items"][0]["id"]
    for _ in range(2):
        assert desk.call("DELETE", f"/cases/{case['id']}/invitations/{invitation}").status_code == 204
    assert told(desk, "GET", "/party/sessions/current", headers=mine) == (401, "unauthenticated")
    assert told(desk, "POST", "/party/sessions", {"link": link, "code": "123456"}) == (401, "party_code_refused")
    assert told(desk, "GET", f"/cases/{case['id']}/invitations/{invitation}/link", headers={}) == (
        401,
        "unauthenticated",
    )
    assert desk.problem("GET", f"/cases/{case['id']}/invitations/{invitation}/link") == (404, "not_found")


def test_a_new_invitation_ends_the_one_before(desk: ServiceDesk) -> None:
    case = desk.case(**MOBILES)
    party_id = party_of(desk, case["id"])
    first = headers(open_session(desk, invite(desk, case["id"], party_id)))
    invite(desk, case["id"], party_id)
    assert told(desk, "GET", "/party/sessions/current", headers=first) == (401, "unauthenticated")
    assert [row["state"] for row in desk.get(f"/cases/{case['id']}/invitations")["items"]] == ["open", "withdrawn"]


def test_a_party_is_invited_only_where_a_code_can_reach_it(desk: ServiceDesk) -> None:
    for phone in (None, "06320000001", "12345", "138000"):
        case = desk.case(applicants=[{"kind": "person", "name": "张三", "phone": phone}])
        body = {"party_id": party_of(desk, case["id"])}
        assert desk.problem("POST", f"/cases/{case['id']}/invitations", body) == (422, "party_phone_missing")
    other = desk.case(**MOBILES)
    body = {"party_id": party_of(desk, other["id"])}
    assert desk.problem("POST", f"/cases/{case['id']}/invitations", body) == (404, "not_found")


@pytest.mark.parametrize("by", ["worker", "employer", "designer", "admin", "partner"])
def test_only_officers_of_the_case_invite(desk: ServiceDesk, by: str) -> None:
    case = desk.case(**MOBILES)
    party_id = party_of(desk, case["id"])
    assert desk.problem("POST", f"/cases/{case['id']}/invitations", {"party_id": party_id}, by=by)[0] == 403
    for stranger in ("mediator", "clerk", "tengzhou"):
        found = desk.problem("POST", f"/cases/{case['id']}/invitations", {"party_id": party_id}, by=stranger)
        assert found == (404, "not_found")
        assert desk.problem("GET", f"/cases/{case['id']}/invitations", by=stranger) == (404, "not_found")


def test_what_is_kept_opens_nothing(desk: ServiceDesk) -> None:
    case = desk.case(**MOBILES)
    link = invite(desk, case["id"], party_of(desk, case["id"]))
    session = open_session(desk, link)
    secrets = [link, session["access_token"], "13800000000"]
    with desk.engine.connect() as connection:
        for table in (party_invitation, party_code, party_session, notification, throttle, history):
            for row in connection.execute(sa.select(table)):
                kept = " ".join(str(value) for value in row)
                assert not any(secret in kept for secret in secrets), table.name
                if table.name != "party_invitation":
                    assert f" {sent_code(desk)} " not in f" {kept} ", table.name


def test_no_answer_to_a_stranger_is_kept_for_another(desk: ServiceDesk) -> None:
    case = desk.case(**MOBILES)
    link = invite(desk, case["id"], party_of(desk, case["id"]))
    desk.post("/party/codes", {"link": link}, by=None, key=None)
    body = {"link": link, "code": sent_code(desk)}
    desk.post("/party/sessions", body, by=None, key="same-key")
    assert desk.problem("POST", "/party/sessions", body, by=None, key="same-key") == (401, "party_code_refused")


def test_a_partys_session_opens_no_other_route(desk: ServiceDesk) -> None:
    from tests.integration.api.test_access import routes

    case = desk.case(**MOBILES)
    mine = enter(desk, case["id"])
    for method, path, rule in routes(desk):
        if not rule.is_public and not rule.admits_parties:
            answer = desk.call(method, path, {}, by=None, headers=mine)
            assert (answer.status_code, answer.get_json()["code"]) == (401, "unauthenticated"), (method, path)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"link": ""},
        {"link": "x" * 101},
        {"link": 7},
        {"link": NOBODYS, "phone": "13800000000"},
        [],
        "link",
    ],
)
def test_hostile_requests_for_codes_are_refused_with_a_sentence(desk: ServiceDesk, body: Any) -> None:
    answer = desk.call("POST", "/party/codes", body, by=None, key=None)
    assert answer.status_code in (400, 422)
    assert answer.get_json()["detail"]


@pytest.mark.parametrize("code", ["١٢٣٤٥٦", "12345", "1234567", "' or 1=1 --", "\x00", "9" * 50])
def test_odd_codes_are_wrong_codes(desk: ServiceDesk, code: str) -> None:
    case = desk.case(**MOBILES)
    link = invite(desk, case["id"], party_of(desk, case["id"]))
    desk.post("/party/codes", {"link": link}, by=None, key=None)
    assert told(desk, "POST", "/party/sessions", {"link": link, "code": code})[0] in (400, 401, 422)


def test_a_browser_keeps_its_session_in_a_cookie_that_only_our_pages_can_use(desk: ServiceDesk) -> None:
    case = desk.case(**MOBILES)
    link = invite(desk, case["id"], party_of(desk, case["id"]))
    ours = {"X-Tingzhu-Client": "web"}
    desk.post("/party/codes", {"link": link}, by=None, key=None)
    body = {"link": link, "code": sent_code(desk)}
    with desk.app.test_client() as browser:
        answer = browser.post("/api/v1/party/sessions", json=body, headers=ours)
        assert (answer.status_code, answer.get_json()["access_token"]) == (201, None)
        (cookie,) = answer.headers.getlist("Set-Cookie")
        assert all(word in cookie for word in ("tingzhu_party=", "HttpOnly", "SameSite=Strict", "Path=/api/v1/party;"))
        me = browser.get("/api/v1/party/sessions/current").get_json()
        assert me["seats"][0]["case_id"] == case["id"]
        assert browser.get("/api/v1/cases").status_code == 401
        assert browser.delete("/api/v1/party/sessions/current").get_json()["code"] == "foreign_page"
        assert browser.delete("/api/v1/party/sessions/current", headers=ours).status_code == 204
        assert browser.get("/api/v1/party/sessions/current").status_code == 401


# --- by a letter


def letter(desk: ServiceDesk, case: dict[str, Any], party_id: str | None, key: str = "letter-1", **more: Any) -> Any:
    """Issue a paper of a case, addressed to a party or to all; return its issue."""
    kind = more.pop("kind", "arbitration-rights-notice")
    with desk.as_user("window") as uow:
        addressee = None if party_id is None else UUID(party_id)
        issue = issue_paper(uow, desk.bureau, UUID(case["id"]), kind, key, addressee)
        stored = store_document(
            uow,
            desk.bureau,
            UUID(case["id"]),
            kind=kind,
            title="告知书",
            content=b"%PDF-1.7 letter " + key.encode(),
            media_type="application/pdf",
            idempotency_key=key,
            issue=issue,
            **more,
        )
    return issue, stored.document_id


def by_letter(desk: ServiceDesk, number: str, code: str) -> Any:
    """Send number and code of a letter."""
    return desk.call("POST", "/party/letter-sessions", {"number": number, "code": code}, by=None, key=None)


def test_an_employer_comes_in_with_number_and_code_of_its_letter(desk: ServiceDesk) -> None:
    case = desk.case()
    party_id = party_of(desk, case["id"], "respondent")
    issue, document_id = letter(desk, case, party_id)
    answer = by_letter(desk, issue.number.replace("〔", "[").replace("〕", "]"), issue.code.lower())
    assert answer.status_code == 201, answer.get_json()
    session = answer.get_json()
    assert (session["level"], session["party_id"]) == ("letter", party_id)
    assert desk.get("/party/sessions/current", by=None, headers=headers(session))["seats"][0]["side"] == "respondent"
    (row,) = desk.rows(history, history.c.kind == "party-session-opened")
    assert row.facts["document_id"] == str(document_id)
    assert row.actor_id == f"party:{party_id}"


def test_a_letter_that_is_for_nobody_alone_or_no_longer_good_opens_nothing(desk: ServiceDesk) -> None:
    case = desk.case()
    party_id = party_of(desk, case["id"], "respondent")
    for_all, _ = letter(desk, case, None, "for-all")
    assert by_letter(desk, for_all.number, for_all.code).status_code == 401
    secret, _ = letter(desk, case, party_id, "secret", kind="service-receipt", is_confidential=True)
    assert by_letter(desk, secret.number, secret.code).status_code == 401
    good, document_id = letter(desk, case, party_id, "good", kind="performance-urging-letter")
    assert by_letter(desk, good.number, good.code).status_code == 201
    for number, code in ((good.number, secret.code), (secret.number, good.code), ("x", good.code), (good.number, "x")):
        answer = by_letter(desk, number, code)
        assert (answer.status_code, answer.get_json()["code"]) == (401, "party_code_refused")
    with desk.as_user("window") as uow:
        void_document(uow, desk.bureau, document_id, "写错了")
    assert by_letter(desk, good.number, good.code).status_code == 401


def test_a_letter_opens_its_case_for_sixty_days(desk: ServiceDesk) -> None:
    case = desk.case()
    issue, _ = letter(desk, case, party_of(desk, case["id"], "respondent"))
    desk.clock.advance(timedelta(days=59))
    assert by_letter(desk, issue.number, issue.code).status_code == 201
    desk.clock.advance(timedelta(days=1))
    assert by_letter(desk, issue.number, issue.code).status_code == 401


def test_whoever_guesses_letters_waits_like_on_the_verification_page(desk: ServiceDesk) -> None:
    case = desk.case()
    issue, _ = letter(desk, case, party_of(desk, case["id"], "respondent"))
    for _ in range(20):
        assert by_letter(desk, issue.number, "AAAA-AAAA-AAAA").status_code == 401
    answer = by_letter(desk, issue.number, issue.code)
    assert (answer.status_code, answer.get_json()["code"]) == (429, "verification_throttled")
