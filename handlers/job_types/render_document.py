"""render-document: makes an official paper of the case as PDF, numbers it and stores it."""

from uuid import UUID

from marshmallow import Schema, fields, validate

from handlers.context import HandlerContext
from handlers.papers.content import PAPERS, PaperSources, paper_content, refuse_incomplete
from handlers.registry import HandlerJob, handles


class RenderDocumentInput(Schema):
    """Which paper."""

    kind = fields.String(
        required=True,
        validate=validate.OneOf(list(PAPERS), error="没有这种文书，可用：{choices}"),
        metadata={"zh": "文书种类", "en": "Kind of paper"},
    )


class RenderDocumentOutput(Schema):
    """The paper that was made."""

    document_id = fields.UUID(required=True, metadata={"zh": "文书编号（系统内）", "en": "Id of the document"})
    number = fields.String(required=True, metadata={"zh": "文号", "en": "Number printed on the paper"})
    sha256 = fields.String(required=True, metadata={"zh": "文件的 SHA-256", "en": "SHA-256 of the file"})


@handles(
    "render-document",
    input=RenderDocumentInput,
    output=RenderDocumentOutput,
    zh="生成一份文书（PDF），编号并存入案件。",
    en="Makes a paper (PDF), numbers it and stores it with the case.",
)
def render_document(context: HandlerContext, job: HandlerJob, input: dict[str, str]) -> dict[str, UUID | str]:
    """Render the paper of `kind`. Raises JobFailedError without retry when the case lacks something for it."""
    # typst is loaded where it is used: the check of models reads this module too, and needs no typesetter
    from handlers.papers.rendering import render_paper

    paper = PAPERS[input["kind"]]
    dispute = context.dispute(job.case_id)
    refuse_incomplete(paper, dispute)
    number = context.number_document(job.case_id, paper.kind, job.idempotency_key)
    sources = PaperSources(
        dispute=dispute,
        number=number,
        today=context.today(),
        deadline=context.deadline,
        agreement_number=_agreement_number(context, job.case_id),
    )
    pdf = render_paper(paper.kind, paper_content(paper, sources), context.settings.fonts, context.now())
    stored = context.store_document(
        job.case_id,
        kind=paper.kind,
        title=paper.title,
        content=pdf,
        media_type="application/pdf",
        number=number,
        idempotency_key=job.idempotency_key,
    )
    return {"document_id": stored.document_id, "number": number, "sha256": stored.sha256}


def _agreement_number(context: HandlerContext, case_id: UUID) -> str | None:
    numbers = [each.number for each in context.documents(case_id) if each.kind == "mediation-agreement"]
    return numbers[-1] if numbers else None
