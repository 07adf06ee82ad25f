"""The token game finds where a process can get stuck, and tells the way there."""

import pytest
from lxml import etree

from engine.domain.findings import Finding
from engine.soundness import soundness_findings
from tests.bpmn_builder import END, START, boundary, catches_error, error, file, node, process, subprocess, timer, user

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
DUE = {"camunda_dueDate": "${today()}"}


def check(*parts: str, around: str = "") -> list[Finding]:
    root = etree.fromstring(file(process("p", *parts), around))
    found = root.find(BPMN + "process")
    assert found is not None
    return soundness_findings("test.bpmn", found)


def task(element_id: str) -> str:
    return user(element_id, **DUE)


def gateway(kind: str, *ids: str) -> str:
    return "".join(node(f"{kind}Gateway", each) for each in ids)


SOUND = {
    "parallel": (gateway("parallel", "g", "j"), "start>g", "g>a", "g>b", "a>j", "b>j", "j>end"),
    "exclusive": (gateway("exclusive", "g", "j"), "start>g", "g>a:x", "g>b", "a>j", "b>j", "j>end"),
    "inclusive": (gateway("inclusive", "g", "j"), "start>g", "g>a:x", "g>b:y", "a>j", "b>j", "j>end"),
    "loop": (gateway("exclusive", "m", "x"), "start>m", "m>a", "a>b", "b>x", "x>m:again", "x>end"),
    "timer instead": (boundary("t", "a", timer("Duration", "P1D")), "start>a", "t>b", "a>end", "b>end"),
    "reminder": (boundary("t", "a", timer("Duration", "P1D"), False), "start>a", "t>b", "a>end", "b>end"),
    "reminder in a loop": (
        gateway("exclusive", "m", "x"), boundary("t", "a", timer("Duration", "P1D"), False),
        "start>m", "m>a", "t>b", "a>x", "x>m:again", "x>end", "b>end",
    ),
    "terminate": (
        gateway("parallel", "g"), node("endEvent", "stop", "<bpmn:terminateEventDefinition/>"),
        "start>g", "g>a", "g>b", "a>stop", "b>end",
    ),
}  # fmt: skip


@pytest.mark.parametrize("parts", SOUND.values(), ids=SOUND)
def test_sound_process_has_no_findings(parts: tuple[str, ...]) -> None:
    assert check(START, END, task("a"), task("b"), *parts) == []


FLAWED = {
    "deadlock": ((gateway("exclusive", "g"), gateway("parallel", "j"), "start>g", "g>a:x", "g>b", "a>j", "b>j", "j>end"), "j", "start → g → a → j"),
    "lack-of-synchronisation": ((gateway("parallel", "g"), gateway("exclusive", "j"), task("c"), "start>g", "g>a", "g>b", "a>j", "b>j", "j>c", "c>end"), "c", "a → j → c → b → j → c"),
    "no-way-to-end": ((gateway("exclusive", "m", "x"), "start>m", "m>a", "a>b", "b>m", "x>end"), "a", "start → m → a"),
}  # fmt: skip


@pytest.mark.parametrize(("rule", "flawed"), FLAWED.items(), ids=FLAWED)
def test_flaw_is_found_at_its_element_with_the_way_that_leads_there(
    rule: str, flawed: tuple[tuple[str, ...], str, str]
) -> None:
    parts, element_id, way = flawed
    (found,) = [
        finding for finding in check(START, END, task("a"), task("b"), *parts) if finding.rule != "never-reached"
    ]
    assert (found.rule, found.element_id, found.severity) == (rule, element_id, "warning")
    assert way in found.zh
    assert way in found.en


def test_deadlock_inside_a_sub_process_is_found_though_the_rest_goes_on() -> None:
    inner = subprocess(
        "s", '<bpmn:startEvent id="s1"/>', gateway("exclusive", "g"), gateway("parallel", "j"), task("a"), task("b"),
        "s1>g", "g>a:x", "g>b", "a>j", "b>j",
    )  # fmt: skip
    found = check(START, END, gateway("parallel", "f"), inner, task("c"), "start>f", "f>s", "f>c", "s>end", "c>end")
    assert [(finding.rule, finding.element_id) for finding in found] == [("deadlock", "j")]


def test_error_that_a_sub_process_ends_with_is_caught_on_its_border() -> None:
    inner = subprocess(
        "s", '<bpmn:startEvent id="s1"/>', node("endEvent", "fail", catches_error("E")), task("a"), "s1>a", "a>fail"
    )
    caught = boundary("c", "s", catches_error("E"))
    found = check(START, END, inner, caught, task("b"), "start>s", "c>b", "b>end", around=error("E", "e"))
    assert found == []


def test_element_that_no_choice_leads_to_is_named() -> None:
    parts = (gateway("exclusive", "m"), task("a"), task("b"), "start>a", "a>end", "m>b", "b>m")
    assert {(f.rule, f.element_id) for f in check(START, END, *parts)} == {
        ("never-reached", "m"),
        ("never-reached", "b"),
    }


def test_user_task_that_nobody_would_miss_is_named() -> None:
    parts = (user("a"), user("b"), boundary("t", "b", timer("Duration", "P1D"), False), task("c"))
    found = check(START, END, *parts, "start>a", "a>b", "b>c", "t>end", "c>end")
    assert [(finding.rule, finding.element_id) for finding in found] == [("no-escalation", "a")]


def test_process_with_too_many_states_says_that_it_was_checked_in_part() -> None:
    count = 16
    parts = [task(f"a{n}") for n in range(count)] + [task(f"b{n}") for n in range(count)]
    ways = [way for n in range(count) for way in (f"g>a{n}", f"a{n}>b{n}", f"b{n}>j")]
    found = check(START, END, gateway("parallel", "g", "j"), *parts, "start>g", "j>end", *ways)
    assert [finding.rule for finding in found] == ["not-fully-explored"]
