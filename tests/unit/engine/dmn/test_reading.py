"""What is wrong with a DMN file becomes findings, all at once, and never an exception."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.dmn import parse_decisions


def rules_of(xml: bytes) -> set[str]:
    _, findings = parse_decisions("route.dmn", xml)
    assert all(finding.zh and finding.en and finding.file == "route.dmn" for finding in findings)
    return {finding.rule for finding in findings}


@pytest.mark.parametrize(
    ("xml", "rule"),
    [
        (b"", "xml-not-well-formed"),
        (b"<definitions", "xml-not-well-formed"),
        (b"\xff\xfe\x00", "xml-not-well-formed"),
        (b"<x/>", "unsupported-dmn-version"),
        (b'<definitions xmlns="http://example.org"/>', "unsupported-dmn-version"),
        (b'<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>', "doctype-refused"),
        ('<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x []><x/>'.encode("utf-16"), "doctype-refused"),
        (b'<!DOCTYPE x SYSTEM "http://127.0.0.1:1/x.dtd"><x/>', "doctype-refused"),
        (b"<x>" + b" " * (2 * 1024 * 1024) + b"</x>", "file-too-large"),
        (b"<x>" * 100 + b"</x>" * 100, "file-too-complex"),
        (b"<x>" + b"<y/>" * 70_000 + b"</x>", "file-too-complex"),
        (b"<x>" * 5000 + b"</x>" * 5000, "xml-not-well-formed"),
    ],
    ids=str,
)
def test_hostile_file_is_refused(xml: bytes, rule: str) -> None:
    decisions, findings = parse_decisions("route.dmn", xml)
    assert decisions == []
    assert [finding.rule for finding in findings] == [rule]


def test_bad_cell_is_named_by_table_row_and_column(build: Any) -> None:
    xml = build.definitions(build.table([['"a"', '"x"'], ["“b”", '"y"'], ['"c"', '"z" +']]))
    decisions, findings = parse_decisions("route.dmn", xml)
    assert decisions == []
    first, second = findings
    assert first.rule == second.rule == "bad-feel"
    assert "分流 Decision_route”第 2 条规则的“kind”单元格" in first.zh
    assert "全角" in first.zh
    assert first.element_id == "Rule_2"
    assert "第 3 条规则的输出“route”" in second.zh
    assert "rule 3" in second.en


TABLE = "table"


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (('hitPolicy="UNIQUE"', 'hitPolicy="BEST"'), "unknown-hit-policy"),
        (('hitPolicy="UNIQUE"', 'hitPolicy="COLLECT" aggregation="AVG"'), "unknown-aggregation"),
        (('hitPolicy="UNIQUE"', 'hitPolicy="UNIQUE" aggregation="SUM"'), "wrong-aggregation"),
        (('hitPolicy="UNIQUE"', 'hitPolicy="PRIORITY"'), "policy-without-order"),
        (("<text>kind</text>", "<text></text>"), "input-without-expression"),
        (("<text>kind</text>", "<text>kind +</text>"), "bad-feel"),
        (("<inputExpression ", '<inputExpression expressionLanguage="javascript" '), "unsupported-expression-language"),
        (("<inputEntry>", '<inputEntry expressionLanguage="juel">'), "unsupported-expression-language"),
        (('typeRef="string"', 'typeRef="Money"'), "unknown-type"),
        (('name="route"', 'name="1+1"'), "output-without-name"),
        (("</inputEntry>", "</inputEntry><inputEntry><text>1</text></inputEntry>"), "wrong-number-of-entries"),
        (("<text>\"x\"</text>", "<text>now()</text>"), "bad-feel"),
        (('id="Decision_route"', 'id=""'), "missing-decision-id"),
        (("<decisionTable", "<context/><decisionTable"), "unsupported-decision-logic"),
        (("<decision ", '<businessKnowledgeModel id="B" name="b"/><decision '), "unsupported-element"),
        (("<decision ", '<import namespace="x" importType="y"/><decision '), "unsupported-element"),
        (("<decisionTable", '<informationRequirement><requiredDecision href="#Gone"/></informationRequirement><decisionTable'), "unknown-required-decision"),
        (("<decisionTable", '<informationRequirement><requiredDecision href="#Decision_route"/></informationRequirement><decisionTable'), "decision-cycle"),
        (("<decisionTable", '<knowledgeRequirement><requiredKnowledge href="#B"/></knowledgeRequirement><decisionTable'), "unsupported-element"),
        (("</output>", "<outputValues><text>a</text></outputValues></output>"), "bad-output-values"),
        (("</input>", "<inputValues><text>\"a\" \"b\"</text></inputValues></input>"), "bad-feel"),
    ],
)  # fmt: skip
def test_mistake_in_a_table_is_a_finding(build: Any, change: tuple[str, str], rule: str) -> None:
    xml = build.definitions(build.table([['"a"', '"x"']])).decode()
    assert change[0] in xml
    assert rule in rules_of(xml.replace(change[0], change[1], 1).encode())


def test_tables_without_columns_or_rules_are_findings(build: Any) -> None:
    assert rules_of(build.definitions(build.decision("<decisionTable/>"))) == {
        "table-without-inputs",
        "table-without-outputs",
        "table-without-rules",
    }
    assert rules_of(build.definitions(build.decision(""))) == {"decision-without-logic"}
    assert rules_of(build.definitions()) == {"no-decision"}
    assert rules_of(build.definitions(build.literal("", key="L"))) == {"missing-expression"}


def test_doubled_decision_and_doubled_output_are_findings(build: Any) -> None:
    one = build.table([['"a"', '"x"']])
    assert rules_of(build.definitions(one, one)) == {"duplicate-decision-key"}
    outputs = [("route", "string"), ("route", "string")]
    assert rules_of(build.definitions(build.table([['"a"', "1", "2"]], outputs=outputs))) == {"duplicate-output-name"}


def test_circle_of_three_is_found_once_and_named(build: Any) -> None:
    xml = build.definitions(
        build.literal("b", key="A", requires=["B"]),
        build.literal("c", key="B", requires=["C"]),
        build.literal("a", key="C", requires=["A"]),
        build.literal("1", key="Free"),
    )
    decisions, findings = parse_decisions("route.dmn", xml)
    assert [finding.rule for finding in findings] == ["decision-cycle"]
    assert "A → B → C → A" in findings[0].zh
    assert [decision.key for decision in decisions] == ["Free"]


@pytest.mark.parametrize(
    "namespace",
    [
        "https://www.omg.org/spec/DMN/20191111/MODEL/",
        "http://www.omg.org/spec/DMN/20180521/MODEL/",
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
    ],
)
def test_dmn_1_1_to_1_3_are_read(build: Any, namespace: str) -> None:
    decisions, findings = parse_decisions(
        "a.dmn", build.definitions(build.table([['"a"', '"x"']]), namespace=namespace)
    )
    assert findings == []
    assert decisions[0].inputs_read == {"kind"}
    assert decisions[0].output_names == ("route",)
    assert decisions[0].file == "a.dmn"


@settings(max_examples=60, deadline=None)
@given(cut=st.integers(0, 1500), flips=st.lists(st.tuples(st.integers(0, 1500), st.integers(0, 255)), max_size=4))
def test_damaged_file_gives_findings_or_decisions_but_no_exception(
    build: Any, cut: int, flips: list[tuple[int, int]]
) -> None:
    xml = bytearray(
        build.definitions(
            build.table([['"a"', '"x"'], ["> 5", "1 + 1"]], default='"d"', requires=["L"]),
            build.literal("a + 1", key="L", variable="v"),
        )
    )
    for place, byte in flips:
        xml[place % len(xml)] = byte
    decisions, findings = parse_decisions("x.dmn", bytes(xml[: len(xml) - cut % 40 if cut > 700 else len(xml)]))
    assert decisions or findings
