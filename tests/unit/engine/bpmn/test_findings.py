"""What a deployment is told about its files: every finding at once, none as a traceback."""

import json

import pytest

from engine.bpmn.bundle import Surroundings
from engine.bpmn.definitions import compile_bundle
from engine.domain.findings import Finding
from engine.domain.job_type import JobType
from engine.domain.resource import Resource
from tests.bpmn_builder import (
    END,
    START,
    boundary,
    call,
    catches_error,
    error,
    file,
    message,
    multi_instance,
    node,
    parameters,
    process,
    service,
    subprocess,
    timer,
    user,
)

AROUND = Surroundings(
    job_types={
        "render": JobType("render", frozenset({"kind", "copies"}), frozenset({"document_id"}), frozenset({"kind"}))
    },
    function_stubs={"days": "def days(n: int) -> timedelta: ..."},
    input_names={"accepted_on": "date"},
    groups=frozenset({"clerk"}),
)


def findings(content: bytes, name: str = "test.bpmn") -> list[Finding]:
    return list(compile_bundle([Resource(name, content)], AROUND).findings)


def rules(content: bytes, severity: str = "error") -> set[str]:
    return {finding.rule for finding in findings(content) if finding.severity == severity}


def simple(*parts: str, before: str = "", variables: str = "") -> bytes:
    return file(before, process("p", START, END, *parts, variables=variables))


CASES = [
    ("reserved-id", simple(user("Root"), "start>Root", "Root>end")),
    ("duplicate-id", simple(user("a"), user("a"), "start>a", "a>end")),
    ("dangling-flow", simple(user("a"), "start>a", "a>nowhere", "a>end")),
    ("unreachable-element", simple(user("a"), user("b"), "start>a", "a>end")),
    ("one-start-event", file(process("p", END, user("a"), "a>end"))),
    ("one-start-event", file(process("p", START, '<bpmn:startEvent id="other"/>', END, "start>end", "other>end"))),
    ("flow-without-condition", simple(node("exclusiveGateway", "x"), user("a"), "start>x", "x>a:amount > 1", "x>end", "a>end", variables="amount: int")),
    ("dangling-default", simple(node("exclusiveGateway", "x", default="gone"), "start>x", "x>end")),
    ("gateway-without-exit", simple(node("exclusiveGateway", "x"), node("parallelGateway", "g"), "start>g", "g>x", "g>end")),
    ("unsupported-element", simple(node("complexGateway", "x"), "start>end")),
    ("unsupported-element", simple(subprocess("s", '<bpmn:startEvent id="s1"/>', triggeredByEvent="true"), "start>end")),
    ("unsupported-event", simple(node("intermediateCatchEvent", "c", "<bpmn:signalEventDefinition/>"), "start>c", "c>end")),
    ("event-without-definition", simple(node("intermediateCatchEvent", "c"), "start>c", "c>end")),
    ("timer-without-time", simple(node("intermediateCatchEvent", "c", "<bpmn:timerEventDefinition/>"), "start>c", "c>end")),
    ("bad-time", simple(node("intermediateCatchEvent", "c", timer("Duration", "15 days")), "start>c", "c>end")),
    ("bad-time", simple(node("intermediateCatchEvent", "c", timer("Date", "2026-02-30")), "start>c", "c>end")),
    ("dangling-boundary-event", simple(user("a"), boundary("b", "gone", timer("Duration", "P1D")), "start>a", "a>end")),
    ("dangling-reference", simple(user("a"), boundary("b", "a", catches_error("gone")), "start>a", "a>end")),
    ("error-event-not-interrupting", simple(user("a"), boundary("b", "a", catches_error("E"), False), "start>a", "a>end", before=error("E", "x"))),
    ("message-without-name", simple(node("receiveTask", "r"), "start>r", "r>end")),
    ("message-without-name", simple("start>end", before='<bpmn:message id="m"/>')),
    ("event-gateway-target", simple(node("eventBasedGateway", "g"), user("a"), "start>g", "g>a", "a>end")),
    ("unknown-job-type", simple(service("s", "no-such"), "start>s", "s>end")),
    ("job-type-missing", simple(node("serviceTask", "s"), "start>s", "s>end")),
    ("job-input-missing", simple(service("s", "render"), "start>s", "s>end")),
    ("job-input-unknown", simple(service("s", "render", parameters({"kind": "x", "colour": "red"})), "start>s", "s>end")),
    ("bad-retry-cycle", simple(service("s", "render", parameters({"kind": "x"}, retry="often")), "start>s", "s>end")),
    ("unknown-form", simple(user("a", camunda_formKey="gone"), "start>a", "a>end")),
    ("nobody-responsible", simple(node("userTask", "a"), "start>a", "a>end")),
    ("unknown-group", simple(node("userTask", "a", camunda_candidateGroups="clerk, stranger"), "start>a", "a>end")),
    ("unknown-decision", simple(node("businessRuleTask", "r", camunda_decisionRef="gone", camunda_resultVariable="x"), "start>r", "r>end")),
    ("unknown-process", simple(call("c", "gone"), "start>c", "c>end")),
    ("call-cycle", file(process("p", START, call("c", "p"), "start>c"))),
    ("loop-without-items", simple(user("a", "<bpmn:multiInstanceLoopCharacteristics/>"), "start>a", "a>end")),
    ("bad-expression", simple(user("a", camunda_assignee="${whoo}"), "start>a", "a>end", variables="who: str")),
    ("bad-expression", simple(user("a", multi_instance("workerz")), "start>a", "a>end", variables="workers: list[str]")),
    ("bad-expression", simple(node("scriptTask", "s", "<bpmn:script>import os</bpmn:script>"), "start>s", "s>end")),
    ("bad-expression", simple(node("intermediateCatchEvent", "c", timer("Date", "${accepted_on + day(3)}")), "start>c", "c>end")),
    ("not-executable", file('<bpmn:process id="p" isExecutable="false"><bpmn:startEvent id="s"/></bpmn:process>')),
    ("no-process", file(message("m", "x"))),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "content"), CASES, ids=[f"{rule}-{index}" for index, (rule, _) in enumerate(CASES)])
