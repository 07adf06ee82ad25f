"""Service of papers (送达): who was served how, when that counts in law, and the day on which everybody was served.

A paper is served on each of its addressees apart. The day of service is the day of signature on the receipt
(送达回证); where a paper was left or affixed and photographed, it counts when three working days have passed
(劳动人事争议仲裁办案规则 Art. 20, 80). Other ways follow civil procedure by analogy (Art. 20; 民事诉讼法 Art. 90-95).
Claiming a user task (领取) is not service (签收): only what stands here is.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any, Literal, Protocol, get_args
from uuid import UUID

from casework.deadlines.computation import compute
from casework.deadlines.rule_book import CaseRules
from casework.deadlines.work_calendar import WorkCalendar
from casework.errors import InputInvalidError
from casework.vocabulary import terms

Method = Literal["direct", "left", "affixed", "post", "electronic", "agent", "notice"]
ServiceState = Literal["none", "partial", "refused", "complete"]
"""Of a paper: nobody served yet; some served; somebody refused it; every addressee served."""

Addressees = Literal["all", "applicant", "respondent"]

METHODS = terms(
    ("direct", "直接送达", "Handed over"),
    ("left", "留置送达（拍照、录像）", "Left at the address, photographed"),
    ("affixed", "张贴送达（拍照、录像）", "Affixed at the address, photographed"),
    ("post", "邮寄送达", "By post"),
    ("electronic", "电子送达（经同意）", "Electronic, with consent"),
    ("agent", "代理人或者指定代收人签收", "Signed for by an agent"),
    ("notice", "公告送达", "Public notice"),
)

PHOTOGRAPHED: frozenset[str] = frozenset({"left", "affixed"})
"""Ways that count only with photographs or a video, three working days later. They are for an addressee who refuses to
sign, or an employer that has closed down and ten workers or more (办案规则 Art. 20(2), read)."""

NOTICE_DAYS = 30
"""Days after which a public notice counts as service (民事诉讼法 2023 Art. 95, read; by analogy, 办案规则 Art. 20(3))."""

SIGNED_FOR_ONLY: frozenset[str] = frozenset({"award"})
"""Papers that take effect when both parties have signed for them (办案规则 Art. 77; 调解仲裁法 Art. 42; both read).

