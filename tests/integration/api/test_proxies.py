"""Whose address counts when reverse proxies stand in front of the server."""

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from casework.verification import FREE_FAILURES
from tests.integration.api.conftest import open_desk


@pytest.mark.parametrize(
    ("proxies", "forwarded_for", "is_stopped"),
    [
        (0, lambda n: f"10.0.0.{n}", True),  # nobody in front: the header is whatever a browser says
        (1, lambda n: f"10.0.0.{n}", False),  # a proxy in front, and each time another browser
        (1, lambda n: f"10.0.0.{n}, 192.0.2.7", True),  # one browser that claims to be others
    ],
)
def test_who_guesses_hides_behind_a_header_or_stops_everybody_behind_the_proxy(
    engine: sa.Engine, tmp_path: Path, proxies: int, forwarded_for: Callable[[int], str], is_stopped: bool
) -> None:
    question = {"number": "枣劳人登〔2026〕1号", "code": "ACDE-ACDE-ACDE"}
    for desk in open_desk(engine, tmp_path, proxies=proxies):
        seen = {
            desk.call(
                "GET",
                "/verification",
                by=None,
                query_string=question,
                headers={"X-Forwarded-For": forwarded_for(n)},
            ).status_code
            for n in range(FREE_FAILURES + 1)
        }
        assert (429 in seen) is is_stopped
