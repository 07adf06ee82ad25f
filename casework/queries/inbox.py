"""The inbox: user tasks in a viewer's scope, each with what one line of an inbox needs, page by page.

A page takes one query for its rows and a fixed number more for what belongs to them, however many rows it has. Rows
of disputes and of cases without one are fetched by themselves, so that an index serves each.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal
from uuid import UUID

import sqlalchemy as sa

from casework.access import Viewer, candidate_tasks, case_scope, names_in_lists, offered_tasks
from casework.bureau import Bureau
from casework.causes import cause
from casework.deadlines.rules import deadline_rules
from casework.organisations import ENDED_STAGES
from casework.queries.first_parties import first_parties, shown_party
from casework.queries.search_cases import matching_text
from casework.roles import ROLES
from casework.stages import STAGES
from casework.store.tables import appointment, dispute, organisation
from casework.users import user_names
from engine.domain.clock import day_end, shanghai_date
from engine.queries.pages import Page, fetch_merged
from engine.store.tables import (
    case,
    timer,
    user_task,
    user_task_comment,
    user_task_comment_reading,
    user_task_correction_request,
    user_task_urging,
)

View = Literal["mine", "groups", "waiting", "done"]
"""mine: held by the viewer; groups: unclaimed, and the viewer may claim it; waiting: with somebody else though the viewer
answers for it (delegated, sent back for correction, or of a case the viewer handles); done: completed by the viewer."""

Sort = Literal["due", "law", "newest", "priority", "organisation", "cause", "process", "task"]

VIEWS: tuple[View, ...] = ("mine", "groups", "waiting", "done")
SORTS: tuple[Sort, ...] = ("due", "law", "newest", "priority", "organisation", "cause", "process", "task")
OPEN = ("created", "assigned")
COUNTED_AT_MOST = 1000
"""Where counting stops: nobody reads further than "999+"."""

_PARTIES = frozenset({"worker", "employer"})
_CANDIDATES = (user_task.c.candidate_groups, user_task.c.candidate_users)
_MOMENT = timedelta(microseconds=1)
_NEVER = "9999-12-31"
_HIDDEN = ("draft", "token_id", "written_in")


@dataclass(frozen=True, slots=True)
class InboxFilters:
    """What the inbox is narrowed to; None and empty mean everything in scope."""

    view: View | None = None
    states: Sequence[str] = OPEN
    """Ignored where a view says which."""
    is_offered: bool = False
    """Only what the viewer holds or may claim."""
    case_id: UUID | None = None
    assignee: str | None = None
    """An actor id."""
    groups: Sequence[str] = ()
    process_keys: Sequence[str] = ()
    element_ids: Sequence[str] = ()
    organisation_id: UUID | None = None
    """That has the case: for mediation, arbitration, at court or at the union."""
    cause_codes: Sequence[str] = ()
    stages: Sequence[str] = ()
    flag: str | None = None
    due_before: datetime | None = None
    law_due_until: date | None = None
    """Inclusive."""
    text: str | None = None


def list_inbox(
    connection: sa.Connection,
    bureau: Bureau,
    viewer: Viewer,
    filters: InboxFilters,
    *,
    sees_trials: bool,
    now: datetime,
    sort: Sort = "due",
    after: Sequence[Any] | None = None,
    limit: int = 50,
) -> Page:
    """Return a page of user tasks with what an inbox shows of each.

    `sees_trials` says that the viewer sees every case without a dispute; otherwise only tasks of theirs that they may
    work on. What is done comes newest first whatever `sort` says.
    """
    order, is_descending = _order(filters.view, sort)
    page = fetch_merged(
        connection,
        _statements(bureau, viewer, filters, sees_trials=sees_trials),
        order,
        after=after,
        limit=limit,
        descending=is_descending,
    )
    return Page(_completed(connection, bureau, viewer, page.items, now), page.next_after)


def count_inbox(
    connection: sa.Connection,
    bureau: Bureau,
    viewer: Viewer,
    *,
    sees_trials: bool,
    now: datetime,
) -> dict[str, dict[str, int]]:
    """Return per view how many tasks it holds, how many are overdue, and how many more are due by the end of today.

    Every number stops at COUNTED_AT_MOST.
    """
    after_now, after_today = now + _MOMENT, day_end(shanghai_date(now)) + _MOMENT
    counted: dict[str, dict[str, sa.ScalarSelect[int]]] = {}
    for view in VIEWS:
        counted[view] = {"total": _count(bureau, viewer, InboxFilters(view=view), sees_trials)}
        if view != "done":
            overdue = InboxFilters(view=view, due_before=after_now)
            soon = InboxFilters(view=view, due_before=after_today)
            counted[view]["overdue"] = _count(bureau, viewer, overdue, sees_trials)
            counted[view]["due_today"] = _count(bureau, viewer, soon, sees_trials)
    columns = [number.label(f"{view}/{name}") for view, found in counted.items() for name, number in found.items()]
    row = connection.execute(sa.select(*columns)).mappings().one()
    result: dict[str, dict[str, int]] = {}
    for label, number in row.items():
        view_name, _, name = label.partition("/")
        result.setdefault(view_name, {})[name] = number
    for numbers in result.values():
        if "due_today" in numbers:
            numbers["due_today"] -= numbers["overdue"]
    return result


def inbox_rows(
    connection: sa.Connection, bureau: Bureau, viewer: Viewer, ids: Sequence[UUID], now: datetime
) -> list[dict[str, Any]]:
    """Return these user tasks of disputes in the viewer's scope as an inbox shows them, in no order."""
    if not ids:
        return []
    statement = _of_disputes(viewer).where(user_task.c.id.in_(ids))
    rows = [dict(row) for row in connection.execute(statement).mappings()]
    return _completed(connection, bureau, viewer, rows, now)


