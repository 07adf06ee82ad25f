"""An office of its own for each test."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.integration.casework.office import Office


@pytest.fixture
def office(engine: sa.Engine, tmp_path: Path) -> Office:
    return Office(engine, tmp_path)
