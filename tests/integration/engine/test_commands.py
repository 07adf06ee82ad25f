"""Commands against the real PostgreSQL: rows, history, locks."""

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa

from engine.commands.cancel_instance import cancel_instance
from engine.commands.complete_job import complete_job
from engine.commands.complete_user_task import complete_user_task
from engine.commands.correlate_message import correlate_message
from engine.commands.open_case import open_case
from engine.commands.operator_verbs import OperatorReasonMissingError
from engine.commands.resolve_incident import resolve_incident
from engine.commands.resume_instance import resume_instance
from engine.commands.start_by_message import start_by_message
from engine.commands.suspend_instance import suspend_instance
from engine.commands.trigger_timer import trigger_timer
from engine.domain.actor import CLOCK, Actor, OnBehalfOf
from engine.domain.errors import (
    BusinessKeyTakenError,
    HistoryBrokenError,
    JobNotLeasedError,
    MessageNotCorrelatedError,
    ModelInvalidError,
    NotFoundError,
    ProcessInstanceNotActiveError,
    UserTaskAlreadyClaimedError,
    UserTaskAlreadyCompletedError,
)
from engine.domain.resource import Resource
from engine.runtime.timers import expire_leases
from engine.store.history import verify
from engine.store.tables import case, history, job, timer, user_task
from tests.bpmn_builder import (
    END,
    START,
    boundary,
    catches_error,
    catches_message,
    error,
    file,
    message,
    node,
    parameters,
    process,
    service,
    user,
)
from tests.bpmn_builder import (
    timer as timer_event,
)
from tests.engine_world import World

TWO = file(process("p", START, END, user("a"), user("b"), "start>a", "a>b", "b>end"))


@pytest.fixture
def world(engine: sa.Engine) -> World:
    return World(engine)


def check_history(world: World) -> int:
    with world.engine.connect() as connection:
        return verify(connection, world.rows(case)[0].id)


def test_a_case_runs_from_start_to_end_and_its_history_tells_all_of_it(world):
    world.deploy(TWO)
    started = world.start()
    assert [task["element_id"] for task in started.user_tasks] == ["a"]
    world.complete("a")
    outcome = world.complete("b")
    assert outcome.state == "completed"
    assert world.instance().snapshot is None
    assert world.kinds() == [
        "case-opened",
        "process-instance-started",
        "elements-passed",
        "user-task-created",
        "user-task-completed",
        "elements-passed",
        "user-task-created",
        "user-task-completed",
        "elements-passed",
        "process-instance-completed",
    ]
    assert check_history(world) == 10


def test_deploying_the_same_files_again_makes_no_new_version(world):
    first = world.deploy(TWO)
    second = world.deploy(TWO)
    assert (first.is_new, second.is_new) == (True, False)
    assert second.process_definitions[0].version == 1


def test_a_changed_file_is_version_two_and_running_cases_keep_version_one(world):
    world.deploy(TWO)
    world.start()
    third = file(process("p", START, END, user("a"), user("c"), "start>a", "a>c", "c>end"))
    assert world.deploy(third).process_definitions[0].version == 2
    world.complete("a")
    assert world.open_tasks() == ["b"]
    world.start(business_key="case-2")
    world.complete("b")
    world.complete("a")
    assert world.open_tasks() == ["c"]


def test_one_bad_file_keeps_the_whole_deployment_out_and_every_finding_is_told(world):
    bad = file(
        process("q", START, node("userTask", "End"), service("s", "no-such-job"), "start>End", "End>s", "s>nowhere")
    )
    with pytest.raises(ModelInvalidError) as refused:
        world.deploy(TWO, Resource("bad.bpmn", bad))
    rules = {finding["rule"] for finding in refused.value.data["findings"]}
    assert {"reserved-id", "dangling-flow", "unknown-job-type", "nobody-responsible"} <= rules
    assert world.deploy(TWO).process_definitions[0].version == 1


def test_a_business_key_is_given_once(world):
    world.deploy(TWO)
    world.start()
    with pytest.raises(BusinessKeyTakenError):
        world.start()


