"""What forms give to the host instead of the process: event dates, free text about persons, and who is appointed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from casework.agreements import ITEM_STATEMENTS, checked_items, items_text, last_due_day, reviewability
from casework.bureau import Bureau
from casework.clauses_in_use import CLAUSE_STATEMENTS, clauses_text, with_clauses
from casework.encryption import place
from casework.errors import EventDateDerivedError, InputInvalidError
from casework.event_dates import EVENT_DATES, check_event_date
from casework.keep_payments import keep_dues, keep_payments
from casework.keep_services import keep_service_rows
from casework.limitation_ledger import CLAIM_FACTS, keep_claim_fact, set_flag
from casework.payments import AMOUNT, PAYMENTS
from casework.queries.read_dispute import read_dispute
from casework.service_records import SERVED_ON, SERVICE_FIELDS
from casework.signing import (
    EFFECTIVE,
    SIGNATURES,
    SIGNED_COPY,
    keep_signatures,
    refuse_entered_effect,
    withdraw_signatures,
)
from casework.statements import CONSENT_COPY, STATEMENTS, statement_text
from casework.store.named_inputs import USERNAME_OF_ROLE, current_inputs, put_appointment, put_row
from casework.store.service_records import has_services, is_document_of
from casework.store.signatures import signing_of
from casework.store.tables import appointment, dispute, event_date, statement, user_account
from engine.domain.clock import shanghai_date
from engine.domain.errors import NotFoundError
from engine.domain.host import InputChange
from engine.domain.ids import IdSource
from engine.domain.values import Value

USERNAMES: Mapping[str, str] = {name: role for role, name in USERNAME_OF_ROLE.items()}
"""Named inputs that appoint a user -> the role in which."""

DERIVED: Mapping[str, str] = {
    "agreement_gate": "str",
    "agreement_reviewability": "str",
    "clause_options": "list[dict[str, str]]",
    "item_clause_options": "list[dict[str, str]]",
    "next_instalment_due_on": "date",
    "settlement_reviewability": "str",
    "party_options": "list[dict[str, str]]",
    "payment_state": "str",
    "signatory_options": "list[dict[str, str]]",
    "unpaid_total": "Decimal",
}
"""Named inputs that follow from others and cannot be entered."""

INPUT_NAMES: Mapping[str, str] = {
    **dict.fromkeys(EVENT_DATES, "date"),
    **dict.fromkeys(STATEMENTS, "str"),
    **dict.fromkeys(USERNAMES, "str"),
    **dict.fromkeys(SERVICE_FIELDS, "str"),
    SIGNATURES: "list[dict[str, str]]",
    SIGNED_COPY: "str",
    PAYMENTS: "list[dict[str, str]]",
    AMOUNT: "Decimal",
    **CLAIM_FACTS,
    **DERIVED,
}
"""Every named input with the type that expressions see; a statement reads as its reference, never as its text."""

_AGREEMENT_TEXTS = frozenset({"agreement_clauses", "agreement_items", "agreement_terms"})
"""What a signature on a mediation agreement stands under."""


def keep_inputs(
    connection: sa.Connection,
    bureau: Bureau,
    ids: IdSource,
    case_id: UUID,
    values: Mapping[str, Value],
    *,
    actor_id: str,
    now: datetime,
    reason: str | None,
) -> list[InputChange]:
    """Keep named inputs of a case, whose lock the caller holds; return what changed, texts by reference only.

    Nothing is overwritten: the value before stays, marked superseded. Raises NotFoundError when the case is no dispute,
    EventDateInvalidError and InputInvalidError.
    """
    given = {name: value for name, value in values.items() if value is not None and not _is_empty_list(name, value)}
    if not given:
        return []
    case = connection.execute(
        sa.select(dispute.c.organisation_id, dispute.c.arbitration_organisation_id).where(dispute.c.case_id == case_id)
    ).one_or_none()
    if case is None:
        raise NotFoundError(what="dispute", id=case_id)
    before = current_inputs(connection, case_id)
    changes: list[InputChange] = []
    signed = {name: given.pop(name) for name in (SIGNATURES, SIGNED_COPY) if name in given}
    paid, amount = given.pop(PAYMENTS, None), given.pop(AMOUNT, None)
    for name in CLAUSE_STATEMENTS:
        if given.get(name) == [] and name not in before:
            del given[name]
    if given.keys() & {*ITEM_STATEMENTS, *CLAUSE_STATEMENTS}:
        given = _with_due_day(connection, bureau, case_id, given, before)
    for name, value in given.items():
        if name in SERVICE_FIELDS:
            kind = SERVICE_FIELDS[name]
            changes += keep_service_rows(connection, bureau, ids, case_id, kind, value, actor_id=actor_id, now=now)
            continue
        old = before.get(name)
        new: Value
        if name in EVENT_DATES:
            if name == EFFECTIVE:
                refuse_entered_effect(connection, case_id)
            new = check_event_date(name, value, shanghai_date(now))
            if new == old:
                continue
            _require_not_derived(connection, case_id, name)
            row_id = ids()
            sealed = bureau.keyring.seal_optional(reason, place("event_date", "reason", row_id))
            row = {"id": row_id, "value": new, "recorded_at": now, "recorded_by": actor_id, "reason": sealed}
            put_row(connection, event_date, case_id, name, row, now=now)
        elif name in STATEMENTS:
            if name == CONSENT_COPY:
                _require_document(connection, case_id, name, value)
            row = _statement_row(bureau, ids(), name, value, actor_id, now)
            put_row(connection, statement, case_id, name, row, now=now)
            new = str(row["id"])
        elif name in CLAIM_FACTS:
            new = keep_claim_fact(connection, case_id, name, value, shanghai_date(now))
            if new == old:
                continue
        elif name in USERNAMES:
            new = value
            if new == old:
                continue
            user_id = _appointee(connection, case_id, case, name, value)
            put_appointment(connection, case_id, USERNAMES[name], user_id, new_id=ids, actor_id=actor_id, now=now)
        else:
            raise InputInvalidError(name=name, problem_zh="没有这一项。", problem_en="there is no such input.")
        changes.append(InputChange(name, old, new, reason))
    if any(change.name in CLAIM_FACTS for change in changes):
        set_flag(connection, bureau, case_id, shanghai_date(now))
    changes += keep_dues(connection, ids, case_id, given, before, amount=amount, now=now)
    if paid is not None:
        changes += keep_payments(connection, bureau, ids, case_id, paid, actor_id=actor_id, now=now, reason=reason)
    if _AGREEMENT_TEXTS & {change.name for change in changes if change.old is not None}:
        why = reason or "协议内容已修改，原签名盖章不再适用。"
        changes += withdraw_signatures(connection, bureau, ids, case_id, None, actor_id=actor_id, now=now, reason=why)
    if signed:
        changes += keep_signatures(
            connection,
            bureau,
            ids,
            case_id,
            signed.get(SIGNATURES),
            signed_copy=signed.get(SIGNED_COPY),
            actor_id=actor_id,
            now=now,
            reason=reason,
        )
    return changes


def _require_not_derived(connection: sa.Connection, case_id: UUID, name: str) -> None:
    if name in SERVED_ON and has_services(connection, case_id, SERVED_ON[name]):
        entry = EVENT_DATES[name]
        raise EventDateDerivedError(name=name, name_zh=entry.zh, name_en=entry.en)


def _require_document(connection: sa.Connection, case_id: UUID, name: str, value: Value) -> None:
    try:
        is_known = is_document_of(connection, case_id, UUID(str(value)))
    except ValueError:
        is_known = False
    if not is_known:
        raise InputInvalidError(
            name=name,
            problem_zh="所选文件不是本案文书，请先上传到本案。",
            problem_en="the file is not a document of this case; upload it to the case first.",
        )


def _is_empty_list(name: str, value: Value) -> bool:
    """Tell whether a form's list of items was left empty: nothing was said then."""
    return value == [] and name in (*ITEM_STATEMENTS, SIGNATURES, PAYMENTS)


