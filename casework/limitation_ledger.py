"""The limitation ledger of a case: what its claims begin with, what was entered by hand, and what follows from both."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from casework.bureau import Bureau
from casework.calendar_days import load_calendar
from casework.causes import Cause, cause
from casework.deadline_rules import rules_of_case
from casework.deadlines.work_calendar import WorkCalendar
from casework.encryption import place
from casework.errors import InputInvalidError, LimitationEventInvalidError, ReasonMissingError
from casework.event_dates import FIRST_DAY
from casework.limitation import KINDS, Entry, Limitation, LimitedClaim, derived_entries, limitation
from casework.store.named_inputs import current_dates
from casework.store.tables import claim, dispute, document, limitation_event
from casework.work import Work, append_history, today_of
from engine.domain.errors import NotFoundError
from engine.domain.events import HistoryEvent
from engine.domain.values import Value
from engine.store.cases import lock_case

FLAG = "limitation-near"
FACTS_CORRECTED = "claim-facts-corrected"
"""Kind of a row that keeps why the beginning of a claim's limitation was changed; it interrupts nothing."""

CLAIM_FACTS: Mapping[str, str] = MappingProxyType(
    {"known_on": "date", "employment_ended_on": "date", "is_wage_arrears": "bool"}
)
"""Columns of `claim` that its limitation begins with -> type; a form that gives one sets it for every claim."""

WAGE_CAUSES = frozenset({"wages", "overtime"})
"""Causes that are wage arrears unless somebody says otherwise."""

_OVER = ("closed", "archived", "withdrawn", "perf_done", "referred_out")
_BATCH = 200


@dataclass(frozen=True, slots=True, repr=False)
class RecordedEntry:
    """An entry made by hand, corrected ones included."""

    id: UUID
    kind: str
    started_on: date
    ended_on: date | None
    claim_position: int | None
    document_id: UUID | None
    note: str | None
    recorded_by: str
    is_current: bool
    reason: str | None


@dataclass(frozen=True, slots=True, repr=False)
class ClaimLedger:
    """A claim with its limitation."""

    position: int
    cause: Cause
    facts: LimitedClaim
    is_assumed: bool
    """Whether nobody said if it is wage arrears, so that the cause decides."""
    limitation: Limitation


@dataclass(frozen=True, slots=True, repr=False)
class Ledger:
    """The limitation of every claim of a case, and what was entered for it by hand."""

    claims: tuple[ClaimLedger, ...]
    recorded: tuple[RecordedEntry, ...]

    def is_near(self, today: date, within: int) -> bool:
        """Tell whether the limitation of a claim ends, read safely, within so many days."""
        return any(each.limitation.is_near(today, within) for each in self.claims)


@dataclass(frozen=True, slots=True, repr=False)
class NewEntry:
    """An interruption or suspension to enter by hand."""

    kind: str
    started_on: date
    ended_on: date | None = None
    claim_position: int | None = None
    """None: for every claim."""
    document_id: UUID | None = None
    """The proof; the safe date relies on proven entries alone."""
    note: str | None = None
    replaces: UUID | None = None
    is_retracted: bool = False
    """The replaced entry was wrong altogether."""
    reason: str | None = None


def read_ledger(
    connection: sa.Connection, bureau: Bureau, case_id: UUID, today: date, calendar: WorkCalendar | None = None
) -> Ledger:
    """Return the ledger of a case as it stands on `today`; whoever reads many gives the calendar. Raises NotFoundError."""
    recorded = _recorded(connection, bureau, case_id)
    claims = _claims(connection, case_id, calendar or load_calendar(connection), recorded, today)
    if not claims:
        raise NotFoundError(what="case", id=case_id)
    return Ledger(claims, recorded)


