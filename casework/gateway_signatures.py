"""How gateways prove who speaks: HMAC-SHA256 over the instant, the idempotency key and the body, both directions."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from engine.domain.errors import UnauthenticatedError

TIMESTAMP_HEADER = "X-Tingzhu-Timestamp"
SIGNATURE_HEADER = "X-Tingzhu-Signature"
IDEMPOTENCY_HEADER = "Idempotency-Key"
ALGORITHM = "hmac-sha256"
"""Named inside the header, so that another algorithm (HMAC-SM3, say) can stand beside it."""

TOLERANCE = timedelta(minutes=5)
"""How far a message's instant may lie from ours: an older one is a replay."""


class SignatureInvalidError(UnauthenticatedError):
    """A message of a gateway is not signed, signed wrongly or too old."""

    zh = "签名验证失败：{problem_zh}"
    en = "The signature does not hold: {problem_en}"


@dataclass(frozen=True, slots=True)
class SigningKey:
    """What both sides of a gateway share."""

    secret: str

    def __repr__(self) -> str:
        """Show nothing of the secret."""
        return "SigningKey(...)"


def signed_headers(key: SigningKey, body: bytes, now: datetime, idempotency_key: str) -> dict[str, str]:
    """Return the headers that let the other side check a message's sender, age and wholeness."""
    timestamp = str(int(now.astimezone(UTC).timestamp()))
    return {
        IDEMPOTENCY_HEADER: idempotency_key,
        TIMESTAMP_HEADER: timestamp,
        SIGNATURE_HEADER: f"{ALGORITHM}={_digest(key, timestamp, idempotency_key, body)}",
    }


def verify_signature(key: SigningKey, headers: Mapping[str, str], body: bytes, now: datetime) -> str:
    """Return the message's idempotency key, by which the receiver takes a repeated message once.

    Raises SignatureInvalidError when a header is missing, the message is older or newer than TOLERANCE, or the
    signature is not that of `body`.
    """
    given = {name.lower(): value for name, value in headers.items()}
    wanted = (TIMESTAMP_HEADER, SIGNATURE_HEADER, IDEMPOTENCY_HEADER)
    missing = [name for name in wanted if not given.get(name.lower())]
    if missing:
        raise SignatureInvalidError(problem_zh=f"缺少 {missing[0]}。", problem_en=f"{missing[0]} is missing.")
    timestamp, signature, idempotency_key = (given[name.lower()] for name in wanted)
    expected = f"{ALGORITHM}={_digest(key, timestamp, idempotency_key, body)}"
    if not hmac.compare_digest(expected.encode(), signature.encode()):
        raise SignatureInvalidError(problem_zh="签名与内容不符。", problem_en="it does not match the message.")
    sent_at = _instant(timestamp)
    if sent_at is None or abs(now - sent_at) > TOLERANCE:
        raise SignatureInvalidError(
            problem_zh="时间戳已过期，或双方时钟不一致。", problem_en="its timestamp is too far from our clock."
        )
    return idempotency_key


def _digest(key: SigningKey, timestamp: str, idempotency_key: str, body: bytes) -> str:
    message = b"\n".join((timestamp.encode(), idempotency_key.encode(), body))
    return hmac.new(key.secret.encode(), message, hashlib.sha256).hexdigest()


def _instant(timestamp: str) -> datetime | None:
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 11):
        return None
    return datetime.fromtimestamp(int(timestamp), UTC)
