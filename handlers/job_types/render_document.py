"""render-document: makes an official paper of the case as PDF, numbers it and stores it."""

import io
from typing import Any
from uuid import UUID

from marshmallow import Schema, fields, validate

from casework.deadlines.computation import Deadline
from casework.file_types import PDF
from casework.queries.documents import DocumentContent
from engine.domain.clock import shanghai_date
from handlers.context import HandlerContext
from handlers.papers.content import PAPERS, paper_content
from handlers.papers.paper import (
    LastDay,
    OtherPaper,
    PaperOptions,
    PaperSources,
    is_confidential,
    refuse_incomplete,
)
from handlers.registry import HandlerJob, handles

RENDERED_AGAIN = "流程再次生成 / made again by the process"


class RenderDocumentInput(Schema):
    """Which paper, and what the process knows of it that the case does not."""

    kind = fields.String(
        required=True,
        validate=validate.OneOf(list(PAPERS), error="没有这种文书，可用：{choices}"),
        metadata={"zh": "文书种类", "en": "Kind of paper"},
    )
    ground = fields.String(
        allow_none=True,
        metadata={
            "zh": "选中的情形代码（如 75-3），多项以逗号分隔；文书列出全部情形并勾选这些",
            "en": "Codes of the grounds to tick (e.g. 75-3), comma separated; the paper lists all of them",
        },
    )
    party_id = fields.UUID(
        allow_none=True,
        metadata={
            "zh": "只为这一方当事人制作；省略时为全部当事人",
            "en": "The one party it is for; all parties when left out",
        },
    )
    about_kind = fields.String(
        allow_none=True,
        validate=validate.OneOf(list(PAPERS), error="没有这种文书，可用：{choices}"),
        metadata={
            "zh": "所涉及的文书种类，如送达回证所送达的文书",
            "en": "The kind of paper it is about, e.g. what a receipt of service was made out for",
        },
    )
    issuer_id = fields.UUID(
        allow_none=True,
        metadata={
            "zh": "由哪个组织发出；只用于任何办理机构都可以发出的文书，省略时为承办组织或者登记机构",
            "en": "The organisation that issues it, of papers that any office may issue; the case's own when left out",
        },
    )
    held_at = fields.AwareDateTime(
        allow_none=True,
        metadata={"zh": "调解（协商）的时间", "en": "When the session is or was held"},
    )

    held_on = fields.Date(
        allow_none=True,
        metadata={"zh": "调解（协商）的日期，没有记录钟点时用", "en": "Its day, where nobody noted the hour"},
    )
    due_on = fields.Date(
        allow_none=True,
        metadata={"zh": "文书要求办理的最后一日", "en": "Until when what it asks for is to be done"},
    )
    ordinal = fields.Integer(
        allow_none=True,
        validate=validate.Range(min=1, max=999),
        metadata={"zh": "第几次（如第几次协商）", "en": "Which of several it is, e.g. the third round"},
    )
    amount = fields.Decimal(
        allow_none=True,
        metadata={
            "zh": "回访时登记的未履行金额（元）；履行台账没有记载时用",
            "en": "What is still owed as recorded at the follow-up (yuan), used where the ledger knows nothing",
        },
    )
    items = fields.List(
        fields.Integer(),
        allow_none=True,
        metadata={
            "zh": "所涉及的协议条款序号；省略时为全部条款，仲裁调解书为可以仲裁审查的条款",
            "en": "Positions of the agreement's items it covers; all of them when left out, in an award those open to review",
        },
    )


class RenderDocumentOutput(Schema):
    """The paper that was made."""

    document_id = fields.UUID(required=True, metadata={"zh": "文书编号（系统内）", "en": "Id of the document"})
    number = fields.String(
        required=True,
        metadata={"zh": "文号", "en": "Number printed on the paper"},
    )
    sha256 = fields.String(required=True, metadata={"zh": "文件的 SHA-256", "en": "SHA-256 of the file"})


