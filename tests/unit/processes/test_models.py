"""The shipped processes can be deployed, and their drawings say exactly what their elements do."""

import itertools
import json
import re
from collections import Counter
from pathlib import Path

import pytest
from lxml import etree

from engine.bpmn.definitions import compile_bundle
from engine.diagram import render_svg
from engine.diagram.model import Bounds, Diagram, Node
from engine.diagram.read import read_diagram
from engine.domain.resource import Resource
from tingzhu.composition import model_surroundings, read_resources

ROOT = Path(__file__).parents[3]
FILES = sorted((ROOT / "processes").rglob("*.bpmn"))
KEYS = {"dispute", "negotiation", "mediation", "arbitration-review", "judicial-confirmation", "performance"}
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
CAMUNDA = "{http://camunda.org/schema/1.0/bpmn}"
CONTAINERS = ("participant", "lane", "subProcess")
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


def overlap(a: Bounds, b: Bounds) -> bool:
    return a.x < b.right and b.x < a.right and a.y < b.bottom and b.y < a.bottom


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
    solid = [node for node in diagram(path).nodes if node.kind not in CONTAINERS]

    def boxes(node: Node) -> list[tuple[str, Bounds]]:
        return [(node.id, node.bounds)] + ([(node.id + " label", node.label)] if node.label is not None else [])

    for a, b in itertools.combinations(solid, 2):
        if "boundaryEvent" in (a.kind, b.kind) and overlap(a.bounds, b.bounds):
            continue  # it sits on its host
        for (name_a, box_a), (name_b, box_b) in itertools.product(boxes(a), boxes(b)):
            assert not overlap(box_a, box_b), f"{name_a} lies over {name_b}"


@every_file
def test_flows_run_level_or_upright_and_through_no_other_shape(path: Path) -> None:
    drawn = diagram(path)
    ends = {node.get("id"): (node.get("sourceRef"), node.get("targetRef")) for _, node in tags(path)}
    for edge in drawn.edges:
        if edge.kind != "sequenceFlow":
            continue
        for start, end in itertools.pairwise(edge.waypoints):
            assert start.x == end.x or start.y == end.y, edge.id
            line = Bounds(
                min(start.x, end.x) + 1, min(start.y, end.y) + 1, abs(end.x - start.x) - 2, abs(end.y - start.y) - 2
            )
            for node in drawn.nodes:
                if node.kind in (*CONTAINERS, "textAnnotation") or node.id in ends[edge.id]:
                    continue
                box = Bounds(node.bounds.x + 2, node.bounds.y + 2, node.bounds.width - 4, node.bounds.height - 4)
                crossed = overlap(box, Bounds(line.x, line.y, max(line.width, 1), max(line.height, 1)))
                assert not crossed, f"{edge.id} runs through {node.id}"


@every_file
def test_flows_begin_and_end_on_the_border_of_their_shapes(path: Path) -> None:
    drawn = diagram(path)
    boxes = {node.id: node.bounds for node in drawn.nodes}
    ends = {node.get("id"): (node.get("sourceRef"), node.get("targetRef")) for _, node in tags(path)}
    for edge in drawn.edges:
        for point, element_id in zip((edge.waypoints[0], edge.waypoints[-1]), ends[edge.id], strict=True):
            if edge.kind != "sequenceFlow":
                continue
            box = boxes[element_id or ""]
            on_side = point.x in (box.x, box.right) and box.y <= point.y <= box.bottom
            on_top = point.y in (box.y, box.bottom) and box.x <= point.x <= box.right
            assert on_side or on_top, f"{edge.id} does not touch {element_id}"


@every_file
def test_each_stage_has_a_reminder_and_an_escalation_that_leave_the_task_open(path: Path) -> None:
    timers = {
        node.get("id"): node
        for kind, node in tags(path)
        if kind == "boundaryEvent" and node.find(BPMN + "timerEventDefinition") is not None
    }
    told: dict[str, str] = {}
    flows = {node.get("sourceRef"): node.get("targetRef") for kind, node in tags(path) if kind == "sequenceFlow"}
    jobs = {node.get("id"): node for kind, node in tags(path) if kind == "serviceTask"}
    for timer_id, node in timers.items():
        job = jobs.get(flows.get(timer_id))
        if node.get("cancelActivity") == "false" and job is not None:
            inputs = {item.get("name"): item.text or "" for item in job.iter(CAMUNDA + "inputParameter")}
            told[timer_id or ""] = inputs["recipient"]
    assert any("supervisor" in recipient for recipient in told.values()), "nobody is escalated to"
    assert any("supervisor" not in recipient for recipient in told.values()), "nobody is reminded"


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
