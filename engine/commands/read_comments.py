"""Notes that somebody has read the comments on a user task; leaves no history: reading changes nothing."""

from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from engine.commands.unit_of_work import UnitOfWork
from engine.store.tables import user_task_comment_reading


def read_comments(uow: UnitOfWork, user_task_id: UUID) -> None:
    """Write down that the actor has read the comments on a user task up to now."""
    statement = insert(user_task_comment_reading).values(
        user_task_id=user_task_id, reader=uow.actor.id, read_at=uow.now
    )
    uow.connection.execute(
        statement.on_conflict_do_update(index_elements=["user_task_id", "reader"], set_={"read_at": uow.now})
    )
