"""What a process leaves behind when it goes on without something: nothing that still looks open."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from engine.commands.cancel_instance import cancel_instance
from engine.commands.complete_job import complete_job
from engine.commands.resolve_incident import resolve_incident
from engine.commands.resume_instance import resume_instance
from engine.commands.suspend_instance import suspend_instance
from engine.commands.throw_bpmn_error import throw_bpmn_error
from engine.commands.trigger_timer import fail_timer
from engine.domain.actor import CLOCK
from engine.domain.errors import IncidentAlreadyResolvedError, NotFoundError
from engine.store.history import verify
from engine.store.tables import incident, job, timer
from tests.bpmn_builder import END, START, boundary, file, node, parameters, process, service, user
from tests.bpmn_builder import timer as due
from tests.engine_world import World

JOB = (
    START,
    END,
    service("w", "work", parameters({"n": "1"})),
    boundary("slow", "w", due("Duration", "P1D")),
    user("by-hand"),
    "start>w",
    "w>end",
    "slow>by-hand",
    "by-hand>end",
)


@pytest.fixture
def world(engine: sa.Engine) -> World:
    return World(engine)


@pytest.mark.parametrize("leave", ["timer", "cancel"])
def test_the_incident_of_a_job_that_the_process_left_stays_open_and_revives_the_job(world: World, leave: str) -> None:
    world.deploy(file(process("p", *JOB)))
    instance_id = world.start().instance_id
    incident_id = world.fail_job("broken", is_final=True)
    assert incident_id is not None
    if leave == "timer":
        assert world.pass_time(timedelta(days=1)) == 1
    else:
        with world.work() as uow:
            cancel_instance(uow, instance_id, "no longer wanted")
    assert world.incidents() == []
    with pytest.raises(IncidentAlreadyResolvedError), world.work() as uow:
        resolve_incident(uow, incident_id)
    assert [row.state for row in world.rows(job)] == ["canceled"]


def test_a_cycle_that_ends_its_own_process_leaves_its_timer_waiting(world: World) -> None:
    stop = node("endEvent", "stop", "<bpmn:terminateEventDefinition/>")
    again = boundary("again", "a", due("Cycle", "R3/PT1H"), False)
    world.deploy(file(process("p", START, END, user("a"), again, stop, "start>a", "a>end", "again>stop")))
    world.start()
    assert world.pass_time(timedelta(hours=1)) == 1
    assert world.instance().state == "completed"
    assert [row.state for row in world.rows(timer)] == ["canceled"]


def test_an_outcome_that_cannot_be_taken_keeps_an_instance_suspended_for_ever(world: World) -> None:
    world.deploy(file(process("p", *JOB)))
    instance_id = world.start().instance_id
    leased = world.lease()
    assert leased is not None
    with world.work() as uow:
        suspend_instance(uow, instance_id, "a look at it")
    with world.work() as uow:
        throw_bpmn_error(uow, leased.id, "w1", "unheard-of", "no")
    with world.work() as uow:
        assert resume_instance(uow, instance_id, "looked at it").state == "active"
    (raised,) = world.incidents()
    assert (raised.kind, raised.job_id) == ("job-failed", leased.id)
    assert "unheard-of" in raised.message
    with world.work() as uow:
        resolve_incident(uow, raised.id, "mended")
    again = world.lease("w2")
    assert again is not None
    assert again.idempotency_key == leased.idempotency_key
    with world.work() as uow:
        complete_job(uow, again.id, "w2", {})
    assert world.instance().state == "completed"


def test_a_timer_that_failed_for_one_sweep_and_fired_for_the_other_gets_an_incident(world: World) -> None:
    world.deploy(file(process("p", *JOB)))
    world.start()
    world.pass_time(timedelta(days=1))
    (fired,) = world.rows(timer)
    with world.work(CLOCK) as uow:
        assert fail_timer(uow, fired.id, NotFoundError(what="x", id="y")) is None
    assert [row.state for row in world.rows(timer)] == ["fired"]
    assert world.rows(incident) == []


LOOP = (
    '<bpmn:standardLoopCharacteristics testBefore="true"><bpmn:loopCondition>missing &gt; 1</bpmn:loopCondition>'
    "</bpmn:standardLoopCharacteristics>"
)


@pytest.mark.parametrize("is_suspended", [False, True])
def test_a_timer_whose_step_cannot_be_taken_blocks_the_sweep_or_resuming(world: World, is_suspended: bool) -> None:
    model = process(
        "p",
        START,
        END,
        user("a"),
        boundary("t", "a", due("Duration", "P1D")),
        user("again", LOOP),
        "start>a",
        "a>end",
        "t>again",
        "again>end",
        variables="missing: int",
    )
    world.deploy(file(model))
    instance_id = world.start().instance_id
    if is_suspended:
        with world.work() as uow:
            suspend_instance(uow, instance_id, "wait")
    world.pass_time(timedelta(days=2))
    if is_suspended:
        with world.work() as uow:
            resume_instance(uow, instance_id, "go on")
    (found,) = world.incidents()
    assert (found.kind, found.element_id) == ("timer-failed", "t")
    assert "missing > 1" in found.message
    assert world.open_tasks() == ["a"]
    with world.engine.connect() as connection:
        assert verify(connection, found.case_id)
