"""The limitation of arbitration 仲裁时效 as a pure calculation: from a claim and everything that happened to its end.

One year from the day the party knew or should have known (Labour Dispute Mediation and Arbitration Law, Art. 27(1)).
Interruptions start it anew (Art. 27(2); Arbitration Case Rules, Art. 27; Provisions on the Negotiation and Mediation of
Enterprise Labour Disputes, Art. 31); while it is suspended its remaining days wait (Art. 27(3)). Wage arrears are not
limited while the employment lasts, and by one year from its end (Art. 27(4)).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from types import MappingProxyType
from typing import Literal

from casework.deadlines.citations import Citation, Words, join_en, join_zh
from casework.deadlines.computation import compute
from casework.deadlines.rule_book import CaseRules
from casework.deadlines.work_calendar import WorkCalendar

RULE = "ARB-LIM"
FAR = date(2099, 12, 31)
"""Where an end lies that nobody can tell yet."""

Source = Literal["event-date", "deemed", "recorded"]
"""Derived from a recorded event date; from a period that ran out; or entered by hand."""
Effect = Literal["interrupts", "suspends", "before-start", "too-late", "not-counted"]
Status = Literal["running", "expired", "suspended", "not-limited", "unknown"]

_LAW = Words("《劳动争议调解仲裁法》", "Labour Dispute Mediation and Arbitration Law")
_CASE_RULES = Words("《劳动人事争议仲裁办案规则》", "Rules on Handling Labour and Personnel Arbitration Cases")
_PROVISIONS = Words(
    "《企业劳动争议协商调解规定》", "Provisions on the Negotiation and Mediation of Enterprise Labour Disputes"
)


@dataclass(frozen=True, slots=True)
class LimitationKind:
    """Something that interrupts or suspends the limitation period, with its articles."""

    code: str
    zh: str
    en: str
    basis: tuple[Citation, ...]
    suspends: bool = False


def _by_law(paragraph: str, article: str) -> tuple[Citation, ...]:
    return (Citation(_LAW, (paragraph,)), Citation(_CASE_RULES, (article,)))


def _item(number: int) -> tuple[Citation, ...]:
    return (Citation(_PROVISIONS, (f"31[{number}]",)),)


KINDS: Mapping[str, LimitationKind] = MappingProxyType(
    {
        kind.code: kind
        for kind in (
            LimitationKind(
                "claimed-from-other-party",
                "向对方当事人主张权利",
                "the right was claimed from the other party",
                _by_law("27(2)", "27[1]"),
            ),
            LimitationKind(
                "asked-competent-body",
                "向有关部门请求权利救济",
                "a competent body was asked for relief",
                _by_law("27(2)", "27[2]"),
            ),
            LimitationKind(
                "other-party-agreed",
                "对方当事人同意履行义务",
                "the other party agreed to perform",
                _by_law("27(2)", "27[3]"),
            ),
            LimitationKind(
                "negotiation-refused",
                "对方不同意协商，或者五日内不作出回应",
                "the other party refused to negotiate or did not answer within five days",
                _item(1),
            ),
            LimitationKind(
                "negotiation-stopped",
                "在约定的协商期限内不同意继续协商",
                "a party stopped negotiating within the agreed term",
                _item(2),
            ),
            LimitationKind(
                "negotiation-failed",
                "在约定的协商期限内未达成一致",
                "no agreement within the agreed negotiation term",
                _item(3),
            ),
            LimitationKind(
                "settlement-breached",
                "不履行和解协议",
                "the settlement was not performed in time",
                _item(4),
            ),
            LimitationKind(
                "mediation-refused", "对方不同意调解", "the other party did not consent to mediation", _item(5)
            ),
            LimitationKind(
                "mediation-stopped",
                "在调解期限内不同意调解",
                "a party no longer consented within the mediation period",
                _item(6),
            ),
            LimitationKind(
                "mediation-failed",
                "在调解期限内未达成调解协议",
                "no agreement within the mediation period",
                _item(7),
            ),
            LimitationKind(
                "agreement-breached",
                "不履行调解协议",
                "the mediation agreement was not performed in time",
                _item(8),
            ),
            LimitationKind("force-majeure", "不可抗力", "force majeure", _by_law("27(3)", "28"), suspends=True),
            LimitationKind(
                "incapacity",
                "无民事行为能力或者限制民事行为能力劳动者的法定代理人未确定",
                "a worker without full capacity had no legal representative",
                _by_law("27(3)", "28"),
                suspends=True,
            ),
            LimitationKind(
                "other-obstacle",
                "其他正当理由不能申请仲裁",
                "another good reason kept the party from applying",
                _by_law("27(3)", "28"),
                suspends=True,
            ),
        )
    }
)


@dataclass(frozen=True, slots=True)
class LimitedClaim:
    """What the limitation of a claim begins with."""

    known_on: date | None
    """When the party knew or should have known of the infringement."""
    employment_ended_on: date | None
    is_wage_arrears: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that happened and bears on the limitation."""

    kind: str
    """A code of KINDS."""
    on: date
    """The day it happened; of a suspension, the day it began."""
    until: date | None = None
    """The day a suspension's cause was gone, which counts again; None: it lasts."""
    source: Source = "recorded"
    reference: str = ""
    """The event date, the rule that ran out, or the id of the row."""
    is_proven: bool = True
    """Whether the safe date may rely on it."""
    safe_on: date | None = None
    """Its earliest reading, where that is another day."""


