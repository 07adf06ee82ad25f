"""Runs scenarios and keeps what came of each."""

import atexit
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

import sqlalchemy as sa

from casework.settings import Settings
from engine.domain.errors import TingzhuError
from engine.store.history import verify
from tingzhu.scenarios.expectations import Miss, misses, passed_places
from tingzhu.scenarios.ground import Ground, open_ground
from tingzhu.scenarios.names import Place
from tingzhu.scenarios.play import Play, StepImpossibleError
from tingzhu.scenarios.scenario import Expect, Scenario, Step

WORTH_A_PROCESS = 8
"""Scenarios from which on a second process saves more than it costs."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Where a scenario went another way than written, and how."""

    number: int
    """Of the step; 0 for what is given, one more than the last step for what holds at the end of every scenario."""
    line: int
    title: str
    misses: tuple[Miss, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one scenario."""

    file: str
    name: str
    failure: Failure | None
    way: tuple[Place, ...]
    """Elements that were passed, in order, each as often as it was."""
    seconds: float

    @property
    def passed(self) -> frozenset[Place]:
        """Elements that were passed at least once."""
        return frozenset(self.way)

    @property
    def is_good(self) -> bool:
        """Whether everything came as written."""
        return self.failure is None


def run_scenarios(ground: Ground, scenarios: Sequence[Scenario], processes: int = 1) -> Iterator[Result]:
    """Play scenarios, each on a copy of the ground, and yield the results in order.

    With several processes each opens the ground for itself; that takes a moment, and is worth it for many scenarios.
    """
    if processes == 1 or len(scenarios) < WORTH_A_PROCESS:
        for scenario in scenarios:
            yield run_scenario(ground, scenario)
        return
    with ProcessPoolExecutor(
        processes, get_context("spawn"), initializer=_open, initargs=(ground.url, ground.settings)
    ) as pool:
        yield from pool.map(_run_here, scenarios)


_opened: list[Ground] = []
"""The ground of a process that was started to play scenarios."""


def _open(url: sa.URL, settings: Settings) -> None:
    ground = open_ground(url, settings)
    _opened.append(ground)
    atexit.register(ground.close)


def _run_here(scenario: Scenario) -> Result:
    return run_scenario(_opened[0], scenario)


def run_scenario(ground: Ground, scenario: Scenario) -> Result:
    """Play one scenario on a copy of the ground."""
    began = time.perf_counter()
    with ground.copy() as engine:
        play = Play(ground, engine, scenario)
        failure = _play(play, scenario)
        way = tuple(passed_places(play))
    return Result(scenario.file, scenario.name, failure, way, time.perf_counter() - began)


def _play(play: Play, scenario: Scenario) -> Failure | None:
    try:
        play.begin()
    except (TingzhuError, StepImpossibleError) as error:
        return Failure(0, scenario.lines.get(("given",), 1), "given", (_told(error),))
    for step in scenario.steps:
        found = misses(play, step.deed.expectations) if isinstance(step.deed, Expect) else _take(play, step)
        if found:
            return Failure(step.number, step.line, step.title, tuple(found))
    return _aftermath(play, scenario)


def _take(play: Play, step: Step) -> list[Miss]:
    try:
        play.do(step.deed)
    except TingzhuError as error:
        if step.refused == error.code:
            return []
        told = _told(error)
        if step.refused is None:
            return [Miss(f"被拒绝（{error.code}）：{told.zh}", f"it was refused ({error.code}): {told.en}")]
        zh = f"应以 {step.refused} 被拒绝，实为 {error.code}：{told.zh}"
        return [Miss(zh, f"it should be refused with {step.refused}, but is with {error.code}: {told.en}")]
    except StepImpossibleError as error:
        return [_told(error)]
    if step.refused is None:
        return []
    return [
        Miss(f"应以 {step.refused} 被拒绝，实际被接受", f"it should be refused with {step.refused}, but was accepted")
    ]


def _aftermath(play: Play, scenario: Scenario) -> Failure | None:
    """Check what holds for every case, whatever its scenario expects: the history is whole."""
    try:
        with play.engine.connect() as connection:
            verify(connection, play.case_id)
    except TingzhuError as error:
        return Failure(len(scenario.steps) + 1, 1, "history", (_told(error),))
    return None


def _told(error: TingzhuError | StepImpossibleError) -> Miss:
    if isinstance(error, StepImpossibleError):
        return Miss(error.zh, error.en)
    zh, en = error.sentence("zh"), error.sentence("en")
    for each in error.data.get("problems", ()):
        problem = each if isinstance(each, Mapping) else each.as_dict()
        place = problem.get("path") or problem.get("field") or ""
        zh += f" {place}：{problem['zh']}"
        en += f" {place}: {problem['en']}"
    return Miss(zh, en)