def _statements(bureau: Bureau, viewer: Viewer, filters: InboxFilters, *, sees_trials: bool) -> list[sa.Select[Any]]:
    """Return the select over disputes, and the one over cases that are none where the filters leave any."""
    common = [*_conditions(viewer, filters)]
    found = [_of_disputes(viewer).where(*common, *_dispute_conditions(bureau, viewer, filters))]
    narrows = (filters.organisation_id, filters.cause_codes, filters.stages, filters.flag, filters.law_due_until)
    if not any(narrows) and not filters.text:
        trials = _select(viewer, sa.false()).where(~case.c.is_hosted, *common)
        if not sees_trials:
            trials = trials.where(sa.or_(offered_tasks(viewer), user_task.c.ended_by == viewer.actor.id))
        found.append(trials)
    return found


def _count(bureau: Bureau, viewer: Viewer, filters: InboxFilters, sees_trials: bool) -> sa.ScalarSelect[int]:
    parts = [
        each.with_only_columns(sa.literal(1).label("one")).limit(COUNTED_AT_MOST).subquery()
        for each in _statements(bureau, viewer, filters, sees_trials=sees_trials)
    ]
    both = sa.union_all(*[sa.select(part.c.one) for part in parts]).limit(COUNTED_AT_MOST).subquery()
    return sa.select(sa.func.count()).select_from(both).scalar_subquery()


def _of_disputes(viewer: Viewer) -> sa.Select[Any]:
    return _select(viewer, names_in_lists(viewer)).where(case_scope(viewer))


