"""Figures for Prometheus: what the database holds now, and how long requests took."""

from collections.abc import Iterator, Mapping
from ipaddress import ip_address

from flask import Response, current_app, request
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from api.authentication import authenticate
from api.context import current
from api.figures import Figures, count_figures
from api.request_metrics import BUCKETS_SECONDS, RequestMetrics
from api.routes import Routes
from api.rules import public
from engine.domain.errors import ForbiddenError

routes = Routes("metrics", __name__, url_prefix="/api/v1/metrics", description="Metrics")


@routes.route("", methods=["GET"])
@public(owner="api", reason="the view itself asks for a loopback address or an administrator")
@routes.response(200, {"type": "string"}, content_type="text/plain")
def get_metrics() -> Response:
    """Metrics in Prometheus' text format, for loopback addresses and administrators only."""
    context = current()
    if not _is_loopback():
        viewer, _ = authenticate(context.connection, request, context.now)
        if "admin" not in viewer.roles:
            raise ForbiddenError()
    registry = CollectorRegistry()
    times: RequestMetrics = current_app.extensions["request_metrics"]
    registry.register(_Figures(count_figures(context.connection, context.now)))
    registry.register(_RequestTimes(times))
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


class _Figures(Collector):
    def __init__(self, figures: Figures) -> None:
        self._figures = figures

    def collect(self) -> Iterator[Metric]:
        """Yield one gauge per figure."""
        figures = self._figures
        yield _states("tingzhu_process_instances", "Process instances that have not ended", figures.instances)
        yield _states("tingzhu_user_tasks", "Open user tasks", figures.user_tasks)
        yield _states("tingzhu_jobs", "Jobs that have not ended", figures.jobs)
        for name, text, value in (
            ("tingzhu_user_tasks_overdue", "Open user tasks whose due date has passed", figures.overdue_user_tasks),
            ("tingzhu_incidents_open", "Open incidents", figures.incidents),
            ("tingzhu_timers_waiting", "Waiting timers", figures.timers),
            ("tingzhu_timers_overdue", "Waiting timers whose time has come", figures.overdue_timers),
            ("tingzhu_timer_lag_seconds", "Lateness of the oldest of these", figures.timer_lag_seconds),
        ):
            yield GaugeMetricFamily(name, text, value=value)


class _RequestTimes(Collector):
    def __init__(self, metrics: RequestMetrics) -> None:
        self._metrics = metrics

    def collect(self) -> Iterator[Metric]:
        """Yield durations and outcomes of requests by route, summed over all serving processes."""
        labels = ["method", "route"]
        durations = HistogramMetricFamily("tingzhu_request_seconds", "Duration of requests", labels=labels)
        outcomes = CounterMetricFamily("tingzhu_requests", "Answered requests", labels=[*labels, "status"])
        for route in self._metrics.totals():
            below, buckets = 0, []
            for bound, count in zip((*map(str, BUCKETS_SECONDS), "+Inf"), route.buckets, strict=True):
                below += count
                buckets.append((bound, below))
            durations.add_metric([route.method, route.rule], buckets, sum_value=route.seconds)
            for status, count in route.statuses.items():
                outcomes.add_metric([route.method, route.rule, status], count)
        yield durations
        yield outcomes


def _states(name: str, text: str, counts: Mapping[str, int]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, text, labels=["state"])
    for state, count in counts.items():
        family.add_metric([state], count)
    return family


def _is_loopback() -> bool:
    """Return whether the caller sits on this machine; whoever comes through a proxy does not."""
    if any(name in request.headers for name in ("Forwarded", "X-Forwarded-For", "X-Real-IP")):
        return False
    try:
        return ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False
