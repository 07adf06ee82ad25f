"""What scenarios may speak of: elements by id or name, processes, accounts, templates and the rest, with suggestions."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from marshmallow import ValidationError

from casework.event_dates import EVENT_DATES
from casework.named_inputs import INPUT_NAMES
from casework.notices import notice_templates
from casework.roles import ROLES
from casework.site import Site
from casework.stages import STAGES
from engine.bpmn.bundle import Bundle
from engine.bpmn.elements import Element
from handlers.registry import job_types
from tingzhu.scenarios.errors import FileProblem, ScenariosInvalidError
from tingzhu.scenarios.reading import dotted
from tingzhu.scenarios.scenario import (
    AskCorrection,
    Claim,
    Complete,
    CorrectDate,
    CorrectTask,
    Delegate,
    EndCorrection,
    EndDelegation,
    Expect,
    HandOver,
    RecordDates,
    ResolveIncident,
    Retract,
    Scenario,
    SendMessage,
    Step,
    Who,
)
from tingzhu.scenarios.schemas import unknown_name
from tingzhu.scenarios.yaml_lines import line_of

Place = tuple[str, str]
"""Process key and element id."""

_ELEMENT_LISTS = ("tasks", "has_tasks", "jobs", "passed", "not_passed")
_ELEMENT_MAPS = ("due", "timers")


@dataclass(frozen=True, slots=True)
class Names:
    """Every name that scenarios may use with one deployment."""

    elements: Mapping[Place, Element]
    processes: frozenset[str]
    messages: frozenset[str]
    job_types: frozenset[str]
    usernames: frozenset[str]
    organisations: frozenset[str]

    @classmethod
    def of(cls, bundle: Bundle, site: Site) -> "Names":
        """Return the names of a deployment and of a site with its demonstration data."""
        elements = {(key, each.id): each for key, found in bundle.elements.items() for each in found.values()}
        started = {each.start_message for each in bundle.processes.values()}
        users, organisations = (site.demo.users, site.demo.organisations) if site.demo else ((), ())
        return cls(
            elements=elements,
            processes=frozenset(bundle.processes),
            messages=frozenset(each.message_name for each in elements.values() if each.message_name)
            | frozenset(each for each in started if each),
            job_types=frozenset(job_types()),
            usernames=frozenset(entry["username"] for entry in users),
            organisations=frozenset(each.code for each in (*site.organisations, *organisations)),
        )

    def places(self, reference: str) -> frozenset[Place]:
        """Return the elements that a reference means: an id, a name, or either after `process-key/`."""
        process, _, rest = reference.rpartition("/")
        if process in self.processes:
            found = self._places(rest, process)
            if found:
                return found
        return self._places(reference, None)

    def _places(self, text: str, process: str | None) -> frozenset[Place]:
        inside = [place for place in self.elements if process in (None, place[0])]
        by_id = frozenset(place for place in inside if place[1] == text)
        return by_id or frozenset(place for place in inside if self.elements[place].name == text)

    def shown(self, place: Place) -> str:
        """Return an element for people: its name and id."""
        element = self.elements.get(place)
        return f"{element.name}（{place[1]}）" if element and element.name != place[1] else place[1]

    def element_words(self) -> list[str]:
        """Return everything that may be written for an element."""
        return sorted({place[1] for place in self.elements} | {each.name for each in self.elements.values()})


def check_names(scenarios: Sequence[Scenario], names: Names) -> None:
    """Raise ScenariosInvalidError with every name in the scenarios that means nothing."""
    problems = [found for scenario in scenarios for found in _problems(scenario, names)]
    if problems:
        raise ScenariosInvalidError(problems)


def _problems(scenario: Scenario, names: Names) -> Iterator[FileProblem]:
    for path, line, error in _unknown(scenario, names):
        found: Any = error.messages[0]
        yield FileProblem(scenario.file, line, dotted(path), found.zh, found.en)


def _unknown(scenario: Scenario, names: Names) -> Iterator[tuple[tuple[Any, ...], int, ValidationError]]:
    for path, word, known in _given_words(scenario, names):
        if word not in known:
            yield path, line_of(dict(scenario.lines), path), unknown_name(word, known)
    words = names.element_words()
    for step in scenario.steps:
        title = step.title.partition(":")[0]
        for key, word in _element_references(step):
            if not names.places(word):
                yield (title, key) if key else (title,), step.line, unknown_name(word, words)
        for key, word, known in _step_words(step, names):
            if word not in known:
                yield (title, key) if key else (title,), step.line, unknown_name(word, known)


def _given_words(scenario: Scenario, names: Names) -> Iterator[tuple[tuple[Any, ...], str, Any]]:
    given = scenario.given
    yield ("given", "process"), given.process, names.processes
    yield ("given", "by"), given.by, names.usernames
    if given.organisation is not None:
        yield ("given", "organisation"), given.organisation, names.organisations
    for name in given.inputs:
        yield ("given", "inputs", name), name, INPUT_NAMES
    for name in given.registration.event_dates if given.registration else ():
        yield ("given", "event_dates", name), name, EVENT_DATES
    tasks = [element.id for element in names.elements.values() if element.topic]
    for key in given.handlers:
        if not any(names.elements[place].topic for place in names.places(key)):
            yield ("given", "handlers", key), key, [*names.job_types, *tasks]


def _element_references(step: Step) -> Iterator[tuple[str, str]]:
    match step.deed:
        case (
            Complete(element=element)
            | Claim(element=element)
            | Retract(element=element)
            | CorrectTask(element=element)
            | AskCorrection(element=element)
            | EndCorrection(element=element)
            | HandOver(element=element)
            | Delegate(element=element)
            | EndDelegation(element=element)
            | ResolveIncident(element=element)
        ):
            yield "", element
        case Expect(expectations=expected):
            for key in _ELEMENT_LISTS + _ELEMENT_MAPS:
                yield from ((key, word) for word in expected.get(key, ()))
            if not isinstance(expected.get("incidents", 0), int):
                yield from (("incidents", word) for word in expected["incidents"])


def _step_words(step: Step, names: Names) -> Iterator[tuple[str, str, Any]]:
    who = getattr(step.deed, "who", Who())
    if who.role is not None:
        yield "as", who.role, ROLES
    if who.user is not None:
        yield "user", who.user, names.usernames
    match step.deed:
        case SendMessage(name=name):
            yield "", name, names.messages
        case CorrectDate(name=name):
            yield "event_date", name, EVENT_DATES
        case RecordDates(values=values):
            yield from (("", name, EVENT_DATES) for name in values)
        case Expect(expectations=expected):
            if "stage" in expected:
                yield "stage", expected["stage"], [*STAGES, *(stage.zh for stage in STAGES.values())]
            yield from (("awaits", name, names.messages) for name in expected.get("awaits", ()))
            yield from (("event_dates", name, EVENT_DATES) for name in expected.get("event_dates", ()))
            for key in ("notified", "not_notified"):
                yield from ((key, name, notice_templates()) for name in expected.get(key, ()))