@handles(
    "render-document",
    input=RenderDocumentInput,
    output=RenderDocumentOutput,
    zh="生成一份文书（PDF 和可编辑的 Word 文件），编号并存入案件。",
    en="Makes a paper (PDF and an editable Word file), numbers it and stores it with the case.",
)
def render_document(context: HandlerContext, job: HandlerJob, input: dict[str, Any]) -> dict[str, UUID | str]:
    """Render the paper of `kind`. Raises JobFailedError without retry when the case lacks something for it."""
    # typst is loaded where it is used: the check of models reads this module too, and needs no typesetter
    from handlers.papers.rendering import render_paper, render_word, seal_places
    from handlers.papers.verification import verification_mark

    paper = PAPERS[input["kind"]]
    dispute = context.dispute(job.case_id)
    refuse_incomplete(paper, dispute)
    issue = context.issue_paper(job.case_id, paper.kind, job.idempotency_key, input.get("party_id"))
    options = _options(context, input)
    papers = _other_papers(context, job.case_id, with_pages=paper.kind == "archive-index")
    sources = PaperSources(
        dispute=dispute,
        number=issue.number,
        today=context.today(),
        deadline=lambda rule, start, more: _last_day(context.deadline(job.case_id, rule, start, more)),
        agreement_number=next((each.number for each in reversed(papers) if each.kind == "mediation-agreement"), None),
        limitation=lambda: context.limitation(job.case_id),
        options=options,
        papers=papers,
        verification=verification_mark(issue, context.settings.address),
    )
    content = paper_content(paper, sources)
    pdf = render_paper(paper.kind, content, context.settings.fonts, context.now())
    stored = context.store_document(
        job.case_id,
        kind=paper.kind,
        title=paper.title,
        content=pdf,
        media_type="application/pdf",
        issue=issue,
        editable=render_word(paper.kind, content, context.settings.fonts),
        seal_places=seal_places(paper.kind, content, context.settings.fonts),
        idempotency_key=job.idempotency_key,
        is_confidential=is_confidential(paper, options),
        reason=RENDERED_AGAIN if issue.replaces else None,
    )
    return {"document_id": stored.document_id, "number": issue.number, "sha256": stored.sha256}


def _last_day(found: Deadline) -> LastDay:
    return LastDay(found.due, found.safe_due, found.provisional)


def _options(context: HandlerContext, input: dict[str, Any]) -> PaperOptions:
    codes = (code.strip() for code in (input.get("ground") or "").split(","))
    party_id, issuer_id = input.get("party_id"), input.get("issuer_id")
    return PaperOptions(
        grounds=frozenset(code for code in codes if code),
        party_id=None if party_id is None else str(party_id),
        about_kind=input.get("about_kind"),
        held_at=input.get("held_at"),
        held_on=input.get("held_on"),
        due_on=input.get("due_on"),
        issuer=None if issuer_id is None else context.organisation(issuer_id),
        ordinal=input.get("ordinal"),
        amount=input.get("amount"),
        items=None if input.get("items") is None else frozenset(input["items"]),
    )


def _other_papers(context: HandlerContext, case_id: UUID, *, with_pages: bool) -> tuple[OtherPaper, ...]:
    """Return the papers that the case holds, without versions that were replaced or voided, in order of making."""
    return tuple(
        OtherPaper(
            kind=each.kind,
            title=each.title,
            number=each.number,
            made_on=shanghai_date(each.created_at),
            pages=_pages(context.document_content(each.id)) if with_pages else None,
            is_confidential=each.is_confidential,
        )
        for each in context.documents(case_id)
        if each.state == "current"
    )


def _pages(document: DocumentContent) -> int | None:
    """Return how many pages a document has; None for what is no PDF, or one that cannot be read."""
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.pdf_utils.reader import PdfFileReader

    if document.record.media_type != PDF:
        return None
    try:
        return int(PdfFileReader(io.BytesIO(document.content), strict=False).root["/Pages"]["/Count"])
    except (PdfError, KeyError, TypeError, ValueError):
        return None
