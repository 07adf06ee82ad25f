"""Signing in and out."""

from datetime import timedelta

import pytest

from tests.integration.api.service_desk import PASSWORD, ServiceDesk


def sign_in(desk: ServiceDesk, username: str = "window", password: str = PASSWORD, **body: object):
    return desk.call("POST", "/auth/tokens", {"username": username, "password": password, **body}, by=None, key=None)


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def test_a_token_opens_the_api_until_it_is_taken_back(desk: ServiceDesk) -> None:
    desk.token("window")
    answer = sign_in(desk)
    assert answer.status_code == 201
    told = answer.get_json()
    assert told["token_type"] == "Bearer"
    assert told["user"]["username"] == "window"
    assert told["user"]["roles"] == ["window-clerk"]
    headers = bearer(told["access_token"])
    assert desk.get("/me", by=None, headers=headers) == told["user"]
    assert desk.call("DELETE", "/auth/tokens/current", by=None, headers=headers).status_code == 204
    assert desk.problem("GET", "/me", by=None, headers=headers) == (401, "unauthenticated")


def test_a_token_ends_after_its_time(desk: ServiceDesk) -> None:
    desk.token("window")
    token = sign_in(desk).get_json()["access_token"]
    desk.clock.advance(timedelta(hours=12, seconds=1))
    assert desk.problem("GET", "/me", by=None, headers=bearer(token)) == (401, "unauthenticated")


@pytest.mark.parametrize(("username", "password"), [("window", "wrong"), ("nobody", PASSWORD), ("window", "x" * 999)])
def test_wrong_credentials_say_nothing_about_the_account(desk: ServiceDesk, username: str, password: str) -> None:
    desk.token("window")
    answer = sign_in(desk, username, password)
    assert (answer.status_code, answer.get_json()["code"]) == (401, "login_failed")
    assert answer.get_json()["detail"] == "用户名或密码不正确。"


def test_after_ten_wrong_passwords_even_the_right_one_must_wait(desk: ServiceDesk) -> None:
    desk.token("window")
    for _ in range(10):
        assert sign_in(desk, password="wrong").status_code == 401
    answer = sign_in(desk)
    assert (answer.status_code, answer.get_json()["code"]) == (429, "login_throttled")
    assert 0 < int(answer.headers["Retry-After"]) <= 300
    desk.clock.advance(timedelta(minutes=5, seconds=1))
    assert sign_in(desk).status_code == 201


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"username": "window"}, "password"),
        ({"password": "x"}, "username"),
        ({"username": 1, "password": "x"}, "username"),
    ],
)
def test_an_incomplete_sign_in_names_the_field(desk: ServiceDesk, body: dict[str, object], path: str) -> None:
    answer = desk.call("POST", "/auth/tokens", body, by=None, key=None)
    assert answer.status_code == 422
    assert [error["path"] for error in answer.get_json()["errors"]] == [path]


def test_a_token_is_not_kept_in_the_database(desk: ServiceDesk) -> None:
    from casework.store.tables import access_token

    desk.token("window")
    token = sign_in(desk).get_json()["access_token"]
    with desk.engine.connect() as connection:
        assert token not in str(connection.execute(access_token.select()).all())


def test_a_browser_signs_in_by_a_cookie_that_scripts_cannot_read(desk: ServiceDesk) -> None:
    desk.token("window")
    answer = desk.call("POST", "/auth/sessions", {"username": "window", "password": PASSWORD}, by=None, key=None)
    assert answer.status_code == 201
    assert answer.get_json()["username"] == "window"
    cookie = answer.headers["Set-Cookie"]
    assert all(part in cookie for part in ("tingzhu_session=", "HttpOnly", "SameSite=Strict", "Path=/api"))
    assert cookie.split("=")[1].split(";")[0] not in answer.get_data(as_text=True)
    session = {"Cookie": cookie.split(";")[0]}
    assert desk.get("/me", by=None, headers=session)["username"] == "window"
    ours = session | {"X-Tingzhu-Client": "web"}
    assert desk.call("DELETE", "/auth/sessions/current", by=None, headers=ours).status_code == 204
    assert desk.problem("GET", "/me", by=None, headers=session) == (401, "unauthenticated")


def test_another_page_cannot_act_with_the_browsers_session(desk: ServiceDesk) -> None:
    desk.token("window")
    answer = desk.call("POST", "/auth/sessions", {"username": "window", "password": PASSWORD}, by=None, key=None)
    session = {"Cookie": answer.headers["Set-Cookie"].split(";")[0]}
    assert desk.problem("DELETE", "/auth/sessions/current", by=None, headers=session) == (403, "foreign_page")
    assert desk.get("/me", by=None, headers=session)["username"] == "window"


CHOSEN = "bamboo in the rain"


def change(desk: ServiceDesk, current_password: str, new_password: str, by: str = "window"):
    return desk.call(
        "PUT", "/me/password", {"current_password": current_password, "new_password": new_password}, by=by, key=None
    )


def test_a_changed_password_leaves_old_sign_ins_open(desk: ServiceDesk) -> None:
    desk.token("window")
    other = sign_in(desk).get_json()["access_token"]
    assert change(desk, PASSWORD, CHOSEN).status_code == 204
    assert desk.problem("GET", "/me", by=None, headers=bearer(other)) == (401, "unauthenticated")
    assert sign_in(desk).status_code == 401
    assert sign_in(desk, password=CHOSEN).status_code == 201


def test_a_found_session_changes_the_password_without_knowing_it(desk: ServiceDesk) -> None:
    desk.token("window")
    for _ in range(10):
        refused = change(desk, "wrong", CHOSEN)
        assert (refused.status_code, refused.get_json()["code"]) == (422, "current_password_wrong")
    assert change(desk, PASSWORD, CHOSEN).get_json()["code"] == "login_throttled"
    desk.clock.advance(timedelta(minutes=5, seconds=1))
    assert sign_in(desk).status_code == 201


@pytest.mark.parametrize(
    ("new", "code"), [(PASSWORD, "new_password_same"), ("short", "request_invalid"), ("x" * 201, "request_invalid")]
)
def test_an_unfit_new_password_is_taken(desk: ServiceDesk, new: str, code: str) -> None:
    desk.token("window")
    refused = change(desk, PASSWORD, new)
    assert (refused.status_code, refused.get_json()["code"]) == (422, code)
    assert sign_in(desk).status_code == 201
