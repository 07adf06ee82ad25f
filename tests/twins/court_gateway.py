"""The court's counterpart: takes filings, checks the papers' hashes, gives a number, and calls back with its decision."""

import base64
import hashlib
import itertools
import json
import urllib.request
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from casework.gateway_signatures import SigningKey, signed_headers
from tests.twins.signed_gateway import SignedGateway, system_now


def court_gateway(secret: str, now: Callable[[], datetime] = system_now, port: int = 0) -> SignedGateway:
    """Return a gateway, not started yet; `messages` holds the filings."""
    numbers = itertools.count(1)

    def answer(message: dict[str, Any]) -> dict[str, Any]:
        assert message["format"] == 1
        for document in message["documents"]:
            content = base64.b64decode(document["content"], validate=True)
            assert hashlib.sha256(content).hexdigest() == document["sha256"], "the paper is not what its hash says"
        return {"court_filing_number": f"（{now().year}）示例法收{next(numbers)}号"}

    return SignedGateway(secret, answer, now, port)


def call_back(
    url: str,
    secret: str,
    court_filing_number: str,
    state: str,
    *,
    decided_on: date | None = None,
    document_number: str | None = None,
    reason: str | None = None,
    idempotency_key: str | None = None,
    now: Callable[[], datetime] = system_now,
) -> int:
    """Tell the system at `url` what the court decided; return the HTTP status."""
    body = json.dumps(
        {
            "court_filing_number": court_filing_number,
            "state": state,
            "decided_on": decided_on.isoformat() if decided_on else None,
            "document_number": document_number,
            "reason": reason,
        },
        ensure_ascii=False,
    ).encode()
    key = idempotency_key or f"{court_filing_number}:{state}"
    safe_key = hashlib.sha256(key.encode()).hexdigest()
    headers = {"Content-Type": "application/json", **signed_headers(SigningKey(secret), body, now(), safe_key)}
    request = urllib.request.Request(url, data=body, headers=headers, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=10) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        return error.code