def test_a_bad_model_is_refused_with_the_rule_it_breaks(rule, content):
    assert rule in rules(content)


def test_a_misspelt_variable_in_a_condition_is_found_and_the_right_name_suggested():
    content = simple(
        node("exclusiveGateway", "x", default="p_1_x_end"),
        user("a"),
        "start>x",
        "x>end",
        "x>a:amuont > 10",
        "a>end",
        variables="amount: int",
    )
    (found,) = [finding for finding in findings(content) if finding.rule == "bad-expression"]
    assert found.element_id == "x"
    assert "amuont" in found.zh
    assert "amount" in found.en


def test_all_findings_come_at_once_with_element_and_name():
    content = simple(node("userTask", "a"), service("s", "no-such"), "start>a", "a>s", "s>end")
    found = {(finding.rule, finding.element_id, finding.element_name) for finding in findings(content)}
    assert {("nobody-responsible", "a", "a"), ("unknown-job-type", "s", "s")} <= found


def test_an_attribute_that_is_not_understood_is_a_warning_not_silence():
    content = simple(user("a", camunda_taskListener="x"), "start>a", "a>end")
    assert "attribute-not-understood" in rules(content, "warning")
    assert rules(content) == set()


@pytest.mark.parametrize(
    ("rule", "content"),
    [
        ("xml-not-well-formed", b"<definitions"),
        ("xml-not-well-formed", b""),
        ("xml-not-well-formed", b"\x00\x01\x02"),
        ("doctype-refused", b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'),
        ("not-bpmn", b"<html/>"),
        ("file-too-large", b"<x>" + b" " * (2 * 1024 * 1024) + b"</x>"),
        ("file-too-complex", b"<x>" * 150 + b"</x>" * 150),
    ],
    ids=["cut", "empty", "binary", "doctype", "html", "large", "deep"],
)
def test_a_hostile_or_broken_file_is_a_finding_never_a_traceback(rule, content):
    assert rule in rules(content)


def test_a_billion_laughs_file_is_refused_before_it_is_read():
    entities = "".join(f'<!ENTITY a{i} "' + f"&a{i - 1};" * 10 + '">' for i in range(1, 10))
    content = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "ha">{entities}]><x>&a9;</x>'.encode()
    assert rules(content) == {"doctype-refused"}


def test_a_file_of_another_kind_is_refused():
    assert {finding.rule for finding in findings(b"#!/bin/sh", "run.sh")} == {"unknown-file-kind"}


def test_two_files_may_not_hold_the_same_process():
    content = simple("start>end")
    bundle = compile_bundle([Resource("a.bpmn", content), Resource("b.bpmn", content)], AROUND)
    assert "duplicate-process-id" in {finding.rule for finding in bundle.findings}


def test_a_sound_model_has_no_errors():
    content = simple(
        user("a"), boundary("b", "a", timer("Date", "${accepted_on + days(3)}"), False),
        service("s", "render", parameters({"kind": "x"}, {"document": "${document_id}"})), "start>a", "a>end", "b>s",
    )  # fmt: skip
    assert rules(content) == set()


def test_a_misspelt_name_in_a_form_s_condition_is_found_at_its_task():
    form = {
        "schemaVersion": 16,
        "type": "default",
        "id": "f",
        "components": [
            {
                "type": "textfield",
                "key": "note",
                "label": "说明",
                "conditional": {"hide": "=amuont > 10"},
                "id": "Field_1",
            }
        ],
    }
    content = simple(user("a", camunda_formKey="f"), "start>a", "a>end", variables="amount: int")
    bundle = compile_bundle([Resource("test.bpmn", content), Resource("f.form", json.dumps(form).encode())], AROUND)
    assert [(found.rule, found.element_id) for found in bundle.findings] == [("unknown-variable", "a")]
