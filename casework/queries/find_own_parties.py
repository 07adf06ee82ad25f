"""Which parties of a case a viewer is or stands for."""

from uuid import UUID

import sqlalchemy as sa

from casework.access import Viewer
from casework.store.tables import agent, party


def own_parties(connection: sa.Connection, viewer: Viewer, case_id: UUID) -> list[UUID]:
    """Return the ids of the parties of a case whose account, or whose agent's account, is the viewer's."""
    as_party = sa.select(party.c.id).where(party.c.case_id == case_id, party.c.user_account_id == viewer.user_id)
    as_agent = sa.select(agent.c.party_id).where(agent.c.case_id == case_id, agent.c.user_account_id == viewer.user_id)
    return list(connection.execute(sa.union(as_party, as_agent)).scalars())
