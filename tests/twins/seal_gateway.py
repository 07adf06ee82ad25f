"""The seal service's counterpart: signs what it is sent with a key of its own, and gives each seal an id."""

import base64
import hashlib
import itertools
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from casework.seal_keys import OpenKey
from casework.seals import SealPlace, SealRequest
from casework.seals_local import appearance, sign_pdf
from casework.settings import CHECKOUT
from tests.twins.signed_gateway import SignedGateway, system_now

FONTS = (CHECKOUT / "build" / "assets" / "fonts",)


def seal_gateway(
    secret: str, key: OpenKey, now: Callable[[], datetime] = system_now, *, is_forger: bool = False, port: int = 0
) -> SignedGateway:
    """Return a gateway, not started yet; a forger sends back another paper than it was sent."""
    numbers = itertools.count(1)

    def answer(message: dict[str, Any]) -> dict[str, Any]:
        assert message["format"] == 1
        pdf = base64.b64decode(message["pdf"], validate=True)
        assert hashlib.sha256(pdf).hexdigest() == message["sha256"], "the paper is not what its hash says"
        request = SealRequest(
            pdf=pdf,
            kind=message["kind"],
            holder_id=UUID(message["holder_id"]),
            holder_name=message["holder_name"],
            document_number=message["document_number"],
            place=SealPlace(**message["place"]),
            now=now(),
            idempotency_key="",
        )
        sealed = sign_pdf(request, key, appearance(request, FONTS))
        if is_forger:
            sealed = sealed.replace(b"%PDF-1", b"%PDF-2", 1)
        return {
            "pdf": base64.b64encode(sealed).decode(),
            "algorithm": key.record.algorithm,
            "level": "certified",
            "certificate_sha256": key.record.sha256,
            "seal_id": f"示例印章{next(numbers)}",
        }

    return SignedGateway(secret, answer, now, port)
