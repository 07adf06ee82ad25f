"""Rows of what forms give to the host: event dates, statements and appointments, every value kept."""

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on

from casework.payments import AMOUNT, Due, Payment, ledger
from casework.service_records import SERVED_PAPERS
from casework.store.tables import (
    appointment,
    claim,
    dispute,
    document,
    event_date,
    instalment,
    instalment_payment,
    party,
    service_record,
    statement,
    user_account,
)
from casework.vocabulary import SIDES

_CASE: sa.BindParameter[UUID] = sa.bindparam("case_id")

_SERVED = (
    sa.select(document.c.kind, document.c.id, document.c.case_id)
    .ext(distinct_on(document.c.kind))
    .where(document.c.case_id == _CASE, document.c.kind.in_(sorted(SERVED_PAPERS)))
    .order_by(document.c.kind, document.c.created_at.desc(), document.c.id.desc())
    .subquery()
)
"""The newest paper of each kind whose service is kept."""

_SIDES: Mapping[str, str] = {
    kind: paper.addressees for kind, paper in SERVED_PAPERS.items() if paper.addressees != "all"
}
_ADDRESSEES = (
    sa.select(sa.func.count())
    .select_from(party)
    .where(
        party.c.case_id == _SERVED.c.case_id,
        sa.func.coalesce(sa.case(_SIDES, value=_SERVED.c.kind), party.c.side) == party.c.side,
    )
    .scalar_subquery()
)
_SERVICE_STATE = sa.case(
    (sa.func.count(service_record.c.counts_on) >= _ADDRESSEES, "complete"),
    (sa.func.bool_or(service_record.c.is_refused & service_record.c.counts_on.is_(None)), "refused"),
    (sa.func.count(service_record.c.id) > 0, "partial"),
    else_="none",
)
"""As `casework.service_records.service_state` says it: records are made of addressees only."""

_CURRENT = sa.union_all(
    sa.select(
        sa.literal("event-date").label("kind"), event_date.c.name, sa.cast(event_date.c.value, sa.Text).label("value")
    ).where(event_date.c.case_id == _CASE, event_date.c.superseded_at.is_(None)),
    sa.select(sa.literal("statement"), statement.c.name, sa.cast(statement.c.id, sa.Text)).where(
        statement.c.case_id == _CASE, statement.c.superseded_at.is_(None)
    ),
    sa.select(sa.literal("code"), statement.c.name, statement.c.code).where(
        statement.c.case_id == _CASE, statement.c.superseded_at.is_(None), statement.c.code.is_not(None)
    ),
    sa.select(sa.literal("appointment"), appointment.c.role, user_account.c.username)
    .join(user_account, user_account.c.id == appointment.c.user_id)
    .where(appointment.c.case_id == _CASE, appointment.c.ended_at.is_(None)),
    sa.select(sa.literal("service"), _SERVED.c.kind, _SERVICE_STATE)
    .join(
        service_record,
        sa.and_(service_record.c.document_id == _SERVED.c.id, service_record.c.superseded_at.is_(None)),
        isouter=True,
    )
    .group_by(_SERVED.c.kind, _SERVED.c.case_id),
    sa.select(
        sa.literal("claim"),
        sa.literal(""),
        sa.cast(
            sa.func.jsonb_build_array(claim.c.known_on, claim.c.employment_ended_on, claim.c.is_wage_arrears), sa.Text
        ),
    )
    .where(claim.c.case_id == _CASE)
    .distinct(),
    sa.select(
        sa.literal("due"),
        sa.literal(""),
        sa.cast(
            sa.func.jsonb_build_array(
                instalment.c.position, sa.cast(instalment.c.amount, sa.Text), instalment.c.due_on, instalment.c.source
            ),
            sa.Text,
        ),
    ).where(instalment.c.case_id == _CASE, instalment.c.superseded_at.is_(None)),
    sa.select(
        sa.literal("payment"),
        sa.literal(""),
        sa.cast(
            sa.func.jsonb_build_array(
                sa.cast(instalment_payment.c.amount, sa.Text),
                instalment_payment.c.paid_on,
                instalment_payment.c.position,
            ),
            sa.Text,
        ),
    ).where(
        instalment_payment.c.case_id == _CASE,
        instalment_payment.c.superseded_at.is_(None),
        ~instalment_payment.c.is_of_earlier_agreement,
    ),
    sa.select(sa.literal("party"), party.c.side, sa.cast(party.c.position, sa.Text)).where(party.c.case_id == _CASE),
    sa.select(sa.literal("workers"), sa.literal(""), sa.cast(dispute.c.worker_count, sa.Text)).where(
        dispute.c.case_id == _CASE,
        dispute.c.worker_count
        > sa.select(sa.func.count()).where(party.c.case_id == _CASE, party.c.kind == "person").scalar_subquery(),
    ),
)

