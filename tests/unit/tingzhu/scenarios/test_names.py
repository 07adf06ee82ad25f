"""Names in scenarios: what they mean, and what is said of those that mean nothing."""

from textwrap import dedent

import pytest

from casework.settings import CHECKOUT
from casework.site import load_site
from engine.bpmn.definitions import compile_bundle
from engine.domain.resource import Resource
from tests.bpmn_builder import END, START, catches_message, file, message, node, process, service, user
from tingzhu.scenarios.errors import ScenariosInvalidError
from tingzhu.scenarios.names import Names, check_names
from tingzhu.scenarios.reading import read_scenario

FIRST = process(
    "p", START, END, user("Task_a"), service("Task_do", "notify"), "start>Task_a", "Task_a>Task_do", "Task_do>end"
)
SECOND = process(
    "q",
    START,
    END,
    node("userTask", "Task_a").replace('name="Task_a"', 'name="核对"'),
    node("boundaryEvent", "Event_gone", catches_message("m"), attachedToRef="Task_a"),
    "start>Task_a",
    "Task_a>end",
    "Event_gone>end",
)


@pytest.fixture(scope="module")
def names() -> Names:
    bundle = compile_bundle([Resource("p.bpmn", file(FIRST)), Resource("q.bpmn", file(message("m", "gone"), SECOND))])
    return Names.of(bundle, load_site(CHECKOUT / "sites" / "zaozhuang"))


@pytest.mark.parametrize(
    ("reference", "places"),
    [
        ("Task_a", {("p", "Task_a"), ("q", "Task_a")}),
        ("q/Task_a", {("q", "Task_a")}),
        ("核对", {("q", "Task_a")}),
        ("q/核对", {("q", "Task_a")}),
        ("p/核对", set()),
        ("Task_b", set()),
        ("r/Task_a", set()),
    ],
)
def test_a_reference_means_another_element(names: Names, reference: str, places: set[tuple[str, str]]) -> None:
    assert names.places(reference) == places


@pytest.mark.parametrize(
    ("text", "line", "key", "said"),
    [
        ("given: {at: 2026-09-01, process: r}\nwhen: [{complete: Task_a}]", 1, "given.process", "“r”，可用：p、q"),
        ("given: {at: 2026-09-01, process: p, by: windo}\nwhen: [{complete: Task_a}]", 1, "given.by", "window"),
        ("given: {at: 2026-09-01, process: p}\nwhen:\n  - complete: Task_aa", 3, "complete", "是否指 Task_a"),
        ("given: {at: 2026-09-01, process: p}\nwhen:\n  - {complete: Task_a, as: mediater}", 3, "complete.as", "mediator"),
        ("given: {at: 2026-09-01, process: p}\nwhen:\n  - {claim: Task_a, user: nobody}", 3, "claim.user", "没有“nobody”"),
        ("given: {at: 2026-09-01, process: p}\nwhen:\n  - message: gon", 3, "message", "是否指 gone"),
        ("given: {at: 2026-09-01, process: p}\nwhen:\n  - record: {recieved_on: 2026-09-01}", 3, "record", "received_on"),
        ("given: {at: 2026-09-01, process: p}\nwhen:\n  - expect: {stage: neg_setled}", 3, "expect.stage", "neg_settled"),
        ("given: {at: 2026-09-01, process: p}\nwhen:\n  - expect: {notified: [atention]}", 3, "expect.notified", "attention"),
        ("given: {at: 2026-09-01, process: p}\nwhen:\n  - expect: {timers: {Event_gon: null}}", 3, "expect.timers", "Event_gone"),
        ("given:\n  at: 2026-09-01\n  process: p\n  handlers: {notfy: {never: true}}\nwhen: [{complete: Task_a}]", 4, "given.handlers.notfy", "notify"),
        ("given:\n  at: 2026-09-01\n  process: p\n  handlers: {Task_a: {never: true}}\nwhen: [{complete: Task_a}]", 4, "given.handlers.Task_a", "没有“Task_a”"),
    ],
)  # fmt: skip
def test_an_unknown_name_is_played_or_nothing_is_suggested(
    names: Names, text: str, line: int, key: str, said: str
) -> None:
    scenario = read_scenario("s.yaml", dedent(text))
    with pytest.raises(ScenariosInvalidError) as caught:
        check_names([scenario], names)
    (found,) = caught.value.problems
    assert (found.line, found.key) == (line, key)
    assert said in found.zh


def test_good_names_are_refused(names: Names) -> None:
    text = """
        given: {at: 2026-09-01, process: p, handlers: {Task_do: {never: true}, court-filing: {throws: court-rejected}}}
        when:
          - {complete: Task_a, as: mediator}
          - expect: {tasks: [核对], stage: 协商和解, awaits: [gone], not_passed: [q/Event_gone]}
    """
    check_names([read_scenario("s.yaml", dedent(text))], names)
