"""How long requests take, counted in one small file per serving process and summed when somebody asks.

Each process maps a file of 64-bit counters; the layout follows from the list of routes, so every process of a build
agrees on it. Reading sums all files of the layout, those of processes that have ended included: counters never fall.
"""

import hashlib
import mmap
import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

BUCKETS_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
STATUS_CLASSES = ("2xx", "3xx", "4xx", "5xx")

_PER_ROUTE = len(BUCKETS_SECONDS) + 1 + 1 + len(STATUS_CLASSES)
"""One counter per bucket, one beyond the last, the microseconds in all, one per status class."""


@dataclass(frozen=True, slots=True)
class RouteTimes:
    """What was counted for one route."""

    method: str
    rule: str
    buckets: Sequence[int]
    """Requests per bucket, not summed up; the last one is beyond every bound."""
    seconds: float
    statuses: Mapping[str, int]


class RequestMetrics:
    """The counters of one serving process, and the sum over all of them."""

    def __init__(self, folder: Path, routes: Sequence[tuple[str, str]]) -> None:
        """Lay out counters for `routes` (method, rule); nothing is opened before the first request is counted."""
        self._folder = folder
        self._routes = sorted(routes)
        self._offsets = {route: index * _PER_ROUTE for index, route in enumerate(self._routes)}
        layout = repr((self._routes, BUCKETS_SECONDS, STATUS_CLASSES))
        self._prefix = f"requests-{hashlib.sha256(layout.encode()).hexdigest()[:12]}-"
        self._lock = threading.Lock()
        self._counters: memoryview | None = None
        self._pid = 0

    def count(self, method: str, rule: str, status: int, seconds: float) -> None:
        """Count one answered request; a route that was not laid out is left out."""
        offset = self._offsets.get((method, rule))
        if offset is None:
            return
        bucket = next((i for i, bound in enumerate(BUCKETS_SECONDS) if seconds <= bound), len(BUCKETS_SECONDS))
        kind = min(max(status // 100 - 2, 0), len(STATUS_CLASSES) - 1)
        with self._lock:
            counters = self._opened()
            counters[offset + bucket] += 1
            counters[offset + len(BUCKETS_SECONDS) + 1] += int(seconds * 1_000_000)
            counters[offset + len(BUCKETS_SECONDS) + 2 + kind] += 1

    def totals(self) -> Iterator[RouteTimes]:
        """Yield the sum over all processes for every route that was called."""
        size = len(self._routes) * _PER_ROUTE
        sums = [0] * size
        for path in self._folder.glob(f"{self._prefix}*"):
            content = path.read_bytes()
            if len(content) == size * 8:
                sums = [a + b for a, b in zip(sums, memoryview(content).cast("Q"), strict=True)]
        for (method, rule), offset in self._offsets.items():
            counted = sums[offset : offset + _PER_ROUTE]
            buckets = counted[: len(BUCKETS_SECONDS) + 1]
            if any(buckets):
                microseconds, *statuses = counted[len(BUCKETS_SECONDS) + 1 :]
                yield RouteTimes(
                    method, rule, buckets, microseconds / 1_000_000, dict(zip(STATUS_CLASSES, statuses, strict=True))
                )

    def _opened(self) -> memoryview:
        """Return this process's counters; a forked child opens its own."""
        if self._counters is None or self._pid != os.getpid():
            self._pid = os.getpid()
            self._folder.mkdir(parents=True, exist_ok=True)
            size = len(self._routes) * _PER_ROUTE * 8
            path = self._folder / f"{self._prefix}{self._pid}"
            with open(path, "a+b") as file:
                file.truncate(size)
                self._counters = memoryview(mmap.mmap(file.fileno(), size)).cast("Q")
        return self._counters
