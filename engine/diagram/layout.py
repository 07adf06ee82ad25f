"""Lays out the drawing of a BPMN file anew: columns from left to right, rows within lanes, flows in channels between.

What would be too wide goes on in further rows (`engine.diagram.folding`).

Every flow node gets a cell of a grid. Flows run along rows whose cells are empty or in the channels between columns and
between rows, where no shape ever stands, so none of them can run through a shape.
"""

import re
from collections.abc import Sequence

from lxml import etree

from engine.bpmn.xml import NS, tag
from engine.diagram.channels import Channels
from engine.diagram.errors import DiagramUnreadableError, LayoutUnsupportedError
from engine.diagram.flow_labels import place_flow_labels
from engine.diagram.folding import WIDEST, WIDEST_WITHIN, fold_to
from engine.diagram.grid import place_in_grid
from engine.diagram.interchange import interchange
from engine.diagram.items import (
    EVENT,
    GAP,
    GATEWAY,
    LABEL_WIDTH,
    LINE,
    ROW,
    TASK,
    Flow,
    Item,
    Level,
    label_size,
    measure,
    move,
    spread,
)
from engine.diagram.model import Point
from engine.diagram.ways import tidy, way
from engine.hostile_xml import read_xml

LANE_PADDING = 14.0
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
    drawing = "".join(interchange(_narrow_level(processes[0]), processes[0], participants))
    bare = _DRAWING.sub("", text)
    end = _END.search(bare)
    if end is None:
        raise LayoutUnsupportedError(problem_zh="找不到文件结尾。", problem="the end of the file was not found.")
    return (bare[: end.start()].rstrip() + "\n" + drawing + bare[end.start() :]).encode()


def _narrow_level(process: etree._Element) -> Level:
    """Return the first drawing that fits, its sub-processes ever narrower; where nothing helps, the widest of them."""
    drawn = [_level(process, WIDEST, WIDEST_WITHIN[0])]
    for widest_within in WIDEST_WITHIN[1:]:
        if drawn[-1].size[0] <= WIDEST:
            return drawn[-1]
        drawn.append(_level(process, WIDEST, widest_within))
    return drawn[-1] if drawn[-1].size[0] <= WIDEST else drawn[0]


def _level(container: etree._Element, widest: float, widest_within: float) -> Level:
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
        item = _item(element, widest_within)
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
        measure(item)
    place_in_grid(level)
    _draw(level, widest)
    return level


def _item(element: etree._Element, widest_within: float) -> Item | None:
    kind = tag(element)
    if kind in _CONTAINERS:
        inner = _level(element, widest_within, widest_within)
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


def _draw(level: Level, widest: float) -> None:
    free = [item for item in level.items.values() if item.host is None]
    if not free:
        level.size = TASK
        level.lane_bounds = [(0.0, TASK[1])] * len(level.lanes)
        return
    _place(level, free)
    fold_to(level, widest, lambda: _place(level, free))
    for item in free:
        if item.inner is not None:
            move(item.inner, item.at.x + GAP, item.at.y + GAP + LINE)
    for flow in level.flows:
        assert flow.way is not None
        flow.points = tidy(flow.way())
    names = (item.label_bounds for item in level.items.values())
    place_flow_labels(level.flows, [*(item.bounds for item in level.items.values()), *(each for each in names if each)])


def _place(level: Level, free: Sequence[Item]) -> None:
    """Choose the ways of the flows and give every item its place; the flows' points follow later."""
    for item in free:
        if item.label_side == "above-left":
            item.label_side = "above"
    cells = {(item.column, item.row): item for item in free}
    column_count = 1 + max(item.column for item in free)
    lane_rows = _lane_rows(level, free)
    row_count = lane_rows[-1][1]
    channels = Channels(column_count, row_count)
    for flow in level.flows:
        flow.way = way(flow, cells, channels)
    _coordinates(level, free, column_count, row_count, lane_rows, channels)


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
    x = channels.upright[column_count].place(x, at_least=max(GAP, names[column_count]))
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
    level.size, level.lane_bounds = (x, y), lane_bounds


def _extent(item: Item) -> tuple[float, float, float, float]:
    """Return how far an item and its labels reach: left and right of its centre, above and below its row."""
    half = max(item.size[0], item.label[0]) / 2
    left = right = half + 2
    slack = (max(ROW, item.size[1]) - item.size[1]) / 2
    head = foot = 0.0
    if item.label_side == "above-left":
        left = max(left, item.label[0] + 8)
    if item.label_side.startswith("above"):
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
    distances = spread(host)
    x = host.centre.x - sum(distances) / 2
    for index, event in enumerate(host.boundary):
        event.at = Point(round(x - EVENT / 2, 1), round(host.bounds.bottom - EVENT / 2, 1))
        event.label_side = "left" if index == 0 and len(host.boundary) > 1 else "right"
        x += distances[index] if index < len(distances) else 0.0
