"""Reading scenario files: what is taken as it is written, and where a mistake is said to be."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from textwrap import dedent

import pytest

from engine.domain.clock import SHANGHAI
from tingzhu.scenarios.errors import ScenariosInvalidError, ScenariosMissingError
from tingzhu.scenarios.reading import read_scenario, read_scenarios, scenario_files
from tingzhu.scenarios.scenario import Advance, Complete, Expect, SendMessage, Who
from tingzhu.scenarios.yaml_lines import YamlInvalidError, line_of, read_yaml

HEAD = "given: {at: 2026-09-01T09:00}\n"
STEP = "when:\n  - complete: Task_a\n"


def problems(text: str) -> list[tuple[int, str, str]]:
    with pytest.raises(ScenariosInvalidError) as caught:
        read_scenario("s.yaml", dedent(text))
    return [(each.line, each.key, each.zh) for each in caught.value.problems]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("yes", "yes"),
        ("on", "on"),
        ("no", "no"),
        ("true", True),
        ("null", None),
        ("", None),
        ("17:00", "17:00"),
        ("007", "007"),
        ("1_000", "1_000"),
        ("0x10", "0x10"),
        ("12", 12),
        ("-3", -3),
        ("18000.00", Decimal("18000.00")),
        ("1e3", "1e3"),
        ("2026-09-01", date(2026, 9, 1)),
        ("2026-09-01T09:30", datetime(2026, 9, 1, 9, 30)),
        ("2026-09-01 09:30", datetime(2026, 9, 1, 9, 30)),
        ('"2026-09-01"', "2026-09-01"),
        ("一方提出协商要求", "一方提出协商要求"),
    ],
)
def test_a_plain_scalar_means_something_else(text: str, value: object) -> None:
    document, _ = read_yaml(f"a: {text}")
    assert document == {"a": value}
    assert type(document["a"]) is type(value)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: 1\nb: [", 3),
        ("a: 1\na: 2", 2),
        ("a: &x 1\nb: *x", 2),
        ("a: 1\nb: !!python/object:os.system {}", 2),
        ("a: 2026-02-30", 1),
        ("a: 1\n---\nb: 2", 2),
        ("a: \t- b\n\t- c", 1),
    ],
)
def test_bad_yaml_is_read_or_told_without_its_line(text: str, line: int) -> None:
    with pytest.raises(YamlInvalidError) as caught:
        read_yaml(text)
    assert abs(caught.value.line - line) <= 1
    assert caught.value.zh
    assert caught.value.en


def test_a_path_without_a_line_gets_none() -> None:
    _, lines = read_yaml("a:\n  - b: 1\n    c: 2\n")
    assert line_of(lines, ("a", 0, "c")) == 3
    assert line_of(lines, ("a", 0, "missing")) == 2
    assert line_of(lines, ("z",)) == 1


@pytest.mark.parametrize(
    ("text", "line", "key", "said"),
    [
        ("", 1, "", "应有 given 与 when"),
        (STEP, 1, "", "缺少 given"),
        (HEAD, 1, "", "没有任何步骤"),
        ("given: {}\n" + STEP, 1, "given.at", "必填"),
        ("given: {at: tomorrow}\n" + STEP, 1, "given.at", "应为时间"),
        (HEAD + "wenn: []\n" + STEP, 2, "wenn", "是否指 when"),
        (HEAD + "when:\n  - complet: Task_a\n", 3, "when[0].complet", "是否指 complete"),
        (HEAD + "when:\n  - complete: Task_a\n    wit: {}\n", 4, "when[0].wit", "是否指 with"),
        (HEAD + "when:\n  - complete: Task_a\n    as: a\n    user: b\n", 5, "when[0].user", "as 与 user 只能写一个"),
        (HEAD + "when:\n  - {complete: Task_a, message: m}\n", 3, "when[0]", "一个步骤只能有一个动作"),
        (HEAD + "when:\n  - advance: 5 days\n", 3, "when[0].advance", "应为 ISO 8601 时长"),
        (HEAD + "when:\n  - advance_to: 5\n", 3, "when[0].advance_to", "应为时间"),
        (HEAD + "when:\n  - expect: {task: []}\n", 3, "when[0].expect.task", "是否指 tasks"),
        (HEAD + "when:\n  - expect: {ended: maybe}\n", 3, "when[0].expect.ended", "应为是/否"),
        (HEAD + STEP + "then:\n  timers:\n    Event_a: soon\n", 6, "then.timers.Event_a", "应为日期、时间或 null"),
        (HEAD + "when:\n  - expect: {refused: not_found}\n", 3, "when[0].expect.refused", "应紧跟在一个步骤之后"),
        (HEAD + "when: {complete: Task_a}\n", 2, "when", "应为步骤列表"),
        ("given: {at: 2026-09-01, variables: {a: 1}}\n" + STEP, 1, "given.variables", "由登记产生"),
        ("given: {at: 2026-09-01, process: p, organisation: X}\n" + STEP, 1, "given", "没有 case"),
        ("given: {at: 2026-09-01, sent_to: [police]}\n" + STEP, 1, "given.sent_to", "没有“police”"),
        ("given:\n  at: 2026-09-01\n  event_dates: {received_on: today}\n" + STEP, 3, "given.event_dates.received_on", "应为日期"),
        ("given:\n  at: 2026-09-01\n  handlers:\n    notify: {fail: 2}\n" + STEP, 4, "given.handlers.notify.fail", "是否指 fails"),
        ("given:\n  at: 2026-09-01\n  case:\n    claims:\n      - amount: lots\n" + STEP, 5, "given.case.claims[0].amount", "应为金额"),
        (HEAD + "when:\n  - complete: a\n    on_behalf_of: {party: judge, method: phone, at: 2026-09-01}\n", 4, "when[0].on_behalf_of.party", "内容无效"),
    ],
)  # fmt: skip
def test_a_mistake_is_taken_or_told_at_the_wrong_place(text: str, line: int, key: str, said: str) -> None:
    (found,) = problems(text)
    assert found[:2] == (line, key)
    assert said in found[2]


def test_only_the_first_mistake_is_told() -> None:
    found = problems("given: {at: x}\nwhen:\n  - advance: y\n  - complet: z\n")
    assert [line for line, _, _ in found] == [1, 3, 4]


def test_a_scenario_is_read_wrongly() -> None:
    text = """
        given:
          at: 2026-09-01T09:00
          by: union
          case: {cause_code: labour-relation, area_code: 370481001, worker_count: 12}
          event_dates: {received_on: 2026-08-31}
        when:
          - complete: Task_a
            as: mediator
            with: {amount: 1.50}
            on_behalf_of: {party: respondent 2, method: phone, at: 2026-09-01T08:00}
          - expect: {refused: form_invalid}
          - advance: P5D
          - message: m
            with: {on: 2026-09-02}
            user: window
        then: {ended: true}
    """
    scenario = read_scenario("folder/plain.yaml", dedent(text))
    given = scenario.given
    assert (scenario.name, given.by, given.process) == ("plain", "union", "dispute")
    assert given.at == datetime(2026, 9, 1, 9, tzinfo=SHANGHAI)
    assert given.registration is not None
    assert given.registration.area_code == "370481001"
    assert given.registration.claims[0].amount is None
    assert given.registration.event_dates == {"received_on": date(2026, 8, 31)}
    complete, advance, message, last = (step.deed for step in scenario.steps)
    assert isinstance(complete, Complete)
    assert complete.who == Who("mediator", None)
    assert complete.data == {"amount": Decimal("1.50")}
    assert complete.behalf is not None
    assert (complete.behalf.side, complete.behalf.position, complete.behalf.at) == ("respondent", 2, "2026-09-01T08:00")
    assert scenario.steps[0].refused == "form_invalid"
    assert advance == Advance(duration="P5D")
    assert message == SendMessage("m", {"on": date(2026, 9, 2)}, Who(None, "window"))
    assert last == Expect({"ended": True})
    assert [step.line for step in scenario.steps] == [8, 13, 14, 17]


def test_files_are_looked_for_in_the_wrong_places(tmp_path: Path) -> None:
    with pytest.raises(ScenariosMissingError):
        scenario_files(tmp_path)
    (tmp_path / "a" / "scenarios").mkdir(parents=True)
    one, other = tmp_path / "a" / "scenarios" / "one.yaml", tmp_path / "a" / "other.yml"
    other.write_text("")
    assert scenario_files(tmp_path) == [other]
    one.write_text("")
    assert scenario_files(tmp_path) == [one]
    assert scenario_files(other) == [other]


def test_the_mistakes_of_one_file_hide_those_of_another(tmp_path: Path) -> None:
    for name, content in (("a.yaml", b"[]"), ("b.yaml", b"\xff\xfe"), ("c.yaml", b"a: [")):
        (tmp_path / name).write_bytes(content)
    with pytest.raises(ScenariosInvalidError) as caught:
        read_scenarios(scenario_files(tmp_path))
    assert [Path(each.file).name for each in caught.value.problems] == ["a.yaml", "b.yaml", "c.yaml"]
    assert "a.yaml:1" in caught.value.sentence("zh")
