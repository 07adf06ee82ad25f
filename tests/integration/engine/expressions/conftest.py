"""One evaluator for the tests of expressions, and the host functions they call."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from engine.domain.host import Explained, HostFunction
from engine.expressions import Evaluator, Limits, Session

NOW = datetime(2026, 2, 3, 4, 5, tzinfo=UTC)


def _deadline(rule: str, start: date) -> Explained:
    return Explained(start + timedelta(days=15), {"rule": rule, "start": start.isoformat()})


def host_functions() -> dict[str, HostFunction]:
    """Return a few host functions by name."""
    functions = [
        HostFunction("now", "def now() -> datetime: ...", lambda: NOW),
        HostFunction("today", "def today() -> date: ...", lambda: date(2026, 2, 3)),
        HostFunction("days", "def days(n: int) -> timedelta: ...", lambda n: timedelta(days=n)),
        HostFunction("deadline", "def deadline(rule: str, start: date) -> date: ...", _deadline),
    ]
    return {function.name: function for function in functions}


@pytest.fixture(scope="module")
def evaluator() -> Iterator[Evaluator]:
    evaluator = Evaluator(Limits(seconds=0.5, processes=2))
    yield evaluator
    evaluator.close()


@pytest.fixture
def session(evaluator: Evaluator) -> Iterator[Session]:
    with evaluator.session(host_functions(), NOW) as session:
        yield session
