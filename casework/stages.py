"""The stages of a dispute, and how they follow from where its process stands."""

from collections.abc import Mapping, Sequence, Set

from casework.vocabulary import terms
from engine.domain.values import Value

STAGES = terms(
    ("draft", "草稿", "Draft"),
    ("registered", "已登记", "Registered"),
    ("transferred", "已流转", "Transferred"),
    ("referred_out", "已告知其他途径", "Referred out"),
    ("neg_requested", "已提出协商", "Negotiation requested"),
    ("neg_running", "协商中", "In negotiation"),
    ("neg_settled", "协商和解", "Settled in negotiation"),
    ("neg_refused", "不愿协商", "Negotiation refused"),
    ("neg_failed", "协商不成", "Negotiation failed"),
    ("med_received", "收到调解申请", "Mediation application received"),
    ("med_not_accepted", "调解未受理", "Mediation not accepted"),
    ("med_running", "调解中", "In mediation"),
    ("med_extended", "延期调解", "Mediation extended"),
    ("med_agreed", "达成调解协议", "Mediation agreed"),
    ("med_failed", "调解不成", "Mediation failed"),
    ("med_withdrawn", "调解撤回", "Mediation withdrawn"),
    ("rev_applied", "已申请仲裁审查", "Arbitration review applied for"),
    ("rev_accepted", "仲裁审查中", "In arbitration review"),
    ("rev_issued", "已出具仲裁调解书", "Arbitral mediation document issued"),
    ("rev_refused", "不予制作调解书", "Mediation document refused"),
    ("rev_not_accepted", "审查未受理", "Review not accepted"),
    ("rev_withdrawn", "审查撤回", "Review withdrawn"),
    ("jc_applied", "已申请司法确认", "Judicial confirmation applied for"),
    ("jc_confirmed", "司法确认有效", "Judicially confirmed"),
    ("jc_rejected", "司法确认被驳回", "Judicial confirmation rejected"),
    ("jc_not_accepted", "司法确认未受理", "Judicial confirmation not accepted"),
    ("jc_withdrawn", "司法确认撤回", "Judicial confirmation withdrawn"),
    ("jc_not_filed", "未申请司法确认", "Judicial confirmation not applied for"),
    ("perf_running", "履行中", "In performance"),
    ("perf_done", "履行完毕", "Performed"),
    ("perf_breach", "未按期履行", "In breach"),
    ("po_applied", "已申请支付令", "Payment order applied for"),
    ("po_issued", "已发支付令", "Payment order issued"),
    ("po_ended", "支付令程序终结", "Payment order ended"),
    ("arb_handed_over", "已引导仲裁", "Handed over to arbitration"),
    ("arb_accepted", "仲裁已受理", "Accepted for arbitration"),
    ("arb_closed", "仲裁结案", "Arbitration closed"),
    ("litigation", "诉讼", "Litigation"),
    ("enforcement", "强制执行", "Enforcement"),
    ("withdrawn", "已撤回", "Withdrawn"),
    ("closed", "已结案", "Closed"),
    ("archived", "已归档", "Archived"),
)

_RUNNING: Mapping[str, Sequence[tuple[str, str]]] = {
    # process key -> (event date that must be there, stage), the first that holds counts
    "negotiation": (("negotiation_answered_on", "neg_running"), ("", "neg_requested")),
    "mediation": (
        ("agreement_effective_on", "med_agreed"),
        ("mediation_extended_until", "med_extended"),
        ("mediation_accepted_on", "med_running"),
        ("", "med_received"),
    ),
    "arbitration-review": (
        ("award_served_on", "rev_issued"),
        ("review_accepted_on", "rev_accepted"),
        ("", "rev_applied"),
    ),
    "judicial-confirmation": (("", "jc_applied"),),
    "performance": (
        ("performed_on", "perf_done"),
        ("performance_breached_on", "perf_breach"),
        ("", "perf_running"),
    ),
    "payment-order": (
        ("payment_order_ended_on", "po_ended"),
        ("payment_order_issued_on", "po_issued"),
        ("payment_order_applied_on", "po_applied"),
    ),
}

RUNNING_STAGES: Mapping[str, Set[str]] = {key: {stage for _, stage in stages} for key, stages in _RUNNING.items()}
"""Process -> the stages that a dispute has while it runs."""

RUN_DATES: Mapping[str, Set[str]] = {
    "mediation": {"mediation_accepted_on", "mediation_extended_until"},
    "arbitration-review": {"review_accepted_on"},
    "performance": {"performed_on", "performance_breached_on"},
}
"""Process -> event dates that say nothing about a later run of it: they count no more when that begins.

The day on which an agreement took effect is not among them: the contract stands until its terms are changed."""

