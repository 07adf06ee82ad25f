"""Proposes a new version of a deadline rule, attaches the text it rests on, and withdraws it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, get_args

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from casework.access import Viewer
from casework.bureau import Bureau
from casework.commands.load_calendar_year import require_city
from casework.deadline_rule_notices import tell_second_persons
from casework.deadline_rules import load_book
from casework.deadlines.errors import (
    DeadlineVersionDecidedError,
    DeadlineVersionInvalidError,
    DeadlineVersionNotYoursError,
    DeadlineVersionOpenError,
    UnknownDeadlineVersionError,
)
from casework.deadlines.rule_book import START, CasesBefore
from casework.deadlines.rule_changes import changed_rule
from casework.deadlines.rules import find_rule
from casework.event_dates import EVENT_DATES, FIRST_DAY
from casework.store.tables import deadline_rule_version, stored_file
from casework.work import Work
from engine.domain.actor import Actor

LAST_DAY = date(2100, 12, 31)

STATES_ZH: Mapping[str, str] = {
    "proposed": "待决定",
    "published": "已公布",
    "rejected": "已驳回",
    "withdrawn": "已撤回",
}


@dataclass(frozen=True, slots=True)
class Proposal:
    """A new version of a rule, as somebody proposes it."""

    rule_id: str
    changes: Mapping[str, Any]
    """Fields of the normal form that differ; see casework.deadlines.rule_changes."""
    effective_on: date
    cases_before: CasesBefore
    deciding_date: str
    """`start`, or the name of the event date that tells whether a case began before `effective_on`."""
    source: str
    """Where the new text stands, e.g. statute, article and day of publication."""


def propose_deadline_rule(work: Work, bureau: Bureau, viewer: Viewer, proposal: Proposal) -> int:
    """Keep a proposed version and return its number. It counts nothing until a second person publishes it.

    Raises UnknownDeadlineRuleError, CityOnlyError, DeadlineVersionInvalidError, and DeadlineVersionOpenError while
    another version of the rule is not decided.
    """
    find_rule(proposal.rule_id)
    require_city(bureau, viewer)
    lock_rule(work.connection, proposal.rule_id)
    rows = work.connection.execute(
        sa.select(deadline_rule_version)
        .where(deadline_rule_version.c.rule_id == proposal.rule_id)
        .order_by(deadline_rule_version.c.number)
    ).all()
    for row in rows:
        if row.state == "proposed":
            raise DeadlineVersionOpenError(rule=proposal.rule_id, number=row.number)
    number = rows[-1].number + 1 if rows else 2
    _check(proposal, max((row.effective_on for row in rows if row.state == "published"), default=None))
    changed_rule(load_book(work.connection).versions(proposal.rule_id)[-1].rule, proposal.changes, number)
    values = {
        "id": work.ids(),
        "rule_id": proposal.rule_id,
        "number": number,
        "changes": dict(proposal.changes),
        "effective_on": proposal.effective_on,
        "cases_before": proposal.cases_before,
        "deciding_date": proposal.deciding_date,
        "source": proposal.source.strip(),
        "state": "proposed",
        "proposed_at": work.now,
        "proposed_by": work.actor.id,
    }
    work.connection.execute(sa.insert(deadline_rule_version).values(values))
    tell_second_persons(work, bureau, proposal.rule_id, number)
    return number


def attach_source(
    work: Work, bureau: Bureau, viewer: Viewer, rule_id: str, number: int, content: bytes, media_type: str
) -> str:
    """Keep the file of the text that a proposed version rests on; return its SHA-256. Another file replaces it.

    Raises UnknownDeadlineVersionError, DeadlineVersionNotYoursError, DeadlineVersionDecidedError, FileTooLargeError.
    """
    require_city(bureau, viewer)
    require_own(lock_proposed(work.connection, rule_id, number), work.actor)
    sha256 = bureau.files.store(content)
    work.connection.execute(
        insert(stored_file)
        .values(sha256=sha256, size=len(content), created_at=work.now)
        .on_conflict_do_nothing(index_elements=["sha256"])
    )
    _update(work.connection, rule_id, number, source_sha256=sha256, source_media_type=media_type)
    return sha256


def withdraw_deadline_rule(work: Work, bureau: Bureau, viewer: Viewer, rule_id: str, number: int, remark: str) -> None:
    """Take a proposal back: the proposer alone may.

    Raises UnknownDeadlineVersionError, DeadlineVersionNotYoursError and DeadlineVersionDecidedError.
    """
    require_city(bureau, viewer)
    require_own(lock_proposed(work.connection, rule_id, number), work.actor)
    end_version(work, rule_id, number, "withdrawn", remark)


def lock_rule(connection: sa.Connection, rule_id: str) -> None:
    """Let proposals and decisions on one rule take turns until the transaction ends."""
    connection.execute(
        sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(f"deadline-rule:{rule_id}", 0)))
    )


def lock_proposed(connection: sa.Connection, rule_id: str, number: int) -> Any:
    """Return the row of a version that is not decided, locked.

    Raises UnknownDeadlineRuleError, UnknownDeadlineVersionError and DeadlineVersionDecidedError.
    """
    find_rule(rule_id)
    lock_rule(connection, rule_id)
    rows = connection.execute(sa.select(deadline_rule_version).where(deadline_rule_version.c.rule_id == rule_id))
    row = next((each for each in rows if each.number == number), None)  # any number may have been asked for
    if row is None:
        raise UnknownDeadlineVersionError(rule=rule_id, number=number)
    if row.state != "proposed":
        raise DeadlineVersionDecidedError(
            rule=rule_id,
            number=number,
            state=row.state,
            state_zh=STATES_ZH[row.state],
            by=row.ended_by.removeprefix("user:"),
        )
    return row


def require_own(row: Any, actor: Actor) -> None:
    """Return when the actor has proposed the version. Raises DeadlineVersionNotYoursError."""
    if row.proposed_by != actor.id:
        raise DeadlineVersionNotYoursError(
            rule=row.rule_id, number=row.number, by=row.proposed_by.removeprefix("user:")
        )


def end_version(work: Work, rule_id: str, number: int, state: str, remark: str) -> None:
    """Write down how a proposal ended."""
    _update(
        work.connection,
        rule_id,
        number,
        state=state,
        ended_at=work.now,
        ended_by=work.actor.id,
        remark=remark.strip() or None,
    )


def _update(connection: sa.Connection, rule_id: str, number: int, **values: Any) -> None:
    connection.execute(
        sa.update(deadline_rule_version)
        .where(deadline_rule_version.c.rule_id == rule_id, deadline_rule_version.c.number == number)
        .values(values)
    )


def _check(proposal: Proposal, last_effective: date | None) -> None:
    if not proposal.source.strip():
        raise _invalid(proposal, "source", "须写明来源。", "say where the new text stands.")
    if proposal.cases_before not in get_args(CasesBefore):
        raise _invalid(proposal, "cases_before", "应为 keep 或者 change。", "keep or change is needed.")
    if proposal.deciding_date != START and proposal.deciding_date not in EVENT_DATES:
        raise _invalid(
            proposal,
            "deciding_date",
            f"应为 start 或者日期名称：{'、'.join(EVENT_DATES)}。",
            f"start or the name of an event date is needed: {', '.join(EVENT_DATES)}.",
        )
    if not FIRST_DAY <= proposal.effective_on <= LAST_DAY:
        raise _invalid(
            proposal,
            "effective_on",
            f"应在 {FIRST_DAY} 至 {LAST_DAY} 之间。",
            f"a day from {FIRST_DAY} to {LAST_DAY} is needed.",
        )
    if last_effective is not None and proposal.effective_on < last_effective:
        raise _invalid(
            proposal,
            "effective_on",
            f"不能早于已公布版本的施行日期（{last_effective}）。",
            f"it cannot lie before the day on which the published version took effect ({last_effective}).",
        )


def _invalid(proposal: Proposal, field: str, zh: str, en: str) -> DeadlineVersionInvalidError:
    return DeadlineVersionInvalidError(rule=proposal.rule_id, field=field, problem_zh=zh, problem_en=en)
