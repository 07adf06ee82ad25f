"""What forms give to the host instead of the process: event dates, free text about persons, and who is appointed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from casework.bureau import Bureau
from casework.encryption import place
from casework.errors import EventDateDerivedError, InputInvalidError
from casework.event_dates import EVENT_DATES, check_event_date
from casework.keep_services import keep_service_rows
from casework.service_records import SERVED_ON, SERVICE_FIELDS
from casework.statements import STATEMENTS, statement_text
from casework.store.named_inputs import current_inputs, put_appointment, put_row
from casework.store.service_records import has_services
from casework.store.tables import appointment, dispute, event_date, statement, user_account
from engine.domain.clock import shanghai_date
from engine.domain.errors import NotFoundError
from engine.domain.host import InputChange
from engine.domain.ids import IdSource
from engine.domain.values import Value

USERNAMES: Mapping[str, str] = {"mediator_username": "mediator", "reviewer_username": "reviewer"}
"""Named inputs that appoint a user -> the role in which."""

INPUT_NAMES: Mapping[str, str] = {
    **dict.fromkeys(EVENT_DATES, "date"),
    **dict.fromkeys(STATEMENTS, "str"),
    **dict.fromkeys(USERNAMES, "str"),
    **dict.fromkeys(SERVICE_FIELDS, "str"),
}
"""Every named input with the type that expressions see; a statement reads as its reference, never as its text."""

_OTHER_ROLE = {"mediator": "reviewer", "reviewer": "mediator"}


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
    given = {name: value for name, value in values.items() if value is not None}
    if not given:
        return []
    case = connection.execute(
        sa.select(dispute.c.organisation_id, dispute.c.arbitration_organisation_id).where(dispute.c.case_id == case_id)
    ).one_or_none()
    if case is None:
        raise NotFoundError(what="dispute", id=case_id)
    before = current_inputs(connection, case_id)
    changes = []
    for name, value in given.items():
        if name in SERVICE_FIELDS:
            kind = SERVICE_FIELDS[name]
            changes += keep_service_rows(connection, bureau, ids, case_id, kind, value, actor_id=actor_id, now=now)
            continue
        old = before.get(name)
        new: Value
        if name in EVENT_DATES:
            new = check_event_date(name, value, shanghai_date(now))
            if new == old:
                continue
            _require_not_derived(connection, case_id, name)
            row_id = ids()
            sealed = bureau.keyring.seal_optional(reason, place("event_date", "reason", row_id))
            row = {"id": row_id, "value": new, "recorded_at": now, "recorded_by": actor_id, "reason": sealed}
            put_row(connection, event_date, case_id, name, row, now=now)
        elif name in STATEMENTS:
            row = _statement_row(bureau, ids(), name, value, actor_id, now)
            put_row(connection, statement, case_id, name, row, now=now)
            new = str(row["id"])
        elif name in USERNAMES:
            new = value
            if new == old:
                continue
            user_id = _appointee(connection, case_id, case, name, value)
            put_appointment(connection, case_id, USERNAMES[name], user_id, new_id=ids, actor_id=actor_id, now=now)
        else:
            raise InputInvalidError(name=name, problem_zh="没有这一项。", problem_en="there is no such input.")
        changes.append(InputChange(name, old, new, reason))
    return changes


def _require_not_derived(connection: sa.Connection, case_id: UUID, name: str) -> None:
    if name in SERVED_ON and has_services(connection, case_id, SERVED_ON[name]):
        entry = EVENT_DATES[name]
        raise EventDateDerivedError(name=name, name_zh=entry.zh, name_en=entry.en)


def _statement_row(
    bureau: Bureau, row_id: UUID, name: str, value: Value, actor_id: str, now: datetime
) -> dict[str, Any]:
    sealed = bureau.keyring.seal(statement_text(name, value), place("statement", "content", row_id))
    return {"id": row_id, "content": sealed, "recorded_at": now, "recorded_by": actor_id}


def _appointee(connection: sa.Connection, case_id: UUID, case: Any, name: str, value: Value) -> UUID:
    role = USERNAMES[name]
    user = connection.execute(
        sa.select(user_account.c.id, user_account.c.roles, user_account.c.organisation_id).where(
            user_account.c.username == str(value), user_account.c.is_active
        )
    ).one_or_none()
    if user is None or role not in user.roles:
        raise InputInvalidError(
            name=name,
            problem_zh=f"没有担任该角色（{role}）的在用账号 {value}。",
            problem_en=f"there is no open account {value!r} with the role {role}.",
        )
    organisation_id = case.organisation_id if role == "mediator" else case.arbitration_organisation_id
    if organisation_id is not None and user.organisation_id != organisation_id:
        raise InputInvalidError(
            name=name,
            problem_zh=f"{value} 不属于承办本案的组织。",
            problem_en=f"{value!r} does not belong to the organisation that has the case.",
        )
    other = connection.execute(
        sa.select(appointment.c.id).where(
            appointment.c.case_id == case_id,
            appointment.c.role == _OTHER_ROLE[role],
            appointment.c.user_id == user.id,
        )
    ).first()
    if other is not None:
        raise InputInvalidError(
            name=name,
            problem_zh=f"{value} 已在本案担任其他角色，调解员不得审查自己调解的案件。",
            problem_en=f"{value!r} has the other part in this case; nobody reviews what they mediated.",
        )
    user_id: UUID = user.id
    return user_id