def _select(viewer: Viewer, shows_names: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """Return the select of rows; with `shows_names` false by constant, over cases that are no dispute."""
    columns: list[Any] = [
        *[column for column in user_task.c if column.name not in _HIDDEN],
        case.c.business_key,
        offered_tasks(viewer).label("is_offered"),
        dispute.c.number,
        dispute.c.cause_code,
        dispute.c.stage.label("dispute_stage"),
        dispute.c.area_code,
        dispute.c.flags,
        dispute.c.worker_count,
        organisation.c.id.label("organisation_id"),
        organisation.c.code.label("organisation_code"),
        organisation.c.name.label("organisation_name"),
        shows_names.label("shows_names"),
    ]
    joined = user_task.join(case, case.c.id == user_task.c.case_id)
    is_dispute = dispute.c.case_id == user_task.c.case_id
    both = (
        joined.outerjoin(dispute, is_dispute)
        if isinstance(shows_names, sa.False_)
        else joined.join(dispute, is_dispute)
    )
    return sa.select(*columns).select_from(both.outerjoin(organisation, organisation.c.id == dispute.c.organisation_id))


def _conditions(viewer: Viewer, filters: InboxFilters) -> Iterator[sa.ColumnElement[bool]]:
    me = viewer.actor.id
    states: Sequence[str] = filters.states
    match filters.view:
        case "mine":
            states = ("assigned",)
            yield user_task.c.assignee == me
            yield user_task.c.open_correction_requests == 0
        case "groups":
            states = ("created",)
            yield _claimable(viewer)
        case "waiting":
            states = OPEN
            yield _waits_for_others(viewer)
        case "done":
            states = ("completed",)
            yield user_task.c.ended_by == me
    # as constants, so that the indexes over open tasks serve
    yield user_task.c.state.in_([sa.literal_column(f"'{state}'") for state in states])
    if filters.is_offered:
        yield offered_tasks(viewer)
    if filters.case_id is not None:
        yield user_task.c.case_id == filters.case_id
    if filters.assignee is not None:
        yield user_task.c.assignee == filters.assignee
    if filters.groups:
        yield user_task.c.candidate_groups.overlap(list(filters.groups))
    if filters.process_keys:
        yield user_task.c.process_key.in_(list(filters.process_keys))
    if filters.element_ids:
        yield user_task.c.element_id.in_(list(filters.element_ids))
    if filters.due_before is not None:
        yield user_task.c.due_at < filters.due_before


def _claimable(viewer: Viewer) -> sa.ColumnElement[bool]:
    """Return the condition that the viewer may claim a task: as candidate, or because it names nobody."""
    if not any("work" in ROLES[role].actions for role in viewer.roles if role in ROLES):
        return sa.false()
    nobody = sa.and_(*[column == sa.literal_column("'{}'::text[]") for column in _CANDIDATES])
    return sa.or_(candidate_tasks(viewer), nobody)


def _waits_for_others(viewer: Viewer) -> sa.ColumnElement[bool]:
    """Return the condition that a task is with others though the viewer answers for it."""
    me = viewer.actor.id
    delegated = sa.select(user_task.c.id).where(user_task.c.owner == me, user_task.c.delegation == "pending")
    asked = sa.select(user_task_correction_request.c.user_task_id).where(
        user_task_correction_request.c.asked_by == me, user_task_correction_request.c.state == "open"
    )
    other = user_task.alias("other")
    handled = sa.select(other.c.id).where(
        other.c.case_id.in_(handled_cases(viewer)),
        other.c.state.in_(OPEN),
        other.c.assignee.is_distinct_from(me),
        sa.or_(other.c.assignee.is_not(None), ~other.c.candidate_groups.overlap(sorted(viewer.roles))),
    )
    return user_task.c.id.in_(sa.union(delegated, asked, handled))


def handled_cases(viewer: Viewer) -> sa.Select[Any]:
    """Return the ids of open cases that the viewer handles: appointed to them, or asked first (首问负责)."""
    appointed = sa.select(appointment.c.case_id).where(
        appointment.c.user_id == viewer.user_id, appointment.c.ended_at.is_(None)
    )
    first_asked = sa.select(dispute.c.case_id).where(
        dispute.c.first_asked == viewer.actor.id, dispute.c.stage.not_in(ENDED_STAGES)
    )
    both = sa.union(appointed, first_asked).subquery()
    return sa.select(both.c.case_id)


def _dispute_conditions(bureau: Bureau, viewer: Viewer, filters: InboxFilters) -> Iterator[sa.ColumnElement[bool]]:
    if filters.organisation_id is not None:
        columns = ("organisation_id", "arbitration_organisation_id", "court_id", "union_organisation_id")
        yield sa.or_(*[dispute.c[name] == filters.organisation_id for name in columns])
    if filters.cause_codes:
        yield dispute.c.cause_code.in_(list(filters.cause_codes))
    if filters.stages:
        yield dispute.c.stage.in_(list(filters.stages))
    if filters.flag is not None:
        yield dispute.c.flags.contains([filters.flag])
    if filters.law_due_until is not None:
        yield _law_due() <= filters.law_due_until.isoformat()
    if filters.text:
        yield matching_text(bureau, viewer, filters.text)


def _order(view: View | None, sort: Sort) -> tuple[list[sa.ColumnElement[Any]], bool]:
    due = sa.func.coalesce(
        user_task.c.due_at,
        sa.literal_column("'9999-01-01 00:00:00+00'::timestamptz", user_task.c.due_at.type),
        type_=user_task.c.due_at.type,
    )
    if view == "done":
        return [sa.func.coalesce(user_task.c.ended_at, due, type_=user_task.c.ended_at.type), user_task.c.id], True
    match sort:
        case "newest":
            return [user_task.c.created_at, user_task.c.id], True
        case "law":
            return [_law_due(), due, user_task.c.id], False
        case "priority":
            return [-user_task.c.priority, due, user_task.c.id], False
        case "organisation":
            return [sa.func.coalesce(organisation.c.name, "", type_=sa.Text()), due, user_task.c.id], False
        case "cause":
            return [sa.func.coalesce(dispute.c.cause_code, "", type_=sa.Text()), due, user_task.c.id], False
        case "process":
            return [user_task.c.process_key, due, user_task.c.id], False
        case "task":
            return [user_task.c.element_name, due, user_task.c.id], False
        case _:
            return [due, user_task.c.id], False


def _law_due() -> sa.ColumnElement[str]:
    """Return the day by which the law wants something, as ISO text: of the task itself, else the case's next one."""
    own = sa.case((_is_law(user_task.c.due_explanation), user_task.c.due_explanation["due"].astext))
    other = user_task.alias("sibling")
    timers = sa.select(sa.func.min(timer.c.explanation["due"].astext)).where(
        timer.c.case_id == user_task.c.case_id, timer.c.state == "waiting", _is_law(timer.c.explanation)
    )
    siblings = sa.select(sa.func.min(other.c.due_explanation["due"].astext)).where(
        other.c.case_id == user_task.c.case_id, other.c.state.in_(OPEN), _is_law(other.c.due_explanation)
    )
    of_case = sa.func.least(
        timers.correlate(user_task).scalar_subquery(), siblings.correlate(user_task).scalar_subquery()
    )
    return sa.func.coalesce(own, of_case, _NEVER, type_=sa.Text())


def _is_law(explanation: Any) -> sa.ColumnElement[bool]:
    house = sorted(key for key, rule in deadline_rules().items() if rule.basis_kind == "house")
    return sa.and_(
        explanation["rule"].astext.is_not(None),
        explanation["rule"].astext.not_in(house),
        explanation["suspended"].astext.is_(None),
    )


def _completed(
    connection: sa.Connection, bureau: Bureau, viewer: Viewer, rows: Sequence[Mapping[str, Any]], now: datetime
) -> list[dict[str, Any]]:
    """Return the rows of a page with parties, names, clocks, urgings and comments."""
    if not rows:
        return []
    ids = [row["id"] for row in rows]
    case_ids = list({row["case_id"] for row in rows if row["number"] is not None})
    parties = first_parties(connection, bureau, case_ids)
    clocks = law_clocks(connection, case_ids, shanghai_date(now))
    reads_notes = bool(viewer.roles - _PARTIES)
    urgings = _urgings(connection, ids) if reads_notes else {}
    comments = _comments(connection, viewer, ids) if reads_notes else {}
    holders = {row[name].removeprefix("user:") for row in rows for name in ("assignee", "owner") if row[name]}
    names = user_names(connection, bureau, holders)
    return [
        _item(bureau, row, parties, clocks, names, now)
        | urgings.get(row["id"], {"urgings": 0, "last_urged_at": None})
        | comments.get(row["id"], {"comments": 0, "unread_comments": 0})
        for row in rows
    ]


def _item(
    bureau: Bureau,
    row: Mapping[str, Any],
    parties: Mapping[UUID, Mapping[str, Mapping[str, Any]]],
    clocks: Mapping[UUID, dict[str, Any]],
    names: Mapping[str, str],
    now: datetime,
) -> dict[str, Any]:
    shown = {column.name: row[column.name] for column in user_task.c if column.name not in _HIDDEN}
    own = law_clock(row["due_explanation"], shanghai_date(now))
    return shown | {
        "business_key": row["business_key"],
        "is_offered": row["is_offered"] and row["state"] in OPEN,
        "is_overdue": row["state"] in OPEN and row["due_at"] is not None and row["due_at"] <= now,
        "assignee_name": names.get((row["assignee"] or "").removeprefix("user:")),
        "owner_name": names.get((row["owner"] or "").removeprefix("user:")),
        "groups": [
            {"code": role.code, "zh": role.zh, "en": role.en}
            for role in (ROLES.get(group) for group in row["candidate_groups"])
            if role is not None
        ],
        "law": own or clocks.get(row["case_id"]),
        "dispute": None if row["number"] is None else _dispute(bureau, row, parties.get(row["case_id"], {})),
    }


def _dispute(bureau: Bureau, row: Mapping[str, Any], parties: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    known_area = bureau.site.areas.get(row["area_code"])
    found_cause = cause(row["cause_code"])
    has_organisation = row["organisation_code"] is not None
    return {
        "number": row["number"],
        "cause": {"code": found_cause.code, "zh": found_cause.zh, "en": found_cause.en},
        "stage": STAGES[row["dispute_stage"]].as_dict(),
        "area": {"code": row["area_code"], "name": known_area.full_name if known_area else row["area_code"]},
        "flags": list(row["flags"]),
        "worker_count": row["worker_count"],
        "organisation": (
            {"id": row["organisation_id"], "code": row["organisation_code"], "name": row["organisation_name"]}
            if has_organisation
            else None
        ),
        "applicant": shown_party(parties.get("applicant"), shows_names=row["shows_names"]),
        "respondent": shown_party(parties.get("respondent"), shows_names=row["shows_names"]),
    }


def law_clocks(connection: sa.Connection, case_ids: Sequence[UUID], today: date) -> dict[UUID, dict[str, Any]]:
    """Return case -> the next day that the law sets in it, of whatever waits there; cases without one are left out."""
    if not case_ids:
        return {}
    timers = sa.select(timer.c.case_id, timer.c.explanation).where(
        timer.c.case_id.in_(case_ids), timer.c.state == "waiting", timer.c.explanation.is_not(None)
    )
    tasks = sa.select(user_task.c.case_id, user_task.c.due_explanation).where(
        user_task.c.case_id.in_(case_ids), user_task.c.state.in_(OPEN), user_task.c.due_explanation.is_not(None)
    )
    found: dict[UUID, dict[str, Any]] = {}
    for case_id, explanation in connection.execute(sa.union_all(timers, tasks)):
        clock = law_clock(explanation, today)
        if clock is not None and (case_id not in found or clock["due_on"] < found[case_id]["due_on"]):
            found[case_id] = clock
    return found


def law_clock(explanation: Mapping[str, Any] | None, today: date) -> dict[str, Any] | None:
    """Return what is left of a period that the law sets; None for house norms, suspended periods and plain days."""
    rule = deadline_rules().get((explanation or {}).get("rule") or "")
    if explanation is None or rule is None or rule.basis_kind == "house" or explanation.get("suspended"):
        return None
    due, safe = date.fromisoformat(explanation["due"]), date.fromisoformat(explanation["safe"])
    return {
        "rule": rule.id,
        "rule_name": {"zh": rule.name.zh, "en": rule.name.en},
        "due_on": due,
        "safe_on": safe,
        "days_left": (due - today).days,
        "safe_days_left": (safe - today).days,
        "is_provisional": bool(explanation.get("provisional")),
    }


def _urgings(connection: sa.Connection, ids: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    statement = (
        sa.select(
            user_task_urging.c.user_task_id,
            sa.func.count().label("urgings"),
            sa.func.max(user_task_urging.c.created_at).label("last_urged_at"),
        )
        .where(user_task_urging.c.user_task_id.in_(ids))
        .group_by(user_task_urging.c.user_task_id)
    )
    return {
        row.user_task_id: {"urgings": row.urgings, "last_urged_at": row.last_urged_at}
        for row in connection.execute(statement)
    }


def _comments(connection: sa.Connection, viewer: Viewer, ids: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    reading = user_task_comment_reading
    is_unread = sa.and_(
        user_task_comment.c.actor_id != viewer.actor.id,
        sa.or_(reading.c.read_at.is_(None), reading.c.read_at < user_task_comment.c.created_at),
    )
    statement = (
        sa.select(
            user_task_comment.c.user_task_id,
            sa.func.count().label("comments"),
            sa.func.count().filter(is_unread).label("unread_comments"),
        )
        .outerjoin(
            reading,
            sa.and_(reading.c.user_task_id == user_task_comment.c.user_task_id, reading.c.reader == viewer.actor.id),
        )
        .where(user_task_comment.c.user_task_id.in_(ids))
        .group_by(user_task_comment.c.user_task_id)
    )
    return {
        row.user_task_id: {"comments": row.comments, "unread_comments": row.unread_comments}
        for row in connection.execute(statement)
    }
