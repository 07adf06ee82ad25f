"""Puts the names of flows where they can be read: beside a piece of the flow that is its own, over nothing else."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from engine.diagram.items import Flow, label_size
from engine.diagram.model import Bounds, Point

NEAR = 5.0
"""Distance of a name from its line."""


def place_flow_labels(flows: Sequence[Flow], taken: Iterable[Bounds]) -> None:
    """Give every named flow a place for its name, off the rectangles `taken` by shapes and their names.

    Flows that run straight come first: a name at the common beginning of several flows is read as theirs.
    """
    filled = list(taken)
    lines = [(flow, _line(a, b)) for flow in flows for a, b in pairwise(flow.points)]
    for flow in sorted((each for each in flows if each.name), key=lambda each: len(each.points)):
        size = label_size(flow.name)
        others = [line for owner, line in lines if owner is not flow]
        forks = len(flow.points) > 2 and any(_shares_beginning(flow, other) for other in flows)

        def cost(place: tuple[int, Bounds], forks: bool = forks, others: list[Bounds] = others) -> tuple[int, int]:
            piece, box = place
            crossed = sum(_overlap(box, each) for each in others)
            return sum(_overlap(box, each) for each in filled), crossed + (3 if forks and piece == 0 else 0)

        _, flow.label = min(_places(flow.points, *size), key=cost)
        filled.append(flow.label)


def _places(points: Sequence[Point], wide: float, high: float) -> Iterator[tuple[int, Bounds]]:
    """Yield places beside each piece of a line, those near its beginning first, with the number of the piece."""
    for piece, (a, b) in enumerate(pairwise(points)):
        length = abs(b.x - a.x) + abs(b.y - a.y)
        if a.y == b.y:
            inner = max(0.0, length - wide - 2 * NEAR)
            for y in (a.y - 4 - high, a.y + 4):
                for along in (0.0, inner / 2, inner):
                    step = NEAR + along
                    yield piece, Bounds(a.x + step if b.x > a.x else a.x - step - wide, y, wide, high)
        else:
            inner = max(0.0, length - high - 2 * NEAR)
            for along in (0.0, inner / 2, inner):
                step = NEAR + along
                for x in (a.x + NEAR, a.x - NEAR - wide):
                    yield piece, Bounds(x, a.y + step if b.y > a.y else a.y - step - high, wide, high)


def _shares_beginning(flow: Flow, other: Flow) -> bool:
    return other is not flow and other.points[0] == flow.points[0] and _way(other) == _way(flow)


def _way(flow: Flow) -> tuple[bool, bool, bool, bool]:
    a, b = flow.points[0], flow.points[1]
    return a.x < b.x, a.x > b.x, a.y < b.y, a.y > b.y


def _line(a: Point, b: Point) -> Bounds:
    return Bounds(min(a.x, b.x) - 1, min(a.y, b.y) - 1, abs(a.x - b.x) + 2, abs(a.y - b.y) + 2)


def _overlap(a: Bounds, b: Bounds) -> bool:
    return a.x < b.right and b.x < a.right and a.y < b.bottom and b.y < a.bottom
