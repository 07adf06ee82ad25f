"""Puts a diagram together: back to front, with what is to be highlighted in its colours."""

import re
from collections.abc import Iterable, Mapping

from lxml import etree

from engine.diagram.canvas import FONTS, INK, PAPER, SVG, Canvas, Pen, number
from engine.diagram.edges import draw_edge, draw_edge_label
from engine.diagram.errors import HighlightUnknownError
from engine.diagram.model import Bounds, Diagram, Node
from engine.diagram.nodes import LABEL_FONT, LABEL_WIDTH, draw_label, draw_node, has_outside_label
from engine.diagram.read import read_diagram
from engine.diagram.text import width, wrap

MARGIN = 16.0

HIGHLIGHTS: Mapping[str, tuple[str, str]] = {
    "passed": ("#1b7f4b", "#e6f5ec"),
    "current": ("#1d5fbf", "#e3eefc"),
    "failed": ("#c0272d", "#fdeaea"),
    "missed": ("#9aa5b1", "#f5f7fa"),
}
"""Name of a highlight -> line colour and filling."""

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_CONTAINERS = ("participant", "lane")


def render_svg(xml: bytes, *, highlight: Mapping[str, str] | None = None, plane: str | None = None) -> str:
    """Return a BPMN file as an SVG document.

    `highlight` maps element ids to a name of `HIGHLIGHTS` or a line colour `#rrggbb`; ids that the diagram does not
    show are ignored. `plane` is the id of a collapsed sub-process that has a diagram of its own. Raises
    DiagramUnreadableError, DiagramMissingError and HighlightUnknownError.
    """
    styles = {element_id: _style(style) for element_id, style in (highlight or {}).items()}
    diagram = read_diagram(xml, plane)
    frame = _frame(diagram)
    root = etree.Element(
        "{" + SVG + "}svg",
        {
            "viewBox": " ".join(number(value) for value in (frame.x, frame.y, frame.width, frame.height)),
            "width": number(frame.width),
            "height": number(frame.height),
            "font-family": FONTS,
            "role": "img",
        },
        nsmap={None: SVG},  # type: ignore[dict-item]  # the default namespace has no prefix
    )
    canvas = Canvas(root)
    canvas.title(diagram.title)
    _arrows(
        root, {INK, *(edge.stroke for edge in diagram.edges if edge.stroke), *(stroke for stroke, _ in styles.values())}
    )
    canvas.rectangle(frame, Pen("none", PAPER, 0))
    _draw(canvas, diagram, styles)
    return etree.tostring(root, encoding="unicode", pretty_print=True)


def _style(style: str) -> tuple[str, str]:
    if style in HIGHLIGHTS:
        return HIGHLIGHTS[style]
    if _COLOUR.fullmatch(style):
        return style, PAPER
    raise HighlightUnknownError(style=style, known=", ".join(HIGHLIGHTS))


def _draw(canvas: Canvas, diagram: Diagram, styles: Mapping[str, tuple[str, str]]) -> None:
    layers: dict[str, list[Node]] = {"back": [], "group": [], "shape": [], "boundary": []}
    for node in diagram.nodes:
        layers[_layer(node)].append(node)
    _nodes(canvas, sorted(layers["back"], key=lambda node: -node.bounds.width * node.bounds.height), styles)
    _nodes(canvas, layers["group"], styles)
    for edge in diagram.edges:
        stroke = styles[edge.id][0] if edge.id in styles else edge.stroke or INK
        group = canvas.group(**{"class": f"edge {edge.kind}", "data-element-id": edge.id})
        draw_edge(group, edge, Pen(stroke, "none", 2.4 if edge.id in styles else 1.5), _arrow_id(stroke))
    _nodes(canvas, layers["shape"], styles)
    _nodes(canvas, layers["boundary"], styles)
    for node in diagram.nodes:
        if has_outside_label(node):
            draw_label(canvas, node, styles[node.id][0] if node.id in styles else INK)
    for edge in diagram.edges:
        draw_edge_label(canvas, edge, styles[edge.id][0] if edge.id in styles else INK)


def _layer(node: Node) -> str:
    if node.kind in _CONTAINERS or node.is_expanded:
        return "back"
    return {"group": "group", "boundaryEvent": "boundary"}.get(node.kind, "shape")


def _nodes(canvas: Canvas, nodes: Iterable[Node], styles: Mapping[str, tuple[str, str]]) -> None:
    for node in nodes:
        if node.id in styles:
            pen = Pen(*styles[node.id], 2.4)
        else:
            pen = Pen(node.stroke or INK, node.fill or PAPER)
        group = canvas.group(**{"class": f"node {node.kind}", "data-element-id": node.id})
        if node.name and node.kind not in _CONTAINERS:
            group.title(node.name)
        draw_node(group, node, pen)


def _arrow_id(colour: str) -> str:
    return "arrow-" + colour.removeprefix("#").lower()


def _arrows(root: etree._Element, colours: set[str]) -> None:
    """Define one arrow head per colour: a marker does not take its line's colour in every viewer."""
    definitions = etree.SubElement(root, "{" + SVG + "}defs")
    for colour in sorted(colours):
        for suffix, fill in (("", colour), ("-open", PAPER)):
            marker = etree.SubElement(
                definitions,
                "{" + SVG + "}marker",
                {
                    "id": _arrow_id(colour) + suffix,
                    "viewBox": "0 0 12 10",
                    "refX": "11",
                    "refY": "5",
                    "markerWidth": "12",
                    "markerHeight": "10",
                    "markerUnits": "userSpaceOnUse",
                    "orient": "auto",
                },
            )
            Canvas(marker).path("M0.5,0.8 L11,5 L0.5,9.2 z", Pen(colour, fill, 1))


def _frame(diagram: Diagram) -> Bounds:
    """Return the rectangle that holds every shape, waypoint and label, with a margin."""
    boxes = [node.bounds for node in diagram.nodes]
    boxes += [node.label for node in diagram.nodes if node.label is not None]
    boxes += [edge.label for edge in diagram.edges if edge.label is not None]
    boxes += [Bounds(point.x, point.y, 0, 0) for edge in diagram.edges for point in edge.waypoints]
    boxes += [
        _label_below(node) for node in diagram.nodes if has_outside_label(node) and node.name and node.label is None
    ]
    left, top = min(box.x for box in boxes), min(box.y for box in boxes)
    right, bottom = max(box.right for box in boxes), max(box.bottom for box in boxes)
    return Bounds(left - MARGIN, top - MARGIN, right - left + 2 * MARGIN, bottom - top + 2 * MARGIN)


def _label_below(node: Node) -> Bounds:
    lines = wrap(node.name, LABEL_WIDTH / LABEL_FONT)
    across = max(width(line) for line in lines) * LABEL_FONT
    return Bounds(node.bounds.centre.x - across / 2, node.bounds.bottom + 6, across, len(lines) * LABEL_FONT * 1.28)
