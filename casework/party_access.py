"""How a party without an account comes to its case: by a link and a one-time code, or by number and code of a letter.

A link holds 128 secret bits and opens nothing by itself: it asks for a code, which goes to the mobile number that is
on file for the party. Link and code are derived from the master secret and the ids of their rows, so that they can be
sent or shown again without being kept; the database holds keyed digests. What a stranger is told never depends on
whether a link exists. A session is bound to one case and one party and is looked up in every query
(`casework.access.party_seats`). Everything that happened to a real invitation stands in the history of its case.
"""

import re
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

import sqlalchemy as sa

from casework.access import PartySession, Viewer
from casework.bureau import Bureau
from casework.encryption import Keyring, place
from casework.errors import PartyAccessLockedError, PartyCodeRefusedError, PartyPhoneMissingError
from casework.masking import masked_phone
from casework.notifications import record_notification
from casework.party_papers import addressee
from casework.store.tables import dispute, party, party_code, party_invitation, party_session
from casework.throttles import Throttle
from casework.tokens import token_hash
from casework.verification import find_paper
from casework.work import PlainWork, Work, append_history
from engine.domain.actor import Actor
from engine.domain.errors import NotFoundError
from engine.domain.events import HistoryEvent
from engine.store.cases import lock_case
from engine.store.raw import Query

INVITATION_LIFETIME = timedelta(days=30)
LETTER_LIFETIME = timedelta(days=60)
"""So long after its issue a letter opens its case."""
CODE_LIFETIME = timedelta(minutes=10)
SESSION_LIFETIME = timedelta(hours=1)
CODE_DIGITS = 6
MOST_GUESSES = 10
"""Wrong codes after which a link is locked: a chance of 1 in 100,000 per link."""

PAGE = "/app/party"
"""The page that reads the secret of a link from the fragment, which no server log and no referrer ever holds."""

CODES_PER_LINK = Throttle("party codes of a link", 5, timedelta(hours=1))
CODES_PER_CLIENT = Throttle("party codes of a client", 60, timedelta(hours=1))
SIGNATURE_CODES = Throttle("signature codes of a party", 5, timedelta(hours=1))
_GUESSES = Throttle("codes guessed for no link", MOST_GUESSES, timedelta(days=1))
_MOBILE = re.compile(r"(?:\+?86)?(1[3-9]\d{9})")

_BY_SESSION = """
    select s.id, s.case_id, s.party_id, s.level, s.expires_at, p.kind
    from party_session s join party p on p.id = s.party_id and p.case_id = s.case_id
    where s.token_hash = %s and s.expires_at > %s and s.ended_at is null
"""

Purpose = Literal["session", "signature"]


@dataclass(frozen=True, slots=True)
class Invitation:
    """A party's way to its case, as caseworkers see it."""

    id: UUID
    party_id: UUID
    state: Literal["open", "locked", "expired", "withdrawn"]
    created_at: datetime
    created_by: str
    expires_at: datetime


@dataclass(frozen=True, slots=True, repr=False)
class IssuedSession:
    """A session with its token in clear: shown once, kept nowhere."""

    token: str
    session: PartySession


def mobile_number(phone: str | None) -> str | None:
    """Return the mobile number in a telephone entry, eleven digits, or None when it can receive no text message."""
    found = _MOBILE.fullmatch(re.sub(r"[\s()-]", "", phone or ""))
    return found.group(1) if found else None


def phone_of(connection: sa.Connection, bureau: Bureau, party_id: UUID) -> str | None:
    """Return the mobile number on file for a party, in clear, or None."""
    sealed = connection.execute(sa.select(party.c.phone).where(party.c.id == party_id)).scalar_one_or_none()
    return mobile_number(bureau.keyring.open_optional(sealed, place("party", "phone", party_id)))


