"""Which case a reading request is about: every reading of a case by a supervisor is written down."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from api.context import RequestContext
from casework.access import log_case_access
from casework.store.tables import dispute, document
from engine.store.tables import process_instance, user_task

PLACES: Mapping[str, sa.Table] = {
    "user_task_id": user_task,
    "instance_id": process_instance,
    "document_id": document,
}
"""Argument of a path -> table whose row belongs to a case; `case_id` is the case itself."""


def note_reading(context: RequestContext, arguments: Mapping[str, Any], operation: str) -> bool:
    """Write down that a supervisor read something of a dispute; tell whether there was anything to write.

    `arguments` are those of the path; a list over many cases names none and is no reading of a case.
    """
    viewer = context.viewer_or_none
    if viewer is None or not viewer.is_supervisor:
        return False
    case_id = _case_id(context.connection, arguments)
    if case_id is None:
        return False
    log_case_access(context.work, viewer, case_id, operation)
    return True


def _case_id(connection: sa.Connection, arguments: Mapping[str, Any]) -> UUID | None:
    case_id = arguments.get("case_id")
    for name, table in PLACES.items():
        if case_id is None and name in arguments:
            case_id = connection.execute(sa.select(table.c.case_id).where(table.c.id == arguments[name])).scalar()
    if case_id is None:
        return None
    return connection.execute(sa.select(dispute.c.case_id).where(dispute.c.case_id == case_id)).scalar()
