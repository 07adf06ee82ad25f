"""The scenario runner itself, on a small process: what it plays, what it reports, and that failures are failures."""

from collections.abc import Callable, Iterator
from textwrap import dedent

import pytest
import sqlalchemy as sa

from engine.store.tables import history, timer
from tests.acceptance.conftest import SAMPLES
from tingzhu.scenarios.expectations import misses
from tingzhu.scenarios.ground import Ground
from tingzhu.scenarios.names import check_names
from tingzhu.scenarios.play import Play
from tingzhu.scenarios.reading import read_scenario
from tingzhu.scenarios.report import coverage, result_line
from tingzhu.scenarios.run import WORTH_A_PROCESS, Result, run_scenario, run_scenarios
from tingzhu.scenarios.scenario import Expect

GIVEN = """
name: 试演
given:
  process: sealing
  at: 2026-09-01T09:00
  variables: {asked_on: 2026-09-01, fee: 20.50}
"""
RETURNS = 'returns: {document_id: 00000000-0000-0000-0000-000000000001, number: n1, sha256: "0"}'
FILLED = "{complete: Task_request, with: {paper: agreement, copies: 1}}"

Run = Callable[..., Result]


def text_of(when: str, handlers: str = "") -> str:
    scripted = f"  handlers: {{{handlers}}}\n" if handlers else ""
    return GIVEN + scripted + "when:\n" + dedent(when)


@pytest.fixture
def run(sample_ground: Ground) -> Run:
    def play(when: str, handlers: str = "") -> Result:
        scenario = read_scenario("trial.yaml", text_of(when, handlers))
        check_names([scenario], sample_ground.names)
        return run_scenario(sample_ground, scenario)

    return play


@pytest.fixture(scope="module")
def begun(sample_ground: Ground) -> Iterator[Play]:
    """A play that has begun and gets no further: to look at."""
    with sample_ground.copy() as engine:
        play = Play(sample_ground, engine, read_scenario("trial.yaml", text_of("- advance: P1D")))
        play.begin()
        yield play


def said(result: Result) -> str:
    assert result.failure is not None, "the scenario passed"
    return " | ".join(miss.zh for miss in result.failure.misses)


def test_office_verbs_cannot_be_played(run: Run) -> None:
    result = run(
        """
        - {claim: Task_request, user: mediator}
        - {delegate: Task_request, to: mediator2}
        - {complete: Task_request, user: mediator2, with: {paper: agreement, copies: 1}, expect_refused: user_task_delegated}
        - {return: Task_request}
        - {hand_over: Task_request, to: mediator2}
        - {complete: Task_request, user: mediator, with: {paper: agreement, copies: 1}, expect_refused: user_task_already_claimed}
        - {complete: Task_request, user: mediator2, with: {paper: agreement, copies: 1}}
        - {correct_task: Task_request, with: {copies: 2}}
        - {retract: Task_request, expect_refused: completion_not_retractable}
        """,
        f"render-document: {{{RETURNS}}}",
    )
    assert result.is_good, result_line(result, "en")


def test_the_sample_does_not_pass(sample_ground: Ground) -> None:
    path = SAMPLES / "scenarios" / "sealed.yaml"
    result = run_scenario(sample_ground, read_scenario(path.name, path.read_text("utf-8")))
    assert result.is_good, result_line(result, "en")


