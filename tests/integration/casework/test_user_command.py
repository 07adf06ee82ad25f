"""`tingzhu user` as an administrator types it."""

import json

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result

from casework.store.tables import access_token, user_account
from tests.integration.casework.office import SECRET
from tingzhu.cli import main


@pytest.fixture
def tingzhu(database_url: str, tmp_path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TINGZHU_DATABASE_URL", database_url)
    monkeypatch.setenv("TINGZHU_VAR_DIR", str(tmp_path))
    monkeypatch.setenv("TINGZHU_SECRET_KEY", SECRET)
    monkeypatch.setenv("TINGZHU_SITE", "zaozhuang")

    def run(*arguments: str, stdin: str | None = None) -> Result:
        return CliRunner().invoke(main, ["user", *arguments], input=stdin)

    return run


ADD = ("add", "li", "--name", "李明", "--role", "mediator", "--role", "supervisor", "--area", "370402006")


def test_an_added_account_is_listed_and_a_made_password_shown_once(tingzhu) -> None:
    added = tingzhu(*ADD, "--organisation", "SZ-GML-MED", "--json")
    assert added.exit_code == 0, added.output
    answer = json.loads(added.stdout)
    assert answer["roles"] == ["mediator", "supervisor"]
    assert len(answer["password"]) >= 16
    (listed,) = json.loads(tingzhu("list", "--json").stdout)
    assert (listed["display_name"], listed["organisation_code"]) == ("李明", "SZ-GML-MED")
    assert answer["password"] not in tingzhu("list", "--json").stdout


def test_a_password_from_standard_input_is_not_echoed(tingzhu) -> None:
    added = tingzhu(*ADD, "--password-stdin", stdin="correct horse\n")
    assert added.exit_code == 0, added.output
    assert "correct horse" not in added.output
    assert "密码" not in added.output


@pytest.mark.parametrize(
    ("arguments", "stdin", "code", "words"),
    [
        (("add", "x", "--name", "李明", "--role", "mediator"), None, 2, "用户名应为"),
        (("add", "li", "--name", "李明", "--role", "king"), None, 2, "king"),
        (("add", "li", "--name", "李明"), None, 2, "--role"),
        ((*ADD, "--password-stdin"), "short\n", 2, "密码长度"),
        (("add", "li", "--name", "李", "--role", "mediator", "--area", "11"), None, 2, "行政区划"),
        (("add", "li", "--name", "李", "--role", "mediator", "--organisation", "Z"), None, 1, "没有找到"),
        (("close", "nobody"), None, 2, "nobody"),
        (("password", "nobody"), None, 2, "nobody"),
    ],
)
def test_a_mistake_is_told_in_a_sentence(tingzhu, arguments, stdin, code: int, words: str) -> None:
    result = tingzhu(*arguments, stdin=stdin)
    assert result.exit_code == code, result.output
    assert words in result.output
    assert "Traceback" not in result.output
    assert json.loads(tingzhu("list", "--json").stdout) == []


def test_a_taken_username_is_a_failure_not_a_misuse(tingzhu) -> None:
    assert tingzhu(*ADD).exit_code == 0
    again = tingzhu(*ADD)
    assert again.exit_code == 1
    assert "已被使用" in again.output


def test_a_new_password_and_a_closed_account(tingzhu, engine: sa.Engine) -> None:
    tingzhu(*ADD)
    with engine.begin() as connection:
        before = connection.execute(sa.select(user_account.c.password_hash)).scalar_one()
    assert tingzhu("password", "li", "--password-stdin", stdin="another horse\n").exit_code == 0
    assert tingzhu("close", "li").exit_code == 0
    with engine.begin() as connection:
        row = connection.execute(sa.select(user_account)).one()
        assert row.password_hash != before
        assert not row.is_active
        assert connection.execute(sa.select(access_token)).all() == []
    assert "已停用" in tingzhu("list").output
