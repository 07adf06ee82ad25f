"""The first party of each side of some cases: what a line of a list shows of the parties."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from casework.bureau import Bureau
from casework.encryption import place
from casework.masking import masked_name
from casework.store.tables import party


def first_parties(
    connection: sa.Connection, bureau: Bureau, case_ids: Sequence[UUID]
) -> dict[UUID, dict[str, dict[str, Any]]]:
    """Return per case and side the first party, its name in clear, and how many there are."""
    if not case_ids:
        return {}
    counts = sa.func.count().over(partition_by=(party.c.case_id, party.c.side)).label("count")
    ranked = sa.select(party, counts).where(party.c.case_id.in_(case_ids)).subquery()
    found: dict[UUID, dict[str, dict[str, Any]]] = {}
    for row in connection.execute(sa.select(ranked).where(ranked.c.position == 1)):
        name = bureau.keyring.open(row.name, place("party", "name", row.id))
        found.setdefault(row.case_id, {})[row.side] = {"name": name, "kind": row.kind, "count": row.count}
    return found


def shown_party(first: Mapping[str, Any] | None, *, shows_names: bool) -> dict[str, Any] | None:
    """Return a first party as a list shows it: a person's name masked unless the viewer sees names in lists."""
    if first is None:
        return None
    is_hidden = first["kind"] == "person" and not shows_names
    return {**first, "name": masked_name(first["name"]) if is_hidden else first["name"]}
