"""Correcting data of completed user tasks: what changes, what moves, and what is named because it cannot change."""

import json
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from engine.commands.correct_user_task import (
    Correction,
    CorrectionPointlessError,
    CorrectionReasonMissingError,
    correct_user_task,
)
from engine.commands.retract_completion import (
    CompletionNotRetractableError,
    UserTaskNotCompletedError,
    retract_completion,
)
from engine.domain.errors import FormInvalidError
from engine.domain.resource import Resource
from engine.queries.history import verify_history
from engine.queries.work import get_process_instance
from engine.store.tables import history, process_instance, timer, user_task, user_task_correction
from tests.bpmn_builder import END, START, boundary, call, file, node, parameters, process, service, user
from tests.bpmn_builder import timer as due
from tests.engine_world import CLERK, World

FORM = json.dumps(
    {
        "type": "default",
        "id": "facts",
        "components": [
            {"type": "number", "key": "amount", "label": "金额", "validate": {"required": True, "min": 1}},
            {"type": "number", "key": "days", "label": "天数", "decimalDigits": 0},
            {"type": "textfield", "key": "note", "label": "说明", "conditional": {"hide": "=amount < 100"}},
        ],
    }
).encode()  # fmt: skip


@pytest.fixture
def world(engine: sa.Engine) -> World:
    return World(engine)


def deploy(world: World, *parts: str, more: tuple[str, ...] = ()) -> None:
    world.deploy(
        file(process("p", START, END, user("a", camunda_formKey="facts"), *parts), *more), Resource("facts.form", FORM)
    )


def correct(world: World, element_id: str = "a", reason: str = "typed wrongly", **fields: Any) -> Correction:
    (row,) = world.rows(user_task, user_task.c.element_id == element_id, user_task.c.state == "completed")
    with world.work() as uow:
        return correct_user_task(uow, row.id, fields, reason, reason)


def variables(world: World) -> dict[str, Any]:
    (row,) = world.rows(process_instance)
    with world.begin() as connection:
        found: dict[str, Any] = get_process_instance(connection, row.id)["variables"]
        return found


def tokens(world: World) -> list[Any]:
    (row,) = world.rows(process_instance)
    return [row.snapshot["top"], row.snapshot["subs"], row.snapshot["next"]]


def test_a_corrected_variable_is_what_the_process_goes_on_with(world: World) -> None:
    deploy(world, user("b"), node("exclusiveGateway", "g", default="p_3_g_d"), user("c"), user("d"),
           "start>a", "a>b", "b>g", "g>d", "g>c:amount > 50", "c>end", "d>end")  # fmt: skip
    started = world.start()
    world.complete("a", {"amount": 10, "days": 3})
    before = tokens(world)
    correction = correct(world, amount=60)
    assert [(each.name, int(each.old), int(each.new)) for each in correction.changes] == [("amount", 10, 60)]
    assert correction.settled == ()
    assert tokens(world) == before
    assert variables(world) == {"amount": "60", "days": 3}
    world.complete("b")
    assert world.open_tasks() == ["c"]
    with world.begin() as connection:
        verify_history(connection, started.case_id)
    (row,) = world.rows(history, history.c.kind == "user-task-corrected")
    assert (row.facts["names"], row.values) == (["amount"], {"amount": {"old": "10", "new": "60"}})
    assert len(world.rows(user_task_correction)) == 1


def test_a_gateway_that_was_passed_is_named_and_not_taken_again(world: World) -> None:
    deploy(world, node("exclusiveGateway", "g", default="p_1_g_d"), user("c"), user("d"),
           "start>a", "g>d", "g>c:amount > 50", "a>g", "c>end", "d>end")  # fmt: skip
    world.start()
    world.complete("a", {"amount": 10, "days": 3})
    correction = correct(world, amount=60)
    (gateway,) = correction.settled
    assert (gateway.kind, gateway.element_id, gateway.was, gateway.would_be) == ("gateway", "g", "d", "c")
    assert gateway.is_different
    assert "“g”已按 amount 走向“d”，按更正后的内容应为 c" in gateway.zh
    assert world.open_tasks() == ["d"]
    (again,) = correct(world, amount=70).settled
    assert not again.is_different
    assert correct(world, days=4).settled == ()


DMN = b"""<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="https://tingzhu.example/t">
  <decision id="way" name="way"><decisionTable hitPolicy="FIRST"><input id="i"><inputExpression id="ie" typeRef="number"><text>amount</text></inputExpression></input>
    <output id="o" name="way" typeRef="string"/>
    <rule id="r1"><inputEntry id="e1"><text>&gt; 50</text></inputEntry><outputEntry id="u1"><text>"court"</text></outputEntry></rule>
    <rule id="r2"><inputEntry id="e2"><text>-</text></inputEntry><outputEntry id="u2"><text>"desk"</text></outputEntry></rule>
  </decisionTable></decision></definitions>"""


def test_a_decision_that_was_taken_is_named_with_what_it_would_give_now_and_what_follows_from_it(world: World) -> None:
    decides = node(
        "businessRuleTask",
        "d",
        camunda_decisionRef="way",
        camunda_resultVariable="way",
        camunda_mapDecisionResult="singleEntry",
    )
    parts = (START, END, user("a", camunda_formKey="facts"), decides, node("exclusiveGateway", "g", default="p_3_g_y"), user("x"), user("y"),
             "start>a", "a>d", "d>g", "g>y", "g>x:way == 'court'", "x>end", "y>end")  # fmt: skip
    world.deploy(file(process("p", *parts)), Resource("facts.form", FORM), Resource("way.dmn", DMN))
    world.start()
    world.complete("a", {"amount": 10, "days": 3})
    settled = {each.kind: each for each in correct(world, amount=60).settled}
    assert (settled["decision"].was, settled["decision"].would_be) == ("desk", "court")
    assert (settled["gateway"].was, settled["gateway"].would_be) == ("y", "x")
    assert variables(world)["way"] == "desk"
    assert world.open_tasks() == ["y"]


