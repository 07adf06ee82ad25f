"""Every scenario of the repository, played on its processes."""

from collections.abc import Callable
from pathlib import Path

import pytest

from casework.settings import CHECKOUT
from tests.scenario_coverage import KNOWN, PASSED
from tingzhu.scenarios.ground import Ground
from tingzhu.scenarios.names import check_names
from tingzhu.scenarios.reading import read_scenario
from tingzhu.scenarios.report import result_line
from tingzhu.scenarios.run import run_scenario

FILES = sorted((CHECKOUT / "processes").glob("*/scenarios/*.yaml"))
WANTED = 10


def shown(path: Path) -> str:
    return path.relative_to(CHECKOUT / "processes").as_posix()


@pytest.mark.parametrize("path", FILES, ids=shown)
def test_a_scenario_no_longer_comes_out_as_written(
    ground: Ground, path: Path, record_property: Callable[[str, object], None]
) -> None:
    scenario = read_scenario(shown(path), path.read_text("utf-8"))
    check_names([scenario], ground.names)
    result = run_scenario(ground, scenario)
    record_property(PASSED, sorted(f"{key}/{element}" for key, element in result.passed))
    record_property(
        KNOWN, sorted(f"{key}/{element}" for key, found in ground.bundle.elements.items() for element in found)
    )
    assert result.is_good, result_line(result, "en")


def test_scenarios_were_lost() -> None:
    assert len(FILES) >= WANTED
