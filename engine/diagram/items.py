"""What a layout consists of: flow nodes with size, cell and place, flows with their way, and the level they lie on."""

from collections.abc import Callable
from dataclasses import dataclass, field

from lxml import etree

from engine.bpmn.xml import tag
from engine.diagram.model import Bounds, Point
from engine.diagram.text import width, wrap

FONT = 11.0
LINE = 14.0
LABEL_WIDTH = 90.0
TASK = (110.0, 80.0)
GATEWAY = 50.0
EVENT = 36.0
ROW = 80.0
GAP = 16.0
_NOWHERE = Point(0, 0)


@dataclass
class Item:
    """A flow node with its size, its place in the grid and, at the end, its place on the sheet."""

    element: etree._Element
    size: tuple[float, float]
    lane: int = 0
    column: int = 0
    row: int = 0
    boundary: list["Item"] = field(default_factory=list)
    host: "Item | None" = None
    inner: "Level | None" = None
    at: Point = _NOWHERE
    label: tuple[float, float] = (0, 0)
    label_side: str = "below"
    """Where the label stands: `below`, `above` (`above-left` where a flow leaves upwards), or for boundary events `left` or `right` of the flow."""

    @property
    def id(self) -> str:
        """Its BPMN id."""
        return self.element.get("id", "")

    @property
    def kind(self) -> str:
        """Its local name."""
        return tag(self.element)

    @property
    def bounds(self) -> Bounds:
        """Where it stands."""
        return Bounds(self.at.x, self.at.y, *self.size)

    @property
    def centre(self) -> Point:
        """Its middle."""
        return self.bounds.centre

    @property
    def label_bounds(self) -> Bounds | None:
        """Where its name stands; None for what carries no name outside."""
        wide, high = self.label
        if not wide:
            return None
        box = self.bounds
        match self.label_side:
            case "above":
                return Bounds(self.centre.x - wide / 2, box.y - 4 - high, wide, high)
            case "above-left":
                return Bounds(self.centre.x - 6 - wide, box.y - 2 - high, wide, high)
            case "left":
                return Bounds(self.centre.x - 5 - wide, box.bottom + 3, wide, high)
            case "right":
                return Bounds(self.centre.x + 5, box.bottom + 3, wide, high)
            case _:
                return Bounds(self.centre.x - wide / 2, box.bottom + 4, wide, high)


@dataclass
class Flow:
    """A sequence flow, or an association of a text annotation, and how it runs."""

    element: etree._Element
    source: Item
    target: Item
    way: Callable[[], list[Point]] | None = None
    points: list[Point] = field(default_factory=list)
    label: Bounds | None = None

    @property
    def name(self) -> str:
        """Its name."""
        return self.element.get("name", "").strip()


@dataclass
class Level:
    """The content of a process or of a sub-process, in its own coordinates."""

    items: dict[str, Item]
    flows: list[Flow]
    lanes: list[etree._Element]
    size: tuple[float, float] = (0, 0)
    lane_bounds: list[tuple[float, float]] = field(default_factory=list)
    """Top and height of each lane."""


def measure(item: Item) -> None:
    """Size what depends on texts and boundary events."""
    name = item.element.get("name", "").strip()
    if item.kind.endswith(("Gateway", "Event")) and name:
        item.label = label_size(name)
        item.label_side = "above" if item.kind.endswith("Gateway") else "below"
    if item.boundary:
        item.size = (max(item.size[0], sum(spread(item)) + EVENT + 2 * 12), item.size[1])


def label_size(name: str) -> tuple[float, float]:
    """Return width and height of a name written beside its shape."""
    lines = wrap(name, LABEL_WIDTH / FONT)
    return max(width(line) for line in lines) * FONT + 2, LINE * len(lines)


def spread(host: Item) -> list[float]:
    """Return the distances between the boundary events of a host, from left to right."""
    named = [label_size(event.element.get("name", "").strip() or "-")[0] for event in host.boundary]
    return [58.0 if index == 0 else max(58.0, named[index] + 16) for index in range(len(host.boundary) - 1)]


def move(level: Level, x: float, y: float) -> None:
    """Move everything on a level, and on the levels within it."""
    for item in level.items.values():
        item.at = Point(item.at.x + x, item.at.y + y)
        if item.inner is not None:
            move(item.inner, x, y)
    for flow in level.flows:
        flow.points = [Point(point.x + x, point.y + y) for point in flow.points]
        if flow.label is not None:
            flow.label = Bounds(flow.label.x + x, flow.label.y + y, flow.label.width, flow.label.height)
