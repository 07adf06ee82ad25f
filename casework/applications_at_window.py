"""Applications by people without an account, the window's side: a clerk registers each, gives it back, or says why not."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from casework.access import Viewer
from casework.applications import KEPT_FOR, ApplicationRecord, read_file, record_of
from casework.bureau import Bureau
from casework.commands.register_dispute import RegisteredDispute, register_dispute
from casework.documents import store_document
from casework.encryption import place
from casework.errors import ApplicationClosedError, ReasonMissingError
from casework.party_access import invite_party, phone_of
from casework.registration import NewClaim, NewParty, RegisterDispute
from casework.store.tables import application, application_file, party
from casework.upload_titles import upload_title
from casework.work import Work, append_history
from engine.commands.unit_of_work import UnitOfWork
from engine.domain.clock import shanghai_date
from engine.domain.errors import NotFoundError
from engine.domain.events import HistoryEvent


@dataclass(frozen=True, slots=True, repr=False)
class Decision:
    """What the window says of an application that does not become a case, or not yet."""

    reason: str
    referral: str | None = None
    """Where its author should go instead: name, telephone, address in one line."""


def list_applications(connection: sa.Connection, bureau: Bureau, viewer: Viewer, state: str) -> list[ApplicationRecord]:
    """Return the first hundred applications of the viewer's area in a state, oldest first."""
    rows = connection.execute(
        sa.select(application)
        .where(application.c.state == state, _in_area(viewer))
        .order_by(application.c.submitted_at, application.c.id)
        .limit(100)
    ).all()
    return [record_of(connection, bureau, row) for row in rows]


def get_application(
    connection: sa.Connection, bureau: Bureau, viewer: Viewer, application_id: UUID, *, is_changed: bool = False
) -> ApplicationRecord:
    """Return a submitted application of the viewer's area, locked when it `is_changed`.

    Raises NotFoundError, and ApplicationClosedError when it is to be decided on and was.
    """
    statement = sa.select(application).where(
        application.c.id == application_id, application.c.state != "draft", _in_area(viewer)
    )
    row = connection.execute(statement.with_for_update() if is_changed else statement).one_or_none()
    if row is None:
        raise NotFoundError(what="application", id=application_id)
    if is_changed and row.state != "submitted":
        raise ApplicationClosedError()
    return record_of(connection, bureau, row)


def proposed_registration(record: ApplicationRecord) -> RegisterDispute:
    """Return an application as a registration would put it; a clerk looks over it, and names an employer that is unknown.

    The day of receipt is the day on which it was handed in: from then on the claim is made (劳动争议调解仲裁法 Art. 27).
    """
    content = record.content
    applicant, employer = content["applicant"], content["employer"]
    is_unknown = bool(employer.get("is_unknown"))
    claims = [
        NewClaim(
            cause_code=each["cause_code"],
            amount=Decimal(each["amount"]) if each.get("amount") else None,
            facts=each.get("facts") or (content["what_happened"] if index == 0 else None),
        )
        for index, each in enumerate(content["claims"])
    ]
    return RegisterDispute(
        channel="online",
        area_code=content["area_code"],
        applicants=(
            NewParty(
                "person",
                applicant["name"],
                id_number=applicant.get("id_number"),
                phone=applicant.get("phone"),
                address=applicant.get("address"),
            ),
        ),
        respondents=(
            NewParty(
                "organisation",
                _described(employer) if is_unknown else employer["name"],
                phone=employer.get("phone"),
                address=employer.get("site") if is_unknown else employer.get("address"),
                legal_representative=employer.get("legal_representative"),
            ),
        ),
        claims=tuple(claims),
        worker_count=content.get("worker_count"),
        event_dates={"received_on": shanghai_date(record.submitted_at)} if record.submitted_at else {},
    )


def others_waiting(
    connection: sa.Connection, bureau: Bureau, viewer: Viewer, record: ApplicationRecord
) -> list[ApplicationRecord]:
    """Return the other waiting applications of the same telephone, of the first hundred of the viewer's area."""
    phone = _digits(record.content["applicant"].get("phone"))
    return [
        each
        for each in list_applications(connection, bureau, viewer, "submitted")
        if each.id != record.id and phone and _digits(each.content["applicant"].get("phone")) == phone
    ]


