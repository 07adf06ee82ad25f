"""Retracting, handing over, delegating: what people do with user tasks beside completing them."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from engine.commands.claim_user_task import claim_user_task
from engine.commands.correlate_message import correlate_message
from engine.commands.delegate_user_task import DelegateInvalidError, delegate_user_task
from engine.commands.end_delegation import DelegationOfOthersError, UserTaskNotDelegatedError
from engine.commands.escalate_user_task import escalate_user_task
from engine.commands.hand_over_user_task import HandoverPointlessError, hand_over_user_task
from engine.commands.recall_delegation import recall_delegation
from engine.commands.retract_completion import (
    CompletionNotRetractableError,
    CompletionOfAnotherError,
    UserTaskNotCompletedError,
    retract_completion,
)
from engine.commands.return_delegation import return_delegation
from engine.commands.save_draft import save_draft
from engine.commands.unclaim_user_task import unclaim_user_task
from engine.commands.user_task_access import UserTaskDelegatedError, UserTaskNotHeldError
from engine.domain.actor import Actor
from engine.domain.errors import UserTaskAlreadyClaimedError
from engine.queries.history import verify_history
from engine.store.tables import history, job, process_instance, timer, user_task
from tests.bpmn_builder import (
    END,
    START,
    boundary,
    catches_message,
    file,
    message,
    node,
    parameters,
    process,
    service,
    user,
)
from tests.bpmn_builder import timer as due
from tests.engine_world import CLERK, World

LI, WANG = Actor("user:li"), Actor("user:wang")
TWO = file(process("p", START, END, user("a"), user("b"), "start>a", "a>b", "b>end"))


@pytest.fixture
def world(engine: sa.Engine) -> World:
    return World(engine)


def retract(world: World, element_id: str, actor: Actor = CLERK) -> Any:
    (row,) = world.rows(user_task, user_task.c.element_id == element_id, user_task.c.state == "completed")
    with world.work(actor) as uow:
        return retract_completion(uow, row.id)


def do(world: World, verb: Any, element_id: str, actor: Actor, *arguments: Any, **options: Any) -> Any:
    task_id = world.task(element_id).id
    with world.work(actor) as uow:
        return verb(uow, task_id, *arguments, **options)


def obstacles(world: World, element_id: str) -> list[str]:
    with pytest.raises(CompletionNotRetractableError) as caught:
        retract(world, element_id)
    assert caught.value.sentence("zh")
    assert caught.value.sentence("en")
    found: list[str] = caught.value.data["obstacles"]
    return found


def test_a_retracted_completion_leaves_the_process_as_it_was(world: World) -> None:
    world.deploy(file(process("p", START, END, user("a"), boundary("late", "a", due("Duration", "P5D")), user("b"), user("l"),
                              boundary("slow", "b", due("Duration", "P1D"), False), user("s"), node("endEvent", "s-end"),
                              "start>a", "a>b", "b>end", "late>l", "l>end", "slow>s", "s>s-end")))  # fmt: skip
    started = world.start(x=1)
    world.claim("a")
    with world.work() as uow:
        save_draft(uow, world.task("a").id, {"note": "so far"})
    before = state_of(world)
    world.complete("a")
    assert world.open_tasks() == ["b"]
    assert state_of(world) != before
    retract(world, "a")
    assert state_of(world) == before
    with world.begin() as connection:
        verify_history(connection, started.case_id)
    kinds = [row.kind for row in world.rows(history)]
    assert kinds.count("user-task-completed") == 1
    assert kinds[-1] == "user-task-completion-retracted"
    world.complete("a")
    world.complete("b")
    assert world.rows(process_instance)[0].state == "completed"


def state_of(world: World) -> Any:
    """Return everything that a retraction must bring back; when a row was written last is no part of it."""
    (instance,) = world.rows(process_instance)
    open_tasks = world.rows(user_task, user_task.c.state.in_(["created", "assigned"]))
    tasks = [{**row._mapping, "written_in": None} for row in open_tasks]
    timers = world.rows(timer, timer.c.state.in_(["waiting", "failed"]))
    jobs = world.rows(job, job.c.state.in_(["waiting", "leased", "failed"]))
    return instance, tasks, timers, jobs


def test_the_last_completion_of_all_can_be_retracted(world: World) -> None:
    world.deploy(TWO)
    world.start()
    world.complete("a")
    before = state_of(world)
    world.complete("b")
    retract(world, "b")
    assert state_of(world) == before


def test_a_completion_of_somebody_else_is_not_retracted(world: World) -> None:
    world.deploy(TWO)
    world.start()
    world.complete("a", actor=LI)
    with pytest.raises(CompletionOfAnotherError):
        retract(world, "a", WANG)
    with pytest.raises(UserTaskNotCompletedError):
        do(world, retract_completion, "b", LI)


def test_a_claimed_next_task_stands_in_the_way_until_it_is_given_back(world: World) -> None:
    world.deploy(TWO)
    world.start()
    world.complete("a")
    do(world, claim_user_task, "b", LI)
    assert obstacles(world, "a") == ["claimed"]
    do(world, unclaim_user_task, "b", LI)
    retract(world, "a")
    assert world.open_tasks() == ["a"]


def test_a_begun_next_task_stands_in_the_way(world: World) -> None:
    world.deploy(TWO)
    world.start()
    world.complete("a")
    do(world, save_draft, "b", LI, {"x": 1})
    assert obstacles(world, "a") == ["begun"]


def test_a_completed_next_task_stands_in_the_way(world: World) -> None:
    world.deploy(TWO)
    world.start()
    world.complete("a")
    world.complete("b")
    assert obstacles(world, "a") == ["moved-on"]


def test_a_job_that_ran_stands_in_the_way_and_one_that_waits_does_not(world: World) -> None:
    world.deploy(
        file(
            process("p", START, END, user("a"), service("w", "work", parameters({"n": "1"})), "start>a", "a>w", "w>end")
        )
    )
    world.start()
    world.complete("a")
    retract(world, "a")
    assert [row.state for row in world.rows(job)] == ["canceled"]
    assert world.lease() is None
    world.complete("a")
    world.fail_job("not today")
    assert obstacles(world, "a") == ["job-ran"]


def test_a_fired_timer_stands_in_the_way(world: World) -> None:
    world.deploy(file(process("p", START, END, user("a"), user("b"), boundary("late", "b", due("Duration", "PT1H"), False), user("l"),
                              node("endEvent", "l-end"), "start>a", "a>b", "b>end", "late>l", "l>l-end")))  # fmt: skip
    world.start()
    world.complete("a")
    world.pass_time(timedelta(hours=2))
    assert "timer-fired" in obstacles(world, "a")


def test_a_message_that_went_out_stands_in_the_way(world: World) -> None:
    throws = node("intermediateThrowEvent", "t", catches_message("m"))
    world.deploy(
        file(
            message("m", "told"),
            process("p", START, END, user("a"), throws, user("b"), "start>a", "a>t", "t>b", "b>end"),
        )
    )
    world.start()
    world.complete("a")
    assert obstacles(world, "a") == ["message-sent"]


def test_a_message_that_came_stands_in_the_way(world: World) -> None:
    world.deploy(file(message("m", "told"), process("p", START, END, user("a"), user("b"), boundary("got", "b", catches_message("m"), False),
                      user("c"), node("endEvent", "c-end"), "start>a", "a>b", "b>end", "got>c", "c>c-end")))  # fmt: skip
    world.start()
    world.complete("a")
    with world.work() as uow:
        correlate_message(uow, message_name="told", business_key="case-1")
    assert "moved-on" in obstacles(world, "a")


def test_who_handed_a_task_over_no_longer_holds_it(world: World) -> None:
    world.deploy(TWO)
    world.start()
    with pytest.raises(UserTaskNotHeldError):
        do(world, hand_over_user_task, "a", LI, to_user="user:wang", reason="leave")
    world.claim("a", LI)
    do(world, hand_over_user_task, "a", LI, to_user="user:wang", reason="leave")
    with pytest.raises(UserTaskAlreadyClaimedError):
        world.complete("a", actor=LI)
    with pytest.raises(HandoverPointlessError):
        do(world, hand_over_user_task, "a", WANG, to_user="user:wang", reason="leave")
    do(world, hand_over_user_task, "a", WANG, to_group="boss", reason="theirs")
    row = world.task("a")
    assert (row.assignee, row.state, row.candidate_groups) == (None, "created", ["boss"])
    do(world, hand_over_user_task, "a", CLERK, to_user="user:li", reason="by the head", is_override=True)
    world.complete("a", actor=LI)


def test_a_delegated_task_comes_back_to_its_owner_who_completes_it(world: World) -> None:
    world.deploy(TWO)
    world.start()
    world.claim("a", LI)
    with pytest.raises(DelegateInvalidError):
        do(world, delegate_user_task, "a", LI, "user:li", "look")
    with pytest.raises(UserTaskNotDelegatedError):
        do(world, recall_delegation, "a", LI)
    do(world, delegate_user_task, "a", LI, "user:wang", "look")
    assert (world.task("a").assignee, world.task("a").owner, world.task("a").delegation) == (
        "user:wang",
        "user:li",
        "pending",
    )
    for verb, arguments in ((unclaim_user_task, ()), (delegate_user_task, ("user:x", "look"))):
        with pytest.raises(UserTaskDelegatedError):
            do(world, verb, "a", WANG, *arguments)
    with pytest.raises(UserTaskDelegatedError):
        world.complete("a", actor=WANG)
    with pytest.raises(DelegationOfOthersError):
        do(world, return_delegation, "a", LI, "mine")
    with pytest.raises(DelegationOfOthersError):
        do(world, recall_delegation, "a", WANG)
    do(world, return_delegation, "a", WANG, "done")
    assert (world.task("a").assignee, world.task("a").delegation) == ("user:li", "resolved")
    world.complete("a", actor=LI)


def test_a_delegated_task_is_taken_back_at_any_time_by_its_owner_or_a_head(world: World) -> None:
    world.deploy(TWO)
    world.start()
    world.claim("a", LI)
    do(world, delegate_user_task, "a", LI, "user:wang", "look")
    do(world, recall_delegation, "a", LI)
    assert (world.task("a").assignee, world.task("a").delegation) == ("user:li", None)
    do(world, delegate_user_task, "a", LI, "user:wang", "look")
    do(world, recall_delegation, "a", CLERK, is_override=True)
    world.complete("a", actor=LI)


def test_what_was_escalated_meanwhile_is_escalated_again_after_a_retraction(world: World) -> None:
    world.deploy(file(process("p", START, END, node("parallelGateway", "g"), user("a"), user("o", camunda_dueDate="${timedelta(hours=1)}"), user("b"),
                              "start>g", "g>a", "g>o", "a>b", "b>end", "o>end")))  # fmt: skip
    world.start()
    world.complete("a")
    world.clock.advance(timedelta(hours=2))
    with world.work() as uow:
        assert escalate_user_task(uow, world.task("o").id) is not None
    retract(world, "a")
    assert world.task("o").escalated_at is not None
    with world.work() as uow:
        assert escalate_user_task(uow, world.task("o").id) is None
