"""A party as a viewer may see it."""

from typing import Any
from uuid import UUID

from casework.masking import masked_name, masked_number, masked_phone
from casework.queries.read_dispute import AgentRecord, PartyRecord
from casework.roles import Sight


def party_view(party: PartyRecord, *, sight: Sight, viewer_id: UUID, is_party: bool) -> dict[str, Any]:
    """Return a party as JSON, with what the viewer may not see masked or left out.

    With `full` sight everything stands in clear; with `contact` identity numbers are masked, and for viewers who are a
    party themselves the other side's telephone and e-mail too; with `masked` only a person's first character is shown.
    Viewers always see themselves and those they act for in full.
    """
    is_own = viewer_id in (party.user_id, *(agent.user_id for agent in party.agents))
    shown: Sight = "full" if is_own else sight
    hides_contact = is_party and not is_own and party.kind == "person"
    view: dict[str, Any] = {
        "id": str(party.party_id),
        "side": party.side,
        "kind": party.kind,
        "position": party.position,
        "is_own": is_own,
        "name": party.name,
        "id_number": None,
        "phone": None,
        "email": None,
        "address": None,
        "legal_representative": None,
        "agents": [],
    }
    if shown in ("none", "masked"):
        if party.kind == "person":
            view["name"] = masked_name(party.name)
        return view
    is_number_shown = shown == "full" or party.kind == "organisation"
    view["id_number"] = party.id_number if is_number_shown else masked_number(party.id_number)
    view["phone"] = masked_phone(party.phone) if hides_contact else party.phone
    view["email"] = None if hides_contact else party.email
    view["address"] = party.address
    view["legal_representative"] = party.legal_representative
    view["agents"] = [_agent_view(agent, shown, hides_contact=hides_contact) for agent in party.agents]
    return view


def _agent_view(agent: AgentRecord, sight: Sight, *, hides_contact: bool) -> dict[str, Any]:
    return {
        "id": str(agent.agent_id),
        "kind": agent.kind,
        "powers": agent.powers,
        "name": agent.name,
        "id_number": agent.id_number if sight == "full" else masked_number(agent.id_number),
        "phone": masked_phone(agent.phone) if hides_contact else agent.phone,
    }