def _with_due_day(
    connection: sa.Connection, bureau: Bureau, case_id: UUID, given: Mapping[str, Value], before: Mapping[str, Any]
) -> dict[str, Value]:
    """Check items of agreements; the last day on which one falls due is the day of performance unless one is given.

    Items that name a clause get its words, and the clauses of the agreement are filled.
    """
    parties = signing_of(connection, case_id).parties
    known = dict(parties) | {str(party_id): party_id for party_id in parties.values()}
    checked = {name: checked_items(name, given[name], known.get) for name in ITEM_STATEMENTS if name in given}
    last = last_due_day(row for rows in checked.values() for row in rows)
    due = {"performance_due_on": last} if last is not None and "performance_due_on" not in given else {}
    return {**given, **_in_words(connection, bureau, case_id, {**given, **checked, **due}, before), **due}


def _in_words(
    connection: sa.Connection, bureau: Bureau, case_id: UUID, given: Mapping[str, Any], before: Mapping[str, Any]
) -> dict[str, Value]:
    """Return items and clauses of agreements with the words of the library in them."""
    names = [name for name in (*ITEM_STATEMENTS, *CLAUSE_STATEMENTS) if name in given]
    if not any(name in CLAUSE_STATEMENTS or any("clause" in row for row in given[name]) for name in names):
        return {name: given[name] for name in names}
    folder = bureau.site.folder
    dispute = read_dispute(connection, bureau, case_id)
    due_on = given.get("performance_due_on") or before.get("performance_due_on")
    return {
        name: with_clauses(folder, dispute, name, given[name], due_on)
        if name in ITEM_STATEMENTS
        else clauses_text(folder, dispute, name, given[name], due_on)
        for name in names
    }


