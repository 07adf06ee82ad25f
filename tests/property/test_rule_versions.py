"""Whatever is published, every period of every case is counted by exactly one version, and what is finished stays."""

import itertools
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.access import Viewer
from casework.commands.decide_deadline_rule import publish_deadline_rule
from casework.commands.propose_deadline_rule import Proposal, propose_deadline_rule
from casework.deadline_recounts import run_recounts
from casework.deadline_rules import load_book
from casework.deadlines.computation import Deadline, compute
from casework.deadlines.rule_book import CaseRules, RuleBook, RuleVersion, Transition, shipped_book
from casework.deadlines.rule_changes import changed_rule
from casework.deadlines.rules import CaseFacts
from casework.deadlines.work_calendar import WorkCalendar
from casework.store.tables import deadline_rule_version
from engine.domain.actor import Actor
from engine.store.tables import timer
from tests import effort
from tests.bpmn_builder import END, START, boundary, file, node, process
from tests.bpmn_builder import timer as timer_event
from tests.integration.casework.office import Office
from tests.rule_versions import LAW

CALENDAR = WorkCalendar()
FIRST = date(2026, 1, 5)
days = st.integers(0, 120).map(lambda number: FIRST + timedelta(days=number))
changes = st.fixed_dictionaries(
    {"length": st.integers(0, 40), "unit": st.sampled_from(["calendar-day", "working-day"]), "basis": st.just(LAW)}
)
transitions = st.builds(
    Transition, days, st.sampled_from(["keep", "change"]), st.sampled_from(["start", "mediation_accepted_on"])
)
histories = st.lists(st.tuples(changes, transitions), max_size=5).map(
    lambda drawn: [
        (change, replace(transition, effective_on=day))
        for (change, transition), day in zip(drawn, sorted(each.effective_on for _, each in drawn), strict=True)
    ]
)
facts = st.dictionaries(st.just("mediation_accepted_on"), days).map(lambda dates: CaseFacts(dates=dates))


def published(history: list[tuple[Mapping[str, Any], Transition]]) -> list[RuleBook]:
    """Return the book before and after each publication."""
    books = [shipped_book()]
    for number, (change, transition) in enumerate(history, 2):
        rule = changed_rule(books[-1].versions("MED-15R")[-1].rule, change, number)
        books.append(books[-1].with_version(RuleVersion(rule, transition)))
    return books


def alone(book: RuleBook, number: int, start: date) -> date:
    """Return the due date as if that version were the only one there ever was."""
    rule = book.versions("MED-15R")[number - 1].rule
    return compute("MED-15R", start, CALENDAR, rules=CaseRules(RuleBook({"MED-15R": (RuleVersion(rule),)}))).due


def counted(book: RuleBook, start: date, case: CaseFacts) -> Deadline:
    return compute("MED-15R", start, CALENDAR, rules=CaseRules(book, case))


@settings(max_examples=effort.examples(200), deadline=None)
@given(histories, days, facts)
def test_a_period_is_counted_wholly_by_one_published_version(history: Any, start: date, case: CaseFacts) -> None:
    book = published(history)[-1]
    found = counted(book, start, case)
    assert 1 <= found.rule.version <= len(history) + 1
    assert found.due == alone(book, found.rule.version, start)
    assert counted(book, start, case) == found


@settings(max_examples=effort.examples(200), deadline=None)
@given(histories, days, facts)
def test_each_publication_reaches_just_the_periods_that_its_transition_names(
    history: Any, start: date, case: CaseFacts
) -> None:
    books = published(history)
    for number, (before, after, (_, transition)) in enumerate(zip(books, books[1:], history, strict=False), 2):
        old, new = counted(before, start, case), counted(after, start, case)
        decisive = start
        if transition.deciding_date != "start":
            decisive = case.dates.get(transition.deciding_date, start)
        if decisive >= transition.effective_on:
            assert new.rule.version == number
        elif transition.cases_before == "keep":
            assert new == old
        else:
            runs_on = old.due >= transition.effective_on and alone(after, number, start) >= transition.effective_on
            assert new.rule.version == (number if runs_on else old.rule.version)
        if old.due < transition.effective_on > decisive:
            assert new == old, "a period that was over before the version took effect is changed by it"