@dataclass(frozen=True, slots=True)
class Link:
    """An entry with what it did."""

    entry: Entry
    effect: Effect


@dataclass(frozen=True, slots=True)
class Limitation:
    """When a claim must be brought to arbitration, and by which chain of events."""

    status: Status
    started_on: date | None
    """The day the period that runs now is counted from; it is left out itself."""
    ends_on: date | None
    """Its last day as counted."""
    due_on: date | None
    """The same, moved past rest days."""
    safe_on: date | None
    """Counting only what can be proven, and nothing moved."""
    is_provisional: bool
    links: tuple[Link, ...]
    """In the order of their days."""
    sentence: Words

    def days_left(self, today: date) -> int | None:
        """Return how many days are left until the safe date; negative when it has passed, None when none runs."""
        return None if self.safe_on is None or self.status != "running" else (self.safe_on - today).days

    def is_near(self, today: date, within: int) -> bool:
        """Tell whether a running period ends, read safely, within so many days."""
        left = self.days_left(today)
        return left is not None and left <= within


def limitation(
    claim: LimitedClaim,
    entries: Iterable[Entry],
    *,
    today: date,
    calendar: WorkCalendar,
    rules: CaseRules | None = None,
) -> Limitation:
    """Return the limitation of a claim; the order of `entries` does not matter.

    An interruption counts when it lies on or after the day the period began and no later than its end; a suspension
    moves the end by exactly its days, those before the period began or was started anew left out.
    """
    ordered = sorted(entries, key=lambda each: (each.on, each.kind, each.reference))
    start = claim.employment_ended_on if claim.is_wage_arrears else claim.known_on
    if start is None:
        status: Status = "not-limited" if claim.is_wage_arrears else "unknown"
        links = tuple(Link(each, "not-counted") for each in ordered)
        return Limitation(status, None, None, None, None, False, links, _without_end(status))
    run = _Run(start, ordered, calendar, rules, safely=False)
    safe = _Run(start, [each for each in ordered if each.is_proven], calendar, rules, safely=True)
    if run.is_open:
        return _suspended(start, ordered, run, today, calendar, rules)
    safe_on = min(safe.due, run.due)
    status = "running" if today <= run.due else "expired"
    provisional = not calendar.is_published(run.due.year)
    return Limitation(
        status=status,
        started_on=run.started_on,
        ends_on=run.ends_on,
        due_on=run.due,
        safe_on=safe_on,
        is_provisional=provisional,
        links=run.links,
        sentence=_running(run.due, safe_on, provisional) if status == "running" else _expired(run.due),
    )


