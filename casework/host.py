"""The host of the workflow core: what a dispute tells expressions, keeps from forms, and learns from each step."""

from collections.abc import Mapping, Sequence
from copy import copy
from datetime import datetime
from functools import cache
from types import MappingProxyType
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import aggregate_order_by

from casework.bureau import Bureau
from casework.calendar_days import calendar_version, load_calendar
from casework.clauses import clause_options
from casework.deadline_rules import RuleBookCache, case_rules
from casework.deadlines.functions import deadline_function_stubs, deadline_functions
from casework.deadlines.rule_book import RuleBook
from casework.deadlines.work_calendar import WorkCalendar
from casework.named_inputs import INPUT_NAMES, keep_inputs
from casework.organisations import RECEIVER_COLUMNS, competent_organisation
from casework.queries.form_values import form_values
from casework.service_records import SERVICE_FIELDS
from casework.signing import EFFECTIVE
from casework.stages import ROOT, RUN_DATES, new_stages, run_start
from casework.store.bookmarks import BOOKMARK_SQL, return_to_bookmark
from casework.store.deadline_events import clock_events
from casework.store.named_inputs import current_inputs, drop_row
from casework.store.tables import dispute, event_date, stage_change
from engine.domain.host import HostContext, HostFunction, InputChange
from engine.domain.ids import IdSource
from engine.domain.values import Value

_RECEIVERS = {
    "negotiation": "union",
    "arbitration-review": "arbitration",
    "payment-order": "court",
}
"""Process -> kind of organisation that has the case while it runs, the competent one of the area.

The court of a judicial confirmation is chosen by the parties and sent the case by its process."""

_STANDING = sa.select(
    dispute.c.stage,
    dispute.c.area_path,
    dispute.c.arbitration_organisation_id,
    dispute.c.court_id,
    dispute.c.union_organisation_id,
    sa.select(sa.func.array_agg(event_date.c.name))
    .where(event_date.c.case_id == dispute.c.case_id, event_date.c.superseded_at.is_(None))
    .scalar_subquery()
    .label("dates"),
    sa.select(event_date.c.recorded_at)
    .where(
        event_date.c.case_id == dispute.c.case_id,
        event_date.c.name == EFFECTIVE,
        event_date.c.superseded_at.is_(None),
    )
    .scalar_subquery()
    .label("effective_at"),
    sa.select(sa.func.array_agg(aggregate_order_by(stage_change.c.stage, stage_change.c.position)))
    .where(stage_change.c.case_id == dispute.c.case_id)
    .scalar_subquery()
    .label("passed"),
    sa.select(sa.func.array_agg(aggregate_order_by(stage_change.c.at, stage_change.c.position)))
    .where(stage_change.c.case_id == dispute.c.case_id)
    .scalar_subquery()
    .label("instants"),
).where(dispute.c.case_id == sa.bindparam("case_id"))


