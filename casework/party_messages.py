"""What parties and the office write to each other about a case, and what parties declare there.

A declaration is a message of a kind: whoever holds the case reads it, and it is the proof on which the deed is recorded
in the party's name. Three of them reach the process at once: withdrawal, withdrawal of the review, and arbitration.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

import sqlalchemy as sa

from casework.access import Viewer
from casework.bureau import Bureau
from casework.encryption import place
from casework.errors import PartyActionUnavailableError, PartyMessageInvalidError, PartySessionWeakError
from casework.notifications import record_notification
from casework.party_declarations import DECLARATIONS, MESSAGE, Declaration
from casework.party_desk import Seat
from casework.store.tables import appointment, dispute, document, party, party_message, user_account
from casework.task_notices import users
from casework.work import append_history, today_of
from engine.commands.correlate_message import correlate_message
from engine.commands.unit_of_work import UnitOfWork
from engine.domain.actor import OnBehalfOf
from engine.domain.errors import NotFoundError
from engine.domain.events import HistoryEvent
from engine.store.cases import lock_case
from engine.store.tables import case, message_subscription, user_task

MAX_TEXT = 4000
Answer = Literal["agreed", "refused"]


@dataclass(frozen=True, slots=True, repr=False)
class Declared:
    """What a party writes or declares."""

    kind: str
    text: str | None = None
    answer: Answer | None = None
    amount: Decimal | None = None
    happened_on: date | None = None
    document_id: UUID | None = None


def open_declarations(connection: sa.Connection, seat: Seat) -> list[Declaration]:
    """Return what a party can declare as its case stands, in the order of the catalogue."""
    stage = connection.execute(sa.select(dispute.c.stage).where(dispute.c.case_id == seat.case_id)).scalar_one()
    awaited = set(
        connection.execute(
            sa.select(message_subscription.c.message_name).where(
                message_subscription.c.case_id == seat.case_id, message_subscription.c.state == "waiting"
            )
        ).scalars()
    )
    return [
        each
        for each in DECLARATIONS.values()
        if (each.message in awaited if each.message else stage in each.stages)
        and (each.side is None or (each.side == seat.side and _is_alone(connection, seat)))
    ]


def declare(uow: UnitOfWork, bureau: Bureau, viewer: Viewer, seat: Seat, said: Declared) -> UUID:
    """Keep what a party writes or declares, tell whoever holds the case, and the process where it waits for it.

    Raises PartyActionUnavailableError, PartySessionWeakError, PartyMessageInvalidError and NotFoundError.
    """
    lock_case(uow.connection, seat.case_id)
    declaration = _declaration(uow.connection, seat, said.kind)
    if declaration is not None and declaration.is_binding:
        require_code(viewer)
    _check(said, declaration, today_of(uow))
    if said.document_id is not None:
        _require_own_document(uow.connection, viewer, seat, said.document_id)
    return _keep(uow, bureau, seat, said, declaration, None)


def declare_on_behalf(uow: UnitOfWork, bureau: Bureau, seat: Seat, said: Declared, behalf: OnBehalfOf) -> UUID:
    """Keep what a party told the office at the window, by telephone or on paper, as if it had declared it itself.

    Proof and party were checked by the caller. What binds the party needs a proof; money is recorded in the ledger of
    performance instead. Raises PartyActionUnavailableError and PartyMessageInvalidError.
    """
    lock_case(uow.connection, seat.case_id)
    declaration = _declaration(uow.connection, seat, said.kind)
    if declaration is not None and declaration.has_payment:
        raise PartyActionUnavailableError()
    if declaration is not None and declaration.is_binding and behalf.proof_document_id is None:
        raise PartyMessageInvalidError(
            problem_zh="此事项须附当事人签名的凭证，请先上传。",
            problem_en="this binds the party: upload what it signed as the proof.",
        )
    if behalf.at > today_of(uow).isoformat():
        raise PartyMessageInvalidError(problem_zh="日期不能晚于今天。", problem_en="the day must not lie after today.")
    _check(said, declaration, today_of(uow))
    return _keep(uow, bureau, seat, said, declaration, behalf)


def _declaration(connection: sa.Connection, seat: Seat, kind: str) -> Declaration | None:
    if kind == MESSAGE:
        return None
    found = next((each for each in open_declarations(connection, seat) if each.kind == kind), None)
    if found is None:
        raise PartyActionUnavailableError()
    return found


def _keep(
    uow: UnitOfWork,
    bureau: Bureau,
    seat: Seat,
    said: Declared,
    declaration: Declaration | None,
    behalf: OnBehalfOf | None,
) -> UUID:
    message_id = _insert(uow, bureau, seat.case_id, seat.party_id, said, is_from_party=True)
    facts = {"message_id": str(message_id), "party_id": str(seat.party_id), "kind": said.kind, "answer": said.answer}
    append_history(uow, seat.case_id, HistoryEvent("party-message-received", facts), on_behalf_of=behalf)
    _tell_holders(uow, bureau, seat, message_id)
    if declaration is not None and declaration.message is not None:
        business_key = uow.connection.execute(
            sa.select(case.c.business_key).where(case.c.id == seat.case_id)
        ).scalar_one()
        correlate_message(uow, message_name=declaration.message, business_key=business_key)
    return message_id


def write_to_party(uow: UnitOfWork, bureau: Bureau, case_id: UUID, party_id: UUID, text: str) -> UUID:
    """Keep what the office writes to a party. Raises NotFoundError, PartyMessageInvalidError."""
    lock_case(uow.connection, case_id)
    found = sa.select(party.c.id).where(party.c.id == party_id, party.c.case_id == case_id)
    if uow.connection.execute(found).first() is None:
        raise NotFoundError(what="party", id=party_id)
    said = Declared(MESSAGE, text)
    _check(said, None, today_of(uow))
    message_id = _insert(uow, bureau, case_id, party_id, said, is_from_party=False)
    facts = {"message_id": str(message_id), "party_id": str(party_id)}
    append_history(uow, case_id, HistoryEvent("party-message-sent", facts))
    record_notification(
        uow,
        case_id,
        template="message-to-party",
        channel="in-app",
        idempotency_key=f"message-to-party:{message_id}",
        party_id=party_id,
        facts=_facts(uow.connection, case_id),
    )
    return message_id


def list_party_messages(
    connection: sa.Connection, bureau: Bureau, case_id: UUID, party_id: UUID | None = None
) -> list[dict[str, Any]]:
    """Return what was written about a case, by and to one party or all, oldest first, as JSON-ready values."""
    statement = (
        sa.select(party_message)
        .where(party_message.c.case_id == case_id)
        .order_by(party_message.c.created_at, party_message.c.id)
    )
    if party_id is not None:
        statement = statement.where(party_message.c.party_id == party_id)
    return [
        {
            "id": row.id,
            "party_id": row.party_id,
            "kind": row.kind,
            "answer": row.answer,
            "is_from_party": row.is_from_party,
            "text": bureau.keyring.open_optional(row.text, place("party_message", "text", row.id)),
            "amount": row.amount,
            "happened_on": row.happened_on,
            "document_id": row.document_id,
            "created_at": row.created_at,
            "created_by": row.created_by,
            "read_at": row.read_at,
            "read_by": row.read_by,
        }
        for row in connection.execute(statement)
    ]


def mark_messages_read(
    uow: UnitOfWork, case_id: UUID, *, is_from_party: bool, party_id: UUID | None = None, message_id: UUID | None = None
) -> int:
    """Write down that the other end read messages; return how many it had not read before."""
    statement = (
        sa.update(party_message)
        .where(
            party_message.c.case_id == case_id,
            party_message.c.is_from_party == is_from_party,
            party_message.c.read_at.is_(None),
        )
        .values(read_at=uow.now, read_by=uow.actor.id)
    )
    if party_id is not None:
        statement = statement.where(party_message.c.party_id == party_id)
    if message_id is not None:
        statement = statement.where(party_message.c.id == message_id)
    return uow.connection.execute(statement).rowcount


def unread_for_party(connection: sa.Connection, seat: Seat) -> int:
    """Return how many messages of the office a party has not read."""
    found: int = connection.execute(
        sa.select(sa.func.count())
        .select_from(party_message)
        .where(
            party_message.c.party_id == seat.party_id,
            party_message.c.is_from_party.is_(False),
            party_message.c.read_at.is_(None),
        )
    ).scalar_one()
    return found


def require_code(viewer: Viewer) -> None:
    """Raise PartySessionWeakError in a session that a letter opened: a letter may lie on anybody's desk."""
    if viewer.session is not None and viewer.session.level != "code":
        raise PartySessionWeakError()