class _Run:
    """One pass through the chain of events, rest days moved past or, read safely, not."""

    def __init__(
        self,
        start: date,
        ordered: Sequence[Entry],
        calendar: WorkCalendar,
        rules: CaseRules | None,
        *,
        safely: bool,
    ) -> None:
        self._calendar = calendar
        self._rules = rules
        self._safely = safely
        self._suspensions = _merged(each for each in ordered if KINDS[each.kind].suspends)
        self.started_on = start
        self.ends_on, self.due = self._end()
        links = []
        for each in ordered:
            if KINDS[each.kind].suspends:
                continue
            day = (each.safe_on or each.on) if safely else each.on
            effect: Effect = "before-start" if day < start else "too-late" if day > self.due else "interrupts"
            if effect == "interrupts" and day > self.started_on:
                self.started_on = day
                self.ends_on, self.due = self._end()
            links.append(Link(each, effect))
        links += [Link(each, self._suspension(each, start)) for each in ordered if KINDS[each.kind].suspends]
        self.links = tuple(sorted(links, key=lambda link: (link.entry.on, link.entry.kind, link.entry.reference)))

    @property
    def is_open(self) -> bool:
        """Whether the period stands still and nobody knows for how long."""
        return self.ends_on == FAR

    def _end(self) -> tuple[date, date]:
        end = compute(RULE, self.started_on, self._calendar, rules=self._rules).ends_on
        for first, until in self._suspensions:
            first = max(first, self.started_on + timedelta(days=1))  # the day of the event does not count anyway
            if first > end or until <= first:
                continue
            if until == date.max:
                return FAR, FAR
            end += until - first
        return end, (end if self._safely else self._calendar.next_non_rest_day(end))

    def _suspension(self, entry: Entry, start: date) -> Effect:
        if entry.until is not None and entry.until <= start:
            return "before-start"
        return "too-late" if entry.on > self.ends_on else "suspends"


def _merged(suspensions: Iterable[Entry]) -> list[tuple[date, date]]:
    """Return the spans in which the period stands still, without overlap; an open one ends with `date.max`."""
    found: list[tuple[date, date]] = []
    for each in sorted(suspensions, key=lambda each: each.on):
        until = each.until or date.max
        if found and each.on <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], until))
        else:
            found.append((each.on, until))
    return found


def _suspended(
    start: date,
    ordered: Sequence[Entry],
    run: _Run,
    today: date,
    calendar: WorkCalendar,
    rules: CaseRules | None,
) -> Limitation:
    """Return a limitation that stands still, with the day on which it would end if it went on today."""
    closed = [
        replace(each, until=max(today, each.on)) if KINDS[each.kind].suspends and each.until is None else each
        for each in ordered
    ]
    would = _Run(start, closed, calendar, rules, safely=False)
    since = max(each.on for each in ordered if KINDS[each.kind].suspends and each.until is None)
    zh = f"自{since}起时效中止，中止的原因消除之日起继续计算；如今日恢复，至{would.due}届满。以仲裁机构认定为准。"
    en = (
        f"Suspended since {since}; it goes on from the day the cause is gone, and would end on {would.due} if that were "
        "today. The arbitration institution decides."
    )
    return Limitation("suspended", run.started_on, None, None, None, False, run.links, Words(zh, en))


def _running(due: date, safe: date, provisional: bool) -> Words:
    mark_zh, mark_en = ("（暂定）", " (provisional)") if provisional else ("", "")
    return Words(
        f"可在{due}{mark_zh}前申请仲裁（含当日），稳妥日期为{safe}{mark_zh}。以仲裁机构认定为准。",
        f"Arbitration may be applied for until {due}{mark_en}, that day included; safe date {safe}{mark_en}. "
        "The arbitration institution decides.",
    )


def _expired(due: date) -> Words:
    return Words(
        f"一年时效期间已于{due}届满；仍可申请仲裁，对方可以提出时效抗辩。以仲裁机构认定为准。",
        f"The year ended on {due}. Arbitration may still be applied for, but the other party may plead limitation. "
        "The arbitration institution decides.",
    )


def _without_end(status: Status) -> Words:
    if status == "not-limited":
        return Words(
            "劳动关系存续期间因拖欠劳动报酬发生争议的，不受一年时效限制；劳动关系终止的，应当自终止之日起一年内提出。",
            "Wage arrears are not limited while the employment lasts; once it has ended, there is one year from its end.",
        )
    return Words(
        "尚未登记知道或者应当知道权利被侵害之日，不能计算时效；请补录。",
        "The day on which the party knew or should have known is not recorded, so nothing can be counted. Enter it.",
    )


