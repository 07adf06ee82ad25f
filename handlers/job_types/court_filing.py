"""court-filing: files the joint application for judicial confirmation at the court's gateway."""

import base64
import json
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from marshmallow import Schema, fields

from casework.gateway import DeliveryDelayedError, DeliveryRefusedError
from casework.queries.documents import DocumentContent
from casework.queries.read_dispute import DisputeRecord, PartyRecord
from handlers.context import HandlerContext
from handlers.errors import BpmnError, JobFailedError
from handlers.registry import HandlerJob, handles

MESSAGE_FORMAT = 1
"""Version of the message; the court's side refuses one it does not know."""

FILED_KINDS = ("confirmation-application", "mediation-agreement")
FILED_WHERE_THERE = ("mediation-proof",)
"""Filed with them where the case has it; what a court lacks it asks for."""
NOT_CONFIGURED = "court-gateway-not-configured"
REJECTED = "court-rejected"

_OUR_FAULT = frozenset({401, 403, 404, 405, 407, 411, 413, 414, 415, 431})
"""Refusals that speak of our key, address or message and not of the application: an operator must mend them."""


class CourtFilingInput(Schema):
    """What to file."""

    document_ids = fields.List(
        fields.UUID(),
        allow_none=True,
        metadata={
            "zh": "随申请提交的文书；省略时为本案最新的司法确认申请书、调解协议书和主持调解证明",
            "en": "Documents to file; the case's latest application, agreement and proof of mediation when left out",
        },
    )


class CourtFilingOutput(Schema):
    """What the court gave back."""

    court_filing_number = fields.String(
        required=True, metadata={"zh": "法院收件编号", "en": "Number under which the court keeps it"}
    )


@handles(
    "court-filing",
    input=CourtFilingInput,
    output=CourtFilingOutput,
    zh="向法院网关提交司法确认申请及文书。",
    en="Files the application for judicial confirmation and its papers at the court's gateway.",
    bpmn_errors={
        NOT_CONFIGURED: "没有设置法院网关，请以纸质方式提交 / no court gateway is configured: file on paper",
        REJECTED: "法院网关明确拒收 / the court's gateway refused the application for good",
    },
)
def file_at_court(context: HandlerContext, job: HandlerJob, input: dict[str, Any]) -> dict[str, str]:
    """File once per idempotency key; the court answers later, by callback.

    Raises BpmnError when there is no gateway or the court refuses for good, and JobFailedError while the gateway is out
    of reach or our side is set up wrongly.
    """
    from casework.gateway import Gateway, post_signed

    settings = context.settings.court
    if settings is None:
        raise BpmnError(NOT_CONFIGURED, "没有设置法院网关，请以纸质方式提交。")
    dispute = context.dispute(job.case_id)
    documents = _documents(context, job.case_id, input.get("document_ids"))
    gateway = Gateway("法院网关", settings.url, settings.key, settings.timeout_seconds)
    try:
        answer = post_signed(gateway, _message(dispute, documents), job.idempotency_key, context.now())
    except DeliveryDelayedError as error:
        raise JobFailedError(str(error)) from error
    except DeliveryRefusedError as error:
        if error.status in _OUR_FAULT:
            raise JobFailedError(f"{error}，请检查网关地址和密钥。", retry=False) from error
        reason = {"court_rejection_code": error.code or f"http-{error.status}"}
        raise BpmnError(REJECTED, str(error), reason) from error
    number = answer.get("court_filing_number")
    if not isinstance(number, str) or not 0 < len(number) <= 100 or not number.isprintable():
        raise JobFailedError("法院网关的答复中没有收件编号（court_filing_number）。")
    filing = context.record_court_filing(
        job.case_id,
        court_filing_number=number,
        document_ids=[each.record.id for each in documents],
        idempotency_key=job.idempotency_key,
    )
    return {"court_filing_number": filing.court_filing_number or number}


def _documents(context: HandlerContext, case_id: UUID, asked: Iterable[UUID] | None) -> list[DocumentContent]:
    known = {each.id: each for each in context.documents(case_id)}
    if asked:
        strangers = [str(each) for each in asked if each not in known]
        if strangers:
            raise JobFailedError(f"文书不属于本案：{'、'.join(strangers)}。", retry=False)
        secret = [known[each].title for each in asked if known[each].is_confidential]
        if secret:
            titles = "、".join(f"《{title}》" for title in secret)
            raise JobFailedError(f"{titles}保密，没有双方书面同意，不得提交法院。", retry=False)
        wanted = list(asked)
    else:
        latest = {each.kind: each.id for each in known.values()}
        lacking = [kind for kind in FILED_KINDS if kind not in latest]
        if lacking:
            raise JobFailedError(f"本案还没有要提交的文书：{'、'.join(lacking)}。请先生成，再重试此作业。", retry=False)
        wanted = [latest[kind] for kind in (*FILED_KINDS, *FILED_WHERE_THERE) if kind in latest]
    return [context.document_content(each) for each in wanted]


def _message(dispute: DisputeRecord, documents: Iterable[DocumentContent]) -> bytes:
    """Return the message: the same dispute and documents give the same bytes."""
    effective_on = dispute.event_dates.get("agreement_effective_on")
    message = {
        "format": MESSAGE_FORMAT,
        "kind": "judicial-confirmation",
        "case_number": dispute.number,
        "court": dispute.court.name if dispute.court else None,
        "cause": {"code": dispute.cause.court_code, "name": dispute.cause.court_zh},
        "agreement_effective_on": effective_on.isoformat() if effective_on else None,
        "mediation_organisation": dispute.organisation.name if dispute.organisation else None,
        "applicants": [_party(party) for party in dispute.parties],
        "documents": [
            {
                "id": str(each.record.id),
                "kind": each.record.kind,
                "number": each.record.number,
                "title": each.record.title,
                "media_type": each.record.media_type,
                "sha256": each.record.sha256,
                "content": base64.b64encode(each.content).decode(),
            }
            for each in documents
        ],
    }
    return json.dumps(message, ensure_ascii=False, sort_keys=True).encode()


def _party(party: PartyRecord) -> dict[str, Any]:
    return {
        "kind": party.kind,
        "name": party.name,
        "id_number": party.id_number,
        "address": party.address,
        "phone": party.phone,
        "legal_representative": party.legal_representative,
        "agents": [
            {"kind": each.kind, "powers": each.powers, "name": each.name, "phone": each.phone} for each in party.agents
        ],
    }
