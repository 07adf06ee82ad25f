"""The register of service of one case: every paper with its addressees, and every record ever made."""

from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from casework.bureau import Bureau
from casework.encryption import place
from casework.service_records import METHODS, SERVED_PAPERS, Addressee, Standing, addressees_of, service_state
from casework.store.service_records import case_parties, list_rows
from casework.store.tables import document


def list_services(connection: sa.Connection, bureau: Bureau, case_id: UUID) -> list[dict[str, Any]]:
    """Return the papers of a case that are served or were recorded as served, in the order of the procedure.

    Papers that the system made stand there even when nobody has been served yet. Each holds its state, the day on
    which everybody had been served, who is missing, and its records, the current ones first.
    """
    parties = case_parties(connection, case_id)
    papers: dict[tuple[str, UUID | None], list[Any]] = {
        (row.kind, row.id): []
        for row in connection.execute(
            sa.select(document.c.kind, document.c.id)
            .where(document.c.case_id == case_id, document.c.kind.in_(sorted(SERVED_PAPERS)))
            .order_by(document.c.created_at, document.c.id)
        )
    }
    for row in list_rows(connection, case_id):
        papers.setdefault((row.kind, row.document_id), []).append(row)
    position = {kind: index for index, kind in enumerate(SERVED_PAPERS)}
    return [
        _paper(bureau, kind, document_id, rows, parties)
        for (kind, document_id), rows in sorted(papers.items(), key=lambda item: position[item[0][0]])
    ]


def _paper(
    bureau: Bureau, kind: str, document_id: UUID | None, rows: list[Any], parties: list[Addressee]
) -> dict[str, Any]:
    paper = SERVED_PAPERS[kind]
    addressees = addressees_of(kind, parties)
    current = {row.party_id: Standing(row.counts_on, row.is_refused) for row in rows if row.superseded_at is None}
    state, served_on = service_state([each.party_id for each in addressees], current)
    served: set[UUID] = {party_id for party_id, standing in current.items() if standing.counts_on is not None}
    day: date | None = served_on
    return {
        "kind": kind,
        "zh": paper.zh,
        "en": paper.en,
        "document_id": document_id,
        "state": state,
        "served_on": day,
        "missing": [each.code for each in addressees if each.party_id not in served],
        "services": [_service(bureau, row) for row in rows],
    }


def _service(bureau: Bureau, row: Any) -> dict[str, Any]:
    return {
        "id": row.id,
        "party_id": row.party_id,
        "party": Addressee(row.party_id, row.side, row.position).code,
        "method": row.method,
        "method_zh": METHODS[row.method].zh,
        "method_en": METHODS[row.method].en,
        "sent_on": row.sent_on,
        "served_on": row.served_on,
        "counts_on": row.counts_on,
        "is_refused": row.is_refused,
        "has_consent": row.has_consent,
        "has_photographs": row.has_photographs,
        "proof_document_id": row.proof_document_id,
        "note": bureau.keyring.open_optional(row.note, place("service_record", "note", row.id)),
        "recorded_at": row.recorded_at,
        "recorded_by": row.recorded_by,
        "is_current": row.superseded_at is None,
    }