class CaseworkHost:
    """Implements engine.domain.host.Host for disputes."""

    input_names: Mapping[str, str] = INPUT_NAMES
    bookmark_sql = BOOKMARK_SQL

    def __init__(self, bureau: Bureau, ids: IdSource) -> None:
        self._bureau = bureau
        self._ids = ids
        self._stubs = deadline_function_stubs()
        self._calendar: tuple[object, WorkCalendar] | None = None
        self._rules = RuleBookCache()
        self._trial: RuleBook | None = None

    def function_stubs(self) -> Mapping[str, str]:
        """Return name -> stub of every host function."""
        return self._stubs

    def context(self, connection: Any, case_id: UUID, now: Any) -> HostContext:
        """Return the functions at the instant and the case's event dates, references and appointed usernames."""
        inputs = current_inputs(connection, case_id)
        if "party_options" in inputs:
            folder = self._bureau.site.folder
            inputs["clause_options"] = list(clause_options(folder, for_items=False))
            inputs["item_clause_options"] = list(clause_options(folder, for_items=True))
        return HostContext(functions=self._functions(connection, case_id, inputs, now), inputs=inputs)

    def calendar(self, connection: sa.Connection) -> WorkCalendar:
        """Return the calendar as it is in the database now; built anew only when a day has changed."""
        version = calendar_version(connection)
        if self._calendar is None or self._calendar[0] != version:
            self._calendar = (version, load_calendar(connection))
        return self._calendar[1]

    def with_book(self, book: RuleBook) -> "CaseworkHost":
        """Return a host that counts by `book`, whatever is published: for looking at what a version would change."""
        trial = copy(self)
        trial._trial = book
        return trial

    def _book(self, connection: sa.Connection, published: int) -> RuleBook:
        return self._trial or self._rules.book(connection, published)

    def _functions(
        self, connection: sa.Connection, case_id: UUID, inputs: Mapping[str, Value], now: datetime
    ) -> Mapping[str, HostFunction]:
        """Return the functions of a step; calendar and rules are looked at when one of them is called, not before."""

        @cache
        def loaded() -> Mapping[str, HostFunction]:
            rules = case_rules(connection, case_id, inputs, lambda published: self._book(connection, published))
            events = clock_events(connection, case_id)
            hours = self._bureau.site.hours
            return deadline_functions(self.calendar(connection), now, rules, hours=hours, events=events)

        def lazily(name: str) -> HostFunction:
            return HostFunction(name, self._stubs[name], lambda *given, **named: loaded()[name].call(*given, **named))

        return MappingProxyType({name: lazily(name) for name in self._stubs})

    def record_inputs(
        self,
        connection: Any,
        case_id: UUID,
        values: Mapping[str, Value],
        *,
        actor_id: str,
        now: Any,
        reason: str | None,
    ) -> list[InputChange]:
        """Keep what a form gave; see `keep_inputs`."""
        return keep_inputs(
            connection, self._bureau, self._ids, case_id, values, actor_id=actor_id, now=now, reason=reason
        )

    def form_values(self, connection: Any, case_id: UUID, names: Sequence[str]) -> Mapping[str, Any]:
        """Return dates, usernames, texts and lists as forms send them; the service of papers is added to, never sent again."""
        wanted = frozenset(names) - SERVICE_FIELDS.keys()
        return form_values(connection, self._bureau, case_id, wanted, sees_confidential=True)

    def return_to(self, connection: Any, case_id: UUID, bookmark: Any, *, now: Any) -> None:
        """Bring event dates, statements, appointments and stage back; see `return_to_bookmark`."""
        if bookmark is not None:
            return_to_bookmark(connection, case_id, bookmark, now)

    def after_step(
        self,
        connection: Any,
        case_id: UUID,
        *,
        process_key: str,
        active_processes: Sequence[str],
        state: str,
        variables: Mapping[str, Value],
        now: Any,
    ) -> None:
        """Let the dispute's stage follow its process, and let the bodies see it whose stage has begun."""
        if process_key != ROOT:
            return
        row = connection.execute(_STANDING, {"case_id": case_id}).one_or_none()
        if row is None:
            return
        changes: dict[str, Any] = {}
        history = row.passed or [row.stage]
        reached = new_stages(
            history,
            active_processes=active_processes,
            state=state,
            variables=variables,
            dates=_dates_of_run(connection, case_id, row, history, active_processes, now),
        )
        if reached:
            changes["stage"] = reached[-1]
            connection.execute(
                sa.insert(stage_change),
                [
                    {"id": self._ids(), "case_id": case_id, "position": position, "stage": stage, "at": now}
                    for position, stage in enumerate(reached, len(row.passed or ()) + 1)
                ],
            )
        for key in active_processes:
            kind = _RECEIVERS.get(key)
            if kind is not None and row._mapping[RECEIVER_COLUMNS[kind]] is None:
                found = competent_organisation(connection, kind, row.area_path)
                if found is not None:
                    changes[RECEIVER_COLUMNS[kind]] = found.id
        if changes:
            connection.execute(sa.update(dispute).where(dispute.c.case_id == case_id).values(changes))


def _dates_of_run(
    connection: sa.Connection,
    case_id: UUID,
    row: Any,
    history: Sequence[str],
    active_processes: Sequence[str],
    now: datetime,
) -> set[str]:
    """Return which event dates the runs that are going on have; what an earlier run left counts no more."""
    dates = set(row.dates or ())
    for key in active_processes:
        start = run_start(key, history)
        if start is None:
            continue
        if start == len(history):
            for name in sorted(RUN_DATES.get(key, frozenset()) & dates):
                drop_row(connection, event_date, case_id, name, now=now)
                dates.discard(name)
        began = now if start == len(history) else row.instants[start]
        if key == "mediation" and row.effective_at is not None and row.effective_at < began:
            dates.discard(EFFECTIVE)
    return dates
