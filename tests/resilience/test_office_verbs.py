"""Two people at one user task in the same moment: one of them is told why not, and nothing is torn."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from engine.commands.claim_user_task import claim_user_task
from engine.commands.complete_user_task import complete_user_task
from engine.commands.correct_user_task import correct_user_task
from engine.commands.delegate_user_task import delegate_user_task
from engine.commands.hand_over_user_task import hand_over_user_task
from engine.commands.recall_delegation import recall_delegation
from engine.commands.retract_completion import retract_completion
from engine.commands.return_delegation import return_delegation
from engine.domain.actor import Actor
from engine.domain.errors import TingzhuError
from engine.domain.resource import Resource
from tests.integration.casework.office import Office
from tests.office_desk import FORM, MODEL, OfficeDesk

LI, WANG = "user:li", "user:wang"
DATA = {"term": 3}
Act = tuple[str, Callable[..., Any], tuple[Any, ...]]


@pytest.fixture
def desk(engine: sa.Engine, tmp_path: Path) -> OfficeDesk:
    office = Office(engine, tmp_path)
    office.deploy(MODEL, Resource("facts.form", FORM))
    return OfficeDesk(office)


def at_once(desk: OfficeDesk, task_id: Any, *acts: Act) -> list[str | None]:
    """Do several things to a user task at the same moment; return the code with which each was refused, or None."""
    barrier = threading.Barrier(len(acts))
    refused: list[str | None] = ["unfinished"] * len(acts)

    def act(position: int, who: str, verb: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
        barrier.wait()
        try:
            with desk.office.work(Actor(who)) as uow:
                verb(uow, task_id, *arguments)
        except TingzhuError as error:
            refused[position] = error.code
        else:
            refused[position] = None

    threads = [threading.Thread(target=act, args=(position, *each)) for position, each in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return refused


def hand_over(uow: Any, task_id: Any, to: str) -> None:
    hand_over_user_task(uow, task_id, to_user=to, reason="sealed")


def test_two_completions_at_once_both_count(desk: OfficeDesk) -> None:
    task = desk.open_task(0)
    refused = at_once(desk, task.id, (LI, complete_user_task, (DATA,)), (WANG, complete_user_task, (DATA,)))
    assert sorted(refused, key=str) == [None, "user_task_already_completed"]
    desk.check()


def test_two_retractions_at_once_both_count(desk: OfficeDesk) -> None:
    task = desk.open_task(0)
    desk.do(LI, complete_user_task, task.id, DATA)
    desk.told["user-task-completion-retracted"] = 1
    refused = at_once(desk, task.id, (LI, retract_completion, ()), (LI, retract_completion, ()))
    assert sorted(refused, key=str) == [None, "user_task_not_completed"]
    desk.check()


def test_a_retraction_undoes_what_somebody_claims_at_the_same_moment(desk: OfficeDesk) -> None:
    task = desk.open_task(0)
    desk.do(LI, complete_user_task, task.id, DATA)
    following = desk.open_task(0)

    def claim_following(uow: Any, _: Any) -> None:
        claim_user_task(uow, following.id)

    refused = at_once(desk, task.id, (LI, retract_completion, ()), (WANG, claim_following, ()))
    assert refused in ([None, "user_task_canceled"], ["completion_not_retractable", None])
    desk.told["user-task-completion-retracted"] = int(refused[0] is None)
    desk.check()


def test_a_retraction_and_a_correction_at_once_both_count(desk: OfficeDesk) -> None:
    task = desk.open_task(0)
    desk.do(LI, complete_user_task, task.id, DATA)
    correct: Act = (WANG, correct_user_task, ({"term": 5}, "typed wrongly", "sealed"))
    refused = at_once(desk, task.id, (LI, retract_completion, ()), correct)
    assert refused in ([None, "user_task_not_completed"], ["completion_not_retractable", None])
    desk.told.update(
        {"user-task-completion-retracted": int(refused[0] is None), "corrections": int(refused[1] is None)}
    )
    desk.check()


@pytest.mark.parametrize("round_number", range(3))
def test_a_task_is_in_two_hands_after_a_handover_and_a_delegation_at_once(desk: OfficeDesk, round_number: int) -> None:
    task = desk.open_task(0)
    desk.do(LI, claim_user_task, task.id)
    acts: list[Act] = [(LI, hand_over, (WANG,)), (LI, delegate_user_task, ("user:zhao", "sealed"))]
    refused = at_once(desk, task.id, *acts)
    assert refused in ([None, "user_task_not_held"], ["user_task_delegated", None])
    desk.told.update({"handovers": int(refused[0] is None), "delegations": int(refused[1] is None)})
    desk.check()


def test_a_delegation_ends_twice_when_it_is_given_back_and_recalled_at_once(desk: OfficeDesk) -> None:
    task = desk.open_task(0)
    desk.do(LI, claim_user_task, task.id)
    desk.do(LI, delegate_user_task, task.id, WANG, "sealed")
    desk.told["delegations"] = 1
    refused = at_once(desk, task.id, (WANG, return_delegation, ("sealed",)), (LI, recall_delegation, ()))
    assert sorted(refused, key=str) == [None, "user_task_not_delegated"]
    assert desk.open_task(0).assignee == LI
    desk.check()
