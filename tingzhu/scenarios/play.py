"""Plays one scenario: the real commands, jobs and timers, on a database of its own, with the clock moved by hand."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from api.task_access import require_group, require_receiver, task_access
from casework.access import Viewer, require, require_globally
from casework.commands.ask_for_correction import ask_for_correction
from casework.commands.correct_event_date import correct_event_date
from casework.commands.record_event_dates import record_event_dates
from casework.commands.record_payments import record_payments
from casework.commands.record_signatures import record_signatures
from casework.commands.register_dispute import register_dispute
from casework.commands.withdraw_signature import withdraw_signature
from casework.documents import store_document
from casework.host import CaseworkHost
from casework.named_inputs import keep_inputs
from casework.organisations import assign_organisation, send_to
from casework.store.signatures import current_signatures
from casework.store.tables import organisation, party
from engine.bpmn.times import add_duration
from engine.commands.answer_correction_request import answer_correction_request
from engine.commands.cancel_instance import cancel_instance
from engine.commands.claim_user_task import claim_user_task
from engine.commands.complete_user_task import complete_user_task
from engine.commands.correct_user_task import correct_user_task
from engine.commands.correlate_message import correlate_message
from engine.commands.delegate_user_task import delegate_user_task
from engine.commands.hand_over_user_task import hand_over_user_task
from engine.commands.leasing import may_run
from engine.commands.open_case import open_case
from engine.commands.recall_delegation import recall_delegation
from engine.commands.resolve_incident import resolve_incident
from engine.commands.resume_instance import resume_instance
from engine.commands.retract_completion import retract_completion
from engine.commands.return_delegation import return_delegation
from engine.commands.start_instance import start_instance
from engine.commands.suspend_instance import suspend_instance
from engine.commands.unit_of_work import UnitOfWork
from engine.commands.withdraw_correction_request import withdraw_correction_request
from engine.domain.actor import Actor, OnBehalfOf, user_actor_id
from engine.domain.clock import SHANGHAI, ManualClock
from engine.domain.errors import ForbiddenError, NotFoundError, TingzhuError
from engine.domain.values import Value, plain
from engine.runtime.timers import fire_due_timers
from engine.store.cases import lock_case
from engine.store.tables import incident, job, process_instance, timer, user_task, user_task_correction_request
from handlers.context import CaseworkContext
from handlers.registry import load_handlers
from handlers.worker import InProcessRunner, Worker
from tingzhu.composition import SYSTEM
from tingzhu.scenarios.ground import Ground, growing_ids
from tingzhu.scenarios.names import Place
from tingzhu.scenarios.scenario import (
    Advance,
    AskCorrection,
    Behalf,
    Claim,
    Complete,
    CorrectDate,
    CorrectTask,
    Deed,
    Delegate,
    EndCorrection,
    EndDelegation,
    Given,
    HandOver,
    Operate,
    Pay,
    RecordDates,
    ResolveIncident,
    Retract,
    Scenario,
    SendMessage,
    Sign,
    Who,
)
from tingzhu.scenarios.scripts import scripted

MAX_TURNS = 500
"""Rounds of jobs and timers at one instant after which a process counts as running in circles."""

MAX_STOPS = 1000
"""Due times on the way of one `advance`."""

FILE = "file:"
"""What a value of form data begins with that stands for a scan uploaded at that moment."""

PARTNER = Actor("external:scenario")
"""Who sends messages unless the scenario names somebody."""


class StepImpossibleError(Exception):
    """A step cannot be taken as the scenario says it; why, in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh, self.en = zh, en


class WatchingHost(CaseworkHost):
    """The ordinary host, which also remembers the variables each process had at its last step."""

    variables: dict[str, Mapping[str, Value]]

    def after_step(self, connection: Any, case_id: UUID, **told: Any) -> None:
        self.variables = {**getattr(self, "variables", {}), told["process_key"]: told["variables"]}
        super().after_step(connection, case_id, **told)