def invite_party(work: Work, bureau: Bureau, case_id: UUID, party_id: UUID, *, is_sent: bool) -> Invitation:
    """Give a party of a case a link, by text message when `is_sent`; an earlier link and its sessions end.

    Raises NotFoundError and PartyPhoneMissingError.
    """
    lock_case(work.connection, case_id)
    _require_party(work.connection, case_id, party_id)
    if phone_of(work.connection, bureau, party_id) is None:
        raise PartyPhoneMissingError()
    for row in _standing(work.connection, party_id):
        _end_invitation(work, row)
    invitation_id = work.ids()
    row = {
        "id": invitation_id,
        "case_id": case_id,
        "party_id": party_id,
        "link_index": _link_index(bureau.keyring, _link(bureau.keyring, invitation_id)),
        "created_at": work.now,
        "created_by": work.actor.id,
        "expires_at": work.now + INVITATION_LIFETIME,
    }
    found = work.connection.execute(sa.insert(party_invitation).values(row).returning(party_invitation)).one()
    facts = {"invitation_id": str(invitation_id), "party_id": str(party_id), "is_sent": is_sent}
    append_history(work, case_id, HistoryEvent("party-invited", facts))
    if is_sent:
        _tell(work, case_id, party_id, "party-invitation", {"party_invitation_id": str(invitation_id)}, invitation_id)
    return _shown(found, work.now)


def list_invitations(connection: sa.Connection, case_id: UUID, now: datetime) -> list[Invitation]:
    """Return every invitation to a case, newest first."""
    rows = connection.execute(
        sa.select(party_invitation)
        .where(party_invitation.c.case_id == case_id)
        .order_by(party_invitation.c.created_at.desc(), party_invitation.c.id.desc())
    )
    return [_shown(row, now) for row in rows]


def invitation_address(
    connection: sa.Connection, bureau: Bureau, case_id: UUID, invitation_id: UUID, public_url: str, now: datetime
) -> str:
    """Return the link of an open invitation again, e.g. for a QR code at the window. Raises NotFoundError."""
    row = _invitation(connection, case_id, invitation_id)
    if _shown(row, now).state != "open":
        raise NotFoundError(what="invitation", id=invitation_id)
    return link_address(bureau.keyring, row.id, row.link_index, public_url)


def link_address(keyring: Keyring, invitation_id: UUID, link_index: str, public_url: str) -> str:
    """Return the address in an invitation; raises NotFoundError when the key it was made under is gone."""
    for link in _links(keyring, invitation_id):
        if link_index in keyring.indexes("party link index", link):
            return f"{public_url}{PAGE}#link={link}"
    raise NotFoundError(what="invitation", id=invitation_id)


def withdraw_invitation(work: Work, case_id: UUID, invitation_id: UUID) -> None:
    """End an invitation, and every session that came of it, at once. Twice is once. Raises NotFoundError."""
    lock_case(work.connection, case_id)
    row = _invitation(work.connection, case_id, invitation_id)
    if row.withdrawn_at is None:
        _end_invitation(work, row)
        facts = {"invitation_id": str(invitation_id), "party_id": str(row.party_id)}
        append_history(work, case_id, HistoryEvent("party-invitation-withdrawn", facts))


def request_session_code(work: PlainWork, bureau: Bureau, link: str, client: str) -> str:
    """Send a code to the party whose link this is; return the number it goes to, masked.

    A link that does not exist, ran out or is locked gets an answer that looks the same, with a made-up number. Raises
    RequestThrottledError, for every link alike.
    """
    CODES_PER_CLIENT.take(work.connection, bureau.keyring, client, work.now)
    CODES_PER_LINK.take(work.connection, bureau.keyring, link, work.now)
    row = _lock_by_link(work.connection, bureau.keyring, link)
    if row is None or _shown(row, work.now).state != "open":
        return _made_up_number(bureau.keyring, link)
    phone = phone_of(work.connection, bureau, row.party_id)
    if phone is None:  # it was removed since
        return _made_up_number(bureau.keyring, link)
    send_code(work, bureau, row.case_id, row.party_id, "session", invitation_id=row.id)
    return _masked(phone)


def send_code(
    work: Work,
    bureau: Bureau,
    case_id: UUID,
    party_id: UUID,
    purpose: Purpose,
    *,
    invitation_id: UUID | None = None,
    document_id: UUID | None = None,
) -> None:
    """Send a one-time code to a party; the one before it, for the same purpose, is worth nothing any more."""
    lock_case(work.connection, case_id)
    _end_codes(work, party_id, purpose)
    code_id = work.ids()
    code = code_of(bureau.keyring, code_id)
    work.connection.execute(
        sa.insert(party_code).values(
            id=code_id,
            case_id=case_id,
            party_id=party_id,
            invitation_id=invitation_id,
            document_id=document_id,
            purpose=purpose,
            code_index=_code_index(bureau.keyring, code_id, code),
            created_at=work.now,
            expires_at=work.now + CODE_LIFETIME,
        )
    )
    facts = {"code_id": str(code_id), "party_id": str(party_id), "purpose": purpose}
    append_history(work, case_id, HistoryEvent("party-code-sent", facts))
    _tell(work, case_id, party_id, f"party-{purpose}-code", {"party_code_id": str(code_id)}, code_id)


