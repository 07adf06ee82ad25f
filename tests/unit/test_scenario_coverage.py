"""A run of all scenarios that leaves an element unpassed fails."""

from typing import Any

import pytest

from tests.scenario_coverage import KNOWN, PASSED, ScenarioCoverage


def report(passed: list[str], *, outcome: Any = "passed", when: Any = "call") -> pytest.TestReport:
    properties: list[tuple[str, object]] = [(PASSED, passed), (KNOWN, ["p/a", "p/b", "p/c"])]
    return pytest.TestReport("t", ("t", 1, "t"), {}, outcome, None, when, user_properties=properties)


def test_what_no_scenario_passed_is_named_once_all_were_played() -> None:
    found = ScenarioCoverage(2)
    found.pytest_runtest_logreport(report(["p/a"]))
    assert found.unpassed == ()
    found.pytest_runtest_logreport(report(["p/c"], when="teardown"))
    assert found.unpassed == ()
    found.pytest_runtest_logreport(report(["p/a", "p/c"]))
    assert found.unpassed == ["p/b"]


def test_a_failing_scenario_is_told_of_by_itself() -> None:
    found = ScenarioCoverage(1)
    found.pytest_runtest_logreport(report(["p/a"], outcome="failed"))
    assert found.unpassed == ()


def test_where_every_element_was_passed_nothing_is_said() -> None:
    found = ScenarioCoverage(1)
    found.pytest_runtest_logreport(report(["p/a", "p/b", "p/c"]))
    assert found.unpassed == []
