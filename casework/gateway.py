"""Gateways of partners: signed JSON by HTTP POST; answers are read with limits, and failures are for now or for good."""

import json
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from casework.gateway_signatures import SigningKey, signed_headers

MAX_ANSWER = 64 * 1024
"""Bytes of an answer that are read, unless the gateway sends files back."""
_TRY_AGAIN = frozenset({408, 425, 429})


class DeliveryDelayedError(Exception):
    """The other side cannot be reached or is busy; the same message may be sent again later.

    The text names the channel and the trouble, never the recipient or the content.
    """


class DeliveryRefusedError(Exception):
    """The other side refused this message for good; sending it again is of no use."""

    def __init__(self, message: str, status: int | None = None, code: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code


@dataclass(frozen=True, slots=True)
class Gateway:
    """Where a gateway listens and what we share with it."""

    name: str
    """What failures call it, e.g. 短信网关."""
    url: str
    key: SigningKey
    timeout_seconds: float
    max_answer: int = MAX_ANSWER


def post_signed(gateway: Gateway, body: bytes, idempotency_key: str, now: datetime) -> dict[str, Any]:
    """Send `body` and return the answer's JSON object.

    The idempotency key lets the gateway take a repeated message once. Raises DeliveryDelayedError when the gateway is
    out of reach, slow, busy (5xx, 408, 425, 429), redirects or answers nonsense, and DeliveryRefusedError with status
    and the answer's `code` on any other 4xx.
    """
    status, answer = _exchange(gateway, body, signed_headers(gateway.key, body, now, idempotency_key))
    if status >= 500 or status in _TRY_AGAIN or not (200 <= status < 300 or status >= 400):
        raise DeliveryDelayedError(f"{gateway.name}暂不可用（HTTP {status}）")
    try:
        parsed = json.loads(answer)
    except ValueError:
        parsed = None
    if status >= 400:
        code = parsed.get("code") if isinstance(parsed, dict) else None
        raise DeliveryRefusedError(f"{gateway.name}拒绝（HTTP {status}）", status, code if _is_code(code) else None)
    if not isinstance(parsed, dict):
        raise DeliveryDelayedError(f"{gateway.name}的答复不是约定的格式（HTTP {status}）")
    return parsed


def _exchange(gateway: Gateway, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
    """Return status and body; the whole exchange, not each read of it, ends within the gateway's timeout."""
    import httpx  # where it is used: many who know of gateways never call one

    give_up = time.monotonic() + gateway.timeout_seconds
    answer = b""
    try:
        # trust_env: proxies come from settings or not at all, never from the environment in passing
        with (
            httpx.Client(timeout=gateway.timeout_seconds, trust_env=False, follow_redirects=False) as client,
            client.stream(
                "POST", gateway.url, content=body, headers={"Content-Type": "application/json", **headers}
            ) as response,
        ):
            for chunk in response.iter_bytes():
                answer += chunk
                if len(answer) > gateway.max_answer:
                    raise DeliveryDelayedError(f"{gateway.name}的答复过长")
                if time.monotonic() > give_up:
                    raise DeliveryDelayedError(f"{gateway.name}答复超时")
            return response.status_code, answer
    except httpx.TimeoutException as error:
        raise DeliveryDelayedError(f"{gateway.name}答复超时") from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise DeliveryDelayedError(f"{gateway.name}无法连接（{type(error).__name__}）") from error


def _is_code(code: object) -> bool:
    return (
        isinstance(code, str)
        and 0 < len(code) <= 64
        and code.isascii()
        and all(char.isalnum() or char in "-_." for char in code)
    )
