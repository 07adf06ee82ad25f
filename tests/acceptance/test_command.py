"""`tingzhu scenarios run` as people call it: exit codes, last line, and where a mistake is said to be."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.acceptance.conftest import SAMPLES
from tingzhu.cli import main

WRONG = """
name: 期待落空
given: {process: sealing, at: 2026-09-01T09:00, variables: {asked_on: 2026-09-01, fee: 20}}
when:
  - advance: P1D
  - expect: {tasks: [Task_request]}
"""


def run(*arguments: object) -> Result:
    return CliRunner(env={"TINGZHU_SITE": "zaozhuang"}).invoke(main, ["scenarios", "run", *map(str, arguments)])


def test_a_failing_scenario_is_not_reported_as_failed(tmp_path: Path) -> None:
    (tmp_path / "a-good.yaml").write_text((SAMPLES / "scenarios" / "sealed.yaml").read_text("utf-8"), "utf-8")
    (tmp_path / "b-wrong.yaml").write_text(WRONG, "utf-8")
    result = run(tmp_path, "--models", SAMPLES)
    lines = result.stdout.splitlines()
    assert result.exit_code == 1, result.output
    assert lines[0].startswith("ok ")
    assert lines[1].startswith("FAILED ")
    assert "第 2 步（第 6 行，expect）：tasks 应为 [Task_request]，实为 填写用章申请（Task_request）、催办" in lines[1]
    assert lines[2].startswith("覆盖    sealing 用章：")
    assert lines[-1] == "1 passed, 1 failed"


def test_models_beside_the_scenarios_are_not_played() -> None:
    result = run(SAMPLES, "--json", "--lang", "en")
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert (told["passed"], told["failed"]) == (1, 0)
    assert [each["process_key"] for each in told["coverage"]] == ["sealing"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("given: [", "bad.yaml:"),
        ("given: {at: 2026-09-01}\nwhen:\n  - complet: Task_a", "bad.yaml:3: when[0].complet: 没有“complet”，是否指 complete"),
        (
            "given: {at: 2026-09-01, process: sealing}\nwhen:\n  - complete: Task_requests",
            "bad.yaml:3: complete: 没有“Task_requests”，是否指 Task_request",
        ),
    ],
)  # fmt: skip
def test_misuse_is_taken_or_told_without_file_and_line(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "bad.yaml").write_text(text, "utf-8")
    result = run(tmp_path, "--models", SAMPLES)
    assert result.exit_code == 2
    assert said in result.stderr
    assert "Traceback" not in result.output


def test_a_folder_without_scenarios_passes(tmp_path: Path) -> None:
    assert run(tmp_path).exit_code == 2
    assert run(tmp_path / "nowhere").exit_code == 2


def test_models_that_cannot_be_deployed_are_played(tmp_path: Path) -> None:
    (tmp_path / "bad.bpmn").write_text("<bpmn/>")
    (tmp_path / "s.yaml").write_text(WRONG, "utf-8")
    result = run(tmp_path, "--models", tmp_path)
    assert result.exit_code == 1
    assert "bad.bpmn" in result.stderr
