"""The monthly sheet over the cases in a viewer's scope, and the cases behind each of its numbers, by one definition."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Literal
from uuid import UUID

import sqlalchemy as sa

from casework.stages import RUNNING_STAGES
from casework.statistics.measures import MEASURES, StageRecord
from casework.statistics.stages import COUNTED_STAGES, CountedStage
from casework.store.tables import dispute, event_date, organisation, stage_change
from engine.domain.clock import SHANGHAI, shanghai_date
from engine.store.tables import timer, user_task

Basis = Literal["accepted", "closed"]
"""Which cases a month has: those whose stage was taken on in it (受理日), or ended in it (结案日)."""

WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class SheetFilters:
    """Which records are looked at."""

    first: date
    last: date
    """Inclusive."""
    basis: Basis
    area_path: str | None = None


def month_of(year: int, month: int) -> tuple[date, date]:
    """Return the first and the last day of a month."""
    first = date(year, month, 1)
    following = date(year + month // 12, month % 12 + 1, 1)
    return first, date.fromordinal(following.toordinal() - 1)


def stage_records(
    connection: sa.Connection, scope: sa.ColumnElement[bool], filters: SheetFilters, *, stage: str | None = None
) -> list[StageRecord]:
    """Return the stages of cases that belong to the period, by stage and case; `scope` is a condition over `dispute`.

    A stage belongs to it by the day of acceptance or by the day of its end. How and when it ended is told by the case's
    stages; the day is the event date, where it was entered, else the day of recording.
    """
    records = []
    for counted in COUNTED_STAGES.values():
        if stage in (None, counted.code):
            records += _records(connection, scope, filters, counted)
    return records


def cases_of(
    records: Iterable[StageRecord], measure: str, today: date, organisation_id: UUID | None, *, every_organisation: bool
) -> list[UUID]:
    """Return the cases behind a number: those for which the measure's question is true, by id."""
    holds = MEASURES[measure].holds
    return sorted(
        {
            record.case_id
            for record in records
            if holds(record, today) and (every_organisation or record.organisation_id == organisation_id)
        }
    )


def organisations_of(connection: sa.Connection, ids: Collection[UUID]) -> dict[UUID, dict[str, Any]]:
    """Return id -> organisation (id, code, name, kind)."""
    columns = (organisation.c.id, organisation.c.code, organisation.c.name, organisation.c.kind)
    rows = connection.execute(sa.select(*columns).where(organisation.c.id.in_(list(ids))))
    return {row.id: dict(row._mapping) for row in rows}


def _records(
    connection: sa.Connection, scope: sa.ColumnElement[bool], filters: SheetFilters, counted: CountedStage
) -> list[StageRecord]:
    rows = connection.execute(_candidates(scope, filters, counted)).all()
    ids = [row.case_id for row in rows]
    dates = _event_dates(connection, ids, counted)
    changes = _stage_changes(connection, ids)
    due = _due_by_rule(connection, ids, counted.rule) if counted.rule else {}
    records = []
    for row in rows:
        own = dates.get(row.case_id, {})
        outcome, ended_on = _end(changes.get(row.case_id, []), own, counted)
        extended = own.get(counted.extended) if counted.extended else None
        records.append(
            StageRecord(
                case_id=row.case_id,
                stage=counted.code,
                organisation_id=row.organisation_id,
                accepted_on=row.accepted_on,
                ended_on=ended_on,
                outcome=outcome,
                due_on=extended or due.get(row.case_id),
                worker_count=row.worker_count,
                claim_total=row.claim_total,
            )
        )
    if filters.basis == "accepted":
        return records
    return [each for each in records if each.ended_on is not None and filters.first <= each.ended_on <= filters.last]


