"""`tingzhu deadline` on the command line."""

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner, Result

from tingzhu.cli.deadline import command


def run(*arguments: str) -> Result:
    return CliRunner().invoke(command, arguments)


def test_the_due_date_and_its_explanation_are_printed() -> None:
    result = run("MED-15R", "2026-02-01")
    assert result.exit_code == 0
    first, safe, why, why_safe = result.stdout.splitlines()
    assert first == "2026-02-24 星期二"
    assert safe == "稳妥日期 2026-02-16 星期一"
    assert "春节假期" in why
    assert why_safe.endswith("以仲裁机构认定为准。")


def test_english_is_there_on_request() -> None:
    result = run("MED-ACC", "2026-12-30", "--lang", "en")
    assert result.stdout.startswith("2027-01-05 Tuesday (provisional)\nsafe date 2027-01-03 Sunday (provisional)\n")
    assert "\nAcceptance of a mediation application" in result.stdout


def test_what_does_not_bind_a_kind_of_organisation_is_cited_by_analogy() -> None:
    assert "依据：《企业劳动争议协商调解规定》" in run("MED-15R", "2026-02-01", "--organisation", "enterprise").stdout
    assert "参照：《企业劳动争议协商调解规定》" in run("MED-15R", "2026-02-01", "--organisation", "street").stdout


@pytest.mark.parametrize("language", ["zh", "en"])
def test_json_has_both_dates_and_why(language: str) -> None:
    result = run("MED-15R", "2026-02-01", "--json", "--lang", language)
    found = json.loads(result.stdout)
    assert list(found) == ["rule", "version", "start", "due", "safe", "provisional", "explanation", "safe_explanation"]
    assert (found["rule"], found["start"], found["due"], found["safe"], found["provisional"]) == (
        "MED-15R",
        "2026-02-01",
        "2026-02-24",
        "2026-02-16",
        False,
    )
    assert ("Spring Festival" if language == "en" else "春节") in found["explanation"]


def test_a_rule_may_be_typed_in_small_letters_and_extended() -> None:
    assert run("arb-45", "2026-08-20", "--extended-by", "15").stdout.startswith("2026-10-19")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["MED-15", "2026-02-01"], "MED-15R"),
        (["H-MAJOR", "2026-02-01"], "小时"),
        (["NEG-TERM", "2026-02-01", "--lang", "en"], "agreed"),
        (["MED-15R", "2026-02-30"], "2026-02-01"),
        (["MED-15R", "tomorrow"], "is not a date"),
        (["MED-15R", "20260201"], "is not a date"),
        (["MED-15R", "2150-01-01"], "2100-12-31"),
        (["MED-15R"], "--list"),
        ([], "--list"),
        (["MED-15R", "2026-02-01", "--organisation", "guild"], "enterprise"),
        (["--list", "MED-15R"], "--list"),
        (["MED-15R", "2026-02-01", "--extended-by", "-1"], "-1"),
    ],
)
def test_misuse_exits_with_two_and_says_how_to_mend_it(arguments: list[str], said: str) -> None:
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr


def test_an_error_is_json_too_when_json_was_asked_for() -> None:
    result = run("MED-15", "2026-02-01", "--json")
    assert result.exit_code == 2
    assert json.loads(result.stdout)["error"] == "unknown_deadline_rule"


def test_the_list_has_a_line_per_rule() -> None:
    lines = run("--list").stdout.splitlines()
    assert len(lines) == 62
    assert any(line.startswith("MED-15R ") and "第二十九条" in line for line in lines)
    assert len(json.loads(run("--list", "--json").stdout)) == 62


def test_the_command_touches_neither_database_nor_web_framework() -> None:
    code = (
        "import sys; from tingzhu.cli.deadline import command; command(['MED-15R', '2026-02-01'], standalone_mode=False);"
        "print(sorted({'sqlalchemy', 'flask', 'psycopg', 'SpiffWorkflow', 'rich', 'holidays'} & set(sys.modules)))"
    )
    output = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=30).stdout
    assert output.splitlines()[-1] == "[]"
