"""What is on a diagram: nodes with bounds and markers, and edges with waypoints (BPMN 2.0.2, chapter 12)."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

EventMarker = Literal[
    "timer",
    "message",
    "error",
    "escalation",
    "conditional",
    "signal",
    "terminate",
    "link",
    "compensate",
    "cancel",
    "multiple",
    "parallel-multiple",
]
ActivityMarker = Literal["loop", "parallel-items", "sequential-items", "compensation", "ad-hoc", "collapsed"]


class Point(NamedTuple):
    """A place on the diagram, in its own units (pixels at 100 %)."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Bounds:
    """A rectangle: top left corner and size."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The x of the right side."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """The y of the lower side."""
        return self.y + self.height

    @property
    def centre(self) -> Point:
        """The middle."""
        return Point(self.x + self.width / 2, self.y + self.height / 2)


@dataclass(frozen=True, slots=True)
class Node:
    """One shape."""

    id: str
    kind: str
    """Local name of the BPMN element: `userTask`, `boundaryEvent`, `lane`, ..."""
    name: str
    bounds: Bounds
    label: Bounds | None = None
    is_horizontal: bool = True
    is_expanded: bool = False
    is_interrupting: bool = True
    is_event_sub_process: bool = False
    event: EventMarker | None = None
    markers: tuple[ActivityMarker, ...] = ()
    stroke: str | None = None
    fill: str | None = None


@dataclass(frozen=True, slots=True)
class Edge:
    """One connection."""

    id: str
    kind: str
    name: str
    waypoints: tuple[Point, ...]
    label: Bounds | None = None
    is_default: bool = False
    is_conditional: bool = False
    """Whether to draw the small diamond: a conditional flow that leaves an activity."""
    stroke: str | None = None


@dataclass(frozen=True, slots=True)
class Diagram:
    """One plane of a file."""

    title: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
