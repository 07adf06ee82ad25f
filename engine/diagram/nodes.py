"""Draws the shapes of a diagram: pools, lanes, activities, events, gateways, data and annotations."""

from engine.diagram.canvas import HEADER, INK, LINE_HEIGHT, Canvas, Pen
from engine.diagram.icons import activity_marker, event_icon, gateway_icon, task_icon
from engine.diagram.model import Bounds, Node, Point
from engine.diagram.text import is_ideographic, width, wrap

TASK_FONT = 12.0
LABEL_FONT = 11.0
POOL_FONT = 13.0
HEADER_WIDTH = 30.0
LABEL_WIDTH = 90.0

_DASH = "5 3"


def draw_node(canvas: Canvas, node: Node, pen: Pen) -> None:
    """Draw a shape, without the label that events, gateways and data carry outside."""
    if node.kind in ("participant", "lane"):
        _container(canvas, node, pen)
    elif node.kind.endswith("Event"):
        _event(canvas, node, pen)
    elif node.kind.endswith("Gateway"):
        _gateway(canvas, node, pen)
    elif node.kind == "textAnnotation":
        _annotation(canvas, node, pen)
    elif node.kind == "group":
        canvas.rectangle(node.bounds, Pen(pen.stroke, "none", 1.4), radius=10, dash="8 4 1 4")
    elif node.kind in ("dataObjectReference", "dataObject", "dataInput", "dataOutput"):
        _data_object(canvas, node.bounds, pen)
    elif node.kind == "dataStoreReference":
        _data_store(canvas, node.bounds, pen)
    else:
        _activity(canvas, node, pen)


def has_outside_label(node: Node) -> bool:
    """Return whether the name stands beside the shape rather than in it."""
    return node.kind.endswith(("Event", "Gateway")) or node.kind.startswith("data") or node.kind == "group"


def draw_label(canvas: Canvas, node: Node, colour: str = INK) -> None:
    """Write the name beside the shape: where the interchange says, else centred below."""
    if not node.name:
        return
    if node.label is not None and node.label.width > 0:
        lines = wrap(node.name, max(node.label.width, LABEL_WIDTH) / LABEL_FONT)
        canvas.lines(lines, node.label.centre, LABEL_FONT, colour=colour, halo=True)
        return
    lines = wrap(node.name, LABEL_WIDTH / LABEL_FONT)
    middle = node.bounds.bottom + 6 + LABEL_FONT * LINE_HEIGHT * len(lines) / 2
    canvas.lines(lines, Point(node.bounds.centre.x, middle), LABEL_FONT, colour=colour, halo=True)


def _container(canvas: Canvas, node: Node, pen: Pen) -> None:
    box = node.bounds
    is_pool = node.kind == "participant"
    canvas.rectangle(box, Pen(pen.stroke, pen.fill, 1.6 if is_pool else 1.0))
    if node.is_horizontal:
        header = Bounds(box.x, box.y, min(HEADER_WIDTH, box.width), box.height)
    else:
        header = Bounds(box.x, box.y, box.width, min(HEADER_WIDTH, box.height))
    canvas.rectangle(header, Pen(pen.stroke, HEADER if is_pool else pen.fill, 1.6 if is_pool else 1.0))
    if not node.name:
        return
    if not node.is_horizontal:
        canvas.lines(wrap(node.name, header.width / POOL_FONT), header.centre, POOL_FONT)
    elif is_ideographic(node.name) and len(node.name) * POOL_FONT * 1.2 <= box.height - 8:
        canvas.lines(list(node.name), header.centre, POOL_FONT)
    else:
        place = f"rotate(-90 {header.centre.x:g} {header.centre.y:g})"
        size = POOL_FONT if width(node.name) * POOL_FONT <= box.height - 8 else LABEL_FONT
        canvas.group(transform=place).lines(wrap(node.name, (box.height - 8) / size), header.centre, size)


def _activity(canvas: Canvas, node: Node, pen: Pen) -> None:
    box = node.bounds
    weight = 4.0 if node.kind == "callActivity" else pen.weight
    dash = "2 4" if node.is_event_sub_process else None
    canvas.rectangle(box, Pen(pen.stroke, pen.fill, weight), radius=10, dash=dash)
    if node.kind == "transaction":
        inner = Bounds(box.x + 3, box.y + 3, box.width - 6, box.height - 6)
        canvas.rectangle(inner, Pen(pen.stroke, "none", 1.0), radius=8)
    icon = task_icon(node.kind)
    canvas.icon(icon, Point(box.x + 15, box.y + 15), 0.9, pen)
    _markers(canvas, node, pen)
    if not node.name:
        return
    if node.is_expanded:
        canvas.lines([node.name], Point(box.centre.x, box.y + 16), TASK_FONT)
        return
    _inside(canvas, node, has_icon=bool(icon))