def _check(said: Declared, declaration: Declaration | None, today: date) -> None:
    def missing(zh: str, en: str) -> PartyMessageInvalidError:
        return PartyMessageInvalidError(problem_zh=zh, problem_en=en)

    text = (said.text or "").strip()
    if len(text) > MAX_TEXT:
        raise missing(f"不能超过 {MAX_TEXT} 字。", f"at most {MAX_TEXT} characters.")
    if declaration is None and not text:
        raise missing("请填写内容。", "write something.")
    wants_answer = declaration is not None and declaration.has_answer
    if wants_answer != (said.answer is not None):
        raise missing("请选择同意或者不同意。", "say whether you agree.")
    wants_payment = declaration is not None and declaration.has_payment
    if wants_payment and (said.amount is None or said.amount <= 0 or said.happened_on is None):
        raise missing("请填写金额和日期。", "give amount and day.")
    if not wants_payment and (said.amount is not None or said.happened_on is not None):
        raise missing("此事项不填写金额和日期。", "no amount and no day belong here.")
    if said.happened_on is not None and said.happened_on > today:
        raise missing("日期不能晚于今天。", "the day must not lie after today.")


def _require_own_document(connection: sa.Connection, viewer: Viewer, seat: Seat, document_id: UUID) -> None:
    statement = sa.select(document.c.id).where(
        document.c.id == document_id,
        document.c.case_id == seat.case_id,
        document.c.created_by.in_([viewer.actor.id, f"party:{seat.party_id}"]),
    )
    if connection.execute(statement).first() is None:
        raise NotFoundError(what="document", id=document_id)


