"""Opens a case: the matter that process instances and history belong to."""

from uuid import UUID

from engine.commands.unit_of_work import UnitOfWork
from engine.domain.events import HistoryEvent
from engine.store import history
from engine.store.cases import insert_case, lock_case


def open_case(uow: UnitOfWork, business_key: str, *, is_hosted: bool = False) -> UUID:
    """Open a case under a business key; return its id. Raises BusinessKeyTakenError.

    `is_hosted` says that the host keeps a matter of its own about it and decides who sees it.
    """
    case_id = uow.platform.ids()
    insert_case(uow.connection, case_id, business_key, uow.now, is_hosted=is_hosted)
    locked = lock_case(uow.connection, case_id)
    event = HistoryEvent("case-opened", {"business_key": business_key})
    history.append(uow.connection, locked, [event], actor=uow.actor, now=uow.now)
    return case_id
