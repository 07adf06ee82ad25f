"""Papers of the judicial confirmation of a mediation agreement."""

from handlers.papers.basis import civil_procedure, confirmation_provisions, interpretation
from handlers.papers.paper import Paper, Period

PAPERS = (
    Paper(
        "mediation-proof",
        "主持调解证明",
        "Proof that the organisation presided over the mediation",
        "confirmation",
        "双方申请司法确认时，由调解组织出具",
        "given by the organisation when both parties apply for judicial confirmation",
        ("organisation-seal",),
        (civil_procedure("205"), interpretation("354")),
        issuer="organisation",
        event_dates=("agreement_effective_on",),
        bodies=("organisation", "court"),
    ),
    Paper(
        "confirmation-application",
        "司法确认申请书",
        "Application for judicial confirmation",
        "confirmation",
        "调解协议生效之日起三十日内",
        "within 30 days after the agreement takes effect",
        ("parties",),
        (civil_procedure("205", "206"), interpretation("353", "354"), confirmation_provisions("3")),
        issuer="party",
        event_dates=("agreement_effective_on",),
        statements=("agreement_terms",),
        bodies=("organisation", "court"),
        last_days={"confirmation": Period("JC-APPLY", "agreement_effective_on")},
        is_form=True,
    ),
)
