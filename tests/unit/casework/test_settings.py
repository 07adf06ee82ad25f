"""The settings object reads the environment once, and says plainly what it cannot use."""

import base64
import os
import stat
from dataclasses import FrozenInstanceError
from datetime import timedelta
from pathlib import Path

import pytest

from casework.secret_key import secret_key
from casework.settings import SettingInvalidError, Settings, SiteUndecidedError, unknown_variables

KEY = base64.b64encode(bytes(range(32))).decode()


def read(tmp_path: Path, **variables: str) -> Settings:
    (tmp_path / "sites" / "somewhere").mkdir(parents=True, exist_ok=True)
    environment = {f"TINGZHU_{name}": value for name, value in variables.items()}
    return Settings.from_environment({"TINGZHU_SITES_DIR": str(tmp_path / "sites"), **environment})


def test_an_empty_environment_gives_a_loopback_server_with_an_embedded_database(tmp_path: Path) -> None:
    settings = read(tmp_path)
    assert (settings.host, settings.port, settings.database_url) == ("127.0.0.1", 8000, "")
    assert settings.is_loopback_only
    assert settings.has_default_key
    assert settings.var_dir == Path.cwd() / "var"
    assert settings.site == "somewhere"


@pytest.mark.parametrize(
    ("name", "raw", "field", "value"),
    [
        ("PORT", "8080", "port", 8080),
        ("DEMO", "yes", "demo", True),
        ("DEMO", "0", "demo", False),
        ("JOB_TIME_LIMIT", "90", "job_time_limit", timedelta(seconds=90)),
        ("SMTP_SECURITY", "STARTTLS", "smtp_security", "starttls"),
        ("DATABASE_URL", "postgres://u:p@db/x", "database_url", "postgresql+psycopg://u:p@db/x"),
        ("PUBLIC_URL", "https://case.example/", "public_url", "https://case.example"),
        ("RETIRED_SECRET_KEYS", f"{KEY}, {KEY}", "retired_secret_keys", (KEY, KEY)),
        ("PORT", "  ", "port", 8000),
    ],
)
def test_a_variable_is_not_read_as_written(tmp_path: Path, name: str, raw: str, field: str, value: object) -> None:
    assert getattr(read(tmp_path, **{name: raw}), field) == value


@pytest.mark.parametrize(
    ("name", "raw", "hint"),
    [
        ("PORT", "http", "whole number from 1 to 65535"),
        ("PORT", "70000", "whole number from 1 to 65535"),
        ("DEMO", "maybe", "1 or 0"),
        ("LOG_LEVEL", "loud", "debug, info, warning, error"),
        ("DATABASE_URL", "mysql://x/y", "postgresql://"),
        ("SMS_GATEWAY_URL", "gateway.local", "http://"),
        ("PUBLIC_URL", "http://[broken", "http://"),
    ],
)
def test_a_bad_value_is_refused_without_naming_its_variable(tmp_path: Path, name: str, raw: str, hint: str) -> None:
    with pytest.raises(SettingInvalidError) as caught:
        read(tmp_path, **{name: raw})
    assert f"TINGZHU_{name}" in caught.value.sentence("en")
    assert hint in caught.value.sentence("en")
    assert f"TINGZHU_{name}" in caught.value.sentence("zh")


@pytest.mark.parametrize(
    ("name", "raw"), [("SECRET_KEY", "c2hvcnQ="), ("RETIRED_SECRET_KEYS", "nonsense"), ("DATABASE_URL", "pg:pass")]
)
def test_a_refused_secret_is_repeated_in_the_message(tmp_path: Path, name: str, raw: str) -> None:
    with pytest.raises(SettingInvalidError) as caught:
        read(tmp_path, **{name: raw})
    assert raw not in str(caught.value)


def test_the_representation_shows_a_secret(tmp_path: Path) -> None:
    settings = read(
        tmp_path,
        DATABASE_URL="postgresql://u:hush@db/x",
        SECRET_KEY=KEY,
        SMTP_PASSWORD="hush",
        SMS_GATEWAY_SECRET="hush",
        COURT_GATEWAY_SECRET="hush",
    )
    assert "hush" not in repr(settings)
    assert KEY not in repr(settings)


def test_settings_change_after_start(tmp_path: Path) -> None:
    with pytest.raises(FrozenInstanceError):
        read(tmp_path).port = 1  # type: ignore[misc]


def test_one_of_two_sites_is_chosen_silently(tmp_path: Path) -> None:
    (tmp_path / "sites" / "elsewhere").mkdir(parents=True)
    with pytest.raises(SiteUndecidedError, match="elsewhere, somewhere"):
        read(tmp_path)
    assert read(tmp_path, SITE="elsewhere").site_dir == tmp_path / "sites" / "elsewhere"


def test_a_site_that_does_not_exist_is_accepted(tmp_path: Path) -> None:
    with pytest.raises(SiteUndecidedError, match="somewhere"):
        read(tmp_path, SITE="nowhere")


@pytest.mark.parametrize(("host", "is_loopback"), [("127.0.0.1", True), ("::1", True), ("0.0.0.0", False)])
def test_an_open_host_passes_for_loopback(tmp_path: Path, host: str, is_loopback: bool) -> None:
    assert read(tmp_path, HOST=host).is_loopback_only is is_loopback


def test_an_ipv6_host_gives_an_address_no_browser_understands(tmp_path: Path) -> None:
    assert read(tmp_path, HOST="::1", PORT="81").address == "http://[::1]:81"


def test_a_misspelt_variable_goes_unnoticed() -> None:
    assert unknown_variables({"TINGZHU_PROT": "1", "TINGZHU_PORT": "1", "HOME": "/"}) == [
        ("TINGZHU_PROT", "TINGZHU_PORT")
    ]


def test_a_generated_key_changes_or_can_be_read_by_others(tmp_path: Path) -> None:
    settings = read(tmp_path, VAR_DIR=str(tmp_path / "var"))
    first = secret_key(settings)
    assert secret_key(settings) == first
    assert len(base64.b64decode(first)) == 32
    file = tmp_path / "var" / "keys" / "secret_key"
    assert stat.S_IMODE(os.stat(file).st_mode) == 0o600
    assert os.listdir(file.parent) == ["secret_key"]


def test_a_given_key_is_written_to_disk(tmp_path: Path) -> None:
    settings = read(tmp_path, VAR_DIR=str(tmp_path / "var"), SECRET_KEY=KEY)
    assert secret_key(settings) == KEY
    assert not settings.has_default_key
    assert not (tmp_path / "var").exists()
