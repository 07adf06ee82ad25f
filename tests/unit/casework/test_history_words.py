"""Every kind of history row has words."""

import re
import string
from pathlib import Path

import pytest

from casework.history_words import HISTORY_WORDS, Words

_CALLS = re.compile(r'(?:HistoryEvent|user_task_event|job_event|_opened)\(\s*(?:instance,\s*)?"([a-z-]+)"')
_BY_OTHER_WAYS = {
    *(f"process-instance-{state}" for state in ("completed", "canceled", "suspended", "resumed")),
    *(f"user-task-{verb}" for verb in ("claimed", "assigned", "unclaimed")),
    *("document-sealed", "document-signed", "payments-recorded", "signatures-recorded"),
}
"""Kinds that the code puts together or hands on as an argument."""


def written() -> set[str]:
    found = set(_BY_OTHER_WAYS)
    for package in ("engine", "casework", "handlers", "api"):
        for path in Path(package).rglob("*.py"):
            found |= set(_CALLS.findall(path.read_text()))
    return found


def test_every_kind_that_the_code_writes_has_words_and_no_other_has() -> None:
    kinds = written()
    assert len(kinds) > 40
    assert kinds <= HISTORY_WORDS.keys(), kinds - HISTORY_WORDS.keys()
    names = " ".join(
        path.read_text()
        for package in ("engine", "casework")
        for path in Path(package).rglob("*.py")
        if path.name != "history_words.py"
    )
    assert [kind for kind in HISTORY_WORDS if kind not in kinds and f'"{kind}"' not in names] == []


@pytest.mark.parametrize("words", HISTORY_WORDS.values(), ids=lambda words: words.kind)
def test_the_words_of_a_kind_say_the_same_in_both_languages(words: Words) -> None:
    holes = [{name for _, name, _, _ in string.Formatter().parse(text) if name} for text in (words.zh, words.en)]
    assert holes[0] == holes[1]
    assert any("一" <= letter <= "鿿" for letter in words.zh)
    assert words.sentence("en", {})
