"""Folds a level that is too wide for a sheet: its columns go on in further rows, band below band.

A band is a run of columns. It ends where few flows cross, which is where one phase of a process goes over into the next;
within each lane the bands stand one below the other.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate

from engine.diagram.items import Item, Level

WIDEST = 2580.0
"""Of the content of a pool, in pixels; what does not fit on a wide screen cannot be read at a glance."""
WIDEST_WITHIN = (2250.0, 1800.0, 1500.0, 1200.0)
"""Of the content of a sub-process, which stands in a column beside others: each is tried until the whole fits; where
nothing helps the first stays."""
_LATEST_PART = 0.4
"""In this last part of a band its end is looked for."""
_TRIES = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4)
"""Bands share their columns, so that a folded level is wider than its widest band: parts of the width to fold to."""


def fold_to(level: Level, widest: float, place: Callable[[], None]) -> None:
    """Fold a level whose items `place` has placed and sized, until it is no wider than `widest` or as narrow as can be.

    A pool with lanes is left alone: its rows tell who acts, and bands within lanes would tear the way of a case apart.
    """
    if level.lanes or level.size[0] <= widest:
        return
    unfolded = {item.id: (item.column, item.row) for item in level.items.values()}
    rights = _right_ends(level)
    tried: list[tuple[float, list[int]]] = [(level.size[0], [])]

    def refold(begins: Sequence[int]) -> None:
        for item in level.items.values():
            item.column, item.row = unfolded[item.id]
        fold(level, begins)
        place()

    for part in _TRIES:
        begins = cuts(level, rights, part * widest, unfolded)
        if begins and begins != tried[-1][1]:
            refold(begins)
            if level.size[0] <= widest:
                return
            tried.append((level.size[0], begins))
    refold(min(tried)[1])


def _right_ends(level: Level) -> list[float]:
    """Return how far each column reaches, or the ones before it."""
    free = [item for item in level.items.values() if item.host is None]
    ends = [0.0] * (1 + max(item.column for item in free))
    for item in free:
        ends[item.column] = max(ends[item.column], item.bounds.right)
    return list(accumulate(ends, max))


def cuts(level: Level, rights: Sequence[float], widest: float, unfolded: Mapping[str, tuple[int, int]]) -> list[int]:
    """Return the columns at which bands begin, without the first; none when all fits.

    `rights` are the right ends of the columns as they stand unfolded, `unfolded` column and row of every item there.
    """
    found: list[int] = []
    begin, start = 0, 0.0
    count = len(rights)
    while rights[-1] - start > widest:
        last = max((column for column in range(begin, count) if rights[column] - start <= widest), default=begin)
        earliest = next(
            column for column in range(begin, count) if rights[column] - start >= (1 - _LATEST_PART) * widest
        )
        candidates = range(min(earliest, last) + 1, last + 2)
        crossings = {column: _crossing(level, column, unfolded) for column in candidates if column < count}
        if not crossings:
            break
        # the later of equals, so that bands are full
        cut = min(crossings, key=lambda column: (crossings[column], -column))
        found.append(cut)
        begin, start = cut, rights[cut - 1]
    return found


def _crossing(level: Level, column: int, unfolded: Mapping[str, tuple[int, int]]) -> int:
    ends = ((unfolded[flow.source.id][0], unfolded[flow.target.id][0]) for flow in level.flows)
    return sum(min(pair) < column <= max(pair) for pair in ends)


def fold(level: Level, begins: Sequence[int]) -> None:
    """Move every item to its band: columns from the first anew, rows below those of the bands before in its lane."""
    free = [item for item in level.items.values() if item.host is None]
    starts = [0, *begins]
    band_of = {item.id: sum(item.column >= begin for begin in begins) for item in free}
    rows = _rows(level, free, band_of)
    for item in free:
        item.row = rows[(item.lane, band_of[item.id], item.row)]
        item.column -= starts[band_of[item.id]]
    for item in level.items.values():
        if item.host is not None:
            item.row, item.column = item.host.row, item.host.column


def _rows(level: Level, free: Sequence[Item], band_of: Mapping[str, int]) -> dict[tuple[int, int, int], int]:
    """Return the new row of each lane, band and old row; a lane keeps one row at least."""
    found: dict[tuple[int, int, int], int] = {}
    after = 0
    for lane in range(max(1, len(level.lanes))):
        keys = sorted({(band_of[item.id], item.row) for item in free if item.lane == lane})
        for band, row in keys:
            found[(lane, band, row)] = after
            after += 1
        after += 0 if keys else 1
    return found
