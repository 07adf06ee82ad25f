"""Correlates a message by name and business key to the one place that waits for it."""

from collections.abc import Mapping
from uuid import UUID

import sqlalchemy as sa

from engine.commands.advance import StepOutcome, advance, require_active
from engine.commands.pending_stimuli import keep_for_resume
from engine.commands.unit_of_work import UnitOfWork
from engine.domain.errors import MessageAmbiguousError, MessageNotCorrelatedError, NotFoundError
from engine.domain.events import HistoryEvent
from engine.domain.stimuli import MessageReceived
from engine.domain.values import Value, plain
from engine.store import history
from engine.store.cases import find_case, lock_case
from engine.store.instances import get_instance
from engine.store.tables import message_subscription, process_instance


def correlate_message(
    uow: UnitOfWork,
    *,
    message_name: str,
    business_key: str,
    variables: Mapping[str, Value] | None = None,
    instance_id: UUID | None = None,
) -> StepOutcome:
    """Give a message to the token that waits for it; while its instance is suspended it waits there.

    Raises NotFoundError, MessageNotCorrelatedError when nobody waits, MessageAmbiguousError when several do.
    """
    case_id = find_case(uow.connection, business_key)
    if case_id is None:
        raise NotFoundError(what="case", id=business_key)
    locked = lock_case(uow.connection, case_id)
    statement = (
        sa.select(message_subscription)
        .join(process_instance, process_instance.c.id == message_subscription.c.instance_id)
        .where(
            message_subscription.c.case_id == case_id,
            message_subscription.c.message_name == message_name,
            message_subscription.c.state == "waiting",
        )
    )
    if instance_id is not None:
        statement = statement.where(message_subscription.c.instance_id == instance_id)
    found = uow.connection.execute(statement).all()
    if not found:
        raise MessageNotCorrelatedError(business_key=business_key, message_name=message_name)
    if len(found) > 1:
        raise MessageAmbiguousError(business_key=business_key, message_name=message_name, count=len(found))
    row = found[0]
    instance = get_instance(uow.connection, row.instance_id)
    values = dict(variables or {})
    stimulus = MessageReceived(row.token_id, values)
    event = HistoryEvent(
        "message-received",
        {"message_name": message_name},
        {name: plain(value) for name, value in values.items()},
        instance.id,
        row.element_id,
        row.element_name,
    )
    if instance.state == "suspended":
        keep_for_resume(uow, instance, stimulus)
        history.append(uow.connection, locked, [event], actor=uow.actor, now=uow.now)
        return StepOutcome(instance.id, case_id, "suspended")
    require_active(instance)
    return advance(uow, locked, instance, stimulus, [event], told=values)
