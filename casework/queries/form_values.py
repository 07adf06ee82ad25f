"""What the form of a user task is opened with: dates, choices with names, texts, items and signatures as they stand."""

from collections.abc import Set
from dataclasses import asdict
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from casework.agreements import ITEM_STATEMENTS, agreement_items
from casework.bureau import Bureau
from casework.clauses import clause_options
from casework.clauses_in_use import CLAUSE_STATEMENTS, clause_codes
from casework.encryption import place
from casework.service_records import SERVICE_FIELDS
from casework.signing import SIGNATURES
from casework.statements import STATEMENTS, helpers, instalments
from casework.store.named_inputs import current_inputs, option_label
from casework.store.signatures import current_signatures, signing_of
from casework.store.tables import dispute, party, statement
from engine.domain.values import plain

_ITEM_FIELDS = ("content", "clause", "cause_code", "amount", "due_on", "account")
_ITEM_PARTIES = ("payer_party_id", "payee_party_id", "worker")
_SIGNATURE_FIELDS = ("signed_on", "level", "signed_by", "consented_on")


def form_values(
    connection: sa.Connection,
    bureau: Bureau,
    case_id: UUID,
    wanted: Set[str],
    *,
    sees_confidential: bool,
    language: str = "zh",
) -> dict[str, Any]:
    """Return the named inputs of a case among `wanted` as plain JSON, texts in clear; for whoever may work on the task.

    Confidential texts only with `sees_confidential`. Parties are told by their code in the case, such as
    `applicant-1`, with their names beside it. What can be chosen is named in `language`.
    """
    found = {
        name: plain(value)
        for name, value in current_inputs(connection, case_id).items()
        if name in wanted and name not in STATEMENTS and name not in SERVICE_FIELDS
    }
    if connection.execute(sa.select(dispute.c.case_id).where(dispute.c.case_id == case_id)).first() is None:
        return found
    _name_options(connection, bureau, case_id, found, language)
    for name, for_items in (("clause_options", False), ("item_clause_options", True)):
        if name in wanted:
            found[name] = list(clause_options(bureau.site.folder, for_items=for_items, language=language))
    texts = [name for name in STATEMENTS if name in wanted]
    codes = _codes(connection, case_id) if SIGNATURES in wanted or set(texts) & set(ITEM_STATEMENTS) else {}
    for row in connection.execute(
        sa.select(statement.c.id, statement.c.name, statement.c.content).where(
            statement.c.case_id == case_id, statement.c.name.in_(texts), statement.c.superseded_at.is_(None)
        )
    ):
        if sees_confidential or not STATEMENTS[row.name].is_confidential:
            text = bureau.keyring.open(row.content, place("statement", "content", row.id))
            found[row.name] = _shown(row.name, text, codes)
    if SIGNATURES in wanted:
        found[SIGNATURES] = _signatures(connection, case_id)
    return found


def _shown(name: str, text: str, codes: dict[str, str]) -> Any:
    if name in ITEM_STATEMENTS:
        return [
            {
                key: plain(getattr(item, key))
                for key in _ITEM_FIELDS
                # the words of a clause follow its amount and day: they are filled in anew, not sent again
                if getattr(item, key) is not None and not (key == "content" and item.clause)
            }
            | {key: codes[getattr(item, key)] for key in _ITEM_PARTIES if getattr(item, key) in codes}
            for item in agreement_items(text)
        ]
    if name in CLAUSE_STATEMENTS:
        return clause_codes(text)
    if name == "instalments":
        return [{"amount": plain(each.amount), "due_on": plain(each.due_on)} for each in instalments(text)]
    if name == "negotiation_helpers":
        return [asdict(each) for each in helpers(text)]
    return text


def _signatures(connection: sa.Connection, case_id: UUID) -> list[dict[str, Any]]:
    """Return a row for everybody who must sign, filled in where they have."""
    standing = current_signatures(connection, case_id)
    return [
        {"signatory": each.code}
        | (
            {
                key: plain(standing[each.code]._mapping[key])
                for key in _SIGNATURE_FIELDS
                if standing[each.code]._mapping[key] is not None
            }
            if each.code in standing
            else {}
        )
        for each in signing_of(connection, case_id).signatories
    ]


def _codes(connection: sa.Connection, case_id: UUID) -> dict[str, str]:
    return {str(party_id): code for code, party_id in signing_of(connection, case_id).parties.items()}


def _name_options(
    connection: sa.Connection, bureau: Bureau, case_id: UUID, found: dict[str, Any], language: str
) -> None:
    options = [option for name in ("party_options", "signatory_options") for option in found.get(name, ())]
    if not options:
        return
    rows = connection.execute(
        sa.select(party.c.id, party.c.side, party.c.position, party.c.name).where(party.c.case_id == case_id)
    )
    names = {
        f"{row.side}-{row.position}": bureau.keyring.open(row.name, place("party", "name", row.id)) for row in rows
    }
    for option in options:
        option["label"] = option_label(option, language)
        if option["value"] in names:
            option["label"] = f"{option['label']} {names[option['value']]}"
