"""The small drawings inside events, tasks and gateways, as path data around an origin (BPMN 2.0.2, chapter 10)."""

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stroke:
    """One path of an icon."""

    path: str
    is_solid: bool = False
    """Whether the path is filled in the line colour."""
    is_open: bool = False
    """Whether the path is a line without any filling."""
    weight: float = 1.3


def circle(x: float, y: float, radius: float) -> str:
    """Return the path of a full circle."""
    half = f"a{radius:g},{radius:g} 0 1,0"
    return f"M{x - radius:g},{y:g} {half} {2 * radius:g},0 {half} {-2 * radius:g},0 z"


def polygon(corners: int, radius: float, turn: float = -90.0) -> str:
    """Return the path of a regular polygon around the origin; `turn` is the angle of its first corner in degrees."""
    angles = [math.radians(turn + 360 * index / corners) for index in range(corners)]
    return "M" + " L".join(f"{radius * math.cos(angle):.2f},{radius * math.sin(angle):.2f}" for angle in angles) + " z"


def gear(teeth: int, outer: float, inner: float) -> str:
    """Return the path of a cogwheel around the origin."""
    points = []
    step = 360 / teeth
    for index in range(teeth):
        for share, radius in ((-0.34, inner), (-0.2, outer), (0.2, outer), (0.34, inner)):
            angle = math.radians((index + share) * step)
            points.append(f"{radius * math.cos(angle):.2f},{radius * math.sin(angle):.2f}")
    return "M" + " L".join(points) + " z"


def clock(radius: float) -> tuple[Stroke, ...]:
    """Return a clock face around the origin."""
    ticks = []
    for index in range(12):
        angle = math.radians(30 * index)
        ticks.append(
            f"M{(radius - 2) * math.cos(angle):.2f},{(radius - 2) * math.sin(angle):.2f} "
            f"L{radius * math.cos(angle):.2f},{radius * math.sin(angle):.2f}"
        )
    hands = f"M0,{-radius * 0.72:.2f} L0,0 L{radius * 0.5:.2f},{radius * 0.12:.2f}"
    return Stroke(circle(0, 0, radius)), Stroke(" ".join(ticks), is_open=True, weight=0.9), Stroke(hands, is_open=True)


def envelope(half_width: float, half_height: float, *, is_solid: bool) -> tuple[Stroke, ...]:
    """Return a letter around the origin."""
    w, h = half_width, half_height
    body = f"M{-w:g},{-h:g} H{w:g} V{h:g} H{-w:g} z"
    flap = f"M{-w:g},{-h:g} L0,{h * 0.15:g} L{w:g},{-h:g}"
    return Stroke(body, is_solid=is_solid), Stroke(flap, is_open=True)


def sheet(half_width: float, half_height: float, lines: int) -> tuple[Stroke, ...]:
    """Return a written page around the origin."""
    w, h = half_width, half_height
    step = 2 * h / (lines + 1)
    text = " ".join(f"M{-w * 0.65:.2f},{-h + step * (index + 1):.2f} H{w * 0.65:.2f}" for index in range(lines))
    return Stroke(f"M{-w:g},{-h:g} H{w:g} V{h:g} H{-w:g} z"), Stroke(text, is_open=True)


def event_icon(marker: str, *, is_throwing: bool) -> tuple[Stroke, ...]:
    """Return what is drawn inside an event of 36 pixels, around its middle; solid when it throws."""
    if marker == "timer":
        return clock(10.5)
    if marker == "message":
        return envelope(9, 6.3, is_solid=is_throwing)
    if marker == "conditional":
        return sheet(7.2, 9, 4)
    paths = {
        "error": "M-8.5,8.5 L-4,-7 L2.6,2.2 L8.5,-8.5 L4.6,7 L-2.6,-1.6 z",
        "escalation": "M0,-10 L7.5,8.5 L0,1.5 L-7.5,8.5 z",
        "signal": polygon(3, 10),
        "link": "M-9,-3.5 H2 V-7.5 L9.5,0 L2,7.5 V3.5 H-9 z",
        "compensate": "M0,-6.5 V6.5 L-9,0 z M9,-6.5 V6.5 L0,0 z",
        "cancel": "M-8,-5.5 L-5.5,-8 L0,-2.5 L5.5,-8 L8,-5.5 L2.5,0 L8,5.5 L5.5,8 L0,2.5 L-5.5,8 L-8,5.5 L-2.5,0 z",
        "multiple": polygon(5, 10),
        "parallel-multiple": "M-3,-9 H3 V-3 H9 V3 H3 V9 H-3 V3 H-9 V-3 H-3 z",
        "terminate": circle(0, 0, 9.5),
    }
    return (Stroke(paths[marker], is_solid=is_throwing or marker == "terminate"),)


