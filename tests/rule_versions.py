"""Versions of deadline rules for tests: a book with some published, as a case sees it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from casework.deadlines.rule_book import START, CaseRules, CasesBefore, RuleBook, RuleVersion, Transition, shipped_book
from casework.deadlines.rule_changes import changed_rule
from casework.deadlines.rules import CaseFacts

LAW = [{"zh": "《某法》", "en": "Some Law", "articles": ["1"]}]
"""The provision that a made-up version rests on."""


def with_version(
    book: RuleBook,
    rule_id: str,
    changes: Mapping[str, Any],
    effective_on: str,
    cases_before: CasesBefore = "keep",
    deciding_date: str = START,
) -> RuleBook:
    """Return the book with another version of a rule."""
    versions = book.versions(rule_id)
    rule = changed_rule(versions[-1].rule, changes, len(versions) + 1)
    return book.with_version(
        RuleVersion(rule, Transition(date.fromisoformat(effective_on), cases_before, deciding_date))
    )


def rules_with(rule_id: str, changes: Mapping[str, Any], effective_on: str, **facts: Any) -> CaseRules:
    """Return the rules of a case after one version was published."""
    return CaseRules(with_version(shipped_book(), rule_id, changes, effective_on), CaseFacts(**facts))
