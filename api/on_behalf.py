"""Acting for a party, as requests say it."""

from typing import Any

from engine.domain.actor import OnBehalfOf


def on_behalf_of(sent: dict[str, Any] | None) -> OnBehalfOf | None:
    """Return for whom the actor acts; None when a request says nothing of it."""
    return None if sent is None else acting_for(sent)


def acting_for(sent: dict[str, Any]) -> OnBehalfOf:
    """Return for whom the actor acts, of a request that must say it."""
    proof = sent["proof_document_id"]
    return OnBehalfOf(
        party_id=str(sent["party_id"]),
        method=sent["method"],
        at=sent["at"].isoformat(),
        proof_document_id=str(proof) if proof else None,
    )