def _inside(canvas: Canvas, node: Node, *, has_icon: bool) -> None:
    """Write a name into an activity, smaller when it would not fit."""
    box = node.bounds
    lower = 18.0 if node.markers else 4.0
    for size in (TASK_FONT, 11.0, 10.0, 9.0):
        lines = wrap(node.name, (box.width - 10) / size)
        height = len(lines) * size * LINE_HEIGHT
        if height <= box.height - lower - 6:
            break
    middle = box.centre.y
    crowded = width(lines[0]) * size > box.width - 2 * 28
    if has_icon and crowded and middle - height / 2 < box.y + 27:
        middle = min(box.y + 27 + height / 2, box.bottom - lower - height / 2)
    elif node.markers and middle + height / 2 > box.bottom - lower:
        middle = box.bottom - lower - height / 2
    canvas.lines(lines, Point(box.centre.x, middle), size)


def _markers(canvas: Canvas, node: Node, pen: Pen) -> None:
    spacing = 18.0
    left = node.bounds.centre.x - spacing * (len(node.markers) - 1) / 2
    for index, marker in enumerate(node.markers):
        canvas.icon(activity_marker(marker), Point(left + spacing * index, node.bounds.bottom - 11), 1.0, pen)


def _event(canvas: Canvas, node: Node, pen: Pen) -> None:
    centre, radius = node.bounds.centre, min(node.bounds.width, node.bounds.height) / 2
    dash = None if node.is_interrupting else _DASH
    weight = 3.6 if node.kind == "endEvent" else 1.6
    canvas.circle(centre, radius, Pen(pen.stroke, pen.fill, weight), dash)
    if node.kind.startswith("intermediate") or node.kind == "boundaryEvent":
        canvas.circle(centre, radius - 3.2, Pen(pen.stroke, "none", 1.4), dash)
    if node.event is not None:
        is_throwing = node.kind in ("endEvent", "intermediateThrowEvent")
        canvas.icon(event_icon(node.event, is_throwing=is_throwing), centre, radius / 18, pen)


def _gateway(canvas: Canvas, node: Node, pen: Pen) -> None:
    box = node.bounds
    middle = box.centre
    canvas.path(
        f"M{middle.x:g},{box.y:g} L{box.right:g},{middle.y:g} L{middle.x:g},{box.bottom:g} L{box.x:g},{middle.y:g} z",
        pen,
    )
    canvas.icon(gateway_icon(node.kind), middle, min(box.width, box.height) / 50, pen)


def _annotation(canvas: Canvas, node: Node, pen: Pen) -> None:
    box = node.bounds
    canvas.path(f"M{box.x + 10:g},{box.y:g} H{box.x:g} V{box.bottom:g} H{box.x + 10:g}", Pen(pen.stroke, "none", 1.2))
    lines = wrap(node.name, (box.width - 14) / LABEL_FONT)
    canvas.lines(lines, Point(box.x + 8, box.centre.y), LABEL_FONT, anchor="start")


def _data_object(canvas: Canvas, box: Bounds, pen: Pen) -> None:
    fold = min(box.width, box.height) * 0.3
    canvas.path(
        f"M{box.x:g},{box.y:g} H{box.right - fold:g} L{box.right:g},{box.y + fold:g} V{box.bottom:g} H{box.x:g} z "
        f"M{box.right - fold:g},{box.y:g} V{box.y + fold:g} H{box.right:g}",
        pen,
    )


def _data_store(canvas: Canvas, box: Bounds, pen: Pen) -> None:
    half, lid = box.width / 2, box.height * 0.14
    arc = f"a{half:g},{lid:g} 0 0,0 {box.width:g},0"
    canvas.path(
        f"M{box.x:g},{box.y + lid:g} V{box.bottom - lid:g} {arc} V{box.y + lid:g} "
        f"a{half:g},{lid:g} 0 0,0 {-box.width:g},0 {arc} M{box.x:g},{box.y + lid * 2:g} {arc}",
        pen,
    )
