"""What every paper may show: parties, claims, terms, money and dates of a case as JSON for the templates."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from casework.agreements import AgreementItem, reviewability
from casework.amounts import capital_amount, chinese_count, chinese_date, figure_amount
from casework.causes import cause
from casework.deadlines.citations import numeral_zh
from casework.event_dates import EVENT_DATES
from casework.organisations import OrganisationRecord
from casework.queries.read_dispute import AgentRecord, ClaimRecord, DisputeRecord, PartyRecord
from casework.statements import HELPER_KINDS, HELPER_SIDES, HELPER_WAYS, Helper, Instalment
from casework.vocabulary import AGENT_KINDS, AGENT_POWERS
from engine.domain.clock import SHANGHAI
from handlers.papers.paper import Content, OtherPaper, Paper, PaperSources, Period, is_confidential

_FEW = 4
_PAYMENT_PARTIES = ("payer_party_id", "payee_party_id", "account")
_MEDIATOR = re.compile(r"mediator(-\d)?")
"""The mediator, who presides, and the others of a panel."""
_LIMITATION_NOTES = {
    "not-limited": "劳动关系存续期间拖欠劳动报酬，不受一年时效限制；终止的，自终止之日起一年内提出",
    "unknown": "尚未登记知道权利被侵害之日，请向办理机构补充",
    "suspended": "时效中止，中止的原因消除之日起继续计算",
    "expired": "按登记计算已经届满，仍可申请仲裁，对方可以提出时效抗辩",
}
_PROVISIONAL = "（暂定，以公布的节假日安排为准）"


def shared(paper: Paper, sources: PaperSources) -> Content:
    """Return what the template of any paper finds under `paper`."""
    dispute = sources.dispute
    names = {str(party.party_id): party.name for party in dispute.parties}
    # what was agreed, once it was; what is claimed until then
    matters = [item.cause_code for item in dispute.agreement_items] or [each.cause.code for each in dispute.claims]
    bodies = {
        "organisation": _body(dispute.organisation),
        "arbitration": _body(dispute.arbitration),
        "court": _body(dispute.court),
        "union": _body(dispute.union),
    }
    mediators = [name for role, name in sorted(dispute.appointments.items()) if _MEDIATOR.fullmatch(role)]
    issuer = _issuer(paper, sources)
    return {
        "kind": paper.kind,
        "title": paper.title,
        "number": sources.number,
        "case_number": dispute.number,
        "verification": dict(sources.verification) if sources.verification else None,
        "is_blank": sources.is_blank,
        "is_confidential": is_confidential(paper, sources.options),
        "issuer": issuer["name"] if paper.issuer != "party" else "",
        "issuer_seal": issuer["seal"] if paper.issuer != "party" else "",
        "bodies": bodies,
        "office": _body(dispute.office),
        "contact": issuer["contact"],
        "issued_on": "" if sources.is_blank else chinese_date(sources.today),
        "registered_on": "" if sources.is_blank else chinese_date(dispute.registered_on),
        "channel": dispute.channel,
        "area": dispute.area_name,
        "worker_count": dispute.worker_count,
        "mediator": "、".join(mediators),
        "mediator_count": max(1, len(mediators)),
        "reviewer": dispute.reviewer_name or "",
        "cause": _causes(dispute),
        "reviewability": reviewability(matters),
        "may_order_payment": any(cause(code).has_payment_order for code in matters),
        "applicants": [_party(party) for party in dispute.applicants],
        "respondents": [_party(party) for party in dispute.respondents],
        "sides": {"applicants": _side(dispute.applicants), "respondents": _side(dispute.respondents)},
        "chosen": [_party(party) for party in dispute.parties if str(party.party_id) == sources.options.party_id],
        "copies": chinese_count(len(dispute.parties) + 1),
        "copies_of_parties": chinese_count(len(dispute.parties)),
        "claims": [_claim(claim, names) for claim in dispute.claims],
        "claim_total": money(sum((claim.amount or Decimal(0) for claim in dispute.claims), Decimal(0))),
        "performance": _performance(dispute),
        "place": dispute.statements.get("mediation_place", "").rstrip("。"),
        "helpers": [_helper(each) for each in dispute.helpers],
        "limitation": [],
        "terms": lines(dispute.statements.get("agreement_terms")),
        "left_out": [],
        **payments(dispute, dispute.agreement_items),
        "promised": money(dispute.ledger.total) if dispute.dues else None,
        "paid": money(dispute.ledger.paid) if dispute.dues else None,
        "agreement_number": sources.agreement_number or "",
        "statements": {name: lines(text) for name, text in dispute.statements.items()},
        "dates": dict.fromkeys(EVENT_DATES, "") | {name: chinese_date(d) for name, d in dispute.event_dates.items()},
        "last_days": {name: _last_day(sources, period) for name, period in paper.last_days.items()},
        "grounds": sorted(sources.options.grounds),
        "held_at": _moment(sources),
        "due_on": chinese_date(sources.options.due_on) if sources.options.due_on else "",
        "ordinal": sources.options.ordinal or "",
        "papers": [_other_paper(each) for each in sources.papers],
    }


def cleaned(value: Any) -> Any:
    """Return `value` with every text on one line and without invisible control and format characters."""
    if isinstance(value, str):
        visible = "".join(char for char in value if char.isspace() or unicodedata.category(char) not in {"Cc", "Cf"})
        return " ".join(visible.split())
    if isinstance(value, Mapping):
        return {key: cleaned(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [cleaned(item) for item in value]
    return value


def lines(text: str | None) -> list[str]:
    """Return the lines of a statement that say something."""
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


def money(amount: Decimal) -> dict[str, str]:
    """Return an amount in figures and in capital numerals."""
    return {"figures": figure_amount(amount), "words": capital_amount(amount)}


def payments(dispute: DisputeRecord, items: Sequence[AgreementItem]) -> Content:
    """Return the rows of what is to be paid: the instalments agreed, else the items of the agreement with an amount.

    An instalment that names nobody is paid by whom all items name, to whom all items name.
    """
    names = {str(party.party_id): party.name for party in dispute.parties}
    if dispute.instalments:
        named = {key: {getattr(each, key) for each in items if each.amount is not None} for key in _PAYMENT_PARTIES}
        only = {key: next(iter(found)) for key, found in named.items() if len(found) == 1}
        plan = [
            replace(each, **{key: getattr(each, key) or party for key, party in only.items()})
            for each in dispute.instalments
        ]
        rows = [_payment(each, str(each.position), names) for each in plan]
        total = sum((each.amount for each in dispute.instalments), Decimal(0))
        return {"instalments": rows, "instalment_total": money(total), "instalment_head": "期次"}
    paid = [(each, each.amount) for each in items if each.amount is not None]
    rows = [_payment(each, numeral_zh(each.position), names) for each, _ in paid]
    total = sum((amount for _, amount in paid), Decimal(0))
    return {"instalments": rows, "instalment_total": money(total), "instalment_head": "条款"}


def limitation(sources: PaperSources) -> Content:
    """Return until when claims may be brought to arbitration; claims with the same answer share a row."""
    rows: dict[tuple[str, str, str, str], list[int]] = {}
    for each in sources.limitation():
        found = each.limitation
        day, safe = ("" if it is None else chinese_date(it) for it in (found.due_on, found.safe_on))
        note = _LIMITATION_NOTES.get(found.status, "") or (_PROVISIONAL if found.is_provisional else "")
        rows.setdefault((each.cause.zh, day, safe, note), []).append(each.position)
    return {
        "limitation": [
            {
                "claims": "、".join(map(str, positions)) if len(positions) <= _FEW else f"共{len(positions)}项",
                "cause": cause,
                "day": day or "—",
                "safe": safe or "—",
                "note": note,
            }
            for (cause, day, safe, note), positions in rows.items()
        ]
    }


def _issuer(paper: Paper, sources: PaperSources) -> Content:
    """Return whose letter it is: of any office's, whoever asked for it, else who has the case, else who registered it."""
    dispute = sources.dispute
    if paper.issuer == "arbitration":
        return _body(dispute.arbitration)
    if paper.issuer == "office":
        return _body(sources.options.issuer or dispute.organisation or dispute.office)
    # a settlement knows no mediation organisation: the union that looks after it speaks, else the office
    return _body(dispute.organisation or dispute.union or dispute.office)


