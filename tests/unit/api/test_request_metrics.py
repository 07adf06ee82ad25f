"""Counters of requests, summed over processes."""

from pathlib import Path

from api.request_metrics import BUCKETS_SECONDS, RequestMetrics

ROUTES = [("GET", "/a"), ("POST", "/b")]


def test_counts_of_two_processes_add_up(tmp_path: Path) -> None:
    one, two = RequestMetrics(tmp_path, ROUTES), RequestMetrics(tmp_path, list(reversed(ROUTES)))
    one.count("GET", "/a", 200, 0.003)
    (own,) = tmp_path.iterdir()
    own.rename(own.with_name(own.name + "0"))
    two.count("GET", "/a", 404, 0.3)
    two.count("GET", "/a", 200, 60.0)
    (counted,) = two.totals()
    assert (counted.method, counted.rule) == ("GET", "/a")
    assert [counted.buckets[i] for i in (0, BUCKETS_SECONDS.index(0.5), -1)] == [1, 1, 1]
    assert sum(counted.buckets) == 3
    assert counted.statuses == {"2xx": 2, "3xx": 0, "4xx": 1, "5xx": 0}
    assert counted.seconds == 60.303


def test_another_build_with_other_routes_is_left_out(tmp_path: Path) -> None:
    RequestMetrics(tmp_path, [("GET", "/old")]).count("GET", "/old", 200, 0.1)
    assert list(RequestMetrics(tmp_path, ROUTES).totals()) == []


def test_a_route_that_is_not_known_is_not_counted(tmp_path: Path) -> None:
    metrics = RequestMetrics(tmp_path, ROUTES)
    metrics.count("GET", "/c", 200, 0.1)
    assert list(metrics.totals()) == []


def test_totals_before_the_first_request_are_empty(tmp_path: Path) -> None:
    assert list(RequestMetrics(tmp_path / "missing", ROUTES).totals()) == []
