"""Accounts, signing in, tokens."""

from datetime import timedelta

import pytest

from casework.errors import (
    AreaUnknownError,
    LoginFailedError,
    LoginThrottledError,
    RoleUnknownError,
    UserInvalidError,
    UsernameTakenError,
)
from casework.store.tables import access_token, login_failure, user_account
from casework.tokens import delete_stale_sign_ins, issue_token, revoke_token, viewer_for_token
from casework.users import (
    NewUser,
    change_password,
    create_user,
    deactivate_user,
    list_users,
    user_names,
    verify_password,
)
from engine.domain.errors import NotFoundError
from tests.integration.casework.office import Office

PASSWORD = "correct horse"


def sign_in(office: Office, username: str, password: str):
    """Sign in as the API does: a refusal commits the count."""
    with office.begin() as connection:
        try:
            return verify_password(connection, office.bureau, username, password, office.clock.now())
        except (LoginFailedError, LoginThrottledError) as refused:
            return refused


def test_the_right_password_signs_in_with_roles_area_and_organisation(office: Office) -> None:
    office.user("wang", "mediator", area="370402006", organisation="SZ-GML-MED")
    viewer = sign_in(office, "wang", PASSWORD)
    assert (viewer.username, viewer.roles, viewer.area_path) == (
        "wang",
        frozenset({"mediator"}),
        "370400/370402/370402006/",
    )
    assert viewer.organisation_id == office.organisation_id("SZ-GML-MED")
    assert sign_in(office, "Wang", PASSWORD).user_id == viewer.user_id


@pytest.mark.parametrize(("username", "password"), [("wang", "wrong horse"), ("nobody", PASSWORD), ("wang", "")])
def test_a_wrong_password_and_an_unknown_name_are_refused_alike(office: Office, username: str, password: str) -> None:
    office.user("wang", "mediator")
    refused = sign_in(office, username, password)
    assert isinstance(refused, LoginFailedError)
    assert refused.sentence("zh") == "用户名或密码不正确。"


def test_ten_failures_make_a_username_wait_whether_it_exists_or_not(office: Office) -> None:
    office.user("wang", "mediator")
    for username in ("wang", "nobody"):
        for _ in range(10):
            assert isinstance(sign_in(office, username, "wrong horse"), LoginFailedError)
        refused = sign_in(office, username, PASSWORD)
        assert isinstance(refused, LoginThrottledError)
        assert refused.data["retry_after"] == 300
    office.clock.advance(timedelta(minutes=5, seconds=1))
    assert sign_in(office, "wang", PASSWORD).username == "wang"
    assert len(office.rows(login_failure)) == 1, "the count of wang starts anew"


def test_another_username_does_not_wait_along(office: Office) -> None:
    office.user("wang", "mediator")
    office.user("li", "mediator")
    for _ in range(11):
        sign_in(office, "wang", "wrong horse")
    assert sign_in(office, "li", PASSWORD).username == "li"


def test_what_was_typed_as_username_is_not_kept(office: Office) -> None:
    sign_in(office, "my secret password", "x")
    assert "secret" not in str(office.rows(login_failure))


def test_a_token_opens_until_it_runs_out(office: Office) -> None:
    viewer = office.user("wang", "mediator")
    with office.as_user("wang") as uow:
        issued = issue_token(uow, viewer.user_id)
    with office.begin() as connection:
        assert viewer_for_token(connection, issued.token, office.clock.now()) == viewer
        almost = issued.expires_at - timedelta(seconds=1)
        assert viewer_for_token(connection, issued.token, almost) == viewer
        assert viewer_for_token(connection, issued.token, issued.expires_at) is None
        assert viewer_for_token(connection, issued.token + "x", office.clock.now()) is None


def test_the_token_itself_is_stored_nowhere(office: Office) -> None:
    viewer = office.user("wang", "mediator")
    with office.as_user("wang") as uow:
        issued = issue_token(uow, viewer.user_id)
    (row,) = office.rows(access_token)
    assert issued.token not in str(row)
    assert issued.token not in repr(issued)
    assert len(issued.token) >= 43


