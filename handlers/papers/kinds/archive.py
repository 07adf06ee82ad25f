"""Papers of service, follow-up and archive."""

from handlers.papers.basis import case_rules
from handlers.papers.paper import Content, Paper, PaperSources

_VOLUME = (
    "intake-receipt",
    "transfer-slip",
    "service-address-confirmation",
    "legal-representative-certificate",
    "power-of-attorney",
    "internal-complaint-answer",
    "negotiation-mediation-proposal",
    "negotiation-request",
    "negotiation-answer",
    "negotiation-term",
    "negotiation-record",
    "settlement-agreement",
    "mediation-application",
    "oral-application-record",
    "mediation-consent-inquiry",
    "mediation-acceptance-notice",
    "mediation-refusal-notice",
    "rights-notice",
    "mediation-session-notice",
    "mediation-record",
    "mediation-extension-consent",
    "capacity-assessment",
    "mediation-agreement",
    "mediation-failure-notice",
    "arbitration-rights-notice",
    "performance-notice",
    "review-application",
    "review-correction-notice",
    "review-acceptance-notice",
    "review-refusal-notice",
    "review-extension-approval",
    "award",
    "award-refusal-notice",
    "review-withdrawal-decision",
    "mediation-proof",
    "confirmation-application",
    "performance-urging-letter",
    "payment-order-application",
    "follow-up-record",
    "service-receipt",
)
"""The order of papers in a volume (by analogy with 劳动人事争议仲裁办案规则 Art. 22); others stand behind 调解笔录."""

NOT_FILED = "negotiation-not-filed"
"""The ground that says that the parties did not both consent to a file of their negotiation."""

_NEGOTIATION = {"negotiation-request", "negotiation-answer", "negotiation-term", "negotiation-record"}
"""What is filed of a settled negotiation only with both parties' consent; the settlement itself always is."""


def _index(sources: PaperSources) -> Content:
    left_out = {"archive-index"} | (_NEGOTIATION if NOT_FILED in sources.options.grounds else set())
    filed = sorted(
        (each for each in sources.papers if each.kind not in left_out),
        key=lambda each: (_place(each.kind), each.made_on),
    )
    rows, page = [], 1
    for each in filed:
        known = each.pages if page else None
        rows.append(
            {
                "title": each.title,
                "number": each.number or "",
                "made_on": f"{each.made_on:%Y.%m.%d}",
                "pages": each.pages,
                "range": "" if known is None else f"{page}—{page + known - 1}" if known > 1 else str(page),
                "remark": "保密" if each.is_confidential else "",
            }
        )
        page = page + known if known is not None else 0
    return {
        "filed": rows,
        "page_total": page - 1 if page > 1 else None,
        "retention": "十年" if any(each.kind == "award" for each in filed) else "五年",
    }


def _place(kind: str) -> int:
    return _VOLUME.index(kind if kind in _VOLUME else "mediation-record")


def _receipt(sources: PaperSources) -> Content:
    about = [each for each in sources.papers if each.kind == sources.options.about_kind]
    return {"about": [{"title": each.title, "number": each.number or ""} for each in about]}


PAPERS = (
    Paper(
        "service-receipt",
        "送达回证",
        "Receipt of service",
        "archive",
        "送达文书时，每一方一份",
        "when a paper is served, one for each party",
        ("receipt", "clerk"),
        (case_rules("20"),),
        issuer="office",
        content=_receipt,
        is_form=True,
    ),
    Paper(
        "follow-up-record",
        "回访记录",
        "Record of a follow-up",
        "archive",
        "履行期限届满后回访时",
        "at the follow-up after performance was due",
        ("mediator",),
        issuer="organisation",
        is_form=True,
    ),
    Paper(
        "archive-index",
        "归档目录",
        "Index of the file",
        "archive",
        "结案归档时",
        "when the closed case is filed",
        ("archivist",),
        (case_rules("21", "22", "24"),),
        issuer="organisation",
        content=_index,
    ),
)
