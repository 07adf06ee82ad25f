"""Seals by a service outside: the PDF goes there signed with the gateway's HMAC, and comes back with its signature."""

import base64
import hashlib
import json
from dataclasses import dataclass, replace
from typing import Any

from casework.errors import SealServiceRefusedError, SealServiceUnavailableError
from casework.gateway import DeliveryDelayedError, DeliveryRefusedError, Gateway, post_signed
from casework.seals import SealedPdf, SealRequest

MESSAGE_FORMAT = 1
MAX_ANSWER = 64 * 2**20


@dataclass(frozen=True, slots=True, repr=False)
class GatewaySealProvider:
    """Asks a seal service; which keys and algorithms it has (SM2, say) is its affair."""

    gateway: Gateway

    def seal(self, request: SealRequest) -> SealedPdf:
        """Sign. Raises SealServiceUnavailableError for now, SealServiceRefusedError for good.

        What comes back must begin with the very bytes that were sent: a seal adds to a paper and changes nothing.
        """
        message = {
            "format": MESSAGE_FORMAT,
            "kind": request.kind,
            "holder_id": str(request.holder_id),
            "holder_name": request.holder_name,
            "document_number": request.document_number,
            "place": {"page": request.place.page, "x": request.place.x, "y": request.place.y},
            "sha256": hashlib.sha256(request.pdf).hexdigest(),
            "pdf": base64.b64encode(request.pdf).decode(),
        }
        body = json.dumps(message, ensure_ascii=False, sort_keys=True).encode()
        gateway = replace(self.gateway, max_answer=MAX_ANSWER)
        try:
            answer = post_signed(gateway, body, request.idempotency_key, request.now)
        except DeliveryDelayedError as error:
            raise SealServiceUnavailableError(problem=str(error)) from error
        except DeliveryRefusedError as error:
            raise SealServiceRefusedError(code_given=error.code or f"http-{error.status}") from error
        return _checked(answer, request)


def _checked(answer: dict[str, Any], request: SealRequest) -> SealedPdf:
    try:
        pdf = base64.b64decode(answer["pdf"], validate=True)
        algorithm, level, seal_id = str(answer["algorithm"]), answer["level"], str(answer["seal_id"])
        fingerprint = answer.get("certificate_sha256")
    except (KeyError, TypeError, ValueError):
        raise SealServiceUnavailableError(problem="答复不是约定的格式 / its answer is not as agreed") from None
    if level not in ("basic", "certified") or not 0 < len(algorithm) <= 64 or not 0 < len(seal_id) <= 200:
        raise SealServiceUnavailableError(problem="答复不是约定的格式 / its answer is not as agreed")
    if not pdf.startswith(request.pdf) or len(pdf) == len(request.pdf):
        raise SealServiceUnavailableError(problem="返回的文件改动了原文 / it changed the paper")
    return SealedPdf(
        pdf=pdf,
        provider="gateway",
        algorithm=algorithm,
        level=level,
        certificate_sha256=str(fingerprint)[:64] if fingerprint else None,
        evidence={"seal_id": seal_id},
    )
