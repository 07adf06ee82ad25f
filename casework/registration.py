"""A dispute as it is brought in: its values, and every reason why it cannot be taken as it stands."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from casework.areas import Area
from casework.causes import causes
from casework.errors import EventDateInvalidError, EventDateUnknownError
from casework.event_dates import check_event_date
from casework.vocabulary import AGENT_KINDS, AGENT_POWERS, CHANNELS, FLAGS, PARTY_KINDS

MAX_PARTIES = 500
MAX_CLAIMS = 200
MAX_AMOUNT = Decimal("99999999999999.99")
_LIMITS = {"name": 200, "id_number": 50, "phone": 50, "email": 200, "address": 500, "legal_representative": 200}
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


@dataclass(frozen=True, slots=True, repr=False)
class NewAgent:
    """Who acts for a party."""

    kind: str
    name: str
    powers: str = "general"
    id_number: str | None = None
    phone: str | None = None
    username: str | None = None
    """Account that may see the case."""


@dataclass(frozen=True, slots=True, repr=False)
class NewParty:
    """A party to register."""

    kind: str
    """`person` or `organisation`."""
    name: str
    id_number: str | None = None
    """Resident identity number, or unified social credit code."""
    phone: str | None = None
    email: str | None = None
    address: str | None = None
    legal_representative: str | None = None
    agents: tuple[NewAgent, ...] = ()
    username: str | None = None
    """Account that may see the case."""


@dataclass(frozen=True, slots=True, repr=False)
class NewClaim:
    """A claim to register."""

    cause_code: str
    amount: Decimal | None = None
    facts: str | None = None
    applicant: int | None = None
    """Index into the applicants; None means all of them together."""
    known_on: date | None = None
    """When the party knew or should have known of the infringement."""
    employment_ended_on: date | None = None
    is_wage_arrears: bool | None = None
    """None: the cause decides."""


@dataclass(frozen=True, slots=True, repr=False)
class RegisterDispute:
    """What is needed to register a dispute."""

    channel: str
    area_code: str
    """Where the work is or was done."""
    applicants: tuple[NewParty, ...]
    respondents: tuple[NewParty, ...]
    claims: tuple[NewClaim, ...]
    worker_count: int | None = None
    """None: as many as there are persons among the parties of the workers' side."""
    event_dates: Mapping[str, date] = field(default_factory=dict)
    """`received_on` is today unless given."""
    industry: str | None = None
    flags: tuple[str, ...] = ()
    first_asked: str | None = None
    """Username of whom the party asked first; the registering user unless given."""

    def people(self) -> "list[tuple[str, NewParty | NewAgent]]":
        """Return every party and agent with its place, e.g. `respondents[0].agents[1]`."""
        found: list[tuple[str, NewParty | NewAgent]] = []
        for side, parties in (("applicants", self.applicants), ("respondents", self.respondents)):
            for index, each in enumerate(parties):
                found.append((f"{side}[{index}]", each))
                found.extend((f"{side}[{index}].agents[{n}]", acting) for n, acting in enumerate(each.agents))
        return found

    @property
    def workers(self) -> int:
        """How many workers the dispute concerns."""
        persons = max(
            sum(each.kind == "person" for each in self.applicants),
            sum(each.kind == "person" for each in self.respondents),
        )
        return max(self.worker_count or 0, persons, 1)

    @property
    def total(self) -> Decimal:
        """Sum of the amounts claimed."""
        return sum((claim.amount for claim in self.claims if claim.amount is not None), Decimal("0.00"))


Problem = dict[str, Any]


def find_problems(registration: RegisterDispute, areas: Mapping[str, Area], today: date) -> list[Problem]:
    """Return everything that must be mended before the dispute can be registered: field, code, sentences."""
    return [
        *_of_choices(registration, areas),
        *_of_side("applicants", registration.applicants),
        *_of_side("respondents", registration.respondents),
        *_of_claims(registration, today),
        *_of_dates(registration, today),
    ]


def _problem(field_name: str, code: str, zh: str, en: str) -> Problem:
    return {"field": field_name, "code": code, "zh": zh, "en": en}


def _unknown(field_name: str, value: object, known: Mapping[str, Any]) -> Problem:
    choices = "、".join(known) if len(known) <= 15 else ""
    return _problem(
        field_name,
        "unknown-value",
        f"没有这一选项：{str(value)[:60]!r}。{'可选：' + choices if choices else '请从列表中选择。'}",
        f"There is no {str(value)[:60]!r}. {'Choose one of: ' + choices if choices else 'Choose one from the list.'}",
    )


