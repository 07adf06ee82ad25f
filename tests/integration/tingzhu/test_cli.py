"""The command line as a whole: what it lists, and how it fails."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

import tingzhu.cli
from engine.domain.errors import ModelInvalidError, NotFoundError, TingzhuError
from tingzhu.cli import exit_code, main
from tingzhu.errors import PortInUseError
from tingzhu.supervisor import answers, claim_port

KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="


def run(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "tingzhu", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env={**os.environ, **environment}, timeout=60)


@pytest.fixture
def port() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_a_command_module_is_not_listed_or_the_order_names_one_that_is_gone() -> None:
    with click.Context(main) as context:
        listed = main.list_commands(context)
    found = {
        path.stem for path in Path(tingzhu.cli.__file__).parent.glob("*.py") if "\ndef command" in path.read_text()
    }
    assert set(listed) == {name.replace("_", "-") for name in found}
    assert listed[0] == "up"
    assert [name for name in tingzhu.cli.ORDER if name in listed] == listed[: len(listed)]


def test_a_command_has_no_help_or_no_chinese_summary() -> None:
    with click.Context(main) as context:
        for name in main.list_commands(context):
            result = CliRunner().invoke(main, [name, "--help"])
            assert result.exit_code == 0, name
            command = main.get_command(context, name)
            assert command is not None
            assert any("\u4e00" <= letter <= "\u9fff" for letter in command.get_short_help_str(200)), name


def test_an_unknown_command_is_not_misuse() -> None:
    assert CliRunner().invoke(main, ["nosuch"]).exit_code == 2


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (PortInUseError(host="x", port=1), 1),
        (NotFoundError(what="x", id=1), 1),
        (ModelInvalidError(errors=1), 1),
        (tingzhu.errors.ExposureRefusedError(host="x", reasons_zh="", reasons_en=""), 2),
    ],
)
def test_a_failure_has_the_wrong_exit_code(error: TingzhuError, code: int) -> None:
    assert exit_code(error) == code


@pytest.mark.parametrize(
    ("environment", "hint"),
    [
        ({"TINGZHU_PORT": "eighty"}, "TINGZHU_PORT"),
        ({"TINGZHU_HOST": "0.0.0.0"}, "TINGZHU_SECRET_KEY is not set"),
        ({"TINGZHU_HOST": "0.0.0.0", "TINGZHU_DEMO": "1", "TINGZHU_SECRET_KEY": KEY}, "there are demo accounts"),
        ({"TINGZHU_HOST": "192.0.2.1", "TINGZHU_SECRET_KEY": KEY}, "TINGZHU_HOST"),
        ({"TINGZHU_SITE": "nowhere"}, "TINGZHU_SITE"),
    ],
)
def test_a_system_that_must_not_start_starts_or_fails_with_a_traceback(
    tmp_path: Path, environment: dict[str, str], hint: str
) -> None:
    result = run("up", TINGZHU_VAR_DIR=str(tmp_path / "var"), **environment)
    assert result.returncode == 2
    assert hint in result.stderr
    assert "Traceback" not in result.stderr
    assert not (tmp_path / "var").exists()


def test_a_port_in_use_is_found_out_only_after_the_database_started(tmp_path: Path, port: int) -> None:
    result = run("up", TINGZHU_VAR_DIR=str(tmp_path / "var"), TINGZHU_PORT=str(port))
    assert result.returncode == 1
    assert f"127.0.0.1:{port}" in result.stderr
    assert not (tmp_path / "var").exists()


def test_a_free_port_counts_as_used_or_a_silent_one_as_healthy(port: int) -> None:
    with pytest.raises(PortInUseError):
        claim_port("127.0.0.1", port)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free = probe.getsockname()[1]
    claim_port("127.0.0.1", free)
    assert not answers("127.0.0.1", free)


def test_a_misspelt_variable_goes_unmentioned(tmp_path: Path, port: int) -> None:
    result = run("up", TINGZHU_VAR_DIR=str(tmp_path), TINGZHU_PORT=str(port), TINGZHU_PROT="1")
    assert "TINGZHU_PROT" in result.stderr
    assert "TINGZHU_PORT?" in result.stderr
