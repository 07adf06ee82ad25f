"""What a new version of a rule may say."""

import json
from pathlib import Path
from typing import Any

import pytest

from casework.deadlines.citations import join_zh
from casework.deadlines.errors import DeadlineVersionInvalidError
from casework.deadlines.rule_changes import changed_rule
from casework.deadlines.rules import find_rule
from tests.rule_versions import LAW

STORED = json.loads(Path(__file__).with_name("stored_versions.json").read_text(encoding="utf-8"))
"""Changes as databases hold them; add to the list, never edit it: every later build reads them."""


@pytest.mark.parametrize("sample", STORED, ids=lambda sample: sample["rule"])
def test_a_version_stored_earlier_is_read_otherwise(sample: dict[str, Any]) -> None:
    rule = changed_rule(find_rule(sample["rule"]), sample["changes"], 2)
    read = {"length": rule.length, "unit": rule.unit, "roll": rule.roll, "basis": join_zh(rule.basis)}
    assert read == sample["reads"]


def test_a_change_of_the_unit_decides_whether_the_end_rolls() -> None:
    working = changed_rule(find_rule("MED-15R"), {"unit": "working-day", "basis": LAW}, 2)
    assert (working.unit, working.roll, working.version) == ("working-day", "none", 2)
    assert changed_rule(working, {"unit": "calendar-day", "basis": LAW}, 3).roll == "next-non-rest-day"


def test_the_office_sets_what_the_law_leaves_to_it_without_citing_anything() -> None:
    norm = changed_rule(find_rule("REV-ACC"), {"length": 3, "unit": "working-day"}, 2)
    assert (norm.length_words("zh"), norm.is_computable) == ("3个工作日", True)
    assert (norm.basis_kind, norm.confirmed) == ("house", "assumption"), "no law gives that number"
    assert changed_rule(find_rule("H-XFER"), {"length": 2}, 2).length == 2


def test_words_extension_and_provisions_can_be_changed_with_a_provision() -> None:
    changes = {
        "basis": [{"statute": "civil-code", "articles": ["201(1)"]}, *LAW],
        "extension": {"zh": "延长五日", "en": "five more days"},
        "extension_length": 5,
        "extension_times": 1,
        "consequence": {"zh": "另行处理", "en": "handled otherwise"},
        "note": None,
        "confirmed": "partly",
    }
    rule = changed_rule(find_rule("ARB-45"), changes, 2)
    assert [citation.zh for citation in rule.basis] == ["《民法典》第二百零一条第一款", "《某法》第一条"]
    assert (rule.extension_length, rule.extension_times, rule.note, rule.confirmed) == (5, 1, None, "partly")


@pytest.mark.parametrize(
    ("rule", "changes", "said"),
    [
        ("MED-15R", {}, "changes"),
        ("MED-15R", {"length": 20}, "basis"),
        ("MED-15R", {"length": 20, "basis": LAW, "basis_kind": "house"}, "length"),
        ("MED-15R", {"length": 0.5, "basis": LAW}, "length"),
        ("MED-15R", {"length": None, "basis": LAW}, "length"),
        ("MED-15R", {"length": True, "basis": LAW}, "length"),
        ("MED-15R", {"length": -1, "basis": LAW}, "length"),
        ("MED-15R", {"length": 10**6, "basis": LAW}, "length"),
        ("MED-15R", {"unit": "fortnight", "basis": LAW}, "unit"),
        ("MED-15R", {"unit": "hour", "basis": LAW}, "unit"),
        ("MED-15R", {"unit": ["year"], "basis": LAW}, "unit"),
        ("MED-ACC", {"roll": "next-non-rest-day", "basis": LAW}, "roll"),
        ("LAYOFF", {"roll": "next-non-rest-day", "basis": LAW}, "roll"),
        ("NEG-TERM", {"length": 10, "basis": LAW}, "unit"),
        ("REV-ACC", {"length": 3}, "unit"),
        ("REV-ACC", {"unit": "working-day"}, "unit"),
        ("MED-15R", {"id": "MED-99"}, "id"),
        ("MED-15R", {"{rule}": 1}, "{rule}"),
        ("MED-15R", {"basis": []}, "basis"),
        ("MED-15R", {"basis": "Some Law"}, "basis"),
        ("MED-15R", {"basis": [{"statute": "no-such-law", "articles": ["1"]}]}, "basis"),
        ("MED-15R", {"basis": [{"statute": "civil-code", "articles": ["Art. 1"]}]}, "basis"),
        ("MED-15R", {"basis": [{"statute": "civil-code", "articles": "201"}]}, "basis"),
        ("MED-15R", {"basis": [{"statute": ["civil-code"], "articles": []}]}, "basis"),
        ("MED-15R", {"consequence": "视为调解不成", "basis": LAW}, "consequence"),
        ("MED-15R", {"consequence": {"zh": "failed", "en": "failed"}, "basis": LAW}, "consequence"),
        ("MED-15R", {"consequence": {"zh": "两\n行", "en": "two lines"}, "basis": LAW}, "consequence"),
        ("MED-15R", {"note": {"zh": "长" * 501, "en": "long"}}, "note"),
        ("MED-15R", {"extension_times": 0, "basis": LAW}, "extension_times"),
    ],
)
def test_what_makes_no_rule_is_refused_with_the_field_to_mend(rule: str, changes: dict[str, Any], said: str) -> None:
    with pytest.raises(DeadlineVersionInvalidError) as refused:
        changed_rule(find_rule(rule), changes, 2)
    assert said in f"{refused.value.sentence('zh')} {refused.value.sentence('en')}"
    assert rule in refused.value.sentence("en")
