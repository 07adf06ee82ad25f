"""Lays out the drawing of a BPMN file anew: columns from left to right, rows within lanes, flows in channels between.

Every flow node gets a cell of a grid. Flows run along rows whose cells are empty or in the channels between columns and
between rows, where no shape ever stands, so none of them can run through a shape.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import quoteattr

from lxml import etree

from engine.bpmn.xml import NS, tag
from engine.diagram.channels import Channels, Track
from engine.diagram.errors import DiagramUnreadableError, LayoutUnsupportedError
from engine.diagram.model import Bounds, Point
from engine.diagram.ranks import ranks
from engine.diagram.read import BPMNDI, DC, DI
from engine.diagram.text import width, wrap
from engine.hostile_xml import read_xml

FONT = 11.0
LINE = 14.0
LABEL_WIDTH = 90.0
TASK = (110.0, 80.0)
GATEWAY = 50.0
EVENT = 36.0
ROW = 80.0
GAP = 16.0
LANE_PADDING = 14.0
HEADER = 30.0
ORIGIN = Point(160, 80)
_NOWHERE = Point(0, 0)

_CONTAINERS = ("subProcess", "transaction", "adHocSubProcess")
_DRAWING = re.compile(r"[ \t]*<(?:[\w.-]+:)?BPMNDiagram\b.*</(?:[\w.-]+:)?BPMNDiagram>[ \t]*\r?\n?", re.DOTALL)
_END = re.compile(r"</(?:[\w.-]+:)?definitions>\s*\Z")


def lay_out(content: bytes) -> bytes:
    """Return the BPMN file with its diagram interchange written anew; everything else stays as it is, byte for byte.

    One process, with or without a pool and lanes; sub-processes are drawn expanded. Raises DiagramUnreadableError for
    XML that may not be read, LayoutUnsupportedError for several pools, nested lanes or no process.
    """
    root, findings = read_xml("diagram", content)
    if root is None:
        raise DiagramUnreadableError(zh=findings[0].zh, en=findings[0].en)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise LayoutUnsupportedError(problem_zh="文件不是 UTF-8 编码。", problem="the file is not UTF-8.") from None
    processes = root.findall("bpmn:process", NS)
    participants = root.findall("bpmn:collaboration/bpmn:participant", NS)
    if len(processes) != 1 or len(participants) > 1:
        raise LayoutUnsupportedError(
            problem_zh="只能排布含一个流程、至多一个泳池的文件。",
            problem="only files with one process and at most one pool.",
        )
    drawing = "".join(_interchange(processes[0], participants, root))
    bare = _DRAWING.sub("", text)
    end = _END.search(bare)
    if end is None:
        raise LayoutUnsupportedError(problem_zh="找不到文件结尾。", problem="the end of the file was not found.")
    return (bare[: end.start()].rstrip() + "\n" + drawing + bare[end.start() :]).encode()


# --- the parts of one level ----------------------------------------------------------------------------------------


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
    """Where the label stands: `below`, `above`, or for boundary events `left` or `right` of the flow."""

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


def _level(container: etree._Element) -> Level:
    lanes = container.findall("bpmn:laneSet/bpmn:lane", NS)
    if any(lane.find("bpmn:childLaneSet", NS) is not None for lane in lanes):
        raise LayoutUnsupportedError(problem_zh="不支持嵌套泳道。", problem="nested lanes are not supported.")
    lane_of = {
        (reference.text or "").strip(): index
        for index, lane in enumerate(lanes)
        for reference in lane.iterfind("bpmn:flowNodeRef", NS)
    }
    items: dict[str, Item] = {}
    for element in container:
        item = _item(element)
        if item is not None:
            items[item.id] = item
    for item in items.values():
        host = items.get(item.element.get("attachedToRef", "")) if item.kind == "boundaryEvent" else None
        if host is not None:
            item.host = host
            host.boundary.append(item)
        item.lane = lane_of.get(host.id if host else item.id, 0)
    flows = [
        Flow(element, items[element.get("sourceRef", "")], items[element.get("targetRef", "")])
        for element in container
        if tag(element) in ("sequenceFlow", "association")
        and element.get("sourceRef") in items
        and element.get("targetRef") in items
    ]
    level = Level(items, flows, lanes)
    for item in items.values():
        _measure(item)
    _place_in_grid(level)
    _draw(level)
    return level


def _item(element: etree._Element) -> Item | None:
    kind = tag(element)
    if kind in _CONTAINERS:
        inner = _level(element)
        return Item(element, (inner.size[0] + 2 * GAP, inner.size[1] + LINE + 2 * GAP), inner=inner)
    if kind.endswith("Gateway"):
        return Item(element, (GATEWAY, GATEWAY))
    if kind.endswith("Event"):
        return Item(element, (EVENT, EVENT))
    if kind.endswith("Task") or kind in ("task", "callActivity"):
        return Item(element, TASK)
    if kind == "textAnnotation":
        return Item(element, (LABEL_WIDTH + 20, 60))
    return None


def _measure(item: Item) -> None:
    """Size what depends on texts and boundary events."""
    name = item.element.get("name", "").strip()
    if item.kind.endswith(("Gateway", "Event")) and name:
        item.label = label_size(name)
        item.label_side = "above" if item.kind.endswith("Gateway") else "below"
    if item.boundary:
        item.size = (max(item.size[0], sum(_spread(item)) + EVENT + 2 * 12), item.size[1])


def label_size(name: str) -> tuple[float, float]:
    """Return width and height of a name written beside its shape."""
    lines = wrap(name, LABEL_WIDTH / FONT)
    return max(width(line) for line in lines) * FONT + 2, LINE * len(lines)


def _spread(host: Item) -> list[float]:
    """Return the distances between the boundary events of a host, from left to right."""
    named = [label_size(event.element.get("name", "").strip() or "-")[0] for event in host.boundary]
    return [58.0 if index == 0 else max(58.0, named[index] + 16) for index in range(len(host.boundary) - 1)]


# --- the grid ------------------------------------------------------------------------------------------------------


def _place_in_grid(level: Level) -> None:
    free = [item for item in level.items.values() if item.host is None]
    following: dict[str, list[str]] = {item.id: [] for item in free}
    beside: list[tuple[str, str]] = []
    for flow in level.flows:
        if flow.source.host is not None:
            beside.append((flow.source.host.id, flow.target.id))
        else:
            following[flow.source.id].append(flow.target.id)
    columns = ranks(list(following), following, beside)
    taken: dict[tuple[int, int], str] = {}
    depth: dict[int, int] = {}
    done: set[str] = set()

    def settle(item: Item, near: Item | None) -> None:
        item.column = columns[item.id]
        wanted = near.row if near is not None and near.lane == item.lane else 0
        is_beside = near is not None and near.column == item.column
        row = _free_row(taken, item.lane, item.column, wanted + is_beside)
        item.row = row
        if near is not None and near.lane == item.lane and near.row == row and not is_beside:
            for column in range(near.column + 1, item.column):
                taken.setdefault((item.lane, column * 1000 + row), item.id)
        taken[(item.lane, item.column * 1000 + row)] = item.id
        depth[item.lane] = max(depth.get(item.lane, 0), row + 1)
        done.add(item.id)

    def visit(item: Item, near: Item | None) -> None:
        path = []
        while item.id not in done:
            settle(item, near)
            path.append(item)
            after = [level.items[each] for each in following[item.id] if each not in done]
            if not after:
                break
            near, item = item, max(after, key=lambda each: (each.lane == item.lane, _reach(each.id, following)))
        for passed in path:
            for each in following[passed.id]:
                if each not in done:
                    visit(level.items[each], passed)
            for event in passed.boundary:
                for flow in level.flows:
                    if flow.source is event and flow.target.id not in done:
                        visit(flow.target, passed)

    entered = {each for targets in following.values() for each in targets} | {target for _, target in beside}
    for item in [each for each in free if each.id not in entered] + free:
        if item.id not in done:
            visit(item, None)
    first = 0
    for lane in range(max(1, len(level.lanes))):
        for item in free:
            if item.lane == lane:
                item.row += first
        first += max(1, depth.get(lane, 1))
    for item in level.items.values():
        if item.host is not None:
            item.row, item.column = item.host.row, item.host.column


def _free_row(taken: Mapping[tuple[int, int], str], lane: int, column: int, wanted: int) -> int:
    row = wanted
    while (lane, column * 1000 + row) in taken:
        row += 1
    return row


def _reach(start: str, following: Mapping[str, Sequence[str]]) -> int:
    """Return how many elements can be reached: the longer way is the main one."""
    seen, waiting = {start}, [start]
    while waiting:
        for each in following[waiting.pop()]:
            if each not in seen:
                seen.add(each)
                waiting.append(each)
    return len(seen)


# --- places and ways -----------------------------------------------------------------------------------------------


def _draw(level: Level) -> None:
    free = [item for item in level.items.values() if item.host is None]
    if not free:
        level.size = TASK
        level.lane_bounds = [(0.0, TASK[1])] * len(level.lanes)
        return
    cells = {(item.column, item.row): item for item in free}
    column_count = 1 + max(item.column for item in free)
    lane_rows = _lane_rows(level, free)
    row_count = lane_rows[-1][1]
    channels = Channels(column_count, row_count)
    for flow in level.flows:
        flow.way = _way(flow, cells, channels)
    _coordinates(level, free, column_count, row_count, lane_rows, channels)
    for flow in level.flows:
        assert flow.way is not None
        flow.points = _tidy(flow.way())
        flow.label = _flow_label(flow)


def _lane_rows(level: Level, free: Sequence[Item]) -> list[tuple[int, int]]:
    """Return the first row of each lane and the one after its last."""
    rows: list[tuple[int, int]] = []
    first = 0
    for lane in range(max(1, len(level.lanes))):
        after = max([item.row + 1 for item in free if item.lane == lane], default=first + 1)
        rows.append((first, after))
        first = after
    return rows


def _coordinates(
    level: Level,
    free: Sequence[Item],
    column_count: int,
    row_count: int,
    lane_rows: Sequence[tuple[int, int]],
    channels: Channels,
) -> None:
    lefts, rights = [0.0] * column_count, [0.0] * column_count
    heads, heights, feet = [0.0] * row_count, [ROW] * row_count, [0.0] * row_count
    for item in free:
        left, right, head, foot = _extent(item)
        lefts[item.column] = max(lefts[item.column], left)
        rights[item.column] = max(rights[item.column], right)
        heights[item.row] = max(heights[item.row], item.size[1])
        heads[item.row] = max(heads[item.row], head)
        feet[item.row] = max(feet[item.row], foot)
    names = [0.0] * (column_count + 1)
    for flow in level.flows:
        if flow.name and flow.source.host is None:
            names[flow.source.column + 1] = max(names[flow.source.column + 1], label_size(flow.name)[0] + 14)
    x = 0.0
    centres: list[float] = []
    for column in range(column_count):
        x = channels.upright[column].place(x, at_least=max(GAP, names[column]))
        x += lefts[column]
        centres.append(x)
        x += rights[column]
    x = channels.upright[column_count].place(x, at_least=GAP)
    y = 0.0
    middles: list[float] = []
    lane_bounds: list[tuple[float, float]] = []
    for first, after in lane_rows:
        top = y
        y += LANE_PADDING if level.lanes else 0.0
        for row in range(first, after):
            if row == first:
                y = channels.level[row].place(y, at_least=4.0)
            y += heads[row]
            middles.append(y + heights[row] / 2)
            y += heights[row] + feet[row]
            if row + 1 < after:
                y = channels.level[row + 1].place(y, at_least=GAP)
        if after == row_count:
            y = channels.level[row_count].place(y, at_least=4.0)
        y += LANE_PADDING if level.lanes else 0.0
        lane_bounds.append((top, y - top))
    for item in free:
        item.at = Point(
            round(centres[item.column] - item.size[0] / 2, 1), round(middles[item.row] - item.size[1] / 2, 1)
        )
        _seat_boundary(item)
        if item.inner is not None:
            _move(item.inner, item.at.x + GAP, item.at.y + GAP + LINE)
    level.size, level.lane_bounds = (x, y), lane_bounds


def _extent(item: Item) -> tuple[float, float, float, float]:
    """Return how far an item and its labels reach: left and right of its centre, above and below its row."""
    half = max(item.size[0], item.label[0]) / 2
    left = right = half + 2
    slack = (max(ROW, item.size[1]) - item.size[1]) / 2
    head = foot = 0.0
    if item.label_side == "above":
        head = max(0.0, item.label[1] + 6 - slack)
    else:
        foot = max(0.0, item.label[1] + 6 - slack) if item.label[1] else 0.0
    for index, event in enumerate(item.boundary):
        foot = max(foot, EVENT / 2 + 4 + event.label[1])
        if index == 0 and len(item.boundary) > 1:
            left = max(left, item.size[0] / 2 - 12 - EVENT / 2 + event.label[0] + 8)
        else:
            right = max(right, item.size[0] / 2 - 12 - EVENT / 2 + event.label[0] + 8)
    return left, right, head, foot


def _seat_boundary(host: Item) -> None:
    distances = _spread(host)
    x = host.centre.x - sum(distances) / 2
    for index, event in enumerate(host.boundary):
        event.at = Point(round(x - EVENT / 2, 1), round(host.bounds.bottom - EVENT / 2, 1))
        event.label_side = "left" if index == 0 and len(host.boundary) > 1 else "right"
        x += distances[index] if index < len(distances) else 0.0


def _move(level: Level, x: float, y: float) -> None:
    for item in level.items.values():
        item.at = Point(item.at.x + x, item.at.y + y)
        if item.inner is not None:
            _move(item.inner, x, y)
    for flow in level.flows:
        flow.points = [Point(point.x + x, point.y + y) for point in flow.points]
        if flow.label is not None:
            flow.label = Bounds(flow.label.x + x, flow.label.y + y, flow.label.width, flow.label.height)


def _way(flow: Flow, cells: Mapping[tuple[int, int], Item], channels: Channels) -> Callable[[], list[Point]]:
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
    distances = _spread(host)
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


def _tidy(points: Sequence[Point]) -> list[Point]:
    """Drop points that lie on one line with their neighbours."""
    kept: list[Point] = []
    for point in (Point(round(each.x, 1), round(each.y, 1)) for each in points):
        if kept and kept[-1] == point:
            continue
        if len(kept) > 1 and (kept[-2].x == kept[-1].x == point.x or kept[-2].y == kept[-1].y == point.y):
            kept.pop()
        kept.append(point)
    return kept


def _flow_label(flow: Flow) -> Bounds | None:
    """Put the name of a flow where it leaves for its target."""
    if not flow.name:
        return None
    wide, high = label_size(flow.name)
    start, after = flow.points[0], flow.points[1]
    if start.x == after.x:
        return Bounds(start.x + 5, (start.y + 5) if after.y > start.y else (start.y - 5 - high), wide, high)
    if len(flow.points) > 2 and abs(after.x - start.x) < wide + 10:
        turn, then = flow.points[1], flow.points[2]
        if len(flow.points) > 3 and turn.x == then.x and abs(then.y - turn.y) > high + 20:
            y = (turn.y + 8) if then.y > turn.y else (turn.y - 8 - high)
            return Bounds(turn.x - 5 - wide, y, wide, high)
    return Bounds(start.x + 5, start.y - 4 - high, wide, high)


# --- interchange ---------------------------------------------------------------------------------------------------


def _interchange(
    process: etree._Element, participants: Sequence[etree._Element], root: etree._Element
) -> Iterator[str]:
    level = _level(process)
    header = HEADER if participants else 0.0
    lane_header = HEADER if level.lanes else 0.0
    left = ORIGIN.x + header + lane_header
    _move(level, left, ORIGIN.y)
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
        yield _shape(item.element, item.bounds, extra, _item_label(item))
        if item.inner is not None:
            yield from _contents(item.inner)
    for flow in level.flows:
        yield f"      <bpmndi:BPMNEdge id={quoteattr(flow.element.get('id', '') + '_di')} bpmnElement={quoteattr(flow.element.get('id', ''))}>\n"
        for point in flow.points:
            yield f'        <di:waypoint x="{point.x:g}" y="{point.y:g}" />\n'
        yield _label(flow.label)
        yield "      </bpmndi:BPMNEdge>\n"


def _item_label(item: Item) -> Bounds | None:
    wide, high = item.label
    if not wide:
        return None
    box = item.bounds
    match item.label_side:
        case "above":
            return Bounds(item.centre.x - wide / 2, box.y - 4 - high, wide, high)
        case "left":
            return Bounds(item.centre.x - 5 - wide, box.bottom + 3, wide, high)
        case "right":
            return Bounds(item.centre.x + 5, box.bottom + 3, wide, high)
        case _:
            return Bounds(item.centre.x - wide / 2, box.bottom + 4, wide, high)


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