def record_limitation_event(work: Work, bureau: Bureau, case_id: UUID, entry: NewEntry) -> UUID:
    """Enter what interrupted or suspended the limitation, or correct such an entry by another row; return its id.

    Raises NotFoundError, LimitationEventInvalidError, and ReasonMissingError for a correction without a reason.
    """
    lock_case(work.connection, case_id)
    _check(work, case_id, entry)
    reason = (entry.reason or "").strip() or None
    if entry.replaces is not None:
        if reason is None:
            raise ReasonMissingError()
        _supersede(work, case_id, entry.replaces)
    row_id = _insert(work, bureau, case_id, entry, reason)
    if entry.replaces is not None:
        work.connection.execute(
            sa.update(limitation_event).where(limitation_event.c.id == entry.replaces).values(superseded_by=row_id)
        )
    facts = {
        "id": str(row_id),
        "kind": entry.kind,
        "started_on": entry.started_on.isoformat(),
        "ended_on": entry.ended_on.isoformat() if entry.ended_on else None,
        "claim_position": entry.claim_position,
        "replaces": str(entry.replaces) if entry.replaces else None,
        "is_retracted": entry.is_retracted,
    }
    append_history(work, case_id, HistoryEvent("limitation-event-recorded", facts))
    refresh_flag(work, bureau, case_id)
    return row_id


def correct_claim_facts(
    work: Work, bureau: Bureau, case_id: UUID, position: int, values: Mapping[str, Value], reason: str
) -> None:
    """Set what the limitation of one claim begins with; history keeps old and new, the reason is kept encrypted.

    Raises NotFoundError, InputInvalidError, and ReasonMissingError when a value is replaced without a reason.
    """
    lock_case(work.connection, case_id)
    row = work.connection.execute(
        sa.select(claim).where(claim.c.case_id == case_id, claim.c.position == position)
    ).one_or_none()
    if row is None:
        raise NotFoundError(what="claim", id=position)
    today = today_of(work)
    checked = {name: check_claim_fact(name, value, today) for name, value in values.items()}
    old = {name: row._mapping[name] for name in checked}
    changed = {name: value for name, value in checked.items() if value != old[name]}
    if not changed:
        return
    if any(old[name] is not None for name in changed) and not reason.strip():
        raise ReasonMissingError()
    work.connection.execute(sa.update(claim).where(claim.c.id == row.id).values(changed))
    if reason.strip():
        entry = NewEntry(FACTS_CORRECTED, today, claim_position=position)
        _insert(work, bureau, case_id, entry, reason.strip())
    facts = {
        "position": position,
        "old": {name: _plain(old[name]) for name in changed},
        "new": {name: _plain(value) for name, value in changed.items()},
    }
    append_history(work, case_id, HistoryEvent("claim-facts-changed", facts))
    refresh_flag(work, bureau, case_id)


def keep_claim_fact(connection: sa.Connection, case_id: UUID, name: str, value: Value, today: date) -> Value:
    """Set a fact for every claim of a case, as a form gives it. Raises InputInvalidError."""
    checked = check_claim_fact(name, value, today)
    connection.execute(sa.update(claim).where(claim.c.case_id == case_id).values({name: checked}))
    return checked


def check_claim_fact(name: str, value: object, today: date) -> Any:
    """Return `value` when it can be what a limitation begins with. Raises InputInvalidError."""
    if value is None:
        return None
    if CLAIM_FACTS[name] == "bool":
        if isinstance(value, bool):
            return value
        raise InputInvalidError(name=name, problem_zh="应为是或否。", problem_en="yes or no is needed.")
    if type(value) is not date:
        raise InputInvalidError(
            name=name, problem_zh="应为日期（YYYY-MM-DD）。", problem_en="a day (YYYY-MM-DD) is needed."
        )
    if value > today:
        raise InputInvalidError(
            name=name,
            problem_zh=f"晚于今天（{today}），尚未发生的事项不能登记。",
            problem_en=f"it lies after today ({today}), and only what has happened can be recorded.",
        )
    return value


def refresh_flag(work: Work, bureau: Bureau, case_id: UUID) -> bool:
    """Set or take away the flag of a case whose limitation ends soon, and tell history; return whether it changed.

    The caller holds the case's lock.
    """
    is_near = set_flag(work.connection, bureau, case_id, today_of(work))
    if is_near is None:
        return False
    append_history(work, case_id, HistoryEvent("limitation-flag-changed", {"is_near": is_near}))
    return True


