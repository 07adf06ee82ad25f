"""Plays the scenarios that a designer asked for: python -m tingzhu.scenarios_main. A worker starts it and it ends by itself.

It reads the models that are live and the scenario files, plays on a database server of its own, and writes what came of
each scenario into the installation's database; of cases it sees nothing there.
"""

import logging
import os
import signal
from collections.abc import Callable, Sequence
from types import FrameType
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from casework.scenario_files import ScenarioFile, scenario_files_of
from casework.scenario_runs import Played, begin_run, chosen_files, fail_run, finish_run, keep_result, take_run
from casework.settings import Settings
from engine.domain.clock import Clock, SystemClock
from engine.domain.errors import TingzhuError
from engine.domain.ids import IdSource, uuid7_source
from engine.domain.resource import Resource
from engine.queries.definitions import list_process_definitions
from engine.store.deployments import deployed_resources, latest_deployment
from tingzhu.logs import set_up_logs
from tingzhu.scenarios.ground import ground_of_its_own
from tingzhu.scenarios.names import Names, check_names
from tingzhu.scenarios.reading import read_scenarios
from tingzhu.scenarios.report import coverage, coverage_as_json
from tingzhu.scenarios.run import Result, run_scenario
from tingzhu.scenarios.scenario import Scenario
from tingzhu.scenarios.words import miss_words, step_words

_log = logging.getLogger(__name__)

NICENESS = 10
"""Cases go first: what people wait for is served before what a designer plays."""

Store = Callable[[], Any]
"""Opens a connection to the installation's database in a transaction that commits at the end of its block."""


def main() -> None:
    """Play the run that waits, if any."""
    settings = Settings.from_environment(os.environ)
    set_up_logs(settings)
    os.nice(NICENESS)
    signal.signal(signal.SIGTERM, _leave)
    engine = sa.create_engine(settings.database_url, pool_size=1, max_overflow=0)
    try:
        play_waiting_run(settings, engine.begin, SystemClock())
    finally:
        engine.dispose()


def _leave(_number: int, _frame: FrameType | None) -> None:
    """End so that the database server and the files of the scenarios go too."""
    raise SystemExit(128 + signal.SIGTERM)


def play_waiting_run(settings: Settings, store: Store, clock: Clock) -> UUID | None:
    """Play the run that waits and return its id; None when none waits.

    What keeps it from being played (models, files, no demonstration accounts) is kept with the run.
    """
    with store() as connection:
        taken = take_run(connection, clock.now())
    if taken is None:
        return None
    run_id, folder, file = taken
    ids = uuid7_source(clock)
    files = chosen_files(scenario_files_of(settings.processes_dir), folder, file)
    _log.info("%s scenarios are played (run %s)", len(files), run_id)
    try:
        covered = _play(settings, store, clock, ids, run_id, files)
        with store() as connection:
            finish_run(connection, run_id, covered if file is None else [], clock.now())
    except TingzhuError as error:
        with store() as connection:
            fail_run(connection, run_id, error, clock.now())
    _log.info("run %s of scenarios has ended", run_id)
    return run_id


def _play(
    settings: Settings, store: Store, clock: Clock, ids: IdSource, run_id: UUID, files: Sequence[ScenarioFile]
) -> list[dict[str, Any]]:
    """Play files, keep what comes of each, and return how much of the processes that they entered they passed."""
    scenarios = read_scenarios([settings.processes_dir / each.file for each in files])
    with store() as connection:
        resources, versions = _live_models(connection)
        begin_run(connection, run_id, versions, len(scenarios), clock.now())
    with ground_of_its_own(settings, resources) as ground:
        check_names(scenarios, ground.names)
        results: list[Result] = []
        for file, scenario in zip(files, scenarios, strict=True):
            result = run_scenario(ground, scenario)
            results.append(result)
            with store() as connection:
                keep_result(connection, run_id, ids(), played(file.file, scenario, result, ground.names), clock.now())
        return coverage_as_json(coverage(ground.bundle, results))


def _live_models(connection: sa.Connection) -> tuple[list[Resource], list[dict[str, Any]]]:
    versions = list_process_definitions(connection, limit=200).items
    told = [{"id": str(each["id"]), **{name: each[name] for name in ("key", "version", "name")}} for each in versions]
    live = latest_deployment(connection)
    return [] if live is None else deployed_resources(connection, live.id), told


def played(file: str, scenario: Scenario, result: Result, names: Names) -> Played:
    """Return what is kept of a result."""
    failure = result.failure
    told: dict[str, Any] | None = None
    if failure is not None:
        words = step_words(failure, names)
        told = {
            "step": failure.number,
            "line": failure.line,
            "title": failure.title,
            "zh": words.zh,
            "en": words.en,
            "elements": [list(place) for place in words.places],
            "misses": [{"zh": miss.zh, "en": miss.en} for miss in map(miss_words, failure.misses)],
        }
    return Played(file, scenario.name, scenario.given.process, result.seconds, told, result.way)


if __name__ == "__main__":
    main()
