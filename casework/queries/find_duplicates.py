"""Disputes between the same parties about the same matter, found without reading anybody's name."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from casework.access import Viewer, case_scope
from casework.encryption import Keyring
from casework.identity_numbers import normalised
from casework.name_grams import name_form, stored_grams
from casework.organisations import ENDED_STAGES
from casework.registration import NewParty
from casework.store.tables import claim, dispute, party
from engine.store.tables import case

_MOST = 5


@dataclass(frozen=True, slots=True)
class Duplicate:
    """An earlier dispute that looks like the same one."""

    case_id: UUID
    business_key: str
    number: str
    stage: str
    is_open: bool
    is_visible: bool
    """Whether the case lies in the scope of who asks."""


def party_indexes(keyring: Keyring, party: NewParty) -> dict[str, Any]:
    """Return the blind indexes that are stored with a party."""
    return {
        "name_index": keyring.index("party name", name_form(party.name)),
        "name_grams": stored_grams(keyring, party.name),
        "id_number_index": keyring.index("party number", normalised(party.id_number)) if party.id_number else None,
    }


def find_duplicates(
    connection: sa.Connection,
    keyring: Keyring,
    applicants: Iterable[NewParty],
    respondents: Iterable[NewParty],
    cause_codes: Collection[str],
    viewer: Viewer | None = None,
) -> list[Duplicate]:
    """Return earlier disputes with one of the applicants, one of the respondents and one of the causes, open ones first.

    Two parties are the same when their identity numbers are; or when their names are and one has no number. Without a
    viewer the installation itself asks, which sees everything.
    """
    cases = _cases_with(connection, keyring, "applicant", list(applicants), None)
    if cases:
        cases = _cases_with(connection, keyring, "respondent", list(respondents), cases)
    if not cases:
        return []
    same_cause = sa.select(claim.c.id).where(
        claim.c.case_id == dispute.c.case_id, claim.c.cause_code.in_(list(cause_codes))
    )
    is_open = dispute.c.stage.not_in(ENDED_STAGES)
    rows = connection.execute(
        sa.select(
            dispute.c.case_id,
            case.c.business_key,
            dispute.c.number,
            dispute.c.stage,
            is_open.label("is_open"),
            (sa.true() if viewer is None else case_scope(viewer)).label("is_visible"),
        )
        .join(case, case.c.id == dispute.c.case_id)
        .where(dispute.c.case_id.in_(cases), sa.exists(same_cause))
        .order_by(is_open.desc(), dispute.c.registered_at.desc())
        .limit(_MOST)
    )
    return [Duplicate(**row) for row in rows.mappings()]


def matching_party(keyring: Keyring, text: str) -> sa.ColumnElement[bool]:
    """Return the condition over `party` that its whole name, or its identity number, is `text`."""
    return sa.or_(
        party.c.name_index.in_(keyring.indexes("party name", name_form(text))),
        party.c.id_number_index.in_(keyring.indexes("party number", normalised(text))),
    )


def _cases_with(
    connection: sa.Connection, keyring: Keyring, side: str, parties: list[NewParty], within: set[UUID] | None
) -> set[UUID]:
    conditions: list[sa.ColumnElement[bool]] = []
    for each in parties:
        same_name: sa.ColumnElement[bool] = party.c.name_index.in_(keyring.indexes("party name", name_form(each.name)))
        if each.id_number:
            numbers = keyring.indexes("party number", normalised(each.id_number))
            conditions.append(party.c.id_number_index.in_(numbers))
            same_name = sa.and_(same_name, party.c.id_number_index.is_(None))
        conditions.append(same_name)
    statement: sa.Select[Any] = sa.select(party.c.case_id).where(party.c.side == side, sa.or_(*conditions)).distinct()
    if within is not None:
        statement = statement.where(party.c.case_id.in_(within))
    return set(connection.execute(statement).scalars())
