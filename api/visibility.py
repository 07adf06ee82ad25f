"""Which cases, and what hangs on them, a viewer reaches through the API.

A case that is a dispute is seen by `casework.access` alone. A case without a dispute (a process tried out, a bench)
holds no personal data and is seen by those who look after the machinery; its user tasks also by their candidates.
"""

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from api.rules import MACHINISTS
from casework.access import Action, Viewer, case_scope, may, require
from casework.store.tables import dispute
from engine.domain.errors import NotFoundError
from engine.store.tables import case

_CaseId = sa.ColumnElement[Any]


def seen_cases(viewer: Viewer, case_id: _CaseId) -> sa.ColumnElement[bool]:
    """Return the condition over a column of case ids: those whose content the viewer may read."""
    own = sa.exists().where(dispute.c.case_id == case_id, case_scope(viewer))
    return sa.or_(own, no_dispute(case_id)) if is_machinist(viewer) else own


def machine_cases(viewer: Viewer, case_id: _CaseId) -> sa.ColumnElement[bool]:
    """Return the condition over a column of case ids: those whose jobs, timers and incidents the viewer may see.

    Administrators and designers see the machinery of every case, without its content.
    """
    return sa.true() if sees_every_machine(viewer) else seen_cases(viewer, case_id)


def no_dispute(case_id: _CaseId) -> sa.ColumnElement[bool]:
    """Return the condition that the case of a column is no dispute."""
    return ~sa.exists().where(dispute.c.case_id == case_id)


def in_dispute(connection: sa.Connection, case_id: UUID) -> bool:
    """Return whether a case is a dispute."""
    return connection.execute(sa.select(sa.literal(1)).where(dispute.c.case_id == case_id)).first() is not None


def is_machinist(viewer: Viewer) -> bool:
    """Return whether the viewer looks after the machinery."""
    return bool(viewer.roles.intersection(MACHINISTS))


def sees_every_machine(viewer: Viewer) -> bool:
    """Return whether the viewer sees the machinery of cases outside any scope."""
    return bool(viewer.roles & {"admin", "designer"})


def is_dispute(connection: sa.Connection, case_id: UUID) -> bool:
    """Return whether the case is a dispute; raises NotFoundError when there is no such case."""
    found = connection.execute(
        sa.select(dispute.c.case_id.is_not(None))
        .select_from(case.outerjoin(dispute, dispute.c.case_id == case.c.id))
        .where(case.c.id == case_id)
    ).scalar_one_or_none()
    if found is None:
        raise NotFoundError(what="case", id=case_id)
    return bool(found)


def require_case(connection: sa.Connection, viewer: Viewer, action: Action, case_id: UUID) -> None:
    """Return when the viewer may do this with the case; raises NotFoundError, ActionForbiddenError."""
    if is_machinist(viewer) and not is_dispute(connection, case_id):
        return
    require(connection, viewer, action, case_id)


def require_machine(connection: sa.Connection, viewer: Viewer, action: Action, case_id: UUID) -> None:
    """Return when the viewer may see (`read`) or repair (`operate`) the machinery of a case.

    Raises NotFoundError, ActionForbiddenError.
    """
    if "admin" in viewer.roles or (action == "read" and sees_every_machine(viewer)):
        is_dispute(connection, case_id)
        return
    require_case(connection, viewer, action, case_id)


def reads_content(connection: sa.Connection, viewer: Viewer, case_id: UUID) -> bool:
    """Return whether the viewer may see variables and free text of a case, not its machinery only."""
    if is_machinist(viewer) and not is_dispute(connection, case_id):
        return True
    return may(connection, viewer, "read", case_id)