class Play:
    """One scenario while it is played."""

    def __init__(self, ground: Ground, engine: sa.Engine, scenario: Scenario) -> None:
        self.ground = ground
        self.engine = engine
        self.given: Given = scenario.given
        self.clock = ManualClock(self.given.at)
        ids = growing_ids(self.clock)
        self.host = WatchingHost(ground.bureau, ids)
        self.platform = replace(ground.platform, clock=self.clock, ids=ids, host=self.host)
        definitions = scripted(load_handlers(), self.given.handlers, ground.names, self._place_of_job)
        contexts: Callable[[], CaseworkContext] = lambda: CaseworkContext(  # noqa: E731 - as short as its use
            engine, ground.bureau, self.clock, ids, ground.handler_settings, Actor("worker:scenario")
        )
        self._worker = Worker("scenario", self.platform, engine.begin, definitions, InProcessRunner(contexts))
        self.case_id = UUID(int=0)
        self.instance_id = UUID(int=0)
        self.bystander: UUID | None = None
        """The instance of `dispute` that a scenario of another process suspends at its start."""
        self._business_key = "scenario"

    @property
    def process_key(self) -> str:
        """The process that the scenario is about."""
        return self.given.process

    # --- the beginning

    def begin(self) -> None:
        """Bring about what is given and let it settle. Raises TingzhuError."""
        given = self.given
        if given.registration is None:
            with self._work(SYSTEM) as uow:
                self.case_id = open_case(uow, self._business_key)
                self._start(uow, {})
        else:
            viewer = self._viewer(given.by)
            require_globally(viewer, "register")
            with self._work(viewer.actor) as uow:
                registered = register_dispute(uow, self.ground.bureau, given.registration)
                self.case_id, self.instance_id = registered.case_id, registered.instance_id
                self._business_key = registered.business_key
                self._furnish(uow)
                if given.process != "dispute":
                    self.bystander = registered.instance_id
                    suspend_instance(replace(uow, actor=SYSTEM), self.bystander, "scenario")
                    self._start(uow, self.host.variables["dispute"])
        self.settle()

    def _start(self, uow: UnitOfWork, known: Mapping[str, Value]) -> None:
        declared = dict(self.ground.bundle.processes[self.given.process].declared)
        variables = {name: known[name] for name in declared if name in known}
        for name, value in self.given.variables.items():
            exact = process_value(value)
            is_amount = declared.get(name) == "Decimal" and type(exact) is int
            variables[name] = Decimal(exact) if is_amount else exact
        outcome = start_instance(uow, process_key=self.given.process, case_id=self.case_id, variables=variables)
        self.instance_id = outcome.instance_id

    def _furnish(self, uow: UnitOfWork) -> None:
        given = self.given
        if given.organisation is not None:
            found = uow.connection.execute(
                sa.select(organisation.c.id).where(organisation.c.code == given.organisation)
            ).scalar_one()
            assign_organisation(uow, self.case_id, found, "scenario")
        for kind in given.sent_to:
            send_to(uow, self.case_id, kind)  # type: ignore[arg-type]
        if given.inputs:
            lock_case(uow.connection, self.case_id)
            keep_inputs(
                uow.connection,
                self.ground.bureau,
                uow.ids,
                self.case_id,
                {name: process_value(value) for name, value in given.inputs.items()},
                actor_id=uow.actor.id,
                now=uow.now,
                reason=None,
            )

    # --- the steps

    def do(self, deed: Deed) -> None:
        """Take a step and let it settle. Raises TingzhuError when it is refused, StepImpossibleError."""
        match deed:
            case Complete():
                self._complete(deed)
            case Claim(element=element, who=who):
                row = self._open_task(element)
                with self._work(self._who_may_work(row, who).actor) as uow:
                    claim_user_task(uow, row.id)
            case Retract(element=element, who=who):
                row = self._completed_task(element)
                with self._work(self._holder(row.id, row.ended_by, who).actor) as uow:
                    retract_completion(uow, row.id)
            case CorrectTask(element=element, data=data, reason=reason, who=who):
                row = self._completed_task(element)
                with self._work(self._holder(row.id, row.ended_by, who).actor) as uow:
                    correct_user_task(uow, row.id, form_data(data), reason, reason)
            case AskCorrection():
                self._ask_correction(deed)
            case EndCorrection():
                self._end_correction(deed)
            case HandOver():
                self._hand_over(deed)
            case Delegate(element=element, to_user=to_user, who=who):
                row = self._open_task(element)
                self._require_receiver(to_user, row.id)
                with self._work(self._holder(row.id, row.assignee, who).actor) as uow:
                    delegate_user_task(uow, row.id, user_actor_id(to_user), "scenario")
            case EndDelegation(element=element, is_recall=is_recall, who=who):
                row = self._open_task(element)
                with self._work(self._holder(row.id, row.owner if is_recall else row.assignee, who).actor) as uow:
                    if is_recall:
                        recall_delegation(uow, row.id)
                    else:
                        return_delegation(uow, row.id, "scenario")
            case Advance():
                self._advance(deed)
            case SendMessage(name=name, variables=variables, who=who):
                self._send(name, variables, who)
            case CorrectDate(name=name, value=value, reason=reason, who=who):
                with self._work(self._who_may_correct(who).actor) as uow:
                    correct_event_date(uow, self.ground.bureau, self.case_id, name, value, reason)
            case RecordDates(values=values, who=who):
                with self._work(self._who_may_correct(who).actor) as uow:
                    record_event_dates(uow, self.ground.bureau, self.case_id, values)
            case Sign():
                self._sign(deed)
            case Pay():
                with self._work(self._who_may_correct(deed.who).actor) as uow:
                    record_payments(uow, self.ground.bureau, self.case_id, deed.rows)
            case ResolveIncident(element=element, who=who):
                incident_id = self._open_incident(element)
                with self._work(self._operator(who).actor) as uow:
                    resolve_incident(uow, incident_id, "retry")
            case Operate(verb=verb, reason=reason, who=who):
                act = {"suspend": suspend_instance, "resume": resume_instance, "cancel": cancel_instance}[verb]
                with self._work(self._operator(who).actor) as uow:
                    act(uow, self.instance_id, reason)
        self.settle()

    def settle(self) -> None:
        """Run jobs and timers that are due until none is. Raises StepImpossibleError when that never ends."""
        for _ in range(MAX_TURNS):
            if not self._do_due_jobs() and not fire_due_timers(self.platform, self.engine.begin):
                return
        zh = f"作业与定时器循环不止（{MAX_TURNS} 轮后仍有到期的）。"
        raise StepImpossibleError(
            zh, f"jobs and timers run in circles ({MAX_TURNS} rounds and still something is due)."
        )

    def _complete(self, deed: Complete) -> None:
        row = self._open_task(deed.element)
        viewer = self._who_may_work(row, deed.who)
        behalf = None if deed.behalf is None else self._behalf(deed.behalf)
        with self._work(viewer.actor) as uow:
            complete_user_task(uow, row.id, self._with_files(uow, form_data(deed.data)), behalf)

    def _with_files(self, uow: UnitOfWork, value: Any) -> Any:
        """Return form data in which every `file:KIND` is the id of a document of that kind, uploaded just now."""
        if isinstance(value, dict):
            return {key: self._with_files(uow, each) for key, each in value.items()}
        if isinstance(value, list):
            return [self._with_files(uow, each) for each in value]
        if not (isinstance(value, str) and value.startswith(FILE)):
            return value
        kind = value.removeprefix(FILE)
        stored = store_document(
            uow,
            self.ground.bureau,
            self.case_id,
            kind=kind,
            title=kind,
            content=b"%PDF-1.7\n% a scan\n",
            media_type="application/pdf",
            idempotency_key=f"scenario-{uow.ids()}",
        )
        return str(stored.document_id)

    def _ask_correction(self, deed: AskCorrection) -> None:
        row = self._open_task(deed.element)
        about = self._completed_task(deed.about).id if deed.about is not None else None
        party_id = self._party(*deed.party) if deed.party is not None else None
        with self._work(self._holder(row.id, row.assignee, deed.who).actor) as uow:
            ask_for_correction(
                uow,
                self.ground.bureau,
                row.id,
                missing=list(deed.missing),
                due_on=deed.due_on,
                about_user_task_id=about,
                party_id=party_id,
            )

    def _end_correction(self, deed: EndCorrection) -> None:
        row = self._open_task(deed.element)
        requests = user_task_correction_request
        open_ones = self._rows_of_case(requests, requests.c.user_task_id == row.id, requests.c.state == "open")
        if not open_ones:
            zh = f"任务 {deed.element} 没有未答复的补正要求。"
            raise StepImpossibleError(zh, f"no request for correction of {deed.element!r} is open.")
        asked = open_ones[0].asked_user if deed.is_answer else row.assignee
        with self._work(self._holder(row.id, asked or row.assignee, deed.who).actor) as uow:
            if deed.is_answer:
                answer_correction_request(uow, row.id, open_ones[0].id, "scenario")
            else:
                withdraw_correction_request(uow, row.id, open_ones[0].id)

    def _rows_of_case(self, table: sa.Table, *conditions: sa.ColumnElement[bool]) -> list[sa.Row[Any]]:
        with self.engine.connect() as connection:
            mine = table.c.case_id == self.case_id
            return list(connection.execute(sa.select(table).where(mine, *conditions).order_by(table.c.id)))

    def _hand_over(self, deed: HandOver) -> None:
        row = self._open_task(deed.element)
        if deed.to_user is not None:
            self._require_receiver(deed.to_user, row.id)
        elif deed.to_group is not None:
            with self.engine.connect() as connection:
                require_group(connection, self.ground.bureau, row.case_id, deed.to_group)
        with self._work(self._holder(row.id, row.assignee, deed.who).actor) as uow:
            hand_over_user_task(
                uow,
                row.id,
                to_user=user_actor_id(deed.to_user) if deed.to_user else None,
                to_group=deed.to_group,
                reason=deed.reason,
            )

    def _require_receiver(self, username: str, user_task_id: UUID) -> None:
        with self.engine.connect() as connection:
            require_receiver(connection, username, user_task_id)

    def _holder(self, user_task_id: UUID, actor_id: str | None, who: Who) -> Viewer:
        """Return the chosen account that `actor_id` names; another chosen one when it is none of them."""
        with self.engine.connect() as connection:
            for viewer in self._chosen(who):
                if viewer.actor.id == actor_id:
                    return viewer
            return self._first(who, lambda viewer: task_access(connection, viewer, user_task_id).require_work())

    def _sign(self, deed: Sign) -> None:
        bureau = self.ground.bureau
        with self._work(self._who_may_correct(deed.who).actor) as uow:
            if deed.withdrawn is None:
                rows = [{"signatory": code, "signed_on": day} for code, day in deed.days.items()]
                record_signatures(uow, bureau, self.case_id, rows, reason=deed.reason)
                return
            standing = current_signatures(uow.connection, self.case_id).get(deed.withdrawn)
            if standing is None:
                zh = f"“{deed.withdrawn}”没有有效的签名盖章。"
                raise StepImpossibleError(zh, f"no signature of {deed.withdrawn!r} stands.")
            withdraw_signature(uow, bureau, self.case_id, standing.id, deed.reason)

    def _behalf(self, behalf: Behalf) -> OnBehalfOf:
        return OnBehalfOf(str(self._party(behalf.side, behalf.position)), behalf.method, behalf.at)

    def _party(self, side: str, position: int) -> UUID:
        statement = sa.select(party.c.id).where(
            party.c.case_id == self.case_id, party.c.side == side, party.c.position == position
        )
        with self.engine.connect() as connection:
            party_id: UUID | None = connection.execute(statement).scalar_one_or_none()
        if party_id is None:
            zh = f"本案没有第 {position} 个 {side}。"
            raise StepImpossibleError(zh, f"the case has no {side} {position}.")
        return party_id

    def _send(self, name: str, variables: Mapping[str, Value], who: Who) -> None:
        sender = PARTNER if who == Who() else next(self._chosen(who)).actor
        with self._work(sender) as uow:
            correlate_message(
                uow,
                message_name=name,
                business_key=self._business_key,
                variables={key: process_value(value) for key, value in variables.items()},
                instance_id=self.instance_id if self.bystander else None,
            )

    def _advance(self, deed: Advance) -> None:
        now = self.clock.now()
        until = deed.until if deed.until is not None else add_duration(deed.duration or "", now)
        if until < now:
            at = now.astimezone(SHANGHAI).isoformat(timespec="minutes")
            raise StepImpossibleError(f"时间不能倒退：现在已是 {at}。", f"time does not go back: it is {at} already.")
        for _ in range(MAX_STOPS):
            due = self._next_due()
            if due is None or due > until:
                self.clock.set(until)
                self.settle()
                return
            self.clock.set(max(due, self.clock.now()))
            self.settle()
        zh = f"这段时间内到期次数超过 {MAX_STOPS} 次，请检查循环定时器。"
        raise StepImpossibleError(zh, f"more than {MAX_STOPS} due times on the way; check the timer cycles.")

    # --- who takes a step

    def _viewer(self, username: str) -> Viewer:
        return next(viewer for viewer in self.ground.viewers if viewer.username == username)

    def _chosen(self, who: Who) -> Iterator[Viewer]:
        """Yield the accounts that a step may mean, in the site's order."""
        for viewer in self.ground.viewers:
            if who.user in (None, viewer.username) and (who.role is None or who.role in viewer.roles):
                yield viewer

    def _first(self, who: Who, check: Callable[[Viewer], None]) -> Viewer:
        """Return the first account for which `check` raises nothing; raises what it raised for the first one."""
        refusal: TingzhuError | None = None
        for viewer in self._chosen(who):
            try:
                check(viewer)
            except (ForbiddenError, NotFoundError) as error:
                refusal = refusal or error
            else:
                return viewer
        raise refusal or StepImpossibleError(
            f"没有角色 {who.role} 的演示账号。", f"no account has the role {who.role}."
        )

    def _who_may_work(self, row: sa.Row[Any], who: Who) -> Viewer:
        with self.engine.connect() as connection:

            def may_work(viewer: Viewer) -> None:
                task_access(connection, viewer, row.id).require_work()

            if row.assignee is not None:
                for viewer in self._chosen(who):
                    if viewer.actor.id == row.assignee:
                        may_work(viewer)
                        return viewer
            return self._first(who, may_work)

    def _who_may_correct(self, who: Who) -> Viewer:
        with self.engine.connect() as connection:
            return self._first(who, lambda viewer: require(connection, viewer, "correct-event-date", self.case_id))

    def _operator(self, who: Who) -> Viewer:
        return self._first(who, lambda viewer: require_globally(viewer, "operate"))

    # --- what there is

    def own(self, table: sa.Table) -> sa.ColumnElement[bool]:
        """Return the condition that a row of a table belongs to the scenario's case and not to the bystander."""
        mine = table.c.case_id == self.case_id
        return mine if self.bystander is None else sa.and_(mine, table.c.instance_id != self.bystander)

    def open_tasks(self) -> list[sa.Row[Any]]:
        """Return the open user tasks, oldest first."""
        return self._rows(user_task, user_task.c.state.in_(["created", "assigned"]))

    def open_incidents(self) -> list[sa.Row[Any]]:
        """Return the open incidents, oldest first."""
        return self._rows(incident, incident.c.state == "open")

    def _rows(self, table: sa.Table, *conditions: sa.ColumnElement[bool]) -> list[sa.Row[Any]]:
        with self.engine.connect() as connection:
            return list(connection.execute(sa.select(table).where(self.own(table), *conditions).order_by(table.c.id)))

    def _open_task(self, reference: str) -> sa.Row[Any]:
        found = self._at(self.open_tasks(), reference)
        if found is None:
            zh = f"没有打开的任务 {reference}。打开的任务：{self.shown(self.open_tasks())}。"
            raise StepImpossibleError(
                zh, f"no user task {reference!r} is open. Open are: {self.shown(self.open_tasks())}."
            )
        return found

    def _completed_task(self, reference: str) -> sa.Row[Any]:
        """Return the user task of an element that was completed last."""
        rows = self._rows(user_task, user_task.c.state == "completed")
        found = self._at(sorted(rows, key=lambda row: (row.ended_at, row.id), reverse=True), reference)
        if found is None:
            zh, en = f"没有已提交的任务 {reference}。", f"no user task {reference!r} was completed."
            raise StepImpossibleError(zh, en)
        return found

    def _open_incident(self, reference: str) -> UUID:
        found = self._at(self.open_incidents(), reference)
        if found is None:
            zh = f"{reference} 没有未处理的异常。未处理的异常：{self.shown(self.open_incidents())}。"
            en = f"there is no open incident at {reference!r}. Open are: {self.shown(self.open_incidents())}."
            raise StepImpossibleError(zh, en)
        incident_id: UUID = found.id
        return incident_id

    def _at(self, rows: list[sa.Row[Any]], reference: str) -> sa.Row[Any] | None:
        places = self.ground.names.places(reference)
        return next((row for row in rows if place_of(row) in places), None)

    def shown(self, rows: list[sa.Row[Any]]) -> str:
        """Return the elements of rows for people."""
        return "、".join(self.ground.names.shown(place_of(row)) for row in rows) or "（无）"

    def _place_of_job(self, job_id: UUID) -> Place:
        with self.engine.connect() as connection:
            return place_of(connection.execute(sa.select(job).where(job.c.id == job_id)).one())

    def _do_due_jobs(self) -> int:
        statement = (
            sa.select(job.c.id)
            .join(process_instance, process_instance.c.id == job.c.instance_id)
            .where(
                job.c.state == "waiting",
                job.c.run_at <= self.clock.now(),
                job.c.job_type.in_(sorted(self._worker.definitions)),
                may_run(),
            )
            .order_by(job.c.run_at, job.c.id)
        )
        with self.engine.connect() as connection:
            due = list(connection.execute(statement).scalars())
        return sum(self._worker.look_at_job(job_id) != "not-leased" for job_id in due)

    def _next_due(self) -> datetime | None:
        """Return when the next timer or attempt at a job is due, after now."""
        columns = ((timer, timer.c.due_at), (job, job.c.run_at))
        times = []
        with self.engine.connect() as connection:
            for table, column in columns:
                statement = (
                    sa.select(sa.func.min(column))
                    .join(process_instance, process_instance.c.id == table.c.instance_id)
                    .where(table.c.state == "waiting", _goes_on(table))
                    .where(column > self.clock.now())
                )
                times.append(connection.execute(statement).scalar_one())
        return min((each for each in times if each is not None), default=None)

    @contextmanager
    def _work(self, actor: Actor) -> Iterator[UnitOfWork]:
        with self.engine.begin() as connection:
            yield self.platform.unit_of_work(connection, actor)


def _goes_on(table: sa.Table) -> sa.ColumnElement[bool]:
    return may_run() if table is job else process_instance.c.state == "active"


def place_of(row: sa.Row[Any]) -> Place:
    """Return the element at which a user task, job, timer or incident stands."""
    return row.process_key, row.element_id


def process_value(value: Any) -> Value:
    """Return a value of a scenario file as a process has it: times are instants of Asia/Shanghai."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=SHANGHAI).astimezone(UTC)
    if isinstance(value, dict):
        return {key: process_value(each) for key, each in value.items()}
    return [process_value(each) for each in value] if isinstance(value, list) else value


def form_data(value: Any) -> Any:
    """Return a value of a scenario file as a form sends it: plain JSON."""
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, datetime):
        return value.isoformat(timespec="minutes")
    if isinstance(value, date):
        return plain(value)
    if isinstance(value, Mapping):
        return {key: form_data(each) for key, each in value.items()}
    return [form_data(each) for each in value] if isinstance(value, list) else value
