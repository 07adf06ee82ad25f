"""What is too wide for a sheet goes on in further rows."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.diagram import lay_out
from engine.diagram.model import Diagram
from engine.diagram.read import read_diagram
from tests.drawings import crooked_flows, overlaps

ROOT = Path(__file__).parents[4]
HEAD = '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="Definitions">'


def chain(count: int, more: str = "", kind: str = "userTask", flows: str = "") -> str:
    """Return the elements of a chain N0 ... and what joins them."""
    nodes = "".join(f'<bpmn:{kind} id="N{n}" name="登记第{n}项" />' for n in range(count))
    steps = "".join(f'<bpmn:sequenceFlow id="F{n}" sourceRef="N{n}" targetRef="N{n + 1}" />' for n in range(count - 1))
    return nodes + more + steps + flows


def drawn(content: str) -> bytes:
    return lay_out(f'{HEAD}<bpmn:process id="p">{content}</bpmn:process></bpmn:definitions>'.encode())


def extent(found: Diagram) -> tuple[float, float]:
    boxes = [node.bounds for node in found.nodes]
    return max(box.right for box in boxes) - min(box.x for box in boxes), max(box.bottom for box in boxes)


def test_a_long_process_without_lanes_goes_on_below() -> None:
    wide, high = extent(read_diagram(drawn(chain(40))))
    assert wide <= 2600
    assert high > 300, "forty tasks do not fit into one row"


def test_a_process_that_fits_stays_in_one_row() -> None:
    tops = {node.bounds.y for node in read_diagram(drawn(chain(12))).nodes}
    assert len(tops) == 1


def test_a_pool_with_lanes_keeps_its_columns() -> None:
    refs = "".join(f"<bpmn:flowNodeRef>N{n}</bpmn:flowNodeRef>" for n in range(40))
    lanes = f'<bpmn:laneSet id="LS"><bpmn:lane id="L" name="角色">{refs}</bpmn:lane></bpmn:laneSet>'
    tasks = [node for node in read_diagram(drawn(lanes + chain(40))).nodes if node.id.startswith("N")]
    assert len({node.bounds.y for node in tasks}) == 1


def test_a_band_ends_where_few_flows_cross() -> None:
    # from the thirteenth on each leads to the one after the next as well: no place to break
    knot = "".join(f'<bpmn:sequenceFlow id="K{n}" sourceRef="N{n}" targetRef="N{n + 2}" />' for n in range(12, 21))
    tops = {node.id: node.bounds.y for node in read_diagram(drawn(chain(24, flows=knot))).nodes}
    breaks = [n for n in range(23) if tops[f"N{n + 1}"] > tops[f"N{n}"] + 100]
    assert breaks == [11], "the break lies where the knot begins"


@given(
    st.integers(18, 45),
    st.lists(st.tuples(st.integers(0, 44), st.integers(0, 44)), max_size=12),
    st.sampled_from(["userTask", "exclusiveGateway"]),
)
def test_any_flow_between_bands_is_drawn_without_touching_others(
    count: int, pairs: list[tuple[int, int]], kind: str
) -> None:
    known = sorted({(a, b) for a, b in pairs if a < count and b < count})
    flows = "".join(
        f'<bpmn:sequenceFlow id="X{number}" name="是" sourceRef="N{a}" targetRef="N{b}" />'
        for number, (a, b) in enumerate(known)
    )
    content = drawn(chain(count, kind=kind, flows=flows))
    assert overlaps(content) == []
    assert crooked_flows(content) == []


def test_the_confirmation_fits_on_a_wide_screen() -> None:
    path = ROOT / "processes" / "judicial-confirmation" / "judicial-confirmation.bpmn"
    wide, _ = extent(read_diagram(path.read_bytes()))
    assert wide <= 2650


@pytest.mark.parametrize("path", sorted((ROOT / "processes").rglob("*.bpmn")), ids=lambda path: path.stem)
def test_no_flow_leaves_a_gateway_through_its_name(path: Path) -> None:
    found = read_diagram(path.read_bytes())
    crossed = [
        node.id
        for node in found.nodes
        if node.kind.endswith("Gateway") and node.label is not None
        for edge in found.edges
        if edge.waypoints[0].y == node.bounds.y and node.bounds.x <= edge.waypoints[0].x <= node.bounds.right
        if node.label.x < edge.waypoints[0].x < node.label.right
    ]
    assert crossed == []
