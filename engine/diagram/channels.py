"""The channels between columns and rows of a layout, and the tracks that flows run on in them."""

from dataclasses import dataclass, field

TRACK = 12.0
MARGIN = 12.0


@dataclass
class Track:
    """A line in a channel; `at` is its coordinate, known once the channel has been placed."""

    at: float = 0.0
    booked: list[tuple[float, float, str, str]] = field(default_factory=list)

    def admits(self, first: float, last: float, source: str, target: str) -> bool:
        """Return whether a flow may run here: beside others only where it shares their source or target."""
        return all(
            last <= start or end <= first or source == its_source or target == its_target
            for start, end, its_source, its_target in self.booked
        )


@dataclass
class Channel:
    """A free strip between two columns (or rows)."""

    tracks: list[Track] = field(default_factory=list)

    def book(self, first: float, last: float, source: str, target: str) -> Track:
        """Return the track on which a flow may run from `first` to `last` (rows or columns)."""
        low, high = min(first, last), max(first, last)
        for track in self.tracks:
            if track.admits(low, high, source, target):
                break
        else:
            track = Track()
            self.tracks.append(track)
        track.booked.append((low, high, source, target))
        return track

    def place(self, start: float, at_least: float) -> float:
        """Give every track its coordinate; return where the channel ends."""
        needed = 2 * MARGIN + TRACK * max(0, len(self.tracks) - 1) if self.tracks else 0.0
        extent = max(at_least, needed)
        for index, track in enumerate(self.tracks):
            track.at = start + extent - MARGIN - TRACK * (len(self.tracks) - 1 - index)
        return start + extent


class Channels:
    """All channels of one level: `upright[c]` lies left of column c, `level[r]` above row r."""

    def __init__(self, columns: int, rows: int) -> None:
        self.upright = [Channel() for _ in range(columns + 1)]
        self.level = [Channel() for _ in range(rows + 1)]
        self._rows: dict[int, Track] = {}
        self._columns: dict[int, Track] = {}

    def book_row(self, row: int, first: int, last: int, source: str, target: str) -> bool:
        """Book the middle of a row between two columns; False when another flow runs there."""
        return _booked(self._rows.setdefault(row, Track()), first, last, source, target)

    def book_column(self, column: int, first: int, last: int, source: str, target: str) -> bool:
        """Book the middle of a column between two rows; False when another flow runs there."""
        return _booked(self._columns.setdefault(column, Track()), first, last, source, target)


def _booked(track: Track, first: float, last: float, source: str, target: str) -> bool:
    low, high = min(first, last), max(first, last)
    if not track.admits(low, high, source, target):
        return False
    track.booked.append((low, high, source, target))
    return True
