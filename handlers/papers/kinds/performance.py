"""Papers for an agreement that is to be performed."""

from collections.abc import Iterable
from decimal import Decimal

from casework.payments import LedgerRow
from casework.queries.read_dispute import DisputeRecord, PartyRecord
from handlers.papers.basis import civil_procedure, law, provisions
from handlers.papers.paper import Content, Paper, PaperSources
from handlers.papers.shared import money, payments, some_parties

_WORKER_OWES = "worker-owes"


def _urging(sources: PaperSources) -> Content:
    """Return who urges whom, and what is overdue; a settlement has no mediation organisation to urge."""
    dispute = sources.dispute
    due = dispute.ledger.overdue_rows(sources.today)
    body = dispute.organisation or dispute.union or dispute.office
    items = dispute.settlement_items if "settlement" in sources.options.grounds else dispute.agreement_items
    total = sum((row.outstanding for row in due), Decimal(0))
    owed = money(total) if due else money(sources.options.amount) if sources.options.amount else None
    return {
        **_owing(sources, due or dispute.ledger.rows),
        **payments(dispute, items),
        "issuer": body.name if body else "",
        "issuer_seal": (body.seal_name or body.name) if body else "",
        "overdue": {"count": len(due), "total": owed} if owed else None,
        "urged_days": "",
    }


def _payment_order(sources: PaperSources) -> Content:
    dispute = sources.dispute
    due = dispute.ledger.overdue_rows(sources.today)
    # an order is for sums that have fallen due; where no day was agreed, for all of them
    rows = due or tuple(row for row in dispute.ledger.rows if row.outstanding and row.due_on is None)
    total = sum((row.outstanding for row in rows), Decimal(0)) if rows else sources.options.amount
    return {
        **_owing(sources, rows),
        "unpaid": money(total) if total else None,
    }


def _owing(sources: PaperSources, rows: Iterable[LedgerRow]) -> Content:
    """Return who has to pay and who is to be paid: as named in the agreement, else the side that was found to owe."""
    dispute = sources.dispute
    positions = [row.position for row in rows]
    payers = frozenset().union(*(dispute.payers(position) for position in positions))
    payees = frozenset().union(*(dispute.payees(position) for position in positions))
    return {
        "owing": some_parties(_of(dispute, payers, is_person=_WORKER_OWES in sources.options.grounds)),
        "owed": some_parties(_of(dispute, payees, is_person=_WORKER_OWES not in sources.options.grounds)),
    }


def _of(dispute: DisputeRecord, ids: frozenset[str], *, is_person: bool) -> list[PartyRecord]:
    side = [party for party in dispute.parties if (party.kind == "person") == is_person]
    return [party for party in side if str(party.party_id) in ids] or side


PAPERS = (
    Paper(
        "performance-urging-letter",
        "督促履行函",
        "Letter urging performance",
        "performance",
        "到期未履行时；和解协议没有调解组织的，由工会或者登记的办理机构发出，都没有的由权利人发出",
        "when performance is overdue; without mediation organisation the union, the office or the creditor urges",
        ("issuer-seal",),
        (provisions("12", "16[3]"), law("15", "16")),
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
