"""Parties of a case, as far as requests name them."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from api.errors import RequestInvalidError
from api.validation_sentences import FieldProblem
from casework.store.tables import document, party


def require_party(connection: sa.Connection, case_id: UUID, behalf: Mapping[str, Any]) -> None:
    """Raise RequestInvalidError unless `on_behalf_of` names a party and a proof of this very case."""
    problems = []
    if not _exists(connection, party, case_id, behalf["party_id"]):
        problems.append(
            FieldProblem("on_behalf_of.party_id", "not_a_choice", "本案没有该当事人。", "The case has no such party.")
        )
    proof = behalf["proof_document_id"]
    if proof is not None and not _exists(connection, document, case_id, proof):
        zh, en = "本案没有该文书。", "The case has no such document."
        problems.append(FieldProblem("on_behalf_of.proof_document_id", "not_a_choice", zh, en))
    if problems:
        raise RequestInvalidError(count=len(problems), problems=problems)


def _exists(connection: sa.Connection, table: sa.Table, case_id: UUID, row_id: UUID) -> bool:
    statement = sa.select(sa.literal(1)).where(table.c.id == row_id, table.c.case_id == case_id)
    return connection.execute(statement).first() is not None
