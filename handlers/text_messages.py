"""Sends parties their links and codes: text messages whose secret is known only while they are sent.

A pending notification says that something is to be sent, never what. It is locked while it is sent and skipped by
other workers; the gateway is given the notification's own idempotency key, so a repeated message is one message.
"""

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from casework.bureau import Bureau
from casework.gateway import DeliveryDelayedError, DeliveryRefusedError
from casework.notices import SECRET, render_notice
from casework.notifications import mark_delivered, mark_failed, party_recipient, pending_text_message
from casework.party_access import mobile_number, sendable_code, sendable_link
from casework.work import PlainWork
from engine.domain.actor import Actor
from engine.domain.clock import Clock
from engine.domain.ids import IdSource
from handlers.channels.sms import send_sms
from handlers.settings import HandlerSettings

logger = logging.getLogger(__name__)

Begin = Callable[[], AbstractContextManager[sa.Connection]]

GIVE_UP = timedelta(hours=1)
"""A link that could not be sent for so long is given up; a code is given up when it runs out."""
BATCH = 50
_SENDER = Actor("text-messages")


def send_text_messages(begin: Begin, bureau: Bureau, ids: IdSource, settings: HandlerSettings, clock: Clock) -> int:
    """Send what waits, each in a transaction of its own, and return how many messages left; failures are tried again."""
    sent, seen = 0, set[UUID]()
    while len(seen) < BATCH:
        with begin() as connection:
            row = pending_text_message(connection, SECRET, seen)
            if row is None:
                break
            seen.add(row.id)
            sent += _send(PlainWork(connection, _SENDER, clock.now(), ids), bureau, settings, row)
    return sent


def _send(work: PlainWork, bureau: Bureau, settings: HandlerSettings, row: Any) -> bool:
    recipient = party_recipient(work.connection, bureau, row.party_id)
    phone, secret = mobile_number(recipient.phone), _secret(work, bureau, settings, row)
    if phone is None or secret is None or not (settings.sms or settings.demo_messages):
        mark_failed(work, row.id)
        return False
    text = f"【{settings.brand}】{render_notice(row.template, recipient.language, {**row.facts, **secret}).text}"
    try:
        external_id = _hand_over(settings, phone, text, row.idempotency_key, work.now)
    except DeliveryRefusedError:
        mark_failed(work, row.id)
        return False
    except DeliveryDelayedError as error:
        logger.warning("a text message waits: %s", error)
        if row.created_at + GIVE_UP <= work.now:
            mark_failed(work, row.id)
        return False
    mark_delivered(work, row.id, external_id)
    return True


def _secret(work: PlainWork, bureau: Bureau, settings: HandlerSettings, row: Any) -> dict[str, str] | None:
    """Return the link or the code that a notification is about; None when it is good for nothing any more."""
    if "party_code_id" in row.facts:
        code = sendable_code(work.connection, bureau.keyring, UUID(row.facts["party_code_id"]), work.now)
        return None if code is None else {"code": code}
    invitation_id = UUID(row.facts["party_invitation_id"])
    link = sendable_link(work.connection, bureau.keyring, invitation_id, settings.address, work.now)
    return None if link is None else {"link": link}


def _hand_over(settings: HandlerSettings, phone: str, text: str, key: str, now: datetime) -> str:
    if settings.sms is not None:
        return send_sms(settings.sms, phone, text, key, now)
    assert settings.demo_messages is not None
    return _write_down(settings.demo_messages, phone, text, now)


def _write_down(path: Path, phone: str, text: str, now: datetime) -> str:
    """Play the gateway in a demonstration: the message stands in a file and in the worker's log."""
    with path.open("a", encoding="utf-8") as file:
        file.write(f"{now.isoformat(timespec='seconds')} {phone} {text}\n")
    logger.info("demonstration, text message to %s: %s", phone, text)
    return "demo"