@pytest.mark.parametrize(
    ("expectation", "found"),
    [
        ("tasks: [Task_by_hand]", "tasks 应为 [Task_by_hand]，实为 填写用章申请（Task_request）"),
        ("tasks: []", "tasks 应为 []，实为 填写用章申请（Task_request）"),
        ("tasks: [Task_request, Task_request]", "tasks 应为 [Task_request, Task_request]"),
        ("has_tasks: [Task_by_hand]", "has_tasks 应为 [Task_by_hand]"),
        ("due: {Task_request: 2026-09-04}", "due Task_request 应为 2026-09-04，实为 [2026-09-03]"),
        ("due: {Task_by_hand: 2026-09-04}", "没有打开的任务"),
        ("timers: {Event_overdue: 2026-09-05}", "timers Event_overdue 应为 2026-09-05，实为 [2026-09-04]"),
        ("timers: {Event_reminder: 2026-09-02T09:01}", "实为 [2026-09-02T09:00]"),
        ("timers: {Event_reminder: null}", "timers Event_reminder 应为 []"),
        ("variables: {fee: 20.51}", "variables.fee 应为 20.51，实为 20.50"),
        ("variables: {fee: null}", "variables.fee 应为 null，实为 20.50"),
        ("ended: true", "ended 应为 true，实为 false（active；打开的任务：填写用章申请（Task_request））"),
        ("stage: registered", "stage 应为 registered，实为 （无）"),
        ("incidents: 1", "incidents 应为 1，实为 0"),
        ("incidents: [Task_press]", "incidents 应为 [Task_press]，实为 （无）"),
        ("jobs: [Task_press]", "jobs 应为 [Task_press]"),
        ("passed: [Task_request]", "应已经过 [Task_request]；最近经过：提出用章（Event_asked）"),
        ("not_passed: [Event_asked]", "不应经过 [Event_asked]"),
        ("notified: [attention]", "notified 应为 [attention]，实为 []"),
        ("documents: [mediation-agreement]", "documents 应为 [mediation-agreement]，实为 []"),
        ("event_dates: {performed_on: 2026-09-01}", "event_dates.performed_on 应为 2026-09-01，实为 null"),
    ],
)
def test_a_wrong_expectation_passes_or_does_not_say_what_was_found(begun: Play, expectation: str, found: str) -> None:
    expect = read_scenario("trial.yaml", text_of(f"- expect: {{{expectation}}}")).steps[0].deed
    assert isinstance(expect, Expect)
    assert found in " | ".join(miss.zh for miss in misses(begun, expect.expectations))


def test_only_the_first_of_two_misses_is_told(run: Run) -> None:
    result = run("- expect: {ended: true, incidents: 2}")
    assert result.failure is not None
    assert (result.failure.number, result.failure.line) == (1, 8)
    assert "ended" in said(result)
    assert "incidents" in said(result)


@pytest.mark.parametrize(
    ("step", "found"),
    [
        (
            "{complete: Task_by_hand}",
            "没有打开的任务 Task_by_hand。打开的任务：填写用章申请（Task_request）。",
        ),
        ("{complete: Task_request, with: {copies: 1}}", "被拒绝（form_invalid）"),
        ("{complete: Task_request, with: {copies: 1}}", "paper"),
        (
            "{complete: Task_request, with: {paper: notice, copies: 1}, expect_refused: form_invalid}",
            "应以 form_invalid 被拒绝，实际被接受",
        ),
        ("{complete: Task_request, expect_refused: not_found}", "应以 not_found 被拒绝，实为 form_invalid"),
        ("{complete: Task_request, as: window-clerk}", "被拒绝（not_found）"),
        ("{complete: Task_request, user: window}", "被拒绝（not_found）"),
        ("{resolve_incident: Task_press}", "没有未处理的异常"),
        ("{retract: Task_request}", "没有已提交的任务 Task_request"),
        ("{delegate: Task_request, to: mediator2}", "被拒绝（user_task_not_held）"),
        ("{hand_over: Task_request, to_group: nobody}", "被拒绝（group_unsuitable）"),
        ("{return: Task_request}", "被拒绝（user_task_not_delegated）"),
        ("{advance_to: 2026-08-31}", "时间不能倒退：现在已是 2026-09-01T09:00+08:00。"),
        ("{cancel: 试, user: mediator}", "被拒绝（forbidden）"),
    ],
)
def test_a_step_that_cannot_be_taken_passes(run: Run, step: str, found: str) -> None:
    assert found in said(run(f"- {step}"))


def test_a_refusal_expected_afterwards_does_not_count(run: Run) -> None:
    result = run(
        """
        - complete: Task_request
        - expect: {refused: form_invalid, tasks: [Task_request]}
        """
    )
    assert result.is_good, result_line(result, "en")


