"""What must hold of every drawing: nothing overlaps, flows are straight, touch their ends and pass through no shape."""

import itertools
from collections.abc import Iterator

from lxml import etree

from engine.diagram.model import Bounds, Diagram, Edge, Node
from engine.diagram.read import read_diagram

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
CONTAINERS = ("participant", "lane", "subProcess")


def overlap(a: Bounds, b: Bounds) -> bool:
    """Return whether two rectangles share more than a border."""
    return a.x < b.right and b.x < a.right and a.y < b.bottom and b.y < a.bottom


def overlaps(content: bytes) -> list[str]:
    """Return a sentence for every shape or label that lies over another one."""
    drawn = read_diagram(content)
    solid = [node for node in drawn.nodes if node.kind not in CONTAINERS]
    found = []
    for a, b in itertools.combinations(solid, 2):
        if "boundaryEvent" in (a.kind, b.kind) and overlap(a.bounds, b.bounds):
            continue  # it sits on its host
        for (name_a, box_a), (name_b, box_b) in itertools.product(_boxes(a), _boxes(b)):
            if overlap(box_a, box_b):
                found.append(f"{name_a} lies over {name_b}")
    return found


def crooked_flows(content: bytes) -> list[str]:
    """Return a sentence for every sequence flow that is slanted, misses its ends, or runs through a shape."""
    drawn, ends = read_diagram(content), _ends(content)
    return [
        problem
        for edge in drawn.edges
        if edge.kind == "sequenceFlow"
        for problem in _problems(drawn, edge, ends[edge.id])
    ]


def _problems(drawn: Diagram, edge: Edge, ends: tuple[str, str]) -> Iterator[str]:
    boxes = {node.id: node.bounds for node in drawn.nodes}
    for point, element_id in zip((edge.waypoints[0], edge.waypoints[-1]), ends, strict=True):
        box = boxes[element_id]
        on_side = point.x in (box.x, box.right) and box.y <= point.y <= box.bottom
        on_top = point.y in (box.y, box.bottom) and box.x <= point.x <= box.right
        if not (on_side or on_top):
            yield f"{edge.id} does not touch {element_id}"
    for start, end in itertools.pairwise(edge.waypoints):
        if start.x != end.x and start.y != end.y:
            yield f"{edge.id} is slanted"
        line = Bounds(
            min(start.x, end.x) + 1, min(start.y, end.y) + 1, abs(end.x - start.x) - 2, abs(end.y - start.y) - 2
        )
        for node in drawn.nodes:
            if node.kind in (*CONTAINERS, "textAnnotation") or node.id in ends:
                continue
            box = Bounds(node.bounds.x + 2, node.bounds.y + 2, node.bounds.width - 4, node.bounds.height - 4)
            if overlap(box, Bounds(line.x, line.y, max(line.width, 1), max(line.height, 1))):
                yield f"{edge.id} runs through {node.id}"


def _boxes(node: Node) -> list[tuple[str, Bounds]]:
    return [(node.id, node.bounds)] + ([(node.id + " label", node.label)] if node.label is not None else [])


def _ends(content: bytes) -> dict[str, tuple[str, str]]:
    root = etree.fromstring(content)
    return {
        flow.get("id", ""): (flow.get("sourceRef", ""), flow.get("targetRef", ""))
        for flow in root.iter(BPMN + "sequenceFlow")
    }