That they are therefore neither left nor affixed nor announced is our reading of these words; a rule for courts that says
so outright (民诉法解释, the article on serving a 调解书) could not be read. That they are not sent electronically is a
careful reading: 办案规则 Art. 59 (read) takes the 调解书 out of service by simple means in simple cases, while 民事诉讼法
Art. 90 (read) lets courts send one to a party that consents."""

MAX_NOTE = 1000
MAX_ROWS = 500


@dataclass(frozen=True, slots=True)
class ServedPaper:
    """A kind of paper whose service is kept."""

    kind: str
    stage: str
    """The process that serves it."""
    zh: str
    en: str
    addressees: Addressees = "all"

    @property
    def field(self) -> str:
        """The name of the form field whose rows record its service."""
        return self.kind.replace("-", "_") + "_services"

    @property
    def event_date(self) -> str:
        """The name of the event date that says when every addressee had been served."""
        return self.kind.replace("-", "_") + "_served_on"


SERVED_PAPERS: Mapping[str, ServedPaper] = MappingProxyType(
    {
        paper.kind: paper
        for paper in (
            ServedPaper(
                "mediation-acceptance-notice", "mediation", "调解受理通知书", "Notice of acceptance for mediation"
            ),
            ServedPaper(
                "mediation-refusal-notice",
                "mediation",
                "调解不予受理告知书",
                "Notice of refusal of mediation",
                "applicant",
            ),
            ServedPaper("rights-notice", "mediation", "权利义务告知书", "Notice of rights and duties"),
            ServedPaper("mediation-session-notice", "mediation", "调解通知书", "Notice of a mediation session"),
            ServedPaper("performance-notice", "mediation", "履行告知书", "Notice on performance"),
            ServedPaper("mediation-failure-notice", "mediation", "调解不成告知书", "Notice that mediation ended"),
            ServedPaper(
                "arbitration-rights-notice", "mediation", "申请仲裁权利告知书", "Notice of the right to arbitrate"
            ),
            ServedPaper(
                "review-correction-notice",
                "arbitration-review",
                "仲裁审查补正通知书",
                "Notice to complete a review application",
            ),
            ServedPaper(
                "review-acceptance-notice",
                "arbitration-review",
                "仲裁审查受理通知书",
                "Notice of acceptance for review",
            ),
            ServedPaper(
                "review-refusal-notice", "arbitration-review", "仲裁审查不予受理通知书", "Notice of refusal of review"
            ),
            ServedPaper("award", "arbitration-review", "仲裁调解书", "Arbitral mediation document"),
            ServedPaper(
                "award-refusal-notice", "arbitration-review", "不予制作调解书通知书", "Notice that no document is made"
            ),
            ServedPaper(
                "review-withdrawal-decision", "arbitration-review", "终止仲裁审查决定书", "Decision to end the review"
            ),
            ServedPaper(
                "performance-urging-letter", "performance", "督促履行函", "Letter urging performance", "respondent"
            ),
        )
    }
)

SERVICE_FIELDS: Mapping[str, str] = MappingProxyType({paper.field: kind for kind, paper in SERVED_PAPERS.items()})
"""Name of the form field -> kind of paper."""

SERVED_ON: Mapping[str, str] = MappingProxyType({paper.event_date: kind for kind, paper in SERVED_PAPERS.items()})
"""Name of the derived event date -> kind of paper."""


@dataclass(frozen=True, slots=True)
class Addressee:
    """A party as far as service is concerned."""

    party_id: UUID
    side: str
    position: int

    @property
    def code(self) -> str:
        """How forms and scenarios name the party: `applicant`, `respondent-2`."""
        return self.side if self.position == 1 else f"{self.side}-{self.position}"


@dataclass(frozen=True, slots=True, repr=False)
class Service:
    """One attempt to serve a paper on one party, as checked."""

    party_id: UUID
    method: Method
    sent_on: date | None
    served_on: date | None
    """The day on the receipt; of a paper that was left, affixed or announced, the day on which that was done."""
    is_refused: bool
    has_consent: bool
    has_photographs: bool
    proof_document_id: UUID | None
    note: str | None

    def counts_on(self, calendar: WorkCalendar, rules: CaseRules | None = None) -> date | None:
        """Return the day on which the law takes the paper as served, or None while it is not.

        `rules` are those of the case; without them the rules count as they came with the software.
        """
        return counts_on(self.method, self.served_on, calendar, rules)


def counts_on(
    method: str, served_on: date | None, calendar: WorkCalendar, rules: CaseRules | None = None
) -> date | None:
    """Return the day on which the law takes a paper as served that was served in this way on this day.

    What was left or affixed counts three working days later (办案规则 Art. 20(2), 80), a public notice thirty days after
    it was given (`NOTICE_DAYS`), anything else on the day of the receipt. None: not served.
    """
    if served_on is None:
        return None
    if method in PHOTOGRAPHED:
        return compute("ARB-SVC3", served_on, calendar, rules=rules).due
    if method == "notice":
        return served_on + timedelta(days=NOTICE_DAYS)
    return served_on


@dataclass(frozen=True, slots=True)
class Standing:
    """How the service on one party stands."""

    counts_on: date | None
    """The day on which the law takes the paper as served; None: not served."""
    is_refused: bool = False


def addressees_of(kind: str, parties: Sequence[Addressee]) -> list[Addressee]:
    """Return the parties on whom a paper of this kind is served."""
    wanted = SERVED_PAPERS[kind].addressees if kind in SERVED_PAPERS else "all"
    return [party for party in parties if wanted in ("all", party.side)]


def service_state(addressees: Iterable[UUID], records: Mapping[UUID, Standing]) -> tuple[ServiceState, date | None]:
    """Return how far the service of a paper has come, and when every addressee had been served: the latest day.

    `records` holds how the service on each party with a record stands. The order in which they were made plays no part.
    """
    wanted = set(addressees)
    known = {party_id: standing for party_id, standing in records.items() if party_id in wanted}
    days = [standing.counts_on for standing in known.values() if standing.counts_on is not None]
    if wanted and len(days) == len(wanted):
        return "complete", max(days)
    if any(standing.is_refused and standing.counts_on is None for standing in known.values()):
        return "refused", None
    return ("partial" if known else "none"), None


def read_rows(kind: str, value: Any, parties: Sequence[Addressee], today: date) -> list[Service]:
    """Return the services that the rows of a form tell, one per party; a row may speak for a whole side.

    A row has `party` (a party's id, its code such as `applicant` or `respondent-2`, or `applicants`, `respondents`,
    `all`), `method`, `sent_on`, `served_on`, `refused`, `has_consent`, `has_photographs`, `proof` (id of a document of
    the case), `note`. Raises InputInvalidError, naming the row.
    """
    name = SERVED_PAPERS[kind].field
    if not isinstance(value, list) or len(value) > MAX_ROWS:
        zh, en = f"应为不超过 {MAX_ROWS} 行的列表。", f"a list of at most {MAX_ROWS} rows is needed."
        raise InputInvalidError(name=name, problem_zh=zh, problem_en=en)
    found: dict[UUID, Service] = {}
    for number, row in enumerate(value, 1):
        if not isinstance(row, Mapping):
            raise _wrong(name, number, "格式不正确。", "it is not a row.")
        for party in _parties(name, number, row.get("party"), parties):
            if party.party_id in found:
                raise _wrong(name, number, "同一当事人出现两次。", "the same party stands here twice.")
            found[party.party_id] = checked_service(
                kind,
                party_id=party.party_id,
                method=row.get("method"),
                sent_on=row.get("sent_on"),
                served_on=row.get("served_on"),
                is_refused=bool(row.get("refused")),
                has_consent=bool(row.get("has_consent")),
                has_photographs=bool(row.get("has_photographs")),
                proof_document_id=_document_id(name, number, row.get("proof")),
                note=row.get("note"),
                today=today,
                where=(name, number),
            )
    return list(found.values())


def checked_service(
    kind: str,
    *,
    party_id: UUID,
    method: Any,
    sent_on: Any,
    served_on: Any,
    is_refused: bool,
    has_consent: bool,
    has_photographs: bool,
    proof_document_id: UUID | None,
    note: Any,
    today: date,
    where: tuple[str, int],
) -> Service:
    """Return a service that can have happened and that the law lets stand.

    `where` names the field and the row for the sentence of an error. Raises InputInvalidError.
    """

    def wrong(zh: str, en: str) -> InputInvalidError:
        return _wrong(*where, zh, en)

    if method not in get_args(Method):
        raise wrong(f"没有送达方式 {method}。", f"there is no way of service {method!r}.")
    sent, served = _day(sent_on, wrong), _day(served_on, wrong)
    for day in (sent, served):
        if day is not None and day > today:
            raise wrong(
                f"{day} 晚于今天，尚未发生的送达不能登记。", f"{day} lies after today: it has not happened yet."
            )
    if sent is not None and served is not None and served < sent:
        raise wrong(
            f"送达日期 {served} 早于发出日期 {sent}。",
            f"the day of service {served} lies before the day of sending {sent}.",
        )
    if kind in SIGNED_FOR_ONLY and method not in ("direct", "post", "agent"):
        raise wrong(
            "仲裁调解书须由当事人签收后生效，不适用留置、张贴、公告和电子送达（调解仲裁法第四十二条、办案规则第五十九条）。",
            "this paper takes effect by being signed for: it cannot be left, affixed, announced or sent electronically.",
        )
    if method == "electronic" and not has_consent:
        raise wrong(
            "电子送达须经受送达人同意（见送达地址确认书）。", "electronic service needs the addressee's consent."
        )
    if method in PHOTOGRAPHED and not has_photographs and proof_document_id is None:
        raise wrong(
            "留置、张贴送达须以拍照、录像等方式记录（办案规则第二十条）。",
            "leaving or affixing a paper must be recorded by photographs or a video.",
        )
    if is_refused and served is not None and method not in PHOTOGRAPHED:
        raise wrong(
            "拒收的不能同时填写送达日期；拒收后留置的，送达方式选“留置送达”。",
            "what was refused has no day of service; when it was left afterwards, say so as the way of service.",
        )
    if sent is None and served is None and not is_refused:
        raise wrong("请填写发出日期或者送达日期。", "give the day of sending or the day of service.")
    if note is not None and not isinstance(note, str):
        raise wrong("备注应为文字。", "the note must be a text.")
    return Service(
        party_id=party_id,
        method=method,
        sent_on=sent,
        served_on=served,
        is_refused=is_refused,
        has_consent=has_consent,
        has_photographs=has_photographs,
        proof_document_id=proof_document_id,
        note=(note or "").strip()[:MAX_NOTE] or None,
    )


def _parties(name: str, number: int, reference: Any, parties: Sequence[Addressee]) -> list[Addressee]:
    groups = {
        "all": list(parties),
        "applicants": [party for party in parties if party.side == "applicant"],
        "respondents": [party for party in parties if party.side == "respondent"],
    }
    if reference in groups:
        return groups[reference]
    for party in parties:
        if reference in (party.code, str(party.party_id), f"{party.side}-{party.position}"):
            return [party]
    raise _wrong(name, number, f"本案没有当事人 {reference}。", f"the case has no party {reference!r}.")


def _document_id(name: str, number: int, value: Any) -> UUID | None:
    if value in (None, "", []):
        return None
    try:
        return UUID(str(value))
    except ValueError:
        raise _wrong(name, number, "送达凭证应为本案文书。", "the proof must be a document of the case.") from None


class _Wrong(Protocol):
    def __call__(self, zh: str, en: str) -> InputInvalidError: ...


def _day(value: Any, wrong: _Wrong) -> date | None:
    if value in (None, ""):
        return None
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise wrong(f"日期 {value} 无效。", f"{value!r} is no day.") from None
    if type(value) is date:
        return value
    raise wrong("日期无效。", "a day is needed.")


def _wrong(name: str, number: int, zh: str, en: str) -> InputInvalidError:
    return InputInvalidError(name=name, problem_zh=f"第 {number} 行：{zh}", problem_en=f"row {number}: {en}")
