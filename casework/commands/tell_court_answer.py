"""Tells the court liaison of an answer of the court that no process waits for."""

from uuid import UUID

import sqlalchemy as sa

from engine.commands.add_job import add_job
from engine.commands.unit_of_work import UnitOfWork
from engine.store.cases import lock_case
from engine.store.tables import process_instance

TEMPLATE = "court-answer-unexpected"
RECIPIENTS = "court-liaison,mediator,supervisor"


def tell_court_answer(uow: UnitOfWork, case_id: UUID) -> UUID:
    """Have the court liaison, the mediator and the supervisors told, beside the process; return the id of the job.

    The answer itself is kept with the filing. Locks the case.
    """
    locked = lock_case(uow.connection, case_id)
    place = uow.connection.execute(
        sa.select(
            process_instance.c.id.label("instance_id"),
            process_instance.c.process_key,
            process_instance.c.process_key.label("element_id"),
            sa.literal("法院答复").label("element_name"),
        )
        .where(process_instance.c.case_id == case_id)
        .order_by(process_instance.c.started_at, process_instance.c.id)
        .limit(1)
    ).one()
    return add_job(uow, locked, place, "notify", {"template": TEMPLATE, "recipient": RECIPIENTS})
