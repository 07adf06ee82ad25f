"""Writes a layout as BPMN diagram interchange (BPMN 2.0.2, chapter 12)."""

from collections.abc import Iterator, Sequence
from xml.sax.saxutils import quoteattr

from lxml import etree

from engine.diagram.items import Level, move
from engine.diagram.model import Bounds, Point
from engine.diagram.read import BPMNDI, DC, DI

HEADER = 30.0
ORIGIN = Point(160, 80)


def interchange(level: Level, process: etree._Element, participants: Sequence[etree._Element]) -> Iterator[str]:
    """Yield the parts of a BPMNDiagram element for a level that is the content of `process`, with its pool and lanes."""
    header = HEADER if participants else 0.0
    lane_header = HEADER if level.lanes else 0.0
    left = ORIGIN.x + header + lane_header
    move(level, left, ORIGIN.y)
    drawn = participants[0].getparent() if participants else process
    assert drawn is not None
    key = process.get("id", "process")
    yield (
        f'  <bpmndi:BPMNDiagram xmlns:bpmndi="{BPMNDI}" xmlns:dc="{DC}" xmlns:di="{DI}" id={quoteattr("BPMNDiagram_" + key)}>\n'
    )
    yield f"    <bpmndi:BPMNPlane id={quoteattr('BPMNPlane_' + key)} bpmnElement={quoteattr(drawn.get('id', ''))}>\n"
    width_all, height_all = level.size
    if participants:
        box = Bounds(ORIGIN.x, ORIGIN.y, width_all + header + lane_header, height_all)
        yield _shape(participants[0], box, ' isHorizontal="true"')
    for lane, (top, height) in zip(level.lanes, level.lane_bounds, strict=False):
        box = Bounds(ORIGIN.x + header, ORIGIN.y + top, width_all + lane_header, height)
        yield _shape(lane, box, ' isHorizontal="true"')
    yield from _contents(level)
    yield "    </bpmndi:BPMNPlane>\n  </bpmndi:BPMNDiagram>\n"


def _contents(level: Level) -> Iterator[str]:
    for item in level.items.values():
        extra = ' isMarkerVisible="true"' if item.kind == "exclusiveGateway" else ""
        extra += ' isExpanded="true"' if item.inner is not None else ""
        yield _shape(item.element, item.bounds, extra, item.label_bounds)
        if item.inner is not None:
            yield from _contents(item.inner)
    for flow in level.flows:
        yield f"      <bpmndi:BPMNEdge id={quoteattr(flow.element.get('id', '') + '_di')} bpmnElement={quoteattr(flow.element.get('id', ''))}>\n"
        for point in flow.points:
            yield f'        <di:waypoint x="{point.x:g}" y="{point.y:g}" />\n'
        yield _label(flow.label)
        yield "      </bpmndi:BPMNEdge>\n"


def _shape(element: etree._Element, box: Bounds, extra: str = "", label: Bounds | None = None) -> str:
    key = element.get("id", "")
    return (
        f"      <bpmndi:BPMNShape id={quoteattr(key + '_di')} bpmnElement={quoteattr(key)}{extra}>\n"
        f"        {_bounds(box)}\n{_label(label)}      </bpmndi:BPMNShape>\n"
    )


def _label(box: Bounds | None) -> str:
    if box is None:
        return ""
    return f"        <bpmndi:BPMNLabel>\n          {_bounds(box)}\n        </bpmndi:BPMNLabel>\n"


def _bounds(box: Bounds) -> str:
    numbers = (round(value, 1) for value in (box.x, box.y, box.width, box.height))
    return '<dc:Bounds x="{:g}" y="{:g}" width="{:g}" height="{:g}" />'.format(*numbers)