def _last_day(sources: PaperSources, period: Period) -> Content:
    """Return the last day of a period and the safe day before it; both empty while its start is unknown."""
    start = sources.dispute.event_dates.get(period.start)
    if start is None:
        return {"day": "", "safe": ""}
    last = sources.deadline(period.rule, start, period.extended_by)
    return {
        "day": chinese_date(last.day) + (_PROVISIONAL if last.is_provisional else ""),
        "safe": chinese_date(last.safe_day),
    }


def _way(line: str) -> str:
    """Return how an agreement is performed as a sentence: as it was written, or named when it is but a few words."""
    return line if line[-1] in "。！？；.!?;" else f"履行方式：{line}。"


def _performance(dispute: DisputeRecord) -> list[str]:
    """Return the sentences on when, how and where an agreement is performed."""
    place = dispute.statements.get("performance_place", "").strip().rstrip("。")
    due_on = dispute.event_dates.get("performance_due_on")
    return [
        *([f"协议义务应于{chinese_date(due_on)}前（含当日）履行完毕。"] if due_on else []),
        *(_way(line) for line in lines(dispute.statements.get("performance_method"))),
        *([f"履行地点：{place}。"] if place else []),
    ]


def _moment(sources: PaperSources) -> str:
    held_at = sources.options.held_at
    if held_at is None:
        return chinese_date(sources.options.held_on) if sources.options.held_on else ""
    local = held_at.astimezone(SHANGHAI)
    return f"{chinese_date(local.date())}{local:%H}时{local:%M}分"