COUNTED = file(
    process(
        "dispute",
        START,
        END,
        node("userTask", "a", camunda_candidateGroups="window-clerk"),
        boundary("late", "a", timer_event("Date", '${deadline("MED-15R", received_on)}')),
        "start>a",
        "a>end",
        "late>end",
    )
)
office_days = st.integers(0, 50).map(lambda number: FIRST + timedelta(days=number))
steps = st.lists(
    st.one_of(
        st.tuples(st.just("open"), office_days),
        st.tuples(st.just("finish"), st.integers(0, 9)),
        st.tuples(st.just("publish"), st.tuples(changes, transitions)),
        st.tuples(st.just("recount"), st.none()),
    ),
    min_size=3,
    max_size=9,
)


@settings(max_examples=effort.examples(12), deadline=None)
@given(steps=steps)
def test_publishing_again_and_again_never_changes_a_finished_timer(
    engine: sa.Engine, tmp_path: Path, steps: list[tuple[str, Any]]
) -> None:
    with engine.begin() as connection:  # the database is the test's, shared by its examples: begin with one rule
        connection.execute(sa.delete(deadline_rule_version))
        connection.execute(sa.update(timer).where(timer.c.state == "waiting").values(state="canceled"))
    office = Bench(engine, tmp_path)
    for step, argument in steps:
        office.take(step, argument)
    office.take("recount", None)
    with engine.connect() as connection:
        book = load_book(connection)
    for row in office.rows(timer, timer.c.state == "waiting"):
        start = date.fromisoformat(row.explanation["start"])
        due = counted(book, start, CaseFacts(dates={"received_on": start}))
        assert (row.explanation["due"], row.explanation["version"]) == (due.due.isoformat(), due.rule.version)
    for row_id, (due_at, explanation) in office.finished.items():
        (row,) = office.rows(timer, timer.c.id == row_id)
        assert (row.state, row.due_at, row.explanation) == ("fired", due_at, explanation)


_offices = itertools.count(1)


class Bench(Office):
    """An office in which rules are published between cases."""

    def __init__(self, engine: sa.Engine, folder: Path) -> None:
        super().__init__(engine, folder, COUNTED, first_id=next(_offices) * 1_000_000)
        self.finished: dict[Any, tuple[Any, Any]] = {}
        self.last_effective = FIRST

    def take(self, step: str, argument: Any) -> None:
        match step:
            case "open":
                self.register(event_dates={"received_on": argument})
            case "finish":
                waiting = self.rows(timer, timer.c.state == "waiting")
                if waiting:
                    self.finish(waiting[argument % len(waiting)])
            case "publish":
                self.publish(*argument)
            case "recount":
                run_recounts(lambda: self.work(Actor("system")))

    def finish(self, row: Any) -> None:
        with self.begin() as connection:
            connection.execute(sa.update(timer).where(timer.c.id == row.id).values(state="fired"))
        self.finished[row.id] = (row.due_at, row.explanation)

    def publish(self, change: Mapping[str, Any], transition: Transition) -> None:
        effective_on = self.last_effective = max(self.last_effective, transition.effective_on)
        proposal = Proposal(
            "MED-15R", change, effective_on, transition.cases_before, transition.deciding_date, "《某法》第一条"
        )
        with self.as_user("first") as uow:
            number = propose_deadline_rule(uow, self.bureau, supervisor("first"), proposal)
        with self.as_user("second") as uow:
            publish_deadline_rule(uow, self.bureau, supervisor("second"), "MED-15R", number, "")


def supervisor(username: str) -> Viewer:
    """Return a supervisor of the whole city; the commands look at role and area alone."""
    nobody: Any = None
    return Viewer(nobody, username, frozenset({"supervisor"}), "370400", "370400/", None)
