"""A file can be laid out anew, whatever its flows, and nothing but its drawing changes."""

import re
from itertools import combinations, product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.diagram import LayoutUnsupportedError, lay_out
from engine.diagram.read import read_diagram
from tests.drawings import CONTAINERS, crooked_flows, overlap, overlaps

ROOT = Path(__file__).parents[4]
HEAD = '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="Definitions">'
KINDS = ("userTask", "serviceTask", "exclusiveGateway", "endEvent", "callActivity")
NAMES = st.sampled_from(["", "是", "核对", "双方是否同意延期？", "制作并送达不予受理通知书"])


def without_drawing(content: bytes) -> bytes:
    return re.sub(rb"\s*<bpmndi:BPMNDiagram.*</bpmndi:BPMNDiagram>\s*", b"\n", content, flags=re.DOTALL)


@st.composite
def models(draw: st.DrawFn) -> bytes:
    count = draw(st.integers(2, 14))
    kinds = [draw(st.sampled_from(KINDS)) for _ in range(count)]
    lane_count = draw(st.integers(0, 3))
    parts = ['<bpmn:startEvent id="Event_start" />']
    lane_of = {"Event_start": draw(st.integers(0, max(0, lane_count - 1)))}
    for index, kind in enumerate(kinds):
        parts.append(f'<bpmn:{kind} id="N{index}" name="{draw(NAMES)}" />')
        lane_of[f"N{index}"] = draw(st.integers(0, max(0, lane_count - 1)))
    flows = {("Event_start", "N0")}
    for index, kind in enumerate(kinds):
        if kind != "endEvent":
            for _ in range(draw(st.integers(1, 3 if kind == "exclusiveGateway" else 1))):
                flows.add((f"N{index}", f"N{draw(st.integers(0, count - 1))}"))
        if kind in ("userTask", "callActivity"):
            for event in range(draw(st.integers(0, 3))):
                key = f"B{index}_{event}"
                parts.append(f'<bpmn:boundaryEvent id="{key}" name="{draw(NAMES)}" attachedToRef="N{index}" />')
                flows.add((key, f"N{draw(st.integers(0, count - 1))}"))
    for number, (source, target) in enumerate(sorted(flows)):
        name = draw(NAMES)
        parts.append(f'<bpmn:sequenceFlow id="F{number}" name="{name}" sourceRef="{source}" targetRef="{target}" />')
    lanes = "".join(
        f'<bpmn:lane id="L{lane}" name="角色">'
        + "".join(f"<bpmn:flowNodeRef>{key}</bpmn:flowNodeRef>" for key, its in lane_of.items() if its == lane)
        + "</bpmn:lane>"
        for lane in range(lane_count)
    )
    lane_set = f'<bpmn:laneSet id="LS">{lanes}</bpmn:laneSet>' if lane_count else ""
    return f'{HEAD}<bpmn:process id="p">{lane_set}{"".join(parts)}</bpmn:process></bpmn:definitions>'.encode()


@given(models())
def test_any_flow_between_any_elements_is_drawn_without_touching_others(content: bytes) -> None:
    drawn = lay_out(content)
    assert overlaps(drawn) == []
    assert crooked_flows(drawn) == []
    assert {node.id for node in read_diagram(drawn).nodes} >= set(
        re.findall(r'<bpmn:(?!lane|seq|proc|def)\w+ id="([^"]+)"', content.decode())
    ) - {"LS"}


@pytest.mark.parametrize("path", sorted((ROOT / "processes").rglob("*.bpmn")), ids=lambda path: path.stem)
def test_shipped_process_laid_out_anew_keeps_everything_but_its_drawing(path: Path) -> None:
    before = path.read_bytes()
    after = lay_out(before)
    assert without_drawing(after).split() == without_drawing(before).split()
    assert lay_out(after) == after
    assert (overlaps(after), crooked_flows(after)) == ([], [])
    assert {node.id for node in read_diagram(after).nodes} == {node.id for node in read_diagram(before).nodes}


def test_the_names_of_the_exits_of_a_gateway_can_each_be_read() -> None:
    names = ("受理", "要求补充材料", "不予受理", "另行通知到场", "重新提交")
    targets = ("a", "b", "c", "d", "e")
    parts = [
        '<bpmn:startEvent id="s" />',
        '<bpmn:exclusiveGateway id="g" name="法院的决定？" />',
        *(f'<bpmn:userTask id="{each}" name="登记" />' for each in targets),
        '<bpmn:sequenceFlow id="f" sourceRef="s" targetRef="a" /><bpmn:sequenceFlow id="h" sourceRef="a" targetRef="g" />',
        *(
            f'<bpmn:sequenceFlow id="x{target}" name="{name}" sourceRef="g" targetRef="{target}" />'
            for name, target in zip(names, targets, strict=True)
        ),
    ]
    drawn = read_diagram(
        lay_out(f'{HEAD}<bpmn:process id="p">{"".join(parts)}</bpmn:process></bpmn:definitions>'.encode())
    )
    labels = [edge.label for edge in drawn.edges if edge.label is not None]
    shapes = [node.bounds for node in drawn.nodes if node.kind not in CONTAINERS]
    assert len(labels) == len(names)
    assert [(a, b) for a, b in combinations(labels, 2) if overlap(a, b)] == []
    assert [(a, b) for a, b in product(labels, shapes) if overlap(a, b)] == []


def test_several_pools_are_refused_with_a_sentence() -> None:
    two = f'{HEAD}<bpmn:process id="a" /><bpmn:process id="b" /></bpmn:definitions>'.encode()
    with pytest.raises(LayoutUnsupportedError, match="one process"):
        lay_out(two)