def task_icon(kind: str) -> tuple[Stroke, ...]:
    """Return the type marker of a task, in a box of 18 pixels around its middle; empty for a task without type."""
    if kind == "userTask":
        return (
            Stroke("M-8,8.5 C-8,2.5 -4.8,0.8 0,0.8 C4.8,0.8 8,2.5 8,8.5 z"),
            Stroke(circle(0, -3.6, 4.1)),
        )
    if kind == "serviceTask":
        return Stroke(gear(8, 8.8, 6.4)), Stroke(circle(0, 0, 2.9))
    if kind == "scriptTask":
        return (
            Stroke("M-3.5,-8.5 H8 C3.5,-4.5 9,3.5 4,8.5 H-8 C-3,3.5 -8.5,-4.5 -3.5,-8.5 z"),
            Stroke("M-3.8,-5 H2.6 M-3.2,-1.6 H3.4 M-1.6,1.8 H4.6 M-2.6,5.2 H3.4", is_open=True, weight=1.1),
        )
    if kind == "businessRuleTask":
        return (
            Stroke("M-8.5,-6.5 H8.5 V7 H-8.5 z"),
            Stroke("M-8.5,-6.5 H8.5 V-2.6 H-8.5 z", is_solid=True),
            Stroke("M-8.5,2.2 H8.5 M-3,-2.6 V7", is_open=True, weight=1.1),
        )
    if kind in ("sendTask", "receiveTask"):
        return envelope(8.5, 5.8, is_solid=kind == "sendTask")
    if kind == "manualTask":
        return (
            Stroke(
                "M-8,-1 C-6,-4 -4,-6 -1.5,-6 L3,-6 C4.5,-6 4.5,-3.8 3,-3.8 L7.5,-3.8 C9,-3.8 9,-1.6 7.5,-1.6 "
                "L8,-1.6 C9.4,-1.6 9.4,0.8 8,0.8 L7.2,0.8 C8.6,0.8 8.4,3 7.2,3 L6,3 C7,3 7,5.4 5.6,5.4 L-2,5.4 L-8,5 z"
            ),
        )
    return ()


def gateway_icon(kind: str) -> tuple[Stroke, ...]:
    """Return what is drawn inside a gateway of 50 pixels, around its middle."""
    if kind == "exclusiveGateway":
        return (Stroke("M-7.5,-9 L7.5,9 M7.5,-9 L-7.5,9", is_open=True, weight=3.2),)
    if kind == "parallelGateway":
        return (Stroke("M0,-11.5 V11.5 M-11.5,0 H11.5", is_open=True, weight=3.2),)
    if kind == "inclusiveGateway":
        return (Stroke(circle(0, 0, 10.5), is_open=True, weight=2.8),)
    if kind == "eventBasedGateway":
        return (
            Stroke(circle(0, 0, 13), is_open=True, weight=1.1),
            Stroke(circle(0, 0, 10.4), is_open=True, weight=1.1),
            Stroke(polygon(5, 7), is_open=True),
        )
    if kind == "complexGateway":
        return (Stroke("M0,-11.5 V11.5 M-11.5,0 H11.5 M-8,-8 L8,8 M8,-8 L-8,8", is_open=True, weight=2.8),)
    return ()


def activity_marker(marker: str) -> tuple[Stroke, ...]:
    """Return a marker at the lower edge of an activity, in a box of 14 pixels around its middle."""
    return {
        "loop": (
            Stroke("M-2.2,5 A5.2,5.2 0 1,1 2.6,4.6", is_open=True, weight=1.5),
            Stroke("M-6,5.6 H-1.6 V1.2", is_open=True, weight=1.5),
        ),
        "parallel-items": (Stroke("M-4,-5.5 V5.5 M0,-5.5 V5.5 M4,-5.5 V5.5", is_open=True, weight=2.2),),
        "sequential-items": (Stroke("M-5.5,-4 H5.5 M-5.5,0 H5.5 M-5.5,4 H5.5", is_open=True, weight=2.2),),
        "compensation": (Stroke("M0,-4.5 V4.5 L-6.5,0 z M6.5,-4.5 V4.5 L0,0 z"),),
        "ad-hoc": (Stroke("M-6,1.5 C-4,-4 -1,-2 0,0 C1.5,2.5 4,3.5 6,-1.5", is_open=True, weight=2.2),),
        "collapsed": (
            Stroke("M-7,-7 H7 V7 H-7 z"),
            Stroke("M0,-4 V4 M-4,0 H4", is_open=True, weight=1.5),
        ),
    }[marker]
