"""Jobs that people ask for beside the process: they run like others and move nothing."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from engine.bpmn.step import BpmnErrorNotCaughtError
from engine.commands.add_job import add_job
from engine.commands.complete_job import complete_job
from engine.commands.lease_job import lease_job
from engine.commands.repeat_job import JobNotRepeatableError, repeat_job
from engine.commands.resolve_incident import resolve_incident
from engine.commands.retract_completion import retract_completion
from engine.commands.suspend_instance import suspend_instance
from engine.commands.throw_bpmn_error import throw_bpmn_error
from engine.domain.actor import Actor
from engine.queries.history import verify_history
from engine.store.cases import lock_case
from engine.store.tables import incident, job, process_instance, user_task
from tests.bpmn_builder import END, START, file, parameters, process, service, user
from tests.engine_world import World

MODEL = file(
    process(
        "p",
        START,
        END,
        user("a"),
        service("w", "work", parameters({"n": "1"})),
        user("b"),
        "start>a",
        "a>w",
        "w>b",
        "b>end",
    )
)


@pytest.fixture
def world(engine: sa.Engine) -> World:
    world = World(engine)
    world.deploy(MODEL)
    world.start()
    return world


def add(world: World, **options: object) -> None:
    with world.work() as uow:
        row = world.rows(user_task)[0]
        add_job(uow, lock_case(uow.connection, row.case_id), row, "work", {"n": 7}, **options)  # type: ignore[arg-type]


def test_a_repeated_job_gets_the_same_input_and_moves_no_token(world: World) -> None:
    world.complete("a")
    (first,) = world.rows(job)
    with pytest.raises(JobNotRepeatableError), world.work() as uow:
        repeat_job(uow, first.id)
    world.do_job({"done": 1})
    before = world.rows(process_instance)[0].snapshot
    with world.work() as uow:
        repeat_job(uow, first.id)
    leased = world.lease()
    assert leased is not None
    assert (leased.input, leased.job_type) == (first.input, "work")
    assert leased.idempotency_key != str(first.id)
    with world.work(Actor("worker:w1")) as uow:
        complete_job(uow, leased.id, "w1", {"done": 5})
    assert world.rows(process_instance)[0].snapshot == before
    with world.begin() as connection:
        verify_history(connection, first.case_id)


@pytest.mark.parametrize("is_ended", [False, True])
def test_a_job_beside_a_process_waits_for_its_end_or_resumption(world: World, is_ended: bool) -> None:
    if is_ended:
        world.complete("a")
        world.do_job()
        world.complete("b")
    else:
        with world.work() as uow:
            suspend_instance(uow, world.rows(process_instance)[0].id, "a look")
    add(world)
    outcome = world.do_job({"done": 2})
    assert outcome.state == ("completed" if is_ended else "suspended")
    assert [row.state for row in world.rows(job)][-1] == "completed"


def test_a_job_beside_the_process_that_fails_for_good_is_an_incident_and_can_be_retried(world: World) -> None:
    add(world)
    assert world.fail_job("no paper", is_final=True) is not None
    (raised,) = world.rows(incident)
    with world.work() as uow:
        resolve_incident(uow, raised.id)
    leased = world.lease()
    assert leased is not None
    with pytest.raises(BpmnErrorNotCaughtError), world.work(Actor("worker:w1")) as uow:
        throw_bpmn_error(uow, leased.id, "w1", "refused", "no")


def test_a_job_beside_the_process_runs_before_its_time(world: World) -> None:
    add(world, run_at=world.clock.now() + timedelta(days=2))
    assert world.lease() is None
    world.clock.advance(timedelta(days=2))
    assert world.lease() is not None


def test_a_job_beside_the_process_stands_in_the_way_of_a_retraction_or_is_undone_by_it(world: World) -> None:
    world.complete("a")
    add(world)
    (beside,) = world.rows(job, job.c.token_id.is_(None))
    with world.work(Actor("worker:w1")) as uow:
        assert lease_job(uow, beside.id, "w1", timedelta(minutes=5)) is not None
        complete_job(uow, beside.id, "w1", {})
    with world.work() as uow:
        retract_completion(uow, world.rows(user_task, user_task.c.element_id == "a")[0].id)
    states = {row.token_id is None: row.state for row in world.rows(job)}
    assert states == {True: "completed", False: "canceled"}


def test_a_retraction_brings_back_a_job_that_people_have_done_with(world: World) -> None:
    add(world, run_at=world.clock.now() + timedelta(days=2))
    world.complete("a")
    (beside,) = world.rows(job, job.c.token_id.is_(None))
    with world.work() as uow:
        uow.connection.execute(sa.update(job).where(job.c.id == beside.id).values(state="canceled"))
        retract_completion(uow, world.rows(user_task, user_task.c.element_id == "a")[0].id)
    assert [row.state for row in world.rows(job)] == ["canceled", "canceled"]
