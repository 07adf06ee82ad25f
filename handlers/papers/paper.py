"""What a kind of paper is: its title, occasion, signers and legal basis, what it cannot do without, and what it says."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Literal

from casework.deadlines.citations import Citation
from casework.event_dates import EVENT_DATES
from casework.limitation_ledger import ClaimLedger
from casework.organisations import OrganisationRecord
from casework.queries.read_dispute import DisputeRecord
from casework.statements import STATEMENTS
from casework.vocabulary import terms
from handlers.errors import JobFailedError

Content = dict[str, Any]

Stage = Literal["intake", "negotiation", "mediation", "review", "confirmation", "performance", "archive"]

STAGES = terms(
    ("intake", "登记和引导", "Intake and guidance"),
    ("negotiation", "协商", "Negotiation"),
    ("mediation", "调解", "Mediation"),
    ("review", "仲裁审查", "Arbitration review"),
    ("confirmation", "司法确认", "Judicial confirmation"),
    ("performance", "履行", "Performance"),
    ("archive", "送达、回访和归档", "Service, follow-up and archive"),
)

SIGNERS = terms(
    ("applicant", "申请人签名或者盖章", "the applicant signs or seals"),
    ("respondent", "被申请人签名或者盖章", "the respondent signs or seals"),
    ("parties", "双方当事人签名或者盖章", "both parties sign or seal"),
    ("receipt", "当事人签收", "the parties sign for receipt"),
    ("worker", "劳动者签名", "the worker signs"),
    ("principal", "委托人签名或者盖章", "the principal signs or seals"),
    ("employer-seal", "用人单位盖章", "the employer's seal"),
    ("helper", "协商协助人签名", "the negotiation's helper signs"),
    ("clerk", "经办人签名", "the clerk signs"),
    ("recorder", "记录人签名", "the recorder signs"),
    ("mediator", "调解员签名", "the mediator signs"),
    ("organisation-seal", "调解组织盖章", "the mediation organisation's seal"),
    ("arbitrator", "仲裁员签名", "the arbitrator signs"),
    ("director", "仲裁委员会主任或者其委托的仲裁院负责人签批", "the commission's director or a delegate approves"),
    ("commission-seal", "仲裁委员会盖章", "the arbitration commission's seal"),
    ("issuer-seal", "发出机构盖章", "the issuing body's seal"),
    ("receiver", "接收单位签收", "the receiving body signs for receipt"),
    ("archivist", "立卷人、检查人签名", "who files and who checks sign"),
)
"""Who signs or seals papers."""


@dataclass(frozen=True, slots=True)
class LastDay:
    """The last day of a legal period, as computed and as a party had better reckon."""

    day: date
    safe_day: date
    """By the earliest reading: not moved to a later day by rest days."""
    is_provisional: bool = False
    """Whether it hangs on a holiday notice still to come."""


@dataclass(frozen=True, slots=True)
class OtherPaper:
    """A paper that the case already holds, for lists of papers and for service."""

    kind: str
    title: str
    number: str | None
    made_on: date
    pages: int | None = None
    is_confidential: bool = False


@dataclass(frozen=True, slots=True)
class PaperOptions:
    """What the process says about this one paper beside the case's own data."""

    grounds: frozenset[str] = frozenset()
    """Codes of the grounds to tick."""
    party_id: str | None = None
    """The one party it is for; all of them without it."""
    about_kind: str | None = None
    """The kind of paper it is about, e.g. of a receipt of service."""
    held_at: datetime | None = None
    """When a session is or was held."""
    held_on: date | None = None
    """Its day, where nobody noted the hour."""
    due_on: date | None = None
    """Until when what it asks for is to be done."""
    issuer: OrganisationRecord | None = None
    """Who asked for it, of papers that any office may issue; None: the case's own."""
    items: frozenset[int] | None = None
    """Positions of the agreement's items that the paper covers; None: all that it may cover."""
    ordinal: int | None = None
    """Which of several it is, from 1, e.g. the third round of a negotiation."""
    amount: Decimal | None = None
    """What is still owed as somebody found it (yuan), where the ledger knows nothing."""