def test_somebody_else_s_completion_is_told_by_name(world):
    world.deploy(TWO)
    world.start()
    task_id = world.task("a").id
    world.complete("a", actor=Actor("user:wang"))
    with pytest.raises(UserTaskAlreadyCompletedError, match="user:wang"), world.work() as uow:
        complete_user_task(uow, task_id, {})


def test_a_claimed_task_is_not_for_others(world):
    world.deploy(TWO)
    world.start()
    world.claim("a", Actor("user:wang"))
    with pytest.raises(UserTaskAlreadyClaimedError):
        world.complete("a", actor=Actor("user:li"))
    world.complete("a", actor=Actor("user:wang"))


def test_two_people_completing_one_task_at_once_complete_it_once(world):
    world.deploy(TWO)
    world.start()
    task_id = world.task("a").id
    results: list[str] = []

    def complete(name: str) -> None:
        try:
            with world.work(Actor(f"user:{name}")) as uow:
                complete_user_task(uow, task_id, {})
            results.append("done")
        except UserTaskAlreadyCompletedError:
            results.append("late")

    threads = [threading.Thread(target=complete, args=(name,)) for name in ("wang", "li", "zhao", "qian")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(results) == ["done", "late", "late", "late"]
    assert world.open_tasks() == ["b"]
    check_history(world)


def test_acting_for_a_party_is_kept_with_how_and_when(world):
    world.deploy(TWO)
    world.start()
    world.complete("a", on_behalf_of=OnBehalfOf("party-1", "phone", "2026-03-01", None))
    rows = world.rows(history, history.c.kind == "user-task-completed")
    assert rows[0].on_behalf_of["party_id"] == "party-1"
    assert world.rows(user_task, user_task.c.element_id == "a")[0].on_behalf_of["method"] == "phone"


JOB = file(
    error("E", "rejected"),
    process(
        "p",
        START,
        END,
        service("s", "work", parameters({"n": "7"}, {"answer": "${done}"}, "PT10S,PT1M")),
        boundary("e", "s", catches_error("E")),
        user("h"),
        user("z"),
        "start>s",
        "s>z",
        "z>end",
        "e>h",
    ),
)


def test_a_job_is_leased_once_and_its_result_moves_the_case(world):
    world.deploy(JOB)
    world.start()
    leased = world.lease("w1")
    assert leased.input == {"n": "7"}
    assert world.lease("w2") is None
    with world.work(Actor("worker:w1")) as uow:
        complete_job(uow, leased.id, "w1", {"done": "x"})
    assert world.open_tasks() == ["z"]
    with pytest.raises(JobNotLeasedError), world.work() as uow:
        complete_job(uow, leased.id, "w1", {"done": "x"})


def test_a_failing_job_is_tried_again_later_and_then_is_an_incident(world):
    world.deploy(JOB)
    world.start()
    assert world.fail_job("no answer") is None
    assert world.lease() is None
    world.clock.advance(timedelta(seconds=10))
    assert world.fail_job("no answer") is None
    world.clock.advance(timedelta(minutes=1))
    assert world.fail_job("still no answer") is not None
    (incident,) = world.incidents()
    assert incident.message == "still no answer"
    assert world.rows(job)[0].state == "failed"
    with world.work() as uow:
        resolve_incident(uow, incident.id, "the gateway is back")
    world.do_job({"done": 1})
    assert world.open_tasks() == ["z"]
    assert world.incidents() == []
    check_history(world)


def test_a_bpmn_error_leads_to_its_boundary_event_not_to_a_retry(world):
    from engine.commands.throw_bpmn_error import throw_bpmn_error

    world.deploy(JOB)
    world.start()
    leased = world.lease()
    with world.work(Actor("worker:w1")) as uow:
        throw_bpmn_error(uow, leased.id, "w1", "rejected", "the court said no")
    assert world.open_tasks() == ["h"]
    assert world.incidents() == []


def test_a_worker_that_died_loses_its_lease_and_the_job_runs_again_under_the_same_key(world):
    world.deploy(JOB)
    world.start()
    first = world.lease("w1", timedelta(seconds=30))
    world.clock.advance(timedelta(seconds=31))
    assert expire_leases(world.platform, world.begin) == 1
    second = world.lease("w2")
    assert second.idempotency_key == first.idempotency_key
    with pytest.raises(JobNotLeasedError), world.work() as uow:
        complete_job(uow, first.id, "w1", {"done": 1})
    with world.work() as uow:
        complete_job(uow, second.id, "w2", {"done": 2})
    assert world.open_tasks() == ["z"]


REMIND = file(
    process(
        "p",
        START,
        END,
        user("a"),
        boundary("r", "a", timer_event("Cycle", "R2/P1D"), False),
        service("s", "work"),
        boundary("t", "a", timer_event("Duration", "P5D")),
        user("late"),
        "start>a",
        "a>end",
        "r>s",
        "t>late",
    ),
)


def test_timers_fire_when_due_never_early_and_each_once(world):
    world.deploy(REMIND)
    world.start()
    assert world.pass_time(timedelta(hours=23, minutes=59)) == 0
    assert world.pass_time(timedelta(minutes=1)) == 1
    assert world.pass_time(timedelta(0)) == 0
    assert len(world.rows(job)) == 1
    assert world.pass_time(timedelta(days=1)) == 1
    assert world.pass_time(timedelta(days=1)) == 0
    assert world.pass_time(timedelta(days=2)) == 1
    assert world.open_tasks() == ["late"]
    assert [row.state for row in world.rows(timer)] == ["fired", "fired"]


def test_lateness_is_recorded(world):
    world.deploy(REMIND)
    world.start()
    world.pass_time(timedelta(days=1, seconds=2))
    assert world.rows(timer, timer.c.element_id == "r")[0].lateness_ms == 2000


def test_a_completed_task_takes_its_timers_with_it(world):
    world.deploy(REMIND)
    world.start()
    world.complete("a")
    assert [row.state for row in world.rows(timer)] == ["canceled", "canceled"]
    assert world.pass_time(timedelta(days=9)) == 0


def test_two_sweeps_at_once_fire_a_timer_once(world):
    world.deploy(REMIND)
    world.start()
    world.clock.advance(timedelta(days=5))
    (due,) = [row.id for row in world.timers() if row.element_id == "t"]
    fired: list[bool] = []

    def sweep() -> None:
        with world.engine.begin() as connection:
            fired.append(trigger_timer(world.platform.unit_of_work(connection, CLOCK), due))

    threads = [threading.Thread(target=sweep) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(fired) == [False, False, False, True]


WITHDRAW = file(
    message("m", "withdrawn"),
    process(
        "p", START, END, user("a"), boundary("w", "a", catches_message("m")), user("note"), "start>a", "a>end", "w>note"
    ),
)


def test_a_message_finds_its_case_by_business_key(world):
    world.deploy(WITHDRAW)
    world.start(business_key="one")
    world.start(business_key="two")
    with world.work() as uow:
        correlate_message(uow, message_name="withdrawn", business_key="two", variables={"reason": "paid"})
    assert world.open_tasks() == ["a", "note"]
    with pytest.raises(MessageNotCorrelatedError), world.work() as uow:
        correlate_message(uow, message_name="withdrawn", business_key="two")


def test_suspension_stops_work_and_resuming_applies_what_waited_in_order(world):
    world.deploy(REMIND)
    instance_id = world.start().instance_id
    with world.work() as uow:
        suspend_instance(uow, instance_id, "file is with the court")
    with pytest.raises(ProcessInstanceNotActiveError):
        world.complete("a")
    assert world.pass_time(timedelta(days=6)) == 0
    with world.work() as uow:
        resume_instance(uow, instance_id, "file is back")
    assert world.open_tasks() == ["late"]
    assert [kind for kind in world.kinds() if kind == "timer-fired"] == ["timer-fired"] * 2
    check_history(world)


def test_a_job_done_while_suspended_is_not_lost(world):
    world.deploy(JOB)
    instance_id = world.start().instance_id
    leased = world.lease()
    with world.work() as uow:
        suspend_instance(uow, instance_id, "wait")
    with world.work() as uow:
        complete_job(uow, leased.id, "w1", {"done": "x"})
    assert world.open_tasks() == []
    with world.work() as uow:
        resume_instance(uow, instance_id, "go on")
    assert world.open_tasks() == ["z"]


def test_an_operator_s_verb_needs_a_reason(world):
    world.deploy(TWO)
    instance_id = world.start().instance_id
    with pytest.raises(OperatorReasonMissingError), world.work() as uow:
        cancel_instance(uow, instance_id, "  ")


def test_a_canceled_instance_leaves_no_work(world):
    world.deploy(REMIND)
    instance_id = world.start().instance_id
    with world.work() as uow:
        cancel_instance(uow, instance_id, "registered twice")
    assert world.instance().state == "canceled"
    assert world.open_tasks() == []
    assert world.timers() == []


def test_an_incident_in_the_process_is_resolved_by_retrying_it(world):
    gateway = node("exclusiveGateway", "x")
    world.deploy(
        file(
            process(
                "p",
                START,
                END,
                gateway,
                user("b"),
                "start>x",
                "x>b:flag == 1",
                "x>end:flag == 2",
                variables="flag: int",
            )
        )
    )
    world.start(flag=3)
    (incident,) = world.incidents()
    assert (incident.element_id, incident.kind) == ("x", "no-way-on")
    with world.work() as uow:
        outcome = resolve_incident(uow, incident.id)
    assert len(outcome.incidents) == 1
    assert len(world.incidents()) == 1


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        ("update history set facts = '{\"x\": 1}' where seq = 3", "changed"),
        ("update history set actor_id = 'user:other' where seq = 2", "changed"),
        ("update history set values = '{\"x\": 2}' where seq = 2", "changed"),
        ("delete from history where seq = 2", "missing"),
        ("delete from history where seq = (select max(seq) from history)", "cut"),
        ("update history set seq = seq + 100 where seq = 3", "missing"),
        ("update \"case\" set head_hash = 'x'", "cut"),
    ],
)
def test_tampering_with_history_is_found(world, damage, reason):
    world.deploy(TWO)
    world.start(x=1)
    world.complete("a")
    assert check_history(world) == 7
    with world.engine.begin() as connection:
        connection.execute(sa.text(damage))
    with pytest.raises(HistoryBrokenError, match=reason):
        check_history(world)


