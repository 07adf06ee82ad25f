"""Papers of the negotiation between the parties."""

from handlers.papers.basis import law, provisions
from handlers.papers.paper import Content, Paper, PaperSources, Period
from handlers.papers.shared import payments


def _settlement(sources: PaperSources) -> Content:
    return payments(sources.dispute, sources.dispute.settlement_items)


PAPERS = (
    Paper(
        "internal-complaint-answer",
        "内部申诉核实答复书",
        "Answer to an internal complaint",
        "negotiation",
        "用人单位或者其调解委员会核实申诉后",
        "after the employer or its committee has looked into a complaint",
        ("employer-seal",),
        (provisions("4"),),
        issuer="party",
        is_form=True,
    ),
    Paper(
        "negotiation-request",
        "协商要求书",
        "Request to negotiate",
        "negotiation",
        "一方要求协商时",
        "when a party asks to negotiate",
        ("applicant",),
        (law("4"), provisions("8", "9", "10(1)")),
        issuer="party",
        last_days={"answer": Period("NEG-RESP", "negotiation_request_received_on")},
        is_form=True,
    ),
    Paper(
        "negotiation-answer",
        "协商回应书",
        "Answer to a request to negotiate",
        "negotiation",
        "收到协商要求后五日内",
        "within five days after the request",
        ("respondent",),
        (provisions("10(1)"),),
        issuer="party",
        is_form=True,
    ),
    Paper(
        "negotiation-term",
        "协商期限约定书",
        "Agreed negotiation term",
        "negotiation",
        "约定协商期限或者延长期限时",
        "when the parties fix or extend the term",
        ("parties",),
        (provisions("10(2)"),),
        issuer="party",
        is_form=True,
    ),
    Paper(
        "negotiation-record",
        "协商记录",
        "Record of a negotiation",
        "negotiation",
        "每次协商后",
        "after each round",
        ("parties", "helper", "recorder"),
        (provisions("9", "11"),),
        issuer="party",
        is_confidential=True,
        is_form=True,
    ),
    Paper(
        "settlement-agreement",
        "和解协议书",
        "Settlement",
        "negotiation",
        "协商达成一致时",
        "when the negotiation succeeds",
        ("parties",),
        (provisions("11"),),
        issuer="party",
        statements=("settlement_terms",),
        content=_settlement,
        is_form=True,
    ),
)