def _insert(
    uow: UnitOfWork, bureau: Bureau, case_id: UUID, party_id: UUID, said: Declared, *, is_from_party: bool
) -> UUID:
    message_id = uow.ids()
    text = (said.text or "").strip() or None
    uow.connection.execute(
        sa.insert(party_message).values(
            id=message_id,
            case_id=case_id,
            party_id=party_id,
            kind=said.kind,
            answer=said.answer,
            is_from_party=is_from_party,
            text=bureau.keyring.seal_optional(text, place("party_message", "text", message_id)),
            amount=said.amount,
            happened_on=said.happened_on,
            document_id=said.document_id,
            created_at=uow.now,
            created_by=uow.actor.id,
        )
    )
    return message_id


def _tell_holders(uow: UnitOfWork, bureau: Bureau, seat: Seat, message_id: UUID) -> None:
    for recipient in users(uow.connection, bureau, _holders(uow.connection, seat.case_id)):
        record_notification(
            uow,
            seat.case_id,
            template="party-message",
            channel="in-app",
            idempotency_key=f"party-message:{message_id}:{recipient.user_id}",
            user_id=recipient.user_id,
            facts=_facts(uow.connection, seat.case_id),
        )


def _holders(connection: sa.Connection, case_id: UUID) -> list[str]:
    """Return who holds a case: who is appointed, who works on a task, and, failing both, who registered it."""
    appointed = connection.execute(
        sa.select(user_account.c.username)
        .join(appointment, appointment.c.user_id == user_account.c.id)
        .where(appointment.c.case_id == case_id, appointment.c.ended_at.is_(None))
    ).scalars()
    found = {f"user:{name}" for name in appointed}
    found |= set(
        connection.execute(
            sa.select(user_task.c.assignee).where(
                user_task.c.case_id == case_id, user_task.c.state == "assigned", user_task.c.assignee.like("user:%")
            )
        ).scalars()
    )
    if not found:
        registered_by = connection.execute(
            sa.select(dispute.c.registered_by).where(dispute.c.case_id == case_id)
        ).scalar_one()
        found = {registered_by} if registered_by.startswith("user:") else set()
    return sorted(found)


def _facts(connection: sa.Connection, case_id: UUID) -> dict[str, str]:
    return {"number": connection.execute(sa.select(dispute.c.number).where(dispute.c.case_id == case_id)).scalar_one()}


def _is_alone(connection: sa.Connection, seat: Seat) -> bool:
    """Tell whether the party is the only one of its side: one of several cannot speak for the rest."""
    others = sa.select(party.c.id).where(
        party.c.case_id == seat.case_id, party.c.side == seat.side, party.c.id != seat.party_id
    )
    workers: int = connection.execute(
        sa.select(dispute.c.worker_count).where(dispute.c.case_id == seat.case_id)
    ).scalar_one()
    return connection.execute(others).first() is None and (workers == 1 or seat.kind == "organisation")