def test_an_inserted_row_is_found(world):
    world.deploy(TWO)
    world.start()
    with world.engine.begin() as connection:
        connection.execute(
            sa.text(
                "insert into history (case_id, seq, at, actor_id, kind, facts, values, salts, digests, previous_hash, hash) "
                "select case_id, seq + 1, at, actor_id, 'made-up', facts, values, salts, digests, hash, 'sha256:0' "
                "from history order by seq desc limit 1"
            )
        )
    with pytest.raises(HistoryBrokenError):
        check_history(world)


def test_erasing_a_value_with_its_salt_keeps_the_chain_valid(world):
    world.deploy(TWO)
    world.start(secret="x")
    with world.engine.begin() as connection:
        connection.execute(sa.text("update history set values = '{}', salts = '{}' where seq = 2"))
    assert check_history(world) == 4


def test_a_file_that_was_renamed_replaces_the_one_with_the_same_process(world):
    world.deploy(TWO, name="old/place.bpmn")
    third = file(process("p", START, END, user("c"), "start>c", "c>end"))
    deployed = world.deploy(third, name="place.bpmn")
    assert [definition.version for definition in deployed.process_definitions] == [2]


def test_a_message_starts_the_newest_version_of_the_process_that_waits_for_it(world):
    start = node("startEvent", "begin", catches_message("m"))

    def model(task: str) -> bytes:
        return file(
            message("m", "petition-received"), process("p", start, END, user(task), f"begin>{task}", f"{task}>end")
        )

    world.deploy(model("a"))
    world.deploy(model("b"))
    with world.work() as uow:
        case_id = open_case(uow, "case-1")
        start_by_message(uow, message_name="petition-received", case_id=case_id, variables={"n": 1})
    assert world.open_tasks() == ["b"]
    with pytest.raises(NotFoundError), world.work() as uow:
        start_by_message(uow, message_name="nobody-waits", case_id=case_id)
