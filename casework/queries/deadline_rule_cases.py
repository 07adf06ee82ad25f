"""Open cases with a date that a deadline rule counts, and what a version of it would change in them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from casework.access import Viewer, case_scope
from casework.deadline_rules import load_book, version_of
from casework.host import CaseworkHost
from casework.store.tables import dispute
from engine.commands.reevaluate_timers import DueDateMoved, TimerMoved, reevaluate_deadlines
from engine.commands.unit_of_work import UnitOfWork
from engine.domain.errors import TingzhuError
from engine.store.tables import timer, user_task

OPEN_TASK = ("created", "assigned")


def cases_counted_by(rule_id: str, made: tuple[datetime, datetime] | None = None) -> sa.Select[tuple[UUID]]:
    """Return the query of cases with a waiting timer or an open user task whose date the rule counts.

    `made` limits them to timers and tasks that came up between two instants.
    """
    timers = sa.select(timer.c.case_id).where(
        timer.c.state == "waiting",
        timer.c.explanation.is_not(None),
        # an expression may count by two rules and is explained by one
        sa.or_(timer.c.explanation["rule"].astext == rule_id, timer.c.expression.contains(f'"{rule_id}"')),
    )
    tasks = sa.select(user_task.c.case_id).where(
        user_task.c.state.in_(OPEN_TASK), user_task.c.due_explanation["rule"].astext == rule_id
    )
    if made is not None:
        timers = timers.where(timer.c.created_at.between(*made))
        tasks = tasks.where(user_task.c.created_at.between(*made))
    both = sa.union(timers, tasks).subquery()
    return sa.select(both.c.case_id)


@dataclass(frozen=True, slots=True)
class Change:
    """A date that a version would move."""

    case_id: UUID
    number: str
    """Of the case."""
    kind: str
    """`timer` or `user-task`"""
    element_id: str
    element_name: str
    old: Mapping[str, Any]
    new: Mapping[str, Any]
    """Explanations: rule, start, due, provisional, explanation, ..."""
    has_passed: bool
    """Whether the new date lies in the past."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What publishing a version would change, as far as this page of cases goes."""

    cases: int
    """Open cases with a date that the rule counts, in the whole city."""
    cases_in_area: int
    """Those of them in the viewer's scope, whose changes the pages show."""
    changes: tuple[Change, ...]
    problems: tuple[tuple[UUID, str, TingzhuError], ...]
    """Cases whose dates could not be counted: id, number and why."""
    next_after: UUID | None
    """The last case of this page, when others follow."""


def preview_version(
    uow: UnitOfWork, viewer: Viewer, version: Any, *, after: UUID | None = None, limit: int = 50
) -> Preview:
    """Return what publishing a version (its row) would change in up to `limit` cases of the viewer's scope.

    Every case is counted again exactly as after publication, and rolled back: what is shown is what will be.
    """
    affected = cases_counted_by(version.rule_id).subquery()
    cases = uow.connection.execute(sa.select(sa.func.count()).select_from(affected)).scalar_one()
    seen = sa.and_(dispute.c.case_id == affected.c.case_id, case_scope(viewer))
    in_area = uow.connection.execute(sa.select(sa.func.count()).select_from(affected.join(dispute, seen))).scalar_one()
    page = sa.select(dispute.c.case_id, dispute.c.number).select_from(affected.join(dispute, seen))
    if after is not None:
        page = page.where(dispute.c.case_id > after)
    rows = uow.connection.execute(page.order_by(dispute.c.case_id).limit(limit + 1)).all()
    book = load_book(uow.connection)
    trial = _with_host(uow, uow.platform.host, book.with_version(version_of(book, version)))
    changes: list[Change] = []
    problems: list[tuple[UUID, str, TingzhuError]] = []
    for row in rows[:limit]:
        attempt = uow.connection.begin_nested()
        try:
            found = reevaluate_deadlines(trial, row.case_id, {"kind": "preview"})
        except TingzhuError as error:
            problems.append((row.case_id, row.number, error))
        else:
            moved: list[TimerMoved | DueDateMoved] = [*found.timers, *found.due_dates]
            changes += [_change(uow, row, each) for each in moved if _is_by(each, version.rule_id)]
        finally:
            attempt.rollback()
    more = len(rows) > limit
    return Preview(cases, in_area, tuple(changes), tuple(problems), rows[limit - 1].case_id if more else None)


def _with_host(uow: UnitOfWork, host: Any, book: Any) -> UnitOfWork:
    assert isinstance(host, CaseworkHost)
    return replace(uow, platform=replace(uow.platform, host=host.with_book(book)))


def _is_by(moved: TimerMoved | DueDateMoved, rule_id: str) -> bool:
    """Tell whether the date itself moved, and by this rule; a new wording of its explanation alone is no change."""
    explained = (moved.old_explanation or {}, moved.new_explanation or {})
    return moved.old_due_at != moved.new_due_at and rule_id in [each.get("rule") for each in explained]


def _change(uow: UnitOfWork, row: Any, moved: TimerMoved | DueDateMoved) -> Change:
    return Change(
        case_id=row.case_id,
        number=row.number,
        kind="timer" if isinstance(moved, TimerMoved) else "user-task",
        element_id=moved.element_id,
        element_name=moved.element_name,
        old=moved.old_explanation or {},
        new=moved.new_explanation or {},
        has_passed=moved.new_due_at is not None and moved.new_due_at <= uow.now,
    )
