"""Tells people, in the system, of what others did with their user tasks: in the same transaction as the deed."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from casework.bureau import Bureau
from casework.notifications import Recipient, record_notification, user_recipient, users_of_role
from casework.store.tables import dispute, user_account
from casework.work import Work
from engine.domain.errors import NotFoundError

HEADS = ("organisation-head", "arbitration-director")


def holders(connection: sa.Connection, bureau: Bureau, task: Any) -> list[Recipient]:
    """Return whom a user task (a row) waits for: its assignee, else its candidates with the case in scope."""
    if task.assignee is not None:
        return users(connection, bureau, [task.assignee])
    found = users(connection, bureau, task.candidate_users)
    for group in task.candidate_groups:
        found += users_of_role(connection, bureau, task.case_id, group)
    return found


def heads(connection: sa.Connection, bureau: Bureau, case_id: UUID) -> list[Recipient]:
    """Return the heads of the bodies that have the case."""
    return [found for role in HEADS for found in users_of_role(connection, bureau, case_id, role)]


def users(connection: sa.Connection, bureau: Bureau, actor_ids: Iterable[str]) -> list[Recipient]:
    """Return the accounts of actors; closed ones and machines are left out."""
    found = []
    for actor_id in actor_ids:
        try:
            found.append(user_recipient(connection, bureau, actor_id.removeprefix("user:")))
        except NotFoundError:
            continue  # nobody is there to be told any more
    return found


def actor_ids_of(connection: sa.Connection, recipients: Sequence[Recipient]) -> list[str]:
    """Return the actor ids of those of the recipients that have an account, each once."""
    ids = [each.user_id for each in recipients if each.user_id is not None]
    rows = connection.execute(
        sa.select(user_account.c.username).where(user_account.c.id.in_(ids)).order_by(user_account.c.username)
    )
    return [f"user:{name}" for name in rows.scalars()]


def tell(
    work: Work,
    task: Any,
    template: str,
    recipients: Iterable[Recipient],
    key: object,
    *,
    due_on: date | None = None,
) -> None:
    """Write notices about a user task (a row), to everybody but the actor; `key` tells this deed from all others.

    A case that is no dispute has nobody to be told: its user tasks are trials.
    """
    number = work.connection.execute(
        sa.select(dispute.c.number).where(dispute.c.case_id == task.case_id)
    ).scalar_one_or_none()
    if number is None:
        return
    facts = {"number": number, "task": task.element_name, "user_task_id": str(task.id)}
    if due_on is not None:
        facts["due_on"] = f"{due_on.year}年{due_on.month}月{due_on.day}日"
    own = work.connection.execute(
        sa.select(user_account.c.id).where(user_account.c.username == work.actor.id.removeprefix("user:"))
    ).scalar_one_or_none()
    for recipient in recipients:
        if recipient.user_id is not None and recipient.user_id == own:
            continue
        record_notification(
            work,
            task.case_id,
            template=template,
            channel="in-app",
            idempotency_key=f"{template}:{key}:{recipient.party_id or recipient.user_id}",
            user_id=None if recipient.party_id else recipient.user_id,
            party_id=recipient.party_id,
            facts=facts,
        )