def open_session(work: PlainWork, bureau: Bureau, link: str, code: str) -> IssuedSession:
    """Open the session that a link and the code sent for it are good for; the code is used up.

    Raises PartyCodeRefusedError for a wrong code, a used or old one and an unknown link alike, and
    PartyAccessLockedError after ten wrong ones; both are counted in this transaction, so the caller commits.
    """
    row = _lock_by_link(work.connection, bureau.keyring, link)
    if row is None or row.withdrawn_at is not None or row.expires_at <= work.now:
        if _GUESSES.count(work.connection, bureau.keyring, link, work.now) > MOST_GUESSES:
            raise PartyAccessLockedError()
        raise PartyCodeRefusedError()
    if row.locked_at is not None:
        raise PartyAccessLockedError()
    code_row = _usable_code(work, bureau.keyring, row.party_id, "session", code, invitation_id=row.id)
    if code_row is None:
        _count_guess(work, row)
        raise PartyCodeRefusedError()
    work.connection.execute(sa.update(party_invitation).where(party_invitation.c.id == row.id).values(guesses=0))
    return _open(work, row.case_id, row.party_id, "code", invitation_id=row.id)


def open_letter_session(work: PlainWork, bureau: Bureau, number: str, code: str, client: str) -> IssuedSession:
    """Open a session for the party to which a paper of ours was addressed, by the number and code printed on it.

    The paper must be addressed to one party (`casework.party_papers.addressee`), be its current version, not void, and not older than 60 days. Raises
    PartyCodeRefusedError whatever is wrong, and VerificationThrottledError; guesses are counted with those of the
    verification page, and the caller commits.
    """
    row = find_paper(work.connection, bureau, number, code, client=client, now=work.now)
    if row is None:
        raise PartyCodeRefusedError()
    lock_case(work.connection, row.case_id)
    party_id = addressee(work.connection, row)
    is_good = (
        row.superseded_at is None
        and row.voided_at is None
        and row.created_at + LETTER_LIFETIME > work.now
        and not row.is_confidential
    )
    if not is_good or party_id is None:
        raise PartyCodeRefusedError()
    return _open(work, row.case_id, party_id, "letter", document_id=row.id)


def end_session(work: Work, session: PartySession) -> None:
    """Sign a party out."""
    lock_case(work.connection, session.case_id)
    statement = (
        sa.update(party_session)
        .where(party_session.c.id == session.id, party_session.c.ended_at.is_(None))
        .values(ended_at=work.now)
        .returning(party_session.c.id)
    )
    if work.connection.execute(statement).first() is not None:
        facts = {"session_id": str(session.id), "party_id": str(session.party_id)}
        append_history(work, session.case_id, HistoryEvent("party-session-ended", facts))


def use_signature_code(work: Work, bureau: Bureau, case_id: UUID, party_id: UUID, document_id: UUID, code: str) -> UUID:
    """Use up the code that was sent to a party for signing a document, and return its id.

    Raises PartyCodeRefusedError; the wrong guess is counted, so the caller commits.
    """
    lock_case(work.connection, case_id)
    row = _usable_code(work, bureau.keyring, party_id, "signature", code, document_id=document_id)
    if row is None:
        raise PartyCodeRefusedError()
    found: UUID = row.id
    return found


def session_query(token: str, now: datetime) -> Query:
    """Return the query whose row, if there is one, is `session_viewer` of the token."""
    return _BY_SESSION, (token_hash(token), now)


def session_viewer(row: Any) -> Viewer:
    """Return the viewer of a row of `session_query`."""
    session = PartySession(row.id, row.case_id, row.party_id, row.level, row.expires_at)
    role = "employer" if row.kind == "organisation" else "worker"
    return Viewer(
        user_id=row.id,  # the id of a session is that of no account
        username=f"party:{row.party_id}",
        roles=frozenset({role}),
        area_code=None,
        area_path=None,
        organisation_id=None,
        session=session,
    )


