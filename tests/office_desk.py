"""A dispute whose user tasks people do everything to: the verbs of the office, and what must hold after each."""

import itertools
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from casework.store.bookmarks import CURRENT, STANDING
from casework.store.tables import claim, dispute, stage_change
from engine.bpmn.run import Run
from engine.bpmn.tokens import waiting
from engine.commands.acknowledge_copy import acknowledge_copy
from engine.commands.answer_correction_request import answer_correction_request
from engine.commands.assign_user_task import assign_user_task
from engine.commands.claim_user_task import claim_user_task
from engine.commands.comment_on_user_task import comment_on_user_task
from engine.commands.complete_job import complete_job
from engine.commands.complete_user_task import complete_user_task
from engine.commands.copy_user_task import copy_user_task
from engine.commands.correct_user_task import correct_user_task
from engine.commands.delegate_user_task import delegate_user_task
from engine.commands.hand_over_user_task import hand_over_user_task
from engine.commands.lease_job import lease_job
from engine.commands.recall_delegation import recall_delegation
from engine.commands.request_correction import request_correction
from engine.commands.retract_completion import retract_completion
from engine.commands.return_delegation import return_delegation
from engine.commands.save_draft import save_draft
from engine.commands.unclaim_user_task import unclaim_user_task
from engine.commands.urge_user_task import urge_user_task
from engine.commands.withdraw_correction_request import withdraw_correction_request
from engine.domain.actor import Actor
from engine.domain.clock import shanghai_date
from engine.domain.errors import ConflictError, ForbiddenError, NotFoundError, TingzhuError, TooManyAttemptsError
from engine.queries.history import verify_history
from engine.queries.office_verbs import VERBS
from engine.store.instances import WAITING_TABLES
from engine.store.tables import (
    history,
    incident,
    job,
    message_subscription,
    process_instance,
    timer,
    user_task,
    user_task_copy,
    user_task_correction_request,
)
from tests.bpmn_builder import END, START, boundary, call, file, node, parameters, process, service
from tests.bpmn_builder import timer as due
from tests.integration.casework.office import Office

DONE = object()
"""What a verb that worked returns when it has nothing to tell."""

PEOPLE = ("user:li", "user:wang", "user:zhao")
OPEN = user_task.c.state.in_(["created", "assigned"])
REFUSALS = (ConflictError, ForbiddenError, NotFoundError, TooManyAttemptsError)
"""How a verb that does not fit is refused: nothing of what it says is wrong in itself."""

FORM = b"""{"type": "default", "id": "facts", "components": [
    {"type": "number", "key": "term", "label": "term", "decimalDigits": 0, "validate": {"required": true, "min": 1, "max": 30}},
    {"type": "datetime", "subtype": "date", "key": "received_on", "dateLabel": "received"},
    {"type": "textarea", "key": "remark", "label": "remark"}]}"""


def _task(element_id: str, **attributes: str) -> str:
    return node("userTask", element_id, camunda_candidateGroups="window-clerk", camunda_formKey="facts", **attributes)


MODEL = file(
    process(
        "dispute", START, END, _task("a"), node("parallelGateway", "g"), node("parallelGateway", "j"),
        # one branch: a gateway that reads what was entered, a timer and a due date that do
        node("exclusiveGateway", "x", default="dispute_4_x_c"), node("exclusiveGateway", "m"), _task("b", camunda_dueDate="${received_on + timedelta(days=term)}"), _task("c"),
        boundary("late", "b", due("Duration", "${timedelta(days=term)}"), False), _task("l"), node("endEvent", "l-end"),
        boundary("gone", "c", due("Date", "${received_on + timedelta(days=40)}")),
        # the other: a job, then a called process
        service("w", "work", parameters({"n": "${term}"})), call("q-call", "q", {"term": "term"}),
        "start>a", "a>g", "g>x", "x>b:term > 10", "x>c", "b>m", "c>m", "gone>m", "m>j", "late>l", "l>l-end",
        "g>w", "w>q-call", "q-call>j", "j>end",
        variables="done",
    ),
    process("q", '<bpmn:startEvent id="qs"/>', '<bpmn:endEvent id="qe"/>', _task("q1"), "qs>q1", "q1>qe"),
)  # fmt: skip


