"""Papers for an agreement that is to be performed."""

from handlers.papers.basis import civil_procedure, law, provisions
from handlers.papers.kinds.review import performed
from handlers.papers.paper import Paper

PAPERS = (
    Paper(
        "performance-urging-letter",
        "督促履行函",
        "Letter urging performance",
        "performance",
        "到期未履行时",
        "when performance is overdue",
        ("organisation-seal",),
        (provisions("16[3]"), law("15", "16")),
        bodies=("organisation",),
        content=performed,
    ),
    Paper(
        "payment-order-application",
        "支付令申请书",
        "Application for a payment order",
        "performance",
        "用人单位到期不支付四类款项时",
        "when the employer does not pay one of the four kinds of money",
        ("worker",),
        (law("16"), civil_procedure("225")),
        issuer="party",
        event_dates=("agreement_effective_on",),
        statements=("agreement_terms",),
        bodies=("organisation", "court"),
        content=performed,
        is_numbered=False,
    ),
)
