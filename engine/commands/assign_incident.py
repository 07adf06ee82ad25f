"""Says who sees to an incident."""

from uuid import UUID

import sqlalchemy as sa

from engine.commands.unit_of_work import UnitOfWork
from engine.domain.errors import IncidentAlreadyResolvedError
from engine.domain.events import HistoryEvent
from engine.store import history
from engine.store.cases import lock_case
from engine.store.instances import case_of, get_row
from engine.store.tables import incident


def assign_incident(uow: UnitOfWork, incident_id: UUID, assignee: str | None) -> None:
    """Give an open incident to somebody (an actor id), or to nobody; the same again changes nothing.

    Raises NotFoundError, IncidentAlreadyResolvedError.
    """
    locked = lock_case(uow.connection, case_of(uow.connection, incident, incident_id, "incident"))
    row = get_row(uow.connection, incident, incident_id, "incident")
    if row.state == "resolved":
        raise IncidentAlreadyResolvedError(id=str(incident_id))
    if row.assignee == assignee:
        return
    uow.connection.execute(sa.update(incident).where(incident.c.id == incident_id).values(assignee=assignee))
    facts = {"id": str(incident_id), "assignee": assignee, "assignee_before": row.assignee}
    event = HistoryEvent("incident-assigned", facts, {}, row.instance_id, row.element_id, row.element_name)
    history.append(uow.connection, locked, [event], actor=uow.actor, now=uow.now)
