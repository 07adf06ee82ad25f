"""A case as a party of it sees it at its desk: where it stands, who must do what by when, and what it can do."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from casework.access import Viewer
from casework.bureau import Bureau
from casework.deadlines.rules import deadline_rules
from casework.event_dates import EVENT_DATES
from casework.organisations import OrganisationRecord
from casework.party_desk import Seat
from casework.party_messages import open_declarations, unread_for_party
from casework.party_words import STAGE_WORDS, STEP_WORDS
from casework.queries.get_dispute import list_stage_changes
from casework.queries.list_case_deadlines import list_case_deadlines
from casework.queries.party_views import party_view
from casework.queries.read_dispute import DisputeRecord, read_dispute
from casework.roles import ROLES
from casework.service_records import SERVED_PAPERS, SIGNED_FOR_ONLY, addressees_of
from casework.stages import STAGES
from casework.store.service_records import case_parties, current_rows
from casework.store.signatures import current_signatures, latest_agreement, signing_of
from engine.bpmn.visible import visible_variables
from engine.domain.clock import shanghai_date
from engine.domain.errors import NotFoundError
from engine.queries.user_tasks import OPEN
from engine.store.instances import get_instance
from engine.store.tables import user_task

PARTY_TASKS = {
    "negotiation/Task_answer": "the side that was asked",
    "negotiation/Task_verify_complaint": "the employer",
}
"""Process and element of the user tasks that a party completes by itself, and who of them. What both sides do together
(agreeing on a term, signing a settlement) is recorded by the office, for neither can speak for the other."""


def get_party_case(
    connection: sa.Connection, bureau: Bureau, viewer: Viewer, seat: Seat, language: str, now: datetime
) -> dict[str, Any]:
    """Return a case for the party in `seat`, as JSON-ready values, sentences in `language`.

    The other side's contacts are masked or left out, and nothing confidential is in it.
    """
    record = read_dispute(connection, bureau, seat.case_id)
    today = shanghai_date(now)
    deadlines = _deadlines(connection, seat, language, today)
    return {
        **_head(record, seat, language),
        "claim_total": record.claim_total,
        "area": record.area_name,
        "stages": [
            {"code": each["code"], "name": each[language], "at": datetime.fromisoformat(each["at"])}
            for each in list_stage_changes(connection, seat.case_id)
        ],
        "parties": [_party(bureau, each, seat, viewer) for each in record.parties],
        "claims": [
            {
                "position": claim.position,
                "cause": claim.cause.zh if language == "zh" else claim.cause.en,
                "amount": claim.amount,
                "facts": claim.facts if seat.side == "applicant" and claim.party_id in (None, seat.party_id) else None,
            }
            for claim in record.claims
        ],
        "contacts": _contacts(record, language),
        "mediator": record.mediator_name,
        "steps": list_steps(connection, seat, language, today),
        "deadlines": deadlines,
        "events": _events(record, language, today),
        "actions": [
            {
                "kind": each.kind,
                "title": each.title.of(language),
                "note": each.note.of(language),
                "needs_answer": each.has_answer,
                "needs_payment": each.has_payment,
                "is_binding": each.is_binding,
            }
            for each in open_declarations(connection, seat)
        ],
        "signature": _signature(connection, record, seat),
        "unread_messages": unread_for_party(connection, seat),
    }


def list_party_cases(
    connection: sa.Connection, bureau: Bureau, seats: list[Seat], language: str, now: datetime
) -> list[dict[str, Any]]:
    """Return the cases of these seats in short: where they stand, what waits for the party, the next date."""
    today = shanghai_date(now)
    found = []
    for seat in seats:
        record = read_dispute(connection, bureau, seat.case_id)
        steps = list_steps(connection, seat, language, today)
        dates = [each["safe_on"] or each["due_on"] for each in _deadlines(connection, seat, language, today)]
        found.append(
            {
                **_head(record, seat, language),
                "open_tasks": sum(each["user_task_id"] is not None for each in steps),
                "next_date": min((each for each in dates if each and each >= today), default=None),
                "unread_messages": unread_for_party(connection, seat),
            }
        )
    return found


def list_steps(connection: sa.Connection, seat: Seat, language: str, today: date) -> list[dict[str, Any]]:
    """Return the open steps that a party may know of: what, who, by which day and why; its own with the task's id."""
    rows = connection.execute(
        sa.select(user_task)
        .where(user_task.c.case_id == seat.case_id, user_task.c.state.in_(OPEN))
        .order_by(user_task.c.due_at.nulls_last(), user_task.c.id)
    ).all()
    steps = []
    for row in rows:
        words = STEP_WORDS.get(f"{row.process_key}/{row.element_id}")
        is_mine = is_own_task(connection, seat, row)
        if words is None and not is_mine:
            continue
        explanation = row.due_explanation or {}
        due_on = _day(explanation.get("due")) or (_last_day(row.due_at) if row.due_at else None)
        is_asked = is_mine or row.process_key == "negotiation"
        steps.append(
            {
                "what": words.of(language) if words else row.element_name,
                "who": _who(row.candidate_groups, language, is_office=not is_asked),
                "is_mine": is_mine,
                "user_task_id": row.id if is_mine else None,
                "due_on": due_on,
                "safe_on": _day(explanation.get("safe")),
                "reason": explanation.get("explanation" if language == "zh" else "explanation_en"),
                "is_overdue": due_on is not None and due_on < today,
            }
        )
    return steps


