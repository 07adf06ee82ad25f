"""What a party does at its desk with papers: signs the agreement with a code, and signs for what it received."""

from uuid import UUID

from casework.access import Viewer
from casework.bureau import Bureau
from casework.commands.record_services import ServiceResult, record_services, require_served
from casework.commands.record_signatures import SigningResult, record_signatures
from casework.errors import PartyActionUnavailableError, PartyPhoneMissingError, SignatureExistsError
from casework.masking import masked_phone
from casework.party_access import SIGNATURE_CODES, phone_of, send_code, use_signature_code
from casework.party_desk import Seat
from casework.party_messages import require_code
from casework.queries.documents import party_document
from casework.service_records import addressees_of, checked_service
from casework.store.named_inputs import current_dates
from casework.store.service_records import case_parties, current_rows
from casework.store.signatures import current_signatures, latest_agreement
from casework.work import append_history, today_of
from engine.commands.unit_of_work import UnitOfWork
from engine.domain.clock import shanghai_date
from engine.domain.errors import NotFoundError
from engine.domain.events import HistoryEvent
from engine.store.cases import lock_case


def request_signature_code(uow: UnitOfWork, bureau: Bureau, viewer: Viewer, seat: Seat, document_id: UUID) -> str:
    """Send a code for signing the mediation agreement; return the number it goes to, masked.

    Raises PartySessionWeakError, NotFoundError, SignatureExistsError, PartyActionUnavailableError,
    PartyPhoneMissingError and RequestThrottledError.
    """
    lock_case(uow.connection, seat.case_id)
    _require_unsigned(uow, bureau, viewer, seat, document_id)
    phone = phone_of(uow.connection, bureau, seat.party_id)
    if phone is None:
        raise PartyPhoneMissingError()
    SIGNATURE_CODES.take(uow.connection, bureau.keyring, str(seat.party_id), uow.now)
    send_code(uow, bureau, seat.case_id, seat.party_id, "signature", document_id=document_id)
    return masked_phone(phone) or ""


def sign_as_party(
    uow: UnitOfWork, bureau: Bureau, viewer: Viewer, seat: Seat, document_id: UUID, code: str
) -> SigningResult:
    """Put a party's plain electronic mark (level `basic`) on the mediation agreement, by the code sent for it.

    What exactly was signed, by which code and in which session stands in history. Whether a mark of this level is enough is
    the site's affair (`effect_gate`). Raises PartySessionWeakError, NotFoundError, SignatureExistsError,
    PartyActionUnavailableError, and PartyCodeRefusedError, which counts the guess, so the caller commits.
    """
    lock_case(uow.connection, seat.case_id)
    sha256 = _require_unsigned(uow, bureau, viewer, seat, document_id)
    code_id = use_signature_code(uow, bureau, seat.case_id, seat.party_id, document_id, code)
    facts = {
        "party_id": str(seat.party_id),
        "document_id": str(document_id),
        "sha256": sha256,
        "code_id": str(code_id),
        "session_id": None if viewer.session is None else str(viewer.session.id),
    }
    append_history(uow, seat.case_id, HistoryEvent("party-signed", facts))
    row = {"signatory": seat.code, "signed_on": today_of(uow), "level": "basic", "signed_by": "self"}
    return record_signatures(uow, bureau, seat.case_id, [row])


def receive_paper(
    uow: UnitOfWork, bureau: Bureau, viewer: Viewer, seat: Seat, document_id: UUID
) -> ServiceResult | None:
    """Record that a party received a paper at its desk and consents to being served electronically.

    Returns None when it had been served with it before, which stands. Raises PartySessionWeakError, NotFoundError,
    PaperNotServedError, and InputInvalidError for papers that must be signed for by hand.
    """
    require_code(viewer)
    lock_case(uow.connection, seat.case_id)
    paper = party_document(uow.connection, bureau, viewer, seat.case_id, document_id)
    require_served(paper.kind)
    if seat.party_id not in {
        each.party_id for each in addressees_of(paper.kind, case_parties(uow.connection, seat.case_id))
    }:
        raise NotFoundError(what="document", id=document_id)
    standing = current_rows(uow.connection, seat.case_id, paper.kind, document_id).get(seat.party_id)
    if standing is not None and standing.counts_on is not None:
        return None
    service = checked_service(
        paper.kind,
        party_id=seat.party_id,
        method="electronic",
        sent_on=shanghai_date(paper.created_at),
        served_on=today_of(uow),
        is_refused=False,
        has_consent=True,
        has_photographs=False,
        proof_document_id=None,
        note=None,
        today=today_of(uow),
        where=("document", 1),
    )
    return record_services(uow, bureau, document_id, [service])


def _require_unsigned(uow: UnitOfWork, bureau: Bureau, viewer: Viewer, seat: Seat, document_id: UUID) -> str:
    """Return the SHA-256 of the agreement that the party may sign now."""
    require_code(viewer)
    paper = party_document(uow.connection, bureau, viewer, seat.case_id, document_id)
    if seat.code in current_signatures(uow.connection, seat.case_id):
        raise SignatureExistsError()
    if "agreement_effective_on" in current_dates(uow.connection, seat.case_id):
        raise PartyActionUnavailableError()
    if latest_agreement(uow.connection, seat.case_id) != document_id:
        raise PartyActionUnavailableError()
    return paper.sha256