class OfficeDesk:
    """One dispute and the people at it; every verb is a transaction of its own that works or is refused."""

    def __init__(self, office: Office) -> None:
        self.office = office
        registered = office.register()
        self.case_id, self.id = registered.case_id, registered.instance_id
        self.before: dict[UUID, Any] = {}
        """How everything stood before the last completion of a user task."""
        self.told: Counter[str] = Counter()
        """How many rows of each verb were acknowledged."""
        self._numbers = itertools.count(1)

    # --- what there is

    def rows(self, table: sa.Table, *where: sa.ColumnElement[bool]) -> list[Any]:
        return self.office.rows(table, table.c.case_id == self.case_id, *where)

    def pick(self, rows: list[Any], choice: int) -> Any:
        return rows[choice % len(rows)] if rows else None

    def likely(self, row: Any, choice: int, who: str) -> str:
        """Return who acts on an open user task: often its holder, who alone may do most."""
        return row.assignee if row.assignee is not None and choice % 4 else who

    def open_task(self, choice: int) -> Any:
        return self.pick(self.rows(user_task, OPEN), choice)

    def completed_task(self, choice: int) -> Any:
        done = self.rows(user_task, user_task.c.state == "completed")
        return self.pick(sorted(done, key=lambda row: row.ended_at, reverse=True), choice)

    def state(self, user_task_id: UUID) -> Any:
        """Return all that a retraction must bring back: tokens, variables, what waits, inputs, stage, the task itself."""
        (instance,) = self.rows(process_instance)
        (task,) = self.rows(user_task, user_task.c.id == user_task_id)
        return {
            "instance": instance,
            # when a row was written last is no part of what it says
            "task": {**task._mapping, "written_in": None},
            "tasks": [(row.id, row.due_at, row.follow_up_at) for row in self.rows(user_task, OPEN)],
            "jobs": [
                row.id
                for row in self.rows(job, job.c.state.in_(["waiting", "leased", "failed"]), job.c.token_id.is_not(None))
            ],
            "timers": self.rows(timer, timer.c.state.in_(["waiting", "failed"])),
            "subscriptions": self.rows(message_subscription, message_subscription.c.state == "waiting"),
            "incidents": self.rows(incident, incident.c.state == "open"),
            "inputs": {name: self.rows(table, table.c[column].is_(None)) for name, (table, column) in CURRENT.items()},
            "stages": self.rows(stage_change),
            "claims": self.rows(claim),
            "dispute": [row._mapping[column] for row in self.rows(dispute) for column in STANDING],
        }

    # --- the verbs

    def do(self, who: str, verb: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
        """Run a verb as somebody; return what it returns or DONE, or the refusal, which has changed nothing."""
        head = self.head()
        try:
            with self.office.work(Actor(who)) as uow:
                outcome = verb(uow, *arguments, **options)
        except REFUSALS as refusal:
            assert self.head() == head
            return refusal
        return DONE if outcome is None else outcome

    def head(self) -> Any:
        return len(self.rows(history)), [tuple(row) for row in self.rows(user_task)]

    def claim(self, choice: int, who: str) -> Any:
        return self._at_open(choice, who, claim_user_task)

    def unclaim(self, choice: int, who: str) -> Any:
        row = self.open_task(choice)
        return None if row is None else self.do(self.likely(row, choice, who), unclaim_user_task, row.id)

    def assign(self, choice: int, who: str) -> Any:
        return self._at_open(choice, "user:head", assign_user_task, who)

    def draft(self, choice: int, who: str) -> Any:
        return self._at_open(choice, who, save_draft, {"term": choice % 30})

    def comment(self, choice: int, who: str) -> Any:
        return self._at_open(choice, who, comment_on_user_task, "a word")

    def complete(self, choice: int, who: str) -> Any:
        row = self.open_task(choice)
        if row is None:
            return None
        state = self.state(row.id)
        data: dict[str, Any] = {"term": 1 + choice % 30}
        if choice % 3 == 0:
            data["received_on"] = (self.today - timedelta(days=choice % 7)).isoformat()
        if choice % 4 == 0:
            data["remark"] = f"remark {choice}"
        outcome = self.do(self.likely(row, choice, who), complete_user_task, row.id, data)
        if not isinstance(outcome, TingzhuError):
            self.before[row.id] = state
        return outcome

    def retract(self, choice: int, who: str) -> Any:
        row = self.completed_task(choice)
        if row is None:
            return None
        mine = row.ended_by if choice % 4 else who
        outcome = self.do(mine, retract_completion, row.id)
        if not isinstance(outcome, TingzhuError):
            assert mine == row.ended_by
            self.told["user-task-completion-retracted"] += 1
            self._compare(row.id)
        return outcome

    def _compare(self, user_task_id: UUID) -> None:
        before, after = self.before.pop(user_task_id), self.state(user_task_id)
        for part, stood in before.items():
            assert after[part] == stood, part

    def correct(self, choice: int, who: str) -> Any:
        row = self.completed_task(choice)
        if row is None:
            return None
        (instance,) = self.rows(process_instance)
        fields: dict[str, Any] = {"term": 1 + choice % 29}
        if choice % 2:
            fields["received_on"] = (self.today - timedelta(days=choice % 11)).isoformat()
        outcome = self.do(who, correct_user_task, row.id, fields, "typed wrongly", "sealed")
        (after,) = self.rows(process_instance)
        moving = ("top", "subs", "next", "process")
        assert [after.snapshot and after.snapshot[part] for part in moving] == [
            instance.snapshot and instance.snapshot[part] for part in moving
        ]
        assert after.state == instance.state
        return self._count("corrections", outcome)

    def hand_over(self, choice: int, who: str) -> Any:
        row = self.open_task(choice)
        if row is None:
            return None
        to = {"to_user": PEOPLE[choice % 3]} if choice % 4 else {"to_group": ("window-clerk", "mediator")[choice % 2]}
        outcome = self.do(self.likely(row, choice, who), hand_over_user_task, row.id, **to, reason="sealed")
        if not isinstance(outcome, TingzhuError):
            (after,) = self.rows(user_task, user_task.c.id == row.id)
            assert after.assignee != row.assignee
        return self._count("handovers", outcome)

    def delegate(self, choice: int, who: str) -> Any:
        row = self.open_task(choice)
        if row is None:
            return None
        owner = self.likely(row, choice, who)
        to = PEOPLE[(PEOPLE.index(owner) + 1 + choice % 2) % 3]
        return self._count("delegations", self.do(owner, delegate_user_task, row.id, to, "sealed"))

    def give_back(self, choice: int, who: str) -> Any:
        return self._end_delegation(choice, who, return_delegation, "sealed")

    def recall(self, choice: int, who: str) -> Any:
        return self._end_delegation(choice, who, recall_delegation, is_override=choice % 5 == 0)

    def _end_delegation(self, choice: int, who: str, verb: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
        row = self.open_task(choice)
        if row is None:
            return None
        holder = row.owner if verb is recall_delegation else row.assignee
        outcome = self.do(holder if holder and choice % 4 else who, verb, row.id, *arguments, **options)
        if not isinstance(outcome, TingzhuError):
            (after,) = self.rows(user_task, user_task.c.id == row.id)
            assert (row.delegation, after.assignee) == ("pending", row.owner)
        return outcome

    def urge(self, choice: int, who: str) -> Any:
        return self._count("urgings", self._at_open(choice, who, urge_user_task, ["user:li"], "sealed"))

    def copy(self, choice: int, who: str) -> Any:
        row = self.open_task(choice)
        if row is None:
            return None
        added = self.do(who, copy_user_task, row.id, [PEOPLE[choice % 3]], "sealed")
        self.told["copies"] += len(added)
        return added

    def acknowledge(self, choice: int, who: str) -> Any:
        unread = self.rows(user_task_copy, user_task_copy.c.acknowledged_at.is_(None))
        row = self.pick(unread, choice)
        return None if row is None else self.do(row.reader, acknowledge_copy, row.user_task_id)

    def ask(self, choice: int, who: str) -> Any:
        about = self.completed_task(choice)
        row = self.open_task(choice)
        if about is None or row is None:
            return None
        due_on = shanghai_date(self.office.clock.now()) + timedelta(days=3)
        remind_at = self.office.clock.now() + timedelta(days=2)
        options: dict[str, Any] = {"missing": "sealed", "due_on": due_on, "about_user_task_id": about.id}
        reminder = ("work", {"n": 1})
        asking = self.likely(row, choice, who)
        outcome = self.do(asking, request_correction, row.id, **options, remind_at=remind_at, reminder=reminder)
        return self._count("correction_requests", outcome)

    def answer(self, choice: int, who: str) -> Any:
        return self._end_request(choice, who, answer_correction_request, "sealed")

    def withdraw(self, choice: int, who: str) -> Any:
        return self._end_request(choice, who, withdraw_correction_request)

    def _end_request(self, choice: int, who: str, verb: Callable[..., Any], *arguments: Any) -> Any:
        row = self.pick(self.rows(user_task_correction_request), choice)
        return None if row is None else self.do(who, verb, row.user_task_id, row.id, *arguments)

    def work(self, choice: int, who: str) -> Any:
        row = self.pick(self.rows(job, job.c.state == "waiting", job.c.run_at <= self.office.clock.now()), choice)
        if row is None:
            return None
        with self.office.work(Actor("worker:w")) as uow:
            leased = lease_job(uow, row.id, "w", timedelta(minutes=5))
        if leased is None:
            return None
        return self.do("worker:w", complete_job, row.id, "w", {"done": 1})

    def wait(self, choice: int, who: str) -> Any:
        self.office.pass_time(timedelta(hours=1 + choice % 30))
        return DONE

    def _at_open(self, choice: int, who: str, verb: Callable[..., Any], *arguments: Any) -> Any:
        row = self.open_task(choice)
        return None if row is None else self.do(who, verb, row.id, *arguments)

    def _count(self, name: str, outcome: Any) -> Any:
        if outcome is not None and not isinstance(outcome, TingzhuError):
            self.told[name] += 1
        return outcome

    @property
    def today(self) -> date:
        return shanghai_date(self.office.clock.now())

    # --- what must hold

    def check(self) -> None:
        """Assert all that must hold whatever was done."""
        self.check_holders()
        self.check_history()
        self.check_tokens()
        for name, table in VERBS.items():
            assert len(self.rows(table)) == self.told[name], name

    def check_holders(self) -> None:
        for row in self.rows(user_task, OPEN):
            assert (row.assignee is None) == (row.state == "created")
            if row.delegation == "pending":
                assert row.owner not in (None, row.assignee)
            elif row.delegation == "resolved":
                assert row.owner == row.assignee
            requests = self.rows(
                user_task_correction_request,
                user_task_correction_request.c.user_task_id == row.id,
                user_task_correction_request.c.state == "open",
            )
            assert row.open_correction_requests == len(requests)

    def check_history(self) -> None:
        with self.office.begin() as connection:
            verify_history(connection, self.case_id)
        completed, retracted = (
            Counter(row.facts["id"] for row in self.rows(history, history.c.kind == kind))
            for kind in ("user-task-completed", "user-task-completion-retracted")
        )
        assert sum(retracted.values()) == self.told["user-task-completion-retracted"]
        for row in self.rows(user_task):
            assert completed[str(row.id)] - retracted[str(row.id)] == (row.state == "completed")

    def check_tokens(self) -> None:
        (row,) = self.rows(process_instance)
        tokens: list[tuple[int, str]] = []
        platform = self.office.platform
        if row.snapshot is not None:
            with self.office.begin() as connection:
                bundle = platform.definitions.bundle(connection, row.deployment_id)
            with platform.evaluator.session({}, self.office.clock.now()) as session:
                run = Run(bundle, session, {}, self.office.clock.now(), lambda *_: None)
                run.restore(row.snapshot)
                tokens = list(waiting(run).items())
        found = [
            (each.token_id, kind)
            for kind, (table, states) in WAITING_TABLES.items()
            for each in self.rows(table, table.c.state.in_(states))
            if each.token_id is not None
        ]
        stopped = self.rows(incident, incident.c.state == "open", incident.c.token_id.is_not(None))
        found += [(each.token_id, "incident") for each in stopped if each.job_id is None and each.timer_id is None]
        assert sorted(tokens) == sorted(found)


ACTS: Mapping[str, Callable[[OfficeDesk, int, str], Any]] = {
    name: getattr(OfficeDesk, name)
    for name in (
        "claim",
        "unclaim",
        "assign",
        "draft",
        "comment",
        "complete",
        "retract",
        "correct",
        "hand_over",
        "delegate",
        "give_back",
        "recall",
        "urge",
        "copy",
        "acknowledge",
        "ask",
        "answer",
        "withdraw",
        "work",
        "wait",
    )
}
"""Everything that may happen, by name."""
