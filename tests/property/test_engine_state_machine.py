"""Anything that may happen to a process instance, in any order: rows, tokens and history never disagree."""

import itertools
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from engine.bpmn.run import Run
from engine.bpmn.step import BpmnErrorNotCaughtError
from engine.bpmn.tokens import waiting
from engine.commands.cancel_instance import cancel_instance
from engine.commands.complete_job import complete_job
from engine.commands.complete_user_task import complete_user_task
from engine.commands.correlate_message import correlate_message
from engine.commands.fail_job import fail_job
from engine.commands.lease_job import lease_job
from engine.commands.resolve_incident import resolve_incident
from engine.commands.resume_instance import resume_instance
from engine.commands.suspend_instance import suspend_instance
from engine.commands.throw_bpmn_error import throw_bpmn_error
from engine.domain.actor import Actor
from engine.domain.errors import (
    JobNotLeasedError,
    MessageNotCorrelatedError,
    ProcessInstanceNotActiveError,
)
from engine.queries.history import verify_history
from engine.runtime.timers import expire_leases
from engine.store.instances import WAITING_TABLES
from engine.store.tables import history, incident, job, message_subscription, process_instance, timer, user_task
from tests.bpmn_builder import (
    START,
    boundary,
    call,
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
from tests.bpmn_builder import timer as due
from tests.effort import examples
from tests.engine_world import World

TERMINATE = "<bpmn:terminateEventDefinition/>"
MODEL = file(
    message("m", "arrived"),
    error("e", "refused"),
    process(
        "p", START, node("parallelGateway", "g"), node("parallelGateway", "j"),
        # a person, reminded again and again, until it is too late
        user("a"), boundary("remind", "a", due("Cycle", "R/PT6H"), False), user("r"), node("endEvent", "r-end"),
        boundary("late", "a", due("Duration", "PT20H")), user("l"), node("exclusiveGateway", "xa"),
        # a job with retries, an error of its own, and a condition that may fail
        service("w", "work", parameters({"n": "${n}"}, retry="PT10M,PT30M")),
        boundary("refused", "w", catches_error("e")), boundary("slow", "w", due("Duration", "P2D")), user("s"),
        node("exclusiveGateway", "xi", default="p_12_xi_xw"), node("exclusiveGateway", "xw"),
        # a message
        node("intermediateCatchEvent", "got", catches_message("m")),
        # a called process that may take too long
        call("c", "q", {"n": "n"}), boundary("ct", "c", due("Duration", "P3D")), user("cl"), node("exclusiveGateway", "xc"),
        # the last task, asked for by a cycle that in the end ends it all
        user("z"), boundary("ask", "z", due("Cycle", "R5/PT4H"), False),
        node("scriptTask", "tick", "<bpmn:script>n = n + 1</bpmn:script>", scriptFormat="python"),
        node("exclusiveGateway", "xz", default="p_27_xz_asked"), node("endEvent", "asked"), node("endEvent", "stop", TERMINATE),
        node("endEvent", "end", TERMINATE),
        "start>g", "g>a", "a>xa", "late>l", "l>xa", "xa>j", "remind>r", "r>r-end",
        "g>w", "w>xi", "xi>s:10 / done > 5", "refused>s", "xi>xw", "slow>s", "s>xw", "xw>j",
        "g>got", "got>j",
        "g>c", "c>xc", "ct>cl", "cl>xc", "xc>j",
        "j>z", "z>end", "ask>tick", "tick>xz", "xz>asked", "xz>stop:n > 2",
        variables="done",
    ),
    process(
        "q", '<bpmn:startEvent id="qs"/>', '<bpmn:endEvent id="qe"/>', user("q1"), boundary("qt", "q1", due("Duration", "P1D"), False),
        user("q2"), node("endEvent", "q2-end"), service("qw", "work", parameters({"n": "${n}"})),
        "qs>q1", "q1>qw", "qw>qe", "qt>q2", "q2>q2-end",
    ),
)  # fmt: skip

CHOICE = st.integers(0, 999)
OPEN_TASK = user_task.c.state.in_(["created", "assigned"])
_numbers = itertools.count(1)


class Instance(RuleBasedStateMachine):
    """One process instance, and everybody who may touch it."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self.world = world

    @initialize()
    def begin(self) -> None:
        self.business_key = f"case-{next(_numbers)}"
        started = self.world.start(business_key=self.business_key, n=0, done=1)
        self.id, self.case_id = started.instance_id, started.case_id

    def rows(self, table: sa.Table, *where: sa.ColumnElement[bool]) -> list[Any]:
        return self.world.rows(table, table.c.instance_id == self.id, *where)

    @property
    def row(self) -> Any:
        (row,) = self.world.rows(process_instance, process_instance.c.id == self.id)
        return row

    def is_in(self, *states: str) -> bool:
        return self.row.state in states

    def one(self, found: Sequence[Any], choice: int) -> Any:
        return found[choice % len(found)] if found else None

    @rule(choice=CHOICE)
    def complete_a_user_task(self, choice: int) -> None:
        task = self.one(self.rows(user_task, OPEN_TASK), choice)
        if task is None:
            return
        if self.is_in("suspended"):
            with pytest.raises(ProcessInstanceNotActiveError), self.world.work() as uow:
                complete_user_task(uow, task.id, {})
            return
        with self.world.work() as uow:
            complete_user_task(uow, task.id, {})

    @rule(choice=CHOICE, worker=st.sampled_from(["w1", "w2"]))
    def lease_a_job(self, choice: int, worker: str) -> None:
        waits = self.one(self.rows(job, job.c.state == "waiting"), choice)
        if waits is None:
            return
        is_leasable = waits.run_at <= self.world.clock.now() and self.is_in("active")
        with self.world.work(Actor(f"worker:{worker}")) as uow:
            leased = lease_job(uow, waits.id, worker, timedelta(minutes=5))
        assert (leased is not None) == is_leasable

    def leased(self, choice: int) -> Any:
        return self.one(self.rows(job, job.c.state == "leased"), choice)

    @rule(choice=CHOICE, done=st.integers(0, 4))
    def complete_a_job(self, choice: int, done: int) -> None:
        leased = self.leased(choice)
        if leased is not None:
            with self.world.work(Actor("worker:w")) as uow:
                complete_job(uow, leased.id, leased.lease_owner, {"done": done})

    @rule(choice=CHOICE)
    def complete_a_job_of_somebody_else(self, choice: int) -> None:
        found = self.one(self.rows(job), choice)
        if found is not None:
            with pytest.raises(JobNotLeasedError), self.world.work(Actor("worker:x")) as uow:
                complete_job(uow, found.id, "nobody", {"done": 9})

    @rule(choice=CHOICE, is_final=st.booleans())
    def fail_a_job(self, choice: int, is_final: bool) -> None:
        leased = self.leased(choice)
        if leased is not None:
            with self.world.work(Actor("worker:w")) as uow:
                fail_job(uow, leased.id, leased.lease_owner, "it did not work", is_final=is_final)

    @rule(choice=CHOICE, code=st.sampled_from(["refused", "unheard-of"]))
    def throw_a_bpmn_error(self, choice: int, code: str) -> None:
        leased = self.leased(choice)
        if leased is None:
            return
        try:
            with self.world.work(Actor("worker:w")) as uow:
                throw_bpmn_error(uow, leased.id, leased.lease_owner, code, "no")
        except BpmnErrorNotCaughtError:  # what a worker does then
            with self.world.work(Actor("worker:w")) as uow:
                fail_job(uow, leased.id, leased.lease_owner, "not caught", is_final=True)

    @rule(minutes=st.sampled_from([6, 15, 45]))
    def let_leases_expire(self, minutes: int) -> None:
        self.world.clock.advance(timedelta(minutes=minutes))
        expire_leases(self.world.platform, self.world.begin)
        now = self.world.clock.now()
        assert self.rows(job, job.c.state == "leased", job.c.lease_expires_at <= now) == []

    @rule(hours=st.sampled_from([1, 3, 5, 7, 15, 30]))
    def let_time_pass(self, hours: int) -> None:
        before = {row.id for row in self.rows(timer, timer.c.state == "waiting")}
        self.world.pass_time(timedelta(hours=hours))
        now = self.world.clock.now()
        if self.is_in("active"):
            assert self.rows(timer, timer.c.state == "waiting", timer.c.due_at <= now) == []
        elif self.is_in("suspended"):
            assert {row.id for row in self.rows(timer, timer.c.state == "waiting")} == before

    @rule(done=st.integers(0, 4))
    def correlate_the_message(self, done: int) -> None:
        is_awaited = bool(self.rows(message_subscription, message_subscription.c.state == "waiting"))
        try:
            with self.world.work() as uow:
                correlate_message(uow, message_name="arrived", business_key=self.business_key, variables={"done": done})
        except MessageNotCorrelatedError:
            assert not is_awaited
        else:
            assert is_awaited

    @precondition(lambda self: self.is_in("active"))
    @rule()
    def suspend(self) -> None:
        with self.world.work() as uow:
            suspend_instance(uow, self.id, "a look at it")

    @precondition(lambda self: self.is_in("suspended"))
    @rule()
    def resume(self) -> None:
        with self.world.work() as uow:
            resume_instance(uow, self.id, "looked at it")

    @rule(choice=CHOICE)
    def resolve_an_incident(self, choice: int) -> None:
        found = self.one(self.rows(incident, incident.c.state == "open"), choice)
        if found is None:
            return
        try:
            with self.world.work() as uow:
                resolve_incident(uow, found.id, "tried again")
        except ProcessInstanceNotActiveError:
            assert not self.is_in("active")

    @invariant()
    def every_waiting_token_has_its_row_and_every_row_its_token(self) -> None:
        row = self.row
        tokens: list[tuple[int, str]] = []
        if row.state in ("active", "suspended"):
            tokens = self.tokens(row)
        assert sorted(tokens) == sorted(self.open_rows())
        failed = sorted(each.id for each in self.rows(job, job.c.state == "failed"))
        assert failed == sorted(
            each.job_id for each in self.rows(incident, incident.c.state == "open") if each.job_id is not None
        )

    def tokens(self, row: Any) -> list[tuple[int, str]]:
        """Return what waits by the snapshot; a job whose outcome waits for the resumption has ended already."""
        kept = {each["token_id"] for each in row.pending if each["kind"] in ("JobCompleted", "BpmnErrorThrown")}
        platform = self.world.platform
        with self.world.begin() as connection:
            bundle = platform.definitions.bundle(connection, row.deployment_id)
        with platform.evaluator.session({}, self.world.clock.now()) as session:
            run = Run(bundle, session, {}, self.world.clock.now(), lambda *_: None)
            run.restore(row.snapshot)
            return [(token_id, kind) for token_id, kind in waiting(run).items() if token_id not in kept]

    def open_rows(self) -> list[tuple[int, str]]:
        """Return what waits by the rows; an incident of a job or a timer stands at that one's token."""
        found = [
            (row.token_id, kind)
            for kind, (table, states) in WAITING_TABLES.items()
            for row in self.rows(table, table.c.state.in_(states))
        ]
        return found + [
            (row.token_id, "incident")
            for row in self.rows(incident, incident.c.state == "open")
            if row.job_id is None and row.timer_id is None
        ]

    @invariant()
    def the_history_verifies_and_no_timer_was_early(self) -> None:
        with self.world.begin() as connection:
            verify_history(connection, self.case_id)
        for row in self.rows(timer, timer.c.state == "fired"):
            assert row.ended_at >= row.due_at
        for row in self.rows(history, history.c.kind == "timer-fired"):
            assert row.at.isoformat() >= row.facts["due_at"]

    def teardown(self) -> None:
        """Whatever is left can be canceled, and leaves nothing behind."""
        if not hasattr(self, "id"):
            return
        if self.is_in("active", "suspended"):
            with self.world.work() as uow:
                cancel_instance(uow, self.id, "the test is over")
        self.every_waiting_token_has_its_row_and_every_row_its_token()
        self.the_history_verifies_and_no_timer_was_early()


def test_rows_tokens_and_history_disagree_after_some_order_of_events(engine: sa.Engine) -> None:
    world = World(engine)
    world.deploy(MODEL)
    run_state_machine_as_test(
        lambda: Instance(world),
        settings=settings(
            max_examples=examples(20),
            stateful_step_count=30,
            deadline=None,
            phases=[Phase.generate],  # to shrink such a run takes minutes: read its steps instead
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
        ),
    )
