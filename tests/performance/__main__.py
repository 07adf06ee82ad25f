"""python -m tests.performance: measures, prints JSON, and tells by its exit code whether the limits were kept."""

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.performance import inbox
from tests.performance.installation import Installation, Load, running
from tests.performance.measures import Bench

LEAST_RATIO = 0.25
"""Completed user tasks per second, against the bare Flask route."""
MOST_GROWTH = 1.5
"""Latency of step 300 of a case, against step 10."""
MOST_INBOX_MS = 500
"""Median of any page of the inbox with a hundred thousand open tasks, milliseconds."""


def main() -> int:
    """Measure; return 0 when the limits were kept, 1 when not."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="tz-bench-") as folder, running(Path(folder)) as installation:
        loads = [Load(installation) for _ in range(installation.settings.api_processes)]
        try:
            report = _measured(Bench(installation, loads))
        finally:
            for load in loads:
                load.close()
        report["machine"] = {
            "processors": os.cpu_count(),
            "api_processes": installation.settings.api_processes,
            "api_threads": installation.settings.api_threads,
            "load_average": round(os.getloadavg()[0], 1),
        }
    report["seconds"] = round(time.monotonic() - began)
    print(json.dumps(report, indent=2))
    return 0 if all(report["kept"].values()) else 1


def _measured(bench: Bench) -> dict[str, Any]:
    bench.deploy()
    completions = _told("completed_user_tasks", bench.completions)
    size = _told("bytes_per_case", bench.bytes_per_case)
    long_case = _told("long_case", bench.long_case)
    work = _told("jobs_and_timers", bench.jobs_and_timers)
    pages = _told("inbox", lambda: _inbox(bench.installation))
    slowest = max(page["p50_ms"] for found in pages.values() for page in found.values())
    ratios = [named["ratio_to_bare_flask"] for named in completions.values()]
    return {
        "completed_user_tasks": completions,
        "rows_changed_per_completion": bench.rows_changed,
        "long_case": long_case,
        "jobs_and_timers": work,
        "bytes_per_case": size,
        "inbox_of_100000_tasks": pages,
        "limits": {"least_ratio": LEAST_RATIO, "most_growth": MOST_GROWTH, "most_inbox_ms": MOST_INBOX_MS},
        "kept": {
            "ratio": min(ratios) >= LEAST_RATIO,
            "long_case": long_case["ratio"] <= MOST_GROWTH,
            "inbox": slowest <= MOST_INBOX_MS,
        },
    }


def _inbox(installation: Installation) -> dict[str, Any]:
    """Fill the installation with a city's work, and read the inbox of three people in it."""
    return inbox.measure(installation, inbox.fill(installation))


def _told(name: str, measure: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Measure, and tell at once on standard error what came of it, for whoever waits."""
    began = time.monotonic()
    found = measure()
    print(f"{name} ({time.monotonic() - began:.0f} s): {json.dumps(found)}", file=sys.stderr, flush=True)
    return found


if __name__ == "__main__":
    sys.exit(main())