def set_flag(connection: sa.Connection, bureau: Bureau, case_id: UUID, today: date) -> bool | None:
    """Set or take away the flag within a step, whose own rows tell why; return what it is now, None if it stayed."""
    near = read_ledger(connection, bureau, case_id, today).is_near(today, bureau.site.limitation_near_days)
    flags = connection.execute(sa.select(dispute.c.flags).where(dispute.c.case_id == case_id)).scalar_one()
    if near == (FLAG in flags):
        return None
    changed = sorted({*flags, FLAG}) if near else [flag for flag in flags if flag != FLAG]
    connection.execute(sa.update(dispute).where(dispute.c.case_id == case_id).values(flags=changed))
    return near


def refresh_flags(begin: Callable[[], AbstractContextManager[Work]], bureau: Bureau) -> int:
    """Set the flag anew on every open case that may have come near; return how many changed.

    Looks without a lock, in batches, and takes the lock of those cases alone whose flag is to change.
    """
    changed, last = 0, None
    while True:
        with begin() as work:
            rows = work.connection.execute(_may_be_near(bureau, today_of(work), last)).all()
            calendar = load_calendar(work.connection)
            within, today = bureau.site.limitation_near_days, today_of(work)
            wrong = [
                row.case_id
                for row in rows
                if read_ledger(work.connection, bureau, row.case_id, today, calendar).is_near(today, within)
                != (FLAG in row.flags)
            ]
        for case_id in wrong:
            with begin() as work:
                lock_case(work.connection, case_id)
                changed += refresh_flag(work, bureau, case_id)
        if len(rows) < _BATCH:
            return changed
        last = rows[-1].case_id


def _may_be_near(bureau: Bureau, today: date, after: UUID | None) -> sa.Select[tuple[UUID, list[str]]]:
    """Return a batch of open cases with a claim whose year began long enough ago, or with the flag.

    Events only ever move the end of a limitation further away, so no other case can be near.
    """
    latest = today - timedelta(days=365 - bureau.site.limitation_near_days)
    began = sa.exists().where(
        claim.c.case_id == dispute.c.case_id,
        sa.or_(claim.c.known_on <= latest, claim.c.employment_ended_on <= latest),
    )
    statement = (
        sa.select(dispute.c.case_id, dispute.c.flags)
        .where(dispute.c.stage.not_in(_OVER), sa.or_(began, dispute.c.flags.contains([FLAG])))
        .order_by(dispute.c.case_id)
        .limit(_BATCH)
    )
    return statement if after is None else statement.where(dispute.c.case_id > after)


def _claims(
    connection: sa.Connection,
    case_id: UUID,
    calendar: WorkCalendar,
    recorded: Iterable[RecordedEntry],
    today: date,
) -> tuple[ClaimLedger, ...]:
    dates = current_dates(connection, case_id)
    rules = rules_of_case(connection, case_id)
    derived = derived_entries(dates, today=today, calendar=calendar, rules=rules)
    by_hand = [each for each in recorded if each.is_current and each.kind in KINDS]
    rows = connection.execute(sa.select(claim).where(claim.c.case_id == case_id).order_by(claim.c.position)).all()
    found = []
    for row in rows:
        assumed = row.is_wage_arrears is None
        facts = LimitedClaim(
            known_on=row.known_on,
            employment_ended_on=row.employment_ended_on,
            is_wage_arrears=row.cause_code in WAGE_CAUSES if assumed else row.is_wage_arrears,
        )
        entries = [*derived, *(_entry(each) for each in by_hand if each.claim_position in (None, row.position))]
        result = limitation(facts, entries, today=today, calendar=calendar, rules=rules)
        found.append(ClaimLedger(row.position, cause(row.cause_code), facts, assumed, result))
    return tuple(found)


def _entry(recorded: RecordedEntry) -> Entry:
    return Entry(
        recorded.kind,
        recorded.started_on,
        recorded.ended_on,
        reference=str(recorded.id),
        is_proven=recorded.document_id is not None,
    )