def basis_words(kind: LimitationKind) -> Words:
    """Return the articles of a kind in both languages."""
    return Words(join_zh(kind.basis), join_en(kind.basis))


def derived_entries(
    dates: Mapping[str, date], *, today: date, calendar: WorkCalendar, rules: CaseRules | None = None
) -> list[Entry]:
    """Return what the event dates of a case say about the limitation; a corrected date makes other entries.

    What a period's running out brings about by law is derived from the period (`deemed`), until somebody records what
    really happened.
    """
    found = [
        Entry(kind, dates[name], source="event-date", reference=name) for name, kind in _PLAIN.items() if name in dates
    ]
    found += _of_negotiation(dates, today, calendar, rules)
    found += _of_mediation(dates, today, calendar, rules)
    if "performance_breached_on" in dates:
        has_agreement = "agreement_effective_on" in dates or "agreement_signed_on" in dates
        kind = "settlement-breached" if "settlement_signed_on" in dates and not has_agreement else "agreement-breached"
        found.append(_at(kind, dates, "performance_breached_on"))
    return found


_PLAIN: Mapping[str, str] = MappingProxyType(
    {
        "internal_complaint_received_on": "claimed-from-other-party",
        "negotiation_request_received_on": "claimed-from-other-party",
        "urged_on": "claimed-from-other-party",
        "mediation_application_received_on": "claimed-from-other-party",
        "settlement_signed_on": "other-party-agreed",
        "agreement_signed_on": "other-party-agreed",
        "agreement_effective_on": "other-party-agreed",
        "payment_order_applied_on": "asked-competent-body",
        "mediation_refused_on": "mediation-refused",
        "negotiation_refused_on": "negotiation-refused",
    }
)
"""Event dates that speak for themselves."""


def _at(kind: str, dates: Mapping[str, date], name: str) -> Entry:
    return Entry(kind, dates[name], source="event-date", reference=name)


def _of_negotiation(
    dates: Mapping[str, date], today: date, calendar: WorkCalendar, rules: CaseRules | None
) -> list[Entry]:
    if "settlement_signed_on" in dates:
        return []
    term = dates.get("negotiation_term_until")
    if "negotiation_ended_on" in dates:
        ended = dates["negotiation_ended_on"]
        kind = "negotiation-stopped" if term is None or ended < term else "negotiation-failed"
        return [_at(kind, dates, "negotiation_ended_on")]
    if term is not None:
        deemed = Entry("negotiation-failed", term, source="deemed", reference="negotiation_term_until")
        return [deemed] if term < today else []
    asked = dates.get("negotiation_request_received_on")
    if asked is None or "negotiation_answered_on" in dates or "negotiation_refused_on" in dates:
        return []
    return _run_out("NEG-RESP", "negotiation-refused", asked, today, calendar, rules)


def _of_mediation(
    dates: Mapping[str, date], today: date, calendar: WorkCalendar, rules: CaseRules | None
) -> list[Entry]:
    accepted = dates.get("mediation_accepted_on")
    extended = dates.get("mediation_extended_until")
    if "mediation_ended_on" in dates:
        ended = dates["mediation_ended_on"]
        over = extended or (compute("MED-15R", accepted, calendar, rules=rules).ends_on if accepted else None)
        return [_at("mediation-stopped" if over and ended < over else "mediation-failed", dates, "mediation_ended_on")]
    if accepted is None or dates.keys() & {"agreement_signed_on", "agreement_effective_on"}:
        return []
    if extended is not None:
        deemed = Entry("mediation-failed", extended, source="deemed", reference="mediation_extended_until")
        return [deemed] if extended < today else []
    return _run_out("MED-15R", "mediation-failed", accepted, today, calendar, rules)


def _run_out(
    rule: str, kind: str, start: date, today: date, calendar: WorkCalendar, rules: CaseRules | None
) -> list[Entry]:
    """Return what the law reads into a period that ran out without anything recorded."""
    period = compute(rule, start, calendar, rules=rules)
    if period.due >= today:
        return []
    return [Entry(kind, period.due, source="deemed", reference=rule, safe_on=period.safe_due)]