def delete_stale_sessions(work: Work) -> int:
    """Delete sessions and codes that ended a month ago; what they did stands in history. Returns how many rows went."""
    month_ago = work.now - timedelta(days=30)
    gone = work.connection.execute(sa.delete(party_session).where(party_session.c.expires_at < month_ago)).rowcount
    gone += work.connection.execute(sa.delete(party_code).where(party_code.c.expires_at < month_ago)).rowcount
    return gone


def code_of(keyring: Keyring, code_id: UUID) -> str:
    """Return the digits of a code, for the one who sends it."""
    return _digits(keyring.index("party code", str(code_id)), CODE_DIGITS)


def sendable_code(connection: sa.Connection, keyring: Keyring, code_id: UUID, now: datetime) -> str | None:
    """Return the digits of a code that is still good for something, or None."""
    row = connection.execute(sa.select(party_code).where(party_code.c.id == code_id)).one_or_none()
    if row is None or row.used_at is not None or row.ended_at is not None or row.expires_at <= now:
        return None
    return code_of(keyring, code_id)


def sendable_link(
    connection: sa.Connection, keyring: Keyring, invitation_id: UUID, public_url: str, now: datetime
) -> str | None:
    """Return the address of an invitation that is still open, or None."""
    row = connection.execute(sa.select(party_invitation).where(party_invitation.c.id == invitation_id)).one_or_none()
    if row is None or _shown(row, now).state != "open":
        return None
    return link_address(keyring, row.id, row.link_index, public_url)


def _open(
    work: PlainWork, case_id: UUID, party_id: UUID, level: Literal["code", "letter"], **origin: UUID
) -> IssuedSession:
    token = secrets.token_urlsafe(32)
    session = PartySession(work.ids(), case_id, party_id, level, work.now + SESSION_LIFETIME)
    work.connection.execute(
        sa.insert(party_session).values(
            id=session.id,
            case_id=case_id,
            party_id=party_id,
            level=level,
            token_hash=token_hash(token),
            created_at=work.now,
            expires_at=session.expires_at,
            **origin,
        )
    )
    facts = {"session_id": str(session.id), "party_id": str(party_id), "level": level}
    facts |= {name: str(value) for name, value in origin.items()}
    as_party = replace(work, actor=Actor(f"party:{party_id}"))
    append_history(as_party, case_id, HistoryEvent("party-session-opened", facts))
    return IssuedSession(token, session)


def _usable_code(work: Work, keyring: Keyring, party_id: UUID, purpose: Purpose, code: str, **bound: UUID) -> Any:
    """Return the party's standing code, used up now, if `code` is it; a wrong guess is counted on it."""
    conditions = [party_code.c[name] == value for name, value in bound.items()]
    row = work.connection.execute(
        sa.select(party_code)
        .where(
            party_code.c.party_id == party_id,
            party_code.c.purpose == purpose,
            party_code.c.used_at.is_(None),
            party_code.c.ended_at.is_(None),
            party_code.c.expires_at > work.now,
            *conditions,
        )
        .with_for_update()
    ).one_or_none()
    if row is None:
        return None
    typed = "".join(str(int(char)) for char in code if char.isdecimal())
    if len(typed) == CODE_DIGITS and row.code_index in keyring.indexes("party code index", f"{row.id}:{typed}"):
        work.connection.execute(sa.update(party_code).where(party_code.c.id == row.id).values(used_at=work.now))
        return row
    guesses = row.guesses + 1
    ended_at = work.now if guesses >= MOST_GUESSES else None
    work.connection.execute(
        sa.update(party_code).where(party_code.c.id == row.id).values(guesses=guesses, ended_at=ended_at)
    )
    return None


def _count_guess(work: Work, row: Any) -> None:
    guesses = row.guesses + 1
    is_locked = guesses >= MOST_GUESSES
    work.connection.execute(
        sa.update(party_invitation)
        .where(party_invitation.c.id == row.id)
        .values(guesses=guesses, locked_at=work.now if is_locked else None)
    )
    facts = {"invitation_id": str(row.id), "party_id": str(row.party_id), "guesses": guesses}
    kind = "party-invitation-locked" if is_locked else "party-code-refused"
    append_history(work, row.case_id, HistoryEvent(kind, facts))


