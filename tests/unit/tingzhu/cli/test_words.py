"""`tingzhu words` tells a designer which texts want English, in lines to paste."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from casework.model_words import read_catalogue
from tingzhu.cli import main


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of the forms; there is no process."""
    forms = tmp_path / "forms"
    forms.mkdir()
    monkeypatch.setenv("TINGZHU_PROCESSES_DIR", str(tmp_path / "processes"))
    monkeypatch.setenv("TINGZHU_FORMS_DIR", str(forms))
    form = {"components": [{"label": "新的：一项"}, {"label": "已有"}]}
    (forms / "one.form").write_text(json.dumps(form), "utf-8")
    return forms


def words(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["words", *arguments])


def test_what_is_missing_is_told_in_lines_to_paste_and_what_is_unused_by_name(folder: Path) -> None:
    (folder / "en.yaml").write_text("已有: There\n没有了: Gone\n", "utf-8")
    told = words("--lang", "en")
    assert told.exit_code == 1
    assert '# one.form\n"新的：一项": \n' in told.output
    assert "- 没有了" in told.output
    found = json.loads(words("--json").output)[0]
    assert (found["missing"], found["unused"]) == ({"新的：一项": "one.form"}, ["没有了"])


def test_a_pasted_line_with_its_english_is_enough(folder: Path) -> None:
    pasted = [line + "Text" for line in words().output.splitlines() if line.startswith('"')]
    (folder / "en.yaml").write_text("\n".join(pasted), "utf-8")
    assert read_catalogue(folder / "en.yaml")["新的：一项"] == "Text"
    told = words()
    assert (told.exit_code, told.output) == (0, "流程和表单的文字都有英文。\n")
