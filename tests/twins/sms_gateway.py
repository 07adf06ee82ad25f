"""The SMS gateway's counterpart: takes {"to", "text"}, gives {"message_id"}."""

import itertools
from collections.abc import Callable
from datetime import datetime
from typing import Any

from tests.twins.signed_gateway import SignedGateway, system_now


def sms_gateway(secret: str, now: Callable[[], datetime] = system_now, port: int = 0) -> SignedGateway:
    """Return a gateway, not started yet; `messages` holds what would have been sent."""
    numbers = itertools.count(1)

    def answer(message: dict[str, Any]) -> dict[str, Any]:
        assert set(message) == {"to", "text"}
        return {"message_id": f"sms-{next(numbers)}"}

    return SignedGateway(secret, answer, now, port)