@dataclass(frozen=True, slots=True)
class PaperSources:
    """What a paper is made from."""

    dispute: DisputeRecord
    number: str
    today: date
    deadline: Callable[[str, date, int], LastDay]
    """`(rule, start, extended by how many of its units) -> its last day`, e.g. of `MED-15R`."""
    agreement_number: str | None = None
    limitation: Callable[[], Sequence[ClaimLedger]] = tuple
    """Until when each claim may be brought to arbitration; asked only by papers that tell it."""
    options: PaperOptions = PaperOptions()
    papers: tuple[OtherPaper, ...] = ()
    verification: Mapping[str, str] | None = None
    """Code and address under which anybody may check that the paper is genuine."""
    is_blank: bool = False
    """True for an empty form, to be filled with a pen."""


@dataclass(frozen=True, slots=True)
class Period:
    """A legal period that a paper speaks of."""

    rule: str
    start: str
    """The event date it runs from."""
    extended_by: int = 0


Bodies = Literal["organisation", "arbitration", "court"]


@dataclass(frozen=True, slots=True)
class Paper:
    """A kind of paper; its template is the file of the same name in `templates`."""

    kind: str
    title: str
    title_en: str
    stage: Stage
    when: str
    when_en: str
    signers: tuple[str, ...]
    """Codes of SIGNERS, in the order in which they sign."""
    basis: tuple[Citation, ...] = ()
    """Why it exists; none for papers that only good practice asks for."""
    issuer: Literal["organisation", "arbitration", "office", "party"] = "organisation"
    """Whose name stands on top; nobody's on papers of the parties. `office`: whichever office makes it."""
    event_dates: tuple[str, ...] = ()
    statements: tuple[str, ...] = ()
    bodies: tuple[Bodies, ...] = ()
    """Which of the case's organisations must be known."""
    last_days: Mapping[str, Period] = field(default_factory=dict)
    """Name in the template -> period; one whose start is unknown is left blank."""
    content: Callable[[PaperSources], Content] = lambda sources: {}
    """What it needs beyond what every paper gets."""
    is_confidential: bool = False
    """True when it leaves the circle of parties and mediator only if it says that both parties agreed to that."""
    is_form: bool = False
    """True when a party or clerk may fill it by hand: the window can print it empty."""


RELEASED = "may-be-used"
"""The ground that says that both parties consent in writing to a confidential paper's use in later proceedings."""


def is_confidential(paper: Paper, options: PaperOptions) -> bool:
    """Tell whether this one paper is kept to the parties and the mediator (企业劳动争议协商调解规定 Art. 11)."""
    return paper.is_confidential and RELEASED not in options.grounds


_WANTED: Mapping[str, str] = MappingProxyType(
    {
        "organisation": "调解组织",
        "arbitration": "仲裁院",
        "court": "法院",
        "mediation_application_received_on": "收到调解申请之日",
        "mediation_accepted_on": "调解受理之日",
        "agreement_effective_on": "调解协议生效之日",
    }
)


def missing(paper: Paper, dispute: DisputeRecord) -> tuple[str, ...]:
    """Return, in Chinese, what the case still lacks for the paper."""
    lacking: list[str] = [name for name in paper.bodies if getattr(dispute, name) is None]
    lacking += [name for name in paper.event_dates if name not in dispute.event_dates]
    lacking += [name for name in paper.statements if not dispute.statements.get(name, "").strip()]
    return tuple(wanted(name) for name in lacking)


def wanted(name: str) -> str:
    """Return what people call a body, event date or statement that a paper needs."""
    if name in _WANTED:
        return _WANTED[name]
    return EVENT_DATES[name].zh if name in EVENT_DATES else STATEMENTS[name].zh


def refuse_incomplete(paper: Paper, dispute: DisputeRecord) -> None:
    """Raise JobFailedError without retry when the case lacks something for the paper."""
    lacking = missing(paper, dispute)
    if lacking:
        raise JobFailedError(f"《{paper.title}》缺少：{'、'.join(lacking)}。请先补录，再重试此作业。", retry=False)
