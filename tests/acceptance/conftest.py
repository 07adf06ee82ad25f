"""Grounds for scenarios on the server of the test run: one with the repository's models, one with the samples."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from casework.settings import CHECKOUT, Settings
from tingzhu.composition import read_resources
from tingzhu.scenarios.ground import Ground, prepared_ground

SAMPLES = Path(__file__).parent / "samples"


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of the repository, with everything written elsewhere."""
    return Settings(var_dir=tmp_path_factory.mktemp("var"), sites_dir=CHECKOUT / "sites", site="zaozhuang")


@pytest.fixture(scope="session")
def ground(server_url: str, settings: Settings) -> Iterator[Ground]:
    """The ground with the processes and forms of the repository."""
    resources = read_resources(settings.processes_dir, settings.forms_dir)
    with prepared_ground(sa.make_url(server_url), settings, resources) as found:
        yield found


@pytest.fixture(scope="session")
def sample_ground(server_url: str, settings: Settings) -> Iterator[Ground]:
    """The ground with the sample process."""
    with prepared_ground(sa.make_url(server_url), settings, read_resources(SAMPLES)) as found:
        yield found
