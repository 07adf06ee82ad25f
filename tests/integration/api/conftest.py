"""An office with the API in front of it, for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.integration.api.service_desk import ServiceDesk


@pytest.fixture
def desk(engine: sa.Engine, tmp_path: Path) -> Iterator[ServiceDesk]:
    desk = ServiceDesk(engine, tmp_path)
    yield desk
    desk.close()
