"""The shipped processes can be deployed, and their drawings say exactly what their elements do."""

import json
import re
from collections import Counter
from pathlib import Path

import pytest
from lxml import etree

from engine.bpmn.definitions import compile_bundle
from engine.diagram import render_svg
from engine.diagram.model import Diagram
from engine.diagram.read import read_diagram
from engine.domain.resource import Resource
from tests.drawings import crooked_flows, overlaps
from tingzhu.composition import model_surroundings, read_resources

ROOT = Path(__file__).parents[3]
FILES = sorted((ROOT / "processes").rglob("*.bpmn"))
KEYS = {
    "dispute",
    "negotiation",
    "mediation",
    "arbitration-review",
    "judicial-confirmation",
    "payment-order",
    "performance",
}
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
CAMUNDA = "{http://camunda.org/schema/1.0/bpmn}"
PREFIX = {
    "Task": "Task",
    "Event": "Event",
    "Gateway": "Gateway",
    "callActivity": "Call",
    "sequenceFlow": "Flow",
    "lane": "Lane",
}

every_file = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)


def resources() -> list[Resource]:
    return read_resources(ROOT / "processes", ROOT / "forms")


def tags(path: Path) -> list[tuple[str, etree._Element]]:
    root = etree.fromstring(path.read_bytes())
    return [(node.tag.removeprefix(BPMN), node) for node in root.iter(BPMN + "*")]


def diagram(path: Path) -> Diagram:
    return read_diagram(path.read_bytes())


def is_flow_node(kind: str) -> bool:
    return kind.endswith(("Task", "Gateway", "Event")) or kind in ("subProcess", "callActivity")


def test_the_shipped_models_have_neither_errors_nor_warnings() -> None:
    bundle = compile_bundle(resources(), model_surroundings())
    assert [f"{finding.file} {finding.element_id} {finding.en}" for finding in bundle.findings] == []
    assert set(bundle.processes) == KEYS


def test_every_form_is_used_by_a_task_and_carries_its_own_key() -> None:
    used = {node.get(CAMUNDA + "formKey") for path in FILES for kind, node in tags(path) if kind == "userTask"}
    found = {path.stem for path in (ROOT / "forms").glob("*.form")}
    assert used == found
    for path in (ROOT / "forms").glob("*.form"):
        assert json.loads(path.read_text())["id"] == path.stem


@every_file
def test_every_element_and_flow_is_drawn_once(path: Path) -> None:
    wanted = {node.get("id") for kind, node in tags(path) if is_flow_node(kind) or kind == "sequenceFlow"}
    drawn = Counter([node.id for node in diagram(path).nodes] + [edge.id for edge in diagram(path).edges])
    assert wanted <= drawn.keys()
    assert [element_id for element_id, times in drawn.items() if times > 1] == []
    assert render_svg(path.read_bytes()).startswith("<svg")


@every_file
def test_ids_are_english_and_names_are_chinese(path: Path) -> None:
    for kind, node in tags(path):
        if not is_flow_node(kind) and kind not in ("sequenceFlow", "lane"):
            continue
        wanted = next((PREFIX[end] for end in PREFIX if kind.endswith(end)), "Process")
        assert re.fullmatch(wanted + r"_[A-Za-z0-9_]+", node.get("id", "")), node.get("id")
        if kind.endswith("Task") or kind in ("callActivity", "lane", "endEvent", "boundaryEvent"):
            assert re.search("[一-鿿]", node.get("name", "")), node.get("id")


@every_file
def test_the_exits_of_a_named_gateway_carry_its_answers(path: Path) -> None:
    named = {node.get("id") for kind, node in tags(path) if kind == "exclusiveGateway" and node.get("name")}
    for kind, node in tags(path):
        if kind == "sequenceFlow" and node.get("sourceRef") in named:
            assert node.get("name"), node.get("id")


@every_file
def test_every_element_outside_a_sub_process_belongs_to_a_lane_and_lies_in_it(path: Path) -> None:
    nodes = {node.id: node for node in diagram(path).nodes}
    lane_of = {
        (reference.text or "").strip(): lane.get("id")
        for kind, lane in tags(path)
        if kind == "lane"
        for reference in lane.iterfind(BPMN + "flowNodeRef")
    }
    for kind, node in tags(path):
        parent = node.getparent()
        if not is_flow_node(kind) or parent is None or parent.tag != BPMN + "process":
            continue
        lane, box = nodes[lane_of[node.get("id", "")] or ""].bounds, nodes[node.get("id", "")].bounds
        assert lane.x <= box.x
        assert box.right <= lane.right
        if kind != "boundaryEvent":
            assert lane.y <= box.y, node.get("id")
            assert box.bottom <= lane.bottom, node.get("id")


@every_file
def test_shapes_and_labels_do_not_overlap(path: Path) -> None:
    assert overlaps(path.read_bytes()) == []


@every_file
def test_flows_are_straight_touch_their_ends_and_run_through_no_other_shape(path: Path) -> None:
    assert crooked_flows(path.read_bytes()) == []


@every_file
def test_each_stage_has_a_reminder_and_an_escalation_that_leave_the_task_open(path: Path) -> None:
    timers = {
        node.get("id"): node
        for kind, node in tags(path)
        if kind == "boundaryEvent" and node.find(BPMN + "timerEventDefinition") is not None
    }
    told: dict[str, str] = {}
    flows = [(node.get("sourceRef"), node.get("targetRef")) for kind, node in tags(path) if kind == "sequenceFlow"]
    jobs = {node.get("id"): node for kind, node in tags(path) if kind == "serviceTask"}
    for timer_id, node in timers.items():
        # a reminder may ask first whether there is anything left to remind of
        first = [target for source, target in flows if source == timer_id]
        reached = first + [target for source, target in flows if source in first and "Gateway_" in str(source)]
        job = next((jobs[each] for each in reached if each in jobs), None)
        if node.get("cancelActivity") == "false" and job is not None:
            inputs = {item.get("name"): item.text or "" for item in job.iter(CAMUNDA + "inputParameter")}
            told[timer_id or ""] = inputs.get("recipient", "")
    assert any("supervisor" in recipient for recipient in told.values()), "nobody is escalated to"
    assert any(recipient and "supervisor" not in recipient for recipient in told.values()), "nobody is reminded"


@every_file
def test_no_statutory_period_is_written_as_a_plain_duration(path: Path) -> None:
    for kind, node in tags(path):
        if kind in ("timeDate", "timeDuration", "timeCycle"):
            assert (
                "deadline(" in (node.text or "")
                or "working_days(" in (node.text or "")
                or "_until" in (node.text or "")
                or "_on" in (node.text or "")
            ), node.text


def test_forms_ask_for_text_only_where_it_is_kept_encrypted_or_is_a_code() -> None:
    inputs = model_surroundings().input_names
    for path in (ROOT / "forms").glob("*.form"):
        for component in json.loads(path.read_text())["components"]:
            if component["type"] == "textarea":
                assert component["key"] in inputs, f"{path.name}: {component['key']}"
            if component["type"] == "textfield":
                is_code = "pattern" in component.get("validate", {})
                assert is_code or component["key"] in inputs, f"{path.name}: {component['key']}"


def test_every_input_of_a_form_has_a_chinese_label() -> None:
    for path in (ROOT / "forms").glob("*.form"):
        for component in json.loads(path.read_text())["components"]:
            label = component.get("label") or component.get("dateLabel") or component.get("text", "")
            assert re.search("[一-鿿]", label), f"{path.name}: {component.get('key')}"
