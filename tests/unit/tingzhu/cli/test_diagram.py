"""`tingzhu diagram` draws a file, or says why it cannot."""

import json
from pathlib import Path

from click.testing import CliRunner

from tingzhu.cli.diagram import command

MEDIATION = Path(__file__).parents[4] / "processes" / "mediation" / "mediation.bpmn"


def test_a_file_is_drawn_to_the_named_place_and_reported_as_json(tmp_path: Path) -> None:
    target = tmp_path / "x.svg"
    result = CliRunner().invoke(command, [str(MEDIATION), "-o", str(target), "--json"])
    assert result.exit_code == 0, result.output
    assert json.loads(result.output)["bytes"] == len(target.read_bytes())
    assert "<svg" in target.read_text()


def test_without_a_place_the_picture_goes_to_standard_output() -> None:
    result = CliRunner().invoke(command, [str(MEDIATION)])
    assert result.exit_code == 0
    assert result.output.startswith("<svg")


def test_a_file_without_a_drawing_is_a_failure_told_in_the_reader_s_language(tmp_path: Path) -> None:
    bare = tmp_path / "bare.bpmn"
    bare.write_text('<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>')
    chinese = CliRunner().invoke(command, [str(bare)])
    english = CliRunner().invoke(command, [str(bare), "--lang", "en"])
    assert (chinese.exit_code, english.exit_code) == (1, 1)
    assert "没有图形信息" in chinese.output
    assert "no diagram interchange" in english.output


def test_json_without_a_place_is_misuse() -> None:
    assert CliRunner().invoke(command, [str(MEDIATION), "--json"]).exit_code == 2
