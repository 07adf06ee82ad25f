"""`tingzhu paper` prints empty forms, or says which there are."""

import json
from pathlib import Path

from click.testing import CliRunner

from handlers.papers.content import PAPERS
from tingzhu.cli.paper import command


def test_an_empty_form_is_written_and_always_the_same(tmp_path: Path) -> None:
    first, second = tmp_path / "a.pdf", tmp_path / "b.pdf"
    for target in (first, second):
        result = CliRunner().invoke(command, ["mediation-application", "-o", str(target)])
        assert result.exit_code == 0, result.output
    assert first.read_bytes().startswith(b"%PDF-")
    assert first.read_bytes() == second.read_bytes()


def test_every_form_is_listed_with_its_title_in_the_reader_s_language() -> None:
    forms = [paper for paper in PAPERS.values() if paper.is_form]
    rows = json.loads(CliRunner().invoke(command, ["--list", "--json"]).output)
    assert [row["kind"] for row in rows] == [paper.kind for paper in forms]
    assert "Application for mediation" in CliRunner().invoke(command, ["--list", "--lang", "en"]).output
    assert "调解申请书" in CliRunner().invoke(command, ["--list"]).output


def test_a_paper_that_is_no_form_is_misuse_and_the_forms_are_named(tmp_path: Path) -> None:
    result = CliRunner().invoke(command, ["award", "-o", str(tmp_path / "x.pdf")])
    assert result.exit_code == 2
    assert "mediation-application" in result.output


def test_a_kind_without_a_file_to_write_is_misuse() -> None:
    assert CliRunner().invoke(command, ["mediation-application"]).exit_code == 2
    assert CliRunner().invoke(command, []).exit_code == 2
