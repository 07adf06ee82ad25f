"""Suspension, restart and extension of a case's deadlines as they are recorded; corrected by another row."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa

from casework.bureau import Bureau
from casework.deadline_rules import rule_in_case
from casework.deadlines.clock_events import KINDS, Kind
from casework.deadlines.rules import find_rule
from casework.encryption import place
from casework.errors import DeadlineEventInvalidError, ReasonMissingError
from casework.event_dates import FIRST_DAY
from casework.store.tables import deadline_event, document
from casework.work import append_history, today_of
from engine.commands.reevaluate_timers import Reevaluation, reevaluate_deadlines
from engine.commands.unit_of_work import UnitOfWork
from engine.domain.events import HistoryEvent
from engine.store.cases import lock_case

MOST_UNITS = 400


@dataclass(frozen=True, slots=True, repr=False)
class NewDeadlineEvent:
    """Something that happened to the clock of a rule in a case."""

    rule: str
    kind: str
    """`suspension`, `restart` or `extension`."""
    on: date
    """When the suspension began, the day counted from anew, or the day of the approval."""
    until: date | None = None
    """Of a suspension, the day that counts again; of an extension, the agreed last day."""
    units: int | None = None
    """Of an extension, how many units of the rule."""
    approved_by: str | None = None
    """Who approved an extension, or that both parties agreed."""
    document_id: UUID | None = None
    note: str | None = None
    replaces: UUID | None = None
    is_retracted: bool = False
    reason: str | None = None


@dataclass(frozen=True, slots=True, repr=False)
class RecordedDeadlineEvent:
    """A row of the record, corrected ones included."""

    id: UUID
    rule: str
    kind: str
    on: date
    until: date | None
    units: int | None
    approved_by: str | None
    document_id: UUID | None
    note: str | None
    reason: str | None
    recorded_at: datetime
    recorded_by: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class DeadlineEventRecorded:
    """What recording an event brought about."""

    id: UUID
    moved: Reevaluation


def list_deadline_events(connection: sa.Connection, bureau: Bureau, case_id: UUID) -> list[RecordedDeadlineEvent]:
    """Return every row, also those that were corrected, by the day on which they happened."""
    rows = connection.execute(
        sa.select(deadline_event)
        .where(deadline_event.c.case_id == case_id)
        .order_by(deadline_event.c.happened_on, deadline_event.c.id)
    )

    def clear(row: "sa.Row[tuple[object, ...]]", column: str) -> str | None:
        return bureau.keyring.open_optional(row._mapping[column], place("deadline_event", column, row._mapping["id"]))

    return [
        RecordedDeadlineEvent(
            id=row.id,
            rule=row.rule_id,
            kind=row.kind,
            on=row.happened_on,
            until=row.until,
            units=row.units,
            approved_by=clear(row, "approved_by"),
            document_id=row.document_id,
            note=clear(row, "note"),
            reason=clear(row, "reason"),
            recorded_at=row.recorded_at,
            recorded_by=row.recorded_by,
            is_current=row.superseded_at is None and not row.is_retracted,
        )
        for row in rows
    ]


def record_deadline_event(
    uow: UnitOfWork, bureau: Bureau, case_id: UUID, event: NewDeadlineEvent
) -> DeadlineEventRecorded:
    """Record what happened to the clock of a rule, or correct such a row by another; count what hangs on it again.

    Raises NotFoundError, UnknownDeadlineRuleError, DeadlineEventInvalidError, and ReasonMissingError for a correction
    without a reason.
    """
    lock_case(uow.connection, case_id)
    _check(uow, case_id, event)
    reason = (event.reason or "").strip() or None
    if event.replaces is not None:
        if reason is None:
            raise ReasonMissingError()
        _supersede(uow, case_id, event)
    row_id = _insert(uow, bureau, case_id, event, reason)
    if event.replaces is not None:
        uow.connection.execute(
            sa.update(deadline_event).where(deadline_event.c.id == event.replaces).values(superseded_by=row_id)
        )
    facts = {
        "id": str(row_id),
        "rule": event.rule,
        "kind": event.kind,
        "on": event.on.isoformat(),
        "until": event.until.isoformat() if event.until else None,
        "units": event.units,
        "replaces": str(event.replaces) if event.replaces else None,
        "is_retracted": event.is_retracted,
    }
    append_history(uow, case_id, HistoryEvent("deadline-event-recorded", facts))
    cause = {"kind": "deadline-event", "event": event.kind, "rule": event.rule, "id": str(row_id)}
    return DeadlineEventRecorded(row_id, reevaluate_deadlines(uow, case_id, cause))


def _check(uow: UnitOfWork, case_id: UUID, event: NewDeadlineEvent) -> None:
    today = today_of(uow)
    rule = find_rule(event.rule)
    if event.kind not in KINDS:
        raise _invalid("kind", f"可选：{'、'.join(KINDS)}。", f"choose one of: {', '.join(KINDS)}.")
    if not rule.is_computable or rule.direction == "backward":
        raise _invalid("rule", "该规则没有可以变动的期间。", "this rule has no period that could be changed.")
    if not FIRST_DAY <= event.on <= today:
        raise _invalid("on", f"应在 {FIRST_DAY} 至今天（{today}）之间。", f"outside {FIRST_DAY} to today ({today}).")
    kind: Kind = event.kind
    if kind == "extension":
        _check_extension(uow, case_id, event)
    elif event.units is not None:
        raise _invalid("units", "只有延期才填写延长的数量。", "only an extension adds units.")
    elif event.until is not None and (kind == "restart" or not event.on <= event.until <= today):
        raise _invalid(
            "until",
            "中止的恢复日期应在开始日期至今天之间；重新计算没有结束日期。",
            "a suspension is resumed between its beginning and today; a restart has no end.",
        )
    if event.is_retracted and event.replaces is None:
        raise _invalid("is_retracted", "请写明要撤销的记录。", "say which row was wrong.")
    if event.document_id is not None:
        proof = sa.select(document.c.id).where(document.c.case_id == case_id, document.c.id == event.document_id)
        if uow.connection.execute(proof).first() is None:
            raise _invalid("document_id", "本案没有这份文书或材料。", "the case has no such document.")


def _check_extension(uow: UnitOfWork, case_id: UUID, event: NewDeadlineEvent) -> None:
    rule = rule_in_case(uow.connection, case_id, event.rule, event.on)
    if (event.units is None) == (event.until is None):
        raise _invalid("units", "请填写延长的数量，或者约定的届满日。", "give the units, or the agreed last day.")
    if event.units is not None and not 1 <= event.units <= (rule.extension_length or MOST_UNITS):
        most = rule.extension_length or MOST_UNITS
        raise _invalid("units", f"一次最多延长 {most}。", f"one extension adds at most {most}.")
    if event.until is not None and event.until <= event.on:
        raise _invalid("until", "届满日应晚于批准日。", "the last day lies after the approval.")
    if not (event.approved_by or "").strip():
        raise _invalid(
            "approved_by", "请写明批准人，或者双方同意。", "say who approved it, or that both parties agreed."
        )
    if not rule.extension_by:
        raise _invalid("rule", "该期限依法不能延长。", "the law does not let this period be extended.")
    others = sa.select(sa.func.count()).where(
        deadline_event.c.case_id == case_id,
        deadline_event.c.rule_id == event.rule,
        deadline_event.c.kind == "extension",
        deadline_event.c.superseded_at.is_(None),
        sa.not_(deadline_event.c.is_retracted),
        deadline_event.c.id != event.replaces if event.replaces else sa.true(),
    )
    granted = uow.connection.execute(others).scalar_one()
    if rule.extension_times is not None and granted >= rule.extension_times and not event.is_retracted:
        raise _invalid(
            "rule",
            f"该期限最多延长 {rule.extension_times} 次，已经延长。",
            f"this period may be extended {rule.extension_times} times, and that has happened.",
        )


def _invalid(name: str, zh: str, en: str) -> DeadlineEventInvalidError:
    return DeadlineEventInvalidError(name=name, problem_zh=zh, problem_en=en)


def _supersede(uow: UnitOfWork, case_id: UUID, event: NewDeadlineEvent) -> None:
    found = uow.connection.execute(
        sa.update(deadline_event)
        .where(
            deadline_event.c.id == event.replaces,
            deadline_event.c.case_id == case_id,
            deadline_event.c.rule_id == event.rule,
            deadline_event.c.superseded_at.is_(None),
        )
        .values(superseded_at=uow.now)
        .returning(deadline_event.c.id)
    ).one_or_none()
    if found is None:
        raise _invalid("replaces", "该规则没有这条有效的记录。", "there is no such row of this rule that counts.")


def _insert(uow: UnitOfWork, bureau: Bureau, case_id: UUID, event: NewDeadlineEvent, reason: str | None) -> UUID:
    row_id = uow.ids()

    def seal(column: str, text: str | None) -> str | None:
        return bureau.keyring.seal_optional((text or "").strip() or None, place("deadline_event", column, row_id))

    uow.connection.execute(
        sa.insert(deadline_event).values(
            id=row_id,
            case_id=case_id,
            rule_id=event.rule,
            kind=event.kind,
            happened_on=event.on,
            until=event.until,
            units=event.units,
            approved_by=seal("approved_by", event.approved_by),
            document_id=event.document_id,
            note=seal("note", event.note),
            is_retracted=event.is_retracted,
            recorded_at=uow.now,
            recorded_by=uow.actor.id,
            reason=seal("reason", reason),
        )
    )
    return row_id
