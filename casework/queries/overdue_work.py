"""Work of open cases that is past its day, or soon will be: user tasks and legal deadlines, by organisation."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Literal
from uuid import UUID

import sqlalchemy as sa

from casework.deadlines.rules import deadline_rules
from casework.queries.responsible import ORGANISATION_COLUMNS, responsible_id, shown_organisation
from casework.stages import STAGES
from casework.store.tables import dispute, organisation
from engine.domain.clock import SHANGHAI, shanghai_date
from engine.queries.pages import Page, fetch_page
from engine.store.tables import case, incident, process_instance, timer, user_task

What = Literal["user-task", "deadline"]


@dataclass(frozen=True, slots=True)
class OverdueFilters:
    """What is asked for; None means everything in scope."""

    within_days: int = 0
    """0: only what is past its day; 1: also what is due today or earlier; n: due today or in the next n - 1 days."""
    what: What | None = None
    organisation_id: UUID | None = None
    without_organisation: bool = False
    area_path: str | None = None
    assignee: str | None = None
    """Actor id."""


def list_overdue_work(
    connection: sa.Connection,
    scope: sa.ColumnElement[bool],
    filters: OverdueFilters,
    now: datetime,
    language: str,
    *,
    after: Sequence[Any] | None = None,
    limit: int = 50,
) -> Page:
    """Return open user tasks and running legal deadlines of disputes, longest overdue first.

    `scope` is a condition over `dispute.case_id`. A deadline is left out where an open user task of the case is due by
    the same rule: it is the same work. `days_left` is negative once the day has passed.
    """
    work = _work(now, filters.within_days).subquery()
    statement = (
        sa.select(
            work,
            case.c.business_key,
            dispute.c.number,
            dispute.c.stage,
            *ORGANISATION_COLUMNS,
        )
        .join(case, case.c.id == work.c.case_id)
        .join(dispute, dispute.c.case_id == work.c.case_id)
        .outerjoin(organisation, organisation.c.id == responsible_id(work.c.process_key))
        .where(scope, *_conditions(work, filters))
    )
    page = fetch_page(connection, statement, [work.c.due_at, work.c.id], after=after, limit=limit)
    page.items[:] = [_item(item, now, language) for item in page.items]
    return page


def count_overdue_work(
    connection: sa.Connection, scope: sa.ColumnElement[bool], now: datetime, within_days: int, area_path: str | None
) -> list[dict[str, Any]]:
    """Return per organisation how much `list_overdue_work` would list, and how many incidents are open.

    Each row: `organisation` (None: cases that no organisation has yet), `overdue_user_tasks`, `overdue_deadlines`,
    `due_soon` (not past, but due within `within_days`), `cases` (with any of these), `incidents`; the worst first.
    """
    work = _work(now, within_days).subquery()
    is_past = work.c.due_at <= now
    where = [scope, *_inside(area_path)]
    rows = connection.execute(
        sa.select(
            *ORGANISATION_COLUMNS,
            sa.func.count().filter(is_past, work.c.what == "user-task").label("overdue_user_tasks"),
            sa.func.count().filter(is_past, work.c.what == "deadline").label("overdue_deadlines"),
            sa.func.count().filter(~is_past).label("due_soon"),
            sa.func.count(work.c.case_id.distinct()).label("cases"),
        )
        .select_from(work)
        .join(dispute, dispute.c.case_id == work.c.case_id)
        .outerjoin(organisation, organisation.c.id == responsible_id(work.c.process_key))
        .where(*where)
        .group_by(organisation.c.id)
    ).mappings()
    found = {row["organisation_id"]: {**row, "incidents": 0} for row in rows}
    stuck = connection.execute(
        sa.select(*ORGANISATION_COLUMNS, sa.func.count().label("incidents"))
        .select_from(incident)
        .join(dispute, dispute.c.case_id == incident.c.case_id)
        .outerjoin(organisation, organisation.c.id == responsible_id(incident.c.process_key))
        .where(incident.c.state == "open", *where)
        .group_by(organisation.c.id)
    ).mappings()
    none = {"overdue_user_tasks": 0, "overdue_deadlines": 0, "due_soon": 0, "cases": 0}
    for row in stuck:
        found[row["organisation_id"]] = {**none, **found.get(row["organisation_id"], {}), **row}
    counted = [{**row, "organisation": shown_organisation(row)} for row in found.values()]
    return sorted(
        counted,
        key=lambda row: (
            -row["overdue_user_tasks"] - row["overdue_deadlines"],
            -row["incidents"],
            -row["due_soon"],
            row["organisation"]["code"] if row["organisation"] else "",
        ),
    )


def _work(now: datetime, within_days: int) -> sa.CompoundSelect[Any]:
    """Return the work that is due by the horizon, as rows of one shape; what is due on a day is due at the midnight after it."""
    horizon = now if within_days == 0 else _start(shanghai_date(now) + timedelta(days=within_days))
    holder = user_task.alias()
    tasks = sa.select(
        sa.literal("user-task").label("what"),
        user_task.c.id,
        user_task.c.case_id,
        user_task.c.process_key,
        user_task.c.element_id,
        user_task.c.element_name,
        user_task.c.due_at,
        user_task.c.due_explanation.label("explanation"),
        user_task.c.assignee,
        user_task.c.candidate_groups,
    ).where(user_task.c.state.in_(("created", "assigned")), user_task.c.due_at <= horizon)
    same_work = sa.exists().where(
        holder.c.case_id == timer.c.case_id,
        holder.c.state.in_(("created", "assigned")),
        holder.c.due_explanation["rule"].astext == timer.c.explanation["rule"].astext,
    )
    deadlines = (
        sa.select(
            sa.literal("deadline"),
            timer.c.id,
            timer.c.case_id,
            timer.c.process_key,
            timer.c.element_id,
            timer.c.element_name,
            timer.c.due_at,
            timer.c.explanation,
            sa.null(),
            sa.cast(sa.literal("{}"), user_task.c.candidate_groups.type),
        )
        .join(process_instance, process_instance.c.id == timer.c.instance_id)
        .where(
            timer.c.state.in_(("waiting", "failed")),
            timer.c.due_at <= horizon,
            timer.c.due_on.is_not(None),
            timer.c.explanation["rule"].astext.is_not(None),
            process_instance.c.state.in_(("active", "suspended")),
            ~same_work,
        )
    )
    return sa.union_all(tasks, deadlines)


def _conditions(work: sa.Subquery, filters: OverdueFilters) -> list[sa.ColumnElement[bool]]:
    found = _inside(filters.area_path)
    if filters.what is not None:
        found.append(work.c.what == filters.what)
    if filters.organisation_id is not None:
        found.append(organisation.c.id == filters.organisation_id)
    if filters.without_organisation:
        found.append(organisation.c.id.is_(None))
    if filters.assignee is not None:
        found.append(work.c.assignee == filters.assignee)
    return found


def _inside(area_path: str | None) -> list[sa.ColumnElement[bool]]:
    return [] if area_path is None else [dispute.c.area_path.startswith(area_path, autoescape=True)]


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)


def _item(row: dict[str, Any], now: datetime, language: str) -> dict[str, Any]:
    explanation = row.pop("explanation") or {}
    rule = explanation.get("rule")
    known = deadline_rules().get(rule) if rule else None
    due_on = shanghai_date(row["due_at"] - timedelta(microseconds=1))
    return row | {
        "organisation": shown_organisation(row),
        "stage": STAGES[row["stage"]].as_dict(),
        "due_on": due_on,
        "days_left": (due_on - shanghai_date(now)).days,
        "is_overdue": row["due_at"] <= now,
        "rule": rule,
        "rule_name": known.name.of(language) if known else None,
        "explanation": explanation.get("explanation" if language == "zh" else "explanation_en"),
    }
