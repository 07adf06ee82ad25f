"""The generated page of all deadline rules."""

from pathlib import Path

from casework.deadlines.reference import page
from casework.deadlines.rules import deadline_rules

PAGE = Path(__file__).parents[4] / "docs" / "reference" / "deadlines.md"


def test_the_page_in_docs_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), (
        "run: python -m casework.deadlines.reference > docs/reference/deadlines.md"
    )


def test_every_rule_has_a_row_in_each_language() -> None:
    lines = page().splitlines()
    for rule in deadline_rules().values():
        rows = [line for line in lines if line.startswith(f"| `{rule.id}` |")]
        assert len(rows) == 2
        assert all(row.count("|") == 13 for row in rows)
        assert rule.basis[0].zh in rows[0]
        assert rule.basis[0].en in rows[1]
