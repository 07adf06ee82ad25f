"""Tells people about versions of deadline rules: the second person of a proposal, the proposer of what came of it."""

from uuid import UUID

import sqlalchemy as sa

from casework.bureau import Bureau
from casework.notifications import record_notification
from casework.store.tables import user_account
from casework.work import Work
from engine.domain.actor import user_actor_id


def tell_second_persons(work: Work, bureau: Bureau, rule_id: str, number: int) -> None:
    """Tell every supervisor of the whole city but the proposer that a version awaits a decision."""
    users = work.connection.execute(
        sa.select(user_account.c.id, user_account.c.username)
        .where(
            user_account.c.is_active,
            user_account.c.roles.contains(["supervisor"]),
            user_account.c.area_code == bureau.site.root_area,
        )
        .order_by(user_account.c.id)
    ).all()
    for user in users:
        if user_actor_id(user.username) != work.actor.id:
            _tell(work, user.id, "deadline-rule-proposed", rule_id, number)


def tell_proposer(work: Work, proposed_by: str, template: str, rule_id: str, number: int) -> None:
    """Tell who proposed a version what came of it; `proposed_by` is an actor id."""
    user_id = work.connection.execute(
        sa.select(user_account.c.id).where(user_account.c.username == proposed_by.removeprefix("user:"))
    ).scalar_one_or_none()
    if user_id is not None:
        _tell(work, user_id, template, rule_id, number)


def _tell(work: Work, user_id: UUID, template: str, rule_id: str, number: int) -> None:
    record_notification(
        work,
        None,
        template=template,
        channel="in-app",
        idempotency_key=f"{template}/{rule_id}/{number}/{user_id}",
        user_id=user_id,
        facts={"rule_version": f"{rule_id} v{number}"},
    )
