"""Fails a run of all scenarios that leaves an element of a shipped process unpassed: a road nobody has driven."""

from collections.abc import Iterable, Sequence

import pytest

PASSED = "passed-elements"
"""Property of a scenario's test: the elements that it passed, each as `process/element`."""
KNOWN = "known-elements"
"""Property of the same test: all elements of the processes that it was played on."""


class ScenarioCoverage:
    """Gathers what scenarios passed, in the process that collects reports, whichever worker played them."""

    def __init__(self, wanted: int) -> None:
        """Judge only runs that play `wanted` scenarios, all of them well."""
        self._wanted = wanted
        self._played = 0
        self._passed: set[str] = set()
        self._known: set[str] = set()
        self._all_good = True

    @property
    def unpassed(self) -> Sequence[str]:
        """Elements that no scenario passed; none while not all scenarios were played."""
        if self._played < self._wanted or not self._all_good:
            return ()
        return sorted(self._known - self._passed)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take the elements of a scenario's report."""
        found = dict(report.user_properties)
        if report.when != "call" or PASSED not in found:
            return
        self._played += 1
        self._all_good = self._all_good and report.passed
        self._passed |= set(_texts(found[PASSED]))
        self._known |= set(_texts(found[KNOWN]))

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Fail the run."""
        if self.unpassed:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say which."""
        if self.unpassed:
            terminalreporter.section("elements that no scenario passes", sep="-", red=True)
            for each in self.unpassed:
                terminalreporter.write_line(each)


def _texts(value: object) -> Iterable[str]:
    return (str(each) for each in value) if isinstance(value, list | tuple) else ()
