"""One dispute as its viewer may see it: stage, parties, open tasks, running deadlines, dates, papers."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from casework.access import Viewer, roles_in_scope, sight
from casework.bureau import Bureau
from casework.deadlines.rules import deadline_rules
from casework.encryption import place
from casework.errors import ActionForbiddenError
from casework.event_dates import EVENT_DATES, order_warnings
from casework.organisations import OrganisationRecord
from casework.queries.documents import list_documents
from casework.queries.party_views import party_view
from casework.queries.read_dispute import DisputeRecord, read_dispute
from casework.roles import ROLES
from casework.stages import STAGES
from casework.statements import STATEMENTS
from casework.store.tables import dispute, event_date, stage_change
from casework.users import user_names
from casework.vocabulary import CHANNELS, FLAGS
from engine.domain.clock import shanghai_date
from engine.domain.errors import NotFoundError
from engine.queries.pages import MAX_LIMIT
from engine.queries.user_tasks import list_user_tasks
from engine.queries.work import list_timers
from engine.store.tables import case

_PARTY_ROLES = frozenset({"worker", "employer"})
_AGREEMENT_TEXTS = ("performance_method", "performance_place", "mediation_place")


def get_dispute(
    connection: sa.Connection, bureau: Bureau, viewer: Viewer, case_id: UUID, now: datetime
) -> dict[str, Any]:
    """Return a dispute as JSON-ready values with what the viewer may see in clear and the rest masked or left out.

    A supervisor's reading must be logged by the caller (`casework.access.log_case_access`). Raises NotFoundError when
    the case is out of the viewer's scope and ActionForbiddenError when the role may not read cases.
    """
    roles = roles_in_scope(connection, viewer, case_id)
    if not roles:
        raise NotFoundError(what="case", id=case_id)
    if not any("read" in ROLES[role].actions for role in roles):
        raise ActionForbiddenError(action="read")
    record = read_dispute(connection, bureau, case_id)
    sees_confidential = any("read-confidential" in ROLES[role].actions for role in roles)
    return {
        "id": str(record.case_id),
        "business_key": record.business_key,
        "number": record.number,
        "registered_at": record.registered_at.isoformat(),
        "channel": CHANNELS[record.channel].as_dict(),
        "area": {"code": record.area_code, "name": record.area_name},
        "industry": record.industry,
        "cause": {"code": record.cause.code, "zh": record.cause.zh, "en": record.cause.en},
        "worker_count": record.worker_count,
        "claim_total": str(record.claim_total),
        "flags": [FLAGS[flag].as_dict() for flag in record.flags],
        "stage": STAGES[record.stage].as_dict(),
        "stages": list_stage_changes(connection, case_id),
        "parties": [
            party_view(party, sight=sight(roles), viewer_id=viewer.user_id, is_party=roles <= _PARTY_ROLES)
            for party in record.parties
        ],
        "claims": [_claim(record, index) for index in range(len(record.claims))],
        "organisation": _organisation(record.organisation),
        "arbitration": _organisation(record.arbitration),
        "court": _organisation(record.court),
        "union": _organisation(record.union),
        "appointments": dict(record.appointments),
        "agreement": _agreement(record),
        "statements": {
            name: text
            for name, text in record.statements.items()
            if sees_confidential or not STATEMENTS[name].is_confidential
        },
        "event_dates": list_event_dates(connection, bureau, case_id),
        "open_user_tasks": _open_user_tasks(connection, bureau, record),
        "deadlines": list_deadlines(connection, case_id, now),
        "documents": [each.as_dict() for each in list_documents(connection, bureau, case_id, viewer)],
        "warnings": [{"zh": each.zh, "en": each.en} for each in order_warnings(record.event_dates)],
    }


def list_stage_changes(connection: sa.Connection, case_id: UUID) -> list[dict[str, Any]]:
    """Return the stages that a dispute has been in, oldest first, with the instant at which each began."""
    rows = connection.execute(
        sa.select(stage_change.c.stage, stage_change.c.at)
        .where(stage_change.c.case_id == case_id)
        .order_by(stage_change.c.position)
    )
    return [{**STAGES[row.stage].as_dict(), "at": row.at.isoformat()} for row in rows]


def list_event_dates(connection: sa.Connection, bureau: Bureau, case_id: UUID) -> list[dict[str, Any]]:
    """Return every value that the event dates of a case ever had, in the order of the catalogue, current ones first."""
    rows = connection.execute(
        sa.select(event_date)
        .where(event_date.c.case_id == case_id)
        .order_by(event_date.c.superseded_at.desc().nulls_first(), event_date.c.id.desc())
    ).all()
    position = {name: index for index, name in enumerate(EVENT_DATES)}
    people = user_names(connection, bureau, {row.recorded_by.removeprefix("user:") for row in rows})
    return [
        {
            "name": row.name,
            "zh": EVENT_DATES[row.name].zh,
            "en": EVENT_DATES[row.name].en,
            "value": row.value.isoformat(),
            "is_current": row.superseded_at is None,
            "recorded_at": row.recorded_at.isoformat(),
            "recorded_by": row.recorded_by,
            "recorded_by_name": people.get(row.recorded_by.removeprefix("user:")),
            "reason": bureau.keyring.open_optional(row.reason, place("event_date", "reason", row.id)),
        }
        for row in sorted(rows, key=lambda row: position[row.name])
    ]


def list_deadlines(connection: sa.Connection, case_id: UUID, now: datetime) -> list[dict[str, Any]]:
    """Return the waiting timers of a case that stand for a counted day, by due time, with their explanation."""
    today = shanghai_date(now)
    page = list_timers(connection, case_id=case_id, limit=MAX_LIMIT)
    return [
        {
            "timer_id": str(row["id"]),
            "process_key": row["process_key"],
            "element_id": row["element_id"],
            "element_name": row["element_name"],
            "due_on": row["due_on"].isoformat() if row["due_on"] and not _stands_still(row) else None,
            "due_at": row["due_at"].isoformat(),
            "days_left": (row["due_on"] - today).days if row["due_on"] and not _stands_still(row) else None,
            "is_suspended": _stands_still(row),
            "is_provisional": row["is_provisional"] and not _stands_still(row),
            "has_passed": row["due_at"] <= now,
            "explanation": row["explanation"],
            "rule_name": _rule_name(row["explanation"]),
        }
        for row in page.items
        if row["explanation"] is not None or row["due_on"] is not None
    ]


def _rule_name(explanation: Mapping[str, Any] | None) -> dict[str, str] | None:
    """Return how people call the rule that an explanation rests on; None for plain days and rules of the site's own forms."""
    rule = deadline_rules().get((explanation or {}).get("rule") or "")
    return {"zh": rule.name.zh, "en": rule.name.en} if rule else None