def test_work_that_was_done_with_it_is_named(world: World) -> None:
    deploy(world, service("w", "work", parameters({"n": "${days}"})), user("b"), boundary("late", "b", due("Duration", "${timedelta(days=days)}"), False),
           user("l"), node("endEvent", "l-end"), user("c"), "start>a", "a>w", "w>b", "b>c", "c>end", "late>l", "l>l-end")  # fmt: skip
    world.start()
    world.complete("a", {"amount": 10, "days": 1})
    world.do_job()
    world.pass_time(timedelta(days=2))
    world.complete("b")
    kinds = {(each.kind, each.element_id) for each in correct(world, days=3).settled}
    assert kinds == {("job", "w"), ("timer", "late"), ("user-task", "b")}
    for each in correct(world, days=5).settled:
        assert each.element_name in each.zh
        assert each.element_name in each.en


def test_a_timer_that_reads_it_moves_as_if_it_had_been_right_from_the_start(world: World) -> None:
    deploy(world, user("b", camunda_dueDate="${timedelta(days=days)}"), boundary("late", "b", due("Duration", "${timedelta(days=days)}")), user("l"),
           "start>a", "a>b", "b>end", "late>l", "l>end")  # fmt: skip
    world.start()
    world.complete("a", {"amount": 10, "days": 5})
    (row,) = world.rows(timer)
    world.pass_time(timedelta(days=2))
    correction = correct(world, days=7)
    assert [each.new_due_at for each in correction.moved_timers] == [row.created_at + timedelta(days=7)]
    assert [each.new_due_at for each in correction.moved_due_dates] == [row.created_at + timedelta(days=7)]
    assert world.task("b").due_at == row.created_at + timedelta(days=7)
    assert [each.has_passed for each in correct(world, days=1).moved_timers] == [True]
    world.pass_time(timedelta(0))
    assert world.open_tasks() == ["l"]


def test_what_a_called_process_took_over_is_named(world: World) -> None:
    deploy(world, call("q-call", "q", {"n": "days"}), "start>a", "a>q-call", "q-call>end",
           more=(process("q", '<bpmn:startEvent id="qs"/>', '<bpmn:endEvent id="qe"/>', user("q1"), "qs>q1", "q1>qe"),))  # fmt: skip
    world.start()
    world.complete("a", {"amount": 10, "days": 5})
    assert [(each.kind, each.element_id) for each in correct(world, days=7).settled] == [("call", "q-call")]


def test_a_value_that_somebody_has_set_since_is_kept_and_named(world: World) -> None:
    world.deploy(file(process("p", START, END, user("a", camunda_formKey="facts"), user("b", camunda_formKey="facts"), user("c"),
                              "start>a", "a>b", "b>c", "c>end")), Resource("facts.form", FORM))  # fmt: skip
    world.start()
    world.complete("a", {"amount": 10, "days": 5})
    world.complete("b", {"amount": 20, "days": 5})
    settled = {each.kind: each for each in correct(world, amount=11).settled}
    assert settled["variable-overtaken"].names == ("amount",)
    assert variables(world)["amount"] == "20"


def test_data_of_an_ended_process_are_corrected_on_paper_only(world: World) -> None:
    deploy(world, "start>a", "a>end")
    world.start()
    world.complete("a", {"amount": 10, "days": 5})
    (settled,) = correct(world, amount=11).settled
    assert (settled.kind, settled.names) == ("variable-ended", ("amount",))


def test_a_correction_is_checked_like_a_completion(world: World) -> None:
    deploy(world, user("b"), "start>a", "a>b", "b>end")
    world.start()
    with pytest.raises(UserTaskNotCompletedError), world.work() as uow:
        correct_user_task(uow, world.task("a").id, {"amount": 1}, "typed wrongly", "x")
    world.complete("a", {"amount": 10, "days": 5})
    for fields in ({"amount": 0}, {"amount": None}, {"colour": "red"}, {"days": "many"}):
        with pytest.raises(FormInvalidError):
            correct(world, **fields)
    with pytest.raises(CorrectionPointlessError):
        correct(world, amount=10)
    with pytest.raises(CorrectionReasonMissingError):
        correct(world, reason=" ", amount=11)
    assert variables(world) == {"amount": "10", "days": 5}


def test_a_field_that_a_correction_makes_visible_can_be_filled_in(world: World) -> None:
    deploy(world, user("b"), "start>a", "a>b", "b>end")
    world.start()
    world.complete("a", {"amount": 10, "days": 5})
    correct(world, amount=200, note="much")
    assert variables(world) == {"amount": "200", "days": 5, "note": "much"}


def test_a_corrected_completion_can_no_longer_be_retracted(world: World) -> None:
    deploy(world, user("b"), "start>a", "a>b", "b>end")
    world.start()
    world.complete("a", {"amount": 10, "days": 5})
    correct(world, amount=11)
    (row,) = world.rows(user_task, user_task.c.element_id == "a")
    with pytest.raises(CompletionNotRetractableError) as caught, world.work(CLERK) as uow:
        retract_completion(uow, row.id)
    assert caught.value.data["obstacles"] == ["corrected"]
