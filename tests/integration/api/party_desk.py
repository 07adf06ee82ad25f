"""What tests of the party desk share: inviting a party, reading the code that was sent, and acting as that party."""

from typing import Any
from uuid import UUID

from casework.party_access import code_of
from casework.store.tables import notification, party_code
from tests.integration.api.service_desk import ServiceDesk


def party_of(desk: ServiceDesk, case_id: str, side: str = "applicant") -> str:
    """Return the id of the first party of a side."""
    parties = desk.get(f"/cases/{case_id}")["parties"]
    return next(str(each["id"]) for each in parties if each["side"] == side)


def invite(desk: ServiceDesk, case_id: str, party_id: str, *, by: str = "window") -> str:
    """Invite a party and return the secret of its link."""
    invitation = desk.post(f"/cases/{case_id}/invitations", {"party_id": party_id}, by=by)
    address = desk.get(f"/cases/{case_id}/invitations/{invitation['id']}/link", by=by)["address"]
    return str(address.partition("#link=")[2])


def sent_code(desk: ServiceDesk) -> str:
    """Return the code that was sent last, as the telephone shows it."""
    newest = max(desk.rows(party_code), key=lambda row: (row.created_at, str(row.id)))
    assert any(row.facts.get("party_code_id") == str(newest.id) for row in desk.rows(notification))
    return code_of(desk.bureau.keyring, UUID(str(newest.id)))


def open_session(desk: ServiceDesk, link: str) -> dict[str, Any]:
    """Ask for a code, enter it, and return the session."""
    desk.post("/party/codes", {"link": link}, by=None, key=None)
    found: dict[str, Any] = desk.post("/party/sessions", {"link": link, "code": sent_code(desk)}, by=None, key=None)
    return found


def headers(session: dict[str, Any]) -> dict[str, str]:
    """Return the headers that a party's requests carry."""
    return {"Authorization": f"Bearer {session['access_token']}"}


def enter(desk: ServiceDesk, case_id: str, side: str = "applicant") -> dict[str, str]:
    """Let the first party of a side come in; return the headers of its requests."""
    return headers(open_session(desk, invite(desk, case_id, party_of(desk, case_id, side))))
