"""Gives every flow node of a level its column and its row: the main way straight, the rest beside it."""

from collections.abc import Mapping, Sequence

from engine.diagram.items import Item, Level
from engine.diagram.ranks import ranks


def place_in_grid(level: Level) -> None:
    """Set column, row and the boundary events' cells of every item of a level."""
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