def _stands_still(row: Mapping[str, Any]) -> bool:
    return bool((row["explanation"] or {}).get("suspended"))


def find_case_id(connection: sa.Connection, viewer: Viewer, key: str) -> UUID:
    """Return the id of the case in the viewer's scope with this id, business key or number. Raises NotFoundError."""
    try:
        condition: sa.ColumnElement[bool] = dispute.c.case_id == UUID(key)
    except ValueError:
        condition = sa.or_(case.c.business_key == key, dispute.c.number == key)
    found: UUID | None = connection.execute(
        sa.select(dispute.c.case_id).join(case, case.c.id == dispute.c.case_id).where(condition)
    ).scalar_one_or_none()
    if found is None or not roles_in_scope(connection, viewer, found):
        raise NotFoundError(what="case", id=key)
    return found


def _open_user_tasks(connection: sa.Connection, bureau: Bureau, record: DisputeRecord) -> list[dict[str, Any]]:
    """Return the open user tasks of a case, each with who holds it now, or who may claim it and where they sit."""
    rows = list_user_tasks(connection, case_id=record.case_id, limit=MAX_LIMIT).items
    held = {row["assignee"].removeprefix("user:") for row in rows if row["assignee"]}
    names = user_names(connection, bureau, held)
    return [
        {
            "id": str(row["id"]),
            "process_key": row["process_key"],
            "element_id": row["element_id"],
            "element_name": row["element_name"],
            "form_key": row["form_key"],
            "state": row["state"],
            "assignee": row["assignee"],
            "assignee_name": names.get((row["assignee"] or "").removeprefix("user:")),
            "candidate_groups": list(row["candidate_groups"]),
            "groups": [_group(record, group) for group in row["candidate_groups"] if group in ROLES],
            "due_at": row["due_at"].isoformat() if row["due_at"] else None,
            "due_explanation": row["due_explanation"],
            "rule_name": _rule_name(row["due_explanation"]),
            "created_at": row["created_at"].isoformat(),
        }
        for row in rows
    ]


def _group(record: DisputeRecord, code: str) -> dict[str, Any]:
    """Return a candidate group with the body of the case in which its people sit; None where that is no one body."""
    bodies = {
        "mediator": record.organisation,
        "organisation-head": record.organisation,
        "arbitration-clerk": record.arbitration,
        "reviewer": record.arbitration,
        "arbitration-director": record.arbitration,
        "court-liaison": record.court,
        "union-station": record.union,
    }
    body, role = bodies.get(code), ROLES[code]
    return {"code": role.code, "zh": role.zh, "en": role.en, "organisation": body.name if body else None}


def _claim(record: DisputeRecord, index: int) -> dict[str, Any]:
    claim = record.claims[index]
    return {
        "position": claim.position,
        "party_id": str(claim.party_id) if claim.party_id else None,
        "cause": {"code": claim.cause.code, "zh": claim.cause.zh, "en": claim.cause.en},
        "amount": str(claim.amount) if claim.amount is not None else None,
        "facts": claim.facts,
    }


def _organisation(found: OrganisationRecord | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {"id": str(found.id), "code": found.code, "name": found.name, "kind": found.kind, "phone": found.phone}


def _agreement(record: DisputeRecord) -> dict[str, Any] | None:
    texts = record.statements
    kind = next(
        (
            kind
            for kind, name in (("mediation", "agreement_terms"), ("settlement", "settlement_terms"))
            if name in texts
        ),
        None,
    )
    if kind is None:
        return None
    terms = texts["agreement_terms" if kind == "mediation" else "settlement_terms"]
    return {
        "kind": kind,
        "terms": [line.strip() for line in terms.splitlines() if line.strip()],
        **{name: texts.get(name) for name in _AGREEMENT_TEXTS},
        "instalments": [
            {
                "position": each.position,
                "amount": str(each.amount),
                "due_on": each.due_on.isoformat(),
                "payer_party_id": each.payer_party_id,
                "payee_party_id": each.payee_party_id,
            }
            for each in record.instalments
        ],
    }
