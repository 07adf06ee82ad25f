"""An office with the API in front of it, for each test."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests.integration.api.service_desk import ServiceDesk


def open_desk(engine: sa.Engine, folder: Path, *parts: Any, **settings: Any) -> Iterator[ServiceDesk]:
    """Yield a desk and close it."""
    desk = ServiceDesk(engine, folder, *parts, **settings)
    yield desk
    desk.close()


@pytest.fixture
def desk(engine: sa.Engine, tmp_path: Path) -> Iterator[ServiceDesk]:
    yield from open_desk(engine, tmp_path)
