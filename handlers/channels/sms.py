"""Short messages through an HTTP gateway."""

import json
from datetime import datetime

from casework.gateway import DeliveryDelayedError, Gateway, post_signed
from handlers.settings import SmsSettings


def send_sms(settings: SmsSettings, phone: str, text: str, idempotency_key: str, now: datetime) -> str:
    """Hand a message to the gateway and return the gateway's id of it.

    Raises DeliveryDelayedError and DeliveryRefusedError.
    """
    body = json.dumps({"to": phone, "text": text}, ensure_ascii=False, sort_keys=True).encode()
    gateway = Gateway("短信网关", settings.url, settings.key, settings.timeout_seconds)
    message_id = post_signed(gateway, body, idempotency_key, now).get("message_id")
    if not isinstance(message_id, str) or not 0 < len(message_id) <= 200:
        raise DeliveryDelayedError("短信网关的答复中没有 message_id")
    return message_id
