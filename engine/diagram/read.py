"""Reads the diagram interchange of a BPMN file together with what its elements are."""

import math
import re
from collections.abc import Iterator

from lxml import etree

from engine.bpmn.xml import BPMN, tag
from engine.diagram.errors import DiagramMissingError, DiagramUnreadableError
from engine.diagram.model import ActivityMarker, Bounds, Diagram, Edge, EventMarker, Node, Point
from engine.hostile_xml import read_xml

BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DI = "http://www.omg.org/spec/DD/20100524/DI"
BIOC = "http://bpmn.io/schema/bpmn/biocolor/1.0"
COLOR = "http://www.omg.org/spec/BPMN/non-normative/color/1.0"
NS = {"bpmn": BPMN, "bpmndi": BPMNDI, "dc": DC, "di": DI}

FARTHEST = 1_000_000.0
"""Coordinates beyond this are refused: no drawing is a kilometre wide."""

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_EVENT_MARKERS: dict[str, EventMarker] = {
    "timerEventDefinition": "timer",
    "messageEventDefinition": "message",
    "errorEventDefinition": "error",
    "escalationEventDefinition": "escalation",
    "conditionalEventDefinition": "conditional",
    "signalEventDefinition": "signal",
    "terminateEventDefinition": "terminate",
    "linkEventDefinition": "link",
    "compensateEventDefinition": "compensate",
    "cancelEventDefinition": "cancel",
}


def read_diagram(content: bytes, plane: str | None = None) -> Diagram:
    """Return the diagram of a BPMN file: the plane of the element `plane`, else the first one.

    Raises DiagramUnreadableError for XML that may not be read, DiagramMissingError when there is nothing to draw.
    """
    root, findings = read_xml("diagram", content)
    if root is None:
        raise DiagramUnreadableError(zh=findings[0].zh, en=findings[0].en)
    found = next(
        (
            item
            for item in root.iterfind("bpmndi:BPMNDiagram/bpmndi:BPMNPlane", NS)
            if plane in (None, item.get("bpmnElement"))
        ),
        None,
    )
    if found is None:
        raise DiagramMissingError()
    elements = {node.get("id"): node for node in root.iter("{" + BPMN + "}*") if node.get("id")}
    nodes = tuple(_nodes(found, elements))
    edges = tuple(_edges(found, elements))
    if not nodes:
        raise DiagramMissingError()
    return Diagram(_title(root, found, elements), nodes, edges)


_Elements = dict[str | None, etree._Element]


def _title(root: etree._Element, plane: etree._Element, elements: _Elements) -> str:
    drawn = elements.get(plane.get("bpmnElement"))
    names = [drawn.get("name") if drawn is not None else None]
    names += [item.get("name") for item in root.iterfind("bpmn:process", NS)]
    return next((name for name in names if name), "BPMN")


def _nodes(plane: etree._Element, elements: _Elements) -> Iterator[Node]:
    for shape in plane.iterfind("bpmndi:BPMNShape", NS):
        element = elements.get(shape.get("bpmnElement"))
        bounds = _bounds(shape.find("dc:Bounds", NS))
        if element is None or bounds is None:
            continue
        kind = tag(element)
        yield Node(
            id=element.get("id", ""),
            kind=kind,
            name=_name(element),
            bounds=bounds,
            label=_bounds(shape.find("bpmndi:BPMNLabel/dc:Bounds", NS)),
            is_horizontal=shape.get("isHorizontal", "true") != "false",
            is_expanded=kind in ("subProcess", "transaction", "adHocSubProcess") and shape.get("isExpanded") != "false",
            is_interrupting=element.get("cancelActivity" if kind == "boundaryEvent" else "isInterrupting") != "false",
            is_event_sub_process=element.get("triggeredByEvent") == "true",
            event=_event_marker(element),
            markers=tuple(_markers(element, shape)),
            stroke=_colour(shape, "border-color", "stroke"),
            fill=_colour(shape, "background-color", "fill"),
        )


def _edges(plane: etree._Element, elements: _Elements) -> Iterator[Edge]:
    for shape in plane.iterfind("bpmndi:BPMNEdge", NS):
        element = elements.get(shape.get("bpmnElement"))
        points = tuple(_point(item) for item in shape.iterfind("di:waypoint", NS))
        if element is None or len(points) < 2:
            continue
        source = elements.get(element.get("sourceRef"))
        is_from_activity = source is not None and not tag(source).endswith(("Gateway", "Event"))
        yield Edge(
            id=element.get("id", ""),
            kind=tag(element),
            name=_name(element),
            waypoints=points,
            label=_bounds(shape.find("bpmndi:BPMNLabel/dc:Bounds", NS)),
            is_default=source is not None and source.get("default") == element.get("id"),
            is_conditional=is_from_activity and element.find("bpmn:conditionExpression", NS) is not None,
            stroke=_colour(shape, "border-color", "stroke"),
        )


def _name(element: etree._Element) -> str:
    if tag(element) == "textAnnotation":
        text = element.find("bpmn:text", NS)
        return (text.text or "").strip() if text is not None else ""
    return element.get("name", "").strip()


def _event_marker(element: etree._Element) -> EventMarker | None:
    if not tag(element).endswith("Event"):
        return None
    found = [_EVENT_MARKERS[tag(child)] for child in element if tag(child) in _EVENT_MARKERS]
    if len(found) > 1:
        return "parallel-multiple" if element.get("parallelMultiple") == "true" else "multiple"
    return found[0] if found else None


def _markers(element: etree._Element, shape: etree._Element) -> Iterator[ActivityMarker]:
    kind = tag(element)
    loop = element.find("bpmn:multiInstanceLoopCharacteristics", NS)
    if loop is not None:
        yield "sequential-items" if loop.get("isSequential") == "true" else "parallel-items"
    elif element.find("bpmn:standardLoopCharacteristics", NS) is not None:
        yield "loop"
    if element.get("isForCompensation") == "true":
        yield "compensation"
    if kind == "adHocSubProcess":
        yield "ad-hoc"
    is_container = kind in ("subProcess", "transaction", "adHocSubProcess")
    if kind == "callActivity" or (is_container and shape.get("isExpanded") == "false"):
        yield "collapsed"


def _colour(shape: etree._Element, standard: str, older: str) -> str | None:
    value = shape.get("{" + COLOR + "}" + standard) or shape.get("{" + BIOC + "}" + older)
    return value if value and _COLOUR.fullmatch(value) else None


def _bounds(node: etree._Element | None) -> Bounds | None:
    if node is None:
        return None
    x, y, width, height = (_number(node, name) for name in ("x", "y", "width", "height"))
    return Bounds(x, y, max(width, 0.0), max(height, 0.0))


def _point(node: etree._Element) -> Point:
    return Point(_number(node, "x"), _number(node, "y"))


def _number(node: etree._Element, name: str) -> float:
    text = node.get(name, "")
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or abs(value) > FARTHEST:
        raise DiagramUnreadableError(
            zh=f"坐标 {name}={text!r} 不是有效数字。", en=f"the coordinate {name}={text!r} is not a usable number."
        )
    return value
