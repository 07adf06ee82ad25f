"""Small statistics."""

from collections.abc import Sequence
from statistics import median


def quantile(values: Sequence[float], share: float) -> float:
    """Return the value that `share` of the values do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, round(share * len(ordered) + 0.5) - 1))]


def milliseconds(seconds: float) -> float:
    """Return seconds as milliseconds, for printing."""
    return round(seconds * 1000, 2)


def summary(rounds: Sequence[tuple[float, Sequence[float]]]) -> dict[str, float]:
    """Return rate and latencies of rounds, each (seconds it took, seconds of each request).

    The rate is the median of the rounds' rates, so that a disturbed round does not count; latencies are of all rounds.
    """
    everything = [latency for _, latencies in rounds for latency in latencies]
    return {
        "per_second": round(median(len(latencies) / elapsed for elapsed, latencies in rounds), 1),
        "p50_ms": milliseconds(quantile(everything, 0.5)),
        "p99_ms": milliseconds(quantile(everything, 0.99)),
    }
