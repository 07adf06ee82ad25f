"""Papers for an agreement that is to be performed."""

from decimal import Decimal

from casework.payments import Due, ledger
from handlers.papers.basis import civil_procedure, law, provisions
from handlers.papers.paper import Content, Paper, PaperSources
from handlers.papers.shared import money


def _urging(sources: PaperSources) -> Content:
    dispute = sources.dispute
    dues = [Due(each.position, each.amount, each.due_on) for each in dispute.instalments]
    rows = ledger(dues, dispute.payments).rows
    due = [row.outstanding for row in rows if row.due_on is not None and row.due_on < sources.today and row.outstanding]
    return {
        "overdue": {"count": len(due), "total": money(sum(due, Decimal(0)))} if due else None,
        "urged_days": "",
    }


def _payment_order(sources: PaperSources) -> Content:
    dispute = sources.dispute
    dues = [Due(each.position, each.amount, each.due_on) for each in dispute.instalments]
    return {"unpaid": money(ledger(dues, dispute.payments).outstanding) if dues else None}


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
        content=_urging,
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
        content=_payment_order,
        is_form=True,
    ),
)
