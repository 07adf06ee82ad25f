"""Papers of the mediation, from the application to its end."""

from casework.queries.read_dispute import DisputeRecord
from handlers.papers.amounts import chinese_date
from handlers.papers.basis import law, provisions
from handlers.papers.paper import Content, Paper, PaperSources
from handlers.papers.shared import lines

_PERIODS = {
    "organisation": ("MED-15R", "mediation_accepted_on"),
    "statute": ("MED-15S", "mediation_application_received_on"),
}
_WINDOWS = {
    "review": ("REV-APPLY", "agreement_effective_on"),
    "confirmation": ("JC-APPLY", "agreement_effective_on"),
}


def _agreement(sources: PaperSources) -> Content:
    dispute = sources.dispute
    return {
        "facts": lines(dispute.statements.get("dispute_facts")),
        "performance": performance_lines(dispute),
        "place": dispute.statements.get("mediation_place", "").rstrip("。"),
    }


def performance_lines(dispute: DisputeRecord) -> list[str]:
    """Return the sentences on when, how and where an agreement is performed."""
    place = dispute.statements.get("performance_place", "").strip()
    due_on = dispute.event_dates.get("performance_due_on")
    return [
        *([f"协议义务应于{chinese_date(due_on)}前（含当日）履行完毕。"] if due_on else []),
        *lines(dispute.statements.get("performance_method")),
        *([f"履行地点：{place}。"] if place else []),
    ]


PAPERS = (
    Paper(
        "mediation-application",
        "调解申请书",
        "Application for mediation",
        "mediation",
        "书面申请调解时",
        "when a party applies in writing",
        ("applicant",),
        (law("12"), provisions("21")),
        issuer="party",
        is_numbered=False,
        is_form=True,
    ),
    Paper(
        "oral-application-record",
        "口头申请调解记录",
        "Record of an oral application",
        "mediation",
        "口头申请时当场记录",
        "on the spot, when a party applies orally",
        ("applicant", "recorder"),
        (law("12"),),
        issuer="organisation",
        is_numbered=False,
        is_form=True,
    ),
    Paper(
        "mediation-consent-inquiry",
        "征询调解意见书",
        "Inquiry for consent to mediation",
        "mediation",
        "收到申请后三个工作日内",
        "within three working days after the application",
        ("organisation-seal", "respondent"),
        (provisions("22"),),
        bodies=("organisation",),
        last_days={"acceptance": ("MED-ACC", "mediation_application_received_on")},
    ),
    Paper(
        "mediation-acceptance-notice",
        "调解受理通知书",
        "Notice of acceptance for mediation",
        "mediation",
        "受理调解申请后",
        "once the application is accepted",
        ("organisation-seal",),
        (law("10", "12", "14(3)"), provisions("22", "29")),
        event_dates=("mediation_application_received_on", "mediation_accepted_on"),
        bodies=("organisation",),
        last_days=_PERIODS,
    ),
    Paper(
        "mediation-refusal-notice",
        "不予受理调解申请告知书",
        "Notice that mediation is not accepted",
        "mediation",
        "不予受理或者对方不同意调解时",
        "when the application is refused or the other party does not consent",
        ("organisation-seal",),
        (provisions("22"), law("5", "27")),
        event_dates=("mediation_application_received_on",),
        bodies=("organisation",),
    ),
    Paper(
        "rights-notice",
        "调解权利义务告知书",
        "Notice of rights and duties in mediation",
        "mediation",
        "第一次调解前",
        "before the first session",
        ("organisation-seal", "receipt"),
        (law("3", "14", "15", "16"), provisions("24", "26")),
        bodies=("organisation",),
        is_numbered=False,
    ),
    Paper(
        "mediation-session-notice",
        "调解通知书",
        "Notice of a mediation session",
        "mediation",
        "每次调解前",
        "before each session",
        ("organisation-seal",),
        (provisions("24"),),
        bodies=("organisation",),
    ),
    Paper(
        "mediation-record",
        "调解笔录",
        "Minutes of a mediation session",
        "mediation",
        "每次调解时",
        "at each session",
        ("parties", "mediator", "recorder"),
        (law("13"), provisions("24", "25")),
        bodies=("organisation",),
        is_numbered=False,
        is_confidential=True,
        is_form=True,
    ),
    Paper(
        "mediation-extension-consent",
        "延期调解同意书",
        "Consent to extend the mediation",
        "mediation",
        "调解期限届满前",
        "before the period ends",
        ("parties",),
        (provisions("29"),),
        issuer="party",
        last_days=_PERIODS,
        is_numbered=False,
        is_form=True,
    ),
    Paper(
        "capacity-assessment",
        "履约能力评估表",
        "Assessment of the ability to perform",
        "mediation",
        "签订调解协议前",
        "before the agreement is signed",
        ("mediator",),
        issuer="organisation",
        is_numbered=False,
        is_form=True,
    ),
    Paper(
        "mediation-agreement",
        "调解协议书",
        "Mediation agreement",
        "mediation",
        "达成调解协议时",
        "when the parties agree",
        ("parties", "mediator", "organisation-seal"),
        (law("14(1)", "14(2)"), provisions("26")),
        statements=("agreement_terms",),
        bodies=("organisation",),
        content=_agreement,
    ),
    Paper(
        "performance-notice",
        "履行告知书",
        "Notice of performance",
        "mediation",
        "调解协议生效当日",
        "on the day the agreement takes effect",
        ("organisation-seal", "receipt"),
        (law("14", "15", "16"), provisions("27", "28")),
        event_dates=("agreement_effective_on",),
        statements=("agreement_terms",),
        bodies=("organisation",),
        last_days=_WINDOWS,
        content=_agreement,
    ),
    Paper(
        "mediation-failure-notice",
        "调解不成告知书",
        "Notice that mediation failed",
        "mediation",
        "调解不成、终止调解时",
        "when mediation fails or is ended",
        ("parties", "mediator", "organisation-seal"),
        (law("14(3)", "27"), provisions("29", "30", "31")),
        bodies=("organisation",),
        last_days=_PERIODS,
    ),
)
