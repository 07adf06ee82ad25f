"""Publishes or rejects a proposed version of a deadline rule: a second person, of the whole city."""

from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from casework.access import Viewer
from casework.bureau import Bureau
from casework.commands.propose_deadline_rule import end_version, lock_proposed
from casework.deadline_recounts import request_recount
from casework.deadline_rule_notices import tell_proposer
from casework.deadline_rules import load_book, version_of
from casework.deadlines.errors import DeadlineVersionOwnError
from casework.errors import CityOnlyError
from casework.queries.deadline_rule_cases import cases_counted_by
from casework.store.tables import deadline_rule_version
from engine.commands.unit_of_work import UnitOfWork
from engine.domain.errors import ForbiddenError

LONGEST_STEP = timedelta(minutes=5)
"""No step of a case, nor the request that takes it, lasts longer."""


@dataclass(frozen=True, slots=True)
class VersionPublished:
    """What publishing a version brought about."""

    rule_id: str
    number: int
    cases: int
    """Open cases whose dates a worker counts again."""


def publish_deadline_rule(
    uow: UnitOfWork, bureau: Bureau, viewer: Viewer, rule_id: str, number: int, remark: str
) -> VersionPublished:
    """Let a proposed version count from now on, and have every open date counted again that reads the rule.

    The dates are counted again by a worker, case by case. Raises UnknownDeadlineRuleError, UnknownDeadlineVersionError,
    CityOnlyError, DeadlineVersionDecidedError, and DeadlineVersionOwnError for the proposer.
    """
    require_second_person(bureau, viewer)
    row = lock_proposed(uow.connection, rule_id, number)
    if row.proposed_by == uow.actor.id:
        raise DeadlineVersionOwnError(rule=rule_id, number=number)
    version_of(load_book(uow.connection), row)  # what was proposed still fits on the newest published version
    end_version(uow, rule_id, number, "published", remark)
    tell_proposer(uow, row.proposed_by, "deadline-rule-published", rule_id, number)
    cause = {"kind": "deadline-rule", "rule": rule_id, "version": number}
    cases = request_recount(uow, cause, recount_key(rule_id, number), cases_counted_by(rule_id))
    return VersionPublished(rule_id, number, cases)


def request_raced_recounts(uow: UnitOfWork) -> int:
    """Ask for cases that took a step while a version was being published; return how many.

    Such a step may have counted by the version before and was not seen by the publication. Asked again and again within
    an hour, each case is counted once more, under its lock, after the step has committed.
    """
    recent = uow.connection.execute(
        sa.select(deadline_rule_version).where(
            deadline_rule_version.c.state == "published",
            deadline_rule_version.c.ended_at > uow.now - timedelta(hours=1),
        )
    ).all()
    asked = 0
    for row in recent:
        cause = {"kind": "deadline-rule", "rule": row.rule_id, "version": row.number}
        around = (row.ended_at - LONGEST_STEP, row.ended_at + LONGEST_STEP)
        key = f"{recount_key(row.rule_id, row.number)}/raced"
        asked += request_recount(uow, cause, key, cases_counted_by(row.rule_id, around))
    return asked


def reject_deadline_rule(
    uow: UnitOfWork, bureau: Bureau, viewer: Viewer, rule_id: str, number: int, remark: str
) -> None:
    """Turn a proposed version down; it stays on record. Raises as `publish_deadline_rule` does."""
    require_second_person(bureau, viewer)
    row = lock_proposed(uow.connection, rule_id, number)
    if row.proposed_by == uow.actor.id:
        raise DeadlineVersionOwnError(rule=rule_id, number=number)
    end_version(uow, rule_id, number, "rejected", remark)
    tell_proposer(uow, row.proposed_by, "deadline-rule-rejected", rule_id, number)


def require_second_person(bureau: Bureau, viewer: Viewer) -> None:
    """Return for a supervisor of the whole city, who alone sees every case that a version changes.

    Raises ForbiddenError and CityOnlyError.
    """
    if "supervisor" not in viewer.roles:
        raise ForbiddenError()
    if viewer.area_code != bureau.site.root_area:
        raise CityOnlyError()


def recount_key(rule_id: str, number: int) -> str:
    """Return the key under which the recount of a version is found."""
    return f"deadline-rule/{rule_id}/{number}"