def test_a_revoked_token_is_worth_nothing(office: Office) -> None:
    viewer = office.user("wang", "mediator")
    with office.as_user("wang") as uow:
        issued = issue_token(uow, viewer.user_id)
        assert revoke_token(uow, issued.token)
        assert not revoke_token(uow, issued.token)
        assert viewer_for_token(uow.connection, issued.token, uow.now) is None


@pytest.mark.parametrize("ends", ["password", "account"])
def test_a_new_password_or_a_closed_account_ends_every_sign_in(office: Office, ends: str) -> None:
    viewer = office.user("wang", "mediator")
    with office.as_user("wang") as uow:
        tokens = [issue_token(uow, viewer.user_id).token for _ in range(2)]
        if ends == "password":
            change_password(uow, viewer.user_id, "another horse")
        else:
            deactivate_user(uow, viewer.user_id)
    with office.begin() as connection:
        assert [viewer_for_token(connection, token, office.clock.now()) for token in tokens] == [None, None]
    assert isinstance(sign_in(office, "wang", PASSWORD), LoginFailedError)


def test_tokens_and_failures_of_yesterday_are_swept(office: Office) -> None:
    viewer = office.user("wang", "mediator")
    with office.as_user("wang") as uow:
        issue_token(uow, viewer.user_id, timedelta(hours=1))
    sign_in(office, "nobody", "x")
    office.clock.advance(timedelta(days=1, hours=2))
    with office.as_user("wang") as uow:
        issue_token(uow, viewer.user_id)
        assert delete_stale_sign_ins(uow) == 2
    assert len(office.rows(access_token)) == 1


def test_a_hash_of_weaker_parameters_is_renewed_at_sign_in(office: Office) -> None:
    from argon2 import PasswordHasher

    viewer = office.user("wang", "mediator")
    weak = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(PASSWORD)
    with office.begin() as connection:
        connection.execute(user_account.update().values(password_hash=weak))
    assert sign_in(office, "wang", PASSWORD) == viewer
    (row,) = office.rows(user_account)
    assert row.password_hash != weak
    assert sign_in(office, "wang", PASSWORD) == viewer


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"username": "W"}, UserInvalidError),
        ({"username": "王五"}, UserInvalidError),
        ({"username": "a b"}, UserInvalidError),
        ({"username": "x" * 41}, UserInvalidError),
        ({"password": "short"}, UserInvalidError),
        ({"display_name": " "}, UserInvalidError),
        ({"roles": ()}, UserInvalidError),
        ({"roles": ("king",)}, RoleUnknownError),
        ({"area_code": "110000"}, AreaUnknownError),
        ({"organisation_code": "NOWHERE"}, NotFoundError),
        ({"username": "taken"}, UsernameTakenError),
    ],
)
def test_an_account_that_cannot_be_is_refused(office: Office, changes: dict, error: type[Exception]) -> None:
    office.user("taken", "worker")
    entry = {"username": "wang", "password": PASSWORD, "display_name": "王五", "roles": ("mediator",), **changes}
    with pytest.raises(error), office.as_user("admin") as uow:
        create_user(uow, office.bureau, NewUser(**entry))


def test_names_and_addresses_of_users_lie_encrypted_and_read_back(office: Office) -> None:
    with office.as_user("admin") as uow:
        create_user(
            uow, office.bureau, NewUser("wang", PASSWORD, "王五", ("mediator",), phone="13700000000", email="w@x.cn")
        )
    (row,) = office.rows(user_account)
    for column in ("display_name", "phone", "email"):
        assert row._mapping[column].startswith("aesgcm1:")
    with office.begin() as connection:
        assert user_names(connection, office.bureau, ["wang", "nobody"]) == {"wang": "王五"}


def test_users_are_listed_by_role_area_and_organisation(office: Office) -> None:
    office.user("aa", "mediator", area="370402006", organisation="SZ-GML-MED")
    office.user("bb", "mediator", area="370403001", organisation="XC-LC-MED")
    office.user("cc", "supervisor", area="370402")

    def listed(**filters) -> list[str]:
        with office.begin() as connection:
            return [user.username for user in list_users(connection, office.bureau, **filters)]

    assert listed() == ["aa", "bb", "cc"]
    assert listed(role="mediator") == ["aa", "bb"]
    assert listed(area_path="370400/370402/") == ["aa", "cc"]
    assert listed(organisation_id=office.organisation_id("XC-LC-MED")) == ["bb"]
