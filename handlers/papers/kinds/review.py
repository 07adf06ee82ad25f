"""Papers of the arbitration review of a mediation agreement."""

from casework.causes import cause
from casework.deadlines.citations import numeral_zh
from handlers.papers.basis import case_rules, law, provisions
from handlers.papers.paper import Content, Paper, PaperSources, Period
from handlers.papers.shared import lines, payments

_WINDOWS = {
    "review": Period("REV-APPLY", "agreement_effective_on"),
    "confirmation": Period("JC-APPLY", "agreement_effective_on"),
}
_REVIEW = {
    "decision": Period("REV-5", "review_accepted_on"),
    "extended": Period("REV-5", "review_accepted_on", extended_by=5),
}


def _award(sources: PaperSources) -> Content:
    """Return the agreement's words as they are, without the items that arbitration review cannot cover.

    Its content is identical to the agreement's (劳动人事争议仲裁办案规则 Art. 77); items on the employment relationship
    are never reviewed (Art. 75(4)).
    """
    items = sources.dispute.agreement_items
    if sources.options.items is None:
        covered = tuple(each for each in items if cause(each.cause_code).may_be_reviewed)
    else:
        covered = tuple(each for each in items if each.position in sources.options.items)
    beside = lines(sources.dispute.statements.get("agreement_terms"))[len(items) :]
    return {
        "terms": [*(each.content for each in covered), *beside],
        "left_out": [f"（{numeral_zh(each.position)}）" for each in items if each not in covered],
        **payments(sources.dispute, covered),
    }


PAPERS = (
    Paper(
        "review-application",
        "仲裁审查申请书",
        "Application for arbitration review",
        "review",
        "调解协议生效之日起十五日内",
        "within 15 days after the agreement takes effect",
        ("parties",),
        (case_rules("74"), provisions("27")),
        issuer="party",
        event_dates=("agreement_effective_on",),
        statements=("agreement_terms",),
        bodies=("organisation", "arbitration"),
        last_days=_WINDOWS,
        is_form=True,
    ),
    Paper(
        "review-acceptance-notice",
        "仲裁审查受理通知书",
        "Notice of acceptance for arbitration review",
        "review",
        "受理审查申请后",
        "once the joint application is accepted",
        ("commission-seal",),
        (case_rules("75", "76"),),
        issuer="arbitration",
        event_dates=("review_application_received_on", "review_accepted_on"),
        bodies=("organisation", "arbitration"),
        last_days=_REVIEW,
    ),
    Paper(
        "review-refusal-notice",
        "仲裁审查不予受理通知书",
        "Notice that arbitration review is not accepted",
        "review",
        "有不予受理情形时",
        "when a ground for refusal exists",
        ("commission-seal",),
        (case_rules("75"),),
        issuer="arbitration",
        event_dates=("review_application_received_on",),
        bodies=("arbitration",),
        last_days=_WINDOWS,
    ),
    Paper(
        "review-correction-notice",
        "仲裁审查补正通知书",
        "Notice to supply what is missing",
        "review",
        "申请材料不齐时，一次性告知",
        "when papers are missing, once and completely",
        ("commission-seal",),
        (case_rules("29", "74"),),
        issuer="arbitration",
        event_dates=("review_application_received_on",),
        bodies=("arbitration",),
        last_days=_WINDOWS,
    ),
    Paper(
        "review-extension-approval",
        "仲裁审查延期审批表",
        "Approval to extend the review",
        "review",
        "五个工作日内不能作出决定时",
        "when five working days do not suffice",
        ("arbitrator", "director"),
        (case_rules("76"),),
        issuer="arbitration",
        event_dates=("review_accepted_on",),
        bodies=("arbitration",),
        last_days=_REVIEW,
    ),
    Paper(
        "award",
        "仲裁调解书",
        "Arbitral mediation document",
        "review",
        "经审查，调解协议合法有效时",
        "when the agreement is found lawful",
        ("arbitrator", "commission-seal", "receipt"),
        (case_rules("72", "77"), law("42", "51")),
        issuer="arbitration",
        event_dates=("agreement_effective_on", "review_accepted_on"),
        statements=("agreement_terms",),
        bodies=("organisation", "arbitration"),
        content=_award,
    ),
    Paper(
        "award-refusal-notice",
        "不予制作调解书通知书",
        "Notice that no arbitral mediation document is made",
        "review",
        "经审查，调解协议有不予制作情形时",
        "when a ground against it is found",
        ("commission-seal",),
        (case_rules("78"),),
        issuer="arbitration",
        event_dates=("agreement_effective_on", "review_accepted_on"),
        bodies=("organisation", "arbitration"),
        last_days=_WINDOWS,
    ),
    Paper(
        "review-withdrawal-decision",
        "终止仲裁审查决定书",
        "Decision to end the review",
        "review",
        "仲裁调解书送达前撤回申请时",
        "when the application is withdrawn before service",
        ("commission-seal",),
        (case_rules("76(2)", "79"),),
        issuer="arbitration",
        event_dates=("review_application_received_on",),
        bodies=("arbitration",),
        last_days=_WINDOWS,
    ),
)
