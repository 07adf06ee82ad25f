"""Chooses where each flow of a layout runs: along empty rows and columns, or in the channels between them."""

from collections.abc import Callable, Mapping, Sequence

from engine.diagram.channels import Channels, Track
from engine.diagram.items import Flow, Item, spread
from engine.diagram.model import Point


def way(flow: Flow, cells: Mapping[tuple[int, int], Item], channels: Channels) -> Callable[[], list[Point]]:
    """Choose where a flow runs, book the channels it needs, and return how to compute its points later."""
    source, target = flow.source, flow.target
    c1, r1, c2, r2 = source.column, source.row, target.column, target.row

    def empty(row: int, first: int, last: int) -> bool:
        return all((column, row) not in cells for column in range(first, last + 1))

    def empty_column(column: int, a: int, b: int) -> bool:
        return all((column, row) not in cells for row in range(min(a, b), max(a, b) + 1))

    def along(row: int, first: int, last: int) -> bool:
        """Book the row for the gap between two columns."""
        return empty(row, first + 1, last - 1) and channels.book_row(row, first, last, source.id, target.id)

    if source.host is not None:
        return _way_from_boundary(flow, channels, empty_column)
    if r1 == r2 and c2 > c1 and along(r1, c1, c2):
        return lambda: [_right(source), _left(target)]
    is_gateway = source.kind.endswith("Gateway")
    if is_gateway and c2 > c1 and r1 != r2:
        step = 1 if r2 > r1 else -1
        is_clear = empty_column(c1, r1 + step, r2) and channels.book_column(c1, r1, r2, source.id, target.id)
        if is_clear and along(r2, c1, c2):
            if step < 0 and source.label_side == "above":
                source.label_side = "above-left"
            return lambda: [_end(source, step), Point(source.centre.x, target.centre.y), _left(target)]
    if c2 > c1 and r1 != r2 and along(r2, c1, c2):
        track = channels.upright[c1 + 1].book(r1, r2, source.id, target.id)
        return lambda: [_right(source), *_corner(track, source.centre.y, target.centre.y), _left(target)]
    if c2 > c1 + 1 and along(r1, c1, c2):
        track = channels.upright[c2].book(r1, r2, source.id, target.id)
        return lambda: [_right(source), *_corner(track, source.centre.y, target.centre.y), _left(target)]
    crossing = r2 if r2 > r1 else r2 + 1
    out = channels.upright[c1 + 1].book(r1, crossing - 0.5, source.id, target.id)
    over = channels.level[crossing].book(min(c1 + 1, c2) - 0.5, max(c1 + 1, c2) - 0.5, source.id, target.id)
    into = channels.upright[c2].book(crossing - 0.5, r2, source.id, target.id)
    return lambda: [
        _right(source),
        Point(out.at, source.centre.y),
        Point(out.at, over.at),
        Point(into.at, over.at),
        Point(into.at, target.centre.y),
        _left(target),
    ]


def _way_from_boundary(
    flow: Flow, channels: Channels, empty_column: Callable[[int, int, int], bool]
) -> Callable[[], list[Point]]:
    source, target = flow.source, flow.target
    c1, r1, c2, r2 = source.column, source.row, target.column, target.row
    host = source.host
    assert host is not None
    fits = abs(_offset(source)) <= target.size[0] / 2 - 8 and target.kind != "exclusiveGateway"
    if c1 == c2 and r2 > r1 and fits and (r2 == r1 + 1 or empty_column(c1, r1 + 1, r2 - 1)):
        return lambda: [_end(source, 1), Point(source.centre.x, target.bounds.y)]
    below = channels.level[r1 + 1].book(c1, c2 - 0.5, source.id, target.id)
    into = channels.upright[c2].book(r1 + 0.5, r2, source.id, target.id)
    return lambda: [
        _end(source, 1),
        Point(source.centre.x, below.at),
        Point(into.at, below.at),
        Point(into.at, target.centre.y),
        _left(target),
    ]


def _offset(event: Item) -> float:
    """Return how far right of its host's centre a boundary event will sit."""
    host = event.host
    assert host is not None
    distances = spread(host)
    return sum(distances[: host.boundary.index(event)]) - sum(distances) / 2


def _corner(track: Track, first: float, second: float) -> list[Point]:
    return [Point(track.at, first), Point(track.at, second)]


def _right(item: Item) -> Point:
    return Point(item.bounds.right, item.centre.y)


def _left(item: Item) -> Point:
    return Point(item.bounds.x, item.centre.y)


def _end(item: Item, step: int) -> Point:
    """Return the middle of the lower side, or of the upper one."""
    return Point(item.centre.x, item.bounds.bottom if step > 0 else item.bounds.y)


def tidy(points: Sequence[Point]) -> list[Point]:
    """Drop points that lie on one line with their neighbours."""
    kept: list[Point] = []
    for point in (Point(round(each.x, 1), round(each.y, 1)) for each in points):
        if kept and kept[-1] == point:
            continue
        if len(kept) > 1 and (kept[-2].x == kept[-1].x == point.x or kept[-2].y == kept[-1].y == point.y):
            kept.pop()
        kept.append(point)
    return kept