USERNAME_OF_ROLE = {
    "mediator": "mediator_username",
    "mediator-2": "second_mediator_username",
    "mediator-3": "third_mediator_username",
    "reviewer": "reviewer_username",
}
"""Role of an appointment -> the named input that tells who has it."""

CODE_NAMES = {"agreement_items": "agreement_reviewability", "settlement_items": "settlement_reviewability"}
"""Statement -> the named input that tells its code."""


def current_inputs(connection: sa.Connection, case_id: UUID) -> dict[str, Any]:
    """Return what expressions and forms may read by name.

    Event dates are dates, statements ids, appointments usernames, services how far they have come; what limitation begins
    with is told where all claims agree. `party_options` and `signatory_options` are what a
    form offers to choose from, without anybody's name; `agreement_gate` is `open` or `satisfied`. Where instalments are
    known, `payment_state`, `unpaid_total` (yuan) and `next_instalment_due_on` tell how far payment has come, and
    `agreement_amount` (yuan) what they add up to.
    """
    found: dict[str, Any] = {}
    sides: dict[str, list[int]] = {"applicant": [], "respondent": []}
    seats: set[str] = set()
    claims: list[list[Any]] = []
    dues: list[Due] = []
    payments: list[Payment] = []
    has_unnamed_workers = False
    for kind, name, value in connection.execute(_CURRENT, {"case_id": case_id}):
        match kind:
            case "event-date":
                found[name] = date.fromisoformat(value)
            case "statement":
                found[name] = value
            case "code":
                found[CODE_NAMES[name]] = value
            case "appointment":
                found[USERNAME_OF_ROLE[name]] = value
                seats.add(name)
            case "service":
                found[SERVED_PAPERS[name].field] = value
            case "claim":
                claims.append(json.loads(value))
            case "due":
                position, amount, due_on, source = json.loads(value)
                dues.append(Due(position, Decimal(amount), date.fromisoformat(due_on) if due_on else None, source))
            case "payment":
                amount, paid_on, position = json.loads(value)
                payments.append(Payment(Decimal(amount), date.fromisoformat(paid_on), position))
            case "party":
                sides[name].append(int(value))
            case "workers":
                has_unnamed_workers = True
    found |= _where_claims_agree(claims)
    if dues:
        paid = ledger(dues, payments, found.get("performance_due_on"))
        found["payment_state"], found["unpaid_total"], found[AMOUNT] = paid.state, paid.outstanding, paid.total
        if paid.next_due is not None and paid.next_due.due_on is not None:
            found["next_instalment_due_on"] = paid.next_due.due_on
    parties = [
        {"value": f"{side}-{position}", "label": f"{SIDES[side].zh}{position}"}
        for side, positions in sides.items()
        for position in sorted(positions)
    ]
    if parties:
        found["agreement_gate"] = "satisfied" if "agreement_effective_on" in found else "open"
        found["party_options"] = parties
        found["signatory_options"] = parties + _others(len(seats - {"reviewer"}), has_unnamed_workers)
    return found


