"""Resolves an incident by letting what stopped try again."""

from uuid import UUID

import sqlalchemy as sa

from engine.commands.advance import StepOutcome, advance, require_active
from engine.commands.unit_of_work import UnitOfWork
from engine.domain.errors import IncidentAlreadyResolvedError
from engine.domain.events import HistoryEvent
from engine.domain.stimuli import IncidentRetried
from engine.store import history
from engine.store.cases import lock_case
from engine.store.instances import case_of, get_instance, get_row
from engine.store.tables import incident, job, timer


def resolve_incident(uow: UnitOfWork, incident_id: UUID, resolution: str = "") -> StepOutcome:
    """Resolve an incident with a retry: a job gets its attempts anew, a timer or token tries again.

    Raises NotFoundError, IncidentAlreadyResolvedError, ProcessInstanceNotActiveError.
    """
    locked = lock_case(uow.connection, case_of(uow.connection, incident, incident_id, "incident"))
    row = get_row(uow.connection, incident, incident_id, "incident")
    if row.state == "resolved":
        raise IncidentAlreadyResolvedError(id=str(incident_id))
    instance = get_instance(uow.connection, row.instance_id)
    if row.token_id is not None:
        require_active(instance)
    uow.connection.execute(
        sa.update(incident)
        .where(incident.c.id == incident_id)
        .values(state="resolved", resolved_at=uow.now, resolved_by=uow.actor.id, resolution=resolution or "retry")
    )
    event = HistoryEvent(
        "incident-resolved",
        {"id": str(incident_id), "kind": row.kind, "resolution": resolution or "retry"},
        {},
        row.instance_id,
        row.element_id,
        row.element_name,
    )
    if row.job_id is None and row.timer_id is None:
        return advance(uow, locked, instance, IncidentRetried(row.token_id), [event])
    if row.job_id is not None:
        uow.connection.execute(
            sa.update(job)
            .where(job.c.id == row.job_id)
            .values(
                state="waiting",
                retries_left=sa.func.jsonb_array_length(job.c.retry_delays),
                run_at=uow.now,
                failure=None,
            )
        )
        uow.platform.queue.defer(uow.connection, [(row.job_id, None)])
    else:
        uow.connection.execute(sa.update(timer).where(timer.c.id == row.timer_id).values(state="waiting"))
    history.append(uow.connection, locked, [event], actor=uow.actor, now=uow.now)
    return StepOutcome(instance.id, instance.case_id, instance.state)
