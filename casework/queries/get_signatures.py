"""Who has signed a mediation agreement, and what it still lacks to take effect."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from casework.bureau import Bureau
from casework.encryption import place
from casework.signing import gate_of
from casework.store.named_inputs import current_dates
from casework.store.signatures import every_signature, signing_of

_PROBLEMS = {
    "not-signed": ("尚未签名或者盖章", "has not signed"),
    "level-too-low": ("签署方式达不到要求", "signed in a way that is not enough here"),
    "scan-missing": ("缺少签署原件的扫描件", "the scan of the paper original is missing"),
    "consent-missing": ("缺少被代表人的书面同意", "the consent of whom was represented is missing"),
}


def get_signatures(connection: sa.Connection, bureau: Bureau, case_id: UUID) -> dict[str, Any]:
    """Return the effect gate of a case as JSON-ready values: who must sign, what is missing, every signature recorded.

    Whether the viewer may see the case is the caller's affair. Raises NotFoundError when the case is no dispute.
    """
    signing = signing_of(connection, case_id)
    decision = gate_of(connection, bureau, case_id, signing=signing)
    effective_on = current_dates(connection, case_id).get("agreement_effective_on")
    return {
        "gate": "open" if effective_on is None else "satisfied",
        "effective_on": effective_on,
        "demanded_level": bureau.site.effect_gate.level,
        "is_scan_required": bureau.site.effect_gate.is_scan_required,
        "signatories": [
            {"code": each.code, "signer": each.signer, "party_id": signing.parties.get(each.code)}
            for each in signing.signatories
        ],
        "missing": [
            {
                "signatory": each.signatory,
                "code": each.problem,
                "zh": _PROBLEMS[each.problem][0],
                "en": _PROBLEMS[each.problem][1],
            }
            for each in decision.missing
        ],
        "signatures": [
            {
                "id": row.id,
                "signatory": row.signatory,
                "signer": row.signer,
                "party_id": row.party_id,
                "document_id": row.document_id,
                "level": row.level,
                "signed_by": row.signed_by,
                "signed_on": row.signed_on,
                "consented_on": row.consented_on,
                "proof_document_id": row.proof_document_id,
                "recorded_at": row.recorded_at,
                "recorded_by": row.recorded_by,
                "is_current": row.superseded_at is None,
                "reason": bureau.keyring.open_optional(row.reason, place("signature", "reason", row.id)),
            }
            for row in every_signature(connection, case_id)
        ],
    }
