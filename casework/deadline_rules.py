"""The deadline rules with every published version, and the facts of a case that decide which of them counts."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from casework.calendar_days import load_calendar
from casework.deadlines.computation import compute
from casework.deadlines.rule_book import CaseRules, RuleBook, RuleVersion, Transition, shipped_book
from casework.deadlines.rule_changes import changed_rule
from casework.deadlines.rules import CaseFacts, DeadlineRule
from casework.store.named_inputs import current_inputs
from casework.store.tables import deadline_rule_version, dispute, organisation
from engine.store.tables import timer

_COUNT = (
    sa.select(sa.func.count())
    .select_from(deadline_rule_version)
    .where(deadline_rule_version.c.state == "published")
    .scalar_subquery()
)
_ASKED = sa.select(sa.bindparam("case_id", type_=sa.Uuid).label("id")).subquery("asked")
_STANDING = sa.select(
    _COUNT.label("published"), dispute.c.employer_kind, organisation.c.kind.label("organisation_kind")
).select_from(
    _ASKED.outerjoin(dispute, dispute.c.case_id == _ASKED.c.id).outerjoin(
        organisation, organisation.c.id == dispute.c.organisation_id
    )
)

_STARTED = (
    sa.select(timer.c.explanation["start"].astext)
    .where(
        timer.c.case_id == sa.bindparam("case_id"),
        timer.c.state == "waiting",
        timer.c.explanation["rule"].astext == sa.bindparam("rule"),
    )
    .order_by(timer.c.created_at.desc())
    .limit(1)
)


def load_book(connection: sa.Connection) -> RuleBook:
    """Return the rules with every version that was published."""
    rows = connection.execute(
        sa.select(deadline_rule_version)
        .where(deadline_rule_version.c.state == "published")
        .order_by(deadline_rule_version.c.rule_id, deadline_rule_version.c.number)
    )
    book = shipped_book()
    for row in rows:
        book = book.with_version(version_of(book, row))
    return book


def version_of(book: RuleBook, row: Any) -> RuleVersion:
    """Return a stored version on top of the newest one in `book`. Raises DeadlineVersionInvalidError."""
    rule = changed_rule(book.versions(row.rule_id)[-1].rule, row.changes, row.number)
    return RuleVersion(rule, Transition(row.effective_on, row.cases_before, row.deciding_date))


def case_rules(
    connection: sa.Connection, case_id: UUID, inputs: Mapping[str, Any], book: Callable[[int], RuleBook]
) -> CaseRules:
    """Return the rules for a case whose named inputs are `inputs`; the event dates among them decide on versions.

    `book` is given how many versions are published: the number grows with each, and nothing published ever changes.
    """
    row = connection.execute(_STANDING, {"case_id": case_id}).one()
    dates = {name: value for name, value in inputs.items() if type(value) is date}
    return CaseRules(book(row.published), CaseFacts(row.organisation_kind, row.employer_kind, dates))


def rules_of_case(connection: sa.Connection, case_id: UUID) -> CaseRules:
    """Return the rules as they count for a case, for those who count once and keep no book."""
    return case_rules(
        connection, case_id, current_inputs(connection, case_id), lambda _published: load_book(connection)
    )


def rule_in_case(connection: sa.Connection, case_id: UUID, rule_id: str, on: date) -> DeadlineRule:
    """Return the version by which a rule counts the period that runs in a case; one that begins `on` if none runs.

    Raises UnknownDeadlineRuleError and DeadlineRuleNotComputableError.
    """
    started = connection.execute(_STARTED, {"case_id": case_id, "rule": rule_id}).scalar_one_or_none()
    start = date.fromisoformat(started) if started else on
    rules = rules_of_case(connection, case_id)
    return compute(rule_id, start, load_calendar(connection), rules=rules).rule


class RuleBookCache:
    """The book of one serving process, read anew when something was published; safe to use from several threads."""

    def __init__(self) -> None:
        self._kept: tuple[int, RuleBook] = (0, shipped_book())

    def book(self, connection: sa.Connection, published: int) -> RuleBook:
        """Return the book in which `published` versions are; reads the database only when that number has changed."""
        kept = self._kept
        if kept[0] != published:
            kept = self._kept = (published, load_book(connection))
        return kept[1]