def _recorded(connection: sa.Connection, bureau: Bureau, case_id: UUID) -> tuple[RecordedEntry, ...]:
    rows = connection.execute(
        sa.select(limitation_event)
        .where(limitation_event.c.case_id == case_id)
        .order_by(limitation_event.c.started_on, limitation_event.c.id)
    )
    return tuple(
        RecordedEntry(
            id=row.id,
            kind=row.kind,
            started_on=row.started_on,
            ended_on=row.ended_on,
            claim_position=row.claim_position,
            document_id=row.document_id,
            note=bureau.keyring.open_optional(row.note, place("limitation_event", "note", row.id)),
            recorded_by=row.recorded_by,
            is_current=row.superseded_at is None and not row.is_retracted,
            reason=bureau.keyring.open_optional(row.reason, place("limitation_event", "reason", row.id)),
        )
        for row in rows
    )


def _check(work: Work, case_id: UUID, entry: NewEntry) -> None:
    kind, today = KINDS.get(entry.kind), today_of(work)
    if kind is None:
        raise _invalid("kind", f"可选：{'、'.join(KINDS)}。", f"choose one of: {', '.join(KINDS)}.")
    for name, day in (("started_on", entry.started_on), ("ended_on", entry.ended_on)):
        if day is not None and not FIRST_DAY <= day <= today:
            raise _invalid(
                name, f"应在 {FIRST_DAY} 至今天（{today}）之间。", f"it lies outside {FIRST_DAY} to today ({today})."
            )
    if entry.ended_on is not None and not kind.suspends:
        raise _invalid("ended_on", "只有中止才有结束日期。", "only a suspension has an end.")
    if entry.ended_on is not None and entry.ended_on < entry.started_on:
        raise _invalid("ended_on", "不能早于开始日期。", "it lies before the beginning.")
    if entry.is_retracted and entry.replaces is None:
        raise _invalid("is_retracted", "请写明要撤销的记录。", "say which entry was wrong.")
    if entry.claim_position is not None:
        known = sa.select(claim.c.id).where(claim.c.case_id == case_id, claim.c.position == entry.claim_position)
        if work.connection.execute(known).first() is None:
            raise _invalid("claim_position", "没有这一项请求。", "there is no such claim.")
    if entry.document_id is not None:
        proof = sa.select(document.c.id).where(document.c.case_id == case_id, document.c.id == entry.document_id)
        if work.connection.execute(proof).first() is None:
            raise _invalid("document_id", "本案没有这份文书或材料。", "the case has no such document.")


def _invalid(name: str, zh: str, en: str) -> LimitationEventInvalidError:
    return LimitationEventInvalidError(name=name, problem_zh=zh, problem_en=en)


def _supersede(work: Work, case_id: UUID, entry_id: UUID) -> None:
    found = work.connection.execute(
        sa.update(limitation_event)
        .where(
            limitation_event.c.id == entry_id,
            limitation_event.c.case_id == case_id,
            limitation_event.c.superseded_at.is_(None),
            limitation_event.c.kind != FACTS_CORRECTED,
        )
        .values(superseded_at=work.now)
        .returning(limitation_event.c.id)
    ).one_or_none()
    if found is None:
        raise _invalid("replaces", "没有这条有效的时效记录。", "there is no such entry that counts.")


def _insert(work: Work, bureau: Bureau, case_id: UUID, entry: NewEntry, reason: str | None) -> UUID:
    row_id = work.ids()
    work.connection.execute(
        sa.insert(limitation_event).values(
            id=row_id,
            case_id=case_id,
            claim_position=entry.claim_position,
            kind=entry.kind,
            started_on=entry.started_on,
            ended_on=entry.ended_on,
            document_id=entry.document_id,
            note=bureau.keyring.seal_optional(entry.note, place("limitation_event", "note", row_id)),
            is_retracted=entry.is_retracted,
            recorded_at=work.now,
            recorded_by=work.actor.id,
            reason=bureau.keyring.seal_optional(reason, place("limitation_event", "reason", row_id)),
        )
    )
    return row_id


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