def _where_claims_agree(claims: list[list[Any]]) -> dict[str, Any]:
    """Return what the limitation of all claims begins with; `claims` has it once per difference."""
    found: dict[str, Any] = {}
    for place, name in enumerate(("known_on", "employment_ended_on", "is_wage_arrears")):
        values = {each[place] for each in claims}
        value = values.pop() if len(values) == 1 else None
        if value is not None:
            found[name] = value if isinstance(value, bool) else date.fromisoformat(value)
    return found


_MEDIATOR = "调解员"
_OTHERS_EN = {"workers": "Workers not named (collective consent)", "organisation": "Mediation organisation (seal)"}


def _others(mediators: int, has_unnamed_workers: bool) -> list[dict[str, str]]:
    """Return who signs a mediation agreement beside the parties, to choose from."""
    workers = [{"value": "workers", "label": "未列名劳动者（集体同意书）"}] if has_unnamed_workers else []
    panel = range(1, max(mediators, 1) + 1)
    return [
        *workers,
        *({"value": f"mediator-{n}", "label": _MEDIATOR if mediators <= 1 else f"{_MEDIATOR}{n}"} for n in panel),
        {"value": "organisation", "label": "调解组织（盖章）"},
    ]


def option_label(option: Mapping[str, str], language: str) -> str:
    """Return what a choice of `party_options` or `signatory_options` is called, without anybody's name."""
    if language == "zh":
        return option["label"]
    code, _, number = option["value"].rpartition("-")
    match code:
        case "applicant" | "respondent":
            return f"{SIDES[code].en} {number}"
        case "mediator":
            return "Mediator" if option["label"] == _MEDIATOR else f"Mediator {number}"
    return _OTHERS_EN[option["value"]]


def current_dates(connection: sa.Connection, case_id: UUID) -> dict[str, date]:
    """Return the event dates that count now."""
    rows = connection.execute(
        sa.select(event_date.c.name, event_date.c.value).where(
            event_date.c.case_id == case_id, event_date.c.superseded_at.is_(None)
        )
    )
    return {row.name: row.value for row in rows}


def put_row(
    connection: sa.Connection,
    table: sa.Table,
    case_id: UUID,
    name: str,
    row: Mapping[str, Any],
    *,
    now: datetime,
) -> UUID | None:
    """Add `row` as the current value of `name` and supersede the one before; return that one's id.

    `table` is `event_date` or `statement`; the caller holds the case's lock.
    """
    old: UUID | None = connection.execute(
        sa.update(table)
        .where(table.c.case_id == case_id, table.c.name == name, table.c.superseded_at.is_(None))
        .values(superseded_at=now)
        .returning(table.c.id)
    ).scalar_one_or_none()
    connection.execute(sa.insert(table).values(case_id=case_id, name=name, **row))
    if old is not None:
        connection.execute(sa.update(table).where(table.c.id == old).values(superseded_by=row["id"]))
    return old


def drop_row(connection: sa.Connection, table: sa.Table, case_id: UUID, name: str, *, now: datetime) -> None:
    """Let the current value of `name` count no more, with nothing in its place; the caller holds the case's lock."""
    connection.execute(
        sa.update(table)
        .where(table.c.case_id == case_id, table.c.name == name, table.c.superseded_at.is_(None))
        .values(superseded_at=now)
    )


def put_appointment(
    connection: sa.Connection,
    case_id: UUID,
    role: str,
    user_id: UUID,
    *,
    new_id: Callable[[], UUID],
    actor_id: str,
    now: datetime,
) -> None:
    """Make a user the case's mediator or reviewer; the one before is ended."""
    connection.execute(
        sa.update(appointment)
        .where(appointment.c.case_id == case_id, appointment.c.role == role, appointment.c.ended_at.is_(None))
        .values(ended_at=now)
    )
    connection.execute(
        sa.insert(appointment).values(
            id=new_id(), case_id=case_id, role=role, user_id=user_id, appointed_at=now, appointed_by=actor_id
        )
    )