def _of_choices(registration: RegisterDispute, areas: Mapping[str, Area]) -> Iterator[Problem]:
    if registration.channel not in CHANNELS:
        yield _unknown("channel", registration.channel, CHANNELS)
    if registration.area_code not in areas:
        yield _unknown("area_code", registration.area_code, areas)
    for index, flag in enumerate(registration.flags):
        if flag not in FLAGS:
            yield _unknown(f"flags[{index}]", flag, FLAGS)
    count = registration.worker_count
    if count is not None and not 1 <= count <= 100_000:
        yield _problem(
            "worker_count", "out-of-range", "涉及人数应为 1 至 100000。", "The number of workers is 1 to 100000."
        )


def _of_side(side: str, parties: tuple[NewParty, ...]) -> Iterator[Problem]:
    if not parties:
        zh = "至少需要一名申请人。" if side == "applicants" else "至少需要一名被申请人。"
        yield _problem(side, "missing", zh, f"At least one of the {side} is needed.")
    if len(parties) > MAX_PARTIES:
        yield _problem(side, "too-many", f"最多 {MAX_PARTIES} 名当事人。", f"At most {MAX_PARTIES} parties a side.")
        return
    for index, party in enumerate(parties):
        at = f"{side}[{index}]"
        if party.kind not in PARTY_KINDS:
            yield _unknown(f"{at}.kind", party.kind, PARTY_KINDS)
        yield from _of_person(at, party)
        for position, agent in enumerate(party.agents):
            below = f"{at}.agents[{position}]"
            if agent.kind not in AGENT_KINDS:
                yield _unknown(f"{below}.kind", agent.kind, AGENT_KINDS)
            if agent.powers not in AGENT_POWERS:
                yield _unknown(f"{below}.powers", agent.powers, AGENT_POWERS)
            yield from _of_person(below, agent)


def _of_person(at: str, person: NewParty | NewAgent) -> Iterator[Problem]:
    if not person.name.strip():
        yield _problem(f"{at}.name", "missing", "缺少姓名或名称。", "The name is missing.")
    for name, limit in _LIMITS.items():
        value = getattr(person, name, None)
        if value is not None and len(value) > limit:
            yield _problem(f"{at}.{name}", "too-long", f"不能超过 {limit} 个字符。", f"At most {limit} characters.")
    email = getattr(person, "email", None)
    if email and not _EMAIL.fullmatch(email):
        yield _problem(f"{at}.email", "malformed", "邮箱地址格式不正确。", "This is no e-mail address.")


def _of_claims(registration: RegisterDispute, today: date) -> Iterator[Problem]:
    if not registration.claims:
        yield _problem("claims", "missing", "至少需要一项请求。", "At least one claim is needed.")
    if len(registration.claims) > MAX_CLAIMS:
        yield _problem("claims", "too-many", f"最多 {MAX_CLAIMS} 项请求。", f"At most {MAX_CLAIMS} claims.")
        return
    for index, claim in enumerate(registration.claims):
        at = f"claims[{index}]"
        if claim.cause_code not in causes():
            yield _unknown(f"{at}.cause_code", claim.cause_code, causes())
        if claim.applicant is not None and not 0 <= claim.applicant < len(registration.applicants):
            yield _problem(
                f"{at}.applicant", "out-of-range", "没有这一序号的申请人。", "There is no applicant of this index."
            )
        if claim.facts is not None and len(claim.facts) > 20_000:
            yield _problem(f"{at}.facts", "too-long", "不能超过 20000 个字符。", "At most 20000 characters.")
        yield from _of_amount(f"{at}.amount", claim.amount)
        for name in ("known_on", "employment_ended_on"):
            day = getattr(claim, name)
            if day is not None and day > today:
                zh = f"晚于今天（{today}），尚未发生的事项不能登记。"
                en = f"It lies after today ({today}), and only what has happened can be recorded."
                yield _problem(f"{at}.{name}", "in-the-future", zh, en)


def _of_amount(at: str, amount: Decimal | None) -> Iterator[Problem]:
    if amount is None:
        return
    if not isinstance(amount, Decimal) or not amount.is_finite():
        yield _problem(at, "malformed", "金额应为数字，如 18000.00。", "An amount is a number such as 18000.00.")
    elif amount < 0:
        yield _problem(at, "negative", "金额不能为负数。", "An amount cannot be negative.")
    elif amount > MAX_AMOUNT:
        yield _problem(at, "too-large", f"金额不能超过 {MAX_AMOUNT}。", f"An amount is at most {MAX_AMOUNT}.")
    elif amount != amount.quantize(Decimal("0.01")):
        yield _problem(at, "too-precise", "金额最多两位小数（精确到分）。", "An amount has at most two decimals.")


def _of_dates(registration: RegisterDispute, today: date) -> Iterator[Problem]:
    for name, value in registration.event_dates.items():
        try:
            check_event_date(name, value, today)
        except (EventDateUnknownError, EventDateInvalidError) as problem:
            yield _problem(f"event_dates.{name}", problem.code, problem.sentence("zh"), problem.sentence("en"))