def accept_application(
    uow: UnitOfWork, bureau: Bureau, viewer: Viewer, application_id: UUID, registration: RegisterDispute
) -> RegisteredDispute:
    """Register the dispute that an application tells of, as the clerk has put it, with its files as evidence.

    The first applicant is sent the link to its case, where a mobile number is on file.
    Raises NotFoundError, ApplicationClosedError, and what `register_dispute` raises.
    """
    found = get_application(uow.connection, bureau, viewer, application_id, is_changed=True)
    registered = register_dispute(uow, bureau, registration, viewer)
    for file in found.files:
        content, media_type, name = read_file(uow.connection, bureau, found, file["id"])
        store_document(
            uow,
            bureau,
            registered.case_id,
            kind="evidence",
            title=upload_title("evidence", name, uow.now),
            content=content,
            media_type=media_type,
            idempotency_key=f"application-file:{file['id']}",
        )
    facts = {"application_id": str(application_id), "receipt_number": found.receipt_number, "files": len(found.files)}
    facts |= {"notice_version": found.notice_version}
    append_history(uow, registered.case_id, HistoryEvent("application-accepted", facts))
    uow.connection.execute(sa.delete(application_file).where(application_file.c.application_id == application_id))
    _decide(uow, application_id, "accepted", case_id=registered.case_id, rejection_sealed=None)
    _invite_applicant(uow, bureau, registered.case_id)
    return registered


def reject_application(uow: UnitOfWork, bureau: Bureau, viewer: Viewer, application_id: UUID, said: Decision) -> None:
    """Say why an application does not become a case, and where to go instead; its author reads it by the receipt.

    Raises NotFoundError, ApplicationClosedError, ReasonMissingError.
    """
    _say(uow, bureau, viewer, application_id, "rejected", said)


def return_application(uow: UnitOfWork, bureau: Bureau, viewer: Viewer, application_id: UUID, reason: str) -> None:
    """Give an application back to be mended: its author changes it and hands it in again under the same receipt.

    Raises NotFoundError, ApplicationClosedError, ReasonMissingError.
    """
    _say(uow, bureau, viewer, application_id, "returned", Decision(reason))


def _say(uow: UnitOfWork, bureau: Bureau, viewer: Viewer, application_id: UUID, state: str, said: Decision) -> None:
    if not said.reason.strip():
        raise ReasonMissingError()
    get_application(uow.connection, bureau, viewer, application_id, is_changed=True)
    sealed = bureau.keyring.seal(said.reason.strip(), place("application", "rejection_sealed", application_id))
    _decide(uow, application_id, state, rejection_sealed=sealed, referral=(said.referral or "").strip() or None)


def _invite_applicant(uow: UnitOfWork, bureau: Bureau, case_id: UUID) -> None:
    party_id = uow.connection.execute(
        sa.select(party.c.id)
        .where(party.c.case_id == case_id, party.c.side == "applicant")
        .order_by(party.c.position)
        .limit(1)
    ).scalar_one()
    if phone_of(uow.connection, bureau, party_id) is not None:
        invite_party(uow, bureau, case_id, party_id, is_sent=True)


def _described(employer: Mapping[str, Any]) -> str:
    known = "，".join(each for each in (employer.get("site"), employer.get("phone")) if each)
    return f"名称不详（{known}）"[:200]


def _digits(phone: str | None) -> str:
    return "".join(each for each in phone or "" if each.isdigit())


def _decide(work: Work, application_id: UUID, state: str, **values: Any) -> None:
    work.connection.execute(
        sa.update(application)
        .where(application.c.id == application_id)
        .values(state=state, decided_at=work.now, decided_by=work.actor.id, expires_at=work.now + KEPT_FOR, **values)
    )


def _in_area(viewer: Viewer) -> sa.ColumnElement[bool]:
    if viewer.area_path is None:
        return sa.false()
    return application.c.area_path.startswith(viewer.area_path, autoescape=True)
