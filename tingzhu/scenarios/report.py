"""Tells people, or programs, what came of scenarios: a line each, coverage per process, the count."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from engine.bpmn.bundle import Bundle
from tingzhu.scenarios.run import Result


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of one process the scenarios passed."""

    process_key: str
    name: str
    total: int
    never_passed: tuple[tuple[str, str], ...]
    """Ids and names of the elements that no scenario passed, in the order of the model."""

    @property
    def passed(self) -> int:
        """How many elements were passed."""
        return self.total - len(self.never_passed)


def coverage(bundle: Bundle, results: Sequence[Result], processes: Collection[str] | None = None) -> list[Coverage]:
    """Return the coverage of processes, by key; of those that were entered when none are named."""
    passed = frozenset().union(*(result.passed for result in results))
    shown = {key for key, _ in passed} if processes is None else processes
    return [
        Coverage(
            process_key=key,
            name=bundle.processes[key].name,
            total=len(bundle.elements[key]),
            never_passed=tuple(
                (each.id, each.name) for each in bundle.elements[key].values() if (key, each.id) not in passed
            ),
        )
        for key in sorted(bundle.processes)
        if key in shown
    ]


def result_line(result: Result, language: str) -> str:
    """Return one line about a scenario."""
    place = f"{result.file} {result.name}"
    if result.failure is None:
        return f"ok      {place} ({result.seconds:.1f} s)"
    failure = result.failure
    is_chinese = language == "zh"
    said = ("；" if is_chinese else "; ").join(_flat(miss.sentence(language)) for miss in failure.misses)
    if is_chinese:
        return f"FAILED  {place}：第 {failure.number} 步（第 {failure.line} 行，{failure.title}）：{said}"
    return f"FAILED  {place}: step {failure.number} (line {failure.line}, {failure.title}): {said}"


def coverage_line(found: Coverage, language: str) -> str:
    """Return one line about the coverage of a process."""
    percent = round(100 * found.passed / found.total) if found.total else 100
    names = [name if name == element_id else f"{name} ({element_id})" for element_id, name in found.never_passed]
    if language == "zh":
        rest = f"；未经过：{'、'.join(names)}" if names else ""
        return f"覆盖    {found.process_key} {found.name}：{found.passed}/{found.total}（{percent}%）{rest}"
    rest = f"; never passed: {', '.join(names)}" if names else ""
    return f"covered {found.process_key} {found.name}: {found.passed}/{found.total} ({percent}%){rest}"


def count_line(results: Sequence[Result]) -> str:
    """Return the last line of every run."""
    good = sum(result.is_good for result in results)
    return f"{good} passed, {len(results) - good} failed"


def as_json(results: Sequence[Result], covered: Sequence[Coverage]) -> dict[str, Any]:
    """Return everything as JSON."""
    return {
        "scenarios": [_result(each) for each in results],
        "coverage": coverage_as_json(covered),
        "passed": sum(each.is_good for each in results),
        "failed": sum(not each.is_good for each in results),
    }


def coverage_as_json(covered: Sequence[Coverage]) -> list[dict[str, Any]]:
    """Return coverage as JSON."""
    return [
        {
            "process_key": each.process_key,
            "name": each.name,
            "passed": each.passed,
            "total": each.total,
            "never_passed": [{"element_id": found, "element_name": name} for found, name in each.never_passed],
        }
        for each in covered
    ]


def _result(result: Result) -> dict[str, Any]:
    failure = result.failure
    return {
        "file": result.file,
        "name": result.name,
        "is_good": result.is_good,
        "seconds": round(result.seconds, 3),
        "failure": failure
        and {
            "step": failure.number,
            "line": failure.line,
            "title": failure.title,
            "misses": [{"zh": miss.zh, "en": miss.en} for miss in failure.misses],
        },
    }


def _flat(text: str) -> str:
    return " ".join(_words(text))


def _words(text: str) -> Iterator[str]:
    yield from text.split()