def _candidates(scope: sa.ColumnElement[bool], filters: SheetFilters, counted: CountedStage) -> sa.Select[Any]:
    """Select the cases that were taken on in the stage and may belong to the period."""
    accepted = event_date.alias()
    statement = (
        sa.select(
            dispute.c.case_id,
            counted.organisation.label("organisation_id"),
            accepted.c.value.label("accepted_on"),
            dispute.c.worker_count,
            dispute.c.claim_total,
        )
        .join(accepted, accepted.c.case_id == dispute.c.case_id)
        .where(accepted.c.name == counted.accepted, accepted.c.superseded_at.is_(None), scope)
        .order_by(dispute.c.case_id)
    )
    if filters.area_path is not None:
        statement = statement.where(dispute.c.area_path.startswith(filters.area_path, autoescape=True))
    if filters.basis == "accepted":
        return statement.where(accepted.c.value.between(filters.first, filters.last))
    ended = sa.exists().where(
        event_date.c.case_id == dispute.c.case_id,
        event_date.c.superseded_at.is_(None),
        event_date.c.value.between(filters.first, filters.last),
    )
    changed = sa.exists().where(
        stage_change.c.case_id == dispute.c.case_id,
        stage_change.c.at >= _midnight(filters.first),
        stage_change.c.at < _midnight(date.fromordinal(filters.last.toordinal() + 1)),
    )
    return statement.where(sa.or_(ended, changed))


def _end(
    changes: Sequence[tuple[str, date]], dates: Mapping[str, date], counted: CountedStage
) -> tuple[Any, date | None]:
    """Return how and on which day a stage ended, (None, None) while it runs, (None, day) when the case just left it.

    What the case reached last of the stage's own decides, so a stage that was opened again runs.
    """
    running = RUNNING_STAGES[counted.code] - counted.outcomes.keys()
    own = [index for index, (name, _) in enumerate(changes) if name in counted.outcomes or name in running]
    if not own:
        return None, None
    name, day = changes[own[-1]]
    if name in counted.outcomes:
        outcome, event = counted.outcomes[name]
        return outcome, dates.get(event, day)
    later = changes[own[-1] + 1 :]
    if not later:
        return None, None
    name, day = later[0]
    return ("withdrawn", dates.get("withdrawn_on", day)) if name == WITHDRAWN else (None, day)


def _event_dates(connection: sa.Connection, ids: Sequence[UUID], counted: CountedStage) -> dict[UUID, dict[str, date]]:
    names = {event for _, event in counted.outcomes.values()} | {"withdrawn_on"}
    if counted.extended:
        names.add(counted.extended)
    rows = connection.execute(
        sa.select(event_date.c.case_id, event_date.c.name, event_date.c.value).where(
            event_date.c.case_id.in_(ids), event_date.c.name.in_(names), event_date.c.superseded_at.is_(None)
        )
    )
    found: dict[UUID, dict[str, date]] = {}
    for row in rows:
        found.setdefault(row.case_id, {})[row.name] = row.value
    return found


def _stage_changes(connection: sa.Connection, ids: Sequence[UUID]) -> dict[UUID, list[tuple[str, date]]]:
    rows = connection.execute(
        sa.select(stage_change.c.case_id, stage_change.c.stage, stage_change.c.at)
        .where(stage_change.c.case_id.in_(ids))
        .order_by(stage_change.c.case_id, stage_change.c.position)
    )
    found: dict[UUID, list[tuple[str, date]]] = {}
    for row in rows:
        found.setdefault(row.case_id, []).append((row.stage, shanghai_date(row.at)))
    return found


def _due_by_rule(connection: sa.Connection, ids: Sequence[UUID], rule: str) -> dict[UUID, date]:
    """Return the day that the system last counted by a rule in each case; one whose clock stands still has none."""
    told = sa.union_all(
        *(
            sa.select(table.c.case_id, table.c.created_at, table.c.id, explanation.label("explanation")).where(
                table.c.case_id.in_(ids), explanation["rule"].astext == rule
            )
            for table, explanation in ((timer, timer.c.explanation), (user_task, user_task.c.due_explanation))
        )
    ).order_by("created_at", "id")
    found: dict[UUID, date] = {}
    for row in connection.execute(told):
        if row.explanation.get("suspended"):
            found.pop(row.case_id, None)
        else:
            found[row.case_id] = date.fromisoformat(row.explanation["due"])
    return found


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)
