"""An installation with a real API process, for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.resilience.serving import Served


@pytest.fixture
def served(engine: sa.Engine, database_url: str, tmp_path: Path) -> Iterator[Served]:
    served = Served(engine, database_url, tmp_path)
    try:
        served.api.start()
        yield served
    finally:
        served.close()