def _statement_row(
    bureau: Bureau, row_id: UUID, name: str, value: Value, actor_id: str, now: datetime
) -> dict[str, Any]:
    is_items = name in ITEM_STATEMENTS
    text = items_text(value) if is_items else statement_text(name, value)
    sealed = bureau.keyring.seal(text, place("statement", "content", row_id))
    code = reviewability(row["cause_code"] for row in value) if is_items else None
    return {"id": row_id, "content": sealed, "code": code, "recorded_at": now, "recorded_by": actor_id}


def _appointee(connection: sa.Connection, case_id: UUID, case: Any, name: str, value: Value) -> UUID:
    role = USERNAMES[name]
    account_role = "reviewer" if role == "reviewer" else "mediator"
    user = connection.execute(
        sa.select(user_account.c.id, user_account.c.roles, user_account.c.organisation_id).where(
            user_account.c.username == str(value), user_account.c.is_active
        )
    ).one_or_none()
    if user is None or account_role not in user.roles:
        raise InputInvalidError(
            name=name,
            problem_zh=f"没有担任该角色（{account_role}）的在用账号 {value}。",
            problem_en=f"there is no open account {value!r} with the role {account_role}.",
        )
    organisation_id = case.organisation_id if account_role == "mediator" else case.arbitration_organisation_id
    if organisation_id is not None and user.organisation_id != organisation_id:
        raise InputInvalidError(
            name=name,
            problem_zh=f"{value} 不属于承办本案的组织。",
            problem_en=f"{value!r} does not belong to the organisation that has the case.",
        )
    other = connection.execute(
        sa.select(appointment.c.id).where(
            appointment.c.case_id == case_id,
            # a seat given up counts too: nobody reviews what they mediated, nobody sits twice on one panel
            sa.or_(
                (appointment.c.role == "reviewer") != (role == "reviewer"),
                sa.and_(appointment.c.role != role, appointment.c.ended_at.is_(None)),
            ),
            appointment.c.user_id == user.id,
        )
    ).first()
    if other is not None:
        raise InputInvalidError(
            name=name,
            problem_zh=f"{value} 已在本案担任其他角色：调解员不得审查自己调解的案件，调解小组成员不得重复。",
            problem_en=f"{value!r} has another part in this case; nobody reviews what they mediated, nor sits twice.",
        )
    user_id: UUID = user.id
    return user_id