def _end_invitation(work: Work, row: Any) -> None:
    work.connection.execute(
        sa.update(party_invitation)
        .where(party_invitation.c.id == row.id)
        .values(withdrawn_at=work.now, withdrawn_by=work.actor.id)
    )
    for table in (party_session, party_code):
        work.connection.execute(
            sa.update(table)
            .where(table.c.invitation_id == row.id, table.c.ended_at.is_(None))
            .values(ended_at=work.now)
        )


def _end_codes(work: Work, party_id: UUID, purpose: Purpose) -> None:
    work.connection.execute(
        sa.update(party_code)
        .where(
            party_code.c.party_id == party_id,
            party_code.c.purpose == purpose,
            party_code.c.used_at.is_(None),
            party_code.c.ended_at.is_(None),
        )
        .values(ended_at=work.now)
    )


def _tell(work: Work, case_id: UUID, party_id: UUID, template: str, facts: dict[str, str], key: UUID) -> None:
    number = work.connection.execute(sa.select(dispute.c.number).where(dispute.c.case_id == case_id)).scalar_one()
    record_notification(
        work,
        case_id,
        template=template,
        channel="sms",
        idempotency_key=f"{template}:{key}",
        party_id=party_id,
        facts={"number": number, **facts},
    )


def _lock_by_link(connection: sa.Connection, keyring: Keyring, link: str) -> Any:
    """Return the invitation of a link with its case locked, or None."""
    indexes = keyring.indexes("party link index", link)
    statement = sa.select(party_invitation).where(party_invitation.c.link_index.in_(indexes))
    row = connection.execute(statement).one_or_none()
    if row is None:
        return None
    lock_case(connection, row.case_id)
    return connection.execute(statement).one()


def _invitation(connection: sa.Connection, case_id: UUID, invitation_id: UUID) -> Any:
    row = connection.execute(
        sa.select(party_invitation).where(party_invitation.c.id == invitation_id, party_invitation.c.case_id == case_id)
    ).one_or_none()
    if row is None:
        raise NotFoundError(what="invitation", id=invitation_id)
    return row


def _standing(connection: sa.Connection, party_id: UUID) -> list[Any]:
    return list(
        connection.execute(
            sa.select(party_invitation).where(
                party_invitation.c.party_id == party_id, party_invitation.c.withdrawn_at.is_(None)
            )
        )
    )


def _require_party(connection: sa.Connection, case_id: UUID, party_id: UUID) -> None:
    statement = sa.select(party.c.id).where(party.c.id == party_id, party.c.case_id == case_id)
    if connection.execute(statement).first() is None:
        raise NotFoundError(what="party", id=party_id)


def _shown(row: Any, now: datetime) -> Invitation:
    state: Literal["open", "locked", "expired", "withdrawn"] = "open"
    if row.withdrawn_at is not None:
        state = "withdrawn"
    elif row.locked_at is not None:
        state = "locked"
    elif row.expires_at <= now:
        state = "expired"
    return Invitation(row.id, row.party_id, state, row.created_at, row.created_by, row.expires_at)


def _link(keyring: Keyring, invitation_id: UUID) -> str:
    return keyring.index("party link", str(invitation_id))[:32]


def _links(keyring: Keyring, invitation_id: UUID) -> list[str]:
    return [found[:32] for found in keyring.indexes("party link", str(invitation_id))]


def _link_index(keyring: Keyring, link: str) -> str:
    return keyring.index("party link index", link)


def _code_index(keyring: Keyring, code_id: UUID, code: str) -> str:
    return keyring.index("party code index", f"{code_id}:{code}")


def _digits(digest: str, count: int) -> str:
    return str(int(digest, 16) % 10**count).zfill(count)


def _made_up_number(keyring: Keyring, link: str) -> str:
    digits = _digits(keyring.index("party number of no link", link), 4)
    return _masked(f"1{3 + int(digits[0]) % 7}{digits[1]}000000{digits[2:]}")


def _masked(phone: str) -> str:
    shown = masked_phone(phone)
    assert shown is not None
    return shown