@pytest.mark.parametrize(
    ("handlers", "steps"),
    [
        (
            "render-document: {fails: 2, " + RETURNS + "}",
            "[{advance: PT10S}, {advance: PT1M}, {expect: {ended: true}}]",
        ),
        ("Task_press: {" + RETURNS + "}, render-document: {never: true}", "[{expect: {ended: true}}]"),
        ("盖章: {" + RETURNS + "}", "[{expect: {ended: true, variables: {seal_number: n1}}}]"),
        ("render-document: {throws: press-broken}", "[{expect: {tasks: [Task_by_hand], passed: [Event_broken]}}]"),
        ("render-document: {throws: unheard-of}", "[{expect: {incidents: [Task_press], ended: false}}]"),
        ("render-document: {returns: {number: 1}}", "[{expect: {incidents: 1}}]"),
        (
            "render-document: {never: true}",
            "[{expect: {jobs: [Task_press], incidents: 0}}, {advance: PT2M}, {expect: {incidents: [盖章]}},"
            " {resolve_incident: Task_press, as: supervisor}, {advance: PT9S}, {expect: {incidents: 0}},"
            " {advance: PT2M}, {expect: {incidents: 1}}]",
        ),
        (
            "render-document: {fails: 3, " + RETURNS + "}",
            "[{advance: PT2M}, {expect: {incidents: 1}}, {resolve_incident: Task_press}, {expect: {ended: true}}]",
        ),
    ],
)
def test_a_scripted_handler_does_something_else(run: Run, handlers: str, steps: str) -> None:
    listed = steps[1:-1].replace("}, {", "}\n- {")
    result = run(f"- {FILLED}\n- {listed}", handlers)
    assert result.is_good, result_line(result, "en")


def test_advancing_jumps_over_a_due_timer(sample_ground: Ground) -> None:
    scenario = read_scenario("trial.yaml", text_of("- advance: P10D"))
    with sample_ground.copy() as engine:
        play = Play(sample_ground, engine, scenario)
        play.begin()
        play.do(scenario.steps[0].deed)
        with engine.connect() as connection:
            fired = connection.execute(sa.select(timer.c.element_id, timer.c.state, timer.c.lateness_ms)).all()
            lines = connection.execute(
                sa.select(history.c.element_id).where(history.c.kind == "timer-fired").order_by(history.c.seq)
            ).scalars()
            assert list(lines) == ["Event_reminder", "Event_overdue"]
        assert {tuple(row) for row in fired} == {("Event_reminder", "fired", 0), ("Event_overdue", "fired", 0)}
        assert play.clock.now().isoformat() == "2026-09-11T01:00:00+00:00"


def test_a_message_does_not_arrive_or_a_second_one_does(run: Run) -> None:
    result = run(
        """
        - message: sealing-withdrawn
        - expect: {ended: true, passed: [Event_gone], tasks: []}
        - message: sealing-withdrawn
          expect_refused: message_not_correlated
        """
    )
    assert result.is_good, result_line(result, "en")


def test_a_suspended_process_goes_on(run: Run) -> None:
    result = run(
        """
        - suspend: 等待核实
        - complete: Task_request
          with: {paper: agreement, copies: 1}
          expect_refused: process_instance_not_active
        - advance: P5D
        - expect: {tasks: [Task_request], not_passed: [Event_overdue]}
        - resume: 核实完毕
        - expect: {passed: [Event_lapsed]}
        """
    )
    assert result.is_good, result_line(result, "en")


def test_one_scenario_leaves_traces_in_the_next(run: Run) -> None:
    first, second = run("- expect: {tasks: [Task_request]}"), run("- expect: {tasks: [Task_request]}")
    assert first.is_good
    assert second.is_good


def test_coverage_counts_what_was_not_passed(run: Run, sample_ground: Ground) -> None:
    (covered,) = coverage(sample_ground.bundle, [run("- message: sealing-withdrawn")])
    assert (covered.passed, covered.total) == (3, 13)
    assert ("Task_press", "盖章") in covered.never_passed


def test_several_processes_mix_up_or_lose_results(sample_ground: Ground) -> None:
    texts = [text_of(f"- advance: P{day}D\n- expect: {{tasks: []}}") for day in range(WORTH_A_PROCESS)]
    scenarios = [read_scenario(f"{day}.yaml", text) for day, text in enumerate(texts)]
    results = list(run_scenarios(sample_ground, scenarios, 2))
    assert [result.file for result in results] == [scenario.file for scenario in scenarios]
    # three days after 1 September at nine, 4 September has not run out; after that the reminder's task alone is
    assert ["Task_request" in said(result) for result in results] == [day < 4 for day in range(WORTH_A_PROCESS)]
