"""People read one word per thing: words that the glossary rules out occur nowhere that is shown."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
RULED_OUT = ("固化", "令牌", "流程实例", "多实例", "区县", "县区")
SHOWN = (
    ("processes", "*"),
    ("forms", "*.form"),
    ("sites", "*.yaml"),
    ("casework", "*"),
    ("handlers", "*"),
    ("api", "*"),
    ("engine", "*.py"),
    ("tingzhu", "*.py"),
    ("docs", "*.md"),
    ("docs", "*.svg"),
)
FILES = sorted({path for folder, pattern in SHOWN for path in (ROOT / folder).rglob(pattern) if path.is_file()})
TEXT = {".py", ".bpmn", ".dmn", ".form", ".yaml", ".json", ".typ", ".md", ".html", ".svg", ".js"}


@pytest.mark.parametrize("word", RULED_OUT)
def test_word_that_the_glossary_rules_out_is_shown_nowhere(word: str) -> None:
    found = [
        str(path.relative_to(ROOT))
        for path in FILES
        if path.suffix in TEXT and path.name != "glossary.md" and word in path.read_text("utf-8")
    ]
    assert found == []


def test_words_that_are_ruled_out_stand_in_the_glossary_with_what_to_say_instead() -> None:
    glossary = (ROOT / "docs/reference/glossary.md").read_text("utf-8")
    for word in ("固化", "令牌", "流程实例", "区县"):
        assert re.search(rf"^\|.*\| [^|]*{word}[^|]*\|$", glossary, re.MULTILINE), word