_OF_ONE_RUN: Mapping[str, Set[str]] = {
    **RUNNING_STAGES,
    "performance": RUNNING_STAGES["performance"] | RUNNING_STAGES["payment-order"] | {"enforcement", "litigation"},
}
"""Process -> the stages that do not end a run of it: its own, and those of what it calls."""

_OUTCOMES: Mapping[str, Mapping[str, str]] = {
    "negotiation_outcome": {
        "settled": "neg_settled",
        "refused": "neg_refused",
        "silent": "neg_refused",
        "failed": "neg_failed",
        "withdrawn": "withdrawn",
    },
    "mediation_outcome": {
        "agreed": "med_agreed",
        "failed": "med_failed",
        "not_accepted": "med_not_accepted",
        "withdrawn": "med_withdrawn",
        "returned": "transferred",
    },
    "review_outcome": {
        "issued": "rev_issued",
        "refused": "rev_refused",
        "not_accepted": "rev_not_accepted",
        "withdrawn": "rev_withdrawn",
    },
    "confirmation_outcome": {
        "confirmed": "jc_confirmed",
        "rejected": "jc_rejected",
        "not_accepted": "jc_not_accepted",
        "withdrawn": "jc_withdrawn",
        "not_filed": "jc_not_filed",
    },
    "performance_outcome": {"performed": "perf_done", "breached": "perf_breach", "breach": "perf_breach"},
    "payment_order_outcome": {
        "enforcement": "enforcement",
        "litigation": "litigation",
        "ended": "po_ended",
        "void": "po_ended",
        "rejected": "po_ended",
    },
    "remedy": {"arbitration": "arb_handed_over", "enforcement": "enforcement", "suit": "litigation"},
    "outcome": {"withdrawn": "withdrawn", "performed": "perf_done", "closed": "closed"},
}

_GIVEN_BY: Mapping[str, str] = {
    "negotiation_outcome": "negotiation",
    "mediation_outcome": "mediation",
    "review_outcome": "arbitration-review",
    "confirmation_outcome": "judicial-confirmation",
    "payment_order_outcome": "payment-order",
}
"""Outcome variable -> the process that ends with it."""

ROOT = "dispute"
"""Key of the process that carries a dispute through its stages."""


def outcome_stages(variables: Mapping[str, Value]) -> dict[str, str]:
    """Return the stages that the outcome variables of the dispute name, in the order of the chain, and which names each.

    A value may be a stage's own code (`med_failed`) or the short word of its variable (`failed`).
    """
    found: dict[str, str] = {}
    for name, words in _OUTCOMES.items():
        value = variables.get(name)
        if not isinstance(value, str):
            continue
        # the short word first: `withdrawn` is a stage of its own, but of the review it means `rev_withdrawn`
        stage = words.get(value.replace("-", "_"), value if value in STAGES else None)
        if stage is not None:
            found.setdefault(stage, name)
    return found


def run_start(process: str, history: Sequence[str]) -> int | None:
    """Return where in `history` the run of `process` that is going on began, or None when it is its first.

    `history` are the stages that the dispute has been in, the present one last; its length means that the run begins now.
    """
    own = _OF_ONE_RUN.get(process, frozenset())
    start = len(history)
    while start > 0 and history[start - 1] in own:
        start -= 1
    return None if own.isdisjoint(history[:start]) else start


def running_stage(active_processes: Sequence[str], dates: Set[str]) -> str | None:
    """Return the stage of the innermost called process that has one, given which event dates its run has."""
    for key in reversed(active_processes):
        for needed, stage in _RUNNING.get(key, ()):
            if not needed or needed in dates:
                return stage
    return None


def new_stages(
    history: Sequence[str],
    *,
    active_processes: Sequence[str],
    state: str,
    variables: Mapping[str, Value],
    dates: Set[str],
) -> list[str]:
    """Return the stages that the dispute has reached, the present one last; empty when nothing changed.

    `history` are the stages that it has been in, the present one last. An outcome counts once for each run of the process
    that ends with it.
    """
    current = history[-1]
    reached = [
        stage
        for stage, name in outcome_stages(variables).items()
        if stage != current and (stage not in history or _ran_again(stage, name, history, active_processes))
    ]
    if state == "active":
        running = running_stage(active_processes, dates)
        if running is not None:
            reached = [stage for stage in reached if stage != running]
            if running != current or reached:
                reached.append(running)
    elif state == "canceled" or (not reached and current in ("draft", "registered", "transferred")):
        reached = ["closed"]
    return reached


def _ran_again(stage: str, name: str, history: Sequence[str], active_processes: Sequence[str]) -> bool:
    """Tell whether the process that ends with the outcome `stage` has run, and ended, since that was last reached."""
    process = _GIVEN_BY.get(name)
    if process is None or process in active_processes or stage in RUNNING_STAGES[process]:
        return False
    last = len(history) - 1 - list(reversed(history)).index(stage)
    return not RUNNING_STAGES[process].isdisjoint(history[last + 1 :])
