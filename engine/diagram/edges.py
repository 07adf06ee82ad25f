"""Draws the connections of a diagram: arrows with rounded corners, default slash, conditional diamond and label."""

import itertools
import math

from engine.diagram.canvas import INK, Canvas, Pen
from engine.diagram.model import Edge, Point
from engine.diagram.nodes import LABEL_FONT, LABEL_WIDTH
from engine.diagram.text import width, wrap

CORNER = 6.0

_DASHES = {"messageFlow": "8 5", "association": "1 4", "dataInputAssociation": "1 4", "dataOutputAssociation": "1 4"}


def draw_edge(canvas: Canvas, edge: Edge, pen: Pen, arrow: str) -> None:
    """Draw a connection; `arrow` is the id of the arrow head in the pen's colour."""
    ends: dict[str, str] = {}
    if edge.kind == "sequenceFlow" or edge.kind.startswith("data"):
        ends["marker-end"] = f"url(#{arrow})"
    elif edge.kind == "messageFlow":
        ends["marker-end"] = f"url(#{arrow}-open)"
    canvas.path(_rounded(edge.waypoints), Pen(pen.stroke, "none", pen.weight), _DASHES.get(edge.kind), **ends)
    start, towards = edge.waypoints[0], edge.waypoints[1]
    angle = math.degrees(math.atan2(towards.y - start.y, towards.x - start.x))
    place = f"translate({start.x:g} {start.y:g}) rotate({angle:g})"
    if edge.is_default:
        canvas.path("M8,-5 L13,5", Pen(pen.stroke, "none", 1.6), transform=place)
    elif edge.is_conditional:
        canvas.path("M0,0 L8,-5 L16,0 L8,5 z", Pen(pen.stroke, "#ffffff", 1.3), transform=place)


def draw_edge_label(canvas: Canvas, edge: Edge, colour: str = INK) -> None:
    """Write the name of a connection: where the interchange says, else at the middle of its path."""
    if not edge.name:
        return
    if edge.label is not None and edge.label.width > 0:
        lines = wrap(edge.name, max(edge.label.width, LABEL_WIDTH) / LABEL_FONT)
        canvas.lines(lines, edge.label.centre, LABEL_FONT, colour=colour, halo=True)
        return
    lines = wrap(edge.name, LABEL_WIDTH / LABEL_FONT)
    middle, is_level = midpoint(edge.waypoints)
    if is_level:
        centre = Point(middle.x, middle.y - 10 * len(lines))
    else:
        centre = Point(middle.x + 6 + max(width(line) for line in lines) * LABEL_FONT / 2, middle.y)
    canvas.lines(lines, centre, LABEL_FONT, colour=colour, halo=True)


def midpoint(points: tuple[Point, ...]) -> tuple[Point, bool]:
    """Return the point half way along a path, and whether the path is level there."""
    lengths = [math.dist(a, b) for a, b in itertools.pairwise(points)]
    remaining = sum(lengths) / 2
    for (a, b), length in zip(itertools.pairwise(points), lengths, strict=True):
        if remaining <= length and length > 0:
            share = remaining / length
            return Point(a.x + (b.x - a.x) * share, a.y + (b.y - a.y) * share), abs(b.x - a.x) >= abs(b.y - a.y)
        remaining -= length
    return points[0], True


def _rounded(points: tuple[Point, ...]) -> str:
    """Return the path through `points` with its corners rounded."""
    data = f"M{points[0].x:g},{points[0].y:g}"
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        radius = min(CORNER, math.dist(before, corner) / 2, math.dist(corner, after) / 2)
        enter, leave = _towards(corner, before, radius), _towards(corner, after, radius)
        data += f" L{enter.x:.2f},{enter.y:.2f} Q{corner.x:g},{corner.y:g} {leave.x:.2f},{leave.y:.2f}"
    return data + f" L{points[-1].x:g},{points[-1].y:g}"


def _towards(start: Point, end: Point, length: float) -> Point:
    distance = math.dist(start, end)
    if distance == 0:
        return start
    share = length / distance
    return Point(start.x + (end.x - start.x) * share, start.y + (end.y - start.y) * share)