def is_own_task(connection: sa.Connection, seat: Seat, row: Any) -> bool:
    """Tell whether a user task (a row) is for the party in `seat` to complete, and nobody else has taken it."""
    if row.case_id != seat.case_id or row.state not in OPEN or seat.role not in row.candidate_groups:
        return False
    if row.assignee is not None and row.assignee != f"party:{seat.party_id}":
        return False
    match f"{row.process_key}/{row.element_id}":
        case "negotiation/Task_answer":
            instance = get_instance(connection, row.instance_id)
            asked_by = visible_variables(instance.snapshot, row.token_id).get("requested_by") or "applicant"
            return asked_by in ("applicant", "respondent") and seat.side != asked_by
        case "negotiation/Task_verify_complaint":
            return seat.role == "employer"
    return False


def require_own_task(connection: sa.Connection, seat: Seat, user_task_id: UUID) -> None:
    """Return when a user task is for the party in `seat` to complete. Raises NotFoundError."""
    row = connection.execute(sa.select(user_task).where(user_task.c.id == user_task_id)).one_or_none()
    if row is None or not is_own_task(connection, seat, row):
        raise NotFoundError(what="user task", id=user_task_id)


def receipt_of(connection: sa.Connection, seat: Seat, kind: str, document_id: UUID) -> dict[str, Any] | None:
    """Return how the service of a paper on the party stands; None where it is not served on this party."""
    if kind not in SERVED_PAPERS:
        return None
    if seat.party_id not in {each.party_id for each in addressees_of(kind, case_parties(connection, seat.case_id))}:
        return None
    row = current_rows(connection, seat.case_id, kind, document_id).get(seat.party_id)
    served_on = None if row is None else row.counts_on
    return {"served_on": served_on, "may_receive": served_on is None and kind not in SIGNED_FOR_ONLY}


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _last_day(due_at: datetime) -> date:
    """Return the last day of what is due at an instant: midnight ends the day before."""
    return shanghai_date(due_at - timedelta(microseconds=1))


def _head(record: DisputeRecord, seat: Seat, language: str) -> dict[str, Any]:
    stage = STAGES[record.stage]
    words = STAGE_WORDS.get(record.stage)
    return {
        "case_id": record.case_id,
        "party_id": seat.party_id,
        "side": seat.side,
        "number": record.number,
        "registered_on": record.registered_on,
        "cause": record.cause.zh if language == "zh" else record.cause.en,
        "stage": {
            "code": stage.code,
            "name": stage.zh if language == "zh" else stage.en,
            "meaning": words.of(language) if words else None,
        },
        "other_side": [each.name for each in record.parties if each.side != seat.side][:3],
    }


