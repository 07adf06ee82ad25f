"""Which organisation answers for what a process of a dispute does."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from casework.store.tables import dispute, organisation

_RECEIVERS: Mapping[str, "sa.Column[Any]"] = {
    "negotiation": dispute.c.union_organisation_id,
    "arbitration-review": dispute.c.arbitration_organisation_id,
    "judicial-confirmation": dispute.c.court_id,
    "payment-order": dispute.c.court_id,
}
"""Process -> column of `dispute` with the organisation that has the case in it; else the mediation organisation."""

ORGANISATION_COLUMNS = (
    organisation.c.id.label("organisation_id"),
    organisation.c.code.label("organisation_code"),
    organisation.c.name.label("organisation_name"),
)


def responsible_id(process_key: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """Return the id of the organisation that answers for a process of the dispute joined; null where none has it yet."""
    cases = [(process_key == key, column) for key, column in _RECEIVERS.items()]
    return sa.case(*cases, else_=dispute.c.organisation_id)


def shown_organisation(row: dict[str, Any]) -> dict[str, Any] | None:
    """Take the columns ORGANISATION_COLUMNS out of a row and return the organisation, or None."""
    found = {name: row.pop(f"organisation_{name}") for name in ("id", "code", "name")}
    return found if found["id"] is not None else None
