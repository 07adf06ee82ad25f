"""The deadline rules as they count for one case: the facts of the case that decide, read from the database."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from casework.deadlines.rule_book import CaseRules, shipped_book
from casework.deadlines.rules import CaseFacts
from casework.store.tables import dispute, organisation

_KIND = (
    sa.select(organisation.c.kind)
    .select_from(dispute.join(organisation, organisation.c.id == dispute.c.organisation_id))
    .where(dispute.c.case_id == sa.bindparam("case_id"))
)


def case_rules(connection: sa.Connection, case_id: UUID, inputs: Mapping[str, Any]) -> CaseRules:
    """Return the rules for a case whose named inputs are `inputs`; the event dates among them decide on versions."""
    kind = connection.execute(_KIND, {"case_id": case_id}).scalar_one_or_none()
    dates = {name: value for name, value in inputs.items() if type(value) is date}
    return CaseRules(shipped_book(), CaseFacts(organisation_kind=kind, dates=dates))