def _party(bureau: Bureau, party: Any, seat: Seat, viewer: Viewer) -> dict[str, Any]:
    is_own = party.party_id == seat.party_id
    view = party_view(party, sight="contact", viewer_id=viewer.user_id, is_party=True)
    names = ("id", "side", "kind", "position", "name")
    shown = {name: view[name] for name in names} | {"is_own": is_own}
    own = {"phone": party.phone, "email": party.email, "address": party.address} if is_own else {}
    return shown | {"phone": None, "email": None, "address": None} | own


def _contacts(record: DisputeRecord, language: str) -> list[dict[str, Any]]:
    bodies: tuple[tuple[OrganisationRecord | None, str, str], ...] = (
        (record.organisation, "调解组织", "Mediation organisation"),
        (record.arbitration, "仲裁院", "Arbitration institution"),
        (record.court, "人民法院", "Court"),
        (record.union, "工会驻站", "Union station"),
    )
    return [
        {"role": zh if language == "zh" else en, "name": body.name, "phone": body.phone, "address": body.address}
        for body, zh, en in bodies
        if body is not None
    ]


def _deadlines(connection: sa.Connection, seat: Seat, language: str, today: date) -> list[dict[str, Any]]:
    mine = {"either-party", "both-parties", seat.side, seat.role, "other-party"}
    found = []
    for each in list_case_deadlines(connection, seat.case_id, language):
        rule = deadline_rules()[each["rule"]]
        if not each["is_running"] or rule.basis_kind in ("house", "policy"):
            continue
        due_on = _day(each["due_on"])
        found.append(
            {
                "rule": each["rule"],
                "name": each["name"],
                "who": rule.actor.of(language),
                "concerns_me": bool(mine & set(rule.actor_codes)),
                "due_on": due_on,
                "safe_on": _day(each["safe_on"]),
                "days_left": (due_on - today).days if due_on else None,
                "is_provisional": each["is_provisional"],
                "is_suspended": each["is_suspended"],
                "reason": each["explanation"],
                "safe_reason": each["safe_explanation"],
                "consequence": rule.consequence.of(language),
            }
        )
    return found


def _events(record: DisputeRecord, language: str, today: date) -> list[dict[str, Any]]:
    """Return what happened on which day, newest first: the event dates on record that do not lie ahead."""
    rows = [
        {"on": day, "what": EVENT_DATES[name].zh.removesuffix("日期") if language == "zh" else EVENT_DATES[name].en}
        for name, day in record.event_dates.items()
        if day <= today and not EVENT_DATES[name].name.endswith("_until")
    ]
    return sorted(rows, key=lambda each: each["on"], reverse=True)


def _signature(connection: sa.Connection, record: DisputeRecord, seat: Seat) -> dict[str, Any] | None:
    """Return what there is to sign and who has signed; None while there is no agreement."""
    document_id = latest_agreement(connection, seat.case_id)
    if document_id is None:
        return None
    signed = current_signatures(connection, seat.case_id)
    effective_on = record.event_dates.get("agreement_effective_on")
    codes = [each.code for each in signing_of(connection, seat.case_id).signatories]
    return {
        "document_id": document_id,
        "is_signed": seat.code in signed,
        "may_sign": seat.code not in signed and effective_on is None,
        "effective_on": effective_on,
        "missing": len([code for code in codes if code not in signed]),
    }


def _who(groups: list[str], language: str, *, is_office: bool) -> str:
    shown = [group for group in groups if group in ROLES and not (is_office and group in ("worker", "employer"))]
    if any(group in ("worker", "employer") for group in shown):
        shown = [group for group in shown if group in ("worker", "employer")]
        return "当事人" if language == "zh" else "a party"
    return (
        "、".join(ROLES[group].zh for group in shown)
        if language == "zh"
        else ", ".join(ROLES[group].en for group in shown)
    )