def _causes(dispute: DisputeRecord) -> str:
    topics = dict.fromkeys(_topic(claim.cause.zh) for claim in dispute.claims)
    return "、".join(topics) or _topic(dispute.cause.zh)


def _topic(cause: str) -> str:
    return cause.removesuffix("争议").removesuffix("纠纷")


def _body(organisation: OrganisationRecord | None) -> Content:
    if organisation is None:
        return {"name": "", "seal": "", "address": "", "phone": "", "contact": ""}
    parts = [("地址", organisation.address), ("电话", organisation.phone)]
    return {
        "name": organisation.name,
        "seal": organisation.seal_name or organisation.name,
        "address": organisation.address or "",
        "phone": organisation.phone or "",
        "contact": "，".join(f"{label}：{value}" for label, value in parts if value),
    }


def some_parties(parties: Iterable[PartyRecord]) -> list[Content]:
    """Return some of the parties as `applicants` and `respondents` show them."""
    return [_party(party) for party in parties]


def _party(party: PartyRecord) -> Content:
    is_person = party.kind == "person"
    return {
        "id": str(party.party_id),
        "name": party.name,
        "is_person": is_person,
        "side": party.side,
        "id_label": "居民身份证号码" if is_person else "统一社会信用代码",
        "id_number": party.id_number or "",
        "address_label": "住址" if is_person else "住所",
        "address": party.address or "",
        "phone": party.phone or "",
        "email": party.email or "",
        "legal_representative": party.legal_representative or "",
        "sign": "签名" if is_person else "盖章",
        "agents": [_agent(agent) for agent in party.agents],
    }


def _agent(agent: AgentRecord) -> Content:
    kind, powers = AGENT_KINDS[agent.kind].zh, AGENT_POWERS[agent.powers].zh
    line = f"{agent.name}（{kind}，{powers}）"
    return {
        "name": agent.name,
        "kind": kind,
        "powers": agent.powers,
        "id_number": agent.id_number or "",
        "phone": agent.phone or "",
        "line": f"{line}，{agent.phone}" if agent.phone else line,
    }


def _helper(each: Helper) -> str:
    return f"{each.name}（{HELPER_KINDS[each.kind]}，{HELPER_WAYS[each.came_by]}，协助{HELPER_SIDES[each.side]}）"


def _claim(claim: ClaimRecord, names: Mapping[str, str]) -> Content:
    return {
        "position": claim.position,
        "applicant": names.get(str(claim.party_id), "") if claim.party_id else "",
        "cause": claim.cause.zh,
        "amount": None if claim.amount is None else money(claim.amount),
        "facts": claim.facts or "",
    }


def _payment(each: Instalment | AgreementItem, position: str, names: Mapping[str, str]) -> Content:
    return {
        "position": position,
        "payer": names.get(str(each.payer_party_id), ""),
        "payee": names.get(str(each.payee_party_id), ""),
        "amount": money(each.amount or Decimal(0)),
        "due_on": chinese_date(each.due_on) if each.due_on else "",
        "account": each.account or "",
    }


def _side(parties: Iterable[PartyRecord]) -> str:
    kinds = {party.kind for party in parties}
    return "劳动者" if kinds == {"person"} else "用人单位" if kinds == {"organisation"} else "当事人"


def _other_paper(each: OtherPaper) -> Content:
    return {
        "kind": each.kind,
        "title": each.title,
        "number": each.number or "",
        "made_on": chinese_date(each.made_on),
        "pages": each.pages,
    }
